"""Reads the records of Invoice for one entity; details only of those that were touched since they were seen last."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from sys import intern
from typing import Any

from connector import mapping
from connector.peers import Peers
from connector.settings import Entity, Extent
from connector.sync.compact import compact
from connector.sync.homes import Homes
from connector.sync.records import Looked, Pairing, Source, Target
from connector.sync.sides import records_of

SETTLING = timedelta(seconds=3)


def targets(
    peers: Peers, entity: Entity, links: list[Pairing], moment: datetime
) -> tuple[list[Target], datetime | None]:
    """All customers or items, under Sync both ways with their values where they were touched; and when that was."""
    rows = peers.invoice.items() if entity.name == "product" else peers.invoice.contacts(contact_type="customer")
    listed = [target_of(entity, row) for row in rows]
    return with_values(peers, entity, listed, links, moment), rows.date


def changed_targets(peers: Peers, entity: Entity, since: datetime) -> tuple[list[Target], datetime | None]:
    """The customers or items that were modified since; and when that was read."""
    if entity.name == "product":
        rows = peers.invoice.changed_since("/items", "items", since)
    else:
        rows = peers.invoice.changed_since("/contacts", "contacts", since, contact_type="customer")
    found = {target.id: target for target in (target_of(entity, row) for row in rows)}
    return list(found.values()), rows.date


def target_of(entity: Entity, row: dict[str, Any]) -> Target:
    """A row of Invoice's list as the planner sees it."""
    record_id, name = ("item_id", "name") if entity.name == "product" else ("contact_id", "contact_name")
    return Target(
        intern(row[record_id]),
        row[name],
        row["last_modified_time"],
        email=row.get("email", ""),
        sku=row.get("sku", ""),
        is_active=row["status"] == "active",
    )


def with_values(
    peers: Peers, entity: Entity, listed: list[Target], links: list[Pairing], moment: datetime
) -> list[Target]:
    """Under Sync both ways the same with their values, where they were touched since they were seen last."""
    if entity.extent is Extent.FETCH:
        return listed
    return [_with_values(peers, entity, target, link, moment) for target, link in paired(listed, links)]


def paired(targets: list[Target], links: list[Pairing]) -> Iterator[tuple[Target, Pairing | None]]:
    """Each record with the link that leads it."""
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
    record = records_of(entity.name, peers.invoice).read(target.id, None)
    if record is None:  # deleted since it was listed: the next run finds it missing
        return target
    values = mapping.from_invoice(entity.name, entity.mapping, record)
    values = mapping.without_suffix(entity.name, values, link.suffix if link else "")
    persons = record["contact_persons"] if entity.name == "account" else None
    return replace(target, values=compact(values, link.base if link else None), noted=noted, persons=persons)


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


def persons(
    peers: Peers, entity: Entity, sources: list[Source], links: list[Pairing], homes: Homes, moment: datetime
) -> tuple[list[Target], list[Looked]]:
    """The persons of customers, and which customers were read for them.

    Under Fetch from CRM only customers count that are to get new persons, or have linked ones. Under Sync both ways all
    do; of those whose persons all agreed since they were modified last, the links tell.
    """
    if entity.extent is Extent.FETCH:
        settled = {link.crm_id for link in links}
        wanted = {source.home for source in sources if source.id not in settled} | {link.home for link in links}
        customers = sorted(wanted & homes.customers.keys())
        return [target for customer in customers for target in _persons_of(peers, entity, customer, {})], []
    primaries = {link.invoice_id: link for link in links if link.state == "linked" and link.role == "primary"}
    by_home: dict[str, list[Pairing]] = {}
    for link in primaries.values():
        by_home.setdefault(link.home, []).append(link)
    version = mapping.version_of(entity.mapping)
    found: list[Target] = []
    looked: list[Looked] = []
    for customer, modified in homes.customers.items():
        noted = homes.noted.get(customer, "")
        linked = by_home.get(customer, [])
        is_known = bool(modified) and noted == modified and customer not in homes.persons
        if is_known and all(link.mapping_version == version for link in linked):
            found += [_as_linked(link) for link in linked]
        else:
            found += _persons_of(peers, entity, customer, primaries, homes.persons.get(customer))
            looked.append(Looked(customer, trusted(modified, noted, moment)))
    return found, looked


def _as_linked(link: Pairing) -> Target:
    return Target(link.invoice_id, link.name, email=str(link.base.get("email", "")), home=link.home)


def _persons_of(
    peers: Peers,
    entity: Entity,
    customer_id: str,
    linked: dict[str, Pairing],
    persons: list[dict[str, Any]] | None = None,
) -> Iterator[Target]:
    """The persons of one customer, read unless they were."""
    if persons is None:
        record = peers.invoice.contact(customer_id)
        persons = record["contact_persons"] if record else []
    for person in persons:
        person_id = person["contact_person_id"]
        name = f"{person['first_name']} {person['last_name']}".strip()
        values = compact(mapping.from_invoice(entity.name, entity.mapping, person))
        if entity.extent is Extent.FETCH:
            yield Target(person_id, name, email=person["email"], home=customer_id)
        else:
            yield Target(person_id, name, email=person["email"], home=customer_id, values=values)
