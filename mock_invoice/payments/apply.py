"""Applying payments to invoices and taking them off again (invoice-api.md §6.4, §7.2)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from mock_invoice.database import db
from mock_invoice.errors import PaymentRefused
from mock_invoice.invoices.model import Invoice
from mock_invoice.invoices.settling import invoice_to_settle, settle, unsettle
from mock_invoice.payments.model import Payment, PaymentApplication
from simulator import ids


def apply_payment(payment: Payment, given: Iterable[dict[str, Any]]) -> list[PaymentApplication]:
    """Applies parts of a payment; what is left stays unused.

    Raises:
        NotFound, PaymentRefused: as `invoice_to_settle` says, or more in sum than the payment.
    """
    made = []
    for entry in given:
        if not entry.get("amount_applied"):
            continue
        invoice, amount = invoice_to_settle(entry, payment)
        application = PaymentApplication(id=ids.new_id(), invoice_id=invoice.id, invoice=invoice, amount_applied=amount)
        payment.applications.append(application)
        made.append(application)
        payment.unused_amount -= amount
        settle(invoice, paid=amount)
        invoice.last_payment_date = max(filter(None, (invoice.last_payment_date, payment.date)))
    if payment.unused_amount < 0:
        raise PaymentRefused("The amounts applied to invoices and refunded are more than the payment.")
    return made


def take_off(application: PaymentApplication) -> None:
    """Gives one application back: the invoice owes it again, the payment has it unused."""
    payment, invoice = application.payment, application.invoice
    payment.applications.remove(application)
    payment.unused_amount += application.amount_applied
    payment.touch()
    unsettle(invoice, paid=application.amount_applied)
    note_last_payment(invoice)


def note_last_payment(invoice: Invoice) -> None:
    """The date of the last payment that an invoice has, by what the database has now."""
    db.session.flush()
    invoice.last_payment_date = db.session.scalar(
        select(func.max(Payment.date))
        .join(PaymentApplication, PaymentApplication.payment_id == Payment.id)
        .where(PaymentApplication.invoice_id == invoice.id)
    )


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
