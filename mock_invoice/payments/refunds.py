"""Money given back to a customer, of a payment's unused part or of a credit note (invoice-api.md §7.2, §7.3)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, String, Text, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import base_currency, current_organization
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import Key, Record, db
from mock_invoice.documents import history
from mock_invoice.envelope import day_text
from mock_invoice.errors import InvalidValue, MissingValue, NotFound, PaymentRefused, StatusRefused
from mock_invoice.fields import Amount, BodySchema, Choice, Day, OptionalAmount
from mock_invoice.fields import Text as TextField
from mock_invoice.find import find, find_or_none
from mock_invoice.payments.model import Payment
from mock_invoice.payments.schema import MODES
from mock_invoice.settings.currency_model import Currency
from simulator import clock
from simulator.money import Money, round_to

ZERO = Decimal(0)
Source = Payment | CreditNote


class Refund(Record):
    """Money that went back."""

    __table_args__ = (Index("ix_refund_source", "source_id"), Index("ix_refund_customer", "customer_id"))

    #: The payment or credit note it is of; ids are unique over all kinds.
    source_id: Mapped[int] = mapped_column(Key)
    customer_id: Mapped[int] = mapped_column(Key)
    date: Mapped[dt.date]
    refund_mode: Mapped[str] = mapped_column(String(30))
    amount: Mapped[Decimal] = mapped_column(Money)
    exchange_rate: Mapped[Decimal] = mapped_column(Money)
    reference_number: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")


class RefundSchema(BodySchema):
    date = Day()
    refund_mode = Choice(MODES)
    amount = Amount()
    exchange_rate = OptionalAmount(most=1_000_000)
    reference_number = TextField(100)
    description = TextField(5000)


REFUND = RefundSchema()


def create_refund(source: Source, body: dict[str, Any]) -> Refund:
    """Gives money back.

    Raises:
        MissingValue: no amount.
        StatusRefused: the credit note is not open.
        PaymentRefused: more than is left of the payment or credit note.
    """
    if isinstance(source, CreditNote) and source.status() != "open":
        raise StatusRefused(f"Credit note {source.number} is {source.status()}; it cannot be refunded.")
    if "amount" not in body:
        raise MissingValue("amount")
    refund = Refund(
        source_id=source.id, customer_id=source.customer_id, refund_mode="cash", amount=ZERO,
        exchange_rate=source.exchange_rate, reference_number="", description="",
    )  # fmt: skip
    refund.begin(current_organization().id)
    refund.date = clock.today(current_organization().time_zone)
    _take(source, refund, body)
    db.session.add(refund)
    history.note(source, _entity(source), "updated", f"Refund of {refund.amount:f} made")
    db.session.flush()
    return refund


def update_refund(source: Source, refund: Refund, body: dict[str, Any]) -> None:
    _take(source, refund, body)
    refund.touch()
    db.session.flush()


def delete_refund(source: Source, refund: Refund) -> None:
    _give(source, -refund.amount)
    history.note(source, _entity(source), "updated", f"Refund of {refund.amount:f} deleted")
    db.session.delete(refund)
    db.session.flush()


def _take(source: Source, refund: Refund, body: dict[str, Any]) -> None:
    if "amount" in body:
        amount = round_to(body["amount"], find(Currency, source.currency_id).price_precision)
        if amount <= 0:
            raise InvalidValue("amount")
        _give(source, amount - refund.amount)
        refund.amount = amount
    if (rate := body.get("exchange_rate")) is not None:
        if rate <= 0:
            raise InvalidValue("exchange_rate")
        refund.exchange_rate = rate
    refund.date = body.get("date") or refund.date
    refund.refund_mode = body.get("refund_mode") or refund.refund_mode
    for key in ("reference_number", "description"):
        if key in body:
            setattr(refund, key, body[key])


def _give(source: Source, amount: Decimal) -> None:
    """Takes money out of a payment's unused part or a credit note; puts it back where it is negative."""
    left = source.unused_amount if isinstance(source, Payment) else source.balance
    if amount > left:
        raise PaymentRefused(f"The refund is more than what is left of {source.number}.")
    if isinstance(source, Payment):
        source.unused_amount -= amount
    else:
        source.refunded += amount
        source.settle(base_currency().price_precision)
    source.touch()


def _entity(source: Source) -> str:
    return "customer_payment" if isinstance(source, Payment) else "creditnote"


def refunds_of(source_id: int) -> list[Refund]:
    return list(db.session.scalars(select(Refund).where(Refund.source_id == source_id).order_by(Refund.id)))


def refunded_of(payment: Payment) -> Decimal:
    return sum((one.amount for one in refunds_of(payment.id)), ZERO)


def has_refunds(source_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Refund.source_id == source_id))))


def find_refund(source: Source, refund_id: str) -> Refund:
    refund = find_or_none(Refund, refund_id)
    if refund is None or refund.source_id != source.id:
        raise NotFound("Refund")
    return refund


def shown_refund(source: Source, refund: Refund) -> dict[str, Any]:
    """A refund under the keys of its kind."""
    places = base_currency().price_precision
    in_base = round_to(refund.amount * refund.exchange_rate, places)
    shared = {
        "date": day_text(refund.date),
        "refund_mode": refund.refund_mode,
        "reference_number": refund.reference_number,
        "description": refund.description,
        "amount": refund.amount,
        "amount_bcy": in_base,
        "amount_fcy": refund.amount,
        "exchange_rate": refund.exchange_rate,
        "customer_id": str(source.customer_id),
        "customer_name": source.customer.contact_name,
        "from_account_id": "",
        "from_account_name": "",
    }
    if isinstance(source, Payment):
        return {"payment_refund_id": str(refund.id), "payment_id": str(source.id), **shared}
    return {
        "creditnote_refund_id": str(refund.id),
        "creditnote_id": str(source.id),
        "creditnote_number": source.number,
        **shared,
    }
