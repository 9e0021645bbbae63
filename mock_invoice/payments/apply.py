"""Applying payments to invoices and taking them off again (invoice-api.md §6.4, §7.2)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.documents.status import OPEN_INVOICES
from mock_invoice.errors import NotFound, PaymentRefused
from mock_invoice.find import find_or_none
from mock_invoice.invoices.model import Invoice
from mock_invoice.payments.model import Payment, PaymentApplication
from simulator import clock, ids

ZERO = Decimal(0)


def apply_payment(payment: Payment, given: Iterable[dict[str, Any]]) -> None:
    """Applies parts of a payment; what is left stays unused.

    Raises:
        NotFound: an unknown invoice.
        PaymentRefused: another customer's or currency's invoice, a void one, more than its balance, or more in sum
            than the payment.
    """
    for entry in given:
        amount = entry.get("amount_applied") or ZERO
        if amount == 0:
            continue
        invoice = find_or_none(Invoice, entry.get("invoice_id"))
        if invoice is None:
            raise NotFound("Invoice")
        _refuse_unfit(payment, invoice, amount)
        payment.applications.append(
            PaymentApplication(id=ids.new_id(), invoice_id=invoice.id, invoice=invoice, amount_applied=amount)
        )
        payment.unused_amount -= amount
        _pay(invoice, amount, payment)
    if payment.unused_amount < 0:
        raise PaymentRefused("The amounts applied to invoices are more than the payment.")


def _refuse_unfit(payment: Payment, invoice: Invoice, amount: Decimal) -> None:
    status = invoice.status(clock.today(current_organization().time_zone))
    if status not in (*OPEN_INVOICES, "draft"):
        raise PaymentRefused(f"Invoice {invoice.number} is {status}; no payment can be applied to it.")
    if invoice.customer_id != payment.customer_id:
        raise PaymentRefused(f"Invoice {invoice.number} is not this customer's.")
    if invoice.currency_id != payment.currency_id:
        raise PaymentRefused(f"Invoice {invoice.number} is in another currency than the payment.")
    if amount > invoice.balance:
        raise PaymentRefused(f"The amount applied is more than the balance of invoice {invoice.number}.")


def _pay(invoice: Invoice, amount: Decimal, payment: Payment) -> None:
    """A payment on a draft makes it a sent one. [MEM]"""
    if invoice.state == "draft":
        invoice.state = "sent"
        invoice.issued_date = invoice.date
    invoice.payment_made += amount
    invoice.last_payment_date = max(filter(None, (invoice.last_payment_date, payment.date)))
    invoice.settle(current_organization().currency.price_precision)
    invoice.touch()


def take_off(application: PaymentApplication) -> None:
    """Gives one application back: the invoice owes it again, the payment has it unused."""
    payment, invoice = application.payment, application.invoice
    payment.applications.remove(application)
    payment.unused_amount += application.amount_applied
    payment.touch()
    invoice.payment_made -= application.amount_applied
    db.session.flush()
    invoice.last_payment_date = db.session.scalar(
        select(func.max(Payment.date))
        .join(PaymentApplication, PaymentApplication.payment_id == Payment.id)
        .where(PaymentApplication.invoice_id == invoice.id)
    )
    invoice.settle(current_organization().currency.price_precision)
    invoice.touch()


def detach_payments(invoice: Invoice) -> None:
    for application in applications_of(invoice.id):
        take_off(application)


def applications_of(invoice_id: int) -> list[PaymentApplication]:
    statement = (
        select(PaymentApplication)
        .where(PaymentApplication.invoice_id == invoice_id)
        .options(joinedload(PaymentApplication.payment), joinedload(PaymentApplication.invoice))
    )
    return list(db.session.scalars(statement.order_by(PaymentApplication.id)))


def has_payments(invoice_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(PaymentApplication.invoice_id == invoice_id))))
