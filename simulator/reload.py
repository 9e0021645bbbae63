"""For developing: restarts the services whose sources changed and shows what they print."""

import sys
from collections.abc import Iterator
from pathlib import Path

from simulator.config import ServiceName
from simulator.launcher import LauncherError, Simulator
from simulator.server import PACKAGES

ROOT = Path(__file__).parent.parent
SUFFIXES = (".py", ".html", ".json", ".yaml")
POLL_SECONDS = 0.5


def watch(simulator: Simulator) -> None:
    """Looks at the sources twice a second until somebody asks to stop; a service that ends waits for a change."""
    seen = _times()
    shown: dict[ServiceName, int] = {}
    while not simulator.stop_asked.wait(POLL_SECONDS):
        now = _times()
        changed = {path.relative_to(ROOT).parts[0] for path, _ in seen.items() ^ now.items()}
        seen = now
        services = [
            service
            for package, service in PACKAGES.items()
            if service in simulator.plan.services and changed & {package, "simulator"}
        ]
        if services:
            print(f"{', '.join(sorted(changed))} changed: starting {', '.join(services)} again", flush=True)
            try:
                simulator.restart(services)
            except LauncherError as error:
                print(str(error).splitlines()[-1], file=sys.stderr, flush=True)  # its log follows below
            shown = {service: at for service, at in shown.items() if service not in services}
        _follow(simulator, shown)


def _times() -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in _sources()}


def _sources() -> Iterator[Path]:
    for package in ("simulator", *PACKAGES):
        yield from (path for path in (ROOT / package).rglob("*") if path.suffix in SUFFIXES)


def _follow(simulator: Simulator, shown: dict[ServiceName, int]) -> None:
    for service in simulator.plan.services:
        with simulator.log_of(service).open(errors="replace") as log:
            log.seek(shown.get(service, 0))
            for line in log:
                print(f"{service} | {line.rstrip()}", flush=True)
            shown[service] = log.tell()
