"""Clients of others drive running servers, changed in nothing but the address: the vendor's own Python SDKs the CRM,
and two clients from PyPI Invoice.

They keep global state and bring dependencies of their own, so each scenario is a script in an environment of its own
(.venv-sdk, made by scripts/test). It tells a line of JSON for each step, and each step is a test here.
"""

import ast
import fcntl
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simulator import ports
from simulator.config import SERVICES
from simulator.http import Outbound
from simulator.launcher import Plan, Simulator
from tests.support.databases import database_of, drop_database_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHON = ROOT / ".venv-sdk/bin/python"
#: Each client, by the folder of its steps: the service it calls, and the fewest steps its scenario has to have.
SDKS = {"v2": ("crm", 45), "v8": ("crm", 45), "with_pyzohoapi": ("invoice", 40), "with_zohobooks": ("invoice", 40)}
SECONDS = 300
WORLD = "sdkworld"
PROBLEM = "problem"

#: By the name of the step: whether it went well, and what it says if not.
Outcomes = dict[str, dict[str, Any]]


def steps_of(sdk: str) -> list[str]:
    """The names of a scenario's steps as they stand in its source; the SDK cannot be imported here."""
    return [
        f"{file.stem}.{part.name}"
        for file in sorted((HERE / sdk).glob("*.py"))
        for part in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(part, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == "step" for mark in part.decorator_list)
    ]


def in_its_group(sdk: str, *more: str) -> Any:
    """The tests of one SDK stay together, so that no process waits for the scenario that another one plays."""
    return pytest.param(sdk, *more, marks=pytest.mark.xdist_group(f"sdk-{sdk}"), id="-".join((sdk, *more)))


@pytest.fixture(scope="session")
def environment() -> None:
    """Skips where the SDKs are not installed; continuous integration has to have them."""
    if subprocess.run([sys.executable, "-IS", ROOT / "scripts/_sdks.py", "check"], check=False).returncode == 0:
        return
    reason = "the SDKs are not installed in .venv-sdk: scripts/test does it where there is a network"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def outcomes_of(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcomes]:
    """What the steps of an SDK's scenario came to; it is played once, also where several processes run the tests."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @cache
    def outcomes(sdk: str) -> Outcomes:
        kept = shared / f"sdk-{sdk}.json"
        with (shared / f"sdk-{sdk}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(json.dumps(attempt(sdk, tmp_path_factory.mktemp(f"sdk-{sdk}"))), encoding="utf-8")
        found: Outcomes = json.loads(kept.read_text(encoding="utf-8"))
        return found

    return outcomes


def attempt(sdk: str, folder: Path) -> Outcomes:
    """As `play`; what went wrong besides the steps is told too, so that nobody tries again for each of them."""
    try:
        return play(sdk, folder)
    except Exception:
        return {PROBLEM: {"ok": False, "detail": traceback.format_exc()}}


def play(sdk: str, folder: Path) -> Outcomes:
    """Plays a scenario on a service that runs as a process of its own, with a world of its own."""
    service, _ = SDKS[sdk]
    database = database_of(folder)
    others = tuple(name for name in SERVICES if name != service)
    plan = Plan(folder, ports.free(len(SERVICES)), without=others, in_files=not database)
    with pytest.MonkeyPatch.context() as patch:
        if database:
            patch.setenv("DATABASE_URL", database)
        with Simulator(plan):
            found = told(sdk, {**new_world(plan.urls[service]), "folder": str(folder)})
    drop_database_of(folder)
    return found


def new_world(url: str) -> dict[str, str]:
    keys = {
        "client_id": f"1000.{WORLD.upper()}ABCDEFGHIJ",
        "client_secret": "s" * 40,
        "refresh_token": f"1000.{WORLD}{'a' * 24}.{'b' * 32}",
    }
    body = {"id": WORLD, "scenario": "empty", "credentials": keys}
    answer = Outbound(user_agent="tests").call("POST", f"{url}/_sim/worlds", json=body)
    assert answer.status == 201, answer.body
    return {"url": url, "world": WORLD, **keys}


def told(sdk: str, world: dict[str, str]) -> Outcomes:
    """What the script says of its steps, which runs in the SDKs' environment."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [PYTHON, HERE / f"scenario_{sdk}.py"],
        input=json.dumps(world),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**own, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    ended_early = {PROBLEM: {"ok": False, "detail": done.stderr}} if done.returncode != 0 else {}
    return {outcome["step"]: outcome for outcome in outcomes} | ended_early


@pytest.mark.parametrize(("sdk", "step"), [in_its_group(sdk, name) for sdk in SDKS for name in steps_of(sdk)])
def test_a_step_of_a_client_does_what_it_says(outcomes_of: Callable[[str], Outcomes], sdk: str, step: str):
    outcomes = outcomes_of(sdk)

    outcome = outcomes.get(step) or outcomes.get(PROBLEM)
    assert outcome, "the scenario does not play the part that has this step"
    assert outcome["ok"], outcome["detail"]


@pytest.mark.parametrize("sdk", [in_its_group(sdk) for sdk in SDKS])
def test_a_scenario_is_wide(outcomes_of: Callable[[str], Outcomes], sdk: str):
    assert sum(outcome["ok"] for outcome in outcomes_of(sdk).values()) >= SDKS[sdk][1]
