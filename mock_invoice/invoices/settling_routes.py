"""The doors of what settles an invoice: its payments, credits applied to it, and applying more (§6.1)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_invoice.access import needs
from mock_invoice.credit_notes.apply import apply_credit, credits_of_invoice, take_off_credit
from mock_invoice.credit_notes.model import CreditApplication, CreditNote
from mock_invoice.database import db
from mock_invoice.envelope import day_text, success
from mock_invoice.errors import InvalidValue, MissingValue, NotAvailable, NotFound
from mock_invoice.fields import Amount, BodySchema, Id, Many
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.invoices.render import shown_credits
from mock_invoice.invoices.rules import THING
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.payments.apply import applications_of, apply_payment, take_off
from mock_invoice.payments.model import Payment, PaymentApplication
from simulator.openapi import documented, no_part
from simulator.shapes import array_of

bp = Blueprint("invoice_settling", __name__)


class PaymentPartSchema(BodySchema):
    payment_id = Id()
    amount_applied = Amount()


class CreditPartSchema(BodySchema):
    creditnote_id = Id()
    amount_applied = Amount()


class CreditsSchema(BodySchema):
    invoice_payments = Many(PaymentPartSchema)
    apply_creditnotes = Many(CreditPartSchema)


CREDITS = CreditsSchema()


@bp.get("/share/paymentlink")
@no_part
@needs("invoices.READ")
def share_payment_link() -> Response:
    """No organization here has a payment gateway, so there is no page a link could lead to. [DESIGN]"""
    if request.args.get("transaction_type", "invoice") != "invoice":
        raise InvalidValue("transaction_type")
    if not request.args.get("transaction_id"):
        raise MissingValue("transaction_id")
    find(Invoice, request.args["transaction_id"], THING)
    raise NotAvailable("A payment link cannot be made, as no payment gateway is set up.")


@bp.get("/invoices/<invoice_id>/payments")
@documented(_200=told(payments=array_of("InvoicePayment")))
@needs("invoices.READ")
def list_payments(invoice_id: str) -> Response:
    invoice = find(Invoice, invoice_id, THING)
    return success(payments=[_shown(one) for one in applications_of(invoice.id)])


def _shown(application: PaymentApplication) -> dict[str, Any]:
    payment = application.payment
    return {
        "payment_id": str(payment.id),
        "payment_number": payment.number,
        "invoice_id": str(application.invoice_id),
        "invoice_payment_id": str(application.id),
        "payment_mode": payment.payment_mode,
        "description": payment.description,
        "date": day_text(payment.date),
        "reference_number": payment.reference_number,
        "exchange_rate": payment.exchange_rate,
        "amount": application.amount_applied,
        "tax_amount_withheld": 0,
        "online_transaction_id": "",
        "is_single_invoice_payment": application.amount_applied == payment.amount,
    }


@bp.delete("/invoices/<invoice_id>/payments/<invoice_payment_id>")
@documented(_200=DONE)
@needs("invoices.DELETE")
def remove_payment(invoice_id: str, invoice_payment_id: str) -> Response:
    """Takes the payment off this invoice; the money stays as the customer's credit. [DESIGN]"""
    invoice = find(Invoice, invoice_id, THING)
    for application in applications_of(invoice.id):
        if str(application.id) == invoice_payment_id:
            take_off(application)
            return success("The payment has been deleted.")
    raise NotFound("Payment")


@bp.get("/invoices/<invoice_id>/creditsapplied")
@documented(_200=told(credits=array_of("AppliedCredit")))
@needs("invoices.READ")
def list_credits(invoice_id: str) -> Response:
    return success(credits=shown_credits(find(Invoice, invoice_id, THING)))


@bp.post("/invoices/<invoice_id>/credits")
@documented(body=sent(CREDITS), _200=told(use_credits="UsedCredits"))
@needs("invoices.CREATE")
def apply_credits(invoice_id: str) -> Response:
    """Applies unused money of payments, and credit notes."""
    invoice, body = find(Invoice, invoice_id, THING), CREDITS.load(json_body())
    payments, notes = body.get("invoice_payments") or [], body.get("apply_creditnotes") or []
    if not payments and not notes:
        raise MissingValue("apply_creditnotes")
    paid: list[PaymentApplication] = []
    for entry in payments:
        payment = find(Payment, entry.get("payment_id"), "Payment")
        paid += apply_payment(payment, [{**entry, "invoice_id": invoice.id}])
        payment.touch()
    credited: list[CreditApplication] = []
    for entry in notes:
        note = find(CreditNote, entry.get("creditnote_id"), "Credit note")
        credited += apply_credit(note, [{**entry, "invoice_id": invoice.id}])
    db.session.flush()
    return success("Credits have been applied to the invoice(s).", use_credits=_used(paid, credited))


def _used(paid: list[PaymentApplication], credited: list[CreditApplication]) -> dict[str, Any]:
    """What was applied, with the ids by which it is taken off again (§13: keys that old clients index)."""
    return {
        "invoice_payments": [
            {
                "invoice_payment_id": str(one.id),
                "payment_id": str(one.payment_id),
                "invoice_id": str(one.invoice_id),
                "amount_applied": one.amount_applied,
                "amount_used": one.amount_applied,
            }
            for one in paid
        ],
        "apply_creditnotes": [
            {
                "creditnotes_invoice_id": str(one.id),
                "creditnote_id": str(one.credit_note_id),
                "invoice_id": str(one.invoice_id),
                "amount_applied": one.amount_applied,
            }
            for one in credited
        ],
    }


@bp.delete("/invoices/<invoice_id>/creditsapplied/<application_id>")
@documented(_200=DONE)
@needs("invoices.DELETE")
def remove_credit(invoice_id: str, application_id: str) -> Response:
    invoice = find(Invoice, invoice_id, THING)
    for application in credits_of_invoice(invoice.id):
        if str(application.id) == application_id:
            take_off_credit(application)
            return success("Credits applied to an invoice have been deleted.")
    raise NotFound("Credit")
