"""Carries out planned ops, phase by phase: `acts` and `crm_side` do them, `storing` keeps the links true to them."""

import functools
import itertools
from collections.abc import Callable

from sqlalchemy import select

from connector.database import db
from connector.models import Link, Op
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.acts import InvoiceActs
from connector.sync.crash import crash_point
from connector.sync.crm_side import AT_ONCE, CrmRecords
from connector.sync.merging import Merges
from connector.sync.records import Result
from connector.sync.sending import Desk, Task
from connector.sync.sides import records_of
from connector.sync.storing import Links

#: Kinds of op that make no call: they only change a link or say why nothing was done.
SILENT = ("skip", "alias", "leave_view", "return_to_view", "drop", "promote", "merged")


LACKS_PARENT = {
    "invoice": "its account has no customer in Invoice; it is tried again then",
    "crm": "its customer has no account in CRM; it is tried again then",
}


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
        """Carries out whatever is planned, in the order of its phases."""
        while (phase := self._next_phase()) is not None:
            with self._desk.worlds.transaction(self._desk.world_id, reads_only=True):
                tasks = [self._task(op) for op in self._planned(phase)]
            acting = [task for task in tasks if task.kind not in SILENT and not self._lacks_parent(task)]
            merging = [task for task in acting if task.kind == "merge"]
            self._desk.carry_out(merging, self._merges.act, self._links.store)
            others = [task for task in acting if task.kind != "merge"]
            self._desk.carry_out([task for task in others if task.side == "invoice"], self._acts.act, self._links.store)
            self._write_crm([task for task in others if task.side == "crm"])
            self._settle_silently([task for task in tasks if task not in acting])  # an alias needs its primary

    def _write_crm(self, tasks: list[Task]) -> None:
        """Writes to the CRM, up to a hundred records of one entity and kind in a call."""
        for (entity, kind), together in itertools.groupby(sorted(tasks, key=_by_kind), key=_by_kind):
            records = CrmRecords(self._peers.crm, self._entities[entity], self._is_gone(entity))
            act = functools.partial(records.act, kind)
            self._desk.carry_out_together(list(together), act, self._links.store, AT_ONCE)

    def _is_gone(self, entity: str) -> Callable[[str], bool]:
        records = records_of(entity, self._peers.invoice)
        return lambda invoice_id: records.read(invoice_id, None) is None

    def _next_phase(self) -> int | None:
        with self._desk.worlds.transaction(self._desk.world_id, reads_only=True):
            return db.session.execute(
                select(Op.phase)
                .where(Op.run_id == self._desk.lease.run_id, Op.state == "planned")
                .order_by(Op.phase)
                .limit(1)
            ).scalar()

    def _planned(self, phase: int) -> list[Op]:
        statement = (
            select(Op)
            .where(Op.run_id == self._desk.lease.run_id, Op.state == "planned", Op.phase == phase)
            .order_by(Op.id)
        )
        return list(db.session.execute(statement).scalars())

    def _task(self, op: Op) -> Task:
        link = self._links.parent_of(op)
        parent = link if link is not None and link.state == "linked" else None
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
        )

    @staticmethod
    def _lacks_parent(task: Task) -> bool:
        return task.entity == "contact" and task.kind in ("create", "link") and task.parent_id is None

    def _settle_silently(self, tasks: list[Task]) -> None:
        """Ops without a call: their link changes and their row is closed, all in one transaction."""
        if not tasks:
            return
        with self._desk.worlds.transaction(self._desk.world_id):
            self._desk.lease.guard()
            for task in tasks:
                result = Result("skipped", "")
                if task.kind not in SILENT:
                    crash_point("child-before-link")
                    result = Result("skipped", LACKS_PARENT[task.side])
                self._desk.close_op(task.op_id, result)
                self._links.store(task, result)
            self._desk.count_done(len(tasks))


def _lane(op: Op, parent: Link | None) -> str:
    """What must go one after the other: merges into one record, the persons of one customer."""
    if op.kind == "merge":
        return str(op.target_id)
    return parent.invoice_id if parent else f"{op.entity}/{op.crm_id or op.invoice_id}"


def _by_kind(task: Task) -> tuple[str, str]:
    return task.entity, task.kind
