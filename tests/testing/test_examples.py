"""The examples run as they do at somebody else's: from their own folders, in parallel, with the plugin alone."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(folder: str, base: Path, *options: str) -> tuple[int, int, str]:
    """Exit code, tests passed and what was said."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={base}", *options]
    left = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(command, cwd=EXAMPLES / folder, env=left, capture_output=True, text=True, check=False)
    passed = re.search(r"(\d+) passed", done.stdout)
    return done.returncode, int(passed[1]) if passed else 0, done.stdout + done.stderr


@pytest.mark.requirement("X7")
def test_a_suite_of_another_project_runs_in_parallel_on_one_start_of_the_servers_a_worker(tmp_path):
    code, passed, said = run("reminders", tmp_path / "base", "-n", "2")

    assert (code, passed >= 20) == (0, True), said
    started = sorted(log.relative_to(tmp_path / "base").as_posix() for log in (tmp_path / "base").rglob("web.log*"))
    assert started == ["popen-gw0/zoho0/logs/web.log", "popen-gw1/zoho0/logs/web.log"]


@pytest.mark.requirement("X7", "X10")
def test_each_wrong_connector_is_caught_and_the_right_one_is_not(tmp_path):
    code, passed, said = run("connectors", tmp_path / "base")

    assert (code, passed) == (0, 11), said
