"""Undo of a run: its acts taken back in reverse order, each only where its record has not changed since (S7).

A run of kind `undo` with ops of its own: planned, shown, applied, recovered and told as those of any run.
"""

import contextvars
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any

from sqlalchemy import and_, insert, select

from connector.database import db
from connector.models import Op, Run
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.at_hand import BATCH
from connector.sync.cost import estimated
from connector.sync.records import Result
from connector.sync.sending import CONCURRENCY, Desk, Finished, Task
from connector.sync.storing import Links
from connector.sync.undo.acts import RENAMED, UndoActs
from connector.sync.undo.links import put_back_link
from connector.sync.undo.rules import LINKING, Done, Undoing
from connector.sync.whole import CRM_KEY
from connector.tally import MARK as TALLIED
from connector.tally import count_planned
from connector.triggers.undoing import facts_of_document, note_undone
from simulator import clock

EFFECTS = ("added", "updated", "deleted")
#: Later than any phase of a run: what was done last is taken back first.
LAST_PHASE = 1000
STAYS = "its record in the CRM stays"
AT_ONCE = 100
UNKNOWN = "whether it was written is not known, as nobody answered; sync once more, which settles it"


class Undo:
    """The undo of one run, under the lease of the run that does it."""

    def __init__(self, desk: Desk, peers: Peers, entities: list[Entity], undone_run_id: int) -> None:
        self._desk = desk
        self._run_id = undone_run_id
        self._done: dict[int, Done] = {}
        self._links = Links(desk.connection_id, {entity.name: entity for entity in entities})
        self._acts = UndoActs(peers, {entity.name: entity for entity in entities}, self._done_of)

    def plan(self) -> None:
        """Looks at every record the run has written, and stores what is to be done about each."""
        with self._read():
            pairs = [(op.phase, done_of(op, self._desk.connection_id)) for op in undoable(self._run_id)]
            unknown = list(db.session.execute(_unknown(self._run_id)).scalars())
            parents = {done.op_id: self._parent_of(done) for _, done in pairs}
            lost = [_listed(op, self._desk.lease.run_id) for op in unknown]
        undoings = self._look([done for _, done in pairs], parents)
        rows = [self._row(phase, done, undoings[done.op_id]) for phase, done in pairs] + lost
        with self._desk.worlds.transaction(self._desk.world_id):
            self._desk.lease.guard()
            if rows:
                db.session.execute(insert(Op), rows)
                count_planned(self._desk.lease.run_id, rows)
            listed = sum(1 for row in rows if row["state"] == "skipped")
            run = db.session.get_one(Run, self._desk.lease.run_id)
            ahead = estimated((row["entity"], row["side"], row["kind"]) for row in rows)
            run.counters = {**run.counters, "planned": True, TALLIED: True, "estimated": ahead}
            run.total, run.done = len(rows), listed

    def apply_all(self) -> None:
        """Carries out what is planned, the last act of the run first."""
        while (phase := self._next_phase()) is not None:
            with self._read():
                tasks = [self._task(op) for op in self._planned(phase)]
                staying = [task for task in tasks if self._is_staying(task)]
            writing = [task for task in tasks if task.kind != "relink" and task not in staying]
            in_invoice = [task for task in writing if task.side == "invoice"]
            self._desk.carry_out(in_invoice, self._acts.act_in_invoice, self._store)
            in_crm = sorted((task for task in writing if task.side == "crm"), key=_entity)
            for _, together in groupby(in_crm, key=_entity):
                self._desk.carry_out_together(list(together), self._acts.act_in_crm, self._store, AT_ONCE)
            self._settle([task for task in tasks if task.kind == "relink"], Result("skipped", ""))
            self._settle(staying, Result("skipped", STAYS, code="changed-meanwhile"))

    # planning

    def _look(self, done: list[Done], parents: dict[int, str | None]) -> dict[int, Undoing]:
        """What is to be done about each act; the records are read a few at a time, those of the CRM a hundred."""
        going = frozenset(one.invoice_id if one.side == "invoice" else one.crm_id for one in done if _is_made(one))
        found = {one.op_id: Undoing("relink", "its link is put back") for one in done if one.kind in LINKING}
        rest = [one for one in done if one.op_id not in found]
        in_invoice = [one for one in rest if one.side == "invoice"]
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            looks = [
                pool.submit(contextvars.copy_context().run, self._acts.look_in_invoice, one, parents[one.op_id], going)
                for one in in_invoice
            ]
            found |= {one.op_id: look.result() for one, look in zip(in_invoice, looks, strict=True)}
        for _, together in groupby(sorted((one for one in rest if one.side == "crm"), key=_entity), key=_entity):
            mine = list(together)
            for start in range(0, len(mine), AT_ONCE):
                chunk = mine[start : start + AT_ONCE]
                found |= dict(zip([one.op_id for one in chunk], self._acts.look_in_crm(chunk, going), strict=True))
        kept = {(one.entity, one.invoice_id) for one in rest if one.side == "crm" and found[one.op_id].act == "skip"}
        told = [one for one in rest if one.kind == "stamp" and (one.entity, one.invoice_id) in kept]
        return found | {one.op_id: Undoing("skip", STAYS) for one in told}

    def _row(self, phase: int, done: Done, undoing: Undoing) -> dict[str, Any]:
        is_listed = undoing.act == "skip"
        return {
            **_about(done.op_id, self._desk.lease.run_id, done.entity, done.side, done.name),
            "phase": LAST_PHASE + phase if done.kind == "stamp" else LAST_PHASE - phase,
            "kind": undoing.act,
            "state": "skipped" if is_listed else "planned",
            "outcome": "skipped" if is_listed else None,
            "crm_id": done.crm_id or None,
            "invoice_id": done.invoice_id or None,
            "parent_crm_id": done.parent,
            "payload": dict(done.stood or {}),
            "reason": f"{undoing.reason}; it was left as it is" if is_listed else undoing.reason,
            "code": "changed-meanwhile" if is_listed else None,
        }

    # applying

    def _task(self, op: Op) -> Task:
        done = done_of(db.session.get_one(Op, op.undoes_op_id), self._desk.connection_id, is_repeated=op.attempts > 0)
        self._done[op.id] = done
        return Task(
            op_id=op.id,
            kind=op.kind,
            entity=op.entity,
            crm_id=op.crm_id or "",
            name=op.record_name,
            invoice_id=op.invoice_id,
            values={},
            parent_id=self._parent_of(done),
            lane=op.parent_crm_id or f"{op.entity}/{op.crm_id or op.invoice_id}",
            side=done.side,
        )

    def _is_staying(self, task: Task) -> bool:
        """Whether a record of Invoice is not untold of its record in the CRM, since that could not be taken back."""
        if self._done[task.op_id].kind != "stamp":
            return False
        mine = (Op.run_id == self._desk.lease.run_id, Op.side == "crm", Op.entity == task.entity)
        left = (Op.state == "failed") | (Op.code == "changed-meanwhile")
        kept = select(Op.id).where(*mine, Op.invoice_id == task.invoice_id, left)
        return db.session.execute(kept.limit(1)).scalar() is not None

    def _parent_of(self, done: Done) -> str | None:
        return self._links.linked_to("account", done.parent) if done.parent else None

    def _done_of(self, task: Task) -> Done:
        return self._done[task.op_id]

    def _store(self, finished: Finished) -> None:
        for task, result in finished:
            self._put_back(task, result)

    def _put_back(self, task: Task, result: Result) -> None:
        if result.outcome == "failed" or result.code is not None:
            return
        done = self._done[task.op_id]
        if done.entity == "potential":
            return note_undone(self._desk.connection_id, done)
        renamed = dict((result.after or {}).get(RENAMED, {}))
        put_back_link(self._desk.connection_id, done, result.invoice_id, renamed)

    def _settle(self, tasks: list[Task], result: Result) -> None:
        """Closes ops that make no call."""
        for start in range(0, len(tasks), BATCH):
            with self._desk.worlds.transaction(self._desk.world_id):
                self._desk.lease.guard()
                self._desk.close_ops([(task, result) for task in tasks[start : start + BATCH]], self._store)

    def _next_phase(self) -> int | None:
        mine = select(Op.phase).where(Op.run_id == self._desk.lease.run_id, Op.state == "planned")
        with self._read():
            return db.session.execute(mine.order_by(Op.phase).limit(1)).scalar()

    def _planned(self, phase: int) -> Iterable[Op]:
        mine = (Op.run_id == self._desk.lease.run_id, Op.state == "planned", Op.phase == phase)
        return db.session.execute(select(Op).where(*mine).order_by(Op.undoes_op_id.desc())).scalars()

    def _read(self) -> Any:
        return self._desk.worlds.transaction(self._desk.world_id, reads_only=True)


def has_effects(run_id: int) -> bool:
    """Whether there is anything of a run to take back."""
    return bool(undoable(run_id))


def undoable(run_id: int) -> list[Op]:
    """The acts of a run that undo takes back, the last one first; what was taken back already is none of them."""
    undone = select(Op.undoes_op_id).where(Op.undoes_op_id.is_not(None), Op.state == "done")
    of_record = Op.outcome.in_(EFFECTS) | (Op.link_before.is_not(None) & Op.kind.in_(LINKING))
    is_noted = and_(Op.kind == "merge", Op.code == "unreachable", Op.stands.is_not(None))  # it may have been done
    is_document = Op.entity == "potential"  # what a trigger did with it later goes with it
    had_effect = (~is_document & (of_record | is_noted)) | (is_document & (Op.outcome == "added"))
    mine = select(Op).where(Op.run_id == run_id, had_effect, Op.id.not_in(undone))
    return list(db.session.execute(mine.order_by(Op.phase.desc(), Op.id.desc())).scalars())


def _unknown(run_id: int) -> Any:
    is_noted = and_(Op.kind == "merge", Op.stands.is_not(None))
    return select(Op).where(Op.run_id == run_id, Op.state == "failed", Op.code == "unreachable", ~is_noted)


def done_of(op: Op, connection_id: int, *, is_repeated: bool = False) -> Done:
    """An act with what undo has to know of it."""
    stands: Any = facts_of_document(connection_id, op) if op.entity == "potential" else op.stands
    is_told = op.kind == "stamp" and op.stood is None
    return Done(
        op_id=op.id,
        kind=op.kind,
        outcome="deleted" if op.kind == "merge" else str(op.outcome),
        entity=op.entity,
        side=op.side,  # type: ignore[arg-type]
        name=op.record_name,
        crm_id=op.crm_id or "",
        invoice_id=op.invoice_id or "",
        parent=op.parent_crm_id,
        stood={CRM_KEY[op.entity]: _former_partner(op)} if is_told else op.stood,
        stands={CRM_KEY[op.entity]: op.crm_id} if is_told else stands,
        link_before=op.link_before,
        fields=tuple(op.baseline or ()),
        is_repeated=is_repeated,
    )


def _former_partner(op: Op) -> str:
    """The CRM record that a record of Invoice was told of before: its export in the same run saw the link."""
    mine = select(Op.link_before).where(
        Op.run_id == op.run_id, Op.side == "crm", Op.entity == op.entity, Op.invoice_id == op.invoice_id
    )
    before = db.session.execute(mine.limit(1)).scalar()
    return str(before["crm_id"]) if before else ""


def _listed(op: Op, run_id: int) -> dict[str, Any]:
    about = _about(op.id, run_id, op.entity, op.side, op.record_name)
    ids = {"crm_id": op.crm_id, "invoice_id": op.invoice_id, "parent_crm_id": op.parent_crm_id}
    told = {"state": "skipped", "outcome": "skipped", "reason": UNKNOWN, "code": "changed-meanwhile"}
    return {**about, **ids, **told, "phase": LAST_PHASE, "kind": "skip", "payload": {}}


def _about(op_id: int, run_id: int, entity: str, side: str, name: str) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "undoes_op_id": op_id,
        "entity": entity,
        "side": side,
        "actor": "user",
        "record_name": name,
        "suffix": "",
        "baseline": {},
        "at": clock.real_now(),
    }


def _is_made(done: Done) -> bool:
    return done.outcome == "added"


def _entity(one: Task | Done) -> str:
    return one.entity
