"""Makes .venv-sdk, where the clients of others live that the tests drive; only the standard library.

They stay out of .venv, as their dependencies are not the project's. What is installed is noted in .venv-sdk/installed,
so that nothing is done when nothing changed since.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv-sdk"
PYTHON = VENV / "bin/python"
NOTE = VENV / "installed"
REQUIREMENTS = ROOT / "tests/sdk/requirements.txt"
SECONDS = 300


def wanted() -> str:
    """What the note says when the environment is of this checkout, Python and list."""
    return f"{ROOT} {sys.version}\n{REQUIREMENTS.read_text(encoding='utf-8')}"


def is_made() -> bool:
    try:
        return PYTHON.exists() and NOTE.read_text(encoding="utf-8") == wanted()
    except OSError:
        return False


def make() -> str:
    """Makes the environment anew, with the pip of the Python that runs this; what went wrong, or nothing."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--python", str(PYTHON)]
    steps = [
        [sys.executable, "-I", "-m", "venv", "--clear", "--without-pip", str(VENV)],
        [*pip, "install", "-q", "--retries", "1", "--timeout", "15", "-r", str(REQUIREMENTS)],
    ]
    for step in steps:
        try:
            done = subprocess.run(step, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip().rpartition("\n")[2]
    NOTE.write_text(wanted(), encoding="utf-8")
    return ""


def make_alone() -> str:
    """As `make`, while nobody else does."""
    import fcntl

    with (ROOT / ".venv/lock-sdk").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return "" if is_made() else make()


def main() -> int:
    """`check` only looks."""
    if is_made() or sys.argv[1:] == ["check"]:
        return not is_made()
    print("Installing the SDKs into .venv-sdk ...", file=sys.stderr, flush=True)
    if problem := make_alone():
        print(f"The SDKs could not be installed: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
