"""Organizations, users, currencies and taxes (invoice-api.md §8)."""

from typing import Any

import pytest

from tests.invoice.conftest import ADMIN, Invoice

UNKNOWN = "410000000000999999"


@pytest.mark.requirement("G6")
def test_the_organization_shows_its_base_currency_zone_and_edition(invoice: Invoice) -> None:
    (row,) = invoice.get("/organizations")["organizations"]

    assert {key: row[key] for key in ("organization_id", "name", "currency_code", "time_zone", "edition")} == {
        "organization_id": "10234695",
        "name": "Zylker",
        "currency_code": "USD",
        "time_zone": "America/Los_Angeles",
        "edition": "global",
    }
    assert row["is_default_org"] is True
    whole = invoice.get("/organizations/10234695")["organization"]
    assert {**whole, **row} == whole


@pytest.mark.requirement("G6")
def test_an_organization_is_changed_by_an_administrator(invoice: Invoice) -> None:
    answer = invoice.put("/organizations/10234695", {"edition": "us", "time_zone": "Europe/Berlin", "name": "Z"})

    changed = answer["organization"]
    assert (changed["edition"], changed["time_zone"], changed["name"]) == ("us", "Europe/Berlin", "Z")
    assert invoice.refused("PUT", "/organizations/10234695", {"edition": "lunar"})[:2] == (400, 2)
    assert invoice.refused("PUT", "/organizations/10234695", {"time_zone": "Mars/Base"})[:2] == (400, 2)
    assert invoice.refused("GET", "/organizations/1")[:2] == (400, 6041)


@pytest.mark.requirement("K7")
def test_a_second_organization_has_records_and_numbers_of_its_own(invoice: Invoice, staff: Invoice) -> None:
    invoice.add_invoice(invoice.add_contact("Acme")["contact_id"])
    body = {"name": "Zylker Europe", "currency_code": "EUR", "time_zone": "Europe/Berlin"}
    other = invoice.post("/organizations", body)["organization"]["organization_id"]
    query = f"?organization_id={other}"

    contact = invoice.post(f"/contacts{query}", {"contact_name": "Acme", "zcrm_account_id": "5"})["contact"]
    lines = [{"name": "x", "rate": 1}]
    made = invoice.post(f"/invoices{query}", {"customer_id": contact["contact_id"], "line_items": lines})["invoice"]

    assert (made["invoice_number"], made["currency_code"]) == ("INV-000001", "EUR")
    assert len(invoice.get("/contacts")["contacts"]) == len(invoice.get(f"/contacts{query}")["contacts"]) == 1
    assert invoice.refused("GET", f"/contacts/{contact['contact_id']}")[:2] == (404, 1002)
    assert invoice.refused("GET", f"/invoices/{made['invoice_id']}")[:2] == (404, 1002)
    assert staff.refused("GET", f"/contacts{query}")[:2] == (400, 6041)
    assert len(invoice.get("/organizations")["organizations"]) == 2
    assert len(staff.get("/organizations")["organizations"]) == 1


def test_users_are_listed_added_changed_and_put_out_of_use(invoice: Invoice) -> None:
    added = invoice.post("/users", {"name": "Gina", "email": "Gina@zylker.example"})["user"]
    path = f"/users/{added['user_id']}"

    assert (added["user_role"], added["status"], added["email"]) == ("staff", "active", "gina@zylker.example")
    assert invoice.put(path, {"user_role": "admin"})["user"]["user_role"] == "admin"
    assert invoice.get(path)["user"]["email_ids"] == [{"email": "gina@zylker.example", "is_selected": True}]
    invoice.post(f"{path}/inactive")
    assert [one["name"] for one in invoice.get("/users?filter_by=Status.Inactive")["users"]] == ["Gina"]
    invoice.post(f"{path}/active")
    names = [one["name"] for one in invoice.get("/users")["users"]]
    assert names == ["Asha Rao", "Ben Carter", "Farid Khan", "Gina"]
    assert invoice.get("/users/me")["user"]["email"] == ADMIN


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "x@y.z"}, 4),
        ({"name": "x"}, 4),
        ({"name": "x", "email": "nobody"}, 2),
        ({"name": "x", "email": ADMIN}, 90_014),
        ({"name": "x", "email": "x@y.z", "user_role": "king"}, 2),
    ],
)
def test_a_user_that_makes_no_sense_is_refused(invoice: Invoice, body: Any, code: int) -> None:
    assert invoice.refused("POST", "/users", body)[:2] == (400, code)


def test_the_last_administrator_stays(invoice: Invoice) -> None:
    me = invoice.get("/users/me")["user"]["user_id"]

    assert invoice.refused("POST", f"/users/{me}/inactive")[:2] == (400, 90_004)
    assert invoice.refused("PUT", f"/users/{me}", {"user_role": "staff"})[:2] == (400, 90_004)


def test_currencies_are_added_changed_and_deleted_while_unused(invoice: Invoice) -> None:
    made = invoice.post("/settings/currencies", {"currency_code": "CAD", "exchange_rate": "0.73"})
    currency = made["currency"]
    path = f"/settings/currencies/{currency['currency_id']}"

    assert made["message"] == "The currency has been added."
    assert (currency["currency_symbol"], currency["price_precision"], str(currency["exchange_rate"])) == (
        "CA$",
        2,
        "0.73",
    )
    assert str(invoice.put(path, {"exchange_rate": "0.75"})["currency"]["exchange_rate"]) == "0.75"
    invoice.add_contact(currency_id=currency["currency_id"])
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)
    assert invoice.refused("PUT", path, {"price_precision": 0})[:2] == (400, 90_004)
    assert invoice.refused("PUT", path, {"currency_code": "XXX"})[:2] == (400, 2)
    others = invoice.get("/settings/currencies?filter_by=Currencies.ExcludeBaseCurrency")["currencies"]
    assert "USD" not in {one["currency_code"] for one in others}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 4),
        ({"currency_code": "eur"}, 2),
        ({"currency_code": "EU"}, 2),
        ({"currency_code": "EUR"}, 90_014),
        ({"currency_code": "CAD", "exchange_rate": 0}, 2),
        ({"currency_code": "CAD", "price_precision": 9}, 2),
    ],
)
def test_a_currency_that_makes_no_sense_is_refused(invoice: Invoice, body: Any, code: int) -> None:
    assert invoice.refused("POST", "/settings/currencies", body)[:2] == (400, code)


def test_the_base_currency_cannot_be_deleted(invoice: Invoice) -> None:
    base = next(one for one in invoice.get("/settings/currencies")["currencies"] if one["is_base_currency"])

    assert invoice.refused("DELETE", f"/settings/currencies/{base['currency_id']}")[:2] == (400, 90_004)


def test_taxes_are_added_changed_and_deleted_while_unused(invoice: Invoice) -> None:
    made = invoice.post("/settings/taxes", {"tax_name": "GST", "tax_percentage": "5.5"})
    path = f"/settings/taxes/{made['tax']['tax_id']}"

    assert made["message"] == "The tax has been added."
    assert invoice.get(path)["tax"] == made["tax"]
    assert invoice.put(path, {"tax_percentage": 6})["tax"]["tax_percentage"] == 6
    invoice.add_item(tax_id=made["tax"]["tax_id"])
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)
    other = invoice.post("/settings/taxes", {"tax_name": "PST", "tax_percentage": 1})["tax"]["tax_id"]
    assert invoice.delete(f"/settings/taxes/{other}")["message"] == "The record has been deleted."
    assert [one["tax_name"] for one in invoice.get("/settings/taxes")["taxes"]] == ["GST", "Sales Tax", "VAT"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"tax_percentage": 5}, 4),
        ({"tax_name": "x"}, 4),
        ({"tax_name": "VAT", "tax_percentage": 5}, 90_014),
        ({"tax_name": "x", "tax_percentage": 101}, 2),
        ({"tax_name": "x", "tax_percentage": -1}, 2),
        ({"tax_name": "x", "tax_percentage": 1, "tax_type": "toll"}, 2),
    ],
)
def test_a_tax_that_makes_no_sense_is_refused(invoice: Invoice, body: Any, code: int) -> None:
    assert invoice.refused("POST", "/settings/taxes", body)[:2] == (400, code)


@pytest.mark.parametrize("path", ["/settings/taxes", "/settings/currencies", "/users", "/settings/customfields"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_setting_does_not_exist(invoice: Invoice, path: str, method: str) -> None:
    status, code, _ = invoice.refused(method, f"{path}/{UNKNOWN}", {})

    assert (status, code) in ((404, 1002), (405, 90_405))


def test_a_user_is_deleted_kept_among_the_deleted_and_comes_back_as_the_same(invoice: Invoice) -> None:
    added = invoice.post("/users", {"name": "Gina", "email": "gina@zylker.example"})["user"]
    path = f"/users/{added['user_id']}"

    assert invoice.delete(path)["message"] == "The user has been deleted."

    assert "Gina" not in {one["name"] for one in invoice.get("/users")["users"]}
    assert [one["name"] for one in invoice.get("/users?filter_by=Status.Deleted")["users"]] == ["Gina"]
    for method, action in (("POST", "/active"), ("POST", "/invite"), ("PUT", ""), ("DELETE", "")):
        assert invoice.refused(method, f"{path}{action}", {})[:2] == (404, 1002)
    again = invoice.post("/users", {"name": "Gina B", "email": "gina@zylker.example"})["user"]
    assert (again["user_id"], again["status"]) == (added["user_id"], "active")


def test_nobody_deletes_himself(invoice: Invoice) -> None:
    me = invoice.get("/users/me")["user"]["user_id"]

    assert invoice.refused("DELETE", f"/users/{me}")[:2] == (400, 90_004)


def test_who_is_invited_cannot_call_until_he_is_active(invoice: Invoice, staff: Invoice) -> None:
    ben = staff.get("/users/me")["user"]["user_id"]

    assert invoice.refused("POST", f"/users/{ben}/invite")[:2] == (400, 90_001)
    invoice.post(f"/users/{ben}/inactive")
    assert invoice.post(f"/users/{ben}/invite")["message"] == "Your invitation has been sent."

    assert [one["user_id"] for one in invoice.get("/users?filter_by=Status.Invited")["users"]] == [ben]
    assert staff.refused("GET", "/users/me")[:2] == (401, 57)
    invoice.post(f"/users/{ben}/active")
    assert staff.get("/users/me")["user"]["status"] == "active"


def test_the_roles_are_listed(invoice: Invoice) -> None:
    roles = [one["role_id"] for one in invoice.get("/settings/roles")["roles"]]

    assert roles == ["admin", "staff", "timesheetstaff"]


def test_only_administrators_change_users(staff: Invoice) -> None:
    me = staff.get("/users/me")["user"]["user_id"]

    for method, path in (("POST", "/users"), ("DELETE", f"/users/{me}"), ("POST", f"/users/{me}/invite")):
        assert staff.refused(method, path, {})[:2] == (403, 90_403)


def test_the_organization_keeps_its_address_and_texts(invoice: Invoice) -> None:
    path = "/organizations/10234695"

    invoice.put(path, {"address": {"city": "Austin", "zip": "73301"}, "phone": "1", "website": "zylker.example"})
    shown = invoice.put(path, {"address": {"zip": "78701"}, "phone": ""})["organization"]

    assert (shown["address"]["city"], shown["address"]["zip"]) == ("Austin", "78701")
    assert (shown["phone"], shown["website"]) == ("", "zylker.example")
    assert invoice.refused("PUT", path, {"address": ["x"]})[:2] == (400, 2)
