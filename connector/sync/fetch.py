"""Reads both sides for one entity, page by page. A listing is complete or it is none (sync.md, One run, 3)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from connector import mapping
from connector.database import db
from connector.errors import RunStopped
from connector.fields import CRM_NAME
from connector.models import Link
from connector.peers import Peers
from connector.settings import Entity, Extent
from connector.sync.crash import crash_point
from connector.sync.crm_side import KEY_FIELD, sync_key
from connector.sync.records import Listing, Pairing, Source, Target
from connector.sync.sides import records_of
from simulator.clients.base import Refusal

#: Records asked for by their ids at once.
BY_ID = 100
SETTLING = timedelta(seconds=3)
INVOICE_WORDS = {"account": "customers", "contact": "contact persons", "customer": "customers", "product": "items"}
TIMES = ["Modified_Time", "Created_Time"]


def links_of(connection_id: int, entity: str) -> list[Pairing]:
    """The links of an entity as the planner sees them, each with its parent's CRM id."""
    rows = db.session.execute(
        select(Link).where(Link.connection_id == connection_id, Link.entity == entity, Link.state != "tombstone")
    ).scalars()
    accounts = select(Link.id, Link.crm_id).where(Link.connection_id == connection_id, Link.entity == "account")
    parents: dict[int, str] = dict(db.session.execute(accounts).all())
    return [pairing_of(row, parents.get(row.parent_link_id or 0)) for row in rows]


def customers_of(connection_id: int) -> dict[str, str]:
    """The Invoice ids of customers by the CRM ids of the accounts they are linked with."""
    rows = select(Link.crm_id, Link.invoice_id).where(
        Link.connection_id == connection_id, Link.entity == "account", Link.state == "linked"
    )
    return dict(db.session.execute(rows).all())


def pairing_of(link: Link, parent: str | None) -> Pairing:
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
        invoice_modified=link.invoice_modified,
        as_kept=link.as_kept or {},
    )


def fetch(
    peers: Peers,
    entity: Entity,
    links: list[Pairing],
    parents: set[str],
    customers: dict[str, str],
    connection_id: int,
    moment: datetime,
) -> Listing:
    """Everything a run needs to know of one entity.

    Args:
        parents: CRM ids of the accounts in the chosen view; only their contacts are synced (requirement C5).
        customers: Invoice ids by CRM id of those accounts that are linked already.
        moment: the world's time (no transaction is open here to ask for it).

    Raises:
        RunStopped: when the view is gone, or nothing came although records are linked.
    """
    left_out: Counter[str] = Counter()
    sources = list(_sources(peers, entity, parents, left_out))
    if not sources and any(link.state == "linked" for link in links):
        raise RunStopped(
            f"The list of {entity.module} came empty although records are linked; nothing was written.",
            "needs_confirmation",
        )
    sources += _outside_view(peers, entity, sources, links)
    targets = list(_targets(peers, entity, sources, links, customers))
    if entity.name != "contact" and not targets and any(link.state == "linked" for link in links):
        raise RunStopped(
            f"The list of Invoice's {INVOICE_WORDS[entity.name]} came empty although records are linked; "
            "nothing was written.",
            "needs_confirmation",
        )
    if entity.extent is Extent.BOTH:
        targets = [_with_values(peers, entity, target, link_to, moment) for target, link_to in _paired(targets, links)]
    found = {source.id for source in sources}
    missing = [link for link in links if link.crm_id not in found]
    gone = _gone(peers, entity) if missing else frozenset()
    crash_point("page-staged")
    gone &= {link.crm_id for link in missing}
    if entity.extent is Extent.FETCH:
        return Listing(sources, targets, links, gone, left_out)
    outside = _beyond(peers, entity, found) if entity.view else []
    made = _made_for(entity, [*sources, *outside], targets, links, connection_id)
    whole = {source.id: source for source in (*sources, *_by_id(peers, entity, sorted(set(made.values()) - found)))}
    beyond = {source.id: source.name for source in outside}
    made_whole = {invoice_id: whole[crm_id] for invoice_id, crm_id in made.items() if crm_id in whole}
    return Listing(sources, targets, links, gone, left_out, beyond, one_way(peers, entity), made_whole)


def _made_for(
    entity: Entity, sources: list[Source], targets: list[Target], links: list[Pairing], connection_id: int
) -> dict[str, str]:
    """CRM records that an earlier run made of records of Invoice without learning of it, by the Invoice id."""
    linked = {link.crm_id for link in links}
    by_key = {source.sync_key: source.id for source in sources if source.sync_key and source.id not in linked}
    if not by_key:
        return {}
    keys = {
        target.id: sync_key(connection_id, entity.name, target.id, link.incarnation + 1 if link else 1)
        for target, link in _paired(targets, links)
    }
    return {invoice_id: by_key[key] for invoice_id, key in keys.items() if key in by_key}


def _outside_view(peers: Peers, entity: Entity, sources: list[Source], links: list[Pairing]) -> list[Source]:
    """Records that came otherwise than through the view keep syncing whatever the view (requirement C6)."""
    found = {source.id for source in sources}
    return _by_id(peers, entity, [link.crm_id for link in links if link.origin != "view" and link.crm_id not in found])


def _by_id(peers: Peers, entity: Entity, wanted: list[str]) -> list[Source]:
    records = (
        record
        for start in range(0, len(wanted), BY_ID)
        for record in peers.crm.get_records_by_id(entity.module, wanted[start : start + BY_ID], crm_fields(entity))
    )
    return [source_of(entity, record) for record in records]


def _paired(targets: list[Target], links: list[Pairing]) -> Iterator[tuple[Target, Pairing | None]]:
    linked = {link.invoice_id: link for link in links if link.state == "linked" and link.role == "primary"}
    return ((target, linked.get(target.id)) for target in targets)


def _with_values(peers: Peers, entity: Entity, target: Target, link: Pairing | None, moment: datetime) -> Target:
    """A record of Invoice with its values, read where it is new or was touched since it was last seen.

    Whole seconds are all that a list tells, so what was modified just now is not trusted to be seen (`trusted`).
    """
    if link is None and not target.is_active:
        return target
    is_known = link is not None and link.mapping_version == mapping.version_of(entity.mapping)
    if is_known and link is not None and link.invoice_modified == target.modified:
        return target
    return read_values(peers, entity, target, link, moment)


def read_values(peers: Peers, entity: Entity, target: Target, link: Pairing | None, moment: datetime) -> Target:
    """A record of Invoice with its values, without the suffix of its link."""
    noted = trusted(target.modified, link.invoice_modified if link else "", moment)
    record = records_of(entity.name, peers.invoice).read(target.id, target.parent)
    if record is None:  # deleted since it was listed: the next run finds it missing
        return target
    values = mapping.from_invoice(entity.name, entity.mapping, record)
    values = mapping.without_suffix(entity.name, values, link.suffix if link else "")
    return replace(target, values=values, noted=noted)


def trusted(modified: str, noted: str, moment: datetime) -> str:
    """What is noted of a record about to be read: its modified time once a later edit must show another one.

    Until then the moment is noted too, as an edit of the same second could still follow. Only how long our own clock
    ran between two reads counts, since Invoice's may show another time (reliability.md §2.7, F27).
    """
    seen, _, since = noted.partition("?")
    if not modified or (seen == modified and not since):
        return modified
    if seen == modified and moment.timestamp() - float(since) >= SETTLING.total_seconds():
        return modified
    return noted if seen == modified else f"{modified}?{moment.timestamp():.0f}"


def _beyond(peers: Peers, entity: Entity, found: set[str]) -> list[Source]:
    """The CRM records that the view leaves out, by name: exports meet their twins, and their own records, there too."""
    name = CRM_NAME[entity.name]
    rows = peers.crm.iterate(entity.module, [name, KEY_FIELD])
    return [
        Source(str(row["id"]), str(row[name] or ""), {}, "", sync_key=str(row.get(KEY_FIELD) or ""))
        for row in rows
        if str(row["id"]) not in found
    ]


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
    lookups = ["Account_Name"] if entity.name == "contact" else []
    key = [KEY_FIELD] if entity.extent is Extent.BOTH else []
    return sorted({pair.crm for pair in entity.mapping} | {*TIMES, *lookups, *key, CRM_NAME[entity.name]})


def source_of(entity: Entity, record: dict[str, Any]) -> Source:
    """A CRM record as the planner sees it."""
    parent = record.get("Account_Name") if entity.name == "contact" else None
    return Source(
        id=str(record["id"]),
        name=str(record.get(CRM_NAME[entity.name]) or ""),
        values=mapping.from_crm(entity.name, entity.mapping, record),
        modified=str(record.get("Modified_Time") or ""),
        created=str(record.get("Created_Time") or ""),
        parent=str(parent["id"]) if parent else None,
        sync_key=str(record.get(KEY_FIELD) or ""),
    )


def _sources(peers: Peers, entity: Entity, parents: set[str], left_out: Counter[str]) -> Iterator[Source]:
    crash_point("page-requested")
    try:
        for record in peers.crm.iterate(entity.module, crm_fields(entity), view=entity.view):
            source = source_of(entity, record)
            if entity.name == "contact" and source.parent is None:
                left_out["left out: no account"] += 1
            elif entity.name == "contact" and source.parent not in parents:
                left_out["left out: its account is not in the chosen view"] += 1
            else:
                yield source
    except Refusal as refusal:
        if refusal.details.get("param_name") == "cvid":
            raise RunStopped(f"The chosen view of {entity.module} is gone; choose another in the settings.") from None
        raise
    crash_point("page-received")


def _targets(
    peers: Peers, entity: Entity, sources: list[Source], links: list[Pairing], customers: dict[str, str]
) -> Iterator[Target]:
    if entity.name in ("account", "customer"):
        for row in peers.invoice.contacts(contact_type="customer"):
            is_active = row["status"] == "active"
            yield Target(row["contact_id"], row["contact_name"], row["last_modified_time"], is_active=is_active)
    elif entity.name == "product":
        for row in peers.invoice.items():
            is_active = row["status"] == "active"
            yield Target(row["item_id"], row["name"], row["last_modified_time"], is_active=is_active)
    else:
        yield from persons(peers, sources, links, customers)


def persons(peers: Peers, sources: list[Source], links: list[Pairing], customers: dict[str, str]) -> Iterator[Target]:
    """The persons of the customers that are to get new ones, and of those that have linked ones."""
    linked = {link.crm_id for link in links}
    wanted = {source.parent for source in sources if source.id not in linked} | {link.parent for link in links}
    for parent in sorted(crm_id for crm_id in wanted if crm_id in customers):
        customer = peers.invoice.contact(customers[parent])
        for person in customer["contact_persons"] if customer else []:
            name = f"{person['first_name']} {person['last_name']}".strip()
            yield Target(person["contact_person_id"], name, email=person["email"], parent=parent)


def _gone(peers: Peers, entity: Entity) -> frozenset[str]:
    """Ids of records that the CRM says were deleted; absence from a list alone is no deletion."""
    return frozenset(str(row["id"]) for row in peers.crm.deleted_records(entity.module))
