"""What holds for recurring invoices: their names, their schedule, stopping and going on (invoice-api.md §7.4)."""

from datetime import date
from typing import Any

from sqlalchemy import exists, select

from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.documents import compose, history
from mock_invoice.errors import InvalidValue, MissingValue, NumberTaken
from mock_invoice.invoices.rules import take_terms
from mock_invoice.recurring_invoices.making import ENTITY, make_next
from mock_invoice.recurring_invoices.model import RecurringInvoice
from simulator import clock

THING = "Recurring invoice"
SCHEDULE = frozenset(("start_date", "end_date", "recurrence_frequency", "repeat_every"))


def today() -> date:
    return clock.today(current_organization().time_zone)


def create_recurring(body: dict[str, Any]) -> RecurringInvoice:
    """A new one from a loaded body. Invoices begin with today, however long ago it is said to start. [DESIGN]"""
    for key in ("recurrence_name", "recurrence_frequency"):
        if not body.get(key):
            raise MissingValue(key)
    recurring = RecurringInvoice(repeat_every=1, end_date=None, last_sent_date=None)
    compose.begin(recurring, {**body, "date": body.get("start_date")})
    recurring.state = "active"
    recurring.number = _free_name(body["recurrence_name"])
    take_terms(recurring, {"payment_terms": recurring.customer.payment_terms, **body})
    _take_schedule(recurring, body)
    db.session.add(recurring)
    history.note(recurring, ENTITY, "added", f"Recurring invoice {recurring.number} created")
    db.session.flush()
    _make_if_due(recurring)
    return recurring


def update_recurring(recurring: RecurringInvoice, body: dict[str, Any]) -> None:
    """Changes what the body names, in any status: a later end brings an expired one back. [DESIGN]"""
    name = body.get("recurrence_name")
    if name and name != recurring.number:
        recurring.number = _free_name(name)
    compose.change(recurring, {**body, "date": body.get("start_date")})
    take_terms(recurring, body)
    if not SCHEDULE.isdisjoint(body):
        _take_schedule(recurring, body)
    history.note(recurring, ENTITY, "updated", f"Recurring invoice {recurring.number} updated")
    db.session.flush()
    _make_if_due(recurring)


def move_recurring(recurring: RecurringInvoice, state: str) -> None:
    """Stops it, or lets it go on from today."""
    if recurring.move(state, today()):
        history.note(recurring, ENTITY, "updated", f"Recurring invoice marked as {state}")
        db.session.flush()
        _make_if_due(recurring)


def delete_recurring(recurring: RecurringInvoice) -> None:
    """What it has made stays. [DESIGN]"""
    history.forget(recurring)
    db.session.delete(recurring)


def _free_name(name: str) -> str:
    """The name itself, once it is known that no other has it. [MEM] that names are unique."""
    taken = exists().where(
        RecurringInvoice.organization_id == current_organization().id, RecurringInvoice.number == name
    )
    with db.session.no_autoflush:
        if db.session.scalar(select(taken)):
            raise NumberTaken("recurrence name", name)
    return name


def _take_schedule(recurring: RecurringInvoice, body: dict[str, Any]) -> None:
    recurring.recurrence_frequency = body.get("recurrence_frequency") or recurring.recurrence_frequency
    recurring.repeat_every = body.get("repeat_every") or recurring.repeat_every
    if "end_date" in body:
        recurring.end_date = body["end_date"]
    if recurring.end_date is not None and recurring.end_date < recurring.date:
        raise InvalidValue("end_date")
    recurring.look_ahead(today())


def _make_if_due(recurring: RecurringInvoice) -> None:
    """What is due today is made at once. [MEM]"""
    due = recurring.next_invoice_date
    if recurring.state == "active" and due is not None and due <= today():
        make_next(recurring)
