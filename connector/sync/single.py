"""Fetching one CRM record on its own: by the same planner and the same acts as a whole sync; it moves no cursor."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from connector.database import db
from connector.errors import RunStopped
from connector.models import Connection, Link, Op, Run
from connector.peers import Peers, peers_of
from connector.settings import Entity, Extent, entities
from connector.sync.apply import Applier
from connector.sync.both_ways import Step, plan_both_ways
from connector.sync.fetch import links_of, one_way, read_values, source_of
from connector.sync.lease import Lease
from connector.sync.ops import op_row
from connector.sync.plan import plan
from connector.sync.records import Listing, Pairing, Planned, Target
from connector.sync.sending import Desk
from simulator import clock
from simulator.http import PeerError
from simulator.worlds import Worlds


def fetch_now(app: Flask, world_id: str, connection_id: int, entity: str, crm_id: str) -> str | None:
    """Fetches one record in a run of its own, beside whatever else is under way.

    Returns:
        its id in Invoice; None when it is not there afterwards, for the reason the run's history gives.
    """
    worlds: Worlds = app.extensions["worlds"]
    with worlds.transaction(world_id):
        connection = db.session.get_one(Connection, connection_id)
        settings, peers = connection.settings, peers_of(connection)
        run = Run(
            connection_id=connection_id,
            kind="single",
            state="queued",
            started_by="Fetch this contact from Zoho CRM",
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
        state, reason = "done", None
        try:
            fetch_one(Desk(worlds, world_id, connection_id, lease), peers, settings, entity, crm_id)
        except (PeerError, RunStopped) as error:
            state, reason = "failed", str(error)
        with worlds.transaction(world_id):
            lease.guard()
            closed = {"state": state, "reason": reason, "ended_at": clock.now()}
            db.session.execute(update(Run).where(Run.id == run_id).values(**closed))
            return db.session.execute(
                select(Link.invoice_id).where(
                    Link.connection_id == connection_id,
                    Link.entity == entity,
                    Link.crm_id == crm_id,
                    Link.state == "linked",
                )
            ).scalar()


def fetch_one(desk: Desk, peers: Peers, settings: dict[str, Any], entity_name: str, crm_id: str) -> None:
    """Brings one CRM account or product into Invoice, under the caller's run and lease."""
    entity = next(entity for entity in entities(settings) if entity.name == entity_name)
    with desk.worlds.transaction(desk.world_id, reads_only=True):
        links = [link for link in links_of(desk.connection_id, entity_name) if link.crm_id == crm_id]
        moment = clock.now()
    steps = _plan_one(peers, entity, crm_id, links, moment)
    with desk.worlds.transaction(desk.world_id):
        desk.lease.guard()
        rows = [op_row(step, desk.lease.run_id, desk.connection_id) for step in steps if isinstance(step, Planned)]
        if rows:
            db.session.execute(insert(Op), rows)
    Applier(desk, peers, entities(settings)).apply_all()


def _plan_one(peers: Peers, entity: Entity, crm_id: str, links: list[Pairing], moment: datetime) -> list[Step]:
    record = peers.crm.get_record(entity.module, crm_id)
    if record is None:
        return []
    source = source_of(entity, record)
    if entity.name == "account":
        rows = list(peers.invoice.contacts(contact_name=source.name))
        targets = [Target(row["contact_id"], row["contact_name"]) for row in rows]
    else:
        targets = [Target(row["item_id"], row["name"]) for row in peers.invoice.items(name=source.name)]
    linked = {link.invoice_id: link for link in links if link.state == "linked"}
    targets += [Target(link.invoice_id, link.name) for link in linked.values()]
    if entity.extent is Extent.FETCH:
        return list(plan(entity, Listing([source], targets, links)))
    targets = [read_values(peers, entity, target, linked.get(target.id), moment) for target in targets]
    listing = Listing([source], targets, links, one_way=one_way(peers, entity))
    return [step for step in plan_both_ways(entity, listing) if _writes_invoice(step)]


def _writes_invoice(step: Step) -> bool:
    """A single fetch writes Invoice only; edits made there travel with the next run (requirement W3)."""
    return isinstance(step, Planned) and step.side == "invoice" and step.kind != "stamp"
