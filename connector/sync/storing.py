"""What each outcome does to the link of its pair; it runs in the transaction that stores the outcome."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from connector import mapping
from connector.database import db
from connector.mapping import Values
from connector.models import Link, Op
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.homes import NEW
from connector.sync.records import Looked, Result, Settled
from connector.sync.sending import Task

#: Kinds of op that leave the link as it is.
LINK_STAYS = ("skip", "stamp")
#: What makes a link: undo puts it back so.
IMAGE = (
    "id", "crm_id", "invoice_id", "parent_link_id", "role", "state", "name", "base", "as_kept", "mapping_version",
    "in_view", "origin", "incarnation", "suffix",
)  # fmt: skip


def image_of(link: Link | None) -> dict[str, Any]:
    """A link as it stands; {} where there is none."""
    return {} if link is None else {name: getattr(link, name) for name in IMAGE}


class Links:
    """The links of one connection, kept true to what happened.

    Args:
        origin: how the CRM records came that get a link; those of a view stop syncing outside of it (requirement C6).
    """

    def __init__(self, connection_id: int, entities: dict[str, Entity], origin: str = "view") -> None:
        self._connection_id = connection_id
        self._entities = entities
        self._origin = origin

    def linked_to(self, entity: str, crm_id: str) -> str | None:
        """The Invoice record a CRM record is linked to."""
        link = self._link(entity, crm_id)
        return link.invoice_id if link is not None and link.state == "linked" else None

    def parent_of(self, op: Op) -> Link | None:
        """The link of the customer a person stands under."""
        if not op.home:
            return None
        if op.home.startswith(NEW):
            return self._link("account", op.home.removeprefix(NEW))
        mine = (Link.connection_id == self._connection_id, Link.entity == "account", Link.invoice_id == op.home)
        return db.session.execute(select(Link).where(*mine, Link.role == "primary", Link.state == "linked")).scalar()

    def _link(self, entity: str, crm_id: str) -> Link | None:
        """The link of a CRM record; a living one before one that was given up."""
        mine = select(Link).where(
            Link.connection_id == self._connection_id, Link.entity == entity, Link.crm_id == crm_id
        )
        return db.session.execute(mine.order_by(Link.state == "tombstone", Link.id.desc()).limit(1)).scalar()

    def store(self, task: Task, result: Result) -> None:
        op = db.session.get_one(Op, task.op_id)
        link = self._link(task.entity, task.crm_id) if task.crm_id else None
        if task.side == "crm":
            link = self._link_of_invoice(task) or link
        if task.kind not in LINK_STAYS and result.outcome != "failed":
            op.link_before = image_of(link)
        if task.side == "crm":
            return self._store_crm(op, link, task, result)
        if task.kind == "stamp":
            return self._stamped(op, link, result)
        if task.kind == "alias" and op.parent_crm_id:
            result = Result(result.outcome, result.reason, invoice_id=self.linked_to(task.entity, op.parent_crm_id))
        if result.outcome in ("added", "updated") or (task.kind == "alias" and result.invoice_id):
            self._join(op, link, result)
        elif link is None or result.outcome == "failed":
            return
        elif task.kind == "update" and result.code is None:
            link.base, link.mapping_version = {**link.base, **op.baseline}, self._version(op.entity)
        elif task.kind == "drop" or (task.kind in ("delete", "merge") and result.outcome == "deleted"):
            link.state = "tombstone"
        elif task.kind == "promote":
            link.role = "primary"
        elif task.kind == "unlink" and result.code is None:
            link.state = "tombstone" if link.role == "alias" else "detached"
        elif task.kind == "merged":
            link.state, link.last_op_id = "merged", op.id
        elif task.kind in ("leave_view", "return_to_view"):
            link.in_view = task.kind == "return_to_view"
            link.state = "linked" if link.state == "merged" else link.state

    def _store_crm(self, op: Op, link: Link | None, task: Task, result: Result) -> None:
        """What a write to the CRM does to the link of its pair."""
        if result.outcome == "deleted" and link is not None:
            link.state = "tombstone"
        elif result.outcome in ("added", "updated") or (result.outcome == "skipped" and result.invoice_id):
            if link is None:
                parent = self.parent_of(op)
                link = Link(
                    connection_id=self._connection_id,
                    entity=op.entity,
                    invoice_id=task.invoice_id,
                    parent_link_id=parent.id if parent else None,
                    role="primary",
                    origin="invoice",
                    incarnation=1,
                    base={},
                )
                db.session.add(link)
            elif result.crm_id and result.crm_id != link.crm_id:
                link.incarnation += 1
            link.crm_id = result.crm_id or task.crm_id
            link.state, link.name, link.in_view = "linked", op.record_name, True
            link.base = {**link.base, **(op.baseline or {})}
            link.as_kept = _kept(link.as_kept, "crm", op.baseline or {}, result.kept_otherwise)
            link.mapping_version, link.last_op_id = self._version(op.entity), op.id
            self._tell_stamp(op, link.crm_id)

    def _tell_stamp(self, op: Op, crm_id: str) -> None:
        """The op that will tell Invoice of the record learns its id."""
        waiting = (Op.run_id == op.run_id, Op.kind == "stamp", Op.entity == op.entity, Op.invoice_id == op.invoice_id)
        db.session.execute(update(Op).where(*waiting, Op.state == "planned").values(crm_id=crm_id))

    def _link_of_invoice(self, task: Task) -> Link | None:
        return db.session.execute(
            select(Link).where(
                Link.connection_id == self._connection_id,
                Link.entity == task.entity,
                Link.invoice_id == task.invoice_id,
                Link.state == "linked",
                Link.role == "primary",
            )
        ).scalar()

    @staticmethod
    def _stamped(op: Op, link: Link | None, result: Result) -> None:
        if link is not None and result.outcome == "updated":
            link.base = {**link.base, **op.baseline}
            link.as_kept = _kept(link.as_kept, "invoice", op.baseline, result.kept_otherwise)
            link.invoice_modified = ""

    def _join(self, op: Op, link: Link | None, result: Result) -> None:
        """Makes or renews the link of a pair that agrees now."""
        parent = self.parent_of(op)
        if link is None:
            link = Link(
                connection_id=self._connection_id,
                entity=op.entity,
                crm_id=op.crm_id,
                state="linked",
                origin=self._origin,
                incarnation=1,
            )
            db.session.add(link)
        link.role = "alias" if op.kind == "alias" else "primary"
        link.parent_link_id = parent.id if parent else None
        link.invoice_id = str(result.invoice_id or op.invoice_id)
        link.name = op.record_name
        link.incarnation += link.state == "detached"
        link.state = "linked"
        link.base = {**(link.base or {}), **op.baseline}
        link.as_kept = _kept(link.as_kept, "invoice", op.baseline, result.kept_otherwise)
        link.mapping_version = self._version(op.entity)
        link.suffix = op.suffix
        link.invoice_modified = ""  # somebody else may have edited it meanwhile: the next run reads it
        link.in_view = True
        link.last_op_id = op.id
        crash_point("child-linked" if parent else "outcome-stored")

    def _version(self, entity: str) -> str:
        return mapping.version_of(self._entities[entity].mapping)


def _kept(
    before: Mapping[str, Values] | None, side: str, agreed: Mapping[str, Any], otherwise: Mapping[str, Any]
) -> dict[str, Values]:
    """What each side keeps otherwise than agreed, after these fields were agreed on anew."""
    found = {name: dict(values) for name, values in (before or {}).items()}
    for values in found.values():
        for name in agreed:
            values.pop(name, None)
    if otherwise:
        found[side] = {**found.get(side, {}), **otherwise}
    return {name: values for name, values in found.items() if values}


def note_looked(connection_id: int, looked: Looked) -> None:
    """Notes of a customer up to when his persons were looked at and found to agree."""
    mine = (Link.connection_id == connection_id, Link.entity == "account", Link.invoice_id == looked.customer_id)
    living = (Link.role == "primary", Link.state == "linked")
    for link in db.session.execute(select(Link).where(*mine, *living)).scalars():
        link.persons_noted = looked.noted


def note_settled(settled: Settled) -> None:
    """Notes of a pair what it agrees on without a write, and up to when Invoice's record was looked at."""
    link = db.session.get_one(Link, settled.link_id)
    link.base = {**link.base, **settled.agreed}
    link.as_kept = _kept(link.as_kept, "", settled.agreed, {})
    link.mapping_version = settled.mapping_version
    link.invoice_modified = settled.invoice_modified
