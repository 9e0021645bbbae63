"""Makes the invoices whose day has come on the world's clock: once for each due day, in the order of the days.

It is done where the clock is moved, which halts at each due day, and by a thread for a clock that just runs on;
never by a read. Each invoice and its entry in the schedule are one transaction.
"""

import threading
import time
from datetime import date, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from mock_invoice.access import enter
from mock_invoice.database import db
from mock_invoice.documents import history
from mock_invoice.errors import ApiError
from mock_invoice.estimates.conversion import CARRIED, CARRIED_SUMS, lines_of
from mock_invoice.invoices.rules import create_invoice
from mock_invoice.recurring_invoices.model import RecurringInvoice
from mock_invoice.settings.organization_model import Organization
from simulator import clock
from simulator.storage import DamagedWorld
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()

ENTITY = "recurring_invoice"
#: What goes onto each invoice as it is, beside what every conversion carries.
ALSO_CARRIED = ("notes", "terms", "template_id", "payment_terms", "payment_terms_label")
#: How long after midnight an invoice is made at the latest, where nobody moves the clock.
TICK_SECONDS = 30.0


def make_due(worlds: Worlds, world_id: str) -> None:
    """Makes all that is due in a world."""
    while True:
        with worlds.transaction(world_id, reads_only=True):
            if _first_due() is None:
                return
        with worlds.transaction(world_id):
            recurring = _first_due()  # asked again: somebody else may have made it meanwhile
            if recurring is not None:
                enter(recurring.created_by_id)
                make_next(recurring)


def _first_due() -> RecurringInvoice | None:
    """The one whose day came first, of all organizations; each has its own midnight."""
    found: list[RecurringInvoice] = []
    for organization in db.session.scalars(select(Organization)):
        statement = select(RecurringInvoice).where(
            RecurringInvoice.organization_id == organization.id,
            RecurringInvoice.state == "active",
            RecurringInvoice.next_invoice_date <= clock.today(organization.time_zone),
        )
        order = (RecurringInvoice.next_invoice_date, RecurringInvoice.id)
        found += db.session.scalars(statement.order_by(*order).limit(1)).all()
    return min(found, key=lambda one: (one.next_invoice_date or date.max, one.id), default=None)


def make_next(recurring: RecurringInvoice) -> None:
    """Makes the invoice of its next due day and goes on to the day after.

    One that is refused (the customer or an item is inactive by now, numbers are given by hand) is noted in its history
    and not tried again: the calendar goes on. [DESIGN] All refusals come before the first write.
    """
    day = recurring.next_invoice_date
    assert day is not None
    try:
        invoice, _ = create_invoice(_body(recurring, day))
    except ApiError as error:
        history.note(recurring, ENTITY, "updated", f"The invoice of {day} could not be created: {error.message}")
    else:
        invoice.source = "RecurringInvoice"  # [MEM]
        history.note(recurring, ENTITY, "updated", f"Invoice {invoice.number} created")
        recurring.last_sent_date = day
    recurring.look_ahead(day + timedelta(days=1))
    db.session.flush()


def _body(recurring: RecurringInvoice, day: date) -> dict[str, Any]:
    """A draft of that day [DESIGN], at the addresses that the customer has by now."""
    keys = (*CARRIED, *CARRIED_SUMS, *ALSO_CARRIED)
    persons = {str(person.id) for person in recurring.customer.persons}
    return {
        **{key: getattr(recurring, key) for key in keys},
        "customer_id": recurring.customer_id,
        "contact_persons": [int(one) for one in recurring.contact_person_ids if one in persons],
        "line_items": lines_of(recurring),
        "recurring_invoice_id": recurring.id,
        "date": day,
    }


def start_ticking(worlds: Worlds) -> None:
    """Looks after the worlds that are open, for as long as the service runs."""
    threading.Thread(target=_tick, args=(worlds,), name="recurring", daemon=True).start()


def _tick(worlds: Worlds) -> None:
    while True:
        time.sleep(TICK_SECONDS)
        for world_id in worlds.open_ids():
            try:
                make_due(worlds, world_id)
            except (UnknownWorld, DamagedWorld, SQLAlchemyError) as error:
                log.warning("recurring invoices put off", world=world_id, reason=str(error))
