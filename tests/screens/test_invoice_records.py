"""Contacts with their persons, and items: made, edited, set active or inactive, deleted."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World


def test_a_contact_is_made_with_its_primary_person(world: World, asha: Visitor) -> None:
    entered = {
        "contact_name": "Acme",
        "company_name": "Acme Inc",
        "website": "https://acme.example",
        "person.first_name": "Jo",
        "person.last_name": "Fox",
        "person.email": "jo@acme.example",
        "billing_address.city": "Springfield",
        "terms": "15|Net 15",
    }

    page = asha.follow("/invoice/contacts/new", **entered).text

    contact = world.customer("Acme")
    assert (contact["company_name"], contact["email"], contact["payment_terms"]) == ("Acme Inc", "jo@acme.example", 15)
    assert contact["billing_address"]["city"] == "Springfield"
    assert [one["is_primary_contact"] for one in contact["contact_persons"]] == [True]
    assert "Jo Fox" in page


def test_a_contact_is_edited_and_what_is_not_on_the_form_stays(world: World, asha: Visitor) -> None:
    one = world.invoice.create_contact(
        {"contact_name": "Acme", "notes": "old", "contact_persons": [{"first_name": "Jo", "email": "jo@acme.example"}]}
    )["contact_id"]

    form = asha.get(f"/invoice/contacts/{one}/edit").text
    asha.follow(f"/invoice/contacts/{one}/edit", contact_name="Acme Corp", notes="new")

    contact = world.customer("Acme Corp")
    assert 'value="Acme"' in form
    assert ">old</textarea>" in form
    assert (contact["notes"], contact["email"]) == ("new", "jo@acme.example")


@pytest.mark.parametrize(
    ("entered", "said"),
    [({"contact_name": ""}, 'id="contact_name-error"'), ({"contact_name": "Taken"}, "already exists")],
    ids=["no name", "a taken name"],
)
def test_a_contact_that_cannot_be_saved_is_told_and_what_was_typed_stays(
    world: World, asha: Visitor, entered: dict[str, Any], said: str
) -> None:
    world.invoice.create_contact({"contact_name": "Taken"})

    answer = asha.post("/invoice/contacts/new", **entered, notes="my words")

    assert answer.status_code == 422
    assert said in answer.text
    assert "my words" in answer.text


@pytest.mark.requirement("C9")
def test_a_contacts_custom_fields_stand_on_its_form_and_its_page(world: World, asha: Visitor) -> None:
    for label, kind, options in (("Tier", "dropdown", ["Gold", "Silver"]), ("Key account", "check_box", [])):
        body = {"module": "contact", "label": label, "data_type": kind, "options": options}
        world.invoice.ask("POST", "/settings/customfields", json=body)

    form = asha.get("/invoice/contacts/new").text
    page = asha.follow(
        "/invoice/contacts/new", contact_name="Acme", **{"custom.cf_tier": "Gold", "custom.cf_key_account": "on"}
    ).text

    values = {one["api_name"]: one["value"] for one in world.customer("Acme")["custom_fields"]}
    assert 'value="Silver"' in form
    assert values == {"cf_tier": "Gold", "cf_key_account": True}
    assert "Gold" in page


def test_a_contact_is_set_inactive_and_active_and_deleted(world: World, asha: Visitor) -> None:
    one = world.invoice.create_contact({"contact_name": "Acme"})["contact_id"]

    asha.follow(f"/invoice/contacts/{one}/inactive")
    inactive = world.customer("Acme")["status"]
    asha.follow(f"/invoice/contacts/{one}/active")
    active = world.customer("Acme")["status"]
    asha.follow(f"/invoice/contacts/{one}/delete")

    assert (inactive, active) == ("inactive", "active")
    assert world.customers() == {}


def test_a_contact_with_transactions_is_not_deleted_and_its_page_says_why(world: World, asha: Visitor) -> None:
    one = world.invoice.create_contact({"contact_name": "Acme"})["contact_id"]
    world.invoice.ask("POST", "/invoices", json={"customer_id": one, "line_items": [{"name": "Work", "rate": 1}]})

    page = asha.follow(f"/invoice/contacts/{one}/delete").text

    assert 'class="note bad"' in page
    assert "Acme" in world.customers()


def test_persons_are_added_edited_made_primary_and_deleted(world: World, asha: Visitor) -> None:
    one = world.invoice.create_contact({"contact_name": "Acme", "contact_persons": [{"first_name": "Jo"}]})[
        "contact_id"
    ]

    asha.follow(f"/invoice/contacts/{one}/persons/new", first_name="Ann", email="ann@acme.example")
    ann = next(p["contact_person_id"] for p in world.customer("Acme")["contact_persons"] if p["first_name"] == "Ann")
    form = asha.get(f"/invoice/contacts/{one}/persons/{ann}/edit").text
    asha.follow(f"/invoice/contacts/{one}/persons/{ann}/edit", first_name="Anna", email="ann@acme.example")
    asha.follow(f"/invoice/contacts/{one}/persons/{ann}/primary")
    persons = {p["first_name"]: p["is_primary_contact"] for p in world.customer("Acme")["contact_persons"]}
    jo = next(p["contact_person_id"] for p in world.customer("Acme")["contact_persons"] if p["first_name"] == "Jo")
    asha.follow(f"/invoice/contacts/{one}/persons/{jo}/delete")

    assert 'value="ann@acme.example"' in form
    assert persons == {"Jo": False, "Anna": True}
    assert [p["first_name"] for p in world.customer("Acme")["contact_persons"]] == ["Anna"]


def test_an_item_is_made_edited_set_inactive_and_deleted(world: World, asha: Visitor) -> None:
    asha.follow("/invoice/items/new", name="Anvil", rate="1,019.90", unit="pcs", product_type="goods", tax_id="")
    made = next(iter(world.invoice.items()))
    at = f"/invoice/items/{made['item_id']}"

    form = asha.get(f"{at}/edit").text
    asha.follow(f"{at}/edit", name="Big anvil", rate="20", tax_id="")
    asha.follow(f"{at}/inactive")
    changed = world.invoice.item(made["item_id"])
    asha.follow(f"{at}/delete")

    assert (made["rate"], made["unit"]) == (Decimal("1019.9"), "pcs")
    assert 'value="1019.9"' in form
    assert changed is not None
    assert (changed["name"], changed["rate"], changed["status"]) == ("Big anvil", 20, "inactive")
    assert list(world.invoice.items()) == []


def test_an_item_that_cannot_be_saved_is_told_beside_its_field(asha: Visitor) -> None:
    answer = asha.post("/invoice/items/new", name="Anvil", rate="much", tax_id="")

    assert answer.status_code == 422
    assert 'id="rate-error"' in answer.text


@pytest.mark.parametrize("path", ["contacts/new", "items/new"])
def test_a_form_is_there_to_be_filled(asha: Visitor, path: str) -> None:
    assert 'method="post"' in asha.get(f"/invoice/{path}").text
