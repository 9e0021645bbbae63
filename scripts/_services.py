"""Runs a command beside a PostgreSQL and a Redis of its own, whose addresses it finds in TEST_DATABASE_URL and
TEST_REDIS_URL; both are stopped at its end, and nothing is left. Only the standard library."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
USER = "simulator"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
APT = ["apt-get", "install", "-y", "--no-install-recommends"]
MISSING = (
    "The tests with services need PostgreSQL and Redis; please install what is missing (Debian: apt-get install {})."
)
#: Nothing of it outlives the run, so that nothing need be safe from a loss of power.
DATABASE_SETTINGS = {
    "listen_addresses": HOST,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
    "max_connections": "300",
    "jit": "off",
}


class Unusable(Exception):
    """The services cannot be started; the message is for the person at the terminal."""


def postgres_program(name: str) -> str | None:
    """One of the server's programs: Debian keeps them off the path, in a folder for each version."""
    kept = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]), reverse=True)
    return next((path for path in [shutil.which(name), *kept] if path), None)


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def missing_packages() -> list[str]:
    has_database = all(map(postgres_program, ("initdb", "postgres")))
    return [*([] if has_database else ["postgresql"]), *([] if redis_program() else ["redis-server"])]


def install(packages: Sequence[str]) -> None:
    """Installs system packages where we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing {' and '.join(packages)} ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], [*APT, *packages]):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            say(f"{' '.join(command)}:\n{done.stderr.strip()}")


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the servers run as where we are root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unusable("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as.")


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A PostgreSQL server; its address, which has a password in it."""
    data, password, port = folder / "database", secrets.token_hex(16), free_port()
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)  # nobody else gets into the folder
    command = [str(postgres_program("initdb")), "-D", str(data), "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync"]
    command += ["--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **identity(folder)}
    made = subprocess.run(command, text=True, check=False, **options)
    if made.returncode:
        raise Unusable(f"The database could not be made:\n{made.stdout.strip()}")
    settings = {**DATABASE_SETTINGS, "port": str(port), "unix_socket_directories": ""}
    command = [str(postgres_program("postgres")), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    note = data / "postmaster.pid"  # its last line says how far the server is
    with running(command, folder, lambda: note.exists() and note.read_text().endswith("ready   \n"), signal.SIGINT):
        yield f"postgresql://{USER}:{password}@{HOST}:{port}/postgres"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing on disk; its address, which has a password in it."""
    password, port = secrets.token_hex(16), free_port()
    settings = folder / "redis.conf"
    settings.write_text(f'bind {HOST}\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n')
    with running([str(redis_program()), str(settings)], folder, lambda: listens(port), signal.SIGTERM):
        yield f"redis://:{password}@{HOST}:{port}/0"


@contextmanager
def running(command: list[str], folder: Path, is_ready: Callable[[], bool], stop: signal.Signals) -> Iterator[None]:
    """A server, from when it is ready until the block ends."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for the tests, which still need it to clean up.
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **identity(folder),
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not is_ready():
            if server.poll() is not None or time.monotonic() > until:
                raise Unusable(f"{Path(command[0]).name} did not start:\n{log.read_text(errors='replace').strip()}")
            time.sleep(0.05)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def identity(folder: Path) -> dict[str, Any]:
    """How a child is started as somebody without rights, where we have more than he needs."""
    somebody = unprivileged()
    if somebody is None:
        return {"cwd": folder}
    return {"cwd": folder, "user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


@contextmanager
def folder_of_servers() -> Iterator[Path]:
    """A folder for whoever the servers run as, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="simulator-services-"))
    try:
        if somebody := unprivileged():
            os.chown(folder, somebody.pw_uid, somebody.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])


def listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def run(command: Sequence[str]) -> int:
    """Runs the command beside both servers; its exit code. A signal to us is one to the command, which ends first."""
    if packages := missing_packages():
        install(packages)
    if packages := missing_packages():
        raise Unusable(MISSING.format(" ".join(packages)))
    stopped: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: stopped.append(number))
    with folder_of_servers() as folder, database(folder) as database_url, redis(folder) as redis_url:
        env = {**os.environ, "TEST_DATABASE_URL": database_url, "TEST_REDIS_URL": redis_url}
        with subprocess.Popen(command, env=env) as child:
            while child.poll() is None:
                if stopped:
                    child.send_signal(stopped.pop())
                time.sleep(0.1)
        return child.returncode if child.returncode >= 0 else 128 - child.returncode


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1:]))
    except Unusable as problem:
        say(str(problem))
        sys.exit(1)
