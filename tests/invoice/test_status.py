"""Status rules of estimates and invoices, as one table each (invoice-api.md §5.4, §6.4)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mock_invoice.documents.status import (
    ESTIMATE_MOVES,
    ESTIMATE_STATUSES,
    INVOICE_MOVES,
    INVOICE_STATUSES,
    estimate_status,
    invoice_status,
)
from tests.invoice.conftest import Invoice

TODAY = date(2026, 6, 15)

# making a document of each status through the API


def today(invoice: Invoice) -> date:
    return date.fromisoformat(invoice.add_contact("Clock")["created_time"][:10])


def make_invoice(invoice: Invoice, status: str) -> str:
    day = today(invoice)
    customer = invoice.add_contact()["contact_id"]
    past = {"date": str(day - timedelta(40)), "due_date": str(day - timedelta(10))}
    made = invoice.add_invoice(
        customer, rate=100, **(past if status == "overdue" else {"due_date": str(day + timedelta(5))})
    )
    path = f"/invoices/{made['invoice_id']}"
    if status not in ("draft", "void"):
        invoice.post(f"{path}/status/sent")
    if status == "void":
        invoice.post(f"{path}/status/void")
    if status in ("paid", "partially_paid"):
        invoice.pay(customer, 100 if status == "paid" else 40, made["invoice_id"])
    if status == "viewed":
        _view(invoice, made["invoice_id"])
    assert invoice.invoice(made["invoice_id"])["status"] == status
    return str(made["invoice_id"])


def _view(invoice: Invoice, invoice_id: str) -> None:
    """The customer opens it: the portal is not emulated, so the flag is set where the portal would."""
    from mock_invoice.database import db
    from mock_invoice.invoices.model import Invoice as Row

    with invoice.app.extensions["worlds"].transaction(invoice.world):
        db.session.get_one(Row, int(invoice_id)).is_viewed_by_client = True


def make_estimate(invoice: Invoice, status: str) -> str:
    day = today(invoice)
    customer = invoice.add_contact()["contact_id"]
    past = {"date": str(day - timedelta(40)), "expiry_date": str(day - timedelta(10))}
    made = invoice.add_estimate(customer, **(past if status == "expired" else {}))
    path = f"/estimates/{made['estimate_id']}"
    if status != "draft":
        invoice.post(f"{path}/status/sent")
    if status in ("accepted", "declined"):
        invoice.post(f"{path}/status/{status}")
    if status == "invoiced":
        invoice.post("/invoices", {"invoiced_estimate_id": made["estimate_id"]})
    assert invoice.estimate(made["estimate_id"])["status"] == status
    return str(made["estimate_id"])


INVOICE_CASES = [(action, status) for action in ("sent", "void", "draft") for status in INVOICE_STATUSES]
ESTIMATE_CASES = [(action, status) for action in ("sent", "accepted", "declined") for status in ESTIMATE_STATUSES]
#: What the invoice reports afterwards, where it is not simply the state: sending a past-due draft and the like.
REFUSED = "refused"
INVOICE_AFTER = {
    ("sent", "draft"): "sent",
    ("sent", "sent"): "sent",
    ("sent", "viewed"): "viewed",
    ("sent", "overdue"): "overdue",
    ("sent", "partially_paid"): "partially_paid",
    ("sent", "paid"): "paid",
    ("sent", "void"): REFUSED,
    ("void", "draft"): "void",
    ("void", "sent"): "void",
    ("void", "viewed"): "void",
    ("void", "overdue"): "void",
    ("void", "partially_paid"): "void",
    ("void", "paid"): "void",
    ("void", "void"): "void",
    ("draft", "void"): "draft",
} | {("draft", status): REFUSED for status in INVOICE_STATUSES if status != "void"}
ESTIMATE_AFTER = {
    ("sent", "draft"): "sent",
    ("sent", "sent"): "sent",
    ("sent", "expired"): "expired",
    ("sent", "accepted"): REFUSED,
    ("sent", "declined"): REFUSED,
    ("sent", "invoiced"): REFUSED,
    ("accepted", "draft"): REFUSED,
    ("accepted", "sent"): "accepted",
    ("accepted", "expired"): "accepted",
    ("accepted", "accepted"): REFUSED,
    ("accepted", "declined"): "accepted",
    ("accepted", "invoiced"): REFUSED,
    ("declined", "draft"): REFUSED,
    ("declined", "sent"): "declined",
    ("declined", "expired"): "declined",
    ("declined", "accepted"): "declined",
    ("declined", "declined"): REFUSED,
    ("declined", "invoiced"): REFUSED,
}


@pytest.mark.requirement("G1", "G4", "G5")
@pytest.mark.parametrize(("action", "status"), INVOICE_CASES, ids=[f"{a} on {s}" for a, s in INVOICE_CASES])
def test_each_action_on_an_invoice_of_each_status(invoice: Invoice, action: str, status: str) -> None:
    invoice_id = make_invoice(invoice, status)
    path = f"/invoices/{invoice_id}/status/{action}"

    if INVOICE_AFTER[action, status] == REFUSED:
        assert invoice.refused("POST", path)[:2] == (400, 90_001)
        assert invoice.invoice(invoice_id)["status"] == status
    else:
        invoice.post(path)
        assert invoice.invoice(invoice_id)["status"] == INVOICE_AFTER[action, status]
    assert ((action, status) in INVOICE_MOVES) is (INVOICE_AFTER[action, status] != REFUSED)


@pytest.mark.requirement("G1")
@pytest.mark.parametrize(("action", "status"), ESTIMATE_CASES, ids=[f"{a} on {s}" for a, s in ESTIMATE_CASES])
def test_each_action_on_an_estimate_of_each_status(invoice: Invoice, action: str, status: str) -> None:
    estimate_id = make_estimate(invoice, status)
    path = f"/estimates/{estimate_id}/status/{action}"

    if ESTIMATE_AFTER[action, status] == REFUSED:
        assert invoice.refused("POST", path)[:2] == (400, 90_001)
        assert invoice.estimate(estimate_id)["status"] == status
    else:
        invoice.post(path)
        assert invoice.estimate(estimate_id)["status"] == ESTIMATE_AFTER[action, status]
    assert ((action, status) in ESTIMATE_MOVES) is (ESTIMATE_AFTER[action, status] != REFUSED)


DERIVED: list[tuple[str, dict[str, Any], str]] = [
    ("a draft past its date is a draft", {"state": "draft", "due": -5}, "draft"),
    ("a void one past its date is void", {"state": "void", "due": -5}, "void"),
    ("due in time", {"due": 5}, "sent"),
    ("due today", {"due": 0}, "sent"),
    ("due yesterday", {"due": -1}, "overdue"),
    ("opened by the customer", {"due": 5, "viewed": True}, "viewed"),
    ("opened and past due", {"due": -1, "viewed": True}, "overdue"),
    ("partly paid", {"due": 5, "paid": 40}, "partially_paid"),
    ("partly paid and past due", {"due": -5, "paid": 40}, "partially_paid"),
    ("paid", {"due": -5, "paid": 100}, "paid"),
    ("a sent one over nothing", {"due": 5, "total": 0}, "paid"),
]


@pytest.mark.parametrize(("facts", "status"), [case[1:] for case in DERIVED], ids=[case[0] for case in DERIVED])
def test_what_an_invoice_reports_follows_from_its_state_balance_and_dates(facts: dict[str, Any], status: str) -> None:
    paid, total = Decimal(facts.get("paid", 0)), Decimal(facts.get("total", 100))
    due = TODAY + timedelta(facts["due"])

    found = invoice_status(facts.get("state", "sent"), total - paid, paid, due, facts.get("viewed", False), TODAY)

    assert found == status


@pytest.mark.parametrize(
    ("state", "is_invoiced", "expiry", "status"),
    [
        ("draft", False, -5, "draft"),
        ("sent", False, None, "sent"),
        ("sent", False, 0, "sent"),
        ("sent", False, -1, "expired"),
        ("accepted", False, -1, "accepted"),
        ("declined", False, -1, "declined"),
        ("accepted", True, -1, "invoiced"),
    ],
)
def test_what_an_estimate_reports_follows_from_its_state_and_dates(
    state: str, is_invoiced: bool, expiry: int | None, status: str
) -> None:
    day = None if expiry is None else TODAY + timedelta(expiry)

    assert estimate_status(state, is_invoiced, day, TODAY) == status


@pytest.mark.requirement("X4")
def test_documents_fall_overdue_and_expire_by_the_clock_alone(invoice: Invoice) -> None:
    customer = invoice.add_contact(payment_terms=3)["contact_id"]
    document = invoice.add_invoice(customer)
    offer = invoice.add_estimate(customer, expiry_date=str(today(invoice) + timedelta(3)))
    invoice.post(f"/invoices/{document['invoice_id']}/status/sent")
    invoice.post(f"/estimates/{offer['estimate_id']}/status/sent")

    seen = []
    for days in (0, 3, 1, 8):
        invoice.pass_days(days)
        shown = invoice.invoice(document["invoice_id"])
        seen.append((shown["status"], shown["due_days"], invoice.estimate(offer["estimate_id"])["status"]))

    assert seen == [
        ("sent", "Due in 3 days", "sent"),
        ("sent", "Due Today", "sent"),
        ("overdue", "Overdue by 1 day", "expired"),
        ("overdue", "Overdue by 9 days", "expired"),
    ]


@pytest.mark.parametrize("kind", ["invoices", "estimates"])
def test_lists_and_filters_report_the_same_statuses_as_the_documents(demo: Invoice, kind: str) -> None:
    rows = demo.get(f"/{kind}")[kind]
    key = f"{kind[:-1]}_id"

    details = {row[key]: demo.get(f"/{kind}/{row[key]}")[kind[:-1]]["status"] for row in rows}

    assert {row[key]: row["status"] for row in rows} == details
    for status in INVOICE_STATUSES if kind == "invoices" else ESTIMATE_STATUSES:
        name = {"overdue": "OverDue", "partially_paid": "PartiallyPaid"}.get(status, status.title())
        wanted = {row[key] for row in rows if row["status"] == status}
        assert {row[key] for row in demo.get(f"/{kind}?filter_by=Status.{name}")[kind]} == wanted
        assert {row[key] for row in demo.get(f"/{kind}?status={status}")[kind]} == wanted


def test_the_demo_company_has_documents_of_every_status(demo: Invoice) -> None:
    def of(kind: str) -> set[str]:
        return {row["status"] for row in demo.get(f"/{kind}")[kind]}

    assert of("estimates") == set(ESTIMATE_STATUSES)
    assert of("invoices") == set(INVOICE_STATUSES) - {"viewed"}


@pytest.mark.parametrize("maker", [make_invoice, make_estimate])
def test_an_unknown_action_is_an_unknown_url(invoice: Invoice, maker: Callable[[Invoice, str], str]) -> None:
    record_id = maker(invoice, "draft")
    kind = "invoices" if maker is make_invoice else "estimates"

    assert invoice.refused("POST", f"/{kind}/{record_id}/status/eaten")[:2] == (404, 5)
