"""Overwrite with several duplicates merges them into a single record (guide: Step 3, Handling duplicate records)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import account, account_named, accounts, writes
from tests.connector.test_persons_both_ways import add_contact, contacts, persons
from tests.support.world import World

OVERWRITE: dict[str, Any] = {"extent": "both", "duplicates": "overwrite"}
OFF = {"enabled": False}


def quiet(world: World) -> bool:
    """Whether, once the merged record has been looked at, one more sync writes nothing."""
    world.sync()
    before = writes(world)
    world.sync()
    return writes(world) == before


@pytest.mark.requirement("C4")
def test_twins_of_the_crm_become_one_account_and_what_hung_on_them_hangs_on_it(world: World):
    first = world.add_account("Acme", Phone="1")
    twins = [world.add_account(name, Fax="22", Billing_City="Oslo") for name in ("ACME", "acme ")]
    able = add_contact(world, twins[0], "Able")
    deal = world.add_potential("Big Deal", twins[1], "Qualification")
    world.connect(contacts={**OVERWRITE, "module": "accounts_and_contacts"}, items=OFF)

    run = world.sync()

    assert accounts(world) == ["Acme"]
    assert contacts(world)["Able"]["Account_Name"]["id"] == first
    moved = world.crm.get_record("Deals", deal)
    assert moved["Account_Name"]["id"] == first
    assert (account(world, first)["Phone"], account(world, first)["Fax"]) == ("1", "22")
    merges = [row for row in world.ops(run["run"]["id"]) if row["kind"] == "merge"]
    assert [(row["side"], row["outcome"]) for row in merges] == [("crm", "deleted")] * 2
    told = world.connector("GET", f"/connection/ops/{merges[0]['id']}").json()["op"]
    assert told["before"]["billing_address.fax"] == "22"
    assert quiet(world)
    assert list(world.customers()) == ["Acme"]
    assert persons(world, "Acme")["Able"]["zcrm_contact_id"] == able
    assert world.customer("Acme")["billing_address"]["city"] == "Oslo"


@pytest.mark.requirement("C4")
def test_under_fetch_from_crm_the_twins_of_the_crm_feed_one_customer_and_only_invoices_are_merged(world: World):
    world.add_account("Acme", Phone="1")
    second = world.add_account("Acme", Phone="1")
    for name in ("Acme", "ACME"):
        world.invoice.create_contact({"contact_name": name})
    world.connect(contacts={"duplicates": "overwrite"}, items=OFF)
    before = len(world.writes("crm"))

    world.sync()
    world.change("Accounts", second, Phone="2")
    world.sync()

    assert len(world.writes("crm")) == before + 1
    assert {name: row["status"] for name, row in world.customers().items()} == {"Acme": "active", "ACME": "inactive"}
    assert world.customer("Acme")["billing_address"]["phone"] == "2"
    assert quiet(world)


@pytest.mark.requirement("C4")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_twins_of_invoice_become_one_customer_with_the_persons_and_transactions_of_all(world: World, extent):
    world.add_account("Acme")
    kept = world.invoice.create_contact({"contact_name": "Acme", "contact_persons": [{"last_name": "Able"}]})
    people = [{"last_name": "Able"}, {"last_name": "Baker"}]
    lost = world.invoice.create_contact({"contact_name": "ACME", "contact_persons": people})
    body = {"customer_id": lost["contact_id"], "line_items": [{"name": "x", "rate": 5}]}
    world.invoice.ask("POST", "/invoices", json=body)
    world.connect(contacts={"extent": extent, "duplicates": "overwrite"}, items=OFF)

    run = world.sync()

    assert accounts(world) == ["Acme"]
    assert sorted(persons(world, "Acme")) == ["Able", "Baker"]
    (invoice,) = list(world.invoice.invoices())
    assert invoice["customer_id"] == kept["contact_id"]
    assert world.customers()["ACME"]["status"] == "inactive"
    (row,) = [row for row in world.ops(run["run"]["id"]) if row["kind"] == "merge"]
    assert (row["side"], row["outcome"], row["record_name"]) == ("invoice", "deleted", "ACME")
    assert quiet(world)


@pytest.mark.requirement("C4", "C3")
@pytest.mark.parametrize(
    ("policy", "in_crm", "active"),
    [
        ("overwrite", ["ACME"], ["ACME"]),
        ("skip", ["ACME"], ["ACME", "Acme"]),
        ("clone", ["ACME", "Acme"], ["ACME", "Acme"]),
    ],
    ids=["overwrite", "skip", "clone"],
)
def test_customers_of_one_name_that_the_crm_does_not_have_are_duplicates_of_each_other(world, policy, in_crm, active):
    for name in ("ACME", "Acme"):
        world.invoice.create_contact({"contact_name": name})
    world.connect(contacts={**OVERWRITE, "duplicates": policy}, items=OFF)

    world.sync()

    assert accounts(world) == in_crm
    assert sorted(name for name, row in world.customers().items() if row["status"] == "active") == active
    assert quiet(world)


@pytest.mark.requirement("C4", "S6")
def test_a_merge_is_in_the_preview_and_is_not_done_by_it(world: World):
    for name in ("Acme", "ACME"):
        world.add_account(name)
    world.connect(contacts=OVERWRITE, items=OFF)

    run = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]
    world.settle()

    assert [row["kind"] for row in world.ops(run["id"]) if row["side"] == "crm"] == ["merge"]
    assert accounts(world) == ["ACME", "Acme"]


@pytest.mark.requirement("C4", "C12")
def test_merges_do_not_count_in_the_delete_guard(world: World):
    for number in range(12):
        world.add_account(f"Acme {number}")
        world.add_account(f"ACME {number}")
    world.connect(contacts=OVERWRITE, items=OFF)

    assert world.sync()["run"]["state"] == "done"
    assert len(accounts(world)) == 12


@pytest.mark.requirement("C4")
def test_twins_of_persons_become_one_contact(world: World):
    acme = world.add_account("Acme")
    for phone in ("1", "2"):
        add_contact(world, acme, "Able", Phone=phone, Email="able@acme.example")
    world.connect(contacts={**OVERWRITE, "module": "accounts_and_contacts"}, items=OFF)

    world.sync()

    assert [row["Phone"] for row in world.crm.iterate("Contacts", ["Phone"])] == ["1"]
    assert list(persons(world, "Acme")) == ["Able"]
    assert quiet(world)


@pytest.mark.requirement("C4")
def test_a_merge_whose_answer_is_lost_is_done_once(world: World):
    for name in ("Acme", "ACME"):
        world.add_account(name)
    world.connect(contacts=OVERWRITE, items=OFF)
    fault = {"kind": "status", "status": 502, "when": "after", "path": "/actions/merge", "method": "POST"}
    world.control("crm", "POST", f"/{world.id}/faults", {**fault, "times": 1})

    world.sync()

    assert account_named(world, "Acme")["Account_Name"] == "Acme"
    assert quiet(world)
    assert (accounts(world), list(world.customers())) == (["Acme"], ["Acme"])


@pytest.mark.requirement("C4")
def test_the_gentle_setting_lets_twins_feed_one_customer(world: World):
    for _ in range(2):
        world.add_account("Acme")
    world.connect(contacts={**OVERWRITE, "merge_duplicates": False}, items=OFF)

    world.sync()

    assert (accounts(world), list(world.customers())) == (["Acme", "Acme"], ["Acme"])


@pytest.mark.requirement("C4", "S7")
def test_undo_brings_the_merged_ones_back(world: World):
    for name in ("Zylker", "ZYLKER"):
        world.add_account(name)
    world.add_account("Acme")
    for name in ("Acme", "ACME"):
        world.invoice.create_contact({"contact_name": name})
    world.connect(contacts=OVERWRITE, items=OFF)
    run = world.sync()["run"]
    assert (accounts(world), world.customers()["ACME"]["status"]) == (["Acme", "Zylker"], "inactive")

    answer = world.connector("POST", f"/connection/runs/{run['id']}/undo", {"preview": False})
    world.settle()

    assert answer.status in (200, 202), answer.body
    assert accounts(world) == ["Acme", "ZYLKER", "Zylker"]
    assert world.customers()["ACME"]["status"] == "active"
