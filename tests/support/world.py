"""A world of its own for each test: both mocks and the connector in one process, with the verbs a story needs."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask

import connector
import mock_crm
import mock_invoice
from connector.connections import current
from connector.peers import peers_of
from connector.queue import serve_triggers, tick, work_once
from simulator.clients.base import Grant
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.config import Config
from simulator.http import Outbound
from tests.support.databases import QUEUE, database_of
from tests.support.transport import WsgiAdapter

URLS = {name: f"http://{name}.test" for name in ("web", "crm", "invoice", "connector")}
ADMIN = "asha.rao@zylker.example"


class Simulator:
    """The three services of one test session; worlds are made in them."""

    def __init__(self, folder: Path) -> None:
        self.apps: dict[str, Flask] = {
            "crm": mock_crm.create_app(self._config("crm", folder)),
            "invoice": mock_invoice.create_app(self._config("invoice", folder)),
            "connector": connector.create_app(self._config("connector", folder)),
        }
        self.outbound = Outbound(user_agent="tests")
        for name, app in self.apps.items():
            for other, url in URLS.items():
                if other in self.apps:
                    app.extensions["outbound"].mount(url, WsgiAdapter(self.apps[other]))
            self.outbound.mount(URLS[name], WsgiAdapter(app))
        self._made = 0

    @staticmethod
    def _config(name: Any, folder: Path) -> Config:
        database = database_of(folder)
        queue = QUEUE if name == "connector" else None
        return Config(name=name, data_dir=folder, urls=URLS, background=False, database_url=database, redis_url=queue)

    def new_world(self, scenario: str = "empty") -> "World":
        self._made += 1
        return World(self, f"test{self._made:04d}", scenario)


class World:
    """One world: the clients of its products, and verbs for what people do in them."""

    def __init__(self, simulator: Simulator, world_id: str, scenario: str, keys: dict[str, str] | None = None) -> None:
        """Makes the world; with the keys of one that is there already, enters that one."""
        self.id = world_id
        self._token = ""
        self.apps = simulator.apps
        self.outbound = simulator.outbound
        self.keys = keys or {
            "client_id": f"1000.{world_id.upper()}ABCDEFGHIJ",
            "client_secret": "s" * 40,
            "refresh_token": f"1000.{world_id}{'a' * 24}.{'b' * 32}",
        }
        for name in self.apps if keys is None else ():
            body = {"id": world_id, "scenario": scenario, "credentials": self.keys}
            assert self.control(name, "POST", "", body).status == 201
        self.crm: CrmClient = CrmClient.of_grant(self.outbound, URLS["crm"], self._grant("crm"))
        self.invoice: InvoiceClient = InvoiceClient.of_grant(self.outbound, URLS["invoice"], self._grant("invoice"))

    def delete(self) -> None:
        for name in self.apps:
            self.control(name, "DELETE", f"/{self.id}")

    def _grant(self, name: str) -> Grant:
        return Grant(self.outbound, URLS[name], *self.keys.values())

    def control(self, service: str, method: str, path: str, body: Any = None) -> Any:
        """A call to a service's control routes."""
        return self.outbound.call(method, f"{URLS[service]}/_sim/worlds{path}", json=body)

    def sign_in(self, service: str, email: str = ADMIN) -> str:
        answer = self.control(service, "POST", f"/{self.id}/sign-in", {"email": email})
        assert answer.status == 200, answer.body
        return str(answer.json()["access_token"])

    def connector(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """A call to the connector's API as the administrator of Invoice."""
        if token is not None:
            return self._at_connector(method, path, body, token)
        self._token = self._token or self.sign_in("invoice")
        answer = self._at_connector(method, path, body, self._token)
        if answer.status == 401:  # it has run out, or the world was put back to before it was given
            self._token = self.sign_in("invoice")
            answer = self._at_connector(method, path, body, self._token)
        return answer

    def _at_connector(self, method: str, path: str, body: Any, token: str) -> Any:
        headers = {"Authorization": f"Zoho-oauthtoken {token}"}
        return self.outbound.call(method, f"{URLS['connector']}{path}", json=body, headers=headers, attempts=1)

    # what people do

    def new_zsc_key(self) -> str:
        """An administrator generates the CRM's ZSC key."""
        answer = self.crm.call("POST", "/crm/v8/settings/zsc_key")
        return str(answer.json()["zsc_key"]["key"])

    def connect(self, **settings: Any) -> None:
        """Connects the products and saves the settings, e.g. `contacts={"duplicates": "clone"}`."""
        answer = self.connector("POST", "/connection", {"email": ADMIN, "zsc_key": self.new_zsc_key()})
        assert answer.status == 201, answer.body
        self.configure(**settings)

    def configure(self, **settings: Any) -> None:
        answer = self.connector("PUT", "/connection/settings", settings)
        assert answer.status == 200, answer.body

    def sync(self) -> dict[str, Any]:
        """Instant Sync, worked on until it has ended; the run as the history shows it."""
        answer = self.connector("POST", "/connection/runs", {"kind": "instant"})
        assert answer.status == 202, answer.body
        self.settle()
        return self.run(answer.json()["run"]["id"])

    def run(self, run_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.connector("GET", f"/connection/runs/{run_id}").json()
        return found

    def ops(self, run_id: int, **filters: Any) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        found: list[dict[str, Any]] = self.connector(
            "GET", f"/connection/runs/{run_id}/ops?per_page=200&{query}"
        ).json()["ops"]
        return found

    def settle(self) -> None:
        """Lets everything that is under way come to its end: notices, runs, triggers."""
        for _ in range(20):
            delivered = self.apps["crm"].extensions["sender"].deliver(self.id)
            with self.apps["connector"].app_context():
                waiting = tick(self.id)
                worked = work_once()
                for connection_id in waiting:
                    serve_triggers(self.id, connection_id)
            if not (delivered or waiting or worked):
                return
        raise AssertionError("the world does not come to rest")

    # records

    def add(self, module: str, **values: Any) -> str:
        """Adds a CRM record and returns its id."""
        (outcome,) = self.crm.create_records(module, [values])
        assert outcome["code"] == "SUCCESS", outcome
        return str(outcome["details"]["id"])

    def add_account(self, name: str, **values: Any) -> str:
        return self.add("Accounts", Account_Name=name, **values)

    def add_potential(
        self, name: str, account: str | None, stage: str, amount: Any = Decimal("100"), **more: Any
    ) -> str:
        lookup = {"Account_Name": {"id": account}} if account else {}
        return self.add("Deals", Deal_Name=name, Stage=stage, Amount=amount, **lookup, **more)

    def change(self, module: str, record_id: str, **values: Any) -> None:
        (outcome,) = self.crm.update_records(module, [{"id": record_id, **values}])
        assert outcome["code"] == "SUCCESS", outcome

    def add_view(self, module: str, name: str, criteria: dict[str, Any]) -> str:
        """Adds a custom view and returns its id."""
        view = {"name": name, "access_type": "public", "fields": [{"api_name": "Account_Name"}], "criteria": criteria}
        answer = self.crm.call(
            "POST",
            "/crm/v8/settings/custom_views",
            params={"module": module},
            json={"custom_views": [{**view, "criteria": {"type": "value", **criteria}}]},
        )
        return str(answer.json()["custom_views"][0]["details"]["id"])

    def notify(self, potentials: list[str], token: str | None = None) -> Any:
        """Delivers a change notice as the CRM does, once more or with another token."""
        channel = self.channel()
        body = {"module": "Deals", "operation": "update", "ids": potentials, "token": token or channel["token"]}
        return self.outbound.call("POST", channel["notify_url"], json=body)

    def channel(self) -> dict[str, Any]:
        """The channel the connector watches the CRM by, with what its owner knows of it."""
        with self.apps["connector"].extensions["worlds"].transaction(self.id, reads_only=True):
            found = current()
            assert found is not None
            channel: dict[str, Any] = found.channel
        url = f"{URLS['connector']}/notifications/{self.id}/{channel['channel_id']}"
        return {**channel, "notify_url": url}

    def lose_notices(self) -> None:
        """From now on no change notice arrives: the channel is closed at the CRM."""
        with self.apps["connector"].extensions["worlds"].transaction(self.id, reads_only=True):
            found = current()
            assert found is not None
            crm, channel_id = peers_of(found).crm, found.channel["channel_id"]
        crm.unwatch(channel_id)

    def is_heard(self) -> bool:
        """Whether the CRM tells the connector of changes: its channel stands there."""
        with self.apps["connector"].extensions["worlds"].transaction(self.id, reads_only=True):
            found = current()
            assert found is not None
            crm, channel_id = peers_of(found).crm, found.channel["channel_id"]
        answer = crm.call("GET", f"/crm/v8/actions/watch?channel_id={channel_id}")
        return answer.status == 200 and bool(answer.json()["watch"])

    def customers(self) -> dict[str, dict[str, Any]]:
        return {row["contact_name"]: row for row in self.invoice.contacts()}

    def customer(self, name: str) -> dict[str, Any]:
        found = self.invoice.contact(self.customers()[name]["contact_id"])
        assert found is not None
        return found

    def writes(self, service: str) -> list[dict[str, Any]]:
        """The journal's entries of writes to records: no tokens, channels or settings."""
        answer = self.control(service, "GET", f"/{self.id}/journal?writes=1&limit=10000").json()["entries"]
        aside = ("/oauth/", "/actions/watch", "/settings/")
        return [entry for entry in answer if not any(part in entry["path"] for part in aside)]
