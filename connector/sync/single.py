"""Fetching one CRM record on its own: by the same planner and the same acts as a whole sync; it moves no cursor.

What of it becomes what is the module's: in the module Accounts a contact is fetched by its account, which is the
customer (requirements W2, W3).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from connector.currencies import currencies_of
from connector.database import db
from connector.errors import Conflicting, RunStopped
from connector.fields import CRM_MODULE
from connector.models import Connection, Link, Op, Run
from connector.peers import Peers, peers_of
from connector.settings import Entity, Extent, MatchBy, entities
from connector.sync.apply import Applier
from connector.sync.both_ways import Step, plan_both_ways
from connector.sync.homes import Homes
from connector.sync.lease import Lease
from connector.sync.ops import op_row
from connector.sync.plan import plan
from connector.sync.reading.crm import one_way, source_of
from connector.sync.reading.invoice import persons, read_values, target_of
from connector.sync.reading.links import customers_of, links_among
from connector.sync.records import Listing, Pairing, Planned, Source, Target
from connector.sync.sending import Desk
from connector.sync.storing import Links
from connector.sync.unheard import Sent, find_unheard, unanswered
from simulator import clock
from simulator.http import PeerError
from simulator.worlds import Worlds, is_held

Work = Callable[[Desk, Peers, dict[str, Any]], str | None]


def fetch_now(app: Flask, world_id: str, connection_id: int, kind: str, crm_id: str) -> str | None:
    """Fetches one account, contact or product in a run of its own, beside whatever else is under way.

    Returns:
        the Invoice id of the customer or item; None when it is not there afterwards, for the reason the run's history
        gives.
    """

    def fetch(desk: Desk, peers: Peers, settings: dict[str, Any]) -> str | None:
        return fetch_one(desk, peers, settings, kind, crm_id)

    return _in_a_run(app, world_id, connection_id, "Fetch this contact from Zoho CRM", fetch)


def merge_now(app: Flask, world_id: str, connection_id: int, link_id: int, started_by: str) -> str | None:
    """Merges the customer of an account that was merged in the CRM into the survivor's (requirement C14).

    Returns:
        the Invoice id of the survivor; None where nothing was merged, for the reason the run's history gives.
    """

    def merge(desk: Desk, peers: Peers, settings: dict[str, Any]) -> str | None:
        with desk.worlds.transaction(desk.world_id):
            desk.lease.guard()
            step = _offered(db.session.get_one(Link, link_id))
            db.session.execute(insert(Op), [op_row(step, desk.lease.run_id, connection_id)])
        Applier(desk, peers, entities(settings)).apply_all()
        with desk.worlds.transaction(desk.world_id, reads_only=True):
            return step.into if db.session.get_one(Link, link_id).state == "tombstone" else None

    return _in_a_run(app, world_id, connection_id, started_by, merge)


def _offered(link: Link) -> Planned:
    """The merge that is offered for a link; its survivor may have been merged on in the meantime."""
    survivor = link
    while survivor.state == "merged":
        crm_id = db.session.get_one(Op, survivor.last_op_id).target_id
        of_account = (Link.connection_id == link.connection_id, Link.entity == link.entity, Link.crm_id == crm_id)
        living = select(Link).where(*of_account, Link.state.in_(("linked", "merged")))
        found = db.session.execute(living.limit(1)).scalar()
        if found is None:
            raise RunStopped("The account that stayed is not linked any more; nothing was merged.")
        survivor = found
    why = "its account was merged in CRM into that of another customer"
    step = Planned("merge", link.entity, link.crm_id, link.name, why, link.invoice_id, values={"asked": True})
    return replace(step, into=survivor.invoice_id, target_name=survivor.name)


def _in_a_run(app: Flask, world_id: str, connection_id: int, started_by: str, work: Work) -> str | None:
    """Does something in a run of its own, beside whatever else is under way."""
    worlds: Worlds = app.extensions["worlds"]
    with worlds.transaction(world_id):
        if is_held():
            raise Conflicting("held", "The world is being put back or kept; try again in a moment.")
        connection = db.session.get_one(Connection, connection_id)
        settings, peers = connection.settings, peers_of(connection)
        run = Run(
            connection_id=connection_id,
            kind="single",
            state="queued",
            started_by=started_by,
            settings=settings,
            generation=connection.generation,
            counters={"planned": True},
            created_at=clock.now(),
        )
        db.session.add(run)
        db.session.flush()
        run_id = run.id
        lease = Lease.claim(world_id, run_id)
    if lease is None:
        return None
    with lease:
        state, reason, found = "done", None, None
        try:
            found = work(Desk(worlds, world_id, connection_id, lease), peers, settings)
        except (PeerError, RunStopped) as error:
            state, reason = "failed", str(error)
        with worlds.transaction(world_id):
            lease.guard()
            closed = {"state": state, "reason": reason, "ended_at": clock.now()}
            db.session.execute(update(Run).where(Run.id == run_id).values(**closed))
    return found


def fetch_one(desk: Desk, peers: Peers, settings: dict[str, Any], kind: str, crm_id: str) -> str | None:
    """Brings one CRM account, contact or product into Invoice, under the caller's run and lease.

    Returns:
        the Invoice id of the customer or item.

    Raises:
        RunStopped: the module that is synced has no place for it.
    """
    with desk.worlds.transaction(desk.world_id, reads_only=True):
        base = db.session.get_one(Connection, desk.connection_id).currency_code
    synced = currencies_of(peers, base).added_to(entities(settings))
    found = None
    for entity, one in _wanted(peers, synced, kind, crm_id):
        linked = _fetch(desk, peers, synced, entity, one)
        found = found or linked
    return found


def _wanted(peers: Peers, synced: list[Entity], kind: str, crm_id: str) -> Iterator[tuple[Entity, str]]:
    """What is fetched for a record of the CRM, parents first."""
    by_name = {entity.name: replace(entity, merges=False) for entity in synced}
    if kind == "contact" and "account" in by_name:
        account = _account_of(peers, crm_id, may_be_none="customer" in by_name)
        if account is None:
            yield by_name["customer"], crm_id
            return
        yield by_name["account"], account
        if "contact" in by_name:
            yield by_name["contact"], crm_id
    elif kind == "contact" and "customer" in by_name:
        yield by_name["customer"], crm_id
    elif kind in by_name:
        yield by_name[kind], crm_id
    else:
        raise RunStopped(f"The settings leave {CRM_MODULE[kind]} out of the sync, so none of them is fetched.")


def _account_of(peers: Peers, crm_id: str, *, may_be_none: bool) -> str | None:
    contact = peers.crm.get_record("Contacts", crm_id)
    if contact is None:
        raise RunStopped("Zoho CRM has no such contact.")
    if not contact.get("Account_Name"):
        if may_be_none:
            return None
        raise RunStopped("The contact has no account in Zoho CRM; the customer of Invoice is made of its account.")
    return str(contact["Account_Name"]["id"])


def _fetch(desk: Desk, peers: Peers, synced: list[Entity], entity: Entity, crm_id: str) -> str | None:
    with desk.worlds.transaction(desk.world_id, reads_only=True):
        known = links_among(desk.connection_id, entity.name, [crm_id], ())
        links = [link for link in known if link.crm_id == crm_id]
        homes = _homes(customers_of(desk.connection_id))
        asked = unanswered(desk.connection_id, desk.lease.run_id, entity.name)
        moment = clock.now()
    steps = _plan_one(peers, entity, crm_id, links, homes, asked, moment)
    with desk.worlds.transaction(desk.world_id):
        desk.lease.guard()
        rows = [op_row(step, desk.lease.run_id, desk.connection_id) for step in steps if isinstance(step, Planned)]
        if rows:
            db.session.execute(insert(Op), rows)
    Applier(desk, peers, synced, origin="single").apply_all()
    with desk.worlds.transaction(desk.world_id, reads_only=True):
        return Links(desk.connection_id, {}).linked_to(entity.name, crm_id)


def _plan_one(
    peers: Peers,
    entity: Entity,
    crm_id: str,
    links: list[Pairing],
    homes: Homes,
    asked: dict[str, Sent],
    moment: datetime,
) -> list[Step]:
    record = peers.crm.get_record(entity.module, crm_id)
    if record is None:
        return []
    source = source_of(entity, record)
    linked = {link.invoice_id: link for link in links if link.state == "linked"}
    if entity.name == "contact":
        source = replace(source, home=homes.of_account.get(source.parent or "", ""))
        targets, _ = persons(peers, entity, [source], links, homes, moment)
    else:
        targets = _namesakes(peers, entity, source)
        targets += [Target(link.invoice_id, link.name) for link in linked.values()]
    listing = Listing([source], targets, links)
    listing.unheard = find_unheard(peers, entity, listing, asked)
    if entity.extent is Extent.FETCH:
        return list(plan(entity, listing))
    if entity.name != "contact":
        listing.targets = [
            read_values(peers, entity, target, linked[target.id], moment) if target.id in linked else target
            for target in targets
        ]
    listing.one_way = one_way(peers, entity)
    return [step for step in plan_both_ways(entity, listing, leading="crm") if _writes_invoice(step)]


def _homes(customers: dict[str, str]) -> Homes:
    return Homes(customers, dict.fromkeys(customers.values(), ""), seen=frozenset(customers))


def _namesakes(peers: Peers, entity: Entity, source: Source) -> list[Target]:
    """What may be a duplicate of a record, and what has its name, with a number or without."""
    listed, name = (
        (peers.invoice.items, "name") if entity.name == "product" else (peers.invoice.contacts, "contact_name")
    )
    wanted = {name: source.name}
    if entity.match_by is not MatchBy.NAME:
        wanted[entity.match_by] = getattr(source, entity.match_by)
    found = [
        target_of(entity, row)
        for field, text in wanted.items()
        if text.strip()
        for row in listed(**{f"{field}_startswith": text.strip()})
    ]
    return list({target.id: target for target in found}.values())


def _writes_invoice(step: Step) -> bool:
    """A single fetch writes Invoice only; edits made there travel with the next run (requirement W3)."""
    return isinstance(step, Planned) and step.side == "invoice" and step.kind != "stamp"
