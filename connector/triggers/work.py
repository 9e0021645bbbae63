"""Works off change notices: reads the potentials, decides, carries out. A rolling run is the journal of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from connector.database import db
from connector.models import Connection, Link, Notice, Op, Potential, Run
from connector.peers import peers_of
from connector.settings import Document, customer_kind, stages_of
from connector.sync.catch_up import new_notice
from connector.sync.crash import crash_point
from connector.sync.lease import Lease
from connector.sync.sending import CONCURRENCY, Desk, Finished
from connector.sync.single import fetch_one
from connector.triggers.deciding import Decision, Known, Trigger, decide, follows_potential, makes_document
from connector.triggers.outcome import DocumentWork, potential_row, store_potential
from connector.triggers.reading import POTENTIAL_FIELDS, Facts, facts_of, seen_before
from simulator import clock
from simulator.worlds import Worlds

NOTICES_AT_ONCE = 4
IDS_PER_CALL = 100
RETRY_SECONDS = 5.0
#: The operation of a notice by which a person asks for what a trigger would not do by itself.
ASKED = "asked"
PHASE = 4
#: What a kind of record that becomes a customer is in the CRM.
CRM_KIND = {"account": "account", "customer": "contact"}


class TriggerWork:
    """The triggers of one connection, under the lease of its rolling run."""

    def __init__(self, worlds: Worlds, world_id: str, connection_id: int, lease: Lease) -> None:
        self._worlds = worlds
        self._world_id = world_id
        self._connection_id = connection_id
        self._lease = lease
        with worlds.transaction(world_id, reads_only=True):
            connection = db.session.get_one(Connection, connection_id)
            self._settings: dict[str, Any] = connection.settings
            self._trigger = trigger_of(connection)
            self._peers = peers_of(connection)
            self._documents = DocumentWork(
                self._peers.invoice, connection_id, connection.crm_org_id, connection.organization_id
            )
        self._desk = Desk(worlds, world_id, connection_id, lease)
        self._to_retry: list[str] = []

    def recover(self) -> None:
        """Ops without an outcome are done again; each looks first whether its effect is there already."""
        with self._worlds.transaction(self._world_id, reads_only=True):
            rows = db.session.execute(
                select(Op)
                .where(Op.run_id == self._lease.run_id, Op.state.in_(("planned", "sent")), Op.entity == "potential")
                .order_by(Op.id)
            ).scalars()
            tasks = [self._documents.task(row) for row in rows]
        self._desk.carry_out(tasks, self._documents.act_again, self._documents.store)

    def work_off(self) -> None:
        while notices := self._take():
            crm_ids = list(dict.fromkeys(crm_id for notice in notices for crm_id in notice[1]))
            asked = {crm_id for _, ids, operation in notices if operation == ASKED for crm_id in ids}
            self._evaluate(crm_ids, asked)
            with self._worlds.transaction(self._world_id):
                self._lease.guard()
                done = [notice[0] for notice in notices]
                db.session.execute(update(Notice).where(Notice.id.in_(done)).values(state="done"))
                unknown = set(self._to_retry)
                for operation, again in (("again", unknown - asked), (ASKED, unknown & asked)):
                    if again:
                        db.session.add(new_notice(self._connection_id, operation, sorted(again), RETRY_SECONDS))
            self._to_retry = []
        with self._worlds.transaction(self._world_id):
            self._lease.guard()
            db.session.execute(
                update(Run).where(Run.id == self._lease.run_id).values(state="done", ended_at=clock.now(), phase="")
            )

    def _take(self) -> list[tuple[int, list[str], str]]:
        statement = (
            select(Notice.id, Notice.crm_ids, Notice.operation)
            .where(
                Notice.connection_id == self._connection_id,
                Notice.state == "waiting",
                Notice.next_at <= clock.real_now(),
            )
            .order_by(Notice.id)
            .limit(NOTICES_AT_ONCE)
        )
        with self._worlds.transaction(self._world_id, reads_only=True):
            return [(row.id, row.crm_ids, row.operation) for row in db.session.execute(statement)]

    def _evaluate(self, crm_ids: list[str], asked: set[str]) -> None:
        """A notice is only a hint: the potentials are read, and what they are now decides."""
        facts = self._read(crm_ids)
        with self._worlds.transaction(self._world_id, reads_only=True):
            known = self._known(crm_ids)
            fresh = [fact for fact in facts if fact.id in asked or not seen_before(fact, known.get(fact.id))]
            documents = {key: _known_of(potential, self._trigger) for key, potential in known.items()}
        crash_point("record-picked")
        self._mark_deleted(set(crm_ids) - {fact.id for fact in facts}, set(documents))
        if self._trigger.document == Document.NONE:
            fresh = []
        decisions = self._decide(fresh, documents, asked)
        crash_point("trigger-decided")
        self._carry_out(decisions)

    def _read(self, crm_ids: list[str]) -> list[Facts]:
        records: list[dict[str, Any]] = []
        for start in range(0, len(crm_ids), IDS_PER_CALL):
            chunk = crm_ids[start : start + IDS_PER_CALL]
            records += self._peers.crm.get_records_by_id("Deals", chunk, POTENTIAL_FIELDS)
        return [facts_of(record, self._settings) for record in records]

    def _known(self, crm_ids: list[str]) -> dict[str, Potential]:
        statement = select(Potential).where(
            Potential.connection_id == self._connection_id, Potential.crm_id.in_(crm_ids)
        )
        return {potential.crm_id: potential for potential in db.session.execute(statement).scalars()}

    def _decide(self, fresh: list[Facts], known: dict[str, Known], asked: set[str]) -> list[Decision]:
        nothing = Known(kind=self._trigger.document)
        pairs = [(fact, known.get(fact.id, nothing)) for fact in fresh]
        found = self._documents_of([mine for _, mine in pairs])
        customers = self._customers(pairs, found, asked)
        items = self._linked("product", {fact.product_id for fact in fresh if fact.product_id})
        return [
            decide(
                fact,
                mine,
                found.get(mine.document_id or ""),
                customers.get(fact.account_id or ""),
                items.get(fact.product_id or ""),
                self._trigger,
                fact.id in asked,
            )
            for fact, mine in pairs
        ]

    def _customers(
        self, pairs: list[tuple[Facts, Known]], found: dict[str, dict[str, Any]], asked: set[str]
    ) -> dict[str, str]:
        """The customers of the potentials; one not yet in Invoice is fetched first (requirement G3).

        For a draft that follows its potential to another customer only one that never was there: who was unlinked is
        not taken up again unasked (C12).
        """
        kind = customer_kind(self._settings)
        wanted = {fact.account_id for fact, _ in pairs if fact.account_id}
        customers, seen = self._linked(kind, wanted), self._linked(kind, wanted, is_any_state=True)
        for fact, mine in pairs:
            party, facts = fact.account_id, (self._trigger, fact.id in asked)
            if not party or party in customers:
                continue
            document = found.get(mine.document_id or "")
            if makes_document(fact, mine, *facts) or (
                party not in seen and follows_potential(fact, mine, document, *facts)
            ):
                fetch_one(self._desk, self._peers, self._settings, CRM_KIND[kind], party)
                customers |= self._linked(kind, {party})
        return customers

    def _linked(self, entity: str, crm_ids: set[str], is_any_state: bool = False) -> dict[str, str]:
        statement = select(Link.crm_id, Link.invoice_id).where(
            Link.connection_id == self._connection_id, Link.entity == entity, Link.crm_id.in_(crm_ids)
        )
        if not is_any_state:
            statement = statement.where(Link.state == "linked")
        with self._worlds.transaction(self._world_id, reads_only=True):
            return dict(db.session.execute(statement).all())

    def _documents_of(self, known: list[Known]) -> dict[str, dict[str, Any]]:
        """The documents as they are now, a few at a time."""
        wanted = sorted({(mine.kind, mine.document_id) for mine in known if mine.document_id})
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            found = pool.map(lambda one: self._documents.read(*one), wanted)
            return {document_id: record for (_, document_id), record in zip(wanted, found, strict=True) if record}

    def _mark_deleted(self, missing: set[str], known: set[str]) -> None:
        """A deleted potential leaves its documents and frees the link (requirement L6)."""
        if gone := missing & known:
            with self._worlds.transaction(self._world_id):
                self._lease.guard()
                db.session.execute(
                    update(Potential)
                    .where(Potential.connection_id == self._connection_id, Potential.crm_id.in_(gone))
                    .values(outcome="deleted", standing="deleted", reason="potential deleted")
                )

    def _carry_out(self, decisions: list[Decision]) -> None:
        acting = [decision for decision in decisions if decision.action != "leave"]
        with self._worlds.transaction(self._world_id):
            self._lease.guard()
            for decision in decisions:
                if decision.action == "leave":
                    store_potential(potential_row(self._connection_id, decision))
            rows = [self._op_row(decision) for decision in decisions if decision.action != "leave" or decision.is_told]
            if rows:
                db.session.execute(insert(Op), rows)
            tasks = [self._documents.task(row) for row in self._planned()] if acting else []
            db.session.execute(update(Run).where(Run.id == self._lease.run_id).values(total=Run.total + len(acting)))
        self._desk.carry_out(tasks, self._documents.act, self._store)
        crash_point("trigger-written")

    def _store(self, finished: Finished) -> None:
        self._documents.store(finished)
        self._to_retry += [task.crm_id for task, result in finished if result.is_unknown]

    def _planned(self) -> list[Op]:
        statement = (
            select(Op)
            .where(Op.run_id == self._lease.run_id, Op.state == "planned", Op.entity == "potential")
            .order_by(Op.id)
        )
        return list(db.session.execute(statement).scalars())

    def _op_row(self, decision: Decision) -> dict[str, Any]:
        is_left = decision.action == "leave"
        return {
            "run_id": self._lease.run_id,
            "phase": PHASE,
            "entity": "potential",
            "side": "invoice",
            "kind": "skip" if is_left else {"carry": "update"}.get(decision.action, decision.action),
            "state": "skipped" if is_left else "planned",
            "outcome": "skipped" if is_left else None,
            "actor": "trigger",
            "record_name": decision.facts.name,
            "crm_id": decision.facts.id,
            "invoice_id": decision.document_id,
            "idem_key": self._documents.key_of(decision),
            "suffix": "",
            "payload": decision.body,
            "baseline": {
                "facts": asdict(decision.facts),
                "carried": decision.carried,
                "standing": decision.standing,
                "kind": decision.kind,
                "incarnation": decision.incarnation,
                "answer": decision.answer_by_trigger,
            },
            "reason": decision.reason,
            "at": clock.now(),
        }


def trigger_of(connection: Connection) -> Trigger:
    """How the trigger of a connection is set."""
    settings = connection.settings
    off = tuple(
        (datetime.fromisoformat(since), datetime.fromisoformat(until))
        for since, until in connection.times_disabled or ()
        if until is not None
    )
    party = CRM_KIND[customer_kind(settings)]
    return Trigger(settings["triggers"]["document"], stages_of(settings), connection.triggers_since, off, party)


def _known_of(potential: Potential, trigger: Trigger) -> Known:
    carried = dict(potential.carried or {})
    if "rate" in carried:
        carried["rate"] = Decimal(str(carried["rate"]))
    return Known(
        potential.document_id,
        carried,
        potential.voided_by_trigger,
        potential.document_kind or trigger.document,
        potential.answer_by_trigger,
        potential.incarnation,
    )
