"""Puts links back as they were before a run; it runs in the transaction that stores the outcome."""

from typing import Any

from sqlalchemy import select, update

from connector.database import db
from connector.models import Link
from connector.sync.storing import IMAGE
from connector.sync.undo.rules import Done


def put_back_link(connection_id: int, done: Done, invoice_id: str | None, renamed: dict[str, str]) -> None:
    """The link of an undone act; `invoice_id` and `renamed` tell new ids of what was made again."""
    if invoice_id is not None and invoice_id != done.invoice_id:
        _tell_new_id(connection_id, (done.entity,), done.invoice_id, invoice_id)
    for former, since in renamed.items():
        _tell_new_id(connection_id, ("contact",), former, since)
    image = done.link_before
    if image is None:
        return
    link = _link_of(connection_id, done, image)
    if link is None or _is_taken(link, image, invoice_id):
        return
    if not image:
        link.state = "tombstone"
    elif done.kind == "update":
        _put_back_values(link, image, done)
    else:
        for name in IMAGE[1:]:
            setattr(link, name, image[name])
        link.invoice_id = invoice_id or link.invoice_id
    link.invoice_modified = link.crm_hash = link.invoice_hash = ""  # the next run looks at it anew


def _put_back_values(link: Link, image: Any, done: Done) -> None:
    """Only what this act wrote: another one of the same run may stand."""
    fields = set(done.fields)
    kept = {name: value for name, value in link.base.items() if name not in fields}
    link.base = {**kept, **{name: value for name, value in image["base"].items() if name in fields}}
    link.as_kept = {
        side: {
            **{name: value for name, value in ((link.as_kept or {}).get(side) or {}).items() if name not in fields},
            **{name: value for name, value in ((image["as_kept"] or {}).get(side) or {}).items() if name in fields},
        }
        for side in ("crm", "invoice")
    }
    link.mapping_version, link.in_view = image["mapping_version"], image["in_view"]


def _link_of(connection_id: int, done: Done, image: Any) -> Link | None:
    if image:
        return db.session.get(Link, image["id"])
    mine = select(Link).where(Link.connection_id == connection_id, Link.entity == done.entity, Link.state == "linked")
    by = Link.crm_id == done.crm_id if done.crm_id else Link.invoice_id == done.invoice_id
    return db.session.execute(mine.where(by).limit(1)).scalar()


def _is_taken(link: Link, image: Any, invoice_id: str | None) -> bool:
    """Whether another link has taken one of the records of the pair since."""
    if not image or image["state"] != "linked":
        return False
    same = Link.crm_id == image["crm_id"]
    if image["role"] == "primary":
        same |= (Link.invoice_id == (invoice_id or image["invoice_id"])) & (Link.role == "primary")
    mine = (Link.connection_id == link.connection_id, Link.entity == link.entity, Link.state == "linked")
    others = select(Link.id).where(*mine, Link.id != link.id, same)
    return db.session.execute(others.limit(1)).scalar() is not None


def _tell_new_id(connection_id: int, entities: tuple[str, ...], former: str, since: str) -> None:
    mine = (Link.connection_id == connection_id, Link.entity.in_(entities), Link.invoice_id == former)
    db.session.execute(update(Link).where(*mine).values(invoice_id=since))
