"""Sync both ways after much was changed on both sides of a large world, and of one of real accounts and products."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest

from tests.real_data import year
from tests.support.world import World

AT_ONCE = 100
IN_COMMON = 5


@dataclass(frozen=True)
class Amounts:
    """How many accounts are edited on one side (and as many others on the other), on both, deleted, and added."""

    one_side: int
    both_sides: int
    deleted: int
    added: int


class Company:
    """Linked accounts and products, and what people do to them."""

    def __init__(self, world: World, accounts: list[str], products: list[str], amounts: Amounts) -> None:
        self.world = world
        self.amounts = amounts
        self.account_names = accounts
        self._create("Accounts", [{"Account_Name": name, "Phone": "1"} for name in accounts])
        self._create("Products", [{"Product_Name": name, "Unit_Price": Decimal("2.50")} for name in products])
        both = {"extent": "both", "duplicates": "overwrite"}
        world.connect(contacts={"module": "accounts", **both}, items=both)
        run = world.sync()["run"]
        assert run["counts"]["added"] == len(accounts) + len(products)
        self.customers = {name: row["contact_id"] for name, row in world.customers().items()}
        self.accounts = {row["Account_Name"]: row["id"] for row in self._accounts()}

    def _create(self, module: str, records: list[dict[str, Any]]) -> None:
        for start in range(0, len(records), AT_ONCE):
            outcomes = self.world.crm.create_records(module, records[start : start + AT_ONCE])
            assert {outcome["code"] for outcome in outcomes} == {"SUCCESS"}

    def _accounts(self) -> Iterator[dict[str, Any]]:
        return self.world.crm.iterate("Accounts", ["Account_Name", "Phone", "Description"])

    def change_much(self) -> None:
        names, amounts = iter(self.account_names), self.amounts
        self.in_crm = list(islice(names, amounts.one_side))
        self.in_invoice = list(islice(names, amounts.one_side))
        self.in_other_fields = list(islice(names, amounts.both_sides))
        self.in_the_same = list(islice(names, amounts.both_sides))
        self.deleted = list(islice(names, amounts.deleted))
        for name in [*self.in_crm, *self.in_other_fields, *self.in_the_same]:
            self.world.change("Accounts", self.accounts[name], Phone="2")
        for name in [*self.in_invoice, *self.in_other_fields]:
            self.world.invoice.update_contact(self.customers[name], {"notes": "3"})
        for name in self.in_the_same:
            self.world.invoice.update_contact(self.customers[name], {"billing_address": {"phone": "3"}})
        self.world.crm.delete_records("Accounts", [self.accounts[name] for name in self.deleted])
        self.new_in_crm = [f"New {number}" for number in range(amounts.added)]
        self.new_in_invoice = [f"New {number + amounts.added - IN_COMMON}" for number in range(amounts.added)]
        self._create("Accounts", [{"Account_Name": name, "Phone": "4"} for name in self.new_in_crm])
        for name in self.new_in_invoice:
            self.world.invoice.create_contact({"contact_name": name, "notes": "5"})

    def check_agreement(self) -> None:
        accounts = {row["Account_Name"]: (row["Phone"] or "", row["Description"] or "") for row in self._accounts()}
        customers = {name: row["contact_id"] for name, row in self.world.customers().items()}
        new = set(self.new_in_crm) | set(self.new_in_invoice)
        assert accounts.keys() == customers.keys() == (set(self.account_names) | new) - set(self.deleted)
        for names, expected in (
            (self.in_crm, ("2", "")),
            (self.in_invoice, ("1", "3")),
            (self.in_other_fields, ("2", "3")),
            (self.in_the_same, ("2", "")),
            (set(self.new_in_crm) - set(self.new_in_invoice), ("4", "")),
            (set(self.new_in_invoice) - set(self.new_in_crm), ("", "5")),
        ):
            for name in names:
                found = self.world.invoice.contact(customers[name])
                assert found is not None
                assert (found["billing_address"]["phone"], found["notes"]) == accounts[name] == expected, name
        twins = set(self.new_in_crm) & set(self.new_in_invoice)
        assert len(twins) == IN_COMMON
        for name in twins:
            found = self.world.invoice.contact(customers[name])
            assert found is not None
            assert (found["billing_address"]["phone"], found["notes"]) == accounts[name]

    def conflicts(self, run_id: int) -> dict[str, Any]:
        """By name, what the history keeps of fields that both sides had changed."""
        found = {}
        for page in range(1, 100):
            query = f"/connection/runs/{run_id}/ops?per_page=200&outcome=updated&page={page}"
            ops = self.world.connector("GET", query).json()["ops"]
            for op in ops:
                if "both sides" in op["reason"]:
                    whole = self.world.connector("GET", f"/connection/ops/{op['id']}").json()["op"]
                    found[op["record_name"]] = whole["conflicts"]
            if len(ops) < 200:
                return found
        raise AssertionError("the history has no end")


def after_one_run_both_sides_agree(company: Company) -> None:
    company.change_much()

    run = company.world.sync()["run"]

    assert run["state"] == "done", run
    company.check_agreement()
    told = {"billing_address.phone": {"crm": "2", "invoice": "3", "winner": "crm"}}
    assert company.conflicts(run["id"]) == dict.fromkeys(company.in_the_same, told)
    before = [company.world.writes(product)[0] for product in ("crm", "invoice")]
    quiet = company.world.sync()["run"]
    counts = {outcome: count for outcome, count in quiet["counts"].items() if count}
    assert (quiet["state"], counts.keys()) == ("done", {"unchanged"})
    assert [company.world.writes(product)[0] for product in ("crm", "invoice")] == before


@pytest.mark.requirement("C2", "C3", "C11", "C12", "I1")
def test_two_thousand_accounts_and_500_items_agree_after_one_run(world: World):
    accounts = [f"Company {number:04d}" for number in range(2_000)]
    products = [f"Product {number:03d}" for number in range(500)]
    company = Company(world, accounts, products, Amounts(one_side=200, both_sides=50, deleted=5, added=20))

    after_one_run_both_sides_agree(company)


def column(file: str, name: str) -> list[str]:
    with (year.FOLDER / file).open(newline="") as handle:
        return [row[name] for row in csv.DictReader(handle)]


@year.needs_the_data
@pytest.mark.real_data
@pytest.mark.requirement("C2", "C3", "C11", "C12", "I1")
def test_real_accounts_and_products_agree_after_one_run(world: World):
    accounts, products = column("accounts.csv", "account"), column("products.csv", "product")
    company = Company(world, accounts, products, Amounts(one_side=20, both_sides=10, deleted=5, added=20))

    after_one_run_both_sides_agree(company)
