"""The module Contacts: each CRM contact is a customer of his own (guide: Step 1, Selecting the module to be synced)."""

from typing import Any

import pytest

from tests.support.world import World

CONTACTS: dict[str, Any] = {"module": "contacts"}
BOTH: dict[str, Any] = {**CONTACTS, "extent": "both"}
OFF = {"enabled": False}


def add_contact(world: World, first: str | None, last: str, **values: Any) -> str:
    return world.add("Contacts", First_Name=first, Last_Name=last, **values)


def contact(world: World, crm_id: str) -> dict[str, Any]:
    found = world.crm.get_record("Contacts", crm_id)
    assert found is not None
    return found


def contacts(world: World) -> dict[str, dict[str, Any]]:
    fields = ["Full_Name", "First_Name", "Last_Name", "Email", "Phone", "Description"]
    return {row["Full_Name"]: row for row in world.crm.iterate("Contacts", fields)}


def person(world: World, name: str) -> dict[str, Any]:
    """The primary contact person of a customer."""
    (found,) = [one for one in world.customer(name)["contact_persons"] if one["is_primary_contact"]]
    return dict(found)


def writes(world: World) -> int:
    return len(world.writes("crm")) + len(world.writes("invoice"))


@pytest.fixture
def ann(world: World) -> str:
    """Ann Able, linked, synced both ways."""
    made = add_contact(world, "Ann", "Able", Email="ann@able.example", Mailing_City="Oslo")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    return made


@pytest.mark.requirement("C1", "C2")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_a_crm_contact_becomes_a_customer_with_a_primary_person_of_his_own(world: World, extent):
    acme = world.add_account("Acme")
    made = add_contact(world, "Ann", "Able", Email="ann@able.example", Mailing_City="Oslo", Account_Name={"id": acme})
    add_contact(world, None, "Lone")
    world.connect(contacts={**CONTACTS, "extent": extent})

    world.sync()
    before = writes(world)
    world.sync()

    assert sorted(world.customers()) == ["Ann Able", "Lone"]
    customer = world.customer("Ann Able")
    assert (customer["zcrm_contact_id"], customer["company_name"]) == (made, "Acme")
    assert customer["billing_address"]["city"] == "Oslo"
    assert (customer["first_name"], customer["last_name"], customer["email"]) == ("Ann", "Able", "ann@able.example")
    assert writes(world) == before


@pytest.mark.requirement("C2", "C11")
def test_a_change_on_either_side_goes_to_the_other_the_persons_facts_too(world: World, ann):
    world.change("Contacts", ann, Mailing_City="Bergen", Last_Name="Baker")
    who = person(world, "Ann Able")
    body = {"contact_id": who["contact_id"], "phone": "7"}
    world.invoice.update_contact_person(who["contact_person_id"], body)

    world.sync()
    before = writes(world)
    world.sync()

    assert (contact(world, ann)["Phone"], contact(world, ann)["Full_Name"]) == ("7", "Ann Baker")
    customer = world.customer("Ann Baker")
    assert (customer["billing_address"]["city"], customer["last_name"], customer["phone"]) == ("Bergen", "Baker", "7")
    assert writes(world) == before


@pytest.mark.requirement("C2")
@pytest.mark.parametrize(
    ("persons", "full_name"),
    [([{"first_name": "Bea", "last_name": "Blum"}], "Bea Blum"), ([], "Zylker")],
    ids=["of the primary person", "of the customer"],
)
def test_a_customer_becomes_a_crm_contact_with_the_last_name(world: World, persons, full_name):
    world.invoice.create_contact({"contact_name": "Zylker", "notes": "New", "contact_persons": persons})
    world.connect(contacts=BOTH, items=OFF)

    world.sync()
    world.sync()
    before = writes(world)
    world.sync()

    assert list(contacts(world)) == [full_name]
    assert contacts(world)[full_name]["Description"] == "New"
    assert world.customer("Zylker")["zcrm_contact_id"] == contacts(world)[full_name]["id"]
    assert writes(world) == before


@pytest.mark.requirement("C2", "C11")
def test_a_customer_who_was_given_a_name_of_his_own_keeps_it(world: World, ann):
    world.invoice.update_contact(world.customers()["Ann Able"]["contact_id"], {"contact_name": "Able Consulting"})
    world.sync()

    world.change("Contacts", ann, Last_Name="Baker")
    world.sync()

    assert list(world.customers()) == ["Able Consulting"]
    assert person(world, "Able Consulting")["last_name"] == "Baker"


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("extent", ["fetch", "both"])
@pytest.mark.parametrize(
    ("policy", "customers", "notes"),
    [
        ("skip", ["Ann Able"], {"Ann Able": "Invoice's"}),
        ("overwrite", ["Ann Able"], {"Ann Able": "CRM's"}),
        ("clone", ["Ann Able", "Ann Able (2)"], {"Ann Able": "Invoice's", "Ann Able (2)": "CRM's"}),
    ],
    ids=["skip", "overwrite", "clone"],
)
def test_contacts_of_the_same_name_are_duplicates(world: World, extent, policy, customers, notes):
    add_contact(world, "Ann", "Able", Description="CRM's")
    world.invoice.create_contact({"contact_name": "Ann Able", "notes": "Invoice's"})
    world.connect(contacts={**CONTACTS, "extent": extent, "duplicates": policy}, items=OFF)

    world.sync()
    before = writes(world)
    world.sync()

    assert sorted(world.customers()) == customers
    assert {name: world.customer(name)["notes"] for name in customers} == notes
    assert len(contacts(world)) == 1 or policy == "clone"
    assert writes(world) == before


@pytest.mark.requirement("C5", "C6")
def test_only_the_contacts_of_the_chosen_view_are_synced(world: World):
    add_contact(world, "Ann", "Able", Department="Sales")
    add_contact(world, "Bob", "Baker", Department="Law")
    wanted = {"comparator": "equal", "field": {"api_name": "Department"}, "value": "Sales"}
    view = world.add_view("Contacts", "In Sales", wanted)
    world.connect(contacts={**BOTH, "contact_view": view}, items=OFF)

    world.sync()

    assert list(world.customers()) == ["Ann Able"]


@pytest.mark.requirement("C12")
def test_a_customer_goes_with_his_crm_contact(world: World, ann):
    add_contact(world, None, "Stays")
    world.sync()
    world.crm.delete_records("Contacts", [ann])

    world.sync()

    assert list(world.customers()) == ["Stays"]


@pytest.mark.requirement("W3", "C6")
def test_one_contact_is_fetched_and_keeps_syncing_though_it_is_outside_the_view(world: World):
    wanted = {"comparator": "equal", "field": {"api_name": "Department"}, "value": "Sales"}
    view = world.add_view("Contacts", "In Sales", wanted)
    add_contact(world, "Ann", "Able", Department="Sales")
    bob = add_contact(world, "Bob", "Baker")
    world.connect(contacts={**BOTH, "contact_view": view}, items=OFF)
    world.sync()

    answer = world.invoice.ask("POST", f"/crm/contact/{bob}/import")
    world.change("Contacts", bob, Phone="7")
    world.sync()

    assert answer["data"]["contact_id"] == world.customers()["Bob Baker"]["contact_id"]
    assert world.customer("Bob Baker")["phone"] == "7"


@pytest.mark.requirement("W3", "C11")
def test_fetching_one_contact_writes_invoice_only(world: World, ann):
    world.change("Contacts", ann, Phone="7")
    world.invoice.update_contact(world.customers()["Ann Able"]["contact_id"], {"notes": "Edited"})
    before = len(world.writes("crm"))

    world.invoice.ask("POST", f"/crm/contact/{ann}/import")

    assert (world.customer("Ann Able")["phone"], world.customer("Ann Able")["notes"]) == ("7", "Edited")
    assert len(world.writes("crm")) == before


@pytest.mark.requirement("W2", "W3")
@pytest.mark.parametrize(("module", "persons"), [("accounts", []), ("accounts_and_contacts", ["Able"])])
def test_in_the_accounts_modes_a_contact_is_fetched_by_its_account(world: World, module, persons):
    acme = world.add_account("Acme")
    ann = add_contact(world, "Ann", "Able", Account_Name={"id": acme})
    world.connect(contacts={"module": module}, items=OFF)

    answer = world.invoice.ask("POST", f"/crm/contact/{ann}/import")

    assert answer["data"]["contact_id"] == world.customers()["Acme"]["contact_id"]
    assert [one["last_name"] for one in world.customer("Acme")["contact_persons"]] == persons


@pytest.mark.requirement("G3")
def test_a_won_potential_is_invoiced_to_its_contact_who_is_fetched_first(world: World):
    acme = world.add_account("Acme")
    ann = add_contact(world, "Ann", "Able", Account_Name={"id": acme})
    world.connect(contacts=BOTH, items=OFF, triggers={"document": "invoice"})

    world.add_potential("Big Deal", acme, "Closed Won", Contact_Name={"id": ann})
    world.add_potential("Nobody's", acme, "Closed Won")
    world.settle()

    (invoice,) = list(world.invoice.invoices())
    assert invoice["customer_name"] == "Ann Able"
    (run,) = world.connector("GET", "/connection/runs?kind=trigger").json()["runs"]
    (left,) = world.ops(run["id"], outcome="skipped")
    assert (left["record_name"], "has no contact" in left["reason"]) == ("Nobody's", True)


@pytest.mark.requirement("S3", "C1")
def test_changing_the_module_keeps_old_links_and_records(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.connect(items=OFF)
    world.sync()
    world.configure(contacts=CONTACTS)
    add_contact(world, "Ann", "Able")
    world.sync()
    assert sorted(world.customers()) == ["Acme", "Ann Able"]

    world.configure(contacts={"module": "accounts"})
    world.change("Accounts", acme, Phone="2")
    world.sync()

    assert sorted(world.customers()) == ["Acme", "Ann Able"]
    assert world.customer("Acme")["billing_address"]["phone"] == "2"


@pytest.mark.requirement("C8")
def test_both_ways_the_last_name_must_be_mapped(world: World):
    world.connect()
    rows = [{"crm": "Full_Name", "invoice": "contact_name"}]

    answer = world.connector("PUT", "/connection/settings", {"contacts": {**BOTH, "mapping": {"customer": rows}}})

    assert (answer.status, "Last_Name is required" in answer.json()["message"]) == (422, True)
