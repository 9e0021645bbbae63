"""Applying credit notes to invoices and taking them off again (invoice-api.md §7.3)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from mock_invoice.access import base_currency, current_organization
from mock_invoice.credit_notes.model import CreditApplication, CreditNote
from mock_invoice.database import db
from mock_invoice.errors import PaymentRefused, StatusRefused
from mock_invoice.invoices.model import Invoice
from mock_invoice.invoices.settling import invoice_to_settle, settle, unsettle
from simulator import clock, ids


def apply_credit(credit_note: CreditNote, given: Iterable[dict[str, Any]]) -> list[CreditApplication]:
    """Applies parts of a credit note to invoices.

    Raises:
        StatusRefused: the credit note is not open.
        NotFound, PaymentRefused: as `invoice_to_settle` says, or more than is left of the credit note.
    """
    made = []
    for entry in given:
        if not entry.get("amount_applied"):
            continue
        if credit_note.status() != "open":
            raise StatusRefused(f"Credit note {credit_note.number} is {credit_note.status()}; it cannot be applied.")
        invoice, amount = invoice_to_settle(entry, credit_note)
        if amount > credit_note.balance:
            raise PaymentRefused(f"The amount applied is more than the balance of credit note {credit_note.number}.")
        application = CreditApplication(
            id=ids.new_id(), invoice_id=invoice.id, invoice=invoice, amount_applied=amount,
            date=clock.today(current_organization().time_zone),
        )  # fmt: skip
        credit_note.applications.append(application)
        credit_note.credits_used += amount
        _settle(credit_note)
        settle(invoice, credited=amount)
        made.append(application)
    return made


def take_off_credit(application: CreditApplication) -> None:
    """Gives one application back: the invoice owes it again, the credit note has it again."""
    credit_note, invoice = application.credit_note, application.invoice
    credit_note.applications.remove(application)
    credit_note.credits_used -= application.amount_applied
    _settle(credit_note)
    unsettle(invoice, credited=application.amount_applied)
    db.session.flush()


def _settle(credit_note: CreditNote) -> None:
    credit_note.settle(base_currency().price_precision)
    credit_note.touch()


def detach_credits(invoice: Invoice) -> None:
    for application in credits_of_invoice(invoice.id):
        take_off_credit(application)


def credits_of_invoice(invoice_id: int) -> list[CreditApplication]:
    statement = (
        select(CreditApplication)
        .where(CreditApplication.invoice_id == invoice_id)
        .options(joinedload(CreditApplication.credit_note), joinedload(CreditApplication.invoice))
    )
    return list(db.session.scalars(statement.order_by(CreditApplication.id)))


def has_credits(invoice_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(CreditApplication.invoice_id == invoice_id))))
