"""One owner per run: a lease row with a fencing number, measured in real time (reliability.md §2.5).

A worker takes over at once when the owner's process on this host is gone; from elsewhere it waits for the lease's end.
"""

import os
import socket
import threading
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import bindparam, select, update

from connector.database import db
from connector.errors import LostLease
from connector.models import Run
from connector.sync.crash import crash_point
from simulator import clock
from simulator.database import connection
from simulator.prepared import Prepared
from simulator.worlds import Worlds, is_held


def this_process() -> str:
    """Host, boot, pid and start of this process: the same pid after a restart is another owner."""
    return _process(os.getpid())


@cache
def _process(pid: int) -> str:
    return f"{socket.gethostname()}|{_boot()}|{pid}|{_started(pid)}"


def is_gone(owner: str) -> bool:
    """Whether the owner was a process of this host that does not run any more."""
    host, boot, pid, started = owner.split("|")
    if host != socket.gethostname():
        return False
    return boot != _boot() or _started(int(pid)) != started


@cache
def _boot() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else "-"


def _started(pid: int) -> str:
    """When a process began, in the kernel's own count; "-" where only its being alive can be told."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[19]
        except (FileNotFoundError, ProcessLookupError):
            return "gone"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "gone"
    return "-"


_FENCING = Prepared(select(Run.fencing).where(Run.id == bindparam("of_run")))


class Lease:
    """The right to write for one run, held in a `with` block; the owner asks `guard` in each transaction."""

    def __init__(self, app: Flask, world_id: str, run_id: int, fencing: int, seconds: float, renews: bool) -> None:
        self._app = app
        self._world_id = world_id
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease-{run_id}", daemon=True) if renews else None
        self.run_id = run_id
        self.fencing = fencing

    @classmethod
    def claim(cls, world_id: str, run_id: int) -> "Lease | None":
        """Takes a run that is queued, or whose owner is gone; None when it is somebody else's or ended, and while the
        world is held: what began now would write into what is put back.

        Runs in a transaction of its own that the caller has opened.
        """
        if is_held():
            return None
        config = current_app.extensions["config"]
        run = db.session.get(Run, run_id)
        if run is None or not (run.state in ("queued", "running") or run.kind == "trigger"):
            return None
        owner, until = run.lease_owner, run.lease_until
        held = owner is not None and until is not None and until > clock.real_now()
        if held and owner is not None and owner != this_process() and not is_gone(owner):
            return None
        if held and owner == this_process() and run.state == "running":
            return None  # another thread of this process is at it
        run.fencing += 1
        run.lease_owner = this_process()
        run.lease_until = clock.real_now() + timedelta(seconds=config.lease_seconds)
        run.state = "running"
        run.started_at = run.started_at or clock.now()
        db.session.flush()
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        return cls(app, world_id, run_id, run.fencing, config.lease_seconds, config.background)

    def __enter__(self) -> "Lease":
        crash_point("lease-taken")
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        worlds: Worlds = self._app.extensions["worlds"]
        with worlds.transaction(self._world_id):
            db.session.execute(
                update(Run)
                .where(Run.id == self.run_id, Run.fencing == self.fencing)
                .values(lease_owner=None, lease_until=None)
            )
        crash_point("lease-released")

    def guard(self) -> None:
        """To be asked in each transaction of the owner.

        Raises:
            LostLease: when somebody else has taken over meanwhile.
        """
        if _FENCING.rows(connection(), of_run=self.run_id) != [(self.fencing,)]:
            raise LostLease

    def _renew(self) -> None:
        worlds: Worlds = self._app.extensions["worlds"]
        while not self._stop.wait(self._seconds / 3):
            with worlds.transaction(self._world_id):
                until = clock.real_now() + timedelta(seconds=self._seconds)
                db.session.execute(
                    update(Run).where(Run.id == self.run_id, Run.fencing == self.fencing).values(lease_until=until)
                )
