"""The links of a connection as the planner sees them, and what else the connector keeps of pairs."""

from collections.abc import Collection, Iterator
from dataclasses import fields
from sys import intern
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from connector.database import db
from connector.models import Choice, Link
from connector.sync.compact import compact
from connector.sync.records import Pairing

#: What a pairing has of its link; the rest is its parent's.
COLUMNS = [getattr(Link, field.name) for field in fields(Pairing) if field.name not in ("parent", "home")]
UNSET: dict[str, Any] = {"home": "", "as_kept": {}, "unheard": {}}
#: Ids in one statement, and rows at once: else those of all links stand beside what is made of them.
CHUNK = 500
_PARENT = aliased(Link)
_PAIRED = (
    select(*COLUMNS, _PARENT.crm_id.label("parent"), _PARENT.invoice_id.label("home"))
    .outerjoin(_PARENT, (_PARENT.id == Link.parent_link_id) & (_PARENT.entity == "account"))
    .where(Link.state != "tombstone")
    .order_by(Link.id)
)


def links_of(connection_id: int, entity: str) -> list[Pairing]:
    """All links of an entity, each with its parent's CRM id."""
    return _pairings(connection_id, entity, [])


def links_among(
    connection_id: int, entity: str, crm_ids: Collection[str], invoice_ids: Collection[str]
) -> list[Pairing]:
    """The links that lead these records, and those that feed the same records of Invoice, oldest first."""
    found = {link.id: link for link in _by_ids(connection_id, entity, Link.crm_id, crm_ids)}
    shared = {*invoice_ids, *(link.invoice_id for link in found.values())}
    found |= {link.id: link for link in _by_ids(connection_id, entity, Link.invoice_id, shared)}
    return [found[link_id] for link_id in sorted(found)]


def linked_count(connection_id: int, entity: str) -> int:
    """How many records of the CRM are linked."""
    mine = (Link.connection_id == connection_id, Link.entity == entity, Link.state == "linked")
    found: int = db.session.execute(select(func.count()).where(*mine)).scalar_one()
    return found


def _by_ids(connection_id: int, entity: str, column: Any, ids: Collection[str]) -> Iterator[Pairing]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        chosen = column.in_(wanted[start : start + CHUNK])
        yield from _pairings(connection_id, entity, [chosen])


def _pairings(connection_id: int, entity: str, conditions: list[Any]) -> list[Pairing]:
    mine = (Link.connection_id == connection_id, Link.entity == entity, *conditions)
    rows = db.session.execute(_PAIRED.where(*mine).execution_options(yield_per=CHUNK))
    return [_pairing(dict(row)) for row in rows.mappings()]


def _pairing(row: dict[str, Any]) -> Pairing:
    found = {name: row[name] or empty for name, empty in UNSET.items()}
    ids = {name: intern(row[name]) for name in ("crm_id", "invoice_id", "mapping_version")}
    return Pairing(**{**row, **found, **ids, "base": compact(row["base"] or {})})


#: What else a customer may be made of.
OTHER_KIND = {"account": "customer", "customer": "account"}


def taken_by_others(connection_id: int, entity: str) -> frozenset[str]:
    """The customers that are linked with CRM records of another kind: the module was another one once."""
    rows = select(Link.invoice_id).where(
        Link.connection_id == connection_id, Link.entity == OTHER_KIND.get(entity), Link.state == "linked"
    )
    return frozenset(db.session.execute(rows).scalars())


def choices_of(connection_id: int, entity: str) -> dict[tuple[str, str], str]:
    """What persons chose for pairs of records (sync.md §3: force link, keep apart)."""
    rows = select(Choice).where(Choice.connection_id == connection_id, Choice.entity == entity)
    return {(row.crm_id, row.invoice_id): row.choice for row in db.session.execute(rows).scalars()}


def customers_of(connection_id: int) -> dict[str, str]:
    """The Invoice ids of customers by the CRM ids of the accounts they are linked with."""
    rows = select(Link.crm_id, Link.invoice_id).where(
        Link.connection_id == connection_id, Link.entity == "account", Link.state == "linked"
    )
    return dict(db.session.execute(rows).all())
