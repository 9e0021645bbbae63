"""Accounts and their Contacts, both ways: contact persons and CRM contacts follow each other (guide: Step 1 and 2)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import account_named, accounts, writes
from tests.support.world import World

BOTH: dict[str, Any] = {"module": "accounts_and_contacts", "extent": "both"}
OFF = {"enabled": False}


def add_contact(world: World, account: str | None, last: str, **values: Any) -> str:
    lookup = {"Account_Name": {"id": account}} if account else {}
    return world.add("Contacts", Last_Name=last, **lookup, **values)


def contacts(world: World) -> dict[str, dict[str, Any]]:
    fields = ["Last_Name", "First_Name", "Email", "Phone", "Account_Name", "Title"]
    return {row["Last_Name"]: row for row in world.crm.iterate("Contacts", fields)}


def persons(world: World, customer: str) -> dict[str, dict[str, Any]]:
    return {one["last_name"]: one for one in world.customer(customer)["contact_persons"]}


def add_person(world: World, customer: str, last: str, **values: Any) -> str:
    body = {"contact_id": world.customers()[customer]["contact_id"], "last_name": last, **values}
    return str(world.invoice.create_contact_person(body)["contact_person_id"])


def edit_person(world: World, customer: str, last: str, **values: Any) -> None:
    world.invoice.update_contact_person(persons(world, customer)[last]["contact_person_id"], values)


def quiet(world: World) -> bool:
    """Whether one more sync writes nothing."""
    before = writes(world)
    world.sync()
    return writes(world) == before


@pytest.fixture
def acme(world: World) -> str:
    """Acme with Able and Baker, linked, synced both ways."""
    made = world.add_account("Acme")
    for last in ("Able", "Baker"):
        add_contact(world, made, last, Email=f"{last}@acme.example".lower(), Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    return made


@pytest.mark.requirement("C1", "C2", "C11")
def test_a_change_of_a_person_on_either_side_goes_to_the_other(world: World, acme):
    world.change("Contacts", contacts(world)["Able"]["id"], Phone="2")
    edit_person(world, "Acme", "Baker", phone="3", designation="Chief")

    world.sync()

    assert {last: row["Phone"] for last, row in contacts(world).items()} == {"Able": "2", "Baker": "3"}
    assert {last: row["phone"] for last, row in persons(world, "Acme").items()} == {"Able": "2", "Baker": "3"}
    assert contacts(world)["Baker"]["Title"] == "Chief"
    assert quiet(world)


@pytest.mark.requirement("C11")
@pytest.mark.parametrize(("winner", "stands"), [("crm", "2"), ("invoice", "3")])
def test_a_field_of_a_person_that_both_sides_changed_is_a_conflict(world: World, acme, winner, stands):
    world.configure(contacts={"conflicts": winner})
    world.change("Contacts", contacts(world)["Able"]["id"], Phone="2")
    edit_person(world, "Acme", "Able", phone="3")

    world.sync()

    assert (contacts(world)["Able"]["Phone"], persons(world, "Acme")["Able"]["phone"]) == (stands, stands)


@pytest.mark.requirement("C2", "K6")
def test_a_new_person_becomes_a_contact_of_the_customers_account(world: World, acme):
    add_person(world, "Acme", "Cole", email="cole@acme.example")

    world.sync()

    made = contacts(world)["Cole"]
    assert (made["Email"], made["Account_Name"]["id"]) == ("cole@acme.example", acme)
    assert persons(world, "Acme")["Cole"]["zcrm_contact_id"] == made["id"]
    assert quiet(world)


@pytest.mark.requirement("C2")
def test_a_new_customer_goes_to_the_crm_with_its_persons_the_account_first(world: World, acme):
    people = [{"last_name": "Dorn"}, {"last_name": "Eder"}]
    world.invoice.create_contact({"contact_name": "Zylker", "contact_persons": people})

    world.sync()

    made = contacts(world)
    zylker = account_named(world, "Zylker")["id"]
    assert {made[last]["Account_Name"]["id"] for last in ("Dorn", "Eder")} == {zylker}
    assert quiet(world)


@pytest.mark.requirement("C2")
def test_a_new_account_comes_with_its_contacts(world: World, acme):
    zylker = world.add_account("Zylker")
    for last in ("Dorn", "Eder"):
        add_contact(world, zylker, last)

    world.sync()

    assert sorted(persons(world, "Zylker")) == ["Dorn", "Eder"]
    assert quiet(world)


@pytest.mark.requirement("C1")
def test_the_primary_person_stays_until_it_is_changed_in_invoice(world: World, acme):
    def primary() -> list[str]:
        return [last for last, row in persons(world, "Acme").items() if row["is_primary_contact"]]

    assert primary() == ["Able"]
    world.change("Contacts", contacts(world)["Able"]["id"], Phone="2")
    world.sync()
    assert primary() == ["Able"]

    baker = persons(world, "Acme")["Baker"]["contact_person_id"]
    world.invoice.ask("POST", f"/contacts/contactpersons/{baker}/primary")
    for last in ("Able", "Baker"):
        world.change("Contacts", contacts(world)[last]["id"], Phone="9")
    world.sync()

    assert primary() == ["Baker"]
    assert quiet(world)


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(
    ("policy", "in_crm", "in_invoice"),
    [
        ("skip", {"Able": "1"}, {"Able": "9"}),
        ("overwrite", {"Able": "1"}, {"Able": "1"}),
    ],
    ids=["skip", "overwrite"],
)
@pytest.mark.parametrize(
    ("email", "first"),
    [("able@acme.example", "Another"), ("", "Ann")],
    ids=["the same email", "the same name"],
)
def test_persons_are_duplicates_by_email_else_by_name_under_one_customer(
    world: World, policy, in_crm, in_invoice, email, first
):
    acme = world.add_account("Acme")
    add_contact(world, acme, "Able", First_Name="Ann", Email="able@acme.example", Phone="1")
    person = {"last_name": "Able", "first_name": first, "email": email, "phone": "9"}
    world.invoice.create_contact({"contact_name": "Acme", "contact_persons": [person]})
    world.invoice.create_contact({"contact_name": "Zylker", "contact_persons": [{"last_name": "Zorn", "phone": "5"}]})
    world.connect(contacts={**BOTH, "duplicates": "overwrite"}, items=OFF)
    world.configure(contacts={"duplicates": policy})
    if policy == "skip":  # the customers are to be linked all the same
        world.configure(contacts={"duplicates": "overwrite", "module": "accounts"})
        world.sync()
        world.configure(contacts={"duplicates": "skip", "module": "accounts_and_contacts"})

    world.sync()

    assert {last: row["Phone"] for last, row in contacts(world).items() if last == "Able"} == in_crm
    assert {last: row["phone"] for last, row in persons(world, "Acme").items()} == in_invoice
    assert contacts(world)["Zorn"]["Phone"] == "5"
    assert quiet(world)


@pytest.mark.requirement("C12")
def test_a_person_whose_contact_was_deleted_goes_unless_edited_since(world: World, acme):
    edit_person(world, "Acme", "Baker", phone="3")
    world.crm.delete_records("Contacts", [row["id"] for row in contacts(world).values()])
    add_contact(world, acme, "Stays")

    world.sync()
    world.sync()

    assert sorted(persons(world, "Acme")) == ["Baker", "Stays"]
    assert contacts(world)["Baker"]["Phone"] == "3"
    assert quiet(world)


@pytest.mark.requirement("C12")
@pytest.mark.parametrize(("policy", "left"), [("detach", ["Able", "Baker"]), ("delete", ["Baker"])])
def test_a_contact_whose_person_was_deleted_stays_unless_the_setting_says_so(world: World, acme, policy, left):
    world.configure(contacts={"deleted_in_invoice": policy})
    world.invoice.delete_contact_person(persons(world, "Acme")["Able"]["contact_person_id"])

    world.sync()
    world.sync()

    assert sorted(contacts(world)) == left
    assert sorted(persons(world, "Acme")) == ["Baker"]
    assert quiet(world)


@pytest.mark.requirement("C12")
def test_with_a_customer_deleted_in_invoice_its_persons_come_back_when_the_account_does(world: World, acme):
    zylker = world.add_account("Zylker")
    add_contact(world, zylker, "Dorn")
    world.sync()
    world.invoice.delete_contact(world.customers()["Zylker"]["contact_id"])
    world.sync()
    world.sync()
    assert sorted(contacts(world)) == ["Able", "Baker", "Dorn"]
    assert "Zylker" not in world.customers()

    world.change("Accounts", zylker, Phone="7")
    world.sync()
    world.sync()

    assert sorted(persons(world, "Zylker")) == ["Dorn"]
    assert quiet(world)


@pytest.mark.requirement("C13")
@pytest.mark.parametrize("extent", ["fetch", "both"])
@pytest.mark.parametrize("is_named", [False, True], ids=["named by nothing", "named by an invoice"])
def test_a_contact_that_moves_to_another_account_becomes_a_person_of_the_new_customer(world: World, extent, is_named):
    acme, zylker = world.add_account("Acme"), world.add_account("Zylker")
    able = add_contact(world, acme, "Able", Phone="1")
    add_contact(world, acme, "Baker")
    world.connect(contacts={**BOTH, "extent": extent}, items=OFF)
    world.sync()
    person = persons(world, "Acme")["Able"]
    if is_named:
        body = {"customer_id": person["contact_id"], "line_items": [{"name": "x", "rate": 5}]}
        world.invoice.ask("POST", "/invoices", json={**body, "contact_persons": [person["contact_person_id"]]})

    world.change("Contacts", able, Account_Name={"id": zylker})
    world.sync()
    world.sync()

    assert persons(world, "Zylker")["Able"]["zcrm_contact_id"] == able
    assert sorted(persons(world, "Acme")) == (["Able", "Baker"] if is_named else ["Baker"])
    world.change("Contacts", able, Phone="2")
    world.sync()
    assert persons(world, "Zylker")["Able"]["phone"] == "2"
    if extent == "fetch" or not is_named:
        assert quiet(world)


@pytest.mark.requirement("C13", "C11")
def test_an_edit_of_the_person_moves_along_with_the_contact(world: World, acme):
    zylker = world.add_account("Zylker")
    world.sync()
    able = contacts(world)["Able"]["id"]
    edit_person(world, "Acme", "Able", phone="3")
    world.change("Contacts", able, Account_Name={"id": zylker})

    world.sync()

    assert persons(world, "Zylker")["Able"]["phone"] == "3"
    assert contacts(world)["Able"]["Phone"] == "3"


@pytest.mark.requirement("C13", "C1")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_a_contact_without_an_account_any_more_stops_syncing_and_is_listed(world: World, extent):
    acme = world.add_account("Acme")
    able = add_contact(world, acme, "Able", Phone="1")
    add_contact(world, acme, "Baker")
    world.connect(contacts={**BOTH, "extent": extent}, items=OFF)
    world.sync()

    world.change("Contacts", able, Account_Name=None, Phone="2")
    run = world.sync()

    (row,) = world.ops(run["run"]["id"], entity="contact")
    assert (row["kind"], "no account" in row["reason"]) == ("leave_view", True)
    assert persons(world, "Acme")["Able"]["phone"] == "1"
    world.change("Contacts", able, Account_Name={"id": acme})
    world.sync()
    assert persons(world, "Acme")["Able"]["phone"] == "2"


@pytest.mark.requirement("C5", "C6")
def test_only_contacts_in_both_views_are_synced_and_an_exported_one_whatever_its_view(world: World):
    in_oslo = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    in_sales = {"comparator": "equal", "field": {"api_name": "Department"}, "value": "Sales"}
    acme, zylker = world.add_account("Acme", Billing_City="Oslo"), world.add_account("Zylker", Billing_City="Rome")
    add_contact(world, acme, "Able", Department="Sales")
    add_contact(world, acme, "Baker", Department="Law")
    add_contact(world, zylker, "Cole", Department="Sales")
    views = {
        "account_view": world.add_view("Accounts", "In Oslo", in_oslo),
        "contact_view": world.add_view("Contacts", "In Sales", in_sales),
    }
    world.connect(contacts={**BOTH, **views}, items=OFF)
    world.sync()
    add_person(world, "Acme", "Dorn")
    world.sync()
    assert (list(world.customers()), sorted(persons(world, "Acme"))) == (["Acme"], ["Able", "Dorn"])

    world.change("Contacts", contacts(world)["Dorn"]["id"], Phone="7")
    world.sync()

    assert persons(world, "Acme")["Dorn"]["phone"] == "7"
    assert quiet(world)


@pytest.mark.requirement("C11")
def test_an_edit_of_a_person_in_the_very_second_of_the_sync_arrives(world: World):
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"freeze": True})
    acme = world.add_account("Acme")
    add_contact(world, acme, "Able", Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.sync()

    for phone in ("2", "3"):
        edit_person(world, "Acme", "Able", phone=phone)
        world.sync()
        assert contacts(world)["Able"]["Phone"] == phone


@pytest.mark.requirement("S5")
def test_a_person_that_the_crm_refuses_is_tried_again_while_the_others_go_on(world: World, acme):
    edit_person(world, "Acme", "Able", phone="\N{BLACK TELEPHONE} at noon")
    edit_person(world, "Acme", "Baker", phone="3")

    for _ in range(2):
        run = world.sync()
        (row,) = world.ops(run["run"]["id"], outcome="failed")
        assert (row["entity"], row["side"]) == ("contact", "crm")
    edit_person(world, "Acme", "Able", phone="4")
    world.sync()

    assert {last: row["Phone"] for last, row in contacts(world).items()} == {"Able": "4", "Baker": "3"}


def test_the_export_of_a_person_whose_answer_is_lost_makes_one_contact(world: World, acme):
    add_person(world, "Acme", "Cole")
    fault = {"kind": "status", "status": 502, "when": "after", "path": "/Contacts$", "method": "POST"}
    world.control("crm", "POST", f"/{world.id}/faults", fault)
    world.sync()
    world.control("crm", "DELETE", f"/{world.id}/faults")

    world.sync()
    edit_person(world, "Acme", "Cole", phone="7")
    world.sync()

    assert sorted(row["Last_Name"] for row in world.crm.iterate("Contacts", ["Last_Name"])) == ["Able", "Baker", "Cole"]
    assert contacts(world)["Cole"]["Phone"] == "7"
    assert accounts(world) == ["Acme"]


@pytest.mark.requirement("C1")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_contacts_without_an_account_are_customers_of_their_own_if_one_wants(world: World, extent):
    acme = world.add_account("Acme")
    able = add_contact(world, acme, "Able")
    lone = add_contact(world, None, "Lone", Phone="1")
    world.connect(contacts={**BOTH, "extent": extent}, items=OFF)
    world.sync()
    assert list(world.customers()) == ["Acme"]

    world.configure(contacts={"include_lone_contacts": True})
    world.sync()
    assert sorted(world.customers()) == ["Acme", "Lone"]
    assert (world.customer("Lone")["zcrm_contact_id"], world.customer("Lone")["phone"]) == (lone, "1")
    assert quiet(world)
    assert accounts(world) == ["Acme"]

    world.change("Contacts", lone, Account_Name={"id": acme})
    world.change("Contacts", able, Account_Name=None)
    world.sync()

    assert sorted(world.customers()) == ["Able", "Acme", "Lone"]
    assert sorted(persons(world, "Acme")) == ["Able", "Lone"]
    assert quiet(world)


@pytest.mark.requirement("S3", "C2")
def test_a_customer_made_of_a_crm_contact_does_not_become_an_account_when_the_module_changes(world: World):
    add_contact(world, None, "Lone")
    world.connect(contacts={"module": "contacts", "extent": "both"}, items=OFF)
    world.sync()

    world.configure(contacts={"module": "accounts"})
    world.sync()

    assert (accounts(world), list(world.customers())) == ([], ["Lone"])
