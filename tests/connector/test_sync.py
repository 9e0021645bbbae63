"""Syncing accounts, contacts and items (guide: Sync contacts, Sync items)."""

from decimal import Decimal

import pytest

from tests.support.world import World

WITH_CONTACTS = {"module": "accounts_and_contacts"}


@pytest.mark.requirement("C1", "C2")
def test_accounts_become_customers_with_their_mapped_fields(world: World):
    world.add_account("Acme", Phone="555-1", Billing_City="Oslo", Website="https://acme.example", Description="Good")
    world.connect()

    run = world.sync()

    acme = world.customer("Acme")
    assert (acme["website"], acme["notes"]) == ("https://acme.example", "Good")
    assert (acme["billing_address"]["city"], acme["billing_address"]["phone"]) == ("Oslo", "555-1")
    assert run["run"]["counts"] == {"added": 1, "updated": 0, "deleted": 0, "skipped": 0, "unchanged": 0, "failed": 0}


@pytest.mark.requirement("C1")
def test_contacts_of_an_account_become_contact_persons_and_the_oldest_is_the_primary_one(world: World):
    acme = world.add_account("Acme")
    for first, last in (("Ann", "Able"), ("Bob", "Baker"), ("Cy", "Cole")):
        world.add(
            "Contacts", First_Name=first, Last_Name=last, Account_Name={"id": acme}, Email=f"{first}@acme.example"
        )
    world.add("Contacts", Last_Name="Lone")
    world.connect(contacts=WITH_CONTACTS)

    run = world.sync()

    persons = world.customer("Acme")["contact_persons"]
    assert [(person["first_name"], person["is_primary_contact"]) for person in persons] == [
        ("Ann", True),
        ("Bob", False),
        ("Cy", False),
    ]
    assert {"entity": "contact", "outcome": "unchanged", "reason": "left out: no account", "count": 1} in run["reasons"]


@pytest.mark.requirement("I1", "I3")
def test_products_become_items(world: World):
    world.add("Products", Product_Name="Desk", Product_Code="D-1", Unit_Price=Decimal("199.90"), Product_Active=True)
    world.add("Products", Product_Name="Chair", Unit_Price=Decimal("80"), Product_Active=False)
    world.connect()

    world.sync()

    items = {row["name"]: row for row in world.invoice.items()}
    assert (items["Desk"]["rate"], items["Desk"]["sku"], items["Desk"]["status"]) == (Decimal("199.9"), "D-1", "active")
    assert items["Chair"]["status"] == "inactive"


@pytest.mark.requirement("C11")
def test_a_second_sync_right_after_writes_nothing(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.add("Contacts", Last_Name="Able", Account_Name={"id": acme})
    world.add("Products", Product_Name="Desk", Unit_Price=Decimal("5.55"), Product_Active=False)
    world.connect(contacts=WITH_CONTACTS)
    world.sync()
    before = len(world.writes("invoice"))

    run = world.sync()

    assert len(world.writes("invoice")) == before
    assert run["run"]["counts"] == {"added": 0, "updated": 0, "deleted": 0, "skipped": 0, "unchanged": 3, "failed": 0}


@pytest.mark.requirement("C11", "S5")
def test_a_change_in_the_crm_is_written_field_by_field_and_told_with_before_and_after(world: World):
    acme = world.add_account("Acme", Phone="1", Billing_City="Oslo")
    world.connect()
    world.sync()
    customer = world.customer("Acme")
    world.invoice.update_contact(customer["contact_id"], {"company_name": "kept"})

    world.change("Accounts", acme, Phone="2")
    run = world.sync()

    (row,) = world.ops(run["run"]["id"], outcome="updated")
    told = world.connector("GET", f"/connection/ops/{row['id']}").json()["op"]
    assert (told["before"], told["after"]) == ({"billing_address.phone": "1"}, {"billing_address.phone": "2"})
    after = world.customer("Acme")
    assert (after["billing_address"]["phone"], after["billing_address"]["city"]) == ("2", "Oslo")
    assert after["company_name"] == "kept"


@pytest.mark.requirement("C11")
def test_an_edit_in_invoice_is_overwritten_when_the_crm_record_changes_and_the_old_value_kept_in_the_history(
    world: World,
):
    acme = world.add_account("Acme", Phone="1", Website="https://acme.example")
    world.connect()
    world.sync()
    world.invoice.update_contact(world.customer("Acme")["contact_id"], {"website": "https://edited.example"})

    untouched = world.sync()
    world.change("Accounts", acme, Phone="2")
    run = world.sync()

    assert untouched["run"]["counts"]["updated"] == 0
    (row,) = world.ops(run["run"]["id"], outcome="updated")
    told = world.connector("GET", f"/connection/ops/{row['id']}").json()["op"]
    assert told["before"]["website"] == "https://edited.example"
    assert world.customer("Acme")["website"] == "https://acme.example"


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(
    ("policy", "phones", "counts"),
    [
        ("skip", {"Acme": "999"}, {"added": 0, "updated": 0, "skipped": 1}),
        ("overwrite", {"Acme": "111"}, {"added": 0, "updated": 1, "skipped": 0}),
        ("clone", {"Acme": "999", "Acme (2)": "111"}, {"added": 1, "updated": 0, "skipped": 0}),
    ],
)
def test_duplicates_are_handled_as_chosen(world: World, policy, phones, counts):
    world.invoice.create_contact({"contact_name": "Acme", "billing_address": {"phone": "999"}})
    world.add_account(" ACME ", Phone="111")
    world.connect(contacts={"duplicates": policy})

    run = world.sync()
    again = world.sync()

    found = {name.title(): world.customer(name)["billing_address"]["phone"] for name in world.customers()}
    assert found == phones
    assert {name: run["run"]["counts"][name] for name in counts} == counts
    assert again["run"]["counts"]["added"] == again["run"]["counts"]["updated"] == 0


@pytest.mark.requirement("I2")
@pytest.mark.parametrize(
    ("policy", "names"), [("skip", ["Desk"]), ("overwrite", ["Desk"]), ("clone", ["Desk", "Desk (2)"])]
)
def test_duplicate_items_are_handled_as_chosen(world: World, policy, names):
    world.invoice.create_item({"name": "Desk", "rate": 1})
    world.add("Products", Product_Name="desk", Unit_Price=Decimal("2"), Product_Active=True)
    world.connect(items={"duplicates": policy})

    world.sync()

    rates = {row["name"].title(): row["rate"] for row in world.invoice.items()}
    assert sorted(rates) == names
    assert rates["Desk"] == (2 if policy == "overwrite" else 1)


@pytest.mark.requirement("C4")
def test_twins_in_the_crm_feed_one_customer_under_overwrite(world: World):
    world.add_account("Acme", Phone="1")
    second = world.add_account("Acme", Phone="2")
    world.connect(contacts={"duplicates": "overwrite"})
    world.sync()

    world.change("Accounts", second, Phone="3")
    world.sync()

    assert list(world.customers()) == ["Acme"]
    assert world.customer("Acme")["billing_address"]["phone"] == "3"


@pytest.mark.requirement("C5", "C6")
def test_only_the_chosen_view_is_synced_and_what_leaves_it_stays_where_it_is(world: World):
    acme = world.add_account("Acme", Billing_City="Oslo")
    world.add_account("Zylker", Billing_City="Rome")
    view = world.add_view(
        "Accounts", "In Oslo", {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    )
    world.connect(contacts={"account_view": view})
    first = world.sync()

    world.change("Accounts", acme, Billing_City="Bergen", Phone="9")
    world.add_account("Third", Billing_City="Oslo")
    left = world.sync()

    assert first["run"]["counts"]["added"] == 1
    (row,) = [op for op in world.ops(left["run"]["id"]) if op["kind"] == "leave_view"]
    assert "left the view" in row["reason"]
    assert world.customer("Acme")["billing_address"]["city"] == "Oslo"

    world.change("Accounts", acme, Billing_City="Oslo")
    back = world.sync()

    assert back["run"]["counts"]["added"] == 0
    assert world.customer("Acme")["billing_address"]["phone"] == "9"


@pytest.mark.requirement("C12")
def test_an_account_deleted_in_the_crm_is_deleted_in_invoice_unless_it_has_transactions(world: World):
    plain, billed = world.add_account("Plain"), world.add_account("Billed")
    world.add_account("Stays")
    world.connect()
    world.sync()
    customer = world.customers()["Billed"]["contact_id"]
    world.invoice.ask("POST", "/invoices", json={"customer_id": customer, "line_items": [{"name": "x", "rate": 5}]})

    world.crm.call("DELETE", "/crm/v8/Accounts", params={"ids": f"{plain},{billed}"})
    run = world.sync()

    assert run["run"]["counts"]["deleted"] == 2
    assert {name: row["status"] for name, row in world.customers().items()} == {"Billed": "inactive", "Stays": "active"}


@pytest.mark.requirement("C12")
def test_a_customer_deleted_in_invoice_is_unlinked_and_stays_away(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.add_account("Zylker")
    world.connect()
    world.sync()
    world.invoice.delete_contact(world.customers()["Acme"]["contact_id"])

    first, second = world.sync(), world.sync()

    assert list(world.customers()) == ["Zylker"]
    assert first["run"]["counts"]["skipped"] == 1
    assert {
        "entity": "account",
        "outcome": "unchanged",
        "reason": "deleted in Invoice; not made again unasked",
        "count": 1,
    } in (second["reasons"])

    world.change("Accounts", acme, Phone="2")
    world.sync()

    assert world.customer("Acme")["billing_address"]["phone"] == "2"


@pytest.mark.requirement("C12")
def test_a_run_that_would_delete_too_much_waits_for_a_person(world: World):
    ids = [world.add_account(f"Acme {number}") for number in range(12)]
    world.add_account("Stays")
    world.connect()
    world.sync()

    world.crm.call("DELETE", "/crm/v8/Accounts", params={"ids": ",".join(ids)})
    run = world.sync()
    still_there = len(world.customers())
    world.connector("POST", f"/connection/runs/{run['run']['id']}/confirm")
    world.settle()

    assert (run["run"]["state"], still_there) == ("needs_confirmation", 13)
    assert list(world.customers()) == ["Stays"]


@pytest.mark.requirement("S5")
def test_one_records_failure_is_told_with_its_reason_and_the_others_go_on(world: World):
    world.add_account("A" * 200)
    world.add_account("Acme")
    world.connect()

    run = world.sync()

    assert run["run"]["counts"]["added"] + run["run"]["counts"]["failed"] == 2
    assert "Acme" in world.customers()
    for row in world.ops(run["run"]["id"], outcome="failed"):
        assert row["reason"]
        assert row["code"]


@pytest.mark.requirement("S5")
def test_the_history_adds_up(world: World):
    for number in range(5):
        world.add_account(f"Acme {number}")
    world.invoice.create_contact({"contact_name": "Acme 1"})
    world.connect()

    for run in (world.sync(), world.sync()):
        for row in run["totals"]:
            parts = ("added", "updated", "deleted", "skipped", "unchanged", "failed")
            assert row["fetched"] == sum(row[part] for part in parts) == 5


@pytest.mark.requirement("S1")
def test_auto_sync_runs_when_its_time_has_come_on_the_simulated_clock(world: World):
    world.connect(auto_sync_minutes=120)
    world.sync()
    world.add_account("Acme")

    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 7_300})
    world.settle()

    runs = world.connector("GET", "/connection/runs?kind=auto").json()["runs"]
    assert [run["counts"]["added"] for run in runs] == [1]
    assert "Acme" in world.customers()


@pytest.mark.requirement("C8")
def test_the_mapping_is_previewed_on_a_real_record_and_checked(world: World):
    world.add_account("Acme", Phone="1")
    world.connect()
    rows = [{"crm": "Account_Name", "invoice": "contact_name"}, {"crm": "Phone", "invoice": "notes"}]

    preview = world.connector("POST", "/connection/mapping/preview", {"entity": "account", "mapping": rows}).json()
    unmapped = {"contacts": {"mapping": {"account": rows[1:]}}}
    wrong_type = {"contacts": {"mapping": {"account": [*rows, {"crm": "Annual_Revenue", "invoice": "website"}]}}}

    assert preview["rows"][1] == {"crm": "Phone", "invoice": "notes", "crm_value": "1", "invoice_value": "1"}
    for change in (unmapped, wrong_type):
        assert world.connector("PUT", "/connection/settings", change).status == 422


@pytest.mark.requirement("W3")
def test_invoice_can_have_one_account_fetched(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.add_account("Zylker")
    world.connect()

    answer = world.invoice.ask("POST", f"/crm/account/{acme}/import")

    assert answer["data"]["contact_id"] == world.customers()["Acme"]["contact_id"]
    assert list(world.customers()) == ["Acme"]


def test_a_create_whose_answer_is_lost_makes_one_customer(world: World):
    world.add_account("Acme")
    world.connect()
    world.control(
        "invoice",
        "POST",
        f"/{world.id}/faults",
        {"kind": "status", "status": 502, "when": "after", "path": "/contacts$", "method": "POST", "times": 2},
    )

    run = world.sync()

    assert run["run"]["counts"]["added"] == 1
    assert list(world.customers()) == ["Acme"]
