"""One mock, started alone on a free port with one world in it, and an administrator's token for its API."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WORLD = "bench001"
CREDENTIALS = {
    "client_id": f"1000.{WORLD.upper()}ABCDEFGHIJ",
    "client_secret": "s" * 40,
    "refresh_token": f"1000.{WORLD}{'a' * 24}.{'b' * 32}",
}


@dataclass(frozen=True)
class Service:
    """A running mock."""

    url: str
    pid: int
    token: str

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Authorization", f"Zoho-oauthtoken {self.token}"),)

    def call(self, method: str, path: str, body: Any = None, **more: str) -> Any:
        """One call; the answer as JSON, None where it is empty."""
        raw = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(self.url + path, raw, {**dict(self.headers), **more}, method=method)
        with urllib.request.urlopen(asked, timeout=120) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def service(package: str, folder: Path, scenario: str = "empty", **settings: str) -> Iterator[Service]:
    """Starts `package` (mock_crm, mock_invoice) on `folder`, makes a world, signs in its administrator."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        "SIMULATOR_DATA": str(folder),
        "SIMULATOR_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    env[f"{package.removeprefix('mock_').upper()}_URL"] = url
    child = subprocess.Popen([sys.executable, "-P", "-m", "simulator.server", package], env=env)
    try:
        _wait(url)
        made = {"id": WORLD, "scenario": scenario, "credentials": CREDENTIALS}
        held = json.loads(urllib.request.urlopen(f"{url}/_sim/health").read())["worlds"]
        if WORLD not in held:
            _post(f"{url}/_sim/worlds", made)
        people = json.loads(urllib.request.urlopen(f"{url}/_sim/worlds/{WORLD}/people").read())["people"]
        admin = next(person["email"] for person in people if person["is_admin"])
        token = _post(f"{url}/_sim/worlds/{WORLD}/sign-in", {"email": admin})["access_token"]
        yield Service(url, child.pid, token)
    finally:
        child.terminate()
        child.wait()


def _post(url: str, body: Any) -> Any:
    asked = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.loads(answer.read())


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/_sim/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")


def free_port() -> int:
    sys.path.insert(0, str(ROOT))
    from simulator import ports

    return ports.free(1)
