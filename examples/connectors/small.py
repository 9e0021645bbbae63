"""A small connector that does it right: accounts of the CRM and customers of Invoice, both ways.

What it knows of a pair is both ids and the values on which both sides agreed last. It keeps that in memory, to stay
small; a real one keeps it in a database. The wrong ones beside it change one method each.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from simulator.clients.base import PeerError
from simulator.testing import ACCOUNTS, Connector, Synced

FIELDS = {"Account_Name": "contact_name", "Website": "website", "Description": "notes"}
Values = dict[str, str]


@dataclass
class Pair:
    """A CRM account, its customer in Invoice, and what both held when they agreed last."""

    crm_id: str
    invoice_id: str
    agreed: Values


class SmallConnector(Connector):
    def __init__(self, zoho: Any) -> None:
        super().__init__(zoho)
        self.crm, self.invoice = zoho.crm, zoho.invoice
        self.pairs: list[Pair] = []

    def synced(self) -> Synced:
        return Synced(kinds=(replace(ACCOUNTS, fields=FIELDS),), both_ways=True)

    def sync(self) -> None:
        accounts = {row["id"]: row for row in self.accounts()}
        customers = {row["contact_id"]: row for row in self.customers()}
        self.take_deletions(accounts, customers)
        self.match(accounts, customers)
        for pair in self.pairs:
            self.bring_in_step(pair, accounts[pair.crm_id], customers[pair.invoice_id])
        for account in self.alone(accounts, "crm_id"):
            self.add_customer(accounts[account])
        for customer in self.alone(customers, "invoice_id"):
            self.add_account(customers[customer])

    def accounts(self) -> Iterable[dict[str, Any]]:
        """Every account, page by page."""
        return self.crm.iterate("Accounts", [*FIELDS, "Modified_Time"])

    def customers(self) -> Iterable[dict[str, Any]]:
        """Every customer, page by page; the list leaves out the notes, so each is read by itself."""
        rows = self.invoice.contacts(contact_type="customer")
        return (self.invoice.contact(row["contact_id"]) for row in rows)

    def take_deletions(self, accounts: dict[str, Any], customers: dict[str, Any]) -> None:
        """What is gone on one side goes on the other, unless it was changed there since."""
        for pair in [*self.pairs]:
            account, customer = accounts.get(pair.crm_id), customers.get(pair.invoice_id)
            if account and customer:
                continue
            self.pairs.remove(pair)
            if customer and of_invoice(customer) == pair.agreed:
                self.invoice.delete_contact(pair.invoice_id)
                del customers[pair.invoice_id]
            if account and of_crm(account) == pair.agreed:
                self.crm.delete_records("Accounts", [pair.crm_id])
                del accounts[pair.crm_id]

    def match(self, accounts: dict[str, Any], customers: dict[str, Any]) -> None:
        """Records that are not paired yet are paired by the id in Invoice, else by their name."""
        names = {accounts[one]["Account_Name"]: one for one in self.alone(accounts, "crm_id")}
        for customer in self.alone(customers, "invoice_id"):
            row = customers[customer]
            account = row["zcrm_account_id"] or names.get(row["contact_name"])
            if account in accounts:
                self.pairs.append(Pair(account, customer, {}))

    def alone(self, rows: dict[str, Any], side: str) -> list[str]:
        paired = {getattr(pair, side) for pair in self.pairs}
        return [one for one in rows if one not in paired]

    def bring_in_step(self, pair: Pair, account: dict[str, Any], customer: dict[str, Any]) -> None:
        """What was changed on one side goes to the other; changed on both, the CRM's value stands."""
        crm, invoice = of_crm(account), of_invoice(customer)
        for_invoice = {field: crm[field] for field in crm if crm[field] != pair.agreed.get(field)}
        for_crm = {field: invoice[field] for field in invoice if invoice[field] != pair.agreed.get(field)}
        pair.agreed = {**crm, **{field: value for field, value in for_crm.items() if field not in for_invoice}}
        if pair.agreed != invoice:
            self.invoice.update_contact(pair.invoice_id, to_invoice(pair.agreed))
        if pair.agreed != crm:
            self.crm.update_records("Accounts", [{"id": pair.crm_id, **pair.agreed}])

    def add_customer(self, account: dict[str, Any]) -> None:
        """A new customer carries the account's id: when the answer is lost, the next sync finds him by it."""
        values = of_crm(account)
        try:
            made = self.invoice.create_contact({**to_invoice(values), "zcrm_account_id": account["id"]})
        except PeerError:
            return
        self.pairs.append(Pair(account["id"], made["contact_id"], values))

    def add_account(self, customer: dict[str, Any]) -> None:
        """When the answer is lost, the next sync finds the new account by its name."""
        values = of_invoice(customer)
        try:
            (made,) = self.crm.create_records("Accounts", [values])
        except PeerError:
            return
        self.pairs.append(Pair(made["details"]["id"], customer["contact_id"], values))


def of_crm(account: dict[str, Any]) -> Values:
    """The synced values of an account, by the CRM's fields."""
    return {field: account[field] or "" for field in FIELDS}


def of_invoice(customer: dict[str, Any]) -> Values:
    """The synced values of a customer, by the CRM's fields too, so that both compare."""
    return {crm: customer[invoice] or "" for crm, invoice in FIELDS.items()}


def to_invoice(values: Values) -> Values:
    return {FIELDS[field]: value for field, value in values.items()}
