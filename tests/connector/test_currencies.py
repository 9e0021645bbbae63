"""Several currencies, and base currencies that differ (requirement C10)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import account, account_named, writes
from tests.support.world import ADMIN, World

OFF = {"enabled": False}
US_DOLLAR = {"name": "US Dollar - USD", "iso_code": "USD", "symbol": "$", "exchange_rate": "1.000000000"}
EURO = {"name": "Euro - EUR", "iso_code": "EUR", "symbol": "€", "exchange_rate": "0.900000000"}
FRANC = {"name": "Swiss Franc - CHF", "iso_code": "CHF", "symbol": "CHF", "exchange_rate": "0.900000000"}


def take_several_currencies(world: World, base: dict[str, str]) -> None:
    path = "/crm/v8/org/currencies"
    answer = world.crm.call("POST", f"{path}/actions/enable", json={"base_currency": base})
    assert answer.status == 200, answer.body
    others = [one for one in (US_DOLLAR, EURO, FRANC) if one["iso_code"] != base["iso_code"]]
    answer = world.crm.call("POST", path, json={"currencies": others})
    assert answer.status in (200, 201), answer.body


def connect_with(world: World, organization_id: str) -> None:
    body = {"email": ADMIN, "zsc_key": world.new_zsc_key(), "organization_id": organization_id}
    answer = world.connector("POST", "/connection", body)
    assert answer.status == 201, answer.body


def euro_organization(world: World) -> str:
    made = world.invoice.ask("POST", "/organizations", json={"name": "Second", "currency_code": "EUR"})
    return str(made["organization"]["organization_id"])


def save(world: World, **settings: Any) -> Any:
    return world.connector("PUT", "/connection/settings", settings)


@pytest.mark.requirement("C10")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_the_currency_of_a_record_is_mapped_by_its_code(world: World, extent):
    take_several_currencies(world, US_DOLLAR)
    world.add_account("Acme", Currency="EUR")
    world.add_account("Zylker", Currency="USD")
    world.connect(contacts={"extent": extent}, items=OFF)

    world.sync()
    before = writes(world)
    world.sync()

    codes = {name: row["currency_code"] for name, row in world.customers().items()}
    assert codes == {"Acme": "EUR", "Zylker": "USD"}
    assert writes(world) == before


@pytest.mark.requirement("C10")
def test_a_currency_that_invoice_lacks_fails_its_record_with_the_reason(world: World):
    take_several_currencies(world, US_DOLLAR)
    world.add_account("Acme", Currency="CHF")
    world.add_account("Zylker", Currency="EUR")
    world.connect(items=OFF)

    run = world.sync()

    (row,) = world.ops(run["run"]["id"], outcome="failed")
    assert (row["record_name"], "no currency CHF" in row["reason"]) == ("Acme", True)
    assert list(world.customers()) == ["Zylker"]


@pytest.mark.requirement("C10", "C2")
def test_a_customer_goes_to_the_crm_with_its_currency(world: World):
    take_several_currencies(world, US_DOLLAR)
    euro = world.invoice.currency_ids()["EUR"]
    world.invoice.create_contact({"contact_name": "Zylker", "currency_id": euro})
    world.connect(contacts={"extent": "both"}, items=OFF)

    world.sync()

    assert account(world, account_named(world, "Zylker")["id"])["Currency"] == "EUR"


@pytest.mark.requirement("C10")
def test_with_several_currencies_nothing_is_mapped_while_the_bases_differ(world: World):
    take_several_currencies(world, EURO)
    world.connector("POST", "/connection", {"email": ADMIN, "zsc_key": world.new_zsc_key()})

    answer = save(world, contacts={"module": "accounts"})

    assert (answer.status, answer.json()["field"]) == (422, "contacts.mapping")
    assert "EUR" in answer.json()["message"]
    assert "USD" in answer.json()["message"]


@pytest.mark.requirement("C10")
def test_with_one_currency_each_that_differ_contacts_are_only_fetched_and_items_are_refused(world: World):
    connect_with(world, euro_organization(world))
    world.add_account("Acme")

    fetched = save(world, contacts={"extent": "fetch"})
    both = save(world, contacts={"extent": "both"})
    items = save(world, items={"enabled": True})
    world.sync()

    assert (fetched.status, fetched.json()["settings"]["items"]["enabled"]) == (200, False)
    assert (both.status, both.json()["field"]) == (422, "contacts.extent")
    assert (items.status, items.json()["field"]) == (422, "items.enabled")
    assert [run["state"] for run in world.connector("GET", "/connection/runs").json()["runs"]] == ["done"]


@pytest.mark.requirement("C10")
def test_a_sync_stops_before_its_first_write_when_the_crm_has_changed_its_base_since(world: World):
    world.add_account("Acme")
    world.connect(contacts={"extent": "both"}, items=OFF)
    take_several_currencies(world, EURO)

    run = world.sync()["run"]

    assert (run["state"], "base currency" in run["reason"]) == ("failed", True)
    assert list(world.customers()) == []
