"""A simulator of real processes on free ports, started and steered as a user does: by the command line and HTTP."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator import ports, running
from simulator.clients.base import Grant
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.config import DEFAULT_WORLD, SERVICES
from simulator.http import Answer, Outbound, PeerError
from simulator.wire import loads

ADMIN = "asha.rao@zylker.example"
ROOT = Path(__file__).parents[2]


class Live:
    """Four running services with one world, and what a person or a client does with them."""

    def __init__(self, data: Path, scenario: str = "empty", *options: str) -> None:
        self.data = data
        self._restarted: subprocess.Popen[bytes] | None = None
        self.port = ports.free(len(SERVICES))
        self.welcome = self.command("up", "--detach", "--scenario", scenario, "--port", str(self.port), *options)
        self.credentials = loads(self.command("credentials", "--json"))
        self.outbound = Outbound(user_agent="tests")
        self.crm: CrmClient = CrmClient.of_grant(self.outbound, self.url("crm"), self._grant("crm"))
        self.invoice: InvoiceClient = InvoiceClient.of_grant(self.outbound, self.url("invoice"), self._grant("invoice"))
        self._connector_grant = self._grant("invoice")

    def url(self, service: str) -> str:
        return str(self.credentials[f"{service}_url"])

    def _grant(self, service: str) -> Grant:
        names = ("client_id", "client_secret", "refresh_token")
        return Grant(self.outbound, self.url(service), *(self.credentials[name] for name in names))

    def command(self, *words: str, exit_code: int = 0) -> str:
        """Runs `simulator …` and returns what it printed."""
        environment = {**os.environ, "SIMULATOR_DATA": str(self.data), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "simulator", *words], capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == exit_code, f"simulator {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def stop(self) -> None:
        self.command("stop")

    def connector(self, method: str, path: str, body: Any = None) -> Any:
        """A call to the connector's API as an administrator of Invoice; its JSON."""
        token = self._connector_grant.token()
        answer = self._at_connector(method, path, body, token)
        if answer.status == 401:  # it has run out in the world's time
            answer = self._at_connector(method, path, body, self._connector_grant.renew(token))
        assert answer.status < 300, answer.body
        return answer.json()

    def _at_connector(self, method: str, path: str, body: Any, token: str) -> Answer:
        headers = {"Authorization": f"Zoho-oauthtoken {token}"}
        url = f"{self.url('connector')}{path}"
        return self.outbound.call(method, url, json=body, headers=headers, repeatable=True)

    def connect(self, **settings: Any) -> None:
        key = self.crm.call("POST", "/crm/v8/settings/zsc_key").json()["zsc_key"]["key"]
        self.connector("POST", "/connection", {"email": ADMIN, "zsc_key": key})
        self.connector("PUT", "/connection/settings", settings)

    def sync(self) -> dict[str, Any]:
        """Instant Sync; returns the ended run with its totals and reasons, once its notices are worked off too."""
        run_id = self.connector("POST", "/connection/runs", {"kind": "instant"})["run"]["id"]
        wait_for(lambda: self.run(run_id)["run"]["state"] not in ("queued", "running"), 60)
        self.settle()
        return self.run(run_id)

    def run(self, run_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.connector("GET", f"/connection/runs/{run_id}")
        return found

    def trigger_run(self) -> dict[str, Any]:
        (row,) = self.connector("GET", "/connection/runs?kind=trigger")["runs"]
        return self.run(row["id"])

    def settle(self, seconds: float = 180) -> None:
        """Waits until no notification and no run is under way."""
        wait_for(lambda: all(self._is_at_rest(name) for name in ("crm", "connector")), seconds)

    def _is_at_rest(self, service: str) -> bool:
        try:
            url = f"{self.url(service)}/_sim/worlds/{DEFAULT_WORLD}/rest"
            return self.outbound.call("POST", url, json={}, attempts=1).status == 200
        except PeerError:
            return False

    def kill_connector(self) -> None:
        """SIGKILL to every process of the connector at once: nothing of it can clean up."""
        run = running.read(self.data)
        pid = self._restarted.pid if self._restarted else (run.services["connector"].pid if run else 0)
        os.killpg(pid, signal.SIGKILL)
        if self._restarted:
            self._restarted.wait()

    def start_connector(self) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SIMULATOR_DATA": str(self.data),
            "SIMULATOR_PORT": str(self.port + SERVICES.index("connector")),
            **{f"{name.upper()}_URL": self.url(name) for name in SERVICES},
        }
        with (self.data / "logs" / "connector.log").open("ab") as log:
            self._restarted = subprocess.Popen(
                [sys.executable, "-m", "connector"], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(self._answers, 20)

    def _answers(self) -> bool:
        try:
            return self.outbound.call("GET", f"{self.url('connector')}/_sim/health", attempts=1).status == 200
        except PeerError:
            return False

    def stop_restarted(self) -> None:
        if self._restarted is not None:
            os.killpg(self._restarted.pid, signal.SIGKILL)
            self._restarted.wait()


def wait_for(is_so: Callable[[], bool], seconds: float) -> None:
    """Polls until something is so.

    Raises:
        AssertionError: when it is not so in time.
    """
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not so within {seconds} s"
        time.sleep(0.1)
