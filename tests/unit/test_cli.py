"""The command line, against services with the real chassis where it needs some."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator import running
from simulator.cli import duration, main
from simulator.config import SERVICES
from simulator.happened import told_by_kind, told_each
from simulator.hub import Hub
from simulator.up import aligned, people_table
from tests.unit.stand_ins import served, service_app

Run = Callable[..., Result]
HEAVY = ("flask", "sqlalchemy", "requests", "granian", "marshmallow", "structlog")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Runs a command against a simulator on `tmp_path` that has one world."""
    with served({service: service_app(service, tmp_path) for service in SERVICES}) as urls:
        Hub(urls).create_world("demo0001", "empty")
        running.Run(running.Process.of(os.getpid()), {}, urls, "demo0001", "").save(tmp_path)
        yield lambda *words: CliRunner().invoke(main, words, env={"SIMULATOR_DATA": str(tmp_path)})


def test_starting_the_command_imports_nothing_heavy():
    code = f"""
import sys, simulator.cli, simulator.up, simulator.hub, simulator.launcher
print([name for name in {HEAVY} if name in sys.modules])
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90d", 7_776_000), ("1h30m", 5_400), ("45s", 45), ("2w", 1_209_600), ("12", 12), ("1D", 86_400)],
)
def test_lengths_of_time_are_read(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["3x", "", "-1d", "1.5h", "d"])
def test_what_is_no_length_of_time_is_refused(run, text):
    result = run("clock", "advance", "--", text)

    assert result.exit_code == 2
    assert "is no length of time such as 90d" in result.output


@pytest.mark.parametrize("command", [["reset"], ["world", "list"], ["clock"], ["credentials", "--json"]])
def test_without_a_simulator_it_says_so_in_one_line(tmp_path, command):
    result = CliRunner().invoke(main, [*command, "--data", str(tmp_path)])

    assert result.exit_code == 1
    assert result.output == f"No simulator runs on {tmp_path}; start one with: simulator up\n"


def test_stopping_where_none_runs_is_no_failure(tmp_path):
    for command in (["stop"], ["up", "--stop"]):
        result = CliRunner().invoke(main, [*command, "--data", str(tmp_path)])

        assert (result.exit_code, result.output) == (0, f"No simulator runs on {tmp_path}.\n")


def test_credentials_are_what_a_client_needs(run):
    found = json.loads(run("credentials", "--json").stdout)

    assert found.keys() == {
        "crm_url",
        "invoice_url",
        "connector_url",
        "web_url",
        "world",
        "client_id",
        "client_secret",
        "refresh_token",
        "organization_id",
        "time_zone",
        "crm_org_id",
        "people",
    }
    assert {person["email"]: person["profile"] for person in found["people"]} == {
        "asha@zylker.example": "Administrator",
        "sam@zylker.example": "Standard",
    }


def test_worlds_are_made_listed_and_deleted(run):
    made = run("world", "create", "--scenario", "empty").stdout.strip()

    assert run("world", "list").stdout.split()[:5] == ["World", "Name", "Scenario", "Made", "at"]
    assert made in run("world", "list").stdout
    assert run("world", "delete", made).exit_code == 0
    assert made not in run("world", "list").stdout


def test_what_a_service_refuses_is_one_line_and_exit_code_one(run):
    result = run("world", "create", "demo0001", "--scenario", "empty")

    assert (result.exit_code, result.output) == (1, "There is a world 'demo0001' already.\n")


def test_a_snapshot_is_kept_listed_and_restored(run):
    assert run("snapshot").stdout == "No snapshots.\n"
    assert run("snapshot", "before").exit_code == 0
    assert run("snapshot").stdout == "before\n"
    assert run("restore", "before").exit_code == 0
    assert run("restore", "after").output == "There is no snapshot 'after' of world 'demo0001'.\n"


def test_the_clock_is_shown_moved_and_brought_back_by_a_reset(run):
    run("clock", "freeze")
    shown = run("clock").stdout
    later = run("clock", "advance", "90d").stdout

    assert "(stands still; real time " in shown
    assert later[:10] > shown[:10]
    assert run("reset").exit_code == 0
    assert "(runs;" in run("clock").stdout


def test_people_are_shown_in_columns_administrators_first():
    people = [
        {"name": "Sam", "email": "sam@zylker.example", "profile": "Standard", "role": None, "is_admin": False},
        {
            "name": "Asha",
            "email": "asha@zylker.example",
            "profile": "Administrator",
            "role": "Admin",
            "is_admin": True,
        },
    ]

    assert people_table(people).splitlines() == [
        "  Name  Email                CRM profile    Invoice role",
        "  Asha  asha@zylker.example  Administrator  Admin",
        "  Sam   sam@zylker.example   Standard       -",
    ]
    assert aligned([("a", "b"), ("long", "c")]) == "  a     b\n  long  c"


def test_exec_gives_a_command_a_fresh_simulator_and_its_exit_code(tmp_path):
    code = """
import json, os, urllib.request
credentials = json.loads(os.environ["SIMULATOR_CREDENTIALS"])
with urllib.request.urlopen(os.environ["INVOICE_URL"] + "/_sim/health") as answer:
    print(json.load(answer)["worlds"], credentials["crm_url"] == os.environ["CRM_URL"])
raise SystemExit(7)
"""
    command = [sys.executable, "-m", "simulator", "exec", "--scenario", "empty", "--", sys.executable, "-c", code]

    shown = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (shown.returncode, shown.stdout, shown.stderr) == (7, "['demo0001'] True\n", "")


def test_what_happened_on_the_way_of_the_clock_is_a_line_for_each_kind_or_each_event():
    happened = [
        {"at": "2026-07-01T11:00:00+00:00", "kind": "auto_sync", "what": "Auto sync of Zylker", "count": 1},
        {"at": "2026-07-02T07:00:00+00:00", "kind": "invoice_due", "what": "2 invoices fall overdue", "count": 2},
        {"at": "2026-07-02T13:00:00+00:00", "kind": "auto_sync", "what": "Auto sync of Zylker", "count": 1},
        {"at": "2026-07-02T13:00:00+00:00", "kind": "new_kind", "what": "Something new", "count": 1},
    ]

    assert told_by_kind(happened).splitlines() == [
        "  What                  Times  First (UTC)       Last (UTC)",
        "  Auto sync             2      2026-07-01 11:00  2026-07-02 13:00",
        "  Invoice fell overdue  2      2026-07-02 07:00",
        "  New kind              1      2026-07-02 13:00",
    ]
    assert told_each(happened).splitlines()[:2] == [
        "  2026-07-01 11:00  Auto sync of Zylker",
        "  2026-07-02 07:00  2 invoices fall overdue",
    ]


def test_a_move_of_the_clock_is_told_to_programs_as_json(run):
    found = json.loads(run("clock", "advance", "90d", "--json").stdout)

    assert (found["happened"], found["clock"]["offset_seconds"]) == ([], 90 * 86_400)
