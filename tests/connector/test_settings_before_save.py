"""What a change of settings stops and starts is told before Save; what runs is not touched by it (requirement S3)."""

from typing import Any

import pytest

from tests.support.world import World

WITH_CONTACTS = {"module": "accounts_and_contacts"}


def effect(world: World, **change: Any) -> dict[str, list[str]]:
    answer = world.connector("POST", "/connection/settings/effect", change)
    assert answer.status == 200, answer.body
    found: dict[str, list[str]] = answer.json()
    return found


@pytest.mark.requirement("S3")
def test_before_a_change_of_the_module_it_is_told_what_stops_and_what_starts(world: World):
    acme = world.add_account("Acme")
    world.add("Contacts", Last_Name="Able", Account_Name={"id": acme})
    world.connect(contacts=WITH_CONTACTS)
    world.sync()

    told = effect(world, contacts={"module": "contacts"})

    kept = "1 record linked; their links and records stay as they are, nothing is deleted."
    assert told == {
        "stops": [
            f"Syncing accounts of the CRM as customers stops: {kept}",
            f"Syncing contacts of accounts as contact persons stops: {kept}",
        ],
        "starts": ["Syncing contacts of the CRM as customers starts."],
    }


@pytest.mark.requirement("S3")
def test_changing_the_module_deletes_nothing_and_coming_back_meets_the_old_links(world: World):
    acme = world.add_account("Acme")
    world.add("Contacts", Last_Name="Able", Account_Name={"id": acme})
    world.connect(contacts=WITH_CONTACTS)
    world.sync()

    world.configure(contacts={"module": "accounts"})
    between = world.sync()
    told = effect(world, contacts=WITH_CONTACTS)
    world.configure(contacts=WITH_CONTACTS)
    back = world.sync()

    assert [row["last_name"] for row in world.customer("Acme")["contact_persons"]] == ["Able"]
    assert between["run"]["counts"]["deleted"] == back["run"]["counts"]["deleted"] == 0
    assert back["run"]["counts"]["added"] == 0
    assert told["starts"] == [
        "Syncing contacts of accounts as contact persons starts; 1 record linked from before, which are taken up again."
    ]


@pytest.mark.requirement("S3")
@pytest.mark.parametrize(
    ("change", "stops", "starts"),
    [
        (
            {"contacts": {"extent": "both"}},
            [],
            ["Writing to the CRM what is new or edited in Invoice (accounts of the CRM as customers)."],
        ),
        (
            {"items": {"enabled": False}},
            [
                "Syncing products as items stops: 0 records linked; "
                "their links and records stay as they are, nothing is deleted."
            ],
            [],
        ),
        (
            {"triggers": {"document": "invoice"}},
            [],
            ["The trigger starts: invoices are made of potentials that are won, by changes made from now on."],
        ),
        ({"contacts": {"duplicates": "clone"}}, [], []),
    ],
    ids=["both ways", "items off", "trigger", "nothing of that kind"],
)
def test_each_change_is_told_by_its_effect(world: World, change: dict[str, Any], stops: list[str], starts: list[str]):
    world.connect()

    assert effect(world, **change) == {"stops": stops, "starts": starts}


@pytest.mark.requirement("S3")
def test_asking_for_the_effect_saves_nothing_and_refuses_what_save_would_refuse(world: World):
    world.connect()
    before = world.connector("GET", "/connection/settings").json()

    refused = world.connector("POST", "/connection/settings/effect", {"contacts": {"account_view": "1"}})
    effect(world, contacts={"module": "contacts"})

    assert (refused.status, refused.json()["field"]) == (422, "contacts.account_view")
    assert world.connector("GET", "/connection/settings").json() == before


@pytest.mark.requirement("S3")
def test_a_change_counts_from_the_next_sync_on_not_for_one_queued_already(world: World):
    world.add_account("Acme", Phone="1")
    world.connect()
    queued = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]
    world.settle()

    world.configure(items={"enabled": False}, contacts={"duplicates": "clone"})
    world.connector("POST", f"/connection/runs/{queued['id']}/confirm")
    world.add("Products", Product_Name="Desk", Product_Active=True)
    world.settle()

    assert world.customer("Acme")["billing_address"]["phone"] == "1"
    assert world.sync()["run"]["state"] == "done"
    assert list(world.invoice.items()) == []
