"""Sales over time and from quote to cash (requirement D2), counted by the database in the base currency."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, extract, func, select

from mock_invoice.access import base_currency, current_organization
from mock_invoice.database import Units, db
from mock_invoice.estimates.model import Estimate
from mock_invoice.estimates.reached import REACHED
from mock_invoice.invoices.model import Invoice
from mock_invoice.payments.model import Payment
from simulator.money import from_units, round_to

Month = tuple[int, int]

MONTHS = 12


def months(on: date) -> list[dict[str, Any]]:
    """Twelve months up to the day's: invoiced and paid in each, and what fell due in it and is overdue still."""
    shown = _months_up_to(on)
    first = date(*shown[0], 1)
    is_overdue = (Invoice.state == "sent") & (Invoice.due_date < on)
    invoiced = _by_month(Invoice.date, Invoice.bcy_total, first, Invoice.state != "void")
    overdue = _by_month(Invoice.due_date, Invoice.bcy_balance, first, is_overdue)
    paid = _paid(first)
    return [
        {
            "month": f"{year:04}-{number:02}",
            "invoiced": invoiced[year, number],
            "paid": paid[year, number],
            "overdue": overdue[year, number],
        }
        for year, number in shown
    ]


def _months_up_to(on: date) -> list[Month]:
    last = on.year * 12 + on.month - 1
    return [(number // 12, number % 12 + 1) for number in range(max(last - MONTHS + 1, 12), last + 1)]


def _by_month(day: Any, amount: Any, first: date, condition: ColumnElement[bool]) -> defaultdict[Month, Decimal]:
    columns = extract("year", day), extract("month", day)
    statement = (
        select(*columns, func.sum(amount, type_=Units))
        .where(Invoice.organization_id == current_organization().id, day >= first, condition)
        .group_by(*columns)
    )
    found: defaultdict[Month, Decimal] = defaultdict(Decimal)
    for year, month, units in db.session.execute(statement):
        found[int(year), int(month)] = from_units(units)
    return found


def _paid(first: date) -> defaultdict[Month, Decimal]:
    """Payments by their day, each at its own rate."""
    columns = extract("year", Payment.date), extract("month", Payment.date), Payment.exchange_rate
    statement = (
        select(*columns, func.sum(Payment.amount, type_=Units))
        .where(Payment.organization_id == current_organization().id, Payment.date >= first)
        .group_by(*columns)
    )
    precision = base_currency().price_precision
    found: defaultdict[Month, Decimal] = defaultdict(Decimal)
    rows: list[Any] = list(db.session.execute(statement))
    for year, month, rate, units in rows:
        found[int(year), int(month)] += round_to(from_units(units) * rate, precision)
    return found


def conversion() -> list[dict[str, Any]]:
    """How many quotes went how far, and what they came to: sent, accepted, invoiced, paid in full."""
    counts = [func.count(case((reached, 1))) for reached in REACHED.values()]
    sums = [func.sum(case((reached, Estimate.bcy_total)), type_=Units) for reached in REACHED.values()]
    statement = select(*counts, *sums).where(Estimate.organization_id == current_organization().id)
    row = tuple(db.session.execute(statement).one())
    reached = zip(REACHED, row[: len(REACHED)], row[len(REACHED) :], strict=True)
    return [{"step": step, "count": count, "total": from_units(units)} for step, count, units in reached]
