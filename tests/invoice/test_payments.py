"""Customer payments and what they do to invoices (invoice-api.md §6.4, §7.2)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


@pytest.mark.requirement("D2")
def test_a_payment_settles_an_invoice_bit_by_bit(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer, rate=100)
    invoice.post(f"/invoices/{document['invoice_id']}/status/sent")

    first = invoice.pay(customer, "33.33", document["invoice_id"], payment_mode="check", reference_number="C1")
    half = invoice.invoice(document["invoice_id"])
    second = invoice.pay(customer, "66.67", document["invoice_id"])
    whole = invoice.invoice(document["invoice_id"])

    assert (first["payment_number"], second["payment_number"]) == ("1", "2")
    assert (first["payment_mode"], second["payment_mode"]) == ("check", "cash")
    assert (half["status"], str(half["balance"]), str(half["payment_made"])) == ("partially_paid", "66.67", "33.33")
    assert (whole["status"], whole["balance"], whole["last_payment_date"]) == ("paid", 0, second["date"])
    assert first["unused_amount"] == 0
    shown = invoice.get(f"/invoices/{document['invoice_id']}/payments")["payments"]
    assert [str(one["amount"]) for one in shown] == ["33.33", "66.67"]


def test_a_payment_is_read_listed_changed_and_deleted(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer, rate=100)
    made = invoice.pay(customer, 40, document["invoice_id"])
    path = f"/customerpayments/{made['payment_id']}"

    row = invoice.get("/customerpayments")["customerpayments"][0]
    assert (row["invoice_numbers"], row["amount"], row["customer_name"]) == (document["invoice_number"], 40, "Acme")
    assert invoice.get(path)["payment"] == made

    body = {"amount": 90, "invoices": [{"invoice_id": document["invoice_id"], "amount_applied": 80}]}
    saved = invoice.put(path, body)
    assert saved["message"] == "The details of the payment received from the customer have been updated"
    assert (saved["payment"]["unused_amount"], invoice.invoice(document["invoice_id"])["balance"]) == (10, 20)

    assert invoice.delete(path)["message"] == "The payment has been deleted."
    after = invoice.invoice(document["invoice_id"])
    assert (after["balance"], after["status"], after["last_payment_date"]) == (100, "sent", "")
    assert invoice.refused("GET", path)[:2] == (404, 1002)


def test_money_beyond_the_invoices_is_the_customers_credit(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]

    advance = invoice.pay(customer, "250.50")

    assert str(advance["unused_amount"]) == "250.5"
    assert str(invoice.contact(customer)["unused_credits_receivable_amount"]) == "250.5"
    assert str(invoice.get("/contacts")["contacts"][0]["unused_credits_receivable_amount"]) == "250.5"


def test_a_payment_on_a_draft_makes_it_a_sent_one(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer)

    invoice.pay(customer, 100, document["invoice_id"])

    assert invoice.invoice(document["invoice_id"])["status"] == "paid"


def refusable(invoice: Invoice) -> dict[str, Any]:
    customer, other = invoice.add_contact()["contact_id"], invoice.add_contact("Other")["contact_id"]
    euro = next(
        c["currency_id"] for c in invoice.get("/settings/currencies")["currencies"] if c["currency_code"] == "EUR"
    )
    void = invoice.add_invoice(customer)["invoice_id"]
    invoice.post(f"/invoices/{void}/status/void")
    return {
        "customer": customer,
        "open": invoice.add_invoice(customer)["invoice_id"],
        "void": void,
        "other": invoice.add_invoice(other)["invoice_id"],
        "euro": invoice.add_invoice(customer, currency_id=euro)["invoice_id"],
        "unknown": UNKNOWN,
    }


@pytest.mark.parametrize(
    ("which", "amount", "applied", "status", "code"),
    [
        ("open", 200, "100.01", 400, 90_003),
        ("open", 50, 60, 400, 90_003),
        ("open", 50, -5, 400, 2),
        ("open", 0, 0, 400, 2),
        ("open", -5, 0, 400, 2),
        ("open", "NaN", 0, 400, 2),
        ("open", "1e40", 0, 400, 2),
        ("void", 50, 50, 400, 90_003),
        ("other", 50, 50, 400, 90_003),
        ("euro", 50, 50, 400, 90_003),
        ("unknown", 50, 50, 404, 1002),
    ],
)
def test_a_payment_that_does_not_fit_is_refused_and_leaves_nothing(
    invoice: Invoice, which: str, amount: Any, applied: Any, status: int, code: int
) -> None:
    made = refusable(invoice)
    body = {
        "customer_id": made["customer"],
        "amount": amount,
        "invoices": [{"invoice_id": made[which], "amount_applied": applied}],
    }

    assert invoice.refused("POST", "/customerpayments", body)[:2] == (status, code)

    assert invoice.get("/customerpayments")["customerpayments"] == []
    assert invoice.invoice(made["open"])["status"] == "draft"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"customer_id": None}, 400, 4),
        ({"customer_id": UNKNOWN}, 404, 1002),
        ({"amount": None}, 400, 2),
        ({"payment_mode": "shells"}, 400, 2),
        ({"date": "soon"}, 400, 2),
        ({"invoices": {}}, 400, 2),
    ],
)
def test_a_payment_needs_a_customer_an_amount_and_sound_values(
    invoice: Invoice, change: dict[str, Any], status: int, code: int
) -> None:
    body = {"customer_id": invoice.add_contact()["contact_id"], "amount": 5, **change}

    assert invoice.refused("POST", "/customerpayments", body)[:2] == (status, code)


@pytest.mark.requirement("G4")
def test_voiding_gives_the_payments_back_as_credit(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer)
    payment = invoice.pay(customer, 60, document["invoice_id"])

    invoice.post(f"/invoices/{document['invoice_id']}/status/void")

    shown = invoice.invoice(document["invoice_id"])
    kept = invoice.get(f"/customerpayments/{payment['payment_id']}")["payment"]
    assert (shown["status"], shown["payment_made"], shown["balance"]) == ("void", 0, 100)
    assert (kept["unused_amount"], kept["invoices"]) == (60, [])
    assert invoice.contact(customer)["outstanding_receivable_amount"] == 0


def test_an_invoice_with_payments_cannot_be_deleted_until_they_are_taken_off(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer)
    payment = invoice.pay(customer, 60, document["invoice_id"])
    path = f"/invoices/{document['invoice_id']}"

    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)

    application = payment["invoices"][0]["invoice_payment_id"]
    invoice.delete(f"{path}/payments/{application}")
    assert invoice.refused("DELETE", f"{path}/payments/{application}")[:2] == (404, 1002)
    assert invoice.get(path)["invoice"]["balance"] == 100
    invoice.delete(path)


def test_several_payments_are_deleted_at_once_or_none(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    one, two = (invoice.pay(customer, 5)["payment_id"] for _ in range(2))

    assert invoice.refused("DELETE", f"/customerpayments?payment_id={one},{UNKNOWN}")[:2] == (404, 1002)
    assert len(invoice.get("/customerpayments")["customerpayments"]) == 2
    invoice.delete(f"/customerpayments?payment_id={one},{two}")
    assert invoice.get("/customerpayments")["customerpayments"] == []


def test_a_payment_in_another_currency_counts_in_the_base_currency_too(invoice: Invoice) -> None:
    euro = next(
        c["currency_id"] for c in invoice.get("/settings/currencies")["currencies"] if c["currency_code"] == "EUR"
    )
    customer = invoice.add_contact(currency_id=euro)["contact_id"]
    document = invoice.add_invoice(customer, rate=100)

    payment = invoice.pay(customer, 50, document["invoice_id"], exchange_rate="1.2")
    invoice.pay(customer, 10)

    shown = invoice.contact(customer)
    assert (payment["bcy_amount"], payment["currency_code"]) == (60, "EUR")
    assert (shown["outstanding_receivable_amount"], shown["outstanding_receivable_amount_bcy"]) == (50, 55)
    assert (shown["unused_credits_receivable_amount"], shown["unused_credits_receivable_amount_bcy"]) == (10, 11)
    assert shown["customer_currency_summaries"][0]["currency_code"] == "EUR"
