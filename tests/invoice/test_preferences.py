"""Preferences, what holds for each kind of document, and reminders (invoice-api.md §8.5)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

MODULES = {
    "estimates": "estimate_settings",
    "salesorders": "salesorder_settings",
    "invoices": "invoice_settings",
    "creditnotes": "creditnote_settings",
}


def test_preferences_are_changed_one_by_one(invoice: Invoice) -> None:
    before = invoice.get("/settings/preferences")["preferences"]

    invoice.put("/settings/preferences", {"convert_to_invoice": True, "terms": {"invoice_terms": "30 days"}})
    invoice.put("/settings/preferences", {"terms": {"estimate_terms": "valid a week"}})

    after = invoice.get("/settings/preferences")["preferences"]
    assert after == {
        **before,
        "convert_to_invoice": True,
        "terms": {"invoice_terms": "30 days", "estimate_terms": "valid a week", "creditnote_terms": ""},
    }


@pytest.mark.parametrize(("module", "key"), MODULES.items())
def test_the_settings_of_each_kind_of_document_are_changed_one_by_one(invoice: Invoice, module: str, key: str) -> None:
    before = invoice.get(f"/settings/{module}")[key]

    changed = {"prefix_string": "X-", "next_number": "0042", "notes": "Thanks", "quantity_precision": 3}
    answer = invoice.put(f"/settings/{module}", changed)[key]

    assert answer == invoice.get(f"/settings/{module}")[key] == {**before, **changed, "start_at": 42}
    invoice.put(f"/settings/{module}/notesandterms", {"terms": "Net"})
    shown = invoice.get(f"/settings/{module}/notesandterms")["notes_and_terms"]
    assert shown == {"notes": "Thanks", "terms": "Net"}


def test_settings_that_are_not_numbers_leave_the_numbers_alone(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.put("/settings/invoices", {"notes": "Thanks"})

    assert invoice.add_invoice(customer)["invoice_number"] == "INV-000001"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("preferences", {"convert_to_invoice": "perhaps"}),
        ("preferences", {"terms": ["x"]}),
        ("preferences", []),
        ("invoices", {"quantity_precision": 9}),
        ("invoices", {"discount_type": "some"}),
        ("invoices", {"next_number": "x1"}),
        ("invoices/notesandterms", {"notes": ["x"]}),
        ("autoreminders/1", {"number_of_days": -1}),
        ("autoreminders/1", {"type": "whenever"}),
        ("autoreminders/1", {"subject": ""}),
        ("manualreminders/1", {"cc_me": "perhaps"}),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(invoice: Invoice, path: str, body: Any) -> None:
    assert invoice.refused("PUT", f"/settings/{path}", body)[:2] == (400, 2)


def test_reminders_are_changed_and_switched(invoice: Invoice) -> None:
    first = invoice.get("/settings/autoreminders")["autoreminders"][0]
    path = f"/settings/autoreminders/{first['autoreminder_id']}"

    invoice.put(path, {"number_of_days": 3, "subject": "Please pay"})
    invoice.post(f"{path}/enable")

    assert invoice.get(path)["autoreminder"] == {
        **first,
        "number_of_days": 3,
        "subject": "Please pay",
        "is_enabled": True,
    }
    assert invoice.post(f"{path}/disable")["code"] == 0
    assert invoice.get(path)["autoreminder"]["is_enabled"] is False
    manual = invoice.get("/settings/manualreminders")["manualreminders"][0]["manualreminder_id"]
    saved = invoice.put(f"/settings/manualreminders/{manual}", {"cc_me": True})["manualreminder"]
    assert invoice.get(f"/settings/manualreminders/{manual}")["manualreminder"] == saved


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "autoreminders/9"),
        ("PUT", "autoreminders/9"),
        ("POST", "autoreminders/9/enable"),
        ("GET", "manualreminders/9"),
        ("PUT", "manualreminders/9"),
    ],
)
def test_an_unknown_reminder_does_not_exist(invoice: Invoice, method: str, path: str) -> None:
    assert invoice.refused(method, f"/settings/{path}", {})[:2] == (404, 1002)


@pytest.mark.parametrize("path", ["preferences", "invoices", "invoices/notesandterms", "autoreminders/1"])
def test_only_administrators_change_settings(staff: Invoice, path: str) -> None:
    assert staff.get(f"/settings/{path}")["code"] == 0
    assert staff.refused("PUT", f"/settings/{path}", {})[:2] == (403, 90_403)


def test_another_organization_has_settings_of_its_own(invoice: Invoice) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    invoice.put("/settings/invoices", {"notes": "Thanks"})
    invoice.post("/settings/autoreminders/1/enable")

    assert invoice.get(f"/settings/invoices?organization_id={other}")["invoice_settings"]["notes"] == ""
    reminder = invoice.get(f"/settings/autoreminders/1?organization_id={other}")["autoreminder"]
    assert reminder["is_enabled"] is False


def test_there_are_no_opening_balances(invoice: Invoice) -> None:
    assert invoice.get("/settings/openingbalances")["opening_balance"]["accounts"] == []


def test_payment_terms_are_offered_and_contacts_name_theirs(invoice: Invoice) -> None:
    made = invoice.post("/settings/paymentterms", {"payment_terms": 10, "payment_terms_label": "Ten days"})
    term = made["payment_term"]
    path = f"/settings/paymentterms/{term['payment_terms_id']}"
    offered = {one["payment_terms_label"]: one for one in invoice.get("/settings/paymentterms")["payment_terms"]}

    contact = invoice.add_contact("A", payment_terms=10, payment_terms_label="Ten days")
    usual, own = invoice.add_contact("B"), invoice.add_contact("C", payment_terms=15, payment_terms_label="Whenever")

    assert offered["Ten days"] == term
    assert contact["payment_terms_id"] == term["payment_terms_id"]
    assert usual["payment_terms_id"] == offered["Due on Receipt"]["payment_terms_id"]
    assert own["payment_terms_id"] == ""
    rows = [one["payment_terms_id"] for one in invoice.get("/contacts")["contacts"]]
    assert rows == [contact["payment_terms_id"], usual["payment_terms_id"], ""]
    assert invoice.put(path, {"payment_terms": 11})["payment_term"]["payment_terms"] == 11
    assert invoice.contact(contact["contact_id"])["payment_terms"] == 10
    invoice.delete(path)
    assert invoice.refused("PUT", path, {})[:2] == invoice.refused("DELETE", path)[:2] == (404, 1002)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"payment_terms": 10}, 4),
        ({"payment_terms_label": "x"}, 4),
        ({"payment_terms": "soon", "payment_terms_label": "x"}, 2),
        ({"payment_terms": 10, "payment_terms_label": "Net 15"}, 90_014),
    ],
)
def test_a_payment_term_that_makes_no_sense_is_refused(invoice: Invoice, body: Any, code: int) -> None:
    assert invoice.refused("POST", "/settings/paymentterms", body)[:2] == (400, code)


def test_payment_terms_belong_to_their_organization_and_administrators(invoice: Invoice, staff: Invoice) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    term = invoice.get("/settings/paymentterms")["payment_terms"][0]["payment_terms_id"]

    assert invoice.refused("PUT", f"/settings/paymentterms/{term}?organization_id={other}", {})[:2] == (404, 1002)
    assert len(invoice.get(f"/settings/paymentterms?organization_id={other}")["payment_terms"]) == 7
    assert staff.refused("POST", "/settings/paymentterms", {})[:2] == (403, 90_403)
