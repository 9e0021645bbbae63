"""A sync of many records reads only what was changed since the last one, and misses nothing (sync.md, §6)."""

from typing import Any

import pytest

from connector.sync.reading import cursors
from tests.support.dying import killed_at
from tests.support.world import Simulator, World

HOUR = 3600
BOTH = {"extent": "both"}
ACCOUNTS_IN_OSLO = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
NAMES = ("Acme", "Borg", "Cyan", "Dune")


@pytest.fixture(autouse=True)
def every_world_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few records are always read in full; here one is many."""
    monkeypatch.setattr(cursors, "IN_FULL_UP_TO", 0)


def pass_time(world: World, seconds: int = HOUR) -> None:
    for service in world.apps:
        assert world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": seconds}).status == 200


def ways(run: dict[str, Any]) -> dict[str, str]:
    return {reading["entity"]: reading["way"] for reading in run["run"]["readings"]}


def reason(run: dict[str, Any], entity: str = "account") -> str:
    return next(reading["reason"] for reading in run["run"]["readings"] if reading["entity"] == entity)


def counts(run: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in run["run"]["counts"].items() if count}


def calls(run: dict[str, Any]) -> int:
    return sum(run["run"]["cost"]["counted"].values())


@pytest.fixture(params=["fetch", "both"])
def linked(world: World, request: pytest.FixtureRequest) -> World:
    """Accounts that were synced an hour ago, and read in full."""
    return begun(world, request.param)


def begun(world: World, extent: str, **contacts: Any) -> World:
    for name in NAMES:
        world.add_account(name, Phone="1", Billing_City="Oslo")
    world.connect(contacts={"extent": extent, **contacts}, items={"enabled": False})
    assert reason(world.sync()) == cursors.FEW  # nothing is linked yet
    pass_time(world)
    world.sync()  # it looks at what the first one has written
    pass_time(world)
    return world


def id_of(world: World, name: str) -> str:
    return next(row["id"] for row in world.crm.iterate("Accounts", ["Account_Name"]) if row["Account_Name"] == name)


@pytest.mark.requirement("S1")
def test_a_sync_with_nothing_changed_reads_no_record_and_writes_nothing(linked: World):
    run = linked.sync()

    assert ways(run) == {"account": "changes"}
    assert counts(run) == {}
    assert calls(run) <= 8


@pytest.mark.requirement("C2", "C11")
def test_a_change_in_the_crm_is_read_and_travels(linked: World):
    linked.change("Accounts", id_of(linked, "Acme"), Phone="2")

    run = linked.sync()

    assert ways(run) == {"account": "changes"}
    assert counts(run)["updated"] == 1
    assert linked.customer("Acme")["billing_address"]["phone"] == "2"
    pass_time(linked)
    assert "updated" not in counts(linked.sync())


@pytest.mark.requirement("C2", "C11")
def test_a_change_in_invoice_is_read_and_travels(world: World):
    begun(world, "both")
    world.invoice.update_contact(world.customers()["Borg"]["contact_id"], {"notes": "Pays late"})

    run = world.sync()

    assert ways(run) == {"account": "changes"}
    assert counts(run)["updated"] == 1
    record = world.crm.get_record("Accounts", id_of(world, "Borg"))
    assert record is not None
    assert record["Description"] == "Pays late"


@pytest.mark.requirement("C11")
def test_changes_of_both_sides_to_one_field_are_a_conflict_as_ever(world: World):
    begun(world, "both", conflicts="invoice")
    world.change("Accounts", id_of(world, "Cyan"), Phone="2")
    world.invoice.update_contact(world.customers()["Cyan"]["contact_id"], {"billing_address": {"phone": "3"}})

    run = world.sync()

    assert ways(run) == {"account": "changes"}
    record = world.crm.get_record("Accounts", id_of(world, "Cyan"))
    assert record is not None
    assert record["Phone"] == "3"
    (op,) = world.ops(run["run"]["id"], outcome="updated")
    assert "both sides" in op["reason"]


@pytest.mark.requirement("C12")
def test_an_account_deleted_in_the_crm_is_found_by_the_feed_of_deletions(linked: World):
    linked.crm.delete_records("Accounts", [id_of(linked, "Dune")])

    run = linked.sync()

    assert ways(run) == {"account": "changes"}
    assert counts(run) == {"deleted": 1}
    assert "Dune" not in linked.customers()


@pytest.mark.requirement("C12")
def test_a_customer_deleted_in_invoice_is_found_by_a_check_for_deletions(world: World):
    begun(world, "both", deleted_in_invoice="delete")
    world.invoice.delete_contact(world.customers()["Dune"]["contact_id"])
    assert counts(world.sync()) == {}

    run_id = world.connector("POST", "/connection/runs", {"reading": "full"}).json()["run"]["id"]
    world.settle()

    run = world.run(run_id)
    assert (ways(run), reason(run)) == ({"account": "full"}, cursors.ASKED)
    assert counts(run)["deleted"] == 1
    assert "Dune" not in [row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"])]


@pytest.mark.requirement("C12")
def test_a_change_whose_customer_is_gone_leads_to_a_full_reading_which_makes_it_again(linked: World):
    linked.invoice.delete_contact(linked.customers()["Acme"]["contact_id"])
    linked.change("Accounts", id_of(linked, "Acme"), Phone="2")
    assert "Acme" not in linked.customers()

    first, second = linked.sync(), linked.sync()

    assert (ways(first), ways(second)) == ({"account": "changes"}, {"account": "full"})
    assert reason(second) == cursors.UNSETTLED
    assert linked.customer("Acme")["billing_address"]["phone"] == "2"


@pytest.mark.requirement("C6")
def test_an_account_that_leaves_the_view_stops_syncing_and_comes_back(world: World):
    view = world.add_view("Accounts", "In Oslo", ACCOUNTS_IN_OSLO)
    begun(world, "fetch", account_view=view)
    acme = id_of(world, "Acme")
    world.change("Accounts", acme, Billing_City="Bergen", Phone="2")

    left = world.sync()
    pass_time(world)
    world.change("Accounts", acme, Phone="3")
    outside = world.sync()
    pass_time(world)
    world.change("Accounts", acme, Billing_City="Oslo")
    back = world.sync()

    assert [ways(run) for run in (left, outside, back)] == [{"account": "changes"}] * 3
    (op,) = world.ops(left["run"]["id"])
    assert op["reason"].startswith("left the view")
    assert "updated" not in counts(outside)
    assert world.customer("Acme")["billing_address"]["phone"] == "3"
    assert "updated" in counts(back)


@pytest.mark.requirement("C6")
def test_a_view_that_asks_for_something_else_by_now_is_read_in_full(world: World):
    view = world.add_view("Accounts", "In Oslo", ACCOUNTS_IN_OSLO)
    begun(world, "fetch", account_view=view)
    criteria = {"type": "value", **ACCOUNTS_IN_OSLO, "value": "Bergen"}
    body = {"custom_views": [{"id": view, "criteria": criteria}]}
    world.crm.call("PUT", "/crm/v8/settings/custom_views", params={"module": "Accounts"}, json=body)
    world.add_account("Echo", Billing_City="Bergen")

    run = world.sync()

    assert (ways(run), reason(run)) == ({"account": "full"}, cursors.OTHER_VIEW)
    assert "Echo" in world.customers()


@pytest.mark.requirement("C6")
def test_a_view_whose_records_change_by_themselves_is_always_read_in_full(world: World):
    mine = next(view["id"] for view in world.crm.custom_views("Accounts") if view["system_name"] == "MYVIEWS")
    begun(world, "fetch", account_view=mine)

    assert reason(world.sync()) == cursors.MOVING_VIEW


@pytest.mark.requirement("C3")
def test_a_new_record_on_either_side_needs_all_for_it_may_have_a_twin(world: World):
    begun(world, "both", duplicates="overwrite")
    world.invoice.create_contact({"contact_name": "Echo", "notes": "Was here first"})
    in_invoice = world.sync()
    pass_time(world)
    world.add_account("Foxtrot")

    in_crm = world.sync()

    assert reason(in_invoice) == "1 records of Zoho Invoice may be new"
    assert reason(in_crm) == "1 records of Zoho CRM may be new"
    assert {"Echo", "Foxtrot"} <= {row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"])}
    assert {"Echo", "Foxtrot"} <= world.customers().keys()


@pytest.mark.requirement("C3")
def test_a_duplicate_that_was_left_alone_is_settled_once_its_twin_has_another_name(world: World):
    world.invoice.create_contact({"contact_name": "Acme"})
    begun(world, "fetch", duplicates="skip")
    assert ways(world.sync()) == {"account": "changes"}
    world.invoice.update_contact(world.customers()["Acme"]["contact_id"], {"contact_name": "Acme of old"})

    run = world.sync()

    assert reason(run) == "a duplicate may be none any more"
    assert {"Acme", "Acme of old"} <= world.customers().keys()


def test_an_edit_of_the_second_of_the_watermark_is_seen(linked: World):
    """The world's time stands still: every edit has the time of the last sync."""
    for service in linked.apps:
        linked.control(service, "PUT", f"/{linked.id}/clock", {"freeze": True})
    linked.sync()
    linked.change("Accounts", id_of(linked, "Acme"), Phone="9")

    run = linked.sync()

    assert ways(run) == {"account": "changes"}
    assert linked.customer("Acme")["billing_address"]["phone"] == "9"


@pytest.mark.requirement("S3")
def test_other_settings_are_followed_by_a_full_reading(linked: World):
    linked.configure(contacts={"duplicates": "clone"})

    assert reason(linked.sync()) == cursors.OTHER_SETTINGS


def test_once_a_day_all_is_read(linked: World):
    pass_time(linked, 24 * HOUR)

    run = linked.sync()

    assert (ways(run), reason(run)) == ({"account": "full"}, cursors.A_DAY)


@pytest.mark.requirement("S5")
def test_after_a_failure_all_is_read_until_it_is_mended(linked: World):
    linked.change("Accounts", id_of(linked, "Acme"), Description="x" * 10_001)
    failed = linked.sync()
    pass_time(linked)
    again = linked.sync()
    pass_time(linked)
    linked.change("Accounts", id_of(linked, "Acme"), Description="short")
    mended = linked.sync()
    pass_time(linked)

    assert counts(failed)["failed"] == 1
    assert reason(again) == reason(mended) == cursors.UNSETTLED
    assert ways(linked.sync()) == {"account": "changes"}


@pytest.mark.requirement("S7")
def test_after_an_undo_all_is_read(linked: World):
    linked.change("Accounts", id_of(linked, "Acme"), Phone="2")
    run = linked.sync()
    assert linked.connector("POST", f"/connection/runs/{run['run']['id']}/undo").status == 202
    linked.settle()
    linked.connector("POST", "/connection/resume")

    assert reason(linked.sync()) == cursors.UNDONE


def test_a_preview_moves_no_cursor_and_the_applied_plan_does(linked: World):
    linked.change("Accounts", id_of(linked, "Acme"), Phone="2")
    preview = linked.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]["id"]
    linked.settle()
    pass_time(linked)

    run = linked.sync()

    assert ways(linked.run(preview)) == ways(run) == {"account": "changes"}
    assert linked.customer("Acme")["billing_address"]["phone"] == "2"


@pytest.mark.requirement("C14")
def test_an_account_merged_in_the_crm_is_told_from_a_deleted_one(linked: World):
    acme, borg = id_of(linked, "Acme"), id_of(linked, "Borg")
    linked.configure(triggers={"document": "invoice"})
    linked.add_potential("Big deal", borg, "Qualification")
    linked.sync()
    pass_time(linked)
    linked.crm.merge_record("Accounts", acme, borg, [])

    run = linked.sync()

    assert ways(run) == {"account": "changes"}
    assert "Borg" in linked.customers()


def test_persons_are_read_in_full_only_where_something_of_them_or_their_customers_was_changed(world: World):
    for name in NAMES:
        account = world.add_account(name)
        world.add("Contacts", Last_Name=name, Account_Name={"id": account})
    world.connect(contacts={"module": "accounts_and_contacts", **BOTH}, items={"enabled": False})
    for _ in range(3):
        world.sync()
        pass_time(world)

    quiet = world.sync()
    pass_time(world)
    person = next(iter(world.crm.iterate("Contacts", ["Last_Name"])))
    world.change("Contacts", person["id"], Phone="77")
    changed = world.sync()

    assert ways(quiet) == {"account": "changes", "contact": "changes"}
    assert counts(quiet) == {}
    assert reason(changed, "contact") == reason(changed, "account") == cursors.WITH_OTHERS
    customer = world.customer(person["Last_Name"])
    assert customer["contact_persons"][0]["phone"] == "77"


def test_items_are_read_for_themselves(world: World):
    for name in ("Pen", "Ink"):
        world.add("Products", Product_Name=name)
    world.add_account("Acme")
    world.connect(contacts=BOTH, items=BOTH)
    for _ in range(2):
        world.sync()
        pass_time(world)
    world.add_account("Borg")
    (pen,) = [row for row in world.invoice.items() if row["name"] == "Pen"]
    world.invoice.update_item(pen["item_id"], {"rate": 7})

    run = world.sync()

    assert ways(run) == {"account": "full", "product": "changes"}
    product = next(
        row for row in world.crm.iterate("Products", ["Product_Name", "Unit_Price"]) if row["Product_Name"] == "Pen"
    )
    assert product["Unit_Price"] == 7


def test_a_run_taken_over_after_a_crash_goes_on_from_its_own_reading(simulator: Simulator, linked: World):
    linked.change("Accounts", id_of(linked, "Acme"), Phone="2")
    run_id = linked.connector("POST", "/connection/runs", {"kind": "instant"}).json()["run"]["id"]
    assert killed_at(simulator, "before-send:1", linked.settle)
    pass_time(linked)

    linked.settle()

    assert counts(linked.run(run_id))["updated"] == 1
    pass_time(linked)
    again = linked.sync()
    assert ways(again) == {"account": "changes"}
    assert counts(again).keys() <= {"unchanged"}
