"""Two linked accounts that are merged in the CRM: the loser's customer is offered for merging (requirement C14)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import accounts, writes
from tests.connector.test_persons_both_ways import add_contact, contacts, persons
from tests.support.world import World

OFF = {"enabled": False}


def merge(world: World, survivor: str, loser: str) -> None:
    world.crm.merge_record("Accounts", survivor, loser, [])


def offers(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.connector("GET", "/connection/links?state=merged").json()["links"]
    return found


@pytest.fixture(params=["fetch", "both"])
def pair(world: World, request) -> tuple[str, str]:
    """Acme and Acme Industrial, both linked, each with a contact."""
    ids = world.add_account("Acme"), world.add_account("Acme Industrial")
    for account, last in zip(ids, ("Able", "Baker"), strict=True):
        add_contact(world, account, last)
    contacts_too = {"module": "accounts_and_contacts", "extent": request.param, "deleted_in_invoice": "delete"}
    world.connect(contacts=contacts_too, items=OFF)
    world.sync()
    return ids


@pytest.mark.requirement("C14", "C13")
def test_the_survivor_keeps_its_customer_and_the_losers_is_offered_and_never_made_again(world: World, pair):
    merge(world, *pair)

    world.sync()
    world.sync()
    before = writes(world)
    world.sync()

    assert accounts(world) == ["Acme"]
    assert {name: row["status"] for name, row in world.customers().items()} == {
        "Acme": "active",
        "Acme Industrial": "active",
    }
    assert sorted(persons(world, "Acme")) == ["Able", "Baker"]
    assert [row["name"] for row in offers(world)] == ["Acme Industrial"]
    assert writes(world) == before


@pytest.mark.requirement("C14")
def test_the_offered_merge_makes_one_customer_of_two(world: World, pair):
    lost = world.customers()["Acme Industrial"]["contact_id"]
    body = {"customer_id": lost, "line_items": [{"name": "x", "rate": 5}]}
    world.invoice.ask("POST", "/invoices", json=body)
    merge(world, *pair)
    world.sync()
    (offer,) = offers(world)

    answer = world.connector("POST", f"/connection/links/{offer['id']}/merge")

    assert (answer.status, answer.json()["contact_id"]) == (200, world.customers()["Acme"]["contact_id"])
    (invoice,) = list(world.invoice.invoices())
    assert invoice["customer_name"] == "Acme"
    assert world.customers()["Acme Industrial"]["status"] == "inactive"
    assert offers(world) == []
    world.sync()
    assert (accounts(world), sorted(contacts(world))) == (["Acme"], ["Able", "Baker"])


@pytest.mark.requirement("C14", "C12")
def test_an_account_that_was_only_deleted_takes_its_customer_along(world: World, pair):
    world.crm.delete_records("Accounts", [pair[1]])

    world.sync()

    assert list(world.customers()) == ["Acme"]
    assert offers(world) == []


@pytest.mark.requirement("C14")
def test_only_what_is_offered_can_be_merged(world: World, pair):
    links = world.connector("GET", "/connection/links?entity=account").json()["links"]

    assert world.connector("POST", f"/connection/links/{links[0]['id']}/merge").status == 409
    assert world.connector("POST", "/connection/links/999/merge").status == 404


@pytest.mark.requirement("C14")
def test_accounts_of_one_name_are_told_merged_though_nothing_hung_on_them(world: World):
    ids = [world.add_account("Acme"), world.add_account("Acme")]
    world.connect(contacts={"duplicates": "clone"}, items=OFF)
    world.sync()
    assert sorted(world.customers()) == ["Acme", "Acme (2)"]
    world.control("crm", "PUT", f"/{world.id}/clock", {"advance_seconds": 60})
    world.change("Accounts", ids[1], Fax="22")
    world.crm.merge_record("Accounts", ids[0], ids[1], ["Fax"])

    world.sync()

    assert sorted(world.customers()) == ["Acme", "Acme (2)"]
    assert [row["name"] for row in offers(world)] == ["Acme"]


@pytest.mark.requirement("C14", "G7")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_a_merge_is_told_from_a_deletion_though_the_potentials_move_was_heard_of_before(world: World, extent: str):
    acme, industrial = world.add_account("Acme"), world.add_account("Acme Industrial")
    world.connect(contacts={"extent": extent}, items=OFF, triggers={"document": "invoice"})
    world.add_potential("Big Deal", industrial, "Qualification")
    world.sync()
    merge(world, acme, industrial)
    world.settle()  # the potential hangs on Acme by now, as far as the connector knows

    world.sync()

    assert sorted(world.customers()) == ["Acme", "Acme Industrial"]
    assert [row["name"] for row in offers(world)] == ["Acme Industrial"]
