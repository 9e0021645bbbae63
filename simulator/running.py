"""What runs on a data folder: `run.json` names the processes, told from strangers by their start times."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RUN_FILE = "run.json"
LOCK_FILE = "run.lock"
GRACE_SECONDS = 5.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Process:
    """A process and when it started; a number alone may belong to somebody else by now."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Process":
        return cls(pid, _start_of(pid) or "")

    def is_running(self) -> bool:
        return bool(self.started) and _start_of(self.pid) == self.started


@dataclass(frozen=True)
class Run:
    """A simulator on a data folder: the launcher (none once it has detached) and the services."""

    launcher: Process | None
    services: dict[str, Process]
    urls: dict[str, str]
    world: str
    started_at: str

    def is_running(self) -> bool:
        return any(process.is_running() for process in self.processes())

    def processes(self) -> list[Process]:
        return [*self.services.values(), *([self.launcher] if self.launcher else [])]

    def save(self, data: Path) -> None:
        unfinished = data / f"{RUN_FILE}.new"
        unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n")
        unfinished.replace(data / RUN_FILE)


def read(data: Path) -> Run | None:
    """The simulator that runs on a data folder, if any; a file that a killed launcher left behind is none."""
    try:
        found: dict[str, Any] = json.loads((data / RUN_FILE).read_text())
        run = Run(
            launcher=Process(**found["launcher"]) if found["launcher"] else None,
            services={name: Process(**process) for name, process in found["services"].items()},
            urls=found["urls"],
            world=found["world"],
            started_at=found["started_at"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if run.is_running() else None


def forget(data: Path) -> None:
    (data / RUN_FILE).unlink(missing_ok=True)


@contextlib.contextmanager
def starting(data: Path) -> Iterator[bool]:
    """Holds a data folder while a simulator is started on it; false when somebody else is at it."""
    with (data / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def throw_away_worlds(data: Path, services: Iterable[str]) -> None:
    """Removes the files of all worlds and nothing else: the folder may be one that holds other things too."""
    for service in services:
        for pattern in ("*.db", "*.db-*", "*.journal", "*.journal-*"):
            for path in (data / service).rglob(pattern):
                path.unlink(missing_ok=True)


def stop(run: Run) -> None:
    """Stops a simulator from outside: by its launcher when that still runs, and whatever is left after it."""
    if run.launcher is not None and run.launcher.is_running():
        os.kill(run.launcher.pid, signal.SIGTERM)
        _wait(run.processes(), GRACE_SECONDS + 2)
    end(run.services.values())


def end(processes: Iterable[Process]) -> None:
    """Ends processes with all of their groups: asks first, and kills those that have not gone after five seconds."""
    waited_for = [process for process in processes if _signal(process, signal.SIGTERM)]
    for process in _wait(waited_for, GRACE_SECONDS):
        _signal(process, signal.SIGKILL)
    _wait(waited_for, 1.0)


def _signal(process: Process, number: signal.Signals) -> bool:
    if not process.is_running():
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
    return True


def _wait(processes: list[Process], seconds: float) -> list[Process]:
    """Waits until the processes are gone; gives those that are still there in the end."""
    until = time.monotonic() + seconds
    while left := [process for process in processes if process.is_running()]:
        if time.monotonic() > until:
            break
        time.sleep(POLL_SECONDS)
    return left


def _start_of(pid: int) -> str | None:
    """When a process started, in the system's own words; nothing when there is none or it only waits to be reaped."""
    if sys.platform == "linux":
        try:
            # After the name, which may hold anything but ends at the last bracket: state is field 3, start field 22.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return None
        return None if fields[0] in "ZX" else f"{boot} {fields[19]}"
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return shown[1].strip() if len(shown) == 2 and not shown[0].startswith("Z") else None
