"""Contacts without an account as customers of their own, beside accounts and their contacts (C1, the option)."""

from typing import Any

import pytest

from tests.support.doors import Person, customer_id, line, make, switch_custom_modules
from tests.support.world import ADMIN, World

WITH_LONE: dict[str, Any] = {"module": "accounts_and_contacts", "include_lone_contacts": True}
NEW = {"line_items": [line()]}


@pytest.fixture
def lone(world: World) -> str:
    """A contact of the CRM without an account, not in Invoice yet."""
    world.connect(contacts=WITH_LONE, items={"enabled": False})
    return world.add("Contacts", First_Name="Ada", Last_Name="Lovelace")


@pytest.fixture
def staff(world: World) -> str:
    """A contact of an account, neither in Invoice yet."""
    return world.add("Contacts", Last_Name="Able", Account_Name={"id": world.add_account("Acme")})


@pytest.fixture
def clerk(world: World) -> Person:
    return Person(world, "invoice", ADMIN)


@pytest.fixture
def seller(world: World) -> Person:
    return Person(world, "crm", ADMIN)


@pytest.mark.requirement("T1", "C1")
def test_its_section_shows_its_own_documents(world, lone, seller):
    world.sync()
    made = make(world, "invoices", customer_id(world, "Ada Lovelace"))

    shown = seller.get(f"/section/contacts/{lone}")

    assert shown["problem"] is None
    assert [row["document_id"] for row in shown["invoices"]["rows"]] == [made["invoice_id"]]


@pytest.mark.requirement("T2", "C1")
@pytest.mark.parametrize(("module", "record"), [("contacts", "contact"), ("potentials", "potential")])
def test_a_document_made_from_inside_the_crm_fetches_it_first(world, lone, seller, module, record):
    switch_custom_modules(world, True)
    deal = world.add_potential("Big Deal", None, "Qualification", Contact_Name={"id": lone})

    about = lone if record == "contact" else deal
    made = seller("POST", f"/section/{module}/{about}/invoices", NEW)

    assert made.status in (200, 201), made.body
    assert made.json()["invoice"]["customer_name"] == "Ada Lovelace"
    assert world.customer("Ada Lovelace")["zcrm_contact_id"] == lone


@pytest.mark.requirement("T1", "C1")
def test_a_contact_of_an_account_still_shows_its_accounts_documents(world, lone, staff, seller):
    world.sync()
    make(world, "invoices", customer_id(world))

    shown = seller.get(f"/section/contacts/{staff}")

    assert (shown["customer_id"], len(shown["invoices"]["rows"])) == (customer_id(world), 1)


@pytest.mark.requirement("W1", "C1")
def test_the_panel_shows_its_information_and_its_potentials(world, lone, clerk):
    world.add_potential("Big Deal", None, "Qualification", Contact_Name={"id": lone})
    world.sync()

    shown = clerk.get(f"/panel/contacts/{customer_id(world, 'Ada Lovelace')}")

    assert (shown["module"], shown["problem"]) == ("Contacts", None)
    assert (shown["record"]["id"], shown["record"]["name"]) == (lone, "Ada Lovelace")
    assert [row["name"] for row in shown["potentials"]] == ["Big Deal"]


@pytest.mark.requirement("W1", "C1")
def test_the_panel_says_that_it_was_deleted(world, lone, clerk):
    world.sync()
    world.crm.delete_records("Contacts", [lone])

    shown = clerk.get(f"/panel/contacts/{customer_id(world, 'Ada Lovelace')}")

    assert shown["problem"] == "The contact of this customer was deleted in Zoho CRM."


@pytest.mark.requirement("L2", "C1")
def test_its_potential_is_linked_with_a_transaction(world, lone, clerk):
    switch_custom_modules(world, True)
    deal = world.add_potential("Big Deal", None, "Qualification", Contact_Name={"id": lone})
    world.sync()
    customer = customer_id(world, "Ada Lovelace")
    made = make(world, "invoices", customer)

    offered = clerk.get(f"/linking/potentials?customer_id={customer}")["potentials"]
    linked = clerk("PUT", f"/linking/invoices/{made['invoice_id']}", {"potential_id": deal})

    assert [row["potential_id"] for row in offered] == [deal]
    assert linked.status == 200, linked.body


@pytest.mark.requirement("W2", "C1")
def test_search_finds_it_by_its_own_name_and_picking_it_fetches_it(world, lone, staff, clerk):
    found = clerk.get("/panel/search?q=ada lovelace")
    picked = clerk("POST", "/panel/fetch", {"crm_contact_id": lone})

    assert (found["module"], found["accounts"]) == ("Accounts", [])
    assert [(row["crm_contact_id"], row["contact_id"]) for row in found["contacts"]] == [(lone, None)]
    assert picked.status == 200, picked.body
    assert (picked.json()["contact_name"], picked.json()["contact_person_id"]) == ("Ada Lovelace", None)
    again = clerk.get("/panel/search?q=lovelace")["contacts"]
    assert [row["contact_id"] for row in again] == [picked.json()["contact_id"]]


@pytest.mark.requirement("W2", "C1")
def test_picking_a_contact_of_an_account_fetches_both_as_before(world, lone, staff, clerk):
    by_name = clerk.get("/panel/search?q=able")
    picked = clerk("POST", "/panel/fetch", {"crm_contact_id": staff}).json()

    assert (by_name["accounts"], by_name["contacts"]) == ([], [])
    assert picked["contact_name"] == "Acme"
    (person,) = world.customer("Acme")["contact_persons"]
    assert picked["contact_person_id"] == person["contact_person_id"]
    assert [*world.customers()] == ["Acme"]


@pytest.mark.requirement("C1")
def test_without_the_option_it_has_no_account_as_before(world, lone, clerk, seller):
    world.configure(contacts={"include_lone_contacts": False})

    assert "has no account" in seller.get(f"/section/contacts/{lone}")["problem"]
    assert clerk.get("/panel/search?q=lovelace")["contacts"] == []
    assert clerk("POST", "/panel/fetch", {"crm_contact_id": lone}).status == 404
