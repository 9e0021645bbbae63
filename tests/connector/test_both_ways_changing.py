"""*Sync both ways* while settings, sizes and states change under it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connector.sync.crm_side import CrmRecords
from tests.connector.test_both_ways import BOTH, account, account_named, accounts, edit_customer, products, writes
from tests.support.world import World

OFF = {"enabled": False}


def meanwhile(world: World, act: str) -> None:
    """Somebody else calls the connector while this thread works for it."""
    with ThreadPoolExecutor(1) as somebody:
        answer = somebody.submit(world.connector, "POST", f"/connection/{act}").result(timeout=20)
    assert answer.status in (200, 409), answer.body


def add_customers(world: World, count: int) -> None:
    for number in range(count):
        world.invoice.create_contact({"contact_name": f"Customer {number:03}"})


@pytest.mark.requirement("S3", "C11")
def test_from_fetch_to_both_ways_and_back_nothing_is_lost_and_fetch_never_writes_the_crm(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.invoice.create_contact({"contact_name": "Zylker"})
    world.connect(contacts={"extent": "fetch"}, items=OFF)
    world.sync()
    edit_customer(world, "Acme", notes="Drift")
    world.sync()

    world.configure(contacts=BOTH)
    world.change("Accounts", acme, Phone="2")
    world.sync()
    assert (account(world, acme)["Description"], account(world, acme)["Phone"]) == ("Drift", "2")
    assert world.customer("Acme")["billing_address"]["phone"] == "2"
    assert accounts(world) == ["Acme", "Zylker"]

    world.configure(contacts={"extent": "fetch"})
    edit_customer(world, "Zylker", notes="Unsent")
    written = len(world.writes("crm"))
    world.sync()
    assert len(world.writes("crm")) == written

    world.configure(contacts=BOTH)
    world.sync()
    assert account_named(world, "Zylker")["Description"] == "Unsent"


@pytest.mark.requirement("C2", "S5")
def test_of_a_batch_of_a_hundred_the_refused_fail_alone(world: World):
    add_customers(world, 220)
    for number in range(3):
        unfit = {"billing_address": {"phone": "\N{BLACK TELEPHONE} at noon"}}
        world.invoice.create_contact({"contact_name": f"Unfit {number}", **unfit})
    world.connect(contacts=BOTH, items=OFF)

    run = world.sync()
    again = world.sync()

    assert len(accounts(world)) == 220
    assert run["run"]["counts"]["failed"] == again["run"]["counts"]["failed"] == 3
    for row in world.ops(run["run"]["id"], outcome="failed"):
        assert "Phone" in row["reason"]
    assert again["run"]["counts"]["added"] == 0


@pytest.mark.requirement("K7", "C2")
def test_disabled_in_the_middle_it_stops_and_resumes_without_a_twin(world: World, monkeypatch):
    add_customers(world, 230)
    world.connect(contacts=BOTH, items=OFF)
    create = CrmRecords._create

    def then_disable(self: CrmRecords, tasks: list[Any]) -> Any:
        results = create(self, tasks)
        meanwhile(world, "disable")
        return results

    monkeypatch.setattr(CrmRecords, "_create", then_disable)
    run = world.sync()["run"]
    monkeypatch.undo()
    assert (run["state"], len(accounts(world))) == ("aborted", 100)

    world.connector("POST", "/connection/reactivate")
    world.sync()

    assert len(accounts(world)) == len(set(accounts(world))) == 230


@pytest.mark.requirement("S4", "C2")
def test_paused_in_the_middle_the_running_sync_completes(world: World, monkeypatch):
    add_customers(world, 120)
    world.connect(contacts=BOTH, items=OFF)
    create = CrmRecords._create

    def then_pause(self: CrmRecords, tasks: list[Any]) -> Any:
        meanwhile(world, "pause")
        return create(self, tasks)

    monkeypatch.setattr(CrmRecords, "_create", then_pause)

    assert world.sync()["run"]["state"] == "done"
    assert len(accounts(world)) == 120
    assert world.connector("POST", "/connection/runs", {"kind": "instant"}).status == 409


@pytest.mark.requirement("C8", "C11")
def test_a_custom_field_and_a_picklist_travel_both_ways_also_a_value_that_is_no_option(world: World):
    field = {"module": "contact", "label": "Trade", "data_type": "text"}
    made = world.invoice.ask("POST", "/settings/customfields", json=field)
    name = str(made["customfield"]["api_name"])
    acme = world.add_account("Acme", Industry="Banking")
    rows = [{"crm": "Account_Name", "invoice": "contact_name"}, {"crm": "Industry", "invoice": name}]
    world.connect(contacts={**BOTH, "mapping": {"account": rows}}, items=OFF)
    world.sync()

    def set_trade(value: str) -> None:
        edit_customer(world, "Acme", custom_fields=[{"api_name": name, "value": value}])

    def trade() -> str:
        return str(world.customer("Acme")["custom_field_hash"].get(name, ""))

    assert trade() == "Banking"
    set_trade("Education")
    world.sync()
    assert account(world, acme)["Industry"] == "Education"

    set_trade("No such trade")
    world.sync()
    before = writes(world)
    world.sync()

    assert (account(world, acme)["Industry"], trade()) == ("No such trade", "No such trade")
    assert writes(world) == before


@pytest.mark.requirement("C15", "C11")
def test_an_inactive_customer_stays_linked_and_is_synced_on(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.invoice.mark_contact(world.customers()["Acme"]["contact_id"], "inactive")
    edit_customer(world, "Acme", notes="From Invoice")
    world.change("Accounts", acme, Phone="2")

    world.sync()
    before = writes(world)
    world.sync()

    assert account(world, acme)["Description"] == "From Invoice"
    customer = world.customer("Acme")
    assert (customer["status"], customer["billing_address"]["phone"]) == ("inactive", "2")
    assert writes(world) == before


@pytest.mark.requirement("C15", "I1")
def test_the_active_state_of_items_goes_both_ways(world: World):
    world.invoice.create_item({"name": "Desk", "rate": 1})
    world.connect(items=BOTH)
    world.sync()
    (item,) = list(world.invoice.items())
    desk = products(world)["Desk"]["id"]

    for state, is_active in (("inactive", False), ("active", True)):
        world.invoice.mark_item(item["item_id"], state)
        world.sync()
        found = world.crm.get_record("Products", desk)
        assert found is not None
        assert found["Product_Active"] is is_active

    world.change("Products", desk, Product_Active=False)
    world.sync()
    (item,) = list(world.invoice.items())
    assert item["status"] == "inactive"


@pytest.mark.requirement("C12")
def test_a_discarded_plan_does_nothing_and_the_next_sync_plans_anew(world: World):
    ids = [world.add_account(f"Acme {number}") for number in range(12)]
    world.add_account("Stays")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.crm.delete_records("Accounts", ids)
    edit_customer(world, "Stays", notes="Edited")
    waiting = world.sync()["run"]
    before = writes(world)

    world.connector("POST", f"/connection/runs/{waiting['id']}/discard")
    world.settle()
    assert (writes(world), len(world.customers())) == (before, 13)
    again = world.sync()["run"]

    assert again["state"] == "needs_confirmation"
    world.connector("POST", f"/connection/runs/{again['id']}/confirm")
    world.settle()
    assert list(world.customers()) == ["Stays"]
    assert account_named(world, "Stays")["Description"] == "Edited"


@pytest.mark.requirement("C6")
def test_a_record_that_left_the_view_resumes_on_its_old_link_with_the_edits_of_both_sides(world: World):
    in_oslo = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    view = world.add_view("Accounts", "In Oslo", in_oslo)
    acme = world.add_account("Acme", Billing_City="Oslo", Phone="1")
    world.add_account("Stays", Billing_City="Oslo")
    world.connect(contacts={**BOTH, "account_view": view}, items=OFF)
    world.sync()
    world.change("Accounts", acme, Billing_City="Rome", Phone="2")
    world.sync()
    edit_customer(world, "Acme", notes="Meanwhile")
    world.sync()
    assert (account(world, acme)["Description"], world.customer("Acme")["billing_address"]["phone"]) == (None, "1")

    world.change("Accounts", acme, Billing_City="Oslo")
    world.sync()

    assert account(world, acme)["Description"] == "Meanwhile"
    assert world.customer("Acme")["billing_address"]["phone"] == "2"
    assert sorted(world.customers()) == ["Acme", "Stays"]


@pytest.mark.requirement("C5")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_a_view_that_was_deleted_stops_the_run_and_deletes_nothing(world: World, extent):
    in_oslo = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    view = world.add_view("Accounts", "In Oslo", in_oslo)
    world.add_account("Acme", Billing_City="Oslo")
    world.connect(contacts={"extent": extent, "account_view": view}, items=OFF)
    world.sync()
    world.crm.call("DELETE", f"/crm/v8/settings/custom_views/{view}", params={"module": "Accounts"})
    before = writes(world)

    run = world.sync()["run"]

    assert "view" in run["reason"]
    assert run["state"] != "done"
    assert (list(world.customers()), writes(world)) == (["Acme"], before)
