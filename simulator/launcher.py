"""Starts the four services as processes of their own, waits until they answer, and stops those and only those."""

import http.client
import importlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from simulator import ports, running
from simulator.config import DEFAULT_PORT, DEFAULT_WORLD, SERVICES, ConfigError, ServiceName, database_url
from simulator.server import PACKAGES

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.02
START_SECONDS = 60.0
LINES_SHOWN = 25
#: What must be set before other machines are let in.
SHARED_NEEDS = ("SIMULATOR_SECRET", "SIMULATOR_ADMIN_TOKEN", "SIMULATOR_PASSWORD")


class LauncherError(Exception):
    """The simulator cannot start or has stopped; the message is for the person at the terminal."""


class PortTaken(LauncherError):
    """One of the four ports cannot be had."""


class Stopped(Exception):
    """Somebody asked to stop while the services were starting."""


def programs() -> dict[ServiceName, list[str]]:
    """How each service is started. Without the folder of the caller on the path: he may have a `web` of his own."""
    return {service: [sys.executable, "-P", "-m", "simulator.server", package] for package, service in PACKAGES.items()}


@dataclass(frozen=True)
class Plan:
    """What to start, where and on which data."""

    data: Path
    port: int = DEFAULT_PORT
    shared: bool = False
    fresh: bool = False
    world: str = DEFAULT_WORLD
    without: tuple[ServiceName, ...] = ()
    #: Addresses at which the services find each other where it is not the usual one (a proxy, another connector).
    addresses: Mapping[str, str] = field(default_factory=dict)
    #: Worlds in files of the folder, also where DATABASE_URL is set.
    in_files: bool = False
    programs: Mapping[ServiceName, list[str]] = field(default_factory=programs)

    @property
    def host(self) -> str:
        return "0.0.0.0" if self.shared else LOOPBACK

    @property
    def services(self) -> list[ServiceName]:
        return [service for service in SERVICES if service not in self.without]

    def port_of(self, service: ServiceName) -> int:
        return self.port + SERVICES.index(service)

    @property
    def urls(self) -> dict[str, str]:
        """Where each started service itself answers, whatever stands in front of it."""
        return {service: f"http://{LOOPBACK}:{self.port_of(service)}" for service in self.services}


class Simulator:
    """The services of one plan. `with Simulator(plan):` starts them and stops them at the end, come what may."""

    def __init__(self, plan: Plan, detached: bool = False) -> None:
        self.plan = plan
        self.detached = detached
        self.stop_asked = threading.Event()
        self._children: dict[ServiceName, subprocess.Popen[bytes]] = {}
        self._processes: dict[str, running.Process] = {}

    def __enter__(self) -> "Simulator":
        return self if self._children else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> "Simulator":
        """Starts the services and waits until all answer; if one does not, none is left running.

        Raises:
            LauncherError: when a simulator runs on the folder, a port is taken, or a service ends early.
            Stopped: when `stop_asked` was set meanwhile.
        """
        try:
            self.plan.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LauncherError(f"The data folder {self.plan.data} cannot be used: {error.strerror}.") from None
        with running.starting(self.plan.data) as is_ours:
            if not is_ours or running.read(self.plan.data):
                raise LauncherError(
                    f"A simulator runs on {self.plan.data} already; stop it with --stop or choose another --data."
                )
            self._check_settings()
            if self.plan.fresh:
                running.throw_away_worlds(self.plan.data, self.plan.services)
            try:
                for service in self.plan.services:
                    self._spawn(service)
                self._record()
                self._wait_until_ready(self.plan.services)
            except BaseException:
                self.stop()
                raise
        return self

    def watch(self) -> None:
        """Waits until somebody asks to stop.

        Raises:
            LauncherError: when a service ends by itself.
        """
        while not self.stop_asked.wait(0.2):
            self._check_children()

    def restart(self, services: list[ServiceName]) -> None:
        """Starts some services again.

        Raises:
            LauncherError: when one ends early; it is started again by the next call.
        """
        running.end([self._processes[service] for service in services])
        for service in services:
            self._children[service].wait()
            self._spawn(service)
        self._record()
        self._wait_until_ready(services)

    def stop(self) -> None:
        """Stops the services of this simulator, all at once."""
        if not self._children:
            return
        running.end(self._processes.values())
        for child in self._children.values():
            child.wait()
        self._children.clear()
        running.forget(self.plan.data)

    def log_of(self, service: str) -> Path:
        return self.plan.data / "logs" / f"{service}.log"

    def _check_settings(self) -> None:
        missing = [name for name in SHARED_NEEDS if not os.environ.get(name)]
        if self.plan.shared and missing:
            raise LauncherError(f"A shared simulator needs {' and '.join(missing)} to be set.")
        if problem := None if self.plan.in_files else _database_problem():
            raise LauncherError(problem)
        for service in self.plan.services:
            if problem := ports.problem(self.plan.host, self.plan.port_of(service)):
                raise PortTaken(problem)

    def _spawn(self, service: ServiceName) -> None:
        log = self.log_of(service)
        log.parent.mkdir(exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("wb") as output:
            child = subprocess.Popen(
                self.plan.programs[service],
                env=self._environment(service),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children[service] = child
        self._processes[service] = running.Process.of(child.pid)

    def _environment(self, service: ServiceName) -> dict[str, str]:
        env = dict(os.environ)
        for name in SERVICES:
            own = f"http://{LOOPBACK}:{self.plan.port_of(name)}"
            env[f"{name.upper()}_URL"] = self.plan.addresses.get(name, own)
        env.update(
            SIMULATOR_DATA=str(self.plan.data),
            SIMULATOR_HOST=self.plan.host,
            SIMULATOR_PORT=str(self.plan.port_of(service)),
            SIMULATOR_SHARED="1" if self.plan.shared else "0",
            SIMULATOR_SECRET=env.get("SIMULATOR_SECRET") or _kept_secret(self.plan.data),
            SIMULATOR_WORLD=self.plan.world,
            SIMULATOR_WITHOUT=",".join(self.plan.without),
            PYTHONUNBUFFERED="1",
        )
        if self.plan.in_files:
            env.pop("DATABASE_URL", None)
        if not self.detached:
            env["SIMULATOR_LAUNCHER_PID"] = str(os.getpid())
        checkout = Path(__file__).parent.parent
        if (checkout / "pyproject.toml").exists():
            env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(checkout), env.get("PYTHONPATH"))))
        return env

    def _wait_until_ready(self, waiting: list[ServiceName]) -> None:
        until = time.monotonic() + START_SECONDS
        while waiting := [service for service in waiting if not self._answers(service)]:
            if self.stop_asked.is_set():
                raise Stopped
            self._check_children()
            if time.monotonic() > until:
                raise LauncherError(f"{waiting[0]} did not answer within {START_SECONDS:.0f} s; see its log.")
            time.sleep(POLL_SECONDS)

    def _answers(self, service: ServiceName) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.plan.port_of(service), timeout=5)
        with closing(connection):
            try:
                connection.request("GET", "/_sim/health")
                answer = connection.getresponse()
                return answer.status == 200 and json.loads(answer.read()).get("service") == service
            except (OSError, http.client.HTTPException, ValueError):
                return False

    def _check_children(self) -> None:
        for service, child in self._children.items():
            if child.poll() is not None:
                lines = self.log_of(service).read_text(errors="replace").splitlines()[-LINES_SHOWN:]
                shown = "".join(f"{service} | {line}\n" for line in lines)
                is_taken = ports.problem(self.plan.host, self.plan.port_of(service)) is not None
                kind = PortTaken if is_taken else LauncherError
                raise kind(f"{shown}The {service} service has ended ({_how(child.returncode)}).")

    def _record(self) -> None:
        running.Run(
            launcher=None if self.detached else running.Process.of(os.getpid()),
            services=self._processes,
            urls=self.plan.urls,
            world=self.plan.world,
            started_at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        ).save(self.plan.data)


def stop_on_signals(act: Callable[[], None]) -> ExitStack:
    """Calls `act` on Ctrl-C, SIGTERM and SIGHUP (a closed terminal) until the returned stack is closed."""
    undo = ExitStack()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        before = signal.signal(number, lambda *_: act())
        undo.callback(signal.signal, number, before)
    return undo


def stop_running(data: Path) -> bool:
    """Stops the simulator on a data folder; false when none runs there."""
    run = running.read(data)
    if run is None:
        return False
    running.stop(run)
    running.forget(data)
    return True


def _database_problem() -> str | None:
    """Why the database of DATABASE_URL cannot be used, asked once before anything is started."""
    try:
        url = database_url()
    except ConfigError as error:
        return str(error)
    return importlib.import_module("simulator.postgres").problem(url) if url else None


def _kept_secret(data: Path) -> str:
    """The secret that signs cookies, kept beside the data so that a restart signs nobody out."""
    path = data / "secret"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
