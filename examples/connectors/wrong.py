"""Connectors with one fault each, such as real ones have: what the assertions are for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from small import FIELDS, Pair, SmallConnector, of_crm, of_invoice, to_invoice

from simulator.clients.base import PeerError


class NoEchoGuard(SmallConnector):
    """Copies the side that was modified last: its own writes modify records too, so each sync answers the last one."""

    def bring_in_step(self, pair: Pair, account: dict[str, Any], customer: dict[str, Any]) -> None:
        modified = datetime.fromisoformat(account["Modified_Time"])
        if modified >= datetime.fromisoformat(customer["last_modified_time"]):
            self.invoice.update_contact(pair.invoice_id, to_invoice(of_crm(account)))
        else:
            self.crm.update_records("Accounts", [{"id": pair.crm_id, **of_invoice(customer)}])


class NoPaging(SmallConnector):
    """Reads the first page of a list and takes it for all of it."""

    def accounts(self) -> Iterable[dict[str, Any]]:
        return self.crm.get_records("Accounts", [*FIELDS, "Modified_Time"])["data"]


class ForgetsDeletes(SmallConnector):
    """Compares what is there. What is no longer there is not compared with anything."""

    def take_deletions(self, accounts: dict[str, Any], customers: dict[str, Any]) -> None:
        self.pairs = [pair for pair in self.pairs if pair.crm_id in accounts and pair.invoice_id in customers]

    def add_account(self, customer: dict[str, Any]) -> None:
        if not customer["zcrm_account_id"]:
            super().add_account(customer)


class RetriesBlindly(SmallConnector):
    """No answer is no success, it thinks, and sends the same again. It was a success, and now there are two."""

    def add_account(self, customer: dict[str, Any]) -> None:
        for _ in range(3):
            try:
                (made,) = self.crm.create_records("Accounts", [of_invoice(customer)])
            except PeerError:
                continue
            self.pairs.append(Pair(made["details"]["id"], customer["contact_id"], of_invoice(customer)))
            return


class MatchesByNameOnly(SmallConnector):
    """Keeps no ids: who is called the same is the same. Whoever is renamed is somebody new."""

    def match(self, accounts: dict[str, Any], customers: dict[str, Any]) -> None:
        names = {row["contact_name"]: one for one, row in customers.items()}
        self.pairs = [
            Pair(one, names[row["Account_Name"]], {}) for one, row in accounts.items() if row["Account_Name"] in names
        ]

    def take_deletions(self, accounts: dict[str, Any], customers: dict[str, Any]) -> None:
        """It cannot tell who is gone from who was renamed."""
