"""Exchange rates by date (invoice-api.md §8.2)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


@pytest.fixture
def euro(invoice: Invoice) -> str:
    rows = invoice.get("/settings/currencies")["currencies"]
    return next(str(one["currency_id"]) for one in rows if one["currency_code"] == "EUR")


def add_rate(invoice: Invoice, currency: str, day: str, rate: Any) -> Any:
    body = {"effective_date": day, "rate": rate}
    return invoice.post(f"/settings/currencies/{currency}/exchangerates", body)["exchange_rate"]


def test_a_document_takes_the_rate_of_its_day(invoice: Invoice, euro: str) -> None:
    customer = invoice.add_contact(currency_id=euro)["contact_id"]
    add_rate(invoice, euro, "2026-02-01", "1.2")
    add_rate(invoice, euro, "2026-03-01", "1.3")

    days = {"2026-01-31": "1.1", "2026-02-01": "1.2", "2026-02-28": "1.2", "2026-03-05": "1.3"}
    rates = {day: str(invoice.add_estimate(customer, date=day)["exchange_rate"]) for day in days}

    assert rates == days


def test_the_currency_shows_the_rate_that_holds_today(invoice: Invoice, euro: str) -> None:
    path = f"/settings/currencies/{euro}"
    add_rate(invoice, euro, "2020-01-01", "1.2")
    add_rate(invoice, euro, "2199-01-01", "9")

    shown = invoice.get(path)["currency"]
    listed = next(one for one in invoice.get("/settings/currencies")["currencies"] if one["currency_id"] == euro)

    assert (str(shown["exchange_rate"]), shown["effective_date"]) == ("1.2", "2020-01-01")
    assert listed == shown
    current = invoice.get(f"{path}/exchangerates?is_current_date=true")["exchange_rates"]
    assert [one["effective_date"] for one in current] == ["2020-01-01"]
    invoice.put(path, {"exchange_rate": "1.4", "effective_date": "2020-01-01"})
    assert str(invoice.get(path)["currency"]["exchange_rate"]) == "1.4"
    invoice.put(path, {"exchange_rate": "1.5"})
    assert len(invoice.get(f"{path}/exchangerates")["exchange_rates"]) == 3
    assert str(invoice.get(path)["currency"]["exchange_rate"]) == "1.5"


def test_rates_are_listed_changed_and_deleted(invoice: Invoice, euro: str) -> None:
    path = f"/settings/currencies/{euro}/exchangerates"
    first = add_rate(invoice, euro, "2026-02-01", "1.2")
    second = add_rate(invoice, euro, "2026-03-01", "1.3")
    one = f"{path}/{first['exchange_rate_id']}"

    assert invoice.get(path)["exchange_rates"] == [second, first]
    assert invoice.get(f"{path}?from_date=2026-02-15")["exchange_rates"] == [second]
    assert invoice.get(one)["exchange_rate"] == first
    assert str(invoice.put(one, {"rate": "1.25"})["exchange_rate"]["rate"]) == "1.25"
    assert invoice.refused("PUT", one, {"effective_date": "2026-03-01"})[:2] == (400, 90_014)
    invoice.delete(one)
    assert invoice.refused("GET", one)[:2] == (404, 1002)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"rate": 1}, 4),
        ({"effective_date": "2026-02-01"}, 4),
        ({"effective_date": "2026-02-01", "rate": 0}, 2),
        ({"effective_date": "2026-02-01", "rate": "much"}, 2),
        ({"effective_date": "soon", "rate": 1}, 2),
        ({"effective_date": "2026-01-01", "rate": 1}, 90_014),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(invoice: Invoice, euro: str, body: Any, code: int) -> None:
    add_rate(invoice, euro, "2026-01-01", "1.2")

    assert invoice.refused("POST", f"/settings/currencies/{euro}/exchangerates", body)[:2] == (400, code)


def test_the_base_currency_has_no_rates(invoice: Invoice) -> None:
    base = next(one for one in invoice.get("/settings/currencies")["currencies"] if one["is_base_currency"])
    body = {"effective_date": "2026-02-01", "rate": 2}

    refusal = invoice.refused("POST", f"/settings/currencies/{base['currency_id']}/exchangerates", body)

    assert refusal[:2] == (400, 2)


def test_a_rate_belongs_to_its_currency_and_organization(invoice: Invoice, staff: Invoice, euro: str) -> None:
    one = add_rate(invoice, euro, "2026-02-01", "1.2")["exchange_rate_id"]
    pound = next(row for row in invoice.get("/settings/currencies")["currencies"] if row["currency_code"] == "GBP")
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    path = f"/settings/currencies/{euro}/exchangerates"

    strange = f"/settings/currencies/{pound['currency_id']}/exchangerates/{one}"
    assert invoice.refused("GET", strange)[:2] == (404, 1002)
    assert invoice.refused("GET", f"{path}/{UNKNOWN}")[:2] == (404, 1002)
    assert invoice.refused("GET", f"{path}/{one}?organization_id={other}")[:2] == (404, 1002)
    assert staff.refused("POST", path, {})[:2] == (403, 90_403)


def test_an_unused_currency_is_deleted_with_its_rates(invoice: Invoice, euro: str) -> None:
    add_rate(invoice, euro, "2026-02-01", "1.2")

    assert invoice.delete(f"/settings/currencies/{euro}")["message"] == "The currency has been deleted."


def test_the_rate_of_a_new_currency_holds_before_its_day_too(invoice: Invoice) -> None:
    body = {"currency_code": "CAD", "exchange_rate": "0.7", "effective_date": "2026-03-01"}
    currency = invoice.post("/settings/currencies", body)["currency"]["currency_id"]
    customer = invoice.add_contact(currency_id=currency)["contact_id"]

    assert str(invoice.add_estimate(customer, date="2026-02-01")["exchange_rate"]) == "0.7"
