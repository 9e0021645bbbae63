"""Tests of a project beside the simulator: each has a world of its own, in which it moves the time and breaks calls."""

import datetime
from typing import Any

import pytest
import requests
from reminders import Reminders, stage_of

from simulator.testing import Zoho, assert_calls


@pytest.fixture
def reminders(zoho: Zoho) -> Reminders:
    return Reminders(zoho.credentials)


def invoice_for(zoho: Zoho, name: str, due_in: int = 10, **more: Any) -> dict[str, Any]:
    """A sent invoice of a new customer."""
    customer = zoho.invoice.create_contact({"contact_name": name, **more})
    today = zoho.today()
    body = {
        "customer_id": customer["contact_id"],
        "date": today.isoformat(),
        "due_date": (today + datetime.timedelta(days=due_in)).isoformat(),
        "line_items": [{"name": "Work", "rate": 100, "quantity": 1}],
    }
    made: dict[str, Any] = zoho.invoice.ask("POST", "/invoices", {"send": "true"}, body)["invoice"]
    return made


def said(zoho: Zoho, invoice: dict[str, Any]) -> list[str]:
    rows = zoho.invoice.ask("GET", f"/invoices/{invoice['invoice_id']}/comments")["comments"]
    return [row["description"][:12] for row in rows if row["description"].startswith("[reminder")]


def run_in(zoho: Zoho, reminders: Reminders, days: int) -> int:
    zoho.clock.advance(days=days)
    return reminders.run(zoho.today())


def test_the_stage_follows_from_the_days():
    days = (-5, 0, 1, 13, 14, 29, 30, 400)

    assert [stage_of(one) for one in days] == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(("days", "count"), [(5, 0), (10, 0), (11, 1), (23, 1), (24, 1), (39, 1), (40, 1), (90, 1)])
def test_an_invoice_is_reminded_of_when_it_is_overdue(zoho, reminders, days, count):
    invoice_for(zoho, "Acme")

    assert run_in(zoho, reminders, days) == count


def test_a_customer_gets_each_reminder_once(zoho, reminders):
    invoice = invoice_for(zoho, "Acme")

    counts = [run_in(zoho, reminders, days) for days in (12, 0, 12, 1, 20)]

    assert counts == [1, 0, 1, 0, 1]
    assert sorted(said(zoho, invoice)) == ["[reminder 1]", "[reminder 2]", "[reminder 3]"]


def test_a_paid_invoice_is_not_reminded_of(zoho, reminders):
    invoice = invoice_for(zoho, "Acme")
    payment = {"invoice_id": invoice["invoice_id"], "amount_applied": 100}
    body = {"customer_id": invoice["customer_id"], "payment_mode": "cash", "amount": 100, "date": invoice["date"]}
    zoho.invoice.ask("POST", "/customerpayments", json={**body, "invoices": [payment]})

    assert run_in(zoho, reminders, 40) == 0


def test_the_last_reminder_is_a_note_in_the_crm(zoho, reminders):
    (made,) = zoho.crm.create_records("Accounts", [{"Account_Name": "Acme"}])
    account = made["details"]["id"]
    invoice_for(zoho, "Acme", zcrm_account_id=account)

    run_in(zoho, reminders, 45)

    (note,) = zoho.crm.related("Accounts", account, "Notes", ["Note_Title", "Note_Content"])
    assert note["Note_Content"].startswith("[reminder 3]")


def test_a_customer_the_crm_does_not_know_is_reminded_all_the_same(zoho, reminders):
    invoice_for(zoho, "Acme")

    assert run_in(zoho, reminders, 45) == 1


def test_a_token_that_has_ended_on_the_way_is_renewed(zoho, reminders):
    invoice_for(zoho, "Acme")
    reminders.run(zoho.today())

    assert run_in(zoho, reminders, 12) == 1


@pytest.mark.parametrize("fault", [{"kind": "rate_limit", "retry_after": 0}, {"kind": "status", "status": 503}])
def test_a_busy_product_is_asked_again(zoho, reminders, fault):
    invoice_for(zoho, "Acme")
    zoho.faults.add("invoice", path="/invoices$", times=2, **fault)

    assert run_in(zoho, reminders, 12) == 1
    assert zoho.faults.hits("invoice") == 2


def test_a_reminder_whose_answer_is_lost_is_not_sent_twice(zoho, reminders):
    invoice = invoice_for(zoho, "Acme")
    zoho.faults.add("invoice", "cut", when="after", method="POST", route="/comments", times=1)

    with pytest.raises(requests.RequestException):
        run_in(zoho, reminders, 12)

    assert run_in(zoho, reminders, 0) == 0
    assert said(zoho, invoice) == ["[reminder 1]"]


def test_a_product_that_stays_away_ends_the_run(zoho, reminders):
    zoho.faults.add("invoice", "status", status=503)

    with pytest.raises(requests.HTTPError):
        reminders.run(zoho.today())


@pytest.mark.zoho(scenario="demo")
def test_a_company_that_is_lived_in_is_reminded_as_a_whole(zoho, reminders):
    overdue = [*reminders.overdue()]

    assert overdue
    assert reminders.run(zoho.today()) == len(overdue)


def test_nothing_overdue_costs_one_call(zoho, reminders):
    with assert_calls(zoho, at_most=1):
        reminders.run(zoho.today())
