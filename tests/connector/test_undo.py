"""Undo of a run: everything is as it was, unless somebody has changed it since (requirement S7)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.picture import differences, picture
from tests.support.world import World

BOTH = {"extent": "both"}
WITH_CONTACTS = {"module": "accounts_and_contacts"}


def undo(world: World, run: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Undo of a run, worked on until it has ended."""
    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", body)
    assert answer.status == 202, answer.body
    world.settle()
    return world.run(answer.json()["run"]["id"])


@pytest.mark.requirement("S7")
def test_undo_of_a_first_sync_takes_its_customers_persons_and_items_away_again(world: World):
    acme = world.add_account("Acme", Phone="1", Billing_City="Oslo")
    world.add("Contacts", First_Name="Ann", Last_Name="Able", Email="ann@acme.example", Account_Name={"id": acme})
    world.add("Products", Product_Name="Desk", Unit_Price=Decimal("199.90"), Product_Active=True)
    world.connect(contacts=WITH_CONTACTS)
    before = picture(world)
    run = world.sync()
    assert picture(world) != before

    undone = undo(world, run)

    assert differences(before, picture(world)) == []
    assert undone["run"]["kind"] == "undo"
    assert undone["run"]["counts"]["deleted"] == 3
    assert undone["run"]["about_run_id"] == run["run"]["id"]


@pytest.mark.requirement("S7")
def test_undo_puts_back_what_a_sync_both_ways_wrote_on_either_side(world: World):
    world.add_account("Acme", Phone="1")
    world.invoice.create_contact({"contact_name": "Zylker", "billing_address": {"city": "Rome"}})
    world.connect(contacts=BOTH)
    world.sync()
    acme = next(world.crm.iterate("Accounts", ["Account_Name"]))
    world.change("Accounts", acme["id"], Phone="2")
    world.invoice.update_contact(world.customers()["Zylker"]["contact_id"], {"notes": "Pays late"})
    world.invoice.create_contact({"contact_name": "New in Invoice"})
    world.add_account("New in the CRM")
    before = picture(world)
    run = world.sync()

    undone = undo(world, run)

    assert differences(before, picture(world)) == []
    counts = undone["run"]["counts"]
    assert (counts["updated"], counts["deleted"], counts["failed"]) == (3, 2, 0)


@pytest.mark.requirement("S7")
def test_undo_pauses_the_sync_and_says_so(world: World):
    world.add_account("Acme")
    world.connect()
    run = world.sync()

    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", {}).json()
    world.settle()

    assert answer["state"] == "paused"
    assert "The sync is paused" in answer["notice"]
    assert "The sync is paused" in world.run(answer["run"]["id"])["run"]["reason"]
    assert world.connector("GET", "/connection").json()["connection"]["state"] == "paused"
    assert world.connector("POST", "/connection/runs", {"kind": "instant"}).status == 409


@pytest.mark.requirement("S7")
def test_after_undo_and_resume_the_next_sync_does_the_same_again(world: World):
    world.add_account("Acme", Phone="1")
    world.connect(contacts=BOTH)
    world.sync()
    acme = next(world.crm.iterate("Accounts", ["Account_Name"]))
    world.change("Accounts", acme["id"], Phone="2")
    undo(world, world.sync())
    assert world.customer("Acme")["billing_address"]["phone"] == "1"

    world.connector("POST", "/connection/resume")
    again = world.sync()

    assert again["run"]["counts"]["updated"] == 1
    assert world.customer("Acme")["billing_address"]["phone"] == "2"
    assert world.crm.get_record("Accounts", acme["id"])["Phone"] == "2"


@pytest.mark.requirement("S7")
def test_records_changed_since_are_listed_and_left_alone(world: World):
    world.add_account("Acme")
    world.add_account("Zylker")
    world.connect()
    run = world.sync()
    world.invoice.update_contact(world.customers()["Acme"]["contact_id"], {"facebook": "acme"})

    undone = undo(world, run)

    assert list(world.customers()) == ["Acme"]
    (listed,) = world.ops(undone["run"]["id"], outcome="skipped")
    assert (listed["record_name"], listed["code"]) == ("Acme", "changed-meanwhile")
    assert listed["reason"] == "changed in Invoice since it was made; it was left as it is"


@pytest.mark.requirement("S7")
def test_a_field_written_since_is_kept_with_its_reason(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.connect()
    world.sync()
    world.change("Accounts", acme, Phone="2")
    run = world.sync()
    world.invoice.update_contact(world.customers()["Acme"]["contact_id"], {"billing_address": {"phone": "3"}})

    undone = undo(world, run)

    assert world.customer("Acme")["billing_address"]["phone"] == "3"
    (listed,) = world.ops(undone["run"]["id"], outcome="skipped")
    assert listed["reason"] == "changed in Invoice since: billing_address.phone; it was left as it is"


@pytest.mark.requirement("S7")
def test_a_made_customer_with_transactions_is_made_inactive(world: World):
    world.add_account("Acme")
    world.connect()
    run = world.sync()
    contact_id = world.customers()["Acme"]["contact_id"]
    world.invoice.ask("POST", "/invoices", json={"customer_id": contact_id, "line_items": [{"name": "x", "rate": 1}]})

    undone = undo(world, run)

    acme = world.customer("Acme")
    assert (acme["status"], acme["zcrm_account_id"]) == ("inactive", "")
    (op,) = world.ops(undone["run"]["id"], outcome="deleted")
    assert "made inactive" in op["reason"]


@pytest.mark.requirement("S7")
def test_a_record_deleted_for_good_in_invoice_is_made_again_with_all_it_had_and_linked_again(world: World):
    acme = world.add_account("Acme", Phone="1")
    world.add("Contacts", Last_Name="Able", Email="a@acme.example", Account_Name={"id": acme})
    zylker = world.add_account("Zylker")
    world.add("Contacts", Last_Name="Zimmer", Account_Name={"id": zylker})
    world.connect(contacts=WITH_CONTACTS)
    world.sync()
    contact_id = world.customers()["Acme"]["contact_id"]
    world.invoice.update_contact(contact_id, {"payment_terms": 15, "twitter": "acme", "credit_limit": 500})
    world.invoice.add_address(contact_id, {"city": "Bergen"})
    world.invoice.remind(contact_id, "disable")
    world.crm.delete_records("Accounts", [acme])
    before = picture(world)
    run = world.sync()
    assert "Acme" not in world.customers()

    undone = undo(world, run)

    assert differences(before, picture(world)) == []
    assert undone["run"]["counts"]["added"] == 1
    world.connector("POST", "/connection/resume")
    world.crm.restore_records([acme])
    world.change("Accounts", acme, Phone="2")
    again = world.sync()
    assert again["run"]["counts"]["updated"] == 1, again
    assert world.customer("Acme")["billing_address"]["phone"] == "2"


@pytest.mark.requirement("S7")
def test_a_record_deleted_in_the_crm_comes_back_from_the_recycle_bin(world: World):
    world.add_account("Acme", Phone="1", Description="Old friends")
    world.add_account("Zylker")
    world.connect(contacts={**BOTH, "deleted_in_invoice": "delete"})
    world.sync()
    world.invoice.delete_contact(world.customers()["Acme"]["contact_id"])
    before = picture(world)
    run = world.sync()
    assert run["run"]["counts"]["deleted"] == 1

    undo(world, run)

    assert differences(before, picture(world)) == []


@pytest.mark.requirement("S7")
def test_a_customer_made_inactive_is_active_again(world: World):
    acme = world.add_account("Acme")
    world.add_account("Zylker")
    world.connect()
    world.sync()
    contact_id = world.customers()["Acme"]["contact_id"]
    world.invoice.ask("POST", "/invoices", json={"customer_id": contact_id, "line_items": [{"name": "x", "rate": 1}]})
    world.crm.delete_records("Accounts", [acme])
    before = picture(world)
    run = world.sync()
    assert world.customer("Acme")["status"] == "inactive"

    undo(world, run)

    assert differences(before, picture(world)) == []


@pytest.mark.requirement("S7")
def test_an_overwritten_duplicate_has_its_own_values_again_and_is_free(world: World):
    world.add_account("Acme", Phone="1")
    world.invoice.create_contact({"contact_name": "acme", "notes": "Mine", "billing_address": {"phone": "9"}})
    world.connect(contacts={"duplicates": "overwrite"})
    before = picture(world)
    run = world.sync()

    undo(world, run)

    assert differences(before, picture(world)) == []


@pytest.mark.requirement("S7", "S6")
def test_an_undo_is_previewed_and_that_very_plan_applied(world: World):
    world.add_account("Acme")
    world.connect()
    run = world.sync()
    after = picture(world)

    preview = undo(world, run, preview=True)

    assert preview["run"]["state"] == "needs_confirmation"
    assert preview["plan"] == [{"entity": "account", "direction": "to invoice", "kind": "delete", "count": 1}]
    assert differences(after, picture(world)) == []
    assert world.connector("GET", "/connection").json()["connection"]["state"] == "active"
    assert world.connector("POST", f"/connection/runs/{preview['run']['id']}/confirm").status == 200
    world.settle()
    assert world.customers() == {}
    assert world.connector("GET", "/connection").json()["connection"]["state"] == "paused"


@pytest.mark.requirement("S7")
def test_what_was_undone_already_is_not_undone_twice(world: World):
    world.add_account("Acme")
    world.connect()
    run = world.sync()
    undo(world, run)

    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", {})

    assert (answer.status, answer.json()["code"]) == (409, "nothing_to_undo")


@pytest.mark.requirement("S7")
@pytest.mark.parametrize("kind", ["dry", "undo"])
def test_only_syncs_can_be_undone(world: World, kind: str):
    world.add_account("Acme")
    world.connect()
    if kind == "undo":
        run = undo(world, world.sync())
    else:
        run = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()
        world.settle()

    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", {})

    assert (answer.status, answer.json()["code"]) == (409, "not_undoable")


@pytest.mark.requirement("S7")
def test_a_record_of_the_crm_that_got_potentials_since_is_kept_with_its_link(world: World):
    world.add_account("Anchor")
    world.connect(contacts=BOTH)
    world.sync()
    world.invoice.create_contact({"contact_name": "Zylker"})
    run = world.sync()
    account = next(row for row in world.crm.iterate("Accounts", ["Account_Name"]) if row["Account_Name"] == "Zylker")
    world.add_potential("Big Deal", account["id"], "Qualification")

    undone = undo(world, run)

    assert world.crm.get_record("Accounts", account["id"])
    assert world.customer("Zylker")["zcrm_account_id"] == account["id"]
    reasons = {op["reason"] for op in world.ops(undone["run"]["id"], outcome="skipped")}
    assert reasons == {
        "1 other record of the CRM belong to it now; it was left as it is",
        "its record in the CRM stays; it was left as it is",
    }


@pytest.mark.requirement("S7", "C4")
def test_undo_of_a_merge_in_the_crm_gives_back_what_hung_on_the_merged_one(world: World):
    world.add_account("Acme", Phone="1")
    twin = world.add_account("ACME", Fax="22", Billing_City="Oslo")
    world.add("Contacts", Last_Name="Able", Account_Name={"id": twin})
    world.add_potential("Big Deal", twin, "Qualification")
    world.connect(contacts={**BOTH, "duplicates": "overwrite"}, items={"enabled": False})
    before = picture(world)
    run = world.sync()
    assert len(list(world.crm.iterate("Accounts", ["id"]))) == 1

    undone = undo(world, run)

    assert undone["run"]["counts"]["failed"] == 0, undone
    assert differences(before, picture(world)) == []


@pytest.mark.requirement("S7", "C4")
def test_undo_of_a_merge_in_invoice_gives_back_persons_and_drafts_and_lists_what_was_sent(world: World):
    world.add_account("Acme")
    world.invoice.create_contact({"contact_name": "Acme"})
    twin = world.invoice.create_contact(
        {"contact_name": "ACME", "contact_persons": [{"last_name": "Able", "email": "able@acme.example"}]}
    )["contact_id"]
    line = {"name": "x", "rate": 1}
    made = [
        world.invoice.ask("POST", "/invoices", json={"customer_id": twin, "line_items": [line]})["invoice"]
        for _ in range(2)
    ]
    world.invoice.mark_invoice(made[1]["invoice_id"], "sent")
    world.connect(contacts={"duplicates": "overwrite"}, items={"enabled": False})
    run = world.sync()
    assert len(world.customer("Acme")["contact_persons"]) == 1

    undone = undo(world, run)

    assert world.customer("Acme")["contact_persons"] == []
    assert (world.customer("ACME")["status"], len(world.customer("ACME")["contact_persons"])) == ("active", 1)
    owners = [world.invoice.invoice(one["invoice_id"])["customer_name"] for one in made]
    assert owners == ["ACME", "Acme"]
    reasons = {op["reason"] for op in world.ops(undone["run"]["id"], outcome="updated")}
    assert "made active again; 1 sent document stays with the other customer" in reasons


@pytest.mark.requirement("S7", "G11")
def test_undo_of_what_triggers_made_deletes_drafts_and_only_lists_what_was_sent_or_edited(world: World):
    acme = world.add_account("Acme")
    world.connect(triggers={"document": "invoice"})
    world.sync()
    potentials = {name: world.add_potential(name, acme, "Closed Won") for name in ("Draft", "Sent", "Edited", "Lost")}
    world.settle()
    made = {row["reference_number"]: row["invoice_id"] for row in world.invoice.invoices()}
    world.change("Deals", potentials["Lost"], Stage="Closed Lost")
    world.settle()
    world.invoice.mark_invoice(made["Sent"], "sent")
    world.invoice.update_invoice(made["Edited"], {"line_items": [{"name": "Edited", "rate": 7}]})
    (run,) = world.connector("GET", "/connection/runs?kind=trigger").json()["runs"]

    undone = undo(world, {"run": run})

    assert {row["reference_number"] for row in world.invoice.invoices()} == {"Sent", "Edited"}
    listed = {op["record_name"]: op["reason"] for op in world.ops(undone["run"]["id"], outcome="skipped")}
    assert set(listed) == {"Sent", "Edited"}
    assert "is sent; it was left as it is" in listed["Sent"]
    assert listed["Edited"] == "its invoice was edited in Invoice: rate; it was left as it is"
    (shown,) = world.connector("GET", "/connection/potentials?q=Draft").json()["potentials"]
    assert (shown["standing"], shown["offer"]) == ("left_alone", "create_again")
