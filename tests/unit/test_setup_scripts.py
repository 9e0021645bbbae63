"""The starters: what they do before Python packages are there, and that they do next to nothing once they are."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.requirement("X2")
TOOLS = ("sh", "cat", "dirname", "readlink")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The starters in a folder of their own, with a .venv that was made and noted before."""
    folder = tmp_path / "a checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("up", "test", "_setup.sh", "_setup.py", "_chromium.py"):
        (folder / "scripts" / name).write_bytes((ROOT / "scripts" / name).read_bytes())
        (folder / "scripts" / name).chmod(0o755)
    (folder / "pyproject.toml").write_text("[project]\nname = 'tried'\n")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    note_installed(folder, "")
    return folder


def note_installed(folder: Path, extras: str, version: str | None = None) -> None:
    version = version or f"{sys.version_info.major}.{sys.version_info.minor}"
    project = (folder / "pyproject.toml").read_text()
    (folder / ".venv/installed").write_text(f"{folder} {version}\n{extras}\n{project}")


def check(folder: Path, extras: str = "") -> bool:
    command = [sys.executable, "-IS", str(folder / "scripts/_setup.py"), "check", extras]
    return subprocess.run(command, check=False).returncode == 0


def test_a_second_start_skips_the_installation(checkout):
    note_installed(checkout, "dev,pdf")

    assert check(checkout)
    assert check(checkout, "dev")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "pyproject.toml").write_text("changed"),
        lambda folder: (folder / ".venv/installed").unlink(),
        lambda folder: note_installed(folder, "", version="3.9"),
        lambda folder: folder.rename(folder.with_name("moved")),
    ],
    ids=["pyproject changed", "interrupted", "another Python", "moved"],
)
def test_an_installation_that_does_not_fit_any_more_is_noticed(checkout, change):
    change(checkout)

    assert not check(checkout if checkout.exists() else checkout.with_name("moved"))


def test_extras_that_are_missing_are_noticed(checkout):
    assert not check(checkout, "dev")


def test_looking_costs_little(checkout):
    script = f'root="{checkout}"; . "$root/scripts/_setup.sh"; set_up ""; echo "$python"'
    started = time.perf_counter()
    shown = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True)

    assert shown.stdout == f"{checkout}/.venv/bin/python\n"
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("starter", ["up", "test"])
def test_without_a_python_one_line_says_what_to_do(checkout, tmp_path, starter):
    (checkout / ".venv/bin/python").unlink()
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in TOOLS:
        found = next(Path(folder) / tool for folder in os.defpath.split(":") if (Path(folder) / tool).exists())
        (tools / tool).symlink_to(found)
    link = tmp_path / "start"
    link.symlink_to(checkout / "scripts" / starter)

    shown = subprocess.run([link], capture_output=True, text=True, check=False, env={"PATH": str(tools)}, cwd="/")

    assert shown.returncode == 1
    assert shown.stderr.startswith("Python 3.11 or newer is needed: install it")
    assert shown.stderr.count("\n") == 1


def test_a_chromium_that_is_named_is_taken(tmp_path):
    browser = tmp_path / "my browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    env = {**os.environ, "SIM_CHROMIUM": str(browser)}

    shown = subprocess.run(
        [sys.executable, ROOT / "scripts/_chromium.py"], capture_output=True, text=True, env=env, check=True
    )

    assert shown.stdout == f"{browser}\n"


def test_playwrights_own_chromium_goes_before_the_systems(tmp_path):
    own = tmp_path / "chromium-1200/chrome-linux/chrome"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    env = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    env.pop("SIM_CHROMIUM", None)

    shown = subprocess.run(
        [sys.executable, ROOT / "scripts/_chromium.py"], capture_output=True, text=True, env=env, check=True
    )

    assert shown.stdout == f"{own}\n"
