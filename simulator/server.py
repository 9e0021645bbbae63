"""Serves one of the four programs: a thin main process and one worker of sixteen threads."""

import gc
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

from simulator import ports
from simulator.config import Config, ConfigError, ServiceName

#: The service that each package is; the packages are started by name, never imported from here.
PACKAGES: dict[str, ServiceName] = {
    "web": "web",
    "mock_crm": "crm",
    "mock_invoice": "invoice",
    "connector": "connector",
}
THREADS = 16
GRACE_SECONDS = 4
#: A page of 200 records alone is some 1,000 objects, none of them in a cycle.
GARBAGE_THRESHOLD = 10_000


def serve(package: str) -> None:
    """Runs a program until it is told to stop; settings come from the environment (`Config`)."""
    try:
        config = Config.from_environment(PACKAGES[package])
    except ConfigError as error:
        _leave(str(error))
    if problem := ports.problem(config.host, config.port):
        _leave(problem)
    if config.database_url and (problem := importlib.import_module("simulator.postgres").problem(config.database_url)):
        _leave(problem)
    if launcher := os.environ.get("SIMULATOR_LAUNCHER_PID"):
        _stop_without(int(launcher))

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    MPServer(
        package,
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.error,
        log_access=False,
    ).serve(target_loader=_load_app)


def _load_app(package: str) -> Callable[..., Any]:
    """Runs in the worker: the application of a package."""
    _stop_without(os.getppid())
    sys.modules.update(dict.fromkeys(_unused(Config.from_environment(PACKAGES[package]))))  # type: ignore[arg-type]
    app: Callable[..., Any] = importlib.import_module(package).create_app()
    _spare_collector()
    return app


def _unused(config: Config) -> list[str]:
    """Libraries that others load wherever they are installed, and that nobody asks for here: a third of a second and
    20 MB. structlog takes rich for tracebacks in colour, huey all that it could keep its queue in."""
    queues = {"redis": config.redis_url, "psycopg": config.database_url}
    return ["rich", *(library for library, address in queues.items() if not address)]


def _spare_collector() -> None:
    """What was made at the start lives as long as the process: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 10, 10)


def _stop_without(parent: int) -> None:
    """Ends this process once the one that started it is gone, so that none is left behind by a killed parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _leave(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    # How the launcher starts a service: `python -m mock_crm` would import the whole application here as well.
    serve(sys.argv[1])
