"""Durable delivery of calls a service owes to others (notifications, hooks): a row in the transaction that caused it,
sent afterwards beside the requests, in order per queue, until it is taken."""

import threading
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from simulator import clock, settings, wire
from simulator.database import common_metadata, connection, session
from simulator.http import Outbound, PeerError
from simulator.prepared import Prepared
from simulator.storage import DamagedWorld
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()

#: The setting of a world by which what is owed waits until somebody lets it go.
HOLDING = "outbox_hold"
LAST_ATTEMPT = 60
IDLE_SECONDS = 1.0
#: Queues that are delivered side by side: in all, and of one world, so that the receivers of one do not take them all.
HANDS = 16
HANDS_A_WORLD = 4
#: How many calls of a queue go out before the others have their turn.
IN_A_ROW = 50

#: A queue of a world.
Place = tuple[str, str]

outbox = Table(
    "outbox",
    common_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("queue", String(80), nullable=False),
    Column("url", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False, default="pending"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", String(40), nullable=False),
    Column("posted_at", String(40), nullable=False),
    Column("last_error", Text),
    Index("outbox_state", "state", "queue", "id"),
)


def post(queue: str, url: str, body: Any) -> None:
    """Owes `url` this JSON body: it goes out once the transaction under way is durable, in its queue's order."""
    moment = clock.real_now().isoformat()
    state = "held" if settings.read(HOLDING, False) else "pending"
    values = {"queue": queue, "url": url, "body": wire.dumps(body).decode(), "next_at": moment, "state": state}
    session().execute(insert(outbox).values(posted_at=moment, **values))


def waiting() -> int:
    """How many calls are still owed and not held."""
    return int(session().execute(select(func.count()).where(outbox.c.state == "pending")).scalar_one())


class Sender:
    """Delivers what the worlds of one service owe; woken after each commit that owed something.

    One thread looks what is due and hands whole queues to a few others, so that a receiver who hangs holds up his own
    queue only. A queue is in one hand at a time, which keeps its order.
    """

    def __init__(self, worlds: Worlds, outbound: Outbound) -> None:
        self._worlds = worlds
        self._outbound = outbound
        self._wake = threading.Event()
        self._stopping = False
        self._indebted: set[str] = set()
        self._in_hand: set[Place] = set()
        self._handed: SimpleQueue[Place] = SimpleQueue()
        self._hands = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Starts the thread; worlds that still owed something when the service stopped are taken up first."""
        self._indebted.update(self._worlds.ids())
        threading.Thread(target=self._run, name="outbox", daemon=True).start()

    def wake(self, world_id: str) -> None:
        with self._lock:
            self._indebted.add(world_id)
        self._wake.set()

    def deliver(self, world_id: str) -> int:
        """Sends what is due in a world, in order, in the caller's own thread; returns how many were delivered.

        A queue that another thread has in hand is left to it.
        """
        delivered, blocked = 0, set[str]()
        while queue := next((queue for queue in self._due(world_id) if queue not in blocked), None):
            if not self._take(world_id, queue):
                blocked.add(queue)
                continue
            try:
                is_delivered = self._send_head(world_id, queue)
            finally:
                self._put_down(world_id, queue)
            if is_delivered:
                delivered += 1
            else:
                blocked.add(queue)
        return delivered

    def _run(self) -> None:
        while not self._stopping:
            with self._lock:
                due, self._indebted = self._indebted, set()
            for world_id in due:
                self._hand_out(world_id)
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()

    def _hand_out(self, world_id: str) -> None:
        """Hands the due queues of a world to free hands; what is still owed is looked at again."""
        try:
            for queue in self._due(world_id):
                if self._take(world_id, queue, HANDS_A_WORLD):
                    self._handed.put((world_id, queue))
                    self._have_hands()
            with self._worlds.transaction(world_id, reads_only=True):
                still_owed = waiting() > 0
        except (UnknownWorld, DamagedWorld) as error:  # the thread goes on for the other worlds
            log.warning("nothing can be delivered", world=world_id, reason=str(error))
            return
        except SQLAlchemyError as error:
            log.warning("delivery put off", world=world_id, reason=str(error))
            still_owed = True
        if still_owed:
            with self._lock:
                self._indebted.add(world_id)

    def _have_hands(self) -> None:
        """As many threads as there are queues in hand, up to the limit: most services never need one."""
        with self._lock:
            if self._hands >= min(HANDS, len(self._in_hand)):
                return
            self._hands += 1
            name = f"outbox-{self._hands}"
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while not self._stopping:
            world_id, queue = self._handed.get()
            try:
                for _ in range(IN_A_ROW):
                    if not self._send_head(world_id, queue):
                        break
            except (UnknownWorld, DamagedWorld, SQLAlchemyError) as error:
                log.warning("delivery put off", world=world_id, queue=queue, reason=str(error))
            finally:
                self._put_down(world_id, queue)
            self.wake(world_id)

    def _take(self, world_id: str, queue: str, most: int | None = None) -> bool:
        """Takes a queue in hand, unless it is already, or its world has as many as it may."""
        with self._lock:
            held = sum(world == world_id for world, _ in self._in_hand)
            if (world_id, queue) in self._in_hand or (most is not None and held >= most):
                return False
            self._in_hand.add((world_id, queue))
            return True

    def _put_down(self, world_id: str, queue: str) -> None:
        with self._lock:
            self._in_hand.discard((world_id, queue))

    def _due(self, world_id: str) -> list[str]:
        """The queues whose oldest pending call is due, in the order of these calls."""
        with self._worlds.transaction(world_id, reads_only=True):
            return [queue for (queue,) in _DUE.rows(connection(), moment=clock.real_now().isoformat())]

    def _send_head(self, world_id: str, queue: str) -> bool:
        """Sends the oldest pending call of a queue that is in hand; False when none is due or it was not taken."""
        statement = select(outbox).where(outbox.c.id.in_(_heads(queue)), _is_due())
        with self._worlds.transaction(world_id, reads_only=True):
            row = session().execute(statement).first()
        if row is None:
            return False
        error = self._send(row)
        # By its time too: after a reset or restore the number may be another call's.
        same = (outbox.c.id == row.id) & (outbox.c.posted_at == row.posted_at)
        with self._worlds.transaction(world_id):
            session().execute(update(outbox).where(same).values(**_outcome(row, error)))
        return error is None

    def _send(self, row: Any) -> str | None:
        """Sends one call; returns what went wrong, if anything."""
        try:
            answer = self._outbound.call("POST", row.url, json=wire.loads(row.body), attempts=1)
        except PeerError as error:
            return str(error)
        return None if answer.status < 300 else f"the receiver answered HTTP {answer.status}"


def _heads(queue: str | None = None) -> Select[tuple[int]]:
    """The oldest pending call of each queue, or of one."""
    heads = select(func.min(outbox.c.id)).where(outbox.c.state == "pending")
    return heads.group_by(outbox.c.queue) if queue is None else heads.where(outbox.c.queue == queue)


_DUE = Prepared(
    select(outbox.c.queue)
    .where(outbox.c.id.in_(_heads()), outbox.c.next_at <= bindparam("moment"))
    .order_by(outbox.c.id)
)


def _is_due() -> ColumnElement[bool]:
    return outbox.c.next_at <= clock.real_now().isoformat()


def _outcome(row: Any, error: str | None) -> dict[str, Any]:
    attempts = row.attempts + 1
    if error is None:
        return {"state": "delivered", "attempts": attempts, "last_error": None}
    log.warning("delivery failed", queue=row.queue, attempts=attempts, reason=error)
    state = "pending" if attempts < LAST_ATTEMPT else "given_up"
    return {
        "state": state,
        "attempts": attempts,
        "last_error": error,
        "next_at": _later(attempts).isoformat(),
    }


def _later(attempts: int) -> datetime:
    return clock.real_now() + timedelta(seconds=min(30.0, 0.25 * 2 ** min(attempts, 10)))
