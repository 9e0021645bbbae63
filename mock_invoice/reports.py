"""Sums over all invoices. Ours: the vendor documents no report API (invoice-api.md §8.6).

Receivables are balances of invoices that were sent; invoiced is all but what is void (D2). All amounts are in the
organization's base currency.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, case, func, select

from mock_invoice import sales_report
from mock_invoice.access import base_currency, current_organization, needs
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.sums import amounts, credits_of
from mock_invoice.database import Units, db
from mock_invoice.envelope import success
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import AS_OF, OF_CUSTOMER, PAGED
from mock_invoice.openapi.words import DAY, told
from mock_invoice.parsing import day_of
from simulator import clock
from simulator.money import from_units
from simulator.openapi import documented
from simulator.shapes import WORDS, array_of

bp = Blueprint("reports", __name__)

ZERO = Decimal(0)
#: Days overdue at which a bucket ends.
BUCKETS = (("days_1_30", 30), ("days_31_60", 60), ("days_61_90", 90))


@bp.get("/reports/receivables")
@documented(
    AS_OF, OF_CUSTOMER, _200=told(date=DAY, currency_code=WORDS, receivables="Receivables", invoiced="Invoiced")
)
@needs("invoices.READ")
def show_receivables() -> Response:
    """Ours. `?date=` says as of which day the invoices are aged, today unless given; `?customer_id=` whose they are."""
    on = _day()
    whose = _whose()
    return success(
        date=on.isoformat(),
        currency_code=base_currency().currency_code,
        receivables=receivables(on, *whose),
        invoiced=invoiced(*whose),
    )


@bp.get("/reports/customers")
@documented(
    AS_OF,
    OF_CUSTOMER,
    *PAGED,
    _200=told(date=DAY, currency_code=WORDS, customers=array_of("CustomerSums"), page_context="PageContext"),
)
@needs("invoices.READ")
def show_customers() -> Response:
    """Ours: what each customer was invoiced, owes by age, and has in credits; who owes most comes first."""
    on = _day()
    page, per_page = paging()
    rows = _by_customer(on, per_page + 1, (page - 1) * per_page)
    context = {"page": page, "per_page": per_page, "has_more_page": len(rows) > per_page}
    return success(
        date=on.isoformat(),
        currency_code=base_currency().currency_code,
        customers=_shown(rows[:per_page], on),
        page_context={**context, "sort_column": "outstanding", "sort_order": "D"},
    )


@bp.get("/reports/sales")
@documented(
    AS_OF,
    _200=told(
        date=DAY, currency_code=WORDS, months=array_of("SalesOfMonth"), conversion=array_of("QuotesThatWentSoFar")
    ),
)
@needs("invoices.READ")
def show_sales() -> Response:
    """Ours: twelve months of what was invoiced, paid and is overdue, and how far quotes went on the way to cash."""
    on = _day()
    return success(
        date=on.isoformat(),
        currency_code=base_currency().currency_code,
        months=sales_report.months(on),
        conversion=sales_report.conversion(),
    )


def _day() -> date:
    text = request.args.get("date")
    return day_of(text, "date") if text else clock.today(current_organization().time_zone)


def _whose() -> list[ColumnElement[bool]]:
    customer = _customer()
    return [Invoice.customer_id == customer.id] if customer else []


def _customer() -> Contact | None:
    customer_id = request.args.get("customer_id")
    return find(Contact, customer_id, "Customer") if customer_id else None


def _by_customer(on: date, limit: int, offset: int) -> list[Any]:
    """Raw sums, as databases give them: the total, the ages, then all that was invoiced and not voided."""
    is_owed = Invoice.state == "sent"
    outstanding = func.coalesce(_sum(Invoice.bcy_balance, is_owed), 0)
    ages = [_sum(Invoice.bcy_balance, is_owed & condition) for condition in _age_conditions(on).values()]
    statement = (
        select(
            Contact.id, Contact.contact_name, Contact.currency_id, outstanding, *ages,
            _sum(Invoice.bcy_total, Invoice.state != "void"), func.count(case((Invoice.state != "void", 1))),
        )
        .outerjoin(Invoice, Invoice.customer_id == Contact.id)
        .where(Contact.organization_id == current_organization().id, Contact.contact_type == "customer")
        .group_by(Contact.id, Contact.contact_name, Contact.currency_id)
        .order_by(outstanding.desc(), Contact.contact_name, Contact.id)
    )  # fmt: skip
    if customer := _customer():
        statement = statement.where(Contact.id == customer.id)
    return list(db.session.execute(statement.limit(limit).offset(offset)))


def _shown(rows: list[Any], on: date) -> list[dict[str, Any]]:
    unused, names = credits_of([row[0] for row in rows]), ("outstanding", *_age_conditions(on))
    shown = []
    for customer_id, customer_name, currency_id, *sums, total, count in rows:
        ages = {name: from_units(units) for name, units in zip(names, sums, strict=True)}
        shown.append(
            {
                "customer_id": str(customer_id),
                "customer_name": customer_name,
                "invoiced": from_units(total),
                "invoice_count": count,
                **ages,
                "overdue": ages["outstanding"] - ages["current"],
                "unused_credits": amounts(unused.get(customer_id, {}), currency_id)[1],
            }
        )
    return shown


def receivables(on: date, *whose: ColumnElement[bool]) -> dict[str, Any]:
    """What is owed, by how long it has been due."""
    conditions = _age_conditions(on)
    sums = [_sum(Invoice.bcy_balance, condition) for condition in conditions.values()]
    statement = select(func.sum(Invoice.bcy_balance, type_=Units), *sums).where(
        Invoice.organization_id == current_organization().id, Invoice.state == "sent", *whose
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


def invoiced(*whose: ColumnElement[bool]) -> dict[str, Any]:
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
    statement = select(*sums, *counts).where(Invoice.organization_id == current_organization().id, *whose)
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
