"""Credit notes, refunds and write-offs: what settles an invoice, and what it takes back (invoice-api.md §6.1, §7.3)."""

from typing import Any

import pytest

from mock_invoice.documents.status import CREDIT_MOVES, CREDIT_STATUSES
from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


def add_note(invoice: Invoice, customer: str, amount: Any = 60, query: str = "", **more: Any) -> Any:
    body = {"customer_id": customer, "line_items": [{"name": "Back", "rate": amount, "quantity": 1}], **more}
    return invoice.post(f"/creditnotes{query}", body)["creditnote"]


def note_of(invoice: Invoice, note_id: str) -> Any:
    return invoice.get(f"/creditnotes/{note_id}")["creditnote"]


def apply(invoice: Invoice, note_id: str, invoice_id: str, amount: Any) -> Any:
    entry = {"invoice_id": invoice_id, "amount_applied": amount}
    return invoice.post(f"/creditnotes/{note_id}/invoices", {"invoices": [entry]})


def make_note(invoice: Invoice, status: str) -> str:
    customer = invoice.add_contact()["contact_id"]
    note = add_note(invoice, customer, is_draft=status == "draft")["creditnote_id"]
    if status == "void":
        invoice.post(f"/creditnotes/{note}/status/void")
    if status == "closed":
        apply(invoice, note, invoice.add_invoice(customer)["invoice_id"], 60)
    assert note_of(invoice, note)["status"] == status
    return str(note)


def test_a_credit_note_is_created_listed_changed_and_deleted(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]

    note = add_note(invoice, customer)

    assert (note["creditnote_number"], note["status"], note["balance"]) == ("CN-00001", "open", 60)
    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 60
    (row,) = invoice.get("/creditnotes?filter_by=Status.Open")["creditnotes"]
    assert (row["creditnote_id"], row["balance"]) == (note["creditnote_id"], 60)
    path = f"/creditnotes/{note['creditnote_id']}"
    assert invoice.put(path, {"adjustment": 5})["creditnote"]["balance"] == 65
    invoice.delete(path)
    assert invoice.refused("GET", path)[:2] == (404, 1002)
    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 0


def test_a_credit_note_settles_an_invoice_and_can_be_taken_off_again(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    bill, note = invoice.add_invoice(customer)["invoice_id"], add_note(invoice, customer)["creditnote_id"]

    apply(invoice, note, bill, 60)

    shown = invoice.invoice(bill)
    assert (shown["status"], shown["credits_applied"], shown["balance"]) == ("partially_paid", 60, 40)
    assert (note_of(invoice, note)["status"], note_of(invoice, note)["total_credits_used"]) == ("closed", 60)
    (credit,) = invoice.get(f"/invoices/{bill}/creditsapplied")["credits"]
    assert (credit["creditnote_id"], credit["amount_applied"]) == (note, 60)
    assert invoice.refused("DELETE", f"/invoices/{bill}")[:2] == (400, 90_004)
    assert invoice.refused("DELETE", f"/creditnotes/{note}")[:2] == (400, 90_004)
    assert invoice.refused("POST", f"/creditnotes/{note}/status/void")[:2] == (400, 90_001)

    invoice.delete(f"/invoices/{bill}/creditsapplied/{credit['creditnotes_invoice_id']}")

    assert (invoice.invoice(bill)["balance"], note_of(invoice, note)["balance"]) == (100, 60)
    assert note_of(invoice, note)["status"] == "open"


def test_voiding_an_invoice_gives_payments_and_credits_back(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    bill, note = invoice.add_invoice(customer)["invoice_id"], add_note(invoice, customer)["creditnote_id"]
    apply(invoice, note, bill, 60)
    invoice.pay(customer, 30, bill)
    invoice.post(f"/invoices/{bill}/writeoff")
    assert (invoice.invoice(bill)["write_off_amount"], invoice.invoice(bill)["status"]) == (10, "paid")

    invoice.post(f"/invoices/{bill}/status/void")

    shown = invoice.invoice(bill)
    assert (shown["status"], shown["balance"], shown["write_off_amount"]) == ("void", 100, 0)
    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 90


def test_money_of_payments_and_credit_notes_is_applied_from_the_invoice(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    bill, note = invoice.add_invoice(customer)["invoice_id"], add_note(invoice, customer)["creditnote_id"]
    payment = invoice.pay(customer, 50)["payment_id"]
    body = {
        "invoice_payments": [{"payment_id": payment, "amount_applied": 40}],
        "apply_creditnotes": [{"creditnote_id": note, "amount_applied": 60}],
    }

    answer = invoice.post(f"/invoices/{bill}/credits", body)

    assert answer["message"] == "Credits have been applied to the invoice(s)."
    assert (invoice.invoice(bill)["status"], invoice.contact(customer)["unused_credits_receivable_amount"]) == (
        "paid",
        10,
    )
    assert invoice.refused("POST", f"/invoices/{bill}/credits", {})[:2] == (400, 4)


@pytest.mark.parametrize(
    ("which", "amount", "code"),
    [("bill", 61, 90_003), ("small", 11, 90_003), ("other", 5, 90_003), ("void", 5, 90_003), ("unknown", 5, 1002),
     ("bill", "x", 2), ("bill", -1, 2)],
)  # fmt: skip
def test_a_credit_that_does_not_fit_is_refused_and_leaves_nothing(
    invoice: Invoice, which: str, amount: Any, code: int
) -> None:
    customer, other = invoice.add_contact()["contact_id"], invoice.add_contact("Other")["contact_id"]
    bills = {
        "bill": invoice.add_invoice(customer)["invoice_id"],
        "small": invoice.add_invoice(customer, rate=10)["invoice_id"],
        "other": invoice.add_invoice(other)["invoice_id"],
        "void": invoice.add_invoice(customer)["invoice_id"],
        "unknown": UNKNOWN,
    }
    invoice.post(f"/invoices/{bills['void']}/status/void")
    note = add_note(invoice, customer)["creditnote_id"]
    body = {"invoices": [{"invoice_id": bills[which], "amount_applied": amount}]}

    assert invoice.refused("POST", f"/creditnotes/{note}/invoices", body)[1] == code

    assert note_of(invoice, note)["balance"] == 60
    assert invoice.invoice(bills["bill"])["credits_applied"] == 0


@pytest.mark.parametrize("status", CREDIT_STATUSES)
@pytest.mark.parametrize("action", ["open", "draft", "void"])
def test_each_action_on_a_credit_note_of_each_status(invoice: Invoice, action: str, status: str) -> None:
    note = make_note(invoice, status)
    path = f"/creditnotes/{note}/status/{action}"

    if (action, status) not in CREDIT_MOVES:
        assert invoice.refused("POST", path)[:2] == (400, 90_001)
        assert note_of(invoice, note)["status"] == status
    else:
        invoice.post(path)
        assert note_of(invoice, note)["status"] == (CREDIT_MOVES[action, status] or status)


@pytest.mark.parametrize("status", ["draft", "void", "closed"])
def test_only_an_open_credit_note_is_applied_or_refunded(invoice: Invoice, status: str) -> None:
    note = make_note(invoice, status)
    customer = note_of(invoice, note)["customer_id"]
    body = {"invoices": [{"invoice_id": invoice.add_invoice(customer)["invoice_id"], "amount_applied": 1}]}

    assert invoice.refused("POST", f"/creditnotes/{note}/invoices", body)[:2] == (400, 90_001)
    assert invoice.refused("POST", f"/creditnotes/{note}/refunds", {"amount": 1})[:2] == (400, 90_001)


def test_a_credit_note_for_an_invoice_is_applied_to_it_at_once(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    bill = invoice.add_invoice(customer, rate=40)["invoice_id"]

    note = add_note(invoice, customer, query=f"?invoice_id={bill}")

    assert (note["balance"], invoice.invoice(bill)["status"]) == (20, "paid")


@pytest.mark.parametrize("kind", ["creditnotes", "customerpayments"])
def test_what_is_left_is_refunded_and_the_refund_taken_back(invoice: Invoice, kind: str) -> None:
    customer = invoice.add_contact()["contact_id"]
    if kind == "creditnotes":
        source, key = add_note(invoice, customer)["creditnote_id"], "creditnote_refund"
    else:
        source, key = invoice.pay(customer, 60)["payment_id"], "payment_refund"
    path = f"/{kind}/{source}/refunds"

    assert invoice.refused("POST", path, {"amount": "60.01"})[:2] == (400, 90_003)
    assert invoice.refused("POST", path, {"amount": 0})[:2] == (400, 2)
    refund = invoice.post(path, {"amount": 25, "refund_mode": "banktransfer"})[key]
    one = f"{path}/{refund[f'{key}_id']}"
    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 35
    assert invoice.get(path)[f"{key}s"] == [refund]
    assert invoice.put(one, {"amount": 60})[key]["amount"] == 60
    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 0
    assert invoice.refused("DELETE", f"/{kind}/{source}")[:2] == (400, 90_004)
    if kind == "customerpayments":
        assert invoice.refused("PUT", f"/{kind}/{source}", {"amount": 59})[:2] == (400, 90_003)

    invoice.delete(one)

    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 60
    assert invoice.refused("GET", one)[:2] == (404, 1002)


@pytest.mark.parametrize("path", ["/creditnotes/{}/refunds", "/creditnotes/refunds"])
def test_a_list_of_refunds_says_what_it_is_and_how_it_is_sorted(invoice: Invoice, path: str) -> None:
    """A client of old reads these keys without a look whether they are there (invoice-api.md §13)."""
    note = add_note(invoice, invoice.add_contact()["contact_id"])["creditnote_id"]

    context = invoice.get(path.format(note))["page_context"]

    assert {"page", "per_page", "has_more_page", "report_name", "sort_column", "sort_order"} <= context.keys()


def test_an_invoice_is_written_off_and_that_is_cancelled(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    bill = invoice.add_invoice(customer)["invoice_id"]
    path = f"/invoices/{bill}/writeoff"

    assert invoice.refused("POST", path)[:2] == (400, 90_001)
    invoice.post(f"/invoices/{bill}/status/sent")
    invoice.post(path)
    assert (invoice.invoice(bill)["status"], invoice.contact(customer)["outstanding_receivable_amount"]) == ("paid", 0)
    assert invoice.refused("POST", path)[:2] == (400, 90_001)
    invoice.post(f"{path}/cancel")
    assert (invoice.invoice(bill)["status"], invoice.invoice(bill)["balance"]) == ("sent", 100)
    assert invoice.refused("POST", f"{path}/cancel")[:2] == (400, 90_001)


def test_a_payment_is_written_by_a_unique_field_and_never_twice(invoice: Invoice) -> None:
    body = {"module": "customer_payment", "label": "Bank ref", "data_type": "text", "is_unique": True}
    field = invoice.post("/settings/customfields", body)["customfield"]
    customer = invoice.add_contact()["contact_id"]
    key = {"X_Unique_Identifier_Key": field["api_name"], "X_Unique_Identifier_Value": "B1", "X_Upsert": "true"}

    made = invoice.ok("PUT", "/customerpayments", {"customer_id": customer, "amount": 10}, **key)["payment"]
    again = invoice.ok("PUT", "/customerpayments", {"amount": 12}, **key)["payment"]

    assert (again["payment_id"], again["amount"], again["unused_amount"]) == (made["payment_id"], 12, 12)
    path = f"/customerpayment/{made['payment_id']}/customfields"
    invoice.put(path, [{"customfield_id": field["customfield_id"], "value": "B2"}])
    assert invoice.get(f"/customerpayments/{made['payment_id']}")["payment"]["custom_fields"][0]["value"] == "B2"


def test_the_date_of_the_last_payment_follows_the_payments(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    bill = invoice.add_invoice(customer, date="2026-01-01")["invoice_id"]
    first = invoice.pay(customer, 10, bill, date="2026-01-05")["payment_id"]
    last = invoice.pay(customer, 10, bill, date="2026-01-09")["payment_id"]

    seen = [invoice.invoice(bill)["last_payment_date"]]
    invoice.put(f"/customerpayments/{first}", {"date": "2026-01-10"})
    seen.append(invoice.invoice(bill)["last_payment_date"])
    invoice.delete(f"/customerpayments/{first}")
    seen.append(invoice.invoice(bill)["last_payment_date"])
    invoice.delete(f"/customerpayments/{last}")
    seen.append(invoice.invoice(bill)["last_payment_date"])

    assert seen == ["2026-01-09", "2026-01-10", "2026-01-09", ""]


def test_a_payment_link_is_refused_as_there_is_no_gateway(invoice: Invoice) -> None:
    bill = invoice.add_invoice(invoice.add_contact()["contact_id"])["invoice_id"]

    assert invoice.refused("GET", f"/share/paymentlink?transaction_id={bill}")[:2] == (400, 90_015)
    assert invoice.refused("GET", f"/share/paymentlink?transaction_id={UNKNOWN}")[:2] == (404, 1002)
