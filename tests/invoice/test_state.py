"""What is kept in memory between requests is never old: settings, people and pages are shown as they are now."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from mock_invoice import state
from mock_invoice.access import enter
from mock_invoice.settings.units import settle_unit, unit_ids
from tests.invoice.conftest import ADMIN, STAFF, Invoice

ORGANIZATION = "/organizations/10234695"


def only_row(invoice: Invoice) -> Any:
    (row,) = invoice.get("/contacts")["contacts"]
    return row


def test_the_next_call_sees_the_organizations_new_zone(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    assert only_row(invoice)["created_time"].endswith(("-0700", "-0800"))

    invoice.put(ORGANIZATION, {"time_zone": "Asia/Kolkata"})

    assert only_row(invoice)["created_time"].endswith("+0530")
    assert invoice.contact(contact["contact_id"])["created_time"].endswith("+0530")


def test_the_next_call_sees_a_currencys_new_symbol(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    invoice.contact(contact["contact_id"])

    invoice.put(f"/settings/currencies/{contact['currency_id']}", {"currency_symbol": "US$"})

    assert invoice.contact(contact["contact_id"])["currency_symbol"] == "US$"


def test_payment_terms_are_known_as_long_as_they_are_there(invoice: Invoice) -> None:
    contact = invoice.add_contact(payment_terms=7, payment_terms_label="A week")
    assert only_row(invoice)["payment_terms_id"] == ""

    body = {"payment_terms_label": "A week", "payment_terms": 7}
    term_id = invoice.post("/settings/paymentterms", body)["payment_term"]["payment_terms_id"]
    assert only_row(invoice)["payment_terms_id"] == term_id
    assert invoice.contact(contact["contact_id"])["payment_terms_id"] == term_id

    invoice.delete(f"/settings/paymentterms/{term_id}")
    assert only_row(invoice)["payment_terms_id"] == ""


def test_a_field_that_is_renamed_or_gone_is_so_on_pages_that_were_read_before(invoice: Invoice) -> None:
    field = invoice.post("/settings/customfields", {"module": "contact", "label": "Region"})["customfield"]
    invoice.add_contact(custom_fields=[{"label": "Region", "value": "North"}])
    assert only_row(invoice)["custom_fields"][0]["label"] == "Region"

    invoice.put(f"/settings/customfields/{field['customfield_id']}", {"label": "Area"})
    assert only_row(invoice)["custom_fields"][0]["label"] == "Area"

    invoice.delete(f"/settings/customfields/{field['customfield_id']}")
    assert only_row(invoice)["custom_fields"] == []


def test_a_user_put_out_of_use_is_refused_at_once_and_let_in_again(invoice: Invoice) -> None:
    staff = invoice.as_(STAFF)
    user_id = staff.get("/users/me")["user"]["user_id"]

    invoice.post(f"/users/{user_id}/inactive")
    assert staff.refused("GET", "/contacts")[:2] == (401, 57)

    invoice.post(f"/users/{user_id}/active")
    assert staff.get("/contacts")["contacts"] == []


def test_a_new_role_holds_for_the_next_call(invoice: Invoice) -> None:
    staff = invoice.as_(STAFF)
    user_id = staff.get("/users/me")["user"]["user_id"]
    body = {"payment_terms_label": "A week", "payment_terms": 7}
    assert staff.call("POST", "/settings/paymentterms", body)[0] >= 400

    invoice.put(f"/users/{user_id}", {"user_role": "admin"})

    staff.post("/settings/paymentterms", body)


def test_a_page_follows_what_its_rows_are_worth(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    made = invoice.add_invoice(contact["contact_id"], rate=100)
    assert only_row(invoice)["outstanding_receivable_amount"] == 0

    invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    assert only_row(invoice)["outstanding_receivable_amount"] == 100

    invoice.pay(contact["contact_id"], 30)
    assert only_row(invoice)["unused_credits_receivable_amount"] == 30
    assert invoice.contact(contact["contact_id"])["unused_credits_receivable_amount"] == 30


def test_a_page_follows_the_calendar(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    made = invoice.add_invoice(contact["contact_id"])
    invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    (before,) = invoice.get("/invoices")["invoices"]

    invoice.pass_days(1)

    (after,) = invoice.get("/invoices")["invoices"]
    assert (before["status"], before["due_days"]) == ("sent", "Due Today")
    assert (after["status"], after["due_days"]) == ("overdue", "Overdue by 1 day")


def test_a_contact_follows_his_people_addresses_and_values(invoice: Invoice) -> None:
    invoice.post("/settings/customfields", {"module": "contact", "label": "Region"})
    contact_id = invoice.add_contact()["contact_id"]
    path = f"/contacts/{contact_id}"
    assert invoice.contact(contact_id)["contact_persons"] == []

    person = invoice.post("/contacts/contactpersons", {"contact_id": contact_id, "first_name": "Ann"})["contact_person"]
    assert [one["first_name"] for one in invoice.contact(contact_id)["contact_persons"]] == ["Ann"]
    person_path = f"/contacts/contactpersons/{person['contact_person_id']}"
    invoice.put(person_path, {"contact_id": contact_id, "first_name": "Bea", "skype": "bea"})
    assert [one["skype"] for one in invoice.contact(contact_id)["contact_persons"]] == ["bea"]
    invoice.delete(person_path)
    assert invoice.contact(contact_id)["contact_persons"] == []

    address = invoice.post(f"{path}/address", {"city": "Austin"})["address_info"]
    assert [one["city"] for one in invoice.contact(contact_id)["addresses"]] == ["Austin"]
    invoice.put(f"{path}/address/{address['address_id']}", {"city": "Boston"})
    assert [one["city"] for one in invoice.contact(contact_id)["addresses"]] == ["Boston"]

    invoice.put(path, {"custom_fields": [{"label": "Region", "value": "North"}]})
    assert invoice.contact(contact_id)["custom_field_hash"]["cf_region"] == "North"
    invoice.put(path, {"custom_fields": [{"label": "Region", "value": "South"}]})
    assert invoice.contact(contact_id)["custom_field_hash"]["cf_region"] == "South"

    invoice.post(f"{path}/inactive")
    assert invoice.contact(contact_id)["status"] == "inactive"


def test_a_contact_follows_what_he_owes(invoice: Invoice) -> None:
    contact_id = invoice.add_contact()["contact_id"]
    assert invoice.contact(contact_id)["has_transaction"] is False

    made = invoice.add_invoice(contact_id, rate=100)
    assert invoice.contact(contact_id)["has_transaction"] is True
    invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    assert invoice.contact(contact_id)["outstanding_receivable_amount"] == 100
    invoice.pay(contact_id, 30, made["invoice_id"])
    assert invoice.contact(contact_id)["outstanding_receivable_amount"] == 70
    invoice.post(f"/invoices/{made['invoice_id']}/status/void")
    assert invoice.contact(contact_id)["outstanding_receivable_amount"] == 0


def test_a_contact_of_a_restored_world_is_what_he_was_and_becomes_what_is_made_of_him_then(invoice: Invoice) -> None:
    """His id and the number of his changes are the same in both of his lives."""
    worlds = invoice.app.extensions["worlds"]
    contact_id = invoice.add_contact(notes="born")["contact_id"]
    worlds.swap(worlds.prepare(invoice.world, "snapshot", "before"))
    invoice.put(f"/contacts/{contact_id}", {"notes": "first life"})
    assert invoice.contact(contact_id)["notes"] == "first life"

    worlds.swap(worlds.prepare(invoice.world, "restore", "before"))
    assert invoice.contact(contact_id)["notes"] == "born"

    invoice.put(f"/contacts/{contact_id}", {"notes": "second life"})
    assert invoice.contact(contact_id)["notes"] == "second life"


@pytest.mark.parametrize("kind", ["reset", "restore"])
def test_a_world_that_is_put_back_has_the_settings_it_had(invoice: Invoice, kind: str) -> None:
    worlds = invoice.app.extensions["worlds"]
    worlds.swap(worlds.prepare(invoice.world, "snapshot", "before"))
    invoice.put(ORGANIZATION, {"time_zone": "Asia/Kolkata"})
    invoice.add_contact()
    assert only_row(invoice)["created_time"].endswith("+0530")

    worlds.swap(worlds.prepare(invoice.world, kind, "before" if kind == "restore" else None))

    assert invoice.get("/contacts")["contacts"] == []
    invoice.add_contact()
    assert only_row(invoice)["created_time"].endswith(("-0700", "-0800"))


def test_what_a_rolled_back_transaction_read_is_not_met_again(invoice: Invoice, app: Flask) -> None:
    worlds = app.extensions["worlds"]

    with suppress(ZeroDivisionError), worlds.transaction(invoice.world):
        enter(next(one.id for one in state.current().users.values() if one.email == ADMIN))
        settle_unit("crate")
        assert "crate" in unit_ids()
        1 / 0  # noqa: B018

    assert [one["unit"] for one in invoice.get("/settings/units")["units"]] == []
    item = invoice.add_item(unit="crate")
    assert item["unit_id"] == invoice.get("/settings/units")["units"][0]["unit_id"]


def test_worlds_do_not_share_what_was_changed_in_one(new_world: Callable[..., Invoice]) -> None:
    one, other = new_world(), new_world()

    one.put(ORGANIZATION, {"time_zone": "Asia/Kolkata"})
    one.add_contact()
    other.add_contact()

    assert only_row(one)["created_time"].endswith("+0530")
    assert not only_row(other)["created_time"].endswith("+0530")


def test_contacts_of_two_worlds_have_one_id_and_nothing_else_in_common(new_world: Callable[..., Invoice]) -> None:
    one, other = new_world(), new_world()
    contact_id = one.add_contact("Acme")["contact_id"]
    assert other.add_contact("Zylker")["contact_id"] == contact_id

    assert one.contact(contact_id)["contact_name"] == "Acme"
    assert other.contact(contact_id)["contact_name"] == "Zylker"
    assert (only_row(one)["contact_name"], only_row(other)["contact_name"]) == ("Acme", "Zylker")


def test_a_smaller_page_over_the_same_rows_is_another_page(invoice: Invoice) -> None:
    for name in ("Acme", "Bolt", "Cask"):
        invoice.add_contact(name)

    sizes = {size: len(invoice.get(f"/contacts?per_page={size}")["contacts"]) for size in (2, 3, 200, 1)}
    assert sizes == {2: 2, 3: 3, 200: 3, 1: 1}
