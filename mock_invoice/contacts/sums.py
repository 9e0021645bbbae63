"""What customers owe, and what they have to their credit (invoice-api.md §3.4, §6.4)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, union_all

from mock_invoice.access import base_currency
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import AboutRecords, Among
from mock_invoice.invoices.model import Invoice
from mock_invoice.payments.model import Payment
from simulator.money import round_to

ZERO = Decimal(0)
#: Sums of one customer by currency: in that currency, and in the base currency.
SumsByCurrency = dict[int, tuple[Decimal, Decimal]]


def _owed(among: Among) -> Any:
    """Only invoices that were sent and not voided count."""
    owed, owed_in_base = func.sum(Invoice.balance).label("amount"), func.sum(Invoice.bcy_balance).label("in_base")
    return (
        select(Invoice.customer_id, Invoice.currency_id, owed, owed_in_base)
        .where(among(Invoice.customer_id), Invoice.state == "sent")
        .group_by(Invoice.customer_id, Invoice.currency_id)
    )


def _unused(among: Among) -> Any:
    return union_all(
        select(Payment.customer_id, Payment.currency_id, Payment.unused_amount, Payment.exchange_rate).where(
            among(Payment.customer_id), Payment.unused_amount > ZERO
        ),
        select(CreditNote.customer_id, CreditNote.currency_id, CreditNote.balance, CreditNote.exchange_rate).where(
            among(CreditNote.customer_id), CreditNote.state == "open", CreditNote.balance > ZERO
        ),
    )


_OWED, _UNUSED = AboutRecords(_owed), AboutRecords(_unused)


def owed_rows(contact_ids: Iterable[int]) -> tuple[Any, ...]:
    return tuple(_OWED.rows(contact_ids))


def unused_rows(contact_ids: Iterable[int]) -> tuple[Any, ...]:
    return tuple(_UNUSED.rows(contact_ids))


def receivables(rows: Iterable[Any]) -> dict[int, SumsByCurrency]:
    """What each customer owes, of `owed_rows`."""
    found: dict[int, SumsByCurrency] = {}
    for customer_id, currency_id, balance, in_base in rows:
        found.setdefault(customer_id, {})[currency_id] = (balance, in_base)
    return found


def credits_left(rows: Iterable[Any]) -> dict[int, SumsByCurrency]:
    """What each customer paid beyond his invoices, and what is left of his open credit notes, of `unused_rows`."""
    found: dict[int, SumsByCurrency] = {}
    for customer_id, currency_id, amount, rate in rows:
        before, before_base = found.setdefault(customer_id, {}).get(currency_id, (ZERO, ZERO))
        in_base = round_to(amount * rate, base_currency().price_precision)
        found[customer_id][currency_id] = (before + amount, before_base + in_base)
    return found


def receivables_of(contact_ids: Iterable[int]) -> dict[int, SumsByCurrency]:
    return receivables(owed_rows(contact_ids))


def credits_of(contact_ids: Iterable[int]) -> dict[int, SumsByCurrency]:
    return credits_left(unused_rows(contact_ids))


def amounts(sums: SumsByCurrency, currency_id: int) -> tuple[Decimal, Decimal]:
    """What the contact shows of sums by currency: those in its own, and all of them in the base currency."""
    return sums.get(currency_id, (ZERO, ZERO))[0], sum((in_base for _, in_base in sums.values()), ZERO)
