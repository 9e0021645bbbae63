"""The worlds that Invoice begins with: an empty company and a lived-in one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mock_invoice.scenario import load_scenario
from simulator.scenarios import ScenarioError
from tests.invoice.conftest import Invoice

CRM_COMPANIES = {
    "Acme Industrial", "Brightwater Foods", "Cobalt Logistics", "Delphi Instruments", "Evergreen Outfitters",
    "Falcon Avionics", "Granite Peak Mining", "Harborview Hotels", "Ironwood Furniture", "Juniper Textiles",
    "Kestrel Robotics", "Lumen Lighting",
}  # fmt: skip


@pytest.mark.requirement("X3")
def test_the_empty_company_has_people_currencies_and_taxes_and_no_records(invoice: Invoice) -> None:
    for kind in ("contacts", "items", "estimates", "invoices", "customerpayments"):
        assert invoice.get(f"/{kind}")[kind] == []
    currencies = {one["currency_code"] for one in invoice.get("/settings/currencies")["currencies"]}
    assert currencies == {"USD", "EUR", "GBP", "INR"}
    assert len(invoice.get("/users")["users"]) == 3
    assert [one["tax_percentage"] for one in invoice.get("/settings/taxes")["taxes"]]


@pytest.mark.requirement("X2")
def test_the_demo_company_is_lived_in(demo: Invoice) -> None:
    contacts = demo.get("/contacts")["contacts"]
    items = {one["name"] for one in demo.get("/items")["items"]}

    assert {one["contact_name"] for one in contacts} > CRM_COMPANIES
    assert len(contacts) == 20
    assert {"Zylker Desk Standard", "Zylker Desk Pro", "On-site installation", "Annual maintenance"} <= items
    assert len(demo.get("/estimates")["estimates"]) >= 25
    assert len(demo.get("/invoices")["invoices"]) >= 40
    assert any(one["unused_credits_receivable_amount"] for one in contacts)
    assert not any(one["is_linked_with_zohocrm"] for one in contacts)


@pytest.mark.requirement("X3")
def test_a_scenario_gives_the_same_ids_every_time(new_world: Callable[..., Invoice], demo: Invoice) -> None:
    again = new_world("demo")

    def ids(of: Invoice) -> list[str]:
        return [row["invoice_id"] for row in of.get("/invoices")["invoices"]]

    assert ids(again) == ids(demo)


@pytest.mark.requirement("X3")
def test_a_reset_brings_the_scenario_back(new_world: Callable[..., Invoice]) -> None:
    changed = new_world("demo")
    before = changed.get("/contacts")["contacts"]
    changed.add_contact("Stray")

    ticket = changed.control("POST", "/prepare", {"kind": "reset"})
    changed.control("POST", "/swap", ticket)

    assert changed.get("/contacts")["contacts"] == before


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("contacts", '[{"contact_name": ""}]', "contact_name"),
        ("invoices", '[{"customer_name": "Nobody", "line_items": []}]', "Nobody"),
    ],
)
def test_a_scenario_that_cannot_be_loaded_names_its_record(
    invoice: Invoice, tmp_path: Path, name: str, text: str, words: str
) -> None:
    folder = tmp_path / "broken"
    (folder / "invoice").mkdir(parents=True)
    (folder / "invoice" / f"{name}.json").write_text(text)
    worlds = invoice.app.extensions["worlds"]

    with pytest.raises(ScenarioError, match=words), worlds.transaction(invoice.world):
        load_scenario(folder)
