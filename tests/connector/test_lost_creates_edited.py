"""A create whose answer is lost, in a run that then ends: what is edited before the next run must travel (C11)."""

from decimal import Decimal
from typing import Any

import pytest

from connector.sync.acts import InvoiceActs
from tests.connector.test_both_ways import BOTH, account_named, accounts, edit_customer, writes
from tests.connector.test_both_ways_trouble import OFF, lose_the_answer, phone
from tests.support.doors import STANDARD, Person
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("no_long_waits")


def lose_invoices_answers(world: World, path: str = "/contacts$") -> None:
    """A sync in which Invoice makes records as it is told, but nobody hears of it; nor can they be looked for."""
    unheard = {"kind": "status", "status": 502, "when": "after", "path": path, "method": "POST"}
    unseen = {"kind": "status", "status": 502, "path": path, "method": "GET", "skip": 1}
    for fault in (unheard, unseen):
        assert world.control("invoice", "POST", f"/{world.id}/faults", fault).status == 201
    world.sync()
    world.control("invoice", "DELETE", f"/{world.id}/faults")


def acme_of(world: World) -> str:
    """Two accounts, and the products connected; the id of Acme."""
    acme = world.add_account("Acme", Phone="1", Description="First")
    world.add_account("Stays")
    world.connect(contacts=BOTH, items=OFF)
    return acme


def agree(world: World, name: str, **expected: Any) -> None:
    """Two runs bring the sides together, the third writes nothing."""
    world.sync()
    world.sync()
    before = writes(world)
    world.sync()
    account, customer = account_named(world, name), world.customer(name)
    found = {
        "phone": (account["Phone"], customer["billing_address"]["phone"]),
        "notes": (account["Description"], customer["notes"]),
    }
    assert found == {key: (value, value) for key, value in expected.items()}
    assert accounts(world) == sorted(world.customers()) == [name, "Stays"]
    assert writes(world) == before


@pytest.mark.requirement("C11")
def test_a_customer_that_nobody_knew_of_takes_what_was_edited_in_either_product(world: World):
    acme = acme_of(world)
    lose_invoices_answers(world)
    assert "Acme" in world.customers()
    world.change("Accounts", acme, Phone="2")
    edit_customer(world, "Acme", notes="From Invoice")

    agree(world, "Acme", phone="2", notes="From Invoice")


@pytest.mark.requirement("C11", "C12")
def test_a_customer_made_again_unheard_takes_what_was_edited_since(world: World):
    acme = acme_of(world)
    world.sync()
    world.invoice.delete_contact(world.customers()["Acme"]["contact_id"])
    world.change("Accounts", acme, Phone="2")
    lose_invoices_answers(world)
    assert "Acme" in world.customers()
    world.change("Accounts", acme, Phone="3")
    edit_customer(world, "Acme", notes="From Invoice")

    agree(world, "Acme", phone="3", notes="From Invoice")


@pytest.mark.requirement("C11", "C12")
def test_an_account_made_again_unheard_takes_what_was_edited_since(world: World):
    acme = acme_of(world)
    world.sync()
    world.crm.delete_records("Accounts", [acme])
    edit_customer(world, "Acme", billing_address={"phone": "2"})
    lose_the_answer(world)
    edit_customer(world, "Acme", billing_address={"phone": "3"})
    world.change("Accounts", account_named(world, "Acme")["id"], Description="From CRM")

    agree(world, "Acme", phone="3", notes="From CRM")


@pytest.mark.requirement("C11", "C12")
def test_what_a_link_that_failed_would_have_told_invoice_waits_for_the_sync_that_links(world: World):
    """Soak, seed 3647: Invoice had the newer value already, which then counted as its own edit against the CRM's."""
    acme = acme_of(world)
    world.connector("PUT", "/connection/settings", {"contacts": {**BOTH, "conflicts": "invoice"}})
    world.sync()
    world.crm.delete_records("Accounts", [acme])
    edit_customer(world, "Acme", billing_address={"phone": "2"})
    lose_the_answer(world)
    world.change("Accounts", account_named(world, "Acme")["id"], Phone="3")
    refuse = {"kind": "status", "status": 502, "path": "/Accounts$", "method": "GET", "skip": 1}
    world.control("crm", "POST", f"/{world.id}/faults", refuse)
    world.sync()
    world.control("crm", "DELETE", f"/{world.id}/faults")
    assert world.customer("Acme")["billing_address"]["phone"] == "2"
    world.change("Accounts", account_named(world, "Acme")["id"], Phone="4")

    agree(world, "Acme", phone="4", notes="First")


@pytest.mark.requirement("C11", "I2")
def test_an_item_that_nobody_knew_of_takes_what_was_edited_in_either_product(world: World):
    pen = world.add("Products", Product_Name="Pen", Unit_Price=Decimal("1"))
    world.connect(items=BOTH)
    lose_invoices_answers(world, "/items$")
    (item,) = world.invoice.items()
    world.change("Products", pen, Unit_Price=Decimal("2"))
    world.invoice.update_item(item["item_id"], {"description": "From Invoice"})

    world.sync()
    world.sync()

    (product,) = world.crm.iterate("Products", ["Product_Name", "Unit_Price", "Description"])
    (item,) = world.invoice.items()
    assert (product["Unit_Price"], product["Description"]) == (Decimal("2"), "From Invoice")
    assert (item["rate"], item["description"]) == (Decimal("2"), "From Invoice")


@pytest.mark.requirement("C5")
def test_under_fetch_a_customer_that_nobody_knew_of_is_linked_and_its_persons_come(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.add("Contacts", Last_Name="Jane", Account_Name={"id": acme})
    world.connect(contacts={"module": "accounts_and_contacts", "extent": "fetch", "duplicates": "clone"}, items=OFF)
    lose_invoices_answers(world)
    world.change("Accounts", acme, Phone="2")

    world.sync()

    customer = world.customer("Acme")
    assert list(world.customers()) == ["Acme"]
    assert customer["billing_address"]["phone"] == "2"
    assert [person["last_name"] for person in customer["contact_persons"]] == ["Jane"]


@pytest.mark.requirement("C11")
@pytest.mark.parametrize("is_undone", [False, True], ids=["synced again", "undone"])
def test_a_create_sent_again_to_invoice_keeps_what_was_edited_meanwhile(world: World, monkeypatch, is_undone: bool):
    world.add_account("Acme", Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    create = InvoiceActs._create

    def twice(self: InvoiceActs, records: Any, task: Any) -> Any:
        """The process dies before it can note the answer, somebody edits the record, and another process resumes."""
        result = create(self, records, task)
        records.update(result.invoice_id, task.crm_id, {"billing_address.phone": "2"}, None)
        return create(self, records, task)

    monkeypatch.setattr(InvoiceActs, "_create", twice)
    run = world.sync()
    monkeypatch.setattr(InvoiceActs, "_create", create)
    if is_undone:
        world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", {})
        world.settle()
        assert phone(world, "Acme") == "2"
    else:
        world.sync()
        assert (account_named(world, "Acme")["Phone"], phone(world, "Acme")) == ("2", "2")


@pytest.mark.requirement("C11", "W2")
def test_fetching_one_account_finds_the_customer_that_nobody_knew_of(world: World):
    acme = acme_of(world)
    lose_invoices_answers(world)
    clerk = Person(world, "invoice", STANDARD)

    picked = clerk("POST", "/panel/fetch", {"account_id": acme})

    assert (picked.status, picked.json()["contact_id"]) == (200, world.customers()["Acme"]["contact_id"])
    world.change("Accounts", acme, Phone="2")
    edit_customer(world, "Acme", notes="From Invoice")
    agree(world, "Acme", phone="2", notes="From Invoice")
