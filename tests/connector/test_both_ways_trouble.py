"""What must not go wrong under *Sync both ways*: edits, deletions and twins that meet at a bad moment (sync.md)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import BOTH, account, account_named, accounts, edit_customer, joined, writes
from tests.support.world import World

__all__ = ["joined"]

OFF = {"enabled": False}


def clock(world: World, change: dict[str, Any], *services: str) -> None:
    for service in services or ("crm", "invoice", "connector"):
        assert world.control(service, "PUT", f"/{world.id}/clock", change).status == 200


def phone(world: World, name: str) -> str:
    return str(world.customer(name)["billing_address"]["phone"])


@pytest.mark.requirement("C11")
def test_edits_of_one_and_the_same_second_all_arrive(world: World):
    clock(world, {"freeze": True})
    acme = world.add_account("Acme", Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.sync()

    edit_customer(world, "Acme", billing_address={"phone": "2"})
    world.sync()
    world.sync()
    edit_customer(world, "Acme", billing_address={"phone": "3"})
    world.sync()

    assert account(world, acme)["Phone"] == "3"


@pytest.mark.requirement("C11")
def test_an_edit_of_the_same_second_arrives_though_the_connectors_clock_is_ahead(world: World):
    clock(world, {"freeze": True})
    clock(world, {"advance_seconds": 600}, "connector")
    acme = world.add_account("Acme", Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.sync()

    edit_customer(world, "Acme", billing_address={"phone": "2"})
    world.sync()

    assert account(world, acme)["Phone"] == "2"


@pytest.mark.requirement("C11")
def test_what_was_written_to_the_crm_is_agreed_on_so_the_crms_next_edit_is_no_conflict(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.connect(contacts={**BOTH, "conflicts": "invoice"}, items=OFF)
    world.sync()
    edit_customer(world, "Acme", billing_address={"phone": "2"})
    world.sync()

    world.change("Accounts", acme, Phone="3")
    world.sync()

    assert (account(world, acme)["Phone"], phone(world, "Acme")) == ("3", "3")


@pytest.mark.requirement("C11", "C12")
def test_a_customer_edited_in_the_second_its_account_is_deleted_stays(joined):
    world, acme = joined
    world.add_account("Stays")
    world.sync()
    edit_customer(world, "Acme", notes="Still needed")
    world.crm.delete_records("Accounts", [acme])

    world.sync()

    assert accounts(world) == ["Acme", "Stays"]
    assert (account_named(world, "Acme")["Description"], world.customer("Acme")["notes"]) == ("Still needed",) * 2


def overwritten_twins(world: World, **settings: Any) -> tuple[str, str]:
    """Two accounts of one name that feed one customer: the older is the primary, the other the alias."""
    first, second = world.add_account("Acme", Phone="1"), world.add_account("Acme", Phone="1")
    world.add_account("Stays")
    world.connect(contacts={**BOTH, "duplicates": "overwrite", "merge_duplicates": False, **settings}, items=OFF)
    world.sync()
    assert sorted(world.customers()) == ["Acme", "Stays"]
    return first, second


@pytest.mark.requirement("C4", "C11")
def test_a_twins_edit_reaches_the_customer_though_nobody_touched_that_for_long(world: World):
    first, second = overwritten_twins(world)
    world.change("Accounts", first, Phone="2")
    world.sync()
    clock(world, {"advance_seconds": 600})
    world.sync()
    world.sync()

    world.change("Accounts", second, Phone="3")
    world.sync()

    assert phone(world, "Acme") == "3"


@pytest.mark.requirement("C4", "C12")
def test_a_deleted_twin_is_forgotten_once(world: World):
    first, second = overwritten_twins(world)
    world.crm.delete_records("Accounts", [second])

    world.sync()
    run = world.sync()

    assert sorted(world.customers()) == ["Acme", "Stays"]
    assert world.ops(run["run"]["id"]) == []
    assert account(world, first)["Phone"] == "1"


@pytest.mark.requirement("C4", "C12")
@pytest.mark.parametrize("extent", ["both", "fetch"])
def test_when_the_first_of_two_twins_is_deleted_the_other_takes_its_place(world: World, extent):
    first, second = overwritten_twins(world, extent=extent, deleted_in_invoice="delete")
    world.crm.delete_records("Accounts", [first])

    customer = world.customers()["Acme"]["contact_id"]
    world.sync()
    assert world.customers()["Acme"]["contact_id"] == customer
    world.change("Accounts", second, Phone="5")
    world.sync()
    before = writes(world)
    world.sync()

    assert (accounts(world), sorted(world.customers())) == (["Acme", "Stays"],) * 2
    assert phone(world, "Acme") == "5"
    assert writes(world) == before


@pytest.mark.requirement("C4", "C12")
def test_a_twin_that_came_back_takes_the_place_of_the_one_that_took_his(world: World):
    first, second = overwritten_twins(world)
    world.crm.delete_records("Accounts", [first])
    world.sync()
    world.crm.restore_records([first])
    world.sync()
    world.crm.delete_records("Accounts", [second])

    run = world.sync()["run"]

    world.change("Accounts", first, Phone="5")
    world.sync()
    assert run["state"] == "done"
    assert (accounts(world), sorted(world.customers())) == (["Acme", "Stays"],) * 2
    assert phone(world, "Acme") == "5"


def waiting_to_delete(world: World) -> tuple[list[str], dict[str, Any]]:
    """A plan that would delete twelve of thirteen customers, and waits for a person."""
    ids = [world.add_account(f"Acme {number}", Phone="1") for number in range(12)]
    world.add_account("Stays")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.crm.delete_records("Accounts", ids)
    run = world.sync()["run"]
    assert run["state"] == "needs_confirmation"
    return ids, run


@pytest.mark.requirement("C12", "C11")
def test_a_confirmed_plan_deletes_nothing_that_was_edited_or_restored_while_it_waited(world: World):
    ids, run = waiting_to_delete(world)
    edit_customer(world, "Acme 3", notes="Still needed")
    answer = world.crm.call("POST", f"/crm/v8/settings/recycle_bin/{ids[4]}/actions/restore")
    assert answer.status == 200, answer.body
    assert "Acme 4" in accounts(world)

    world.connector("POST", f"/connection/runs/{run['id']}/confirm")
    world.settle()

    assert sorted(world.customers()) == ["Acme 3", "Acme 4", "Stays"]
    world.sync()
    assert accounts(world) == ["Acme 3", "Acme 4", "Stays"]


@pytest.mark.requirement("C12", "C11")
def test_an_account_edited_while_its_deletion_waits_is_not_deleted(world: World):
    ids = [world.add_account(f"Acme {number}", Phone="1") for number in range(12)]
    world.add_account("Stays")
    world.connect(contacts={**BOTH, "deleted_in_invoice": "delete"}, items=OFF)
    world.sync()
    for number in range(12):
        world.invoice.delete_contact(world.customers()[f"Acme {number}"]["contact_id"])
    run = world.sync()["run"]
    assert run["state"] == "needs_confirmation"
    world.change("Accounts", ids[3], Phone="2")

    world.connector("POST", f"/connection/runs/{run['id']}/confirm")
    world.settle()

    assert accounts(world) == ["Acme 3", "Stays"]


def lose_the_answer(world: World) -> None:
    """The CRM does what it is told, but says 502; until the faults are taken away."""
    fault = {"kind": "status", "status": 502, "when": "after", "path": "/Accounts$", "method": "POST"}
    world.control("crm", "POST", f"/{world.id}/faults", fault)
    world.sync()
    world.control("crm", "DELETE", f"/{world.id}/faults")


@pytest.mark.requirement("C3", "C6")
def test_an_export_that_never_had_an_answer_is_linked_though_it_is_outside_the_view(world: World):
    in_oslo = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    view = world.add_view("Accounts", "In Oslo", in_oslo)
    world.add_account("Viewed", Billing_City="Oslo")
    world.connect(contacts={**BOTH, "account_view": view}, items=OFF)
    world.sync()
    world.invoice.create_contact({"contact_name": "Zylker"})
    lose_the_answer(world)

    world.sync()
    edit_customer(world, "Zylker", notes="Linked")
    world.sync()

    assert accounts(world) == ["Viewed", "Zylker"]
    assert account_named(world, "Zylker")["Description"] == "Linked"


@pytest.mark.requirement("C3", "C12")
@pytest.mark.parametrize("policy", ["clone", "overwrite"])
def test_a_second_export_without_an_answer_makes_no_twin(world: World, policy):
    acme = world.add_account("Acme")
    world.add_account("Stays")
    world.connect(contacts={**BOTH, "duplicates": policy}, items=OFF)
    world.sync()
    edit_customer(world, "Acme", notes="Still needed")
    world.crm.delete_records("Accounts", [acme])
    lose_the_answer(world)

    world.sync()
    edit_customer(world, "Acme", notes="Linked")
    world.sync()

    assert (accounts(world), sorted(world.customers())) == (["Acme", "Stays"],) * 2
    assert account_named(world, "Acme")["Description"] == "Linked"


@pytest.mark.requirement("C3", "C12")
@pytest.mark.parametrize("extent", ["both", "fetch"])
def test_a_clone_that_was_deleted_comes_back_under_its_own_name(world: World, extent):
    acme = world.add_account("Acme", Phone="1")
    world.add_account("Stays")
    world.invoice.create_contact({"contact_name": "Acme"})
    world.connect(contacts={"extent": extent, "duplicates": "clone"}, items=OFF)
    world.sync()
    world.change("Accounts", acme, Phone="2")
    world.invoice.delete_contact(world.customers()["Acme (2)"]["contact_id"])

    world.sync()

    assert phone(world, "Acme (2)") == "2"
    assert account(world, acme)["Account_Name"] == "Acme"


@pytest.mark.requirement("C8", "C11")
def test_a_field_that_is_mapped_onto_an_empty_one_is_not_emptied(world: World):
    acme = world.add_account("Acme", Description="Good")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    pairs = {"contact_name": "Account_Name", "notes": "Ticker_Symbol"}
    rows = [{"crm": crm, "invoice": invoice} for invoice, crm in pairs.items()]
    world.configure(contacts={"mapping": {"account": rows}})

    world.sync()
    before = writes(world)
    world.sync()

    assert world.customer("Acme")["notes"] == "Good"
    assert account(world, acme)["Ticker_Symbol"] == "Good"
    assert writes(world) == before


@pytest.mark.requirement("W3", "C11")
def test_fetching_one_contact_keeps_what_was_edited_in_invoice_for_the_next_sync(joined):
    world, acme = joined
    world.change("Accounts", acme, Phone="2")
    edit_customer(world, "Acme", notes="From Invoice")
    before = len(world.writes("crm"))

    world.invoice.ask("POST", f"/crm/account/{acme}/import")

    assert (phone(world, "Acme"), world.customer("Acme")["notes"]) == ("2", "From Invoice")
    assert len(world.writes("crm")) == before
    world.sync()
    assert account(world, acme)["Description"] == "From Invoice"
