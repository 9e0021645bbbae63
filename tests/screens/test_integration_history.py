"""What is done about a sync: matching, Retry, undo, CSV, merges, mails, Create again, over the real connector."""

import re

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

LONG = "An item with a name " + "x" * 100


@pytest.fixture
def connected(world: World) -> World:
    world.connect(contacts={"module": "accounts"})
    return world


def run_of(page_address: str) -> str:
    return page_address.rstrip("/").rpartition("/")[2]


@pytest.mark.requirement("C3", "S6")
def test_duplicates_of_a_preview_are_matched_by_hand(connected: World, asha: Visitor):
    account = connected.add_account("Acme")
    customer = connected.invoice.create_contact({"contact_name": "Acme"})["contact_id"]
    preview = asha.post("/integration/preview").location
    connected.settle()

    plan = asha.get(preview).text
    pairs = asha.get(f"{preview}/pairs").text
    chosen = asha.follow(f"{preview}/pairs", **{f"pair:account:{account}:{customer}": "link"}).text
    again = asha.post("/integration/preview").location
    connected.settle()

    assert "Match records (1)" in plan
    assert f'name="pair:account:{account}:{customer}"' in pairs
    for choice in ("As planned", "Link them", "Keep apart"):
        assert choice in pairs
    assert re.search(r'value="link" selected', chosen)
    assert "Accounts, Zoho CRM → Zoho Invoice: Link 1" in asha.get(again).text


@pytest.mark.requirement("S5")
def test_failures_are_grouped_by_reason_and_taken_once_more_together(connected: World, asha: Visitor):
    products = [connected.add("Products", Product_Name=f"{LONG}{number}") for number in range(2)]
    failed = connected.sync()["run"]
    for number, product in enumerate(products):
        connected.change("Products", product, Product_Name=f"Item {number}")

    page = asha.get(f"/integration/runs/{failed['id']}").text
    retried = asha.post(f"/integration/runs/{failed['id']}/retry").location
    connected.settle()

    assert "has less than 100 characters" in page
    assert "Retry all</" in page.replace(" (2)", "")
    assert {item["name"] for item in connected.invoice.items()} == {"Item 0", "Item 1"}
    assert f'href="/integration/runs/{failed["id"]}"' in asha.get(retried).text


@pytest.mark.requirement("S5")
def test_one_failed_record_is_taken_once_more_and_no_other(connected: World, asha: Visitor):
    products = [connected.add("Products", Product_Name=f"{LONG}{number}") for number in range(2)]
    failed = connected.sync()["run"]
    first = connected.ops(failed["id"], outcome="failed")[0]
    for number, product in enumerate(products):
        connected.change("Products", product, Product_Name=f"Item {number}")

    page = asha.get(f"/integration/runs/{failed['id']}/ops/{first['id']}").text
    asha.follow(f"/integration/runs/{failed['id']}/retry", op=first["id"])
    connected.settle()

    assert ">Retry</button>" in page
    assert len(list(connected.invoice.items())) == 1


@pytest.mark.requirement("S5")
def test_the_failed_records_of_one_reason_are_taken_once_more(connected: World, asha: Visitor):
    product = connected.add("Products", Product_Name=LONG)
    failed = connected.sync()["run"]
    (op,) = connected.ops(failed["id"], outcome="failed")
    connected.change("Products", product, Product_Name="Item")

    asha.follow(f"/integration/runs/{failed['id']}/retry", entity="product", reason=op["reason"])
    connected.settle()

    assert [item["name"] for item in connected.invoice.items()] == ["Item"]


@pytest.mark.requirement("S7")
def test_an_undo_is_previewed_then_done_and_pauses_the_sync(connected: World, asha: Visitor):
    connected.add_account("Acme")
    run = connected.sync()["run"]

    page = asha.get(f"/integration/runs/{run['id']}").text
    preview = asha.post(f"/integration/runs/{run['id']}/undo").location
    connected.settle()
    shown = asha.get(preview).text
    before = list(connected.customers())
    asha.follow(f"{preview}/confirm")
    connected.settle()

    assert "Undo …" in page
    assert "This undo pauses the sync" in shown
    assert "Undo now" in shown
    assert before == ["Acme"]
    assert not connected.customers()
    assert "Resume sync" in asha.get("/integration/settings").text


@pytest.mark.requirement("S7")
def test_a_sync_that_changed_nothing_has_nothing_to_undo(connected: World, asha: Visitor):
    run = connected.sync()["run"]

    assert "Undo …" not in asha.get(f"/integration/runs/{run['id']}").text
    assert "changed nothing" in asha.follow(f"/integration/runs/{run['id']}/undo").text


@pytest.mark.requirement("S5")
def test_a_sync_is_downloaded_as_a_file_for_a_spreadsheet(connected: World, asha: Visitor):
    connected.add_account("Acme")
    run = connected.sync()["run"]

    answer = asha.get(f"/integration/runs/{run['id']}.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert "Acme,account,to invoice,create,added" in answer.text
    assert f"/integration/runs/{run['id']}.csv" in asha.get(f"/integration/runs/{run['id']}").text


@pytest.mark.requirement("C11")
def test_a_conflict_shows_both_values_and_which_stands(world: World, asha: Visitor):
    account = world.add_account("Acme", Phone="111")
    world.connect(contacts={"module": "accounts", "extent": "both"})
    world.sync()
    world.change("Accounts", account, Phone="222")
    world.invoice.update_contact(
        world.customers()["Acme"]["contact_id"], {"contact_name": "Acme", "billing_address": {"phone": "333"}}
    )
    run = world.sync()["run"]
    op = next(op for op in world.ops(run["id"]) if op["record_name"] == "Acme")

    told = asha.get(f"/integration/runs/{run['id']}/ops/{op['id']}").text.partition("Changed on both sides")[2]

    assert "<ins>222</ins>" in told
    assert "<del>333</del>" in told


@pytest.mark.requirement("S5")
def test_linked_records_are_listed_with_when_each_side_was_seen(connected: World, asha: Visitor):
    connected.add_account("Acme")
    connected.add("Products", Product_Name="Anvil")
    connected.sync()

    page = asha.get("/integration/links").text
    only = asha.get("/integration/links?entity=product").text
    none = asha.get("/integration/links?q=nothing").text

    assert "Acme" in page
    assert page.count("<time") >= 4
    assert "Anvil" in only
    assert "Acme" not in only
    assert "No linked records here" in none


@pytest.mark.requirement("C14")
def test_the_customer_of_a_merged_account_is_offered_for_merging(connected: World, asha: Visitor):
    survivor, loser = connected.add_account("Acme"), connected.add_account("Acme Industrial")
    connected.add("Contacts", Last_Name="Baker", Account_Name={"id": loser})
    connected.configure(contacts={"module": "accounts_and_contacts"})
    connected.sync()
    connected.crm.merge_record("Accounts", survivor, loser, [])
    connected.sync()

    page = asha.get("/integration/links?state=merged").text
    merge = re.search(r'action="(/integration/links/\d+/merge)"', page)
    assert merge
    told = asha.follow(merge[1], state="merged").text

    assert "Acme Industrial" in page
    assert "The customers are merged." in told
    assert connected.customers()["Acme Industrial"]["status"] == "inactive"


@pytest.mark.requirement("S9")
def test_the_mail_about_failures_stands_in_the_outbox(connected: World, asha: Visitor):
    connected.add("Products", Product_Name=LONG)
    run = connected.sync()["run"]

    outbox = asha.get("/integration/mails").text
    mail = re.search(r'href="(/integration/mails/\d+)"', outbox)
    assert mail
    letter = asha.get(mail[1]).text

    assert "Zoho CRM sync: 1 record could not be synced" in outbox
    assert "asha.rao@zylker.example" in letter
    assert "has less than 100 characters" in letter
    assert f'href="/integration/runs/{run["id"]}"' in letter


@pytest.mark.requirement("G11")
def test_a_document_deleted_by_hand_is_created_again_when_asked(connected: World, asha: Visitor):
    deal = connected.add_potential("Big Deal", connected.add_account("Acme"), "Negotiation/Review")
    connected.configure(triggers={"document": "invoice"})
    connected.change("Deals", deal, Stage="Closed Won")
    connected.settle()
    (made,) = connected.invoice.invoices()
    connected.invoice.delete_document("invoices", made["invoice_id"])
    connected.change("Deals", deal, Amount=500)
    connected.settle()

    page = asha.get("/integration/potentials").text
    run = connected.connector("GET", "/connection/runs?kind=trigger").json()["runs"][0]
    (op,) = connected.ops(run["id"], outcome="skipped")
    history = asha.get(f"/integration/runs/{run['id']}/ops/{op['id']}").text
    told = asha.follow(f"/integration/potentials/{deal}/create_again").text
    connected.settle()

    assert f'action="/integration/potentials/{deal}/create_again"' in page
    assert f'action="/integration/potentials/{deal}/create_again"' in history
    assert "The document is created again." in told
    assert len(list(connected.invoice.invoices())) == 1


@pytest.mark.requirement("S1")
def test_saving_the_last_step_offers_a_preview_and_the_first_sync(connected: World, asha: Visitor):
    page = asha.get("/integration/settings/contacts/done").text

    assert ">Preview</button>" in page
    assert ">Start first sync</button>" in page
