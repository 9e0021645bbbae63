"""Durable delivery of calls a service owes to others (notifications, hooks): a row in the transaction that caused it,
sent afterwards by one thread, in order per queue, until it is taken."""

import threading
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Column, Index, Integer, String, Table, Text, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from simulator import clock, wire
from simulator.database import common_metadata, session
from simulator.http import Outbound, PeerError
from simulator.storage import DamagedWorld
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()

LAST_ATTEMPT = 60
IDLE_SECONDS = 1.0

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
    values = {"queue": queue, "url": url, "body": wire.dumps(body).decode(), "next_at": moment}
    session().execute(insert(outbox).values(posted_at=moment, **values))


def waiting() -> int:
    """How many calls are still owed."""
    return int(session().execute(select(func.count()).where(outbox.c.state == "pending")).scalar_one())


class Sender:
    """Delivers what the worlds of one service owe; one thread, woken after each commit that owed something."""

    def __init__(self, worlds: Worlds, outbound: Outbound) -> None:
        self._worlds = worlds
        self._outbound = outbound
        self._wake = threading.Event()
        self._stopping = False
        self._indebted: set[str] = set()
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
        """Sends what is due in a world, in order; returns how many were delivered."""
        delivered, blocked = 0, set[str]()
        while row := self._next(world_id, blocked):
            error = self._send(row)
            with self._worlds.transaction(world_id):
                session().execute(update(outbox).where(outbox.c.id == row.id).values(**_outcome(row, error)))
            if error is None:
                delivered += 1
            else:
                blocked.add(row.queue)
        return delivered

    def _run(self) -> None:
        while not self._stopping:
            with self._lock:
                due, self._indebted = self._indebted, set()
            for world_id in due:
                self._deliver_all(world_id)
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()

    def _deliver_all(self, world_id: str) -> None:
        try:
            self.deliver(world_id)
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

    def _next(self, world_id: str, blocked: set[str]) -> Any:
        """The oldest pending call of the first queue that is due and not blocked by a failed one."""
        heads = select(func.min(outbox.c.id)).where(outbox.c.state == "pending").group_by(outbox.c.queue).subquery()
        statement = (
            select(outbox)
            .where(outbox.c.id.in_(select(heads)), outbox.c.next_at <= clock.real_now().isoformat())
            .where(outbox.c.queue.not_in(blocked))
            .order_by(outbox.c.id)
            .limit(1)
        )
        with self._worlds.transaction(world_id, reads_only=True):
            return session().execute(statement).first()

    def _send(self, row: Any) -> str | None:
        """Sends one call; returns what went wrong, if anything."""
        try:
            answer = self._outbound.call("POST", row.url, json=wire.loads(row.body), attempts=1)
        except PeerError as error:
            return str(error)
        return None if answer.status < 300 else f"the receiver answered HTTP {answer.status}"


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
