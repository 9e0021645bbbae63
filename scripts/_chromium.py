"""Prints the path of a Chromium for the browser tests, installing one where none is; only the standard library."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from glob import glob
from pathlib import Path

#: Without a window first, for it does the same with two thirds of the work.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
MAC_APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
APT = ["apt-get", "install", "-y", "--no-install-recommends", "fonts-dejavu-core"]
PLAYWRIGHTS_OWN = (
    "chromium_headless_shell-*/*/*headless*shell",
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def candidates() -> Iterator[str | None]:
    yield os.environ.get("SIM_CHROMIUM")
    yield from playwrights_own()
    yield from map(shutil.which, NAMES)
    for app in MAC_APPS:
        yield from glob(f"/Applications/{app}.app/Contents/MacOS/{app}")
        yield from glob(f"{Path.home()}/Applications/{app}.app/Contents/MacOS/{app}")


def playwrights_own() -> list[str]:
    """The newest first; looked up as files because asking Playwright costs a second."""
    default = "Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright"
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(Path.home() / default)
    return [path for name in PLAYWRIGHTS_OWN for path in sorted(glob(f"{folder}/{name}"), reverse=True)]


def find() -> str | None:
    return next((path for path in candidates() if path and os.access(path, os.X_OK)), None)


def install() -> None:
    """Playwright's own where downloads are allowed, else the system's where we may install it."""
    say("Installing a Chromium for the browser tests ...")
    python = str(Path(__file__).parent.parent / ".venv/bin/python")
    if quietly([python, "-m", "playwright", "install", "chromium"]) and find():
        return
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") and quietly(["apt-get", "update"]):
        _ = quietly([*APT, SHELL]) or quietly([*APT, "chromium"])


def quietly(command: list[str]) -> bool:
    """Runs a command, its output kept off ours; whether it went well."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    asked = os.environ.get("SIM_CHROMIUM")
    if asked and not os.access(asked, os.X_OK):
        say(f"SIM_CHROMIUM names {asked}, which is no program; looking for another Chromium.")
    if not find():
        install()
    found = find()
    if not found:
        say("No Chromium was found or could be installed: install one (Debian: chromium), or set SIM_CHROMIUM.")
        sys.exit(1)
    print(found)


if __name__ == "__main__":
    main()
