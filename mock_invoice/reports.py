"""Sums over all invoices. Ours: the vendor documents no report API (invoice-api.md §8.6).

Receivables are balances of invoices that were sent; invoiced is all but what is void (D2). All amounts are in the
organization's base currency.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, case, func, select

from mock_invoice.access import current_organization, needs
from mock_invoice.database import Units, db
from mock_invoice.envelope import success
from mock_invoice.invoices.model import Invoice
from mock_invoice.parsing import day_of
from simulator import clock
from simulator.money import from_units

bp = Blueprint("reports", __name__)

ZERO = Decimal(0)
#: Days overdue at which a bucket ends.
BUCKETS = (("days_1_30", 30), ("days_31_60", 60), ("days_61_90", 90))


@bp.get("/reports/receivables")
@needs("invoices.READ")
def show_receivables() -> Response:
    """Ours. `?date=` says as of which day the invoices are aged; today unless given."""
    organization = current_organization()
    text = request.args.get("date")
    on = day_of(text, "date") if text else clock.today(organization.time_zone)
    return success(
        date=on.isoformat(),
        currency_code=organization.currency.currency_code,
        receivables=receivables(on),
        invoiced=invoiced(),
    )


def receivables(on: date) -> dict[str, Any]:
    """What is owed, by how long it has been due."""
    conditions = _age_conditions(on)
    sums = [_sum(Invoice.bcy_balance, condition) for condition in conditions.values()]
    statement = select(func.sum(Invoice.bcy_balance, type_=Units), *sums).where(
        Invoice.organization_id == current_organization().id, Invoice.state == "sent"
    )
    row = db.session.execute(statement).one()
    return {name: from_units(units) for name, units in zip(("total", *conditions), row, strict=True)}


def _age_conditions(on: date) -> dict[str, ColumnElement[bool]]:
    conditions: dict[str, ColumnElement[bool]] = {"current": Invoice.due_date >= on}
    newest = on
    for name, days in BUCKETS:
        oldest = _days_before(on, days)
        conditions[name] = (Invoice.due_date < newest) & (Invoice.due_date >= oldest)
        newest = oldest
    conditions["days_over_90"] = Invoice.due_date < newest
    return conditions


def _days_before(on: date, days: int) -> date:
    return on - timedelta(days=min(days, on.toordinal() - 1))


def invoiced() -> dict[str, Any]:
    """What was invoiced, by what became of it: `sent` is sent and not paid in full."""
    is_paid = (Invoice.state == "sent") & (Invoice.balance <= ZERO)
    parts: dict[str, ColumnElement[bool]] = {
        "draft": Invoice.state == "draft",
        "sent": (Invoice.state == "sent") & (Invoice.balance > ZERO),
        "paid": is_paid,
        "void": Invoice.state == "void",
    }
    sums = [_sum(Invoice.bcy_total, condition) for condition in parts.values()]
    counts = [func.count(case((condition, 1))) for condition in parts.values()]
    statement = select(*sums, *counts).where(Invoice.organization_id == current_organization().id)
    row = tuple(db.session.execute(statement).one())
    amounts = {name: from_units(units) for name, units in zip(parts, row[: len(parts)], strict=True)}
    numbers = {f"{name}_count": count for name, count in zip(parts, row[len(parts) :], strict=True)}
    return {
        "total": amounts["draft"] + amounts["sent"] + amounts["paid"],
        **amounts,
        "count": numbers["draft_count"] + numbers["sent_count"] + numbers["paid_count"],
        **numbers,
    }


def _sum(column: Any, condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, column)), type_=Units)
