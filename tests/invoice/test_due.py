"""What falls due in Invoice is known before: at that very moment, and not a second earlier, the status changes."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.requirement("X4")


def due(invoice: Any, days: int) -> list[dict[str, Any]]:
    until = datetime.fromisoformat(invoice.control("GET", "/clock")["now"]) + timedelta(days=days)
    events = invoice.control("GET", f"/due?until={quote(until.isoformat())}")["due"]
    return [event for event in events if event["kind"] != "token_end"]


def stand_at(invoice: Any, moment: datetime) -> None:
    """Goes there; the old token would have ended."""
    invoice.control("PUT", "/clock", {"now": moment.isoformat()})
    invoice.token = invoice.as_(invoice.email).token


def today(invoice: Any) -> Any:
    return datetime.fromisoformat(invoice.control("GET", "/clock")["now"]).date()


def test_an_invoice_falls_overdue_at_the_moment_that_was_told(invoice):
    invoice.control("PUT", "/clock", {"freeze": True})
    dates = {"date": today(invoice).isoformat(), "due_date": (today(invoice) + timedelta(days=20)).isoformat()}
    made = invoice.add_invoice(invoice.add_contact()["contact_id"], **dates)["invoice_id"]
    assert due(invoice, 60) == []
    invoice.post(f"/invoices/{made}/status/sent")

    (event,) = due(invoice, 60)

    moment = datetime.fromisoformat(event["at"])
    assert (event["kind"], event["stops"], event["count"]) == ("invoice_due", False, 1)
    stand_at(invoice, moment - timedelta(seconds=1))
    assert invoice.invoice(made)["status"] == "sent"
    stand_at(invoice, moment)
    assert invoice.invoice(made)["status"] == "overdue"
    assert due(invoice, 60) == []


def test_estimates_that_expire_on_one_day_are_one_event(invoice):
    invoice.control("PUT", "/clock", {"freeze": True})
    customer = invoice.add_contact()["contact_id"]
    dates = {"date": today(invoice).isoformat(), "expiry_date": (today(invoice) + timedelta(days=9)).isoformat()}
    made = [invoice.add_estimate(customer, **dates)["estimate_id"] for _ in range(3)]
    for estimate_id in made:
        invoice.post(f"/estimates/{estimate_id}/status/sent")
    invoice.post(f"/estimates/{made[2]}/status/accepted")

    (event,) = due(invoice, 30)

    assert (event["kind"], event["what"], event["count"]) == ("estimate_expiry", "2 estimates expire", 2)
    stand_at(invoice, datetime.fromisoformat(event["at"]))
    assert [invoice.estimate(each)["status"] for each in made] == ["expired", "expired", "accepted"]


def test_paid_invoices_and_those_due_later_are_not_due(invoice):
    customer = invoice.add_contact()["contact_id"]
    dates = {"date": today(invoice).isoformat()}
    paid = invoice.add_invoice(customer, due_date=(today(invoice) + timedelta(days=3)).isoformat(), **dates)
    later = invoice.add_invoice(customer, due_date=(today(invoice) + timedelta(days=30)).isoformat(), **dates)
    for made in (paid, later):
        invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    invoice.pay(customer, 100, paid["invoice_id"])

    assert due(invoice, 20) == []
    assert len(due(invoice, 40)) == 1
