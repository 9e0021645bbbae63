"""Credit notes and recurring invoices: made of an invoice, and what can be done with them."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World


@pytest.fixture
def customer(world: World) -> str:
    return str(world.invoice.create_contact({"contact_name": "Acme"})["contact_id"])


def add_invoice(world: World, customer: str, rate: int, quantity: int = 1) -> str:
    lines = [{"name": "Work", "rate": rate, "quantity": quantity}]
    made = world.invoice.ask("POST", "/invoices", json={"customer_id": customer, "line_items": lines})["invoice"]
    world.invoice.ask("POST", f"/invoices/{made['invoice_id']}/status/sent")
    return str(made["invoice_id"])


def invoice(world: World, invoice_id: str) -> dict[str, Any]:
    found: dict[str, Any] = world.invoice.ask("GET", f"/invoices/{invoice_id}")["invoice"]
    return found


def test_an_invoice_is_credited_and_the_credit_taken_off_and_applied_elsewhere(
    world: World, asha: Visitor, customer: str
) -> None:
    first, other = add_invoice(world, customer, 50, 2), add_invoice(world, customer, 30)

    made = asha.post(f"/invoice/invoices/{first}/credit")
    page = asha.get(made.location).text
    paid = invoice(world, first)["balance"]
    credited = asha.get(f"/invoice/invoices/{first}").text
    taken_off = asha.follow(re.search(r'action="([^"]+/applied/\d+/delete)"', page)[1]).text  # type: ignore[index]
    applied = asha.follow(f"{made.location}/apply", invoice=other, amount="30").text

    assert "Credit note has been created." in page
    assert invoice(world, first)["invoice_number"] in page
    assert paid == 0
    assert f'href="{made.location}">Credit note ' in credited
    assert "Credits applied" in credited
    assert "Not applied yet" in taken_off
    assert "Apply to an invoice" in taken_off
    assert "Credits have been applied" in applied
    assert (invoice(world, first)["balance"], invoice(world, other)["balance"]) == (Decimal(100), 0)
    assert "$70.00" in applied


def test_a_credit_note_is_voided_opened_listed_and_deleted(world: World, asha: Visitor, customer: str) -> None:
    lines = [{"name": "Work", "rate": 40, "quantity": 1}]
    made = world.invoice.ask("POST", "/creditnotes", json={"customer_id": customer, "line_items": lines})["creditnote"]
    address = f"/invoice/creditnotes/{made['creditnote_id']}"

    void = asha.follow(f"{address}/status/void").text
    listed = asha.get("/invoice/creditnotes?status=void").text
    opened = asha.follow(f"{address}/status/open").text
    too_much = asha.follow(f"{address}/apply", invoice=add_invoice(world, customer, 10), amount="20").text
    gone = asha.follow(f"{address}/delete").text

    assert "Void" in void
    assert made["creditnote_number"] in listed
    assert "1 in this list" in listed
    assert "Open" in opened
    assert 'class="note bad"' in too_much
    assert "The credit note has been deleted." in gone


def test_an_invoice_is_made_recurring_and_its_invoices_are_listed(world: World, asha: Visitor, customer: str) -> None:
    source = add_invoice(world, customer, 25)
    today = world.invoice.receivables()["date"]
    schedule = {"recurrence_name": "Rent", "repeat_every": "2", "recurrence_frequency": "weeks", "start_date": today}

    form = asha.get(f"/invoice/invoices/{source}/recur").text
    made = asha.post(f"/invoice/invoices/{source}/recur", **schedule, end_date="")
    page = asha.get(made.location).text
    stopped = asha.follow(f"{made.location}/status/stop").text
    resumed = asha.follow(f"{made.location}/status/resume").text

    assert 'value="Acme"' in form
    assert "every 2 weeks" in page
    assert page.partition('id="made-title"')[2].count('class="opens"') == 1
    assert "The recurring invoice has been stopped." in stopped
    assert "The recurring invoice has been activated." in resumed
    assert "Rent" in asha.get("/invoice/recurringinvoices?status=active").text


def test_the_schedule_is_changed_and_what_is_wrong_is_told(world: World, asha: Visitor, customer: str) -> None:
    source, today = add_invoice(world, customer, 25), world.invoice.receivables()["date"]
    schedule = {"recurrence_name": "Rent", "repeat_every": "1", "recurrence_frequency": "months", "start_date": today}
    made = asha.post(f"/invoice/invoices/{source}/recur", **schedule, end_date="").location

    changed = asha.follow(f"{made}/edit", **{**schedule, "repeat_every": "3"}, end_date="").text
    wrong = asha.post(f"{made}/edit", **schedule, end_date="2001-01-01")
    gone = asha.follow(f"{made}/delete").text

    assert "every 3 months" in changed
    assert wrong.status_code == 422
    assert 'id="end_date-error"' in wrong.text
    assert "The recurring invoice has been deleted." in gone
