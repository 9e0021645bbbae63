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


@pytest.mark.requirement("P4")
def test_each_customer_has_a_summary_and_who_owes_most_comes_first(invoice: Invoice) -> None:
    on = date(2026, 6, 15)
    small, large = (invoice.add_contact(name)["contact_id"] for name in ("Small", "Large"))
    free = invoice.add_contact("Free")["contact_id"]
    invoice.add_contact("Vendor", contact_type="vendor")
    for customer, rate, days in ((small, 10, -5), (large, 100, 10), (large, 40, -1)):
        due = str(on - timedelta(days))
        made = invoice.add_invoice(customer, rate=rate, date="2025-01-01", due_date=due)
        invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    invoice.add_invoice(small, rate=5)
    invoice.pay(free, 7)

    report = invoice.get(f"/reports/customers?date={on}")

    rows = {one["customer_id"]: one for one in report["customers"]}
    assert [one["customer_name"] for one in report["customers"]] == ["Large", "Small", "Free"]
    assert rows[large] == {
        "customer_id": large,
        "customer_name": "Large",
        "invoiced": 140,
        "invoice_count": 2,
        "outstanding": 140,
        "current": 40,
        "days_1_30": 100,
        "days_31_60": 0,
        "days_61_90": 0,
        "days_over_90": 0,
        "overdue": 100,
        "unused_credits": 0,
    }
    assert (rows[small]["invoiced"], rows[small]["outstanding"], rows[small]["overdue"]) == (15, 10, 0)
    assert (rows[free]["invoiced"], rows[free]["unused_credits"]) == (0, 7)


@pytest.mark.requirement("P4")
def test_a_report_can_be_about_one_customer(invoice: Invoice) -> None:
    one, other = (invoice.add_contact(name)["contact_id"] for name in ("A", "B"))
    for customer, rate in ((one, 10), (other, 100)):
        made = invoice.add_invoice(customer, rate=rate)
        invoice.post(f"/invoices/{made['invoice_id']}/status/sent")

    report = invoice.get(f"/reports/receivables?customer_id={one}")

    assert (report["receivables"]["total"], report["invoiced"]["total"]) == (10, 10)
    (row,) = invoice.get(f"/reports/customers?customer_id={one}")["customers"]
    assert row["customer_id"] == one
    for path in ("receivables", "customers"):
        refusal = invoice.refused("GET", f"/reports/{path}?customer_id=410000000000999999")
        assert refusal[:2] == (404, 1002)


def test_the_customers_report_comes_in_pages_and_knows_its_organization(invoice: Invoice) -> None:
    for name in ("A", "B", "C"):
        invoice.add_contact(name)
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]

    first = invoice.get("/reports/customers?per_page=2")
    second = invoice.get("/reports/customers?per_page=2&page=2")

    assert [one["customer_name"] for one in first["customers"]] == ["A", "B"]
    assert (first["page_context"]["has_more_page"], second["page_context"]["has_more_page"]) == (True, False)
    assert invoice.get(f"/reports/customers?organization_id={other}")["customers"] == []
    assert invoice.refused("GET", "/reports/customers?date=soon")[:2] == (400, 2)


@pytest.mark.requirement("D2")
def test_sales_stand_by_month_as_invoiced_paid_and_overdue_still(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    for rate, day, due, paid in ((100, "2026-04-10", "2026-05-01", 40), (30, "2026-06-02", "2026-07-02", 0)):
        made = invoice.add_invoice(customer, rate=rate, date=day, due_date=due)["invoice_id"]
        invoice.post(f"/invoices/{made}/status/sent")
        if paid:
            invoice.pay(customer, paid, made, date="2026-05-20")
    invoice.add_invoice(customer, rate=1_000, date="2025-05-31")

    report = invoice.get("/reports/sales?date=2026-06-15")

    months = {row.pop("month"): row for row in report["months"]}
    assert (min(months), max(months), len(months)) == ("2025-07", "2026-06", 12)
    assert months["2026-04"] == {"invoiced": 100, "paid": 0, "overdue": 0}
    assert months["2026-05"] == {"invoiced": 0, "paid": 40, "overdue": 60}
    assert months["2026-06"] == {"invoiced": 30, "paid": 0, "overdue": 0}


@pytest.mark.requirement("D2")
def test_quotes_are_counted_by_how_far_they_went_on_the_way_to_cash(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    quotes = [invoice.add_estimate(customer, rate=rate)["estimate_id"] for rate in (1, 10, 100, 1000)]
    for quote in quotes[1:]:
        invoice.post(f"/estimates/{quote}/status/sent")
    for quote in quotes[2:]:
        invoice.post(f"/estimates/{quote}/status/accepted")
    made = invoice.add_invoice(customer, rate=1000, invoiced_estimate_id=quotes[3])["invoice_id"]
    invoice.post(f"/invoices/{made}/status/sent")
    before = invoice.get("/reports/sales")["conversion"]
    invoice.pay(customer, 1000, made)

    after = invoice.get("/reports/sales")["conversion"]

    assert [(row["step"], row["count"], row["total"]) for row in before] == [
        ("sent", 3, 1110),
        ("accepted", 2, 1100),
        ("invoiced", 1, 1000),
        ("paid", 0, 0),
    ]
    assert after[3] == {"step": "paid", "count": 1, "total": 1000}
