"""Bulk jobs are done by threads of the service, never inside a request.

What is to be done stands in the world's database, so that a restart takes it up: a read is begun anew, a write goes on
after the last rows that were committed. A poll could not do it: a GET only reads, and a job would wait for its poll.
"""

import threading
import time
from queue import SimpleQueue
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from mock_crm.bulk.doing import do
from mock_crm.bulk.model import UNFINISHED, Job
from mock_crm.database import db
from simulator.storage import DamagedWorld
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()

HANDS = 4
PAUSE_SECONDS = 1.0
STALE_ATTEMPTS = 20


class Worker:
    """Does the jobs of all worlds, of each world one after the other in the order in which they were asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._asked: set[str] = set()
        self._busy: set[str] = set()
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._hands = 0
        self._is_started = False

    @property
    def _worlds(self) -> Worlds:
        found: Worlds = self._app.extensions["worlds"]
        return found

    def start(self) -> None:
        """From now on there are threads; what was unfinished when the service stopped is taken up."""
        self._is_started = True
        for world_id in self._worlds.ids():
            self.wake(world_id)

    def wake(self, world_id: str) -> None:
        with self._lock:
            if not self._is_started or world_id in self._asked:
                return
            self._asked.add(world_id)
            if world_id in self._busy:
                return  # whoever has the world in hand looks again
            self._waiting.put(world_id)
            if self._hands >= min(HANDS, len(self._asked) + len(self._busy)):
                return
            self._hands += 1
        threading.Thread(target=self._run, name="bulk", daemon=True).start()

    def work(self, world_id: str) -> int:
        """Does all jobs of a world in the caller's own thread; returns how many there were."""
        done = 0
        while self._do_next(world_id):
            done += 1
        return done

    def busy(self) -> str | None:
        """What is under way in the world in context, for who waits until all is at rest."""
        count = db.session.execute(select(func.count()).where(Job.state.in_(UNFINISHED))).scalar_one()
        return f"{count} bulk jobs are under way" if count else None

    def _do_next(self, world_id: str) -> bool:
        """Does the oldest unfinished job; False when there is none."""
        with self._worlds.transaction(world_id, reads_only=True):
            number: Any = db.session.execute(select(func.min(Job.id)).where(Job.state.in_(UNFINISHED))).scalar()
        if number is None:
            return False
        for attempt in range(1, STALE_ATTEMPTS + 1):
            try:
                do(self._worlds, world_id, number)
                break
            except StaleDataError:
                if attempt == STALE_ATTEMPTS:
                    raise
        self._app.extensions["sender"].wake(world_id)
        return True

    def _run(self) -> None:
        while True:
            world_id = self._waiting.get()
            with self._lock:
                self._asked.discard(world_id)
                self._busy.add(world_id)
            is_put_off = False
            try:
                self.work(world_id)
            except (UnknownWorld, DamagedWorld) as error:  # the thread goes on for the other worlds
                log.warning("bulk jobs cannot be done", world=world_id, reason=str(error))
            except (SQLAlchemyError, StaleDataError) as error:
                log.warning("bulk jobs put off", world=world_id, reason=str(error))
                is_put_off = True
                time.sleep(PAUSE_SECONDS)
            with self._lock:
                self._busy.discard(world_id)
                if is_put_off:
                    self._asked.add(world_id)
                if world_id in self._asked:
                    self._waiting.put(world_id)
