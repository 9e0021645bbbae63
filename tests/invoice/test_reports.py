"""Sums over all invoices (requirement D2); the reports are ours."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.invoice.conftest import Invoice


@pytest.mark.requirement("D2")
def test_receivables_are_balances_of_sent_invoices_by_age(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    on = date(2026, 6, 15)
    ages = {1: -5, 2: 0, 4: 1, 8: 30, 16: 31, 32: 60, 64: 61, 128: 90, 256: 91, 512: 400}
    for rate, days in ages.items():
        due = str(on - timedelta(days))
        made = invoice.add_invoice(customer, rate=rate, date="2025-01-01", due_date=due)
        invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    invoice.add_invoice(customer, rate=10_000, date="2025-01-01")

    report = invoice.get(f"/reports/receivables?date={on}")

    assert report["currency_code"] == "USD"
    assert report["receivables"] == {
        "total": 1023,
        "current": 3,
        "days_1_30": 12,
        "days_31_60": 48,
        "days_61_90": 192,
        "days_over_90": 768,
    }


@pytest.mark.requirement("D2")
def test_invoiced_is_all_but_void_split_by_what_became_of_it(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    made = {name: invoice.add_invoice(customer, rate=rate)["invoice_id"] for name, rate in
            {"draft": 1, "sent": 10, "half": 100, "paid": 1000, "void": 10_000}.items()}  # fmt: skip
    for name in ("sent", "half", "paid"):
        invoice.post(f"/invoices/{made[name]}/status/sent")
    invoice.pay(customer, 40, made["half"])
    invoice.pay(customer, 1000, made["paid"])
    invoice.post(f"/invoices/{made['void']}/status/void")

    report = invoice.get("/reports/receivables")

    assert report["invoiced"] == {
        "total": 1111,
        "draft": 1,
        "sent": 110,
        "paid": 1000,
        "void": 10_000,
        "count": 4,
        "draft_count": 1,
        "sent_count": 2,
        "paid_count": 1,
        "void_count": 1,
    }
    assert report["receivables"]["total"] == 70


@pytest.mark.requirement("D2")
def test_the_report_adds_up_to_what_the_lists_show(demo: Invoice) -> None:
    rows = demo.get("/invoices")["invoices"]
    report = demo.get("/reports/receivables")

    owed = sum((row["balance"] * row["exchange_rate"] for row in rows if row["status"] in OPEN), Decimal(0))
    customers = demo.get("/contacts")["contacts"]
    assert abs(report["receivables"]["total"] - owed) < Decimal("0.05")
    assert report["receivables"]["total"] == sum(one["outstanding_receivable_amount_bcy"] for one in customers)
    assert all(amount > 0 for amount in report["receivables"].values())
    assert report["invoiced"]["count"] == len([row for row in rows if row["status"] != "void"])


OPEN = ("sent", "viewed", "overdue", "partially_paid")


def test_an_empty_organization_reports_zeros_and_a_bad_date_is_refused(invoice: Invoice) -> None:
    assert set(invoice.get("/reports/receivables")["receivables"].values()) == {0}
    assert invoice.refused("GET", "/reports/receivables?date=now")[:2] == (400, 2)
