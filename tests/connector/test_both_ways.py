"""Sync both ways: accounts and customers, products and items (guide: Step 2, Extent of the sync; Sync items)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.world import World

BOTH = {"extent": "both"}


def account(world: World, account_id: str) -> dict[str, Any]:
    found = world.crm.get_record("Accounts", account_id)
    assert found is not None
    return found


def account_named(world: World, name: str) -> dict[str, Any]:
    (found,) = world.crm.search("Accounts", criteria=f"(Account_Name:equals:{name})")
    return account(world, found["id"])


def accounts(world: World) -> list[str]:
    return sorted(row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"]))


def products(world: World) -> dict[str, dict[str, Any]]:
    fields = ["Product_Name", "Unit_Price", "Description"]
    return {row["Product_Name"]: row for row in world.crm.iterate("Products", fields)}


def edit_customer(world: World, name: str, **values: Any) -> None:
    world.invoice.update_contact(world.customers()[name]["contact_id"], values)


def counts(run: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in run["run"]["counts"].items() if count and name != "unchanged"}


def writes(world: World) -> int:
    return len(world.writes("crm")) + len(world.writes("invoice"))


@pytest.fixture
def joined(world: World) -> tuple[World, str]:
    """Acme on both sides, linked, synced both ways."""
    acme = world.add_account("Acme", Phone="1", Website="https://acme.example", Billing_City="Oslo")
    world.connect(contacts=BOTH, items={"enabled": False})
    world.sync()
    return world, acme


@pytest.mark.requirement("C2", "C11")
def test_a_change_on_either_side_goes_to_the_other(joined):
    world, acme = joined
    world.change("Accounts", acme, Phone="2")
    edit_customer(world, "Acme", notes="From Invoice", billing_address={"city": "Bergen"})

    run = world.sync()

    after = account(world, acme)
    assert (after["Phone"], after["Description"], after["Billing_City"]) == ("2", "From Invoice", "Bergen")
    customer = world.customer("Acme")
    assert (customer["billing_address"]["phone"], customer["billing_address"]["city"]) == ("2", "Bergen")
    assert counts(run) == {"updated": 2}


@pytest.mark.requirement("C11")
def test_a_sync_never_echoes_its_own_writes(joined):
    world, acme = joined
    world.change("Accounts", acme, Phone="2")
    edit_customer(world, "Acme", notes="From Invoice")
    world.sync()
    before = writes(world)

    runs = [world.sync() for _ in range(3)]

    assert writes(world) == before
    assert [counts(run) for run in runs] == [{}, {}, {}]


@pytest.mark.requirement("C11", "S5")
@pytest.mark.parametrize(("winner", "phone"), [("crm", "2"), ("invoice", "3")])
def test_the_same_field_changed_on_both_sides_is_settled_by_the_rule_and_both_values_are_told(world, winner, phone):
    acme = world.add_account("Acme", Phone="1")
    world.connect(contacts={**BOTH, "conflicts": winner}, items={"enabled": False})
    world.sync()
    world.change("Accounts", acme, Phone="2")
    edit_customer(world, "Acme", billing_address={"phone": "3"})

    run = world.sync()

    assert (account(world, acme)["Phone"], world.customer("Acme")["billing_address"]["phone"]) == (phone, phone)
    (row,) = world.ops(run["run"]["id"], outcome="updated")
    told = world.connector("GET", f"/connection/ops/{row['id']}").json()["op"]
    assert told["conflicts"] == {"billing_address.phone": {"crm": "2", "invoice": "3", "winner": winner}}
    assert "changed on both sides" in told["reason"]


@pytest.mark.requirement("C11")
def test_unmapped_fields_are_never_touched(joined):
    world, acme = joined
    world.change("Accounts", acme, Industry="Banking")
    edit_customer(world, "Acme", company_name="Acme Incorporated")

    world.sync()

    assert account(world, acme)["Industry"] == "Banking"
    assert world.customer("Acme")["company_name"] == "Acme Incorporated"


@pytest.mark.requirement("C2", "K6")
def test_a_new_customer_becomes_an_account_of_the_connecting_user_and_says_so(world: World):
    world.invoice.create_contact({"contact_name": "Zylker", "notes": "New", "billing_address": {"city": "Rome"}})
    world.connect(contacts=BOTH, items={"enabled": False})

    world.sync()

    made = account_named(world, "Zylker")
    assert (made["Description"], made["Billing_City"], made["Owner"]["name"]) == ("New", "Rome", "Asha Rao")
    customer = world.customer("Zylker")
    assert (customer["zcrm_account_id"], customer["is_linked_with_zohocrm"]) == (made["id"], True)
    world.change("Accounts", made["id"], Billing_City="Milan")
    world.sync()
    assert world.customer("Zylker")["billing_address"]["city"] == "Milan"
    assert accounts(world) == ["Zylker"]


@pytest.mark.requirement("C2")
def test_an_inactive_customer_is_not_exported(world: World):
    contact = world.invoice.create_contact({"contact_name": "Sleeper"})
    world.invoice.mark_contact(contact["contact_id"], "inactive")
    world.connect(contacts=BOTH, items={"enabled": False})

    run = world.sync()

    assert accounts(world) == []
    assert {"entity": "account", "outcome": "unchanged", "reason": "inactive in Invoice", "count": 1} in run["reasons"]


@pytest.mark.requirement("C2")
def test_fetch_from_crm_never_writes_the_crm(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.invoice.create_contact({"contact_name": "Zylker"})
    world.connect()
    world.sync()
    edit_customer(world, "Acme", notes="Drift")
    before = len(world.writes("crm"))

    world.sync()
    world.change("Accounts", acme, Phone="2")
    world.sync()

    assert len(world.writes("crm")) == before + 1


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(
    ("policy", "names", "customers", "phones"),
    [
        ("skip", ["Acme"], ["Acme"], {"Acme": "999"}),
        ("overwrite", ["Acme"], ["Acme"], {"Acme": "111"}),
        ("clone", ["Acme", "Acme"], ["Acme", "Acme (2)"], {"Acme": "999", "Acme (2)": "111"}),
    ],
    ids=["skip", "overwrite", "clone"],
)
def test_duplicates_are_handled_as_chosen_and_only_once(world, policy, names, customers, phones):
    world.add_account("Acme", Phone="111")
    world.invoice.create_contact({"contact_name": "Acme", "billing_address": {"phone": "999"}})
    world.connect(contacts={**BOTH, "duplicates": policy}, items={"enabled": False})

    world.sync()
    before = writes(world)
    world.sync()

    assert writes(world) == before
    assert (accounts(world), sorted(world.customers())) == (names, customers)
    assert {name: world.customer(name)["billing_address"]["phone"] for name in customers} == phones


@pytest.mark.requirement("C3")
def test_the_suffix_of_a_clone_never_travels_back(world: World):
    acme = world.add_account("Acme", Phone="111")
    world.invoice.create_contact({"contact_name": "Acme"})
    world.connect(contacts={**BOTH, "duplicates": "clone"}, items={"enabled": False})
    world.sync()

    edit_customer(world, "Acme (2)", notes="Edited")
    world.sync()
    world.change("Accounts", acme, Account_Name="Acme Industrial")
    world.sync()

    assert account(world, acme)["Description"] == "Edited"
    assert account(world, acme)["Account_Name"] == "Acme Industrial"
    assert sorted(world.customers()) == ["Acme", "Acme Industrial (2)"]


@pytest.mark.requirement("C12")
def test_a_customer_whose_account_is_deleted_goes_unless_it_was_edited_since(world: World):
    plain, edited = world.add_account("Plain"), world.add_account("Edited")
    world.add_account("Stays")
    world.connect(contacts=BOTH, items={"enabled": False})
    world.sync()
    edit_customer(world, "Edited", notes="Still needed")

    world.crm.delete_records("Accounts", [plain, edited])
    world.sync()
    before = writes(world)
    world.sync()

    assert sorted(world.customers()) == ["Edited", "Stays"]
    assert accounts(world) == ["Edited", "Stays"]
    again = account_named(world, "Edited")
    assert (again["id"] != edited, again["Description"]) == (True, "Still needed")
    assert world.customer("Edited")["zcrm_account_id"] == again["id"]
    assert writes(world) == before


@pytest.mark.requirement("C12")
@pytest.mark.parametrize(
    ("policy", "left"), [("detach", ["Edited", "Plain", "Stays"]), ("delete", ["Edited", "Stays"])]
)
def test_an_account_whose_customer_is_deleted_stays_unless_the_setting_says_so(world, policy, left):
    world.add_account("Plain")
    edited = world.add_account("Edited")
    world.add_account("Stays")
    world.connect(contacts={**BOTH, "deleted_in_invoice": policy}, items={"enabled": False})
    world.sync()
    world.change("Accounts", edited, Phone="2")

    for name in ("Plain", "Edited"):
        world.invoice.delete_contact(world.customers()[name]["contact_id"])
    world.sync()
    world.sync()

    assert accounts(world) == left
    assert sorted(world.customers()) == ["Edited", "Stays"]
    assert world.customer("Edited")["billing_address"]["phone"] == "2"


@pytest.mark.requirement("C12")
def test_an_empty_list_of_customers_stops_the_run_before_its_first_write(world: World):
    world.add_account("Acme")
    world.connect(contacts={**BOTH, "deleted_in_invoice": "delete"}, items={"enabled": False})
    world.sync()
    world.invoice.delete_contact(world.customers()["Acme"]["contact_id"])

    run = world.sync()

    assert run["run"]["state"] == "needs_confirmation"
    assert accounts(world) == ["Acme"]


@pytest.mark.requirement("C6")
def test_a_record_exported_from_invoice_keeps_syncing_whatever_the_view(world: World):
    view = world.add_view(
        "Accounts", "In Oslo", {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    )
    world.add_account("Viewed", Billing_City="Oslo")
    world.add_account("Outside", Billing_City="Rome")
    world.invoice.create_contact({"contact_name": "Zylker", "billing_address": {"city": "Rome"}})
    world.connect(contacts={**BOTH, "account_view": view}, items={"enabled": False})
    world.sync()

    made = account_named(world, "Zylker")
    world.change("Accounts", made["id"], Phone="7")
    edit_customer(world, "Zylker", notes="Both")
    world.sync()

    assert sorted(world.customers()) == ["Viewed", "Zylker"]
    assert world.customer("Zylker")["billing_address"]["phone"] == "7"
    assert account(world, made["id"])["Description"] == "Both"


@pytest.mark.requirement("C3")
def test_a_customer_meets_its_twin_outside_the_view_too(world: World):
    view = world.add_view(
        "Accounts", "In Oslo", {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    )
    world.add_account("Viewed", Billing_City="Oslo")
    world.add_account("Zylker", Billing_City="Rome")
    world.invoice.create_contact({"contact_name": "zylker"})
    world.connect(contacts={**BOTH, "account_view": view}, items={"enabled": False})

    world.sync()

    assert accounts(world) == ["Viewed", "Zylker"]


@pytest.mark.requirement("I2")
@pytest.mark.parametrize(
    ("policy", "in_crm", "in_invoice"),
    [
        ("skip", {"Desk": "2"}, {"Desk": "1"}),
        ("overwrite", {"Desk": "1"}, {"Desk": "1"}),
        ("clone", {"Desk": "1 2"}, {"Desk": "1", "Desk (2)": "2"}),
    ],
    ids=["skip", "overwrite", "clone"],
)
def test_items_go_to_the_crm_first_so_that_duplicates_arise_there(world, policy, in_crm, in_invoice):
    world.invoice.create_item({"name": "Desk", "rate": 1})
    world.add("Products", Product_Name="Desk", Unit_Price=Decimal("2"), Product_Active=True)
    world.connect(items={**BOTH, "duplicates": policy})

    world.sync()
    before = writes(world)
    world.sync()

    prices: dict[str, list[str]] = {}
    for row in world.crm.iterate("Products", ["Product_Name", "Unit_Price"]):
        prices.setdefault(row["Product_Name"], []).append(str(row["Unit_Price"]))
    assert {name: " ".join(sorted(found)) for name, found in prices.items()} == in_crm
    assert {row["name"]: str(row["rate"]) for row in world.invoice.items()} == in_invoice
    assert writes(world) == before


@pytest.mark.requirement("I1", "C11", "C15")
def test_an_item_and_its_product_follow_each_other(world: World):
    world.invoice.create_item({"name": "Desk", "rate": 1, "description": "Oak"})
    world.connect(items=BOTH)
    world.sync()
    desk = products(world)["Desk"]["id"]
    (item,) = list(world.invoice.items())

    world.change("Products", desk, Unit_Price=Decimal("5.5"), Product_Active=False)
    world.invoice.update_item(item["item_id"], {"description": "Pine"})
    world.sync()

    (item,) = list(world.invoice.items())
    assert (item["rate"], item["status"]) == (Decimal("5.5"), "inactive")
    assert products(world)["Desk"]["Description"] == "Pine"


@pytest.mark.requirement("C11")
def test_a_value_that_the_crm_rounds_is_no_edit_of_anybody(world: World):
    world.invoice.create_item({"name": "Desk", "rate": Decimal("1.005")})
    world.connect(items=BOTH)
    world.sync()
    before = writes(world)

    world.sync()

    (item,) = list(world.invoice.items())
    assert item["rate"] == Decimal("1.005")
    assert writes(world) == before


@pytest.mark.parametrize("kind", ["status", "cut"])
def test_an_export_whose_answer_is_lost_makes_one_account(world: World, kind):
    world.invoice.create_contact({"contact_name": "Zylker"})
    world.connect(contacts=BOTH, items={"enabled": False})
    fault = {"kind": kind, "when": "after", "path": "/Accounts$", "method": "POST", "times": 2}
    world.control("crm", "POST", f"/{world.id}/faults", {**fault, **({"status": 502} if kind == "status" else {})})

    world.sync()

    assert accounts(world) == ["Zylker"]


@pytest.mark.parametrize("policy", ["skip", "overwrite", "clone"])
def test_an_export_that_never_had_an_answer_is_linked_by_the_next_sync(world: World, policy):
    world.invoice.create_contact({"contact_name": "Zylker"})
    world.connect(contacts={**BOTH, "duplicates": policy}, items={"enabled": False})
    fault = {"kind": "status", "status": 502, "when": "after", "path": "/Accounts$", "method": "POST"}
    world.control("crm", "POST", f"/{world.id}/faults", fault)
    lost = world.sync()
    world.control("crm", "DELETE", f"/{world.id}/faults")

    world.sync()
    edit_customer(world, "Zylker", notes="Linked")
    world.sync()

    assert lost["run"]["counts"]["failed"] == 1
    assert accounts(world) == ["Zylker"]
    assert account_named(world, "Zylker")["Description"] == "Linked"


@pytest.mark.requirement("S5")
def test_a_record_the_crm_refuses_is_told_and_tried_again_while_the_others_go_on(joined):
    world, _ = joined
    world.invoice.create_contact({"contact_name": "Good"})
    edit_customer(world, "Acme", billing_address={"phone": "\N{BLACK TELEPHONE} at noon"})

    runs = [world.sync(), world.sync()]

    for run in runs:
        (row,) = world.ops(run["run"]["id"], outcome="failed")
        assert (row["record_name"], row["side"]) == ("Acme", "crm")
        assert row["reason"]
        assert row["code"]
    assert "Good" in accounts(world)


@pytest.mark.requirement("S5")
def test_the_history_adds_up_in_both_directions(world: World):
    for number in range(4):
        world.add_account(f"Acme {number}")
    for name in ("Acme 1", "New 1", "New 2"):
        world.invoice.create_contact({"contact_name": name})
    world.connect(contacts=BOTH, items={"enabled": False})

    for run in (world.sync(), world.sync()):
        for row in run["totals"]:
            parts = ("added", "updated", "deleted", "skipped", "unchanged", "failed")
            assert row["fetched"] == sum(row[part] for part in parts)
        assert {row["direction"] for row in run["totals"]} == {"to invoice", "to crm"}


@pytest.mark.requirement("C8")
def test_one_crm_field_on_two_lines_cannot_travel_both_ways(world: World):
    world.connect()
    rows = [{"crm": "Account_Name", "invoice": name} for name in ("contact_name", "company_name")]

    answer = world.connector("PUT", "/connection/settings", {"contacts": {**BOTH, "mapping": {"account": rows}}})

    assert answer.status == 422
    assert "mapped twice" in answer.json()["message"]


@pytest.mark.requirement("C6")
def test_an_account_that_leaves_the_view_stays_on_both_sides_and_no_longer_syncs_until_it_returns(world: World):
    in_oslo = {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    view = world.add_view("Accounts", "In Oslo", in_oslo)
    world.add_account("Stays", Billing_City="Oslo")
    acme = world.add_account("Acme", Billing_City="Oslo", Phone="1")
    world.connect(contacts={**BOTH, "account_view": view}, items={"enabled": False})
    world.sync()

    world.change("Accounts", acme, Billing_City="Bergen", Phone="2")
    run = world.sync()

    (told,) = world.ops(run["run"]["id"])
    assert "left the view" in told["reason"]
    edit_customer(world, "Acme", notes="From Invoice")
    world.sync()
    assert world.customer("Acme")["billing_address"]["phone"] == "1"
    assert account(world, acme)["Description"] in (None, "")
    world.change("Accounts", acme, Billing_City="Oslo")
    world.sync()
    assert world.customer("Acme")["billing_address"]["phone"] == "2"
    assert account(world, acme)["Description"] == "From Invoice"
