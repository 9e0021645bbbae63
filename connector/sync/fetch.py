"""Reads both sides for one entity, page by page. A listing is complete or it is none (sync.md, One run, 3)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from connector import mapping
from connector.database import db
from connector.errors import RunStopped
from connector.models import Link
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.records import Listing, Pairing, Source, Target
from simulator.clients.base import Refusal

TIMES = ["Modified_Time", "Created_Time"]


def links_of(connection_id: int, entity: str) -> list[Pairing]:
    """The links of an entity as the planner sees them, each with its parent's CRM id."""
    rows = db.session.execute(
        select(Link).where(Link.connection_id == connection_id, Link.entity == entity, Link.state != "tombstone")
    ).scalars()
    accounts = select(Link.id, Link.crm_id).where(Link.connection_id == connection_id, Link.entity == "account")
    parents: dict[int, str] = dict(db.session.execute(accounts).all())
    return [pairing_of(row, parents.get(row.parent_link_id or 0)) for row in rows]


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
    )


def fetch(peers: Peers, entity: Entity, links: list[Pairing], parents: set[str], customers: dict[str, str]) -> Listing:
    """Everything a run needs to know of one entity.

    Args:
        parents: CRM ids of the accounts in the chosen view; only their contacts are synced (requirement C5).
        customers: Invoice ids by CRM id of those accounts that are linked already.

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
    targets = list(_targets(peers, entity, sources, links, customers))
    found = {source.id for source in sources}
    missing = [link for link in links if link.crm_id not in found]
    gone = _gone(peers, entity) if missing else frozenset()
    crash_point("page-staged")
    return Listing(sources, targets, links, gone & {link.crm_id for link in missing}, left_out)


def crm_fields(entity: Entity) -> list[str]:
    """The CRM fields a run asks for: the mapped ones and what it needs besides."""
    lookups = ["Account_Name"] if entity.name == "contact" else []
    return sorted({pair.crm for pair in entity.mapping} | {*TIMES, *lookups} | _names(entity))


def _names(entity: Entity) -> set[str]:
    return {"account": {"Account_Name"}, "contact": {"Full_Name"}, "product": {"Product_Name"}}[entity.name]


def source_of(entity: Entity, record: dict[str, Any]) -> Source:
    """A CRM record as the planner sees it."""
    (name_field,) = _names(entity)
    parent = record.get("Account_Name") if entity.name == "contact" else None
    return Source(
        id=str(record["id"]),
        name=str(record.get(name_field) or ""),
        values=mapping.from_crm(entity.name, entity.mapping, record),
        modified=str(record.get("Modified_Time") or ""),
        created=str(record.get("Created_Time") or ""),
        parent=str(parent["id"]) if parent else None,
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
    if entity.name == "account":
        for row in peers.invoice.contacts(contact_type="customer"):
            yield Target(row["contact_id"], row["contact_name"], row["last_modified_time"])
    elif entity.name == "product":
        for row in peers.invoice.items():
            yield Target(row["item_id"], row["name"], row["last_modified_time"])
    else:
        yield from _persons(peers, sources, links, customers)


def _persons(peers: Peers, sources: list[Source], links: list[Pairing], customers: dict[str, str]) -> Iterator[Target]:
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
