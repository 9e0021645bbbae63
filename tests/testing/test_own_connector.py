"""A developer's own connector in our connector's place: what he is told, and what he is asked and notified of."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.wire import loads
from tests.support.live import Live, wait_for

pytestmark = pytest.mark.requirement("X10")


class Developer:
    """Somebody's connector: it notes who calls, and makes a customer of the account it is asked for."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str | None, Any]] = []
        self.makes = lambda account_id: "0"
        developer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                developer.heard.append((self.path, self.headers.get("Authorization"), json.loads(body)))
                made = developer.makes(self.path.rpartition("/")[2]) if self.path.startswith("/import") else "0"
                answer = json.dumps({"data": {"contact_id": made}}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                """The tests' output stays readable."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def developer() -> Iterator[Developer]:
    developer = Developer()
    yield developer
    developer.stop()


@pytest.fixture
def running(tmp_path: Path, developer: Developer) -> Iterator[Live]:
    """The products and the screens without our connector, told where the developer's answers."""
    addresses = ("--hook-url", f"{developer.url}/import", "--notify-url", f"{developer.url}/events")
    running = Live(tmp_path, "empty", "--without", "connector", *addresses)
    yield running
    running.stop()


def test_the_crm_notifies_and_invoice_asks_at_the_addresses_that_were_given(running: Live, developer: Developer):
    words = running.welcome.split()
    secret, token = (words[words.index(name) + 1] for name in ("hook_secret", "notification_token"))

    (made,) = running.crm.create_records("Accounts", [{"Account_Name": "Acme"}])

    wait_for(lambda: bool(developer.heard), 20)
    ((path, _, notice),) = developer.heard
    account = made["details"]["id"]
    assert (path, notice["token"], notice["module"], notice["ids"]) == ("/events", token, "Accounts", [account])

    developer.makes = lambda account_id: running.invoice.create_contact(
        {"contact_name": "Acme", "zcrm_account_id": account_id}
    )["contact_id"]
    answer = running.invoice.ask("POST", f"/crm/account/{account}/import")
    assert developer.heard[-1][:2] == (f"/import/account/{account}", secret)
    customer = running.invoice.contact(answer["data"]["contact_id"])
    assert customer is not None
    assert customer["zcrm_account_id"] == account


def test_the_first_sync_of_the_readme_needs_only_the_credentials(running: Live):
    running.crm.create_records("Accounts", [{"Account_Name": "Acme"}, {"Account_Name": "Zylker"}])
    program = Path(__file__).parents[2] / "examples/connectors/first_sync.py"

    said = [
        subprocess.run(
            [sys.executable, program], input=json.dumps(running.credentials), capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]

    assert said == ["2 customers added, 0 were there.\n", "0 customers added, 2 were there.\n"]
    assert {row["contact_name"] for row in running.invoice.contacts()} == {"Acme", "Zylker"}


def test_after_a_reset_the_world_is_told_again_by_a_command(running: Live, developer: Developer):
    running.command("reset")

    told = loads(running.command("tell-connector", "--notify-url", f"{developer.url}/again"))

    running.crm.create_records("Products", [{"Product_Name": "Anvil"}])
    wait_for(lambda: bool(developer.heard), 20)
    assert (developer.heard[-1][0], developer.heard[-1][2]["token"]) == ("/again", told["notification_token"])


def test_addresses_of_ones_own_are_refused_beside_our_connector(tmp_path: Path):
    result = CliRunner().invoke(main, ["up", "--data", str(tmp_path), "--hook-url", "http://127.0.0.1:9"])

    assert (result.exit_code, result.output) == (
        1,
        "--hook-url and --notify-url are for a connector of your own: start --without connector.\n",
    )
