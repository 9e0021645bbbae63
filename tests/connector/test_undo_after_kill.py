"""A sync killed right after a write: it goes on, its history tells the write, and undo takes it back (S5, S7).

By then the record shows what was written: what stood there was noted before (reliability.md §2.1, I4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from tests.connector.test_persons_both_ways import add_contact
from tests.support.dying import killed_after_write
from tests.support.world import Simulator, World

pytestmark = pytest.mark.requirement("S5", "S7")

THIRD: dict[str, Any] = {"module": "accounts_and_contacts", "extent": "both"}
CUSTOMER = "PUT /invoice/v3/contacts/…"
ITEM = "PUT /invoice/v3/items/…"


@dataclass(frozen=True)
class Case:
    """A write of a sync.

    Attributes:
        change: what is done before the sync.
        told: the outcome of the op, and a field of its history with the value that stood there.
    """

    write: str
    change: Callable[[World], object]
    told: tuple[str, str, Any]
    contacts: Any = None


def change_account(world: World) -> None:
    world.change("Accounts", _account(world), Phone="2")


def change_product(world: World) -> None:
    world.change("Products", _product(world), Unit_Price=Decimal(2), Product_Active=False)


def change_customer(world: World) -> None:
    world.invoice.update_contact(world.customers()["Acme"]["contact_id"], {"billing_address": {"phone": "2"}})


def change_person(world: World) -> None:
    (row,) = world.crm.iterate("Contacts", ["id"])
    world.change("Contacts", str(row["id"]), Phone="2")


def move_person(world: World) -> None:
    (row,) = world.crm.iterate("Contacts", ["id"])
    borg = world.add_account("Borg")
    world.change("Contacts", str(row["id"]), Account_Name={"id": borg})


def delete_account(world: World) -> None:
    world.crm.delete_records("Accounts", [_account(world)])


def delete_used_account(world: World) -> None:
    body = {"customer_id": world.customers()["Acme"]["contact_id"], "line_items": [{"name": "x", "rate": 5}]}
    world.invoice.ask("POST", "/invoices", json=body)
    delete_account(world)


def add_twin(world: World) -> None:
    world.invoice.create_contact({"contact_name": "Twin", "billing_address": {"phone": "1"}})
    world.add_account("Twin", Phone="2")


PHONE = "billing_address.phone"
CASES = {
    "update": Case(CUSTOMER, change_account, ("updated", PHONE, "1")),
    "overwrite": Case(CUSTOMER, add_twin, ("updated", PHONE, "1")),
    "update_item": Case(ITEM, change_product, ("updated", "rate", 1)),
    "second_call_of_an_item": Case("POST /invoice/v3/items/…/inactive", change_product, ("updated", "rate", 1)),
    "update_person": Case("PUT /invoice/v3/contacts/contactpersons/…", change_person, ("updated", "phone", "1")),
    "release_person": Case("DELETE /invoice/v3/contacts/contactpersons/…", move_person, ("deleted", "", None)),
    "update_in_crm": Case("PUT /crm/v8/Accounts", change_customer, ("updated", PHONE, "1")),
    "delete": Case(
        "DELETE /invoice/v3/contacts/…", delete_account, ("deleted", "", None), {"module": "accounts", "extent": "both"}
    ),
    "make_inactive": Case(
        "POST /invoice/v3/contacts/…/inactive",
        delete_used_account,
        ("deleted", "", None),
        {"module": "accounts", "extent": "fetch"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_write_whose_worker_was_killed_is_told_and_taken_back(simulator: Simulator, world: World, case: Case):
    acme = world.add_account("Acme", Phone="1")
    world.add_account("Dune")
    add_contact(world, acme, "Able", Phone="1")
    world.add("Products", Product_Name="Pen", Unit_Price=Decimal(1))
    contacts = case.contacts or THIRD
    world.connect(contacts={**contacts, "duplicates": "overwrite"}, items={"extent": "both"})
    world.sync()
    case.change(world)
    before = _shown(world)

    assert killed_after_write(simulator, case.write, world.sync)
    world.settle()
    run = world.connector("GET", "/connection/runs").json()["runs"][0]
    told = [_whole(world, row) for row in world.ops(run["id"]) if row["kind"] != "create"]
    answer = world.connector("POST", f"/connection/runs/{run['id']}/undo", {"preview": False})
    world.settle()

    outcome, field, value = case.told
    assert run["state"] == "done"
    assert (outcome, value) in [(row["outcome"], row["before"].get(field)) for row in told]
    assert answer.status == 202, answer.body
    assert _shown(world) == before


def _whole(world: World, row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = world.connector("GET", f"/connection/ops/{row['id']}").json()["op"]
    return found


def _account(world: World) -> str:
    rows = world.crm.iterate("Accounts", ["Account_Name"])
    return next(str(row["id"]) for row in rows if row["Account_Name"] == "Acme")


def _product(world: World) -> str:
    (row,) = world.crm.iterate("Products", ["id"])
    return str(row["id"])


def _shown(world: World) -> Any:
    """What people see on both sides; records made again have other ids."""
    customers = [world.invoice.contact(row["contact_id"]) or {} for row in world.invoice.contacts()]
    return (
        sorted(
            (
                customer["contact_name"],
                customer["status"],
                customer["zcrm_account_id"],
                customer["billing_address"]["phone"],
                sorted((one["last_name"], one["phone"], one["zcrm_contact_id"]) for one in customer["contact_persons"]),
            )
            for customer in customers
        ),
        sorted((row["name"], row["rate"], row["status"]) for row in world.invoice.items()),
        sorted((row["Account_Name"], row["Phone"]) for row in world.crm.iterate("Accounts", ["Account_Name", "Phone"])),
    )
