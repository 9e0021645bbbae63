"""What a lesson sees of a world: both products and the integration through their APIs, and the calls made there."""

from collections.abc import Callable
from typing import Any, TypeVar

from simulator.clients.base import Grant, Refusal
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.http import Outbound
from simulator.hub import Hub

Record = dict[str, Any]
Found = TypeVar("Found")
JOURNAL_LIMIT = "200"


class IntegrationRefused(Exception):
    """The integration says no; the message is its own."""


class Access:
    """The access of an administrator to a world's products; kept, for its tokens are asked for once."""

    def __init__(self, hub: Hub, outbound: Outbound, world: str) -> None:
        self.hub, self.world = hub, world
        self._outbound = outbound
        keys = hub.credentials(world)
        self._url = str(keys["connector_url"])
        names = ("client_id", "client_secret", "refresh_token")

        def grant(service: str) -> Grant:
            return Grant(outbound, str(keys[f"{service}_url"]), *(str(keys[name]) for name in names))

        self.crm: CrmClient = CrmClient.of_grant(outbound, str(keys["crm_url"]), grant("crm"))
        self._grant = grant("invoice")
        self.invoice: InvoiceClient = InvoiceClient.of_grant(outbound, str(keys["invoice_url"]), self._grant)
        self.email = next(str(one["email"]) for one in keys["people"] if one["is_admin"] and one["role"])

    def connector(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the integration's API.

        Raises:
            IntegrationRefused: it says no.
        """
        token = self._grant.token()
        answer = self._call(method, path, body, token)
        if answer.status == 401:
            answer = self._call(method, path, body, self._grant.renew(token))
        if answer.status >= 400:
            raise IntegrationRefused(str(answer.json().get("message", f"HTTP {answer.status}")))
        return answer.json()

    def _call(self, method: str, path: str, body: Any, token: str) -> Any:
        headers = {"Authorization": f"Zoho-oauthtoken {token}"}
        return self._outbound.call(method, self._url + path, json=body, headers=headers)


class Sight:
    """One look at a world; nothing is asked twice while it lasts.

    Args:
        since: when the lesson began, in real time.
        run: the newest run of the integration at that time.
    """

    def __init__(self, access: Access, since: str, run: int = 0) -> None:
        self._access = access
        self._since, self._run = since, run
        self._seen: dict[Any, Any] = {}

    def _once(self, key: Any, ask: Callable[[], Found]) -> Found:
        if key not in self._seen:
            self._seen[key] = ask()
        found: Found = self._seen[key]
        return found

    def connection(self) -> Record | None:
        found: Record = self._once("connection", lambda: self._access.connector("GET", "/connection"))
        return dict(found["connection"]) if found["connection"] else None

    def settings(self) -> Record:
        """The integration's settings; empty while nothing is connected."""
        return dict(self._of_connection("/connection/settings", "settings") or {})

    def runs(self, kind: str = "") -> list[Record]:
        """The runs since the lesson began, the newest first."""
        rows: list[Record] = self._of_connection("/connection/runs?per_page=100", "runs") or []
        return [row for row in rows if row["id"] > self._run and kind in ("", row["kind"])]

    def ops(self, run_id: int) -> list[Record]:
        return list(self._of_connection(f"/connection/runs/{run_id}/ops?per_page=200", "ops") or [])

    def links(self, name: str) -> list[Record]:
        return list(self._of_connection(f"/connection/links?q={name}&state=linked", "links") or [])

    def _of_connection(self, path: str, key: str) -> Any:
        if self.connection() is None:
            return None
        return self._once(path, lambda: self._access.connector("GET", path)[key])

    def has_zsc_key(self) -> bool:
        return self._once("zsc", lambda: bool(self._crm("/crm/v8/settings/zsc_key").get("zsc_key")))

    def account(self, name: str) -> Record | None:
        return self.crm_record("Accounts", "Account_Name", name)

    def crm_record(self, module: str, field: str, name: str) -> Record | None:
        """A record of the CRM by its name, all its fields."""

        def ask() -> Record | None:
            rows = self._access.crm.search(module, criteria=f"({field}:equals:{_escaped(name)})", fields=field)
            found = next((row for row in rows if row[field] == name), None)  # the search finds words of it too
            return self._access.crm.get_record(module, found["id"]) if found else None

        return self._once((module, name), ask)

    def crm_field(self, module: str, label: str) -> Record | None:
        rows = self._once(("fields", module), lambda: self._access.crm.fields(module))
        return next((row for row in rows if row["field_label"] == label), None)

    def crm_views(self, module: str) -> list[Record]:
        """The views that people have made, whole."""

        def ask() -> list[Record]:
            rows = [row for row in self._access.crm.custom_views(module) if not row["system_defined"]]
            return [whole for row in rows if (whole := self._access.crm.custom_view(module, row["id"]))]

        return list(self._once(("views", module), ask))

    def profile(self, name: str) -> Record | None:
        """A profile with what it may do: permissions by name."""

        def ask() -> Record | None:
            rows = self._crm("/crm/v8/settings/profiles").get("profiles", [])
            found = next((row for row in rows if name in (row["name"], row.get("display_label"))), None)
            return self._access.crm.profile(found["id"]) if found else None

        return self._once(("profile", name), ask)

    def _crm(self, path: str) -> Record:
        answer = self._access.crm.call("GET", path)
        return dict(answer.json()) if answer.body else {}

    def own_fields(self) -> list[Record]:
        """The custom fields of contacts in Invoice."""
        return list(self._once("own fields", lambda: self._access.invoice.custom_fields("contact")))

    def currencies(self) -> list[str]:
        """The codes of the currencies of Invoice."""

        def ask() -> list[str]:
            return [row["currency_code"] for row in self._access.invoice.iterate("/settings/currencies", "currencies")]

        return list(self._once("currencies", ask))

    def customers(self, name: str) -> list[Record]:
        """The customers of exactly this name."""

        def ask() -> list[Record]:
            rows = self._access.invoice.contacts(contact_name=name)
            return [found for row in rows if (found := self._access.invoice.contact(row["contact_id"]))]

        return list(self._once(("customers", name), ask))

    def customer(self, name: str) -> Record | None:
        found = self.customers(name)
        return found[0] if found else None

    def item(self, name: str) -> Record | None:
        rows = self._once(("item", name), lambda: list(self._access.invoice.items(name=name)))
        return next((row for row in rows if row["name"] == name), None)

    def documents(self, kind: str, customer: str) -> list[Record]:
        """Estimates, salesorders or invoices of a customer, whole."""
        found = self.customer(customer)
        if found is None:
            return []
        key = kind.removesuffix("s")

        def ask() -> list[Record]:
            rows = self._access.invoice.iterate(f"/{kind}", kind, customer_id=found["contact_id"])
            ids = [row[f"{key}_id"] for row in rows]
            return [whole for number in ids if (whole := self._access.invoice.document(kind, key, number))]

        return list(self._once((kind, customer), ask))

    def calls(self, service: str, method: str, path: str) -> list[Record]:
        """Calls since the lesson began that were served, the newest first."""
        query = {"method": method, "path": path, "limit": JOURNAL_LIMIT}

        def ask() -> list[Record]:
            entries = self._access.hub.call(service, "GET", f"/worlds/{self._access.world}/journal", query=query)
            return [one for one in entries["entries"] if one["at"] >= self._since and one["status"] < 400]

        return list(self._once((service, method, path), ask))


def _escaped(text: str) -> str:
    """A value in the CRM's search criteria: its own signs are escaped."""
    return "".join(f"\\{sign}" if sign in "\\()," else sign for sign in text)


__all__ = ["Access", "IntegrationRefused", "Refusal", "Sight"]
