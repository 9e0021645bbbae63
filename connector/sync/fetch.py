"""Reads both sides for one entity, page by page. A listing is complete or it is none (sync.md, One run, 3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from connector import mapping
from connector.database import db
from connector.errors import RunStopped
from connector.fields import CRM_NAME
from connector.models import Choice, Link
from connector.peers import Peers
from connector.settings import Entity, Extent
from connector.sync.crash import crash_point
from connector.sync.crm_side import KEY_FIELD, sync_key
from connector.sync.homes import Homes
from connector.sync.reading import paired, persons, targets
from connector.sync.records import Listing, Pairing, Source
from simulator.clients.base import Refusal

#: Records asked for by their ids at once.
BY_ID = 100
EMPTY = "The list of {} came empty although records are linked; nothing was written."
INVOICE_WORDS = {"account": "customers", "contact": "contact persons", "customer": "customers", "product": "items"}
TIMES = ["Modified_Time", "Created_Time"]


def links_of(connection_id: int, entity: str) -> list[Pairing]:
    """The links of an entity as the planner sees them, each with its parent's CRM id."""
    rows = db.session.execute(
        select(Link).where(Link.connection_id == connection_id, Link.entity == entity, Link.state != "tombstone")
    ).scalars()
    accounts = select(Link.id, Link.crm_id, Link.invoice_id).where(
        Link.connection_id == connection_id, Link.entity == "account"
    )
    parents = {row.id: (row.crm_id, row.invoice_id) for row in db.session.execute(accounts)}
    return [pairing_of(row, *parents.get(row.parent_link_id or 0, (None, ""))) for row in rows]


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


def pairing_of(link: Link, parent: str | None, home: str) -> Pairing:
    return Pairing(
        id=link.id,
        crm_id=link.crm_id,
        invoice_id=link.invoice_id,
        name=link.name,
        state=link.state,
        role=link.role,
        base=link.base,
        mapping_version=link.mapping_version,
        suffix=link.suffix,
        in_view=link.in_view,
        origin=link.origin,
        incarnation=link.incarnation,
        parent=parent,
        home=home,
        persons_noted=link.persons_noted,
        invoice_modified=link.invoice_modified,
        as_kept=link.as_kept or {},
    )


def fetch(
    peers: Peers, entity: Entity, links: list[Pairing], homes: Homes, connection_id: int, moment: datetime
) -> Listing:
    """Everything a run needs to know of one entity.

    Args:
        homes: for contacts, the accounts that are synced and their customers (requirement C5).
        moment: the world's time (no transaction is open here to ask for it).

    Raises:
        RunStopped: when the view is gone, or nothing came although records are linked.
    """
    listing = Listing([], [], links)
    listing.sources, listing.left_out = _sources(peers, entity, links, homes)
    is_linked = any(link.state == "linked" for link in links)
    if not listing.sources and not listing.left_out and is_linked:
        raise RunStopped(EMPTY.format(entity.module), "needs_confirmation")
    if entity.name == "contact":
        listing.targets, listing.looked = persons(peers, entity, listing.sources, links, homes, moment)
    else:
        listing.targets = targets(peers, entity, links, moment)
        if not listing.targets and is_linked:
            raise RunStopped(EMPTY.format(f"Invoice's {INVOICE_WORDS[entity.name]}"), "needs_confirmation")
    found = {source.id for source in listing.sources}
    missing = {link.crm_id for link in links} - found
    deleted = _deleted(peers, entity) if missing else {}
    listing.gone_at = {crm_id: moment for crm_id, moment in deleted.items() if crm_id in missing}
    listing.gone = frozenset(listing.gone_at)
    crash_point("page-staged")
    if entity.extent is Extent.BOTH:
        known = {*found, *listing.left_out}
        listing.beyond = _beyond(peers, entity, known, homes) if entity.view else []
        listing.one_way = one_way(peers, entity)
        listing.made = _made(peers, entity, listing, connection_id)
    return listing


def _made(peers: Peers, entity: Entity, listing: Listing, connection_id: int) -> dict[str, Source]:
    """CRM records that an earlier run made of records of Invoice without learning of it, by the Invoice id."""
    linked = {link.crm_id for link in listing.links}
    sources = {source.id: source for source in (*listing.sources, *listing.beyond)}
    by_key = {source.sync_key: source.id for source in sources.values() if source.sync_key and source.id not in linked}
    if not by_key:
        return {}
    keys = {
        target.id: sync_key(connection_id, entity.name, target.id, link.incarnation + 1 if link else 1)
        for target, link in paired(listing.targets, listing.links)
    }
    made = {invoice_id: by_key[key] for invoice_id, key in keys.items() if key in by_key}
    beyond = {source.id for source in listing.beyond} & set(made.values())
    whole = {**sources, **{source.id: source for source in _by_id(peers, entity, sorted(beyond))}}
    return {invoice_id: replace(whole[crm_id], home=sources[crm_id].home) for invoice_id, crm_id in made.items()}


def _by_id(peers: Peers, entity: Entity, wanted: list[str]) -> list[Source]:
    records = (
        record
        for start in range(0, len(wanted), BY_ID)
        for record in peers.crm.get_records_by_id(entity.module, wanted[start : start + BY_ID], crm_fields(entity))
    )
    return [source_of(entity, record) for record in records]


def _beyond(peers: Peers, entity: Entity, known: set[str], homes: Homes) -> list[Source]:
    """The CRM records that the view leaves out: exports meet their twins, and their own records, there too."""
    own = ["Account_Name", "Email"] if entity.name == "contact" else []
    rows = peers.crm.iterate(entity.module, [CRM_NAME[entity.name], KEY_FIELD, *own])
    return [_in_outline(entity, row, homes) for row in rows if str(row["id"]) not in known]


def _in_outline(entity: Entity, row: dict[str, Any], homes: Homes) -> Source:
    parent = _parent_of(entity, row)
    return Source(
        str(row["id"]),
        str(row[CRM_NAME[entity.name]] or ""),
        {"email": str(row.get("Email") or "")},
        "",
        parent=parent,
        sync_key=str(row.get(KEY_FIELD) or ""),
        home=homes.of_account.get(parent or "", ""),
    )


def one_way(peers: Peers, entity: Entity) -> frozenset[str]:
    """The mapped Invoice fields that do not travel back to the CRM."""
    types = {
        str(field["api_name"]): str(field["data_type"])
        for field in peers.crm.fields(entity.module)
        if not field.get("field_read_only") and not field.get("read_only")
    }
    return mapping.one_way(entity.name, entity.mapping, types)


def crm_fields(entity: Entity) -> list[str]:
    """The CRM fields a run asks for: the mapped ones and what it needs besides."""
    lookups = ["Account_Name"] if entity.name == "contact" or entity.with_lone else []
    key = [KEY_FIELD] if entity.extent is Extent.BOTH else []
    return sorted({pair.crm for pair in entity.mapping} | {*TIMES, *lookups, *key, CRM_NAME[entity.name]})


def source_of(entity: Entity, record: dict[str, Any]) -> Source:
    """A CRM record as the planner sees it."""
    return Source(
        id=str(record["id"]),
        name=str(record.get(CRM_NAME[entity.name]) or ""),
        values=mapping.from_crm(entity.name, entity.mapping, record),
        modified=str(record.get("Modified_Time") or ""),
        created=str(record.get("Created_Time") or ""),
        parent=_parent_of(entity, record),
        sync_key=str(record.get(KEY_FIELD) or ""),
    )


def _parent_of(entity: Entity, record: dict[str, Any]) -> str | None:
    parent = record.get("Account_Name") if entity.name == "contact" or entity.with_lone else None
    return str(parent["id"]) if parent else None


def _sources(peers: Peers, entity: Entity, links: list[Pairing], homes: Homes) -> tuple[list[Source], dict[str, str]]:
    """What the view has, and what came otherwise than through it (requirement C6); and what of it is left out, why."""
    sources = list(_viewed(peers, entity))
    found = {source.id for source in sources}
    sources += _by_id(
        peers, entity, [link.crm_id for link in links if link.origin != "view" and link.crm_id not in found]
    )
    if entity.with_lone and entity.name == "customer":
        out = {source.id: "left out: it has an account" for source in sources if source.parent is not None}
        return [source for source in sources if source.id not in out], out
    if entity.name != "contact":
        return sources, {}
    out = {source.id: reason for source in sources if (reason := _why_left_out(entity, source, homes))}
    return [
        replace(source, home=homes.of_account[str(source.parent)]) for source in sources if source.id not in out
    ], out


def _why_left_out(entity: Entity, source: Source, homes: Homes) -> str | None:
    if source.parent is None:
        return "no account: a customer of its own" if entity.with_lone else "left out: no account"
    if source.parent not in homes.seen:
        return "left out: its account is not in the chosen view"
    return None if source.parent in homes.of_account else "left out: its account is not synced"


def _viewed(peers: Peers, entity: Entity) -> Iterator[Source]:
    crash_point("page-requested")
    try:
        for record in peers.crm.iterate(entity.module, crm_fields(entity), view=entity.view):
            yield source_of(entity, record)
    except Refusal as refusal:
        if refusal.details.get("param_name") == "cvid":
            raise RunStopped(f"The chosen view of {entity.module} is gone; choose another in the settings.") from None
        raise
    crash_point("page-received")


def _deleted(peers: Peers, entity: Entity) -> dict[str, str]:
    """When the CRM says that records were deleted, by their ids; absence from a list alone is no deletion."""
    return {str(row["id"]): str(row["deleted_time"]) for row in peers.crm.deleted_records(entity.module)}
