"""When documents fall overdue or expire, and when recurring ones make an invoice.

Only the last is written, where the clock halts (`recurring_invoices.making`); the others are derived on read, but a
person waits for them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from mock_invoice.database import db
from mock_invoice.estimates.model import Estimate
from mock_invoice.invoices.model import Invoice
from mock_invoice.recurring_invoices.model import RecurringInvoice
from mock_invoice.settings.organization_model import Organization
from simulator import clock
from simulator.due import Due


def due_events(until: datetime) -> Iterator[Due]:
    """One event a day and kind: the statuses change together when the organization's next day begins."""
    for organization in db.session.execute(select(Organization)).scalars():
        zone = ZoneInfo(organization.time_zone)
        first, end = clock.today(organization.time_zone), until.astimezone(zone).date()
        unpaid = (Invoice.balance > Decimal(0), Invoice.payment_made + Invoice.credits_applied <= Decimal(0))
        kinds = (
            ("invoice_due", "Invoice", "falls overdue", "fall overdue", Invoice, Invoice.due_date, unpaid),
            ("estimate_expiry", "Estimate", "expires", "expire", Estimate, Estimate.expiry_date, (
                Estimate.is_invoiced.is_(False),
            )),
        )  # fmt: skip
        for kind, noun, one, many, model, day, still_open in kinds:
            wanted = (model.organization_id == organization.id, model.state == "sent", *still_open)
            for last_day, count, number in _by_day(model, day, wanted, first, end):
                what = f"{noun} {number} {one}" if count == 1 else f"{count} {noun.lower()}s {many}"
                yield Due(_day_after(last_day, zone), kind, what, stops=False, count=count)
        yield from _recurring(organization.id, zone, end)


def _recurring(organization_id: int, zone: ZoneInfo, end: date) -> Iterator[Due]:
    """The next day of each; the one after it is known when its invoice is made."""
    day = RecurringInvoice.next_invoice_date
    wanted = (RecurringInvoice.organization_id == organization_id, RecurringInvoice.state == "active", day <= end)
    for next_day, name in db.session.execute(select(day, RecurringInvoice.number).where(*wanted).order_by(day)).all():
        assert next_day is not None
        yield Due(_start_of(next_day, zone), "recurring_invoice", f"Recurring invoice {name} makes its next invoice")


def _by_day(model: Any, day: Any, wanted: tuple[Any, ...], first: date, end: date) -> list[Any]:
    """The last good days of documents with how many there are and one of their numbers."""
    statement = select(day, func.count(), func.min(model.number)).where(*wanted, day >= first, day < end).group_by(day)
    return list(db.session.execute(statement.order_by(day)).all())


def _day_after(day: date, zone: ZoneInfo) -> datetime:
    return _start_of(day + timedelta(days=1), zone)


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
