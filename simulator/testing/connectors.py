"""The connector under test: what `zoho.sync()` does. Ours, unless a suite names its own."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.testing.synced import ACCOUNTS, CUSTOMERS, PERSONS, PRODUCTS, Kind, Synced

if TYPE_CHECKING:
    from simulator.testing.zoho import Zoho

RUN_SECONDS = 300.0
POLL_SECONDS = 0.02


class Connector:
    """A connector of one's own: a subclass of this says how a sync is done in a world."""

    def __init__(self, zoho: "Zoho") -> None:
        self.zoho = zoho

    def sync(self) -> Any:
        """Brings both products in step, and returns once that is done."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it syncs.")

    def synced(self) -> Synced:
        """What it keeps in step."""
        return Synced()

    def set_aside(self) -> Mapping[str, str]:
        """Records it says it leaves out, and why: the assertions do not ask for these."""
        return {}


class OurConnector(Connector):
    """The one the simulator starts, spoken to by its API."""

    _KINDS: Mapping[str, tuple[tuple[str, Kind], ...]] = {
        "accounts": (("account", ACCOUNTS),),
        "contacts": (("customer", CUSTOMERS),),
        "accounts_and_contacts": (("account", ACCOUNTS), ("contact", PERSONS)),
    }

    def connect(self, **settings: Any) -> None:
        """Connects the two products, where they are not connected or no longer are, and saves settings.

        Args:
            settings: e.g. `contacts={"extent": "both", "duplicates": "overwrite"}`.
        """
        client = self.zoho.connector_api
        connection = client.connection()
        if connection is None:
            client.connect(self.zoho.admin["email"], self._new_key())
        elif connection["state"] == "reconnect_needed":
            client.update_credentials(self.zoho.admin["email"], self._new_key())
        if settings or connection is None:
            client.configure(settings)

    def _new_key(self) -> str:
        return str(self.zoho.crm.call("POST", "/crm/v8/settings/zsc_key").json()["zsc_key"]["key"])

    def sync(self) -> dict[str, Any]:
        """Instant Sync, to its end; the run as the history shows it."""
        client = self.zoho.connector_api
        self.connect()
        self.zoho.settle()  # one sync at a time: an auto sync may be under way
        run_id = client.start_run()
        until = time.monotonic() + RUN_SECONDS
        while (run := client.run(run_id))["run"]["state"] in ("queued", "running"):
            if time.monotonic() > until:
                raise TimeoutError(f"The sync has not ended within {RUN_SECONDS:.0f} s: {run['run']}")
            time.sleep(POLL_SECONDS)
        return run

    def synced(self) -> Synced:
        settings = self.zoho.connector_api.settings()
        contacts, items = settings["contacts"], settings["items"]
        chosen = [
            replace(kind, fields={row["crm"]: row["invoice"] for row in contacts["mapping"][entity]})
            for entity, kind in self._KINDS[contacts["module"]]
        ]
        views = {"Accounts": contacts["account_view"], "Contacts": contacts["contact_view"]}
        return Synced(
            kinds=(*chosen, *((PRODUCTS,) if items["enabled"] else ())),
            both_ways=contacts["extent"] == "both",
            shares_twins=contacts["duplicates"] == "overwrite",
            views={module: view for module, view in views.items() if view},
        )

    def set_aside(self) -> dict[str, str]:
        """Records whose last row in the history says that they were skipped or failed."""
        last: dict[str, str] = {}
        for run in self.zoho.connector_api.runs():
            for op in self.zoho.connector_api.ops(run["id"]):
                reason = str(op["reason"]) if op["outcome"] in ("skipped", "failed") else ""
                for record in filter(None, (op["crm_id"], op["invoice_id"])):
                    last.setdefault(record, reason)
        return {record: reason for record, reason in last.items() if reason}
