"""Carries out planned ops, phase by phase: `acts` and `crm_side` do them, `storing` keeps the links true to them."""

import functools
import itertools
from collections.abc import Callable

from sqlalchemy import bindparam, literal_column, select

from connector.database import db
from connector.models import Link, Op
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.acts import InvoiceActs
from connector.sync.at_hand import BATCH
from connector.sync.crash import crash_point
from connector.sync.crm_side import AT_ONCE, CrmRecords
from connector.sync.merging.acts import Merges
from connector.sync.noting import note_each, note_of, note_together
from connector.sync.records import Result
from connector.sync.sending import Desk, Task
from connector.sync.sides import records_of
from connector.sync.storing import Links
from simulator.database import connection
from simulator.prepared import Prepared

#: Kinds of op that make no call: they only change a link or say why nothing was done.
SILENT = ("skip", "alias", "leave_view", "return_to_view", "drop", "promote", "merged")


#: Ops held in memory at once.
PART = 1_000
LACKS_PARENT = {
    "invoice": "its account has no customer in Invoice; it is tried again then",
    "crm": "its customer has no account in CRM; it is tried again then",
}


_NEXT_PHASE = Prepared(
    select(Op.phase)
    .where(Op.run_id == bindparam("of"), Op.state == "planned")
    .order_by(Op.phase)
    .limit(literal_column("1"))
)


class Applier:
    """Applies the ops of one run, entity by entity."""

    def __init__(self, desk: Desk, peers: Peers, entities: list[Entity], origin: str = "view") -> None:
        self._desk = desk
        self._peers = peers
        self._entities = {entity.name: entity for entity in entities}
        self._acts = InvoiceActs(peers, self._entities)
        self._merges = Merges(peers, self._entities)
        self._links = Links(desk.connection_id, self._entities, origin)

    def apply_all(self) -> None:
        """Carries out whatever is planned, in the order of its phases, a part of a long phase at a time."""
        while (phase := self._next_phase()) is not None:
            with self._desk.worlds.transaction(self._desk.world_id, reads_only=True):
                tasks = self._tasks(self._planned(phase))
            acting = [task for task in tasks if not self._is_silent(task)]
            in_invoice = [task for task in acting if task.side == "invoice" and task.kind != "merge"]
            self._merge([task for task in acting if task.kind == "merge"])
            self._desk.carry_out(in_invoice, self._acts.act, self._links.store, note_each(self._desk, self._acts.note))
            self._write_crm([task for task in acting if task.side == "crm" and task.kind != "merge"])
            self._settle_silently([task for task in tasks if self._is_silent(task)])  # an alias needs its primary

    def _merge(self, tasks: list[Task]) -> None:
        noting = note_each(self._desk, self._merges.note)  # what it takes along: a lost answer does not tell it
        self._desk.carry_out(tasks, self._merges.act, self._links.store, noting)

    def _write_crm(self, tasks: list[Task]) -> None:
        """Writes to the CRM, up to a hundred records of one entity and kind in a call."""
        for (entity, kind), together in itertools.groupby(sorted(tasks, key=_by_kind), key=_by_kind):
            records = CrmRecords(self._peers.crm, self._entities[entity], self._is_gone(entity))
            act, noting = functools.partial(records.act, kind), note_together(self._desk, records.notes)
            self._desk.carry_out_together(list(together), act, self._links.store, AT_ONCE, noting)

    def _is_gone(self, entity: str) -> Callable[[str], bool]:
        records = records_of(entity, self._peers.invoice)
        return lambda invoice_id: records.read(invoice_id, None) is None

    def _next_phase(self) -> int | None:
        with self._desk.worlds.transaction(self._desk.world_id, reads_only=True):
            for (phase,) in _NEXT_PHASE.rows(connection(), of=self._desk.lease.run_id):
                return int(phase)
        return None

    def _planned(self, phase: int) -> list[Op]:
        statement = (
            select(Op)
            .where(Op.run_id == self._desk.lease.run_id, Op.state == "planned", Op.phase == phase)
            .order_by(Op.id)
            .limit(PART)
        )
        return list(db.session.execute(statement).scalars())

    def _tasks(self, ops: list[Op]) -> list[Task]:
        found = []
        for start in range(0, len(ops), BATCH):
            batch, links = ops[start : start + BATCH], self._links.at_hand()
            links.read_homes(batch)
            found += [self._task(op, links.of_home(op.home)) for op in batch]
        return found

    @staticmethod
    def _task(op: Op, home: Link | None) -> Task:
        parent = home if home is not None and home.state == "linked" else None
        return Task(
            op_id=op.id,
            kind=op.kind,
            entity=op.entity,
            crm_id=op.crm_id or "",
            name=op.record_name,
            invoice_id=op.invoice_id,
            values=op.payload or {},
            parent_id=parent.invoice_id if parent else None,
            parent_crm_id=parent.crm_id if parent else None,
            into=op.target_id,
            lane=_lane(op, parent),
            idem_key=op.idem_key,
            side=op.side,  # type: ignore[arg-type]
            seen=op.before,
            noted=note_of(op),
        )

    @staticmethod
    def _is_silent(task: Task) -> bool:
        lacks_parent = task.entity == "contact" and task.kind in ("create", "link") and task.parent_id is None
        return task.kind in SILENT or lacks_parent

    def _settle_silently(self, tasks: list[Task]) -> None:
        """Ops without a call: their link changes and their row is closed, in one transaction."""
        for start in range(0, len(tasks), BATCH):
            batch = tasks[start : start + BATCH]
            with self._desk.worlds.transaction(self._desk.world_id):
                self._desk.lease.guard()
                self._desk.close_ops([(task, self._without_call(task)) for task in batch], self._links.store)

    @staticmethod
    def _without_call(task: Task) -> Result:
        if task.kind in SILENT:
            return Result("skipped", "")
        crash_point("child-before-link")
        return Result("skipped", LACKS_PARENT[task.side])


def _lane(op: Op, parent: Link | None) -> str:
    """What must go one after the other: merges into one record, the persons of one customer."""
    if op.kind == "merge":
        return str(op.target_id)
    return parent.invoice_id if parent else f"{op.entity}/{op.crm_id or op.invoice_id}"


def _by_kind(task: Task) -> tuple[str, str]:
    return task.entity, task.kind
