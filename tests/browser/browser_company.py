"""A company of a story's own at the running programs: its screens in a page, its products by their APIs."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from simulator.clients.base import Grant
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.http import Outbound
from simulator.hub import Hub

ADMIN = "asha.rao@zylker.example"
SYNC_MS = 30_000


class Company:
    """A world with people and, but for other scenarios, no records; and what a story has to find there."""

    def __init__(self, urls: dict[str, str], world: str, scenario: str = "empty") -> None:
        self._urls = urls
        self._outbound = Outbound(urls.values(), user_agent="tests")
        self.world = world
        self.site = urls["web"]
        self.hub = Hub(urls)
        keys = self.hub.create_world(world, scenario).values()
        self.crm: CrmClient = CrmClient.of_grant(self._outbound, urls["crm"], Grant(self._outbound, urls["crm"], *keys))
        self.invoice: InvoiceClient = InvoiceClient.of_grant(
            self._outbound, urls["invoice"], Grant(self._outbound, urls["invoice"], *keys)
        )

    def leave(self) -> None:
        """The world goes, unless the story has deleted it."""
        if any(world["id"] == self.world for world in self.hub.worlds()):
            self.hub.delete_world(self.world)

    def enter(self, page: Page, path: str = "/integration/settings") -> None:
        """Signs in as an administrator of both products; the page has loaded with its scripts, so that keys work."""
        page.goto(f"{self.site}/sign-in?world={self.world}&next={path}")
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("CRM: Administrator.*Invoice:")).first.click()

    def instant_sync(self, page: Page) -> None:
        """Runs a sync by its button, and opens it in the history once it has ended."""
        page.goto(f"{self.site}/integration/settings")
        page.get_by_role("button", name="Instant Sync", exact=True).click()
        page.get_by_role("link", name="Open this sync").click(timeout=SYNC_MS)
        expect(page.get_by_role("heading", name="What it did")).to_be_visible()

    def add(self, module: str, **values: Any) -> str:
        """Adds a CRM record and returns its id."""
        (outcome,) = self.crm.create_records(module, [values])
        assert outcome["code"] == "SUCCESS", outcome
        return str(outcome["details"]["id"])

    def change(self, module: str, record_id: str, **values: Any) -> None:
        (outcome,) = self.crm.update_records(module, [{"id": record_id, **values}])
        assert outcome["code"] == "SUCCESS", outcome

    def add_organization(self, name: str, currency: str = "USD") -> str:
        made = self.invoice.ask("POST", "/organizations", json={"name": name, "currency_code": currency})
        return str(made["organization"]["organization_id"])

    def new_zsc_key(self) -> str:
        return str(self.crm.call("POST", "/crm/v8/settings/zsc_key").json()["zsc_key"]["key"])

    def connect(self, organization_id: str | None = None, **settings: Any) -> None:
        """Connects the products, and saves the settings if there are any."""
        body = {"email": ADMIN, "zsc_key": self.new_zsc_key(), "organization_id": organization_id}
        self._connector("POST", "/connection", body)
        if settings:
            self._connector("PUT", "/connection/settings", settings)

    def view_of_city(self, name: str, city: str) -> str:
        """Makes a view of the accounts in a city and returns its id."""
        criteria = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "type": "value", "value": city}
        view = {"name": name, "access_type": "public", "fields": [{"api_name": "Account_Name"}], "criteria": criteria}
        where = {"params": {"module": "Accounts"}, "json": {"custom_views": [view]}}
        answer = self.crm.call("POST", "/crm/v8/settings/custom_views", **where)
        return str(answer.json()["custom_views"][0]["details"]["id"])

    def sync(self, kind: str = "instant") -> None:
        """Runs a sync, or a preview (`dry`), and waits until all is at rest."""
        self._connector("POST", "/connection/runs", {"kind": kind})
        self.hub.rest(self.world)

    def fault(self, service: str, **rule: Any) -> None:
        """From now on a service meets its calls with a fault."""
        self.hub.call(service, "POST", f"/worlds/{self.world}/faults", rule)

    def no_faults(self, service: str) -> None:
        self.hub.call(service, "DELETE", f"/worlds/{self.world}/faults")

    def channel(self) -> dict[str, Any]:
        """The channel by which the CRM tells the connector of changes."""
        (found,) = self.crm.call("GET", "/crm/v8/actions/watch").json()["watch"]
        return dict(found)

    def notify(self, *potentials: str) -> None:
        """Delivers a change notice as the CRM does, once more."""
        channel = self.channel()
        body = {"module": "Deals", "operation": "update", "ids": potentials, "token": channel["token"]}
        answer = self._outbound.call("POST", channel["notify_url"], json=body)
        assert answer.status == 200, answer.body

    def _connector(self, method: str, path: str, body: Any) -> None:
        address = f"{self._urls['invoice']}/_sim/worlds/{self.world}/sign-in"
        token = self._outbound.call("POST", address, json={"email": ADMIN}).json()["access_token"]
        headers = {"Authorization": f"Zoho-oauthtoken {token}"}
        answer = self._outbound.call(method, self._urls["connector"] + path, json=body, headers=headers)
        assert answer.status < 300, answer.body
