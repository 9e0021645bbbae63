"""One run from its claim to its end: recover, fetch, plan, guard, persist, apply, close (sync.md, One run)."""

from typing import Any

import structlog
from flask import Flask
from sqlalchemy import insert, update

from connector.currencies import currencies_of
from connector.database import db
from connector.errors import LostLease, RunStopped, SettingsRefused
from connector.models import Connection, Op, Run
from connector.peers import Peers, peers_of
from connector.settings import Document, Extent, entities
from connector.sync.apply import Applier
from connector.sync.both_ways import plan_both_ways
from connector.sync.catch_up import catch_up_potentials
from connector.sync.closing import close_run
from connector.sync.cost import Calls, estimated
from connector.sync.crash import crash_point
from connector.sync.homes import Homes, homes_of
from connector.sync.lease import Lease
from connector.sync.merging.in_crm import hanging_on, lost_accounts, merged_into
from connector.sync.ops import op_row, sent_with
from connector.sync.pausing import AFTER_READ, BEFORE_SEND, pause_at
from connector.sync.plan import plan, too_many_deletes
from connector.sync.planned import Plan
from connector.sync.reading.cursors import ASKED, SINGLE
from connector.sync.reading.links import choices_of, linked_count, taken_by_others
from connector.sync.reading.reader import Reader
from connector.sync.scope import Scope
from connector.sync.sending import Desk
from connector.sync.storing import keep_notes
from connector.sync.undo.run import Undo
from connector.sync.unheard import find_unheard, unanswered
from connector.tally import MARK as TALLIED
from connector.tally import count_planned
from simulator import clock, context
from simulator.clients.base import Refusal, SignInRefused
from simulator.http import PeerError
from simulator.worlds import Worlds

log = structlog.get_logger()

#: Ops stored in one statement: a plan may have many thousands.
AT_ONCE = 1_000
PREVIEWED = "This is what {} would do now; nothing was written. Apply this plan, or discard it."
PAUSED_BY_UNDO = "The sync is paused, so that it does not do the same again; Resume sync turns it on."
RECONNECT = "Zoho CRM no longer accepts this connection; enter the email address and ZSC key again."


def execute(app: Flask, world_id: str, run_id: int) -> bool:
    """Works on a run until it has ended or cannot go on; says whether this worker had it."""
    worlds: Worlds = app.extensions["worlds"]
    with worlds.transaction(world_id):
        lease = Lease.claim(world_id, run_id)
        trace = db.session.get_one(Run, run_id).trace if lease else ""
    if lease is None:
        return False
    with lease, context.traced(f"00-{trace}-{trace[:16]}-01"):
        execution = Execution(worlds, world_id, lease)
        try:
            execution.run()
        except LostLease:
            log.warning("another worker has taken over", run=run_id)
        except RunStopped as stop:
            execution.close(stop.state, stop.reason)
        except SignInRefused:
            execution.needs_reconnecting()
        except Refusal as refusal:
            execution.close("failed", f"Refused: {refusal.message}")
        except PeerError as error:
            execution.close("failed", f"The run could not read both sides: {error}. Nothing more was written.")
        except Exception:  # the boundary of a run: whatever it was, the run must not stay open
            log.exception("run failed", run=run_id)
            execution.close("failed", "An error of the connector itself; its log says more.")
    return True


class Execution:
    """One run under its lease."""

    def __init__(self, worlds: Worlds, world_id: str, lease: Lease) -> None:
        self._worlds = worlds
        self._world_id = world_id
        self._lease = lease
        with worlds.transaction(world_id, reads_only=True):
            run = db.session.get_one(Run, lease.run_id)
            connection = db.session.get_one(Connection, run.connection_id)
            self._connection_id = connection.id
            self._settings: dict[str, Any] = run.settings
            self._scope = Scope(run.section, run.records)
            self._entities = self._scope.entities(entities(run.settings))
            self._is_preview = run.kind == "dry" or bool((run.counters or {}).get("is_preview"))
            self._undone_run_id = run.about_run_id if run.kind == "undo" else None
            self._is_of = "the undo" if run.kind == "undo" else "a sync"
            self._is_full = bool((run.counters or {}).get("is_full"))
            self._generation = run.generation
            self._readings: list[dict[str, Any]] = []
            self._is_planned = bool((run.counters or {}).get("planned"))
            self._calls = Calls((run.counters or {}).get("calls", {}))
            self._peers: Peers = self._calls.of(peers_of(connection))
            self._currency_code = connection.currency_code
        crash_point("settings-frozen")
        self._applier: Applier | Undo

    def run(self) -> None:
        self._peers.crm.current_user()  # the token is good, or the run ends before anything is read
        crash_point("token-ready")
        self._take_currencies()
        desk = Desk(
            self._worlds,
            self._world_id,
            self._connection_id,
            self._lease,
            self._pause_before_send,
            is_tallied=True,
        )
        self._applier = Applier(desk, self._peers, self._entities)
        if self._undone_run_id is not None:
            self._applier = Undo(desk, self._peers, self._entities, self._undone_run_id)
        if self._is_planned:
            self._recover()
        else:
            self._plan()
            if self._is_preview:
                raise RunStopped(PREVIEWED.format(self._is_of), "needs_confirmation")
            self._pause_at(AFTER_READ)
        self._say("writing", is_writing=True)
        self._applier.apply_all()
        if self._undone_run_id is not None:
            return self.close("done", PAUSED_BY_UNDO)
        if self._settings["triggers"]["document"] != Document.NONE and not self._scope:
            self._say("looking for changed potentials")
            catch_up_potentials(self._worlds, self._world_id, self._connection_id, self._peers, self._lease)
        self.close("done", None)

    def _pause_at(self, point: str) -> None:
        if self._undone_run_id is None:
            pause_at(point, self._worlds, self._world_id, self._lease)

    def _pause_before_send(self) -> None:
        self._pause_at(BEFORE_SEND)

    def _take_currencies(self) -> None:
        """Since the settings were saved somebody may have changed the currencies of the CRM (requirement C10)."""
        currencies = currencies_of(self._peers, self._currency_code)
        try:
            currencies.check(self._settings)
        except SettingsRefused as refused:
            raise RunStopped(str(refused), "failed") from refused
        self._entities = currencies.added_to(self._entities)

    def _plan(self) -> None:
        if isinstance(self._applier, Undo):
            self._say("looking at the records of that run")
            self._applier.plan()
        else:
            self._persist(self._plan_all())

    def _recover(self) -> None:
        """Ops whose outcome is unknown are planned again: each act looks for its own effect before it repeats it."""
        with self._worlds.transaction(self._world_id):
            self._lease.guard()
            db.session.execute(
                update(Op).where(Op.run_id == self._lease.run_id, Op.state == "sent").values(state="planned")
            )

    def _plan_all(self) -> Plan:
        found = Plan(self._scope)
        waiting: set[str] = set()
        homes = Homes()
        linked = 0
        reader = self._reader()
        for entity in self._entities:
            self._say(f"reading {entity.module} of Zoho CRM")
            listing = reader.read(entity, homes)
            with self._worlds.transaction(self._world_id, reads_only=True):
                linked += linked_count(self._connection_id, entity.name)
                listing.choices = choices_of(self._connection_id, entity.name)
                listing.taken = taken_by_others(self._connection_id, entity.name)
                hanging = hanging_on(self._connection_id, lost_accounts(listing))
                listing.sent = sent_with({source.sync_key for source in listing.made.values()})
                asked = unanswered(self._connection_id, self._lease.run_id, entity.name)
            listing.unheard = find_unheard(self._peers, entity, listing, asked)
            if entity.name == "account":
                listing.merged = merged_into(self._peers, listing, hanging)
            crash_point("duplicate-looked-up")
            acts = found.take((plan_both_ways if entity.extent is Extent.BOTH else plan)(entity, listing))
            if entity.name == "account":
                homes = homes_of(listing, acts)
            waiting |= {step.entity for step in acts if step.kind == "skip"}
            crash_point("decided")
        self._readings = reader.readings(waiting)
        if reason := too_many_deletes(found.steps, linked):
            self._persist(found)
            raise RunStopped(reason, "needs_confirmation")
        return found

    def _reader(self) -> Reader:
        because = SINGLE if self._scope.records is not None else ASKED if self._is_full else None
        places = (self._worlds, self._world_id, self._connection_id)
        return Reader(*places, self._peers, self._entities, self._generation, because)

    def _persist(self, plan: Plan) -> None:
        """Stores the whole plan in one transaction, together with the counters of what needs nothing."""
        with self._worlds.transaction(self._world_id):
            self._lease.guard()
            for start in range(0, len(plan.steps), AT_ONCE):
                batch = plan.steps[start : start + AT_ONCE]
                rows = [op_row(step, self._lease.run_id, self._connection_id) for step in batch]
                db.session.execute(insert(Op), rows)
                count_planned(self._lease.run_id, rows)
            keep_notes(self._connection_id, plan.notes)
            spent = self._calls.made()
            ahead = estimated((step.entity, step.side, step.kind) for step in plan.steps)
            counters = {
                "planned": True,
                TALLIED: True,
                "readings": self._readings,
                "calls": spent,
                "estimated": {side: spent[side] + ahead[side] for side in spent},
                "unchanged": plan.unchanged["invoice"],
                "unchanged_in_invoice": plan.unchanged["crm"],
            }
            db.session.execute(
                update(Run).where(Run.id == self._lease.run_id).values(counters=counters, total=len(plan.steps), done=0)
            )
        self._is_planned = True

    def _say(self, phase: str, *, is_writing: bool = False) -> None:
        with self._worlds.transaction(self._world_id):
            self._lease.guard()
            run = db.session.get_one(Run, self._lease.run_id)
            run.phase, run.counters = phase, {**(run.counters or {}), "calls": self._calls.made()}
            if is_writing:
                run.writing_since = run.writing_since or clock.real_now()

    def close(self, state: str, reason: str | None) -> None:
        """Ends the run and, after an orderly end, sets the time of the next one."""
        with self._worlds.transaction(self._world_id):
            self._lease.guard()
            connection = db.session.get_one(Connection, self._connection_id)
            run = db.session.get_one(Run, self._lease.run_id)
            with db.session.no_autoflush:  # what is asked meanwhile is not what is changed, which is written once
                run.counters = {**(run.counters or {}), "calls": self._calls.made()}
                close_run(connection, run, state, reason)
        crash_point("run-closed")

    def needs_reconnecting(self) -> None:
        """The CRM has withdrawn the access: the run ends, links stay, a person connects again (requirement K3)."""
        self.close("failed", RECONNECT)
        with self._worlds.transaction(self._world_id):
            connection = db.session.get_one(Connection, self._connection_id)
            connection.state, connection.problem = "reconnect_needed", RECONNECT
