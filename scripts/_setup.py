"""Makes .venv ready for a starter; only the standard library. `check EXTRAS` or `install EXTRAS` (a,b or nothing).

What is installed is noted in .venv/installed: when nothing changed since, a start skips pip altogether.
"""

import sys

ROOT = __file__.rpartition("/scripts/")[0]
VENV = f"{ROOT}/.venv"
PYTHON = f"{VENV}/bin/python"
NOTE = f"{VENV}/installed"
UNFINISHED = f"{VENV}/unfinished"
LOG = f"{VENV}/install.log"
PACKAGES = ("simulator", "mock_crm", "mock_invoice", "connector", "web")
HTMX = "django-htmx==1.29.0"


def read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def installed_extras(version: str) -> set[str] | None:
    """The extras that are installed, or nothing when what is there is not of this checkout, Python or pyproject."""
    place, _, rest = read(NOTE).partition("\n")
    extras, _, project = rest.partition("\n")
    if f"{ROOT} {version}" != place or project != read(f"{ROOT}/pyproject.toml"):
        return None
    return set(filter(None, extras.split(",")))


def python_version(python: str) -> str:
    """`3.11` of a Python that runs and has pip, else nothing."""
    import subprocess

    code = "import sys, pip; print(f'{sys.version_info.major}.{sys.version_info.minor}')"
    try:
        run = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True)
    except OSError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def install(extras: set[str]) -> None:
    import fcntl
    import os

    os.makedirs(VENV, exist_ok=True)
    with open(f"{VENV}/lock", "w") as lock:
        os.set_inheritable(lock.fileno(), True)  # so that a pip whose starter was killed is waited for
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another installation ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        done = installed_extras(python_version(PYTHON))
        if done is not None and extras <= done and not os.path.exists(UNFINISHED):
            return
        had = read(NOTE).split("\n")[1].split(",") if read(NOTE) else []
        wanted = extras | set(filter(None, had))
        say("Installing into .venv (the first time this takes a minute or two) ...")
        if os.path.exists(UNFINISHED) or not python_version(PYTHON):
            make_venv()
        open(UNFINISHED, "w").close()
        install_packages(wanted)
        with open(NOTE, "w", encoding="utf-8") as note:
            project = read(f"{ROOT}/pyproject.toml")
            note.write(f"{ROOT} {python_version(PYTHON)}\n{','.join(sorted(wanted))}\n{project}")
        os.remove(UNFINISHED)


def make_venv() -> None:
    """An empty environment in place of whatever is there (half made, of a Python that is gone)."""
    import os
    import shutil

    for name in os.listdir(VENV):
        if name != "lock":
            path = f"{VENV}/{name}"
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
    open(UNFINISHED, "w").close()
    ways = [
        [sys.executable, "-I", "-m", "venv", VENV],
        [shutil.which("virtualenv") or "virtualenv", "-q", "-p", sys.executable, VENV],  # where ensurepip is missing
        [sys.executable, "-m", "virtualenv", "-q", VENV],
    ]
    if not any(logged(way) and python_version(PYTHON) for way in ways):
        leave(
            "Python cannot make a virtual environment here: install the package python3-venv "
            f"(Debian, Ubuntu: apt-get install python3-venv) or virtualenv, then start this again. See {LOG}."
        )


def install_packages(extras: set[str]) -> None:
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    target = f"{ROOT}[{','.join(sorted(extras))}]" if extras else ROOT
    # "compat" puts the folder itself on the path: quicker at each start than setuptools' own import hook.
    if not logged([*pip, "--config-settings", "editable_mode=compat", "-e", target]):
        for line in read(LOG).splitlines()[-12:]:
            print(f"  {line}", file=sys.stderr)
        leave(f"The installation failed; the lines above are the end of {LOG}. Is the network there? Start this again.")
    if not logged([*pip, "--no-deps", HTMX]):
        say("The local copy of htmx could not be had; the pages take it from the CDN.")
    logged([PYTHON, "-m", "compileall", "-q", *(f"{ROOT}/{package}" for package in PACKAGES)])


def logged(command: list[str]) -> bool:
    """Runs a command with its output in the log; whether it went well."""
    import subprocess

    try:
        with open(LOG, "a", encoding="utf-8") as log:
            return (
                subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False).returncode
                == 0
            )
    except OSError:
        return False


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def leave(text: str) -> None:
    say(text)
    sys.exit(1)


def main() -> None:
    asked = set(filter(None, sys.argv[2].split(",")))
    if sys.argv[1] == "install":
        return install(asked)
    installed = installed_extras(f"{sys.version_info.major}.{sys.version_info.minor}")
    sys.exit(0 if installed is not None and asked <= installed else 1)


if __name__ == "__main__":
    main()
