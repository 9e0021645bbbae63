"""The worker: one thread for runs, one for triggers, one for what time brings. Triggers never wait for a long sync."""

import threading
from collections.abc import Callable

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from connector.queue import serve_triggers, tick, work_once
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()

IDLE_SECONDS = 0.2
TICK_SECONDS = 1.0


class Worker:
    """Works on the runs and notices of all worlds of this connector."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._runs = threading.Event()
        self._notices = threading.Event()

    def start(self) -> None:
        for name, step, bell, pause in (
            ("runs", self._work, self._runs, IDLE_SECONDS),
            ("triggers", self._tick, self._notices, TICK_SECONDS),
        ):
            threading.Thread(target=self._loop, args=(step, bell, pause), name=name, daemon=True).start()

    def wake_runs(self) -> None:
        self._runs.set()

    def wake_triggers(self) -> None:
        self._notices.set()

    def _loop(self, step: Callable[[], bool], bell: threading.Event, pause: float) -> None:
        with self._app.app_context():
            while True:
                try:
                    busy = step()
                except (SQLAlchemyError, UnknownWorld):  # a locked file or a world just deleted: the next round sees
                    log.exception("worker step failed")
                    busy = False
                if not busy:
                    bell.wait(pause)
                    bell.clear()

    def _work(self) -> bool:
        worked = work_once()
        if worked:
            self.wake_triggers()  # a run may have found potentials whose notices were lost
        return worked

    def _tick(self) -> bool:
        """Ticks every world and serves the triggers that wait there."""
        worlds: Worlds = self._app.extensions["worlds"]
        served = False
        for world_id in worlds.ids():
            for connection_id in tick(world_id):
                serve_triggers(world_id, connection_id)
                served = True
        return served
