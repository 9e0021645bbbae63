"""Starting a simulator for a person (`up`) or for one command (`exec`), with a world in it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator import launcher, ports
from simulator.config import SERVICES
from simulator.hub import Hub
from simulator.launcher import LauncherError, Plan, PortTaken, Simulator, Stopped

TITLES = {"web": "Screens", "crm": "CRM API", "invoice": "Invoice API", "connector": "Connector API"}
DEFAULT_SCENARIO = "demo"
START_ATTEMPTS = 5
#: Exit code of a command that was asked to stop before it began, as shells have it.
INTERRUPTED = 130


def run(plan: Plan, *, scenario: str | None, detach: bool, reload: bool, own: Mapping[str, str]) -> None:
    """Starts everything, sees to it that there is a world, says where and who, and waits (unless `detach`).

    Args:
        own: where a connector in place of ours answers (`own_connector.tell`), if anywhere.

    Raises:
        LauncherError: when it cannot start, or a service ends by itself.
        HubError: when the world cannot be made.
    """
    simulator = Simulator(plan, detached=detach)
    with launcher.stop_on_signals(simulator.stop_asked.set), suppress(Stopped):
        try:
            simulator.start()
            hub = hub_of(plan)
            _ensure_world(hub, plan, scenario)
            told = _told(hub, plan.world, own) if own else {}
            _say(welcome(plan, hub.people(plan.world), detach, told))
            if detach:
                return
            _watch(simulator, reload)
        except BaseException:
            simulator.stop()
            raise
        simulator.stop()


def run_command(command: Sequence[str], scenario: str, without: tuple[Any, ...] = ()) -> int:
    """Runs a command against a fresh simulator on free ports and gives its exit code."""
    with (
        launcher.stop_on_signals(lambda: sys.exit(INTERRUPTED)),
        tempfile.TemporaryDirectory(prefix="simulator-") as folder,
        start_somewhere(Plan(data=Path(folder), without=without, in_files=True)) as simulator,
    ):
        plan = simulator.plan
        hub = hub_of(plan)
        hub.create_world(plan.world, scenario)
        env = {
            **os.environ,
            **{f"{service.upper()}_URL": address for service, address in plan.urls.items()},
            "SIMULATOR_CREDENTIALS": json.dumps(hub.credentials(plan.world)),
            "SIMULATOR_DATA": folder,
            "SIMULATOR_WORLD": plan.world,
        }
        return _run_in_front(command, env)


def hub_of(plan: Plan) -> Hub:
    return Hub(plan.urls, os.environ.get("SIMULATOR_ADMIN_TOKEN"))


def welcome(plan: Plan, people: Iterable[dict[str, Any]], detached: bool, told: Mapping[str, str] | None = None) -> str:
    """What is printed once all is ready."""
    host = socket.gethostname() if plan.shared else launcher.LOOPBACK
    urls = {service: f"http://{host}:{plan.port_of(service)}" for service in plan.services}
    services = aligned([(TITLES[service], url) for service, url in urls.items()])
    end = "up --stop" if detached else "Ctrl-C"
    own = f"For your own connector:\n\n{aligned(list(told.items()))}\n\n" if told else ""
    return (
        f"The simulator is ready: {urls['web']}\n\n{services}\n\n{own}"
        f"Who can sign in (world {plan.world}):\n\n{people_table(people)}\n\n"
        f"{end} stops it; the data stays in {plan.data} (--fresh starts over)."
    )


def people_table(people: Iterable[dict[str, Any]]) -> str:
    rows = [
        (each["name"], each["email"], each["profile"] or "-", each["role"] or "-")
        for each in sorted(people, key=lambda each: (not each["is_admin"], each["name"]))
    ]
    return aligned([("Name", "Email", "CRM profile", "Invoice role"), *rows])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns under each other, indented a little."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _ensure_world(hub: Hub, plan: Plan, scenario: str | None) -> None:
    world = plan.world
    worlds = {each["id"]: each for each in hub.worlds()}
    if plan.fresh:  # worlds that are not files, on a database server
        for each in worlds:
            hub.delete_world(each)
        worlds = {}
    if world not in worlds:
        hub.create_world(world, scenario or DEFAULT_SCENARIO)
    elif scenario and worlds[world]["scenario"] != scenario:
        raise LauncherError(
            f"World {world} was made from the scenario {worlds[world]['scenario']}; "
            f"start with --fresh to start over with {scenario}."
        )


def _told(hub: Hub, world: str, own: Mapping[str, str]) -> dict[str, str]:
    from simulator.own_connector import tell  # the clients of the products cost a start that does not call them

    return tell(hub, world, **own)


def _say(text: str) -> None:
    """Prints, if anybody is listening: a reader that has gone (`up --detach | head -1`) is no reason to stop."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the flush at exit is none either


def _watch(simulator: Simulator, reload: bool) -> None:
    if reload:
        from simulator.reload import watch

        watch(simulator)
    else:
        simulator.watch()


def start_somewhere(plan: Plan) -> Simulator:
    """A simulator on free ports; somebody may take one in the moment between the look and the start."""
    for _ in range(START_ATTEMPTS - 1):
        with suppress(PortTaken):
            return Simulator(replace(plan, port=ports.free(len(SERVICES)))).start()
    return Simulator(replace(plan, port=ports.free(len(SERVICES)))).start()


def _run_in_front(command: Sequence[str], env: dict[str, str]) -> int:
    """Runs a command in the foreground: Ctrl-C reaches it by itself, other requests to stop are passed on."""
    try:
        child = subprocess.Popen(command, env=env)
    except OSError as error:
        raise LauncherError(f"{command[0]} cannot be run: {error.strerror}.") from None
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        **{
            number: signal.signal(number, lambda number, _: child.send_signal(number))
            for number in (signal.SIGTERM, signal.SIGHUP)
        },
    }
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if code < 0:
        print(f"{command[0]} was ended by {signal.Signals(-code).name}.", file=sys.stderr)
    return code if code >= 0 else 128 - code
