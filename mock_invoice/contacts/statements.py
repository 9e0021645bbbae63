"""A customer's statement of account: what was invoiced and what came in within some days (invoice-api.md §3.1).

It is kept in the customer's own currency; transactions in others do not stand on it. [DESIGN]
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select

from mock_invoice import state
from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import Units, db
from mock_invoice.errors import InvalidValue
from mock_invoice.invoices.model import Invoice
from mock_invoice.parsing import day_of
from mock_invoice.payments.model import Payment
from mock_invoice.payments.refunds import Refund
from simulator import clock
from simulator.money import from_units

ZERO = Decimal(0)
CURRENCY: Any = bindparam("currency_id")


@dataclass(frozen=True)
class Entry:
    """One line: what it adds to what the customer owes, or takes from it."""

    day: date
    transaction_type: str
    transaction_id: int
    number: str
    amount: Decimal
    is_owed: bool


@dataclass(frozen=True)
class Source:
    """A kind of transaction that stands on statements."""

    transaction_type: str
    table: Any
    amount: Any
    is_owed: bool
    currency: ColumnElement[bool]
    number: Any
    condition: ColumnElement[bool] | None = None


def _in_currency(table: Any) -> ColumnElement[bool]:
    return table.currency_id == CURRENCY  # type: ignore[no-any-return]


def _refunded_in_currency() -> ColumnElement[bool]:
    """A refund is in the currency of what it is of."""
    return or_(
        *(
            exists().where(table.id == Refund.source_id, table.currency_id == CURRENCY)
            for table in (Payment, CreditNote)
        )
    )


SOURCES = (
    Source("invoice", Invoice, Invoice.total, True, _in_currency(Invoice), Invoice.number, Invoice.state == "sent"),
    Source(
        "write_off", Invoice, Invoice.write_off_amount, False, _in_currency(Invoice), Invoice.number,
        Invoice.state == "sent",
    ),
    Source("customer_payment", Payment, Payment.amount, False, _in_currency(Payment), Payment.number),
    Source(
        "creditnote", CreditNote, CreditNote.total, False, _in_currency(CreditNote), CreditNote.number,
        CreditNote.state == "open",
    ),
    Source("refund", Refund, Refund.amount, True, _refunded_in_currency(), Refund.reference_number),
)  # fmt: skip


def period(start: str | None, end: str | None) -> tuple[date, date]:
    """The days that are asked for; this month up to today unless given.

    Raises:
        InvalidValue: no dates, or an end before the start.
    """
    today = clock.today(current_organization().time_zone)
    last = day_of(end, "end_date") if end else today
    first = day_of(start, "start_date") if start else last.replace(day=1)
    if first > last:
        raise InvalidValue("end_date")
    return first, last


def statement(contact: Contact, first: date, last: date) -> dict[str, Any]:
    """The statement as JSON; ours, for the vendor only mails it."""
    currency = state.current().currencies[contact.currency_id]
    opening = sum((_before(contact, source, first) for source in SOURCES), ZERO)
    balance, rows = opening, []
    for entry in sorted(_entries(contact, first, last), key=lambda one: (one.day, not one.is_owed, one.transaction_id)):
        balance += entry.amount if entry.is_owed else -entry.amount
        rows.append(_row(entry, balance))
    return {
        "contact_id": str(contact.id),
        "contact_name": contact.contact_name,
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "currency_symbol": currency.currency_symbol,
        "price_precision": currency.price_precision,
        "opening_balance": opening,
        "invoiced_amount": sum((row["amount"] for row in rows), ZERO),
        "amount_received": sum((row["payment"] for row in rows), ZERO),
        "balance_due": balance,
        "transactions": rows,
    }


def _row(entry: Entry, balance: Decimal) -> dict[str, Any]:
    return {
        "date": entry.day.isoformat(),
        "transaction_type": entry.transaction_type,
        "transaction_id": str(entry.transaction_id),
        "transaction_number": entry.number,
        "amount": entry.amount if entry.is_owed else ZERO,
        "payment": ZERO if entry.is_owed else entry.amount,
        "balance": balance,
    }


def _wanted(contact: Contact, source: Source) -> list[ColumnElement[bool]]:
    table = source.table
    wanted = [table.customer_id == contact.id, source.currency, source.amount > ZERO]
    return wanted if source.condition is None else [*wanted, source.condition]


def _before(contact: Contact, source: Source, first: date) -> Decimal:
    total = select(func.sum(source.amount, type_=Units)).where(*_wanted(contact, source), source.table.date < first)
    amount = from_units(db.session.scalar(total, {"currency_id": contact.currency_id}))
    return amount if source.is_owed else -amount


def _entries(contact: Contact, first: date, last: date) -> Iterator[Entry]:
    for source in SOURCES:
        table = source.table
        rows = select(table.date, table.id, source.number, source.amount).where(
            *_wanted(contact, source), table.date >= first, table.date <= last
        )
        for day, record_id, number, amount in db.session.execute(rows, {"currency_id": contact.currency_id}):
            yield Entry(day, source.transaction_type, record_id, number, amount, source.is_owed)
