"""Carries out ops against Invoice: intent stored before each call, outcome stored after it, a few calls at a time.

Only the caller's thread touches the database; the threads of the pool make calls (reliability.md §2.1, §2.4).
"""

import contextvars
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select, update

from connector.database import db
from connector.errors import RunStopped
from connector.models import Connection, Op, Run
from connector.sync.crash import crash_point
from connector.sync.lease import Lease
from connector.sync.records import Result, Side
from connector.tally import count_closed
from simulator import clock
from simulator.clients.base import Refusal, SignInRefused
from simulator.database import connection
from simulator.http import PeerError
from simulator.prepared import Prepared
from simulator.worlds import Worlds

CONCURRENCY = 4
CHUNK = 48
CREATE_ATTEMPTS = 5
#: The longest wait after the first lost answer is twice as long; it doubles with each more.
WAIT_SECONDS = 0.25


@dataclass(frozen=True)
class Task:
    """An op as the sending threads see it: a snapshot, with the Invoice id of its parent looked up."""

    op_id: int
    kind: str
    entity: str
    crm_id: str
    name: str
    invoice_id: str | None
    values: dict[str, Any]
    parent_id: str | None
    lane: str
    parent_crm_id: str | None = None
    into: str | None = None
    idem_key: str | None = None
    side: Side = "invoice"
    seen: dict[str, Any] | None = None
    """Under Sync both ways: what stood in the written fields when the plan was made."""
    noted: dict[str, Any] | None = None
    """What was noted when it was sent before, and nobody heard what came of it (see `noting`); of a merge always."""


Act = Callable[[Task], Result]
ActTogether = Callable[[list[Task]], list[Result]]
Finished = list[tuple[Task, Result]]
Store = Callable[[Finished], None]
#: Something done about tasks before they are sent.
Prepare = Callable[[list[Task]], list[Task]]


def _as_they_are(tasks: list[Task]) -> list[Task]:
    return tasks


class Desk:
    """Where the ops of one run are carried out, under its lease.

    Args:
        before_send: is asked once ops are marked as sent and before any call goes out; it may stop the run.
    """

    def __init__(
        self,
        worlds: Worlds,
        world_id: str,
        connection_id: int,
        lease: Lease,
        before_send: Callable[[], None] | None = None,
        *,
        is_tallied: bool = False,
    ) -> None:
        self.is_tallied = is_tallied
        self.worlds = worlds
        self.world_id = world_id
        self.connection_id = connection_id
        self.lease = lease
        self._before_send = before_send

    def carry_out(self, tasks: list[Task], act: Act, store: Store, prepare: Prepare = _as_they_are) -> None:
        """Sends all tasks and stores what became of each.

        Tasks of one lane go one after the other, in order (a customer's persons: the oldest becomes the primary).

        Raises:
            SignInRefused, RunStopped, LostLease: the run cannot go on; what was sent keeps its outcome.
        """
        with ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="sending") as pool:
            for start in range(0, len(tasks), CHUNK):
                chunk = prepare(tasks[start : start + CHUNK])
                self._intend(chunk)
                crash_point("intent-stored")
                for finished in self._send(pool, chunk, act):
                    self._record(finished, store)

    def carry_out_together(
        self, tasks: list[Task], act: ActTogether, store: Store, at_once: int, prepare: Prepare = _as_they_are
    ) -> None:
        """As `carry_out`, for a peer that takes many records in one call.

        Raises:
            SignInRefused, RunStopped, LostLease: the run cannot go on.
        """
        for start in range(0, len(tasks), at_once):
            chunk = prepare(tasks[start : start + at_once])
            self._intend(chunk)
            crash_point("intent-stored")
            crash_point("before-send")
            self._record(_together(chunk, act), store)

    def _intend(self, chunk: list[Task]) -> None:
        """Marks the ops as sent, before anything is; a disabled connection ends its run here."""
        with self.worlds.transaction(self.world_id):
            self.lease.guard()
            if _STATE.rows(connection(), of=self.connection_id) == [("disabled",)]:
                raise RunStopped("The integration was disabled while this run was under way.", "aborted")
            _INTEND.run(connection(), *({"op": task.op_id} for task in chunk))
        if self._before_send is not None:
            self._before_send()

    def _send(self, pool: ThreadPoolExecutor, chunk: list[Task], act: Act) -> Iterator[Finished]:
        lanes: dict[str, list[Task]] = defaultdict(list)
        for task in chunk:
            lanes[task.lane].append(task)
        walked: SimpleQueue[Future[Finished]] = SimpleQueue()
        for lane in lanes.values():
            pool.submit(contextvars.copy_context().run, _walk, lane, act).add_done_callback(walked.put)
        failure: Exception | None = None
        waiting = len(lanes)
        while waiting:
            done = [walked.get(), *(walked.get() for _ in range(walked.qsize()))]
            waiting -= len(done)
            finished: Finished = []
            for future in done:
                error = future.exception()
                if error is None:
                    finished += future.result()
                elif isinstance(error, SignInRefused):
                    failure = error
                else:
                    raise error
            if finished:
                yield finished
        if failure is not None:
            raise failure

    def _record(self, finished: Finished, store: Store) -> None:
        """Stores the outcomes that have come in, each with its link, in one transaction."""
        with self.worlds.transaction(self.world_id):
            self.lease.guard()
            self.close_ops(finished, store)
        crash_point("outcome-stored")

    def close_ops(self, finished: Finished, store: Store) -> None:
        """Writes the outcomes of ops into the transaction under way, and moves the run's progress on."""
        wanted = select(Op).where(Op.id.in_([task.op_id for task, _ in finished]))
        ops = {op.id: op for op in db.session.execute(wanted).scalars()}
        for task, result in finished:
            _close_op(ops[task.op_id], result)
        if self.is_tallied:
            count_closed(self.lease.run_id, [ops[task.op_id] for task, _ in finished])
        store(finished)
        _COUNT_DONE.run(connection(), {"of_run": self.lease.run_id, "more": len(finished)})


def _close_op(op: Op, result: Result) -> None:
    values: dict[str, Any] = {
        "state": {"failed": "failed", "skipped": "skipped"}.get(result.outcome, "done"),
        "outcome": result.outcome,
        "code": result.code,
        "before": result.before,
        "after": result.after,
        "at": clock.now(),
    }
    if result.stood is not None or result.stands is not None:  # else what was noted before stands
        values |= {"stood": result.stood, "stands": result.stands}
    if result.reason:  # else the reason it was planned for stands
        values["reason"] = result.reason
    if result.outcome == "failed":  # in the words of the product, which are not about the other record
        values["target_name"] = ""
    if result.invoice_id is not None:
        values["invoice_id"] = result.invoice_id
    if result.crm_id is not None:
        values["crm_id"] = result.crm_id
    for name, value in values.items():
        setattr(op, name, value)


_STATE = Prepared(select(Connection.state).where(Connection.id == bindparam("of")))
_INTEND = Prepared(update(Op).where(Op.id == bindparam("op")).values(state="sent", attempts=Op.attempts + 1))
_COUNT_DONE = Prepared(
    update(Run).where(Run.id == bindparam("of_run")).values(done=Run.done + bindparam("more", type_=Integer))
)


def _walk(lane: list[Task], act: Act) -> Finished:
    finished = []
    for task in lane:
        crash_point("before-send")
        finished.append((task, attempted(task, act)))
        crash_point("reply-read")
    return finished


def attempted(task: Task, act: Act) -> Result:
    """One task's result; a refusal or a peer that does not answer becomes a failure with its reason.

    Raises:
        SignInRefused: the access is gone, which is no matter of this record.
    """
    try:
        return act(task)
    except SignInRefused:
        raise
    except Refusal as refusal:
        return Result("failed", refusal.message, code=str(refusal.code))
    except PeerError as error:
        return Result("failed", f"{error}; it is tried again with the next sync", code="unreachable", is_unknown=True)


def _together(chunk: list[Task], act: ActTogether) -> Finished:
    """The results of one call; where it fails as a whole, all its records do."""
    try:
        return list(zip(chunk, act(chunk), strict=True))
    except SignInRefused:
        raise
    except Refusal as refusal:
        result = Result("failed", refusal.message, code=str(refusal.code))
    except PeerError as error:
        why = f"{error}; it is tried again with the next sync"
        result = Result("failed", why, code="unreachable", is_unknown=True)
    return [(task, result) for task in chunk]


class Created(NamedTuple):
    """A record of Invoice, and whether an earlier try had made it: then somebody may have edited it since."""

    record: dict[str, Any]
    was_there: bool


def create_once(create: Callable[[], dict[str, Any]], find: Callable[[], dict[str, Any] | None]) -> Created:
    """Creates a record exactly once, however often its answer is lost: before each new try it is looked for by its key.

    Raises:
        Refusal: Invoice says no, and there is no record with the key either.
        PeerError: nobody answered in all tries.
    """
    for attempt in range(1, CREATE_ATTEMPTS + 1):
        try:
            record = create()
            crash_point("sent-no-reply")
            return Created(record, was_there=False)
        except SignInRefused:
            raise
        except Refusal:
            if found := find():
                return Created(found, was_there=True)
            raise
        except PeerError as error:
            if error.may_have_worked and (found := find()):
                return Created(found, was_there=True)
            if attempt == CREATE_ATTEMPTS:
                raise
            time.sleep(random.uniform(0, WAIT_SECONDS * 2**attempt))
    raise AssertionError("unreachable")
