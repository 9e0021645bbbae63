"""Settings of Invoice: custom fields of contacts, currencies, users and their roles."""

import re

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World

STAFF = "ben.carter@zylker.example"


@pytest.mark.requirement("C9")
def test_a_custom_field_of_contacts_is_made_and_deleted(world: World, asha: Visitor) -> None:
    made = {"label": "Tier", "data_type": "dropdown", "options": "Gold\r\nSilver\r\n"}

    page = asha.follow("/invoice/settings/preferences/contacts/new", **made).text
    (field,) = world.invoice.custom_fields("contact")
    asha.follow(f"/invoice/settings/preferences/contacts/{field['customfield_id']}/delete")

    assert (field["label"], field["data_type"], field["options"]) == ("Tier", "dropdown", ["Gold", "Silver"])
    assert "cf_tier" in page
    assert "1 of 10" in page
    assert world.invoice.custom_fields("contact") == []


@pytest.mark.requirement("C9")
def test_the_eleventh_custom_field_is_refused_with_a_clear_error(world: World, asha: Visitor) -> None:
    for number in range(10):
        world.invoice.ask("POST", "/settings/customfields", json={"module": "contact", "label": f"Field {number}"})

    answer = asha.post("/invoice/settings/preferences/contacts/new", label="One more", data_type="text", options="")

    assert answer.status_code == 422
    assert "10" in answer.text.split('role="alert"')[1].split("</div>")[0]
    assert 'value="One more"' in answer.text
    assert len(world.invoice.custom_fields("contact")) == 10


def add_field(asha: Visitor, of: str, label: str, **more: str) -> None:
    asha.follow(f"/invoice/settings/preferences/{of}/new", **{"data_type": "text", "options": "", **more}, label=label)


def test_a_custom_field_of_invoices_stands_in_the_editor_and_on_the_invoice(world: World, asha: Visitor) -> None:
    contact = world.invoice.create_contact({"contact_name": "Acme"})["contact_id"]
    add_field(asha, "invoices", "Our project")
    add_field(asha, "invoices", "Rush", data_type="check_box")
    line = {"line_item_id": "", "item_id": "", "name": "Work", "description": "", "quantity": "1", "rate": "100"}
    form = {"customer_id": contact, **line, "line_discount": "", "tax_id": "", "custom.cf_our_project": "Bridge"}

    editor = asha.get("/invoice/invoices/new").text
    made = asha.post("/invoice/invoices/new", **form, **{"custom.cf_rush": ["false", "on"]})
    again = asha.get(f"{made.location}/edit").text
    asha.post(f"{made.location}/edit", **form, **{"custom.cf_rush": "false"})

    assert 'name="custom.cf_our_project"' in editor
    assert made.status_code == 303
    assert 'value="Bridge"' in again
    assert re.search(r'id="custom.cf_rush" name="custom.cf_rush" checked', again)
    (invoice,) = world.invoice.ask("GET", "/invoices")["invoices"]
    assert [(one["label"], one["value"]) for one in invoice["custom_fields"]] == [
        ("Our project", "Bridge"),
        ("Rush", False),
    ]
    assert "Our project" in asha.get(made.location).text


def test_a_custom_field_of_items_is_entered_and_shown(world: World, asha: Visitor) -> None:
    add_field(asha, "items", "Shelf")

    made = asha.follow("/invoice/items/new", name="Anvil", rate="5", **{"custom.cf_shelf": "A3"}).text

    assert "Shelf" in made
    assert "A3" in made


def test_the_rate_of_a_currency_is_changed_and_its_code_and_the_base_stay(world: World, asha: Visitor) -> None:
    asha.follow("/invoice/settings/currencies/new", currency_code="CHF", exchange_rate="1.1")
    have = currencies(world)

    form = asha.get(f"/invoice/settings/currencies/{have['CHF']}/edit").text
    page = asha.follow(f"/invoice/settings/currencies/{have['CHF']}/edit", exchange_rate="1.25", currency_symbol="Fr")
    base = asha.get(f"/invoice/settings/currencies/{have['USD']}/edit").text

    assert 'value="1.1"' in form
    assert 'name="currency_code"' not in form
    assert "1.25" in page.text
    assert 'name="exchange_rate"' not in base


def test_a_currency_is_added_and_deleted_and_the_base_currency_stays(world: World, asha: Visitor) -> None:
    have = currencies(world)
    wanted = next(code for code in ("CHF", "SEK", "NOK") if code not in have)

    page = asha.follow("/invoice/settings/currencies/new", currency_code=wanted, exchange_rate="1.1").text
    made = currencies(world)[wanted]
    asha.follow(f"/invoice/settings/currencies/{made}/delete")
    asha.follow(f"/invoice/settings/currencies/{have['USD']}/delete")

    assert wanted in page
    assert "Base currency" in page
    assert currencies(world) == have


def currencies(world: World) -> dict[str, str]:
    found = world.invoice.ask("GET", "/settings/currencies")["currencies"]
    return {one["currency_code"]: one["currency_id"] for one in found}


def test_a_currency_that_there_is_no_code_for_is_told_beside_the_field(asha: Visitor) -> None:
    answer = asha.post("/invoice/settings/currencies/new", currency_code="euro")

    assert answer.status_code == 422
    assert 'id="currency_code-error"' in answer.text


def test_a_user_is_invited_given_another_role_and_set_inactive(world: World, asha: Visitor) -> None:
    asha.follow("/invoice/settings/users/new", name="Nia", email="nia@zylker.example", user_role="staff")
    nia = next(one for one in world.invoice.ask("GET", "/users")["users"] if one["name"] == "Nia")

    asha.follow(f"/invoice/settings/users/{nia['user_id']}/edit", name="Nia Adeyemi", user_role="admin")
    page = asha.follow(f"/invoice/settings/users/{nia['user_id']}/inactive").text

    user = world.invoice.ask("GET", f"/users/{nia['user_id']}")["user"]
    assert (user["name"], user["user_role"], user["status"]) == ("Nia Adeyemi", "admin", "inactive")
    assert "Nia Adeyemi" in page


def test_who_is_no_administrator_sees_the_settings_and_may_not_change_them(world: World, screens: Flask) -> None:
    ben = visiting(screens, world, STAFF)

    seen = ben.get("/invoice/settings/preferences/contacts")
    refused = ben.post("/invoice/settings/preferences/contacts/new", label="Tier", data_type="text", options="")

    assert seen.status_code == 200
    assert refused.status_code == 403
    assert "Your role does not permit this operation." in refused.text
