"""What holds for customer payments (invoice-api.md §7.2)."""

from decimal import Decimal
from typing import Any

from mock_invoice.access import current_organization, current_user
from mock_invoice.contacts.model import Contact
from mock_invoice.database import db
from mock_invoice.documents import history
from mock_invoice.documents.numbering import check_free, number_for
from mock_invoice.errors import InUse, InvalidValue, MissingValue, NotFound
from mock_invoice.find import find, find_or_none
from mock_invoice.payments.apply import apply_payment, note_last_payment, take_off
from mock_invoice.payments.model import Payment
from mock_invoice.payments.refunds import has_refunds, refunded_of
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from simulator import clock
from simulator.money import round_to

THING = "Payment"
MODULE = "customerpayments"
TEXT_KEYS = ("reference_number", "description", "bank_charges")


def create_payment(body: dict[str, Any]) -> tuple[Payment, Shown]:
    """Records a payment; without invoices it is an advance.

    Raises:
        MissingValue, NotFound, PaymentRefused: as §7.2 and `apply_payment` say.
    """
    organization = current_organization()
    for key in ("customer_id", "amount"):
        if body.get(key) is None:
            raise MissingValue(key)
    customer = find_or_none(Contact, body["customer_id"])
    if customer is None:
        raise NotFound("Customer")
    payment = Payment(
        customer_id=customer.id, customer=customer, currency_id=customer.currency_id, payment_mode="cash",
        reference_number="", description="", bank_charges=Decimal(0), created_by_id=current_user().id,
    )  # fmt: skip
    payment.begin(organization.id)
    payment.date = clock.today(organization.time_zone)
    payment.exchange_rate = find(Currency, customer.currency_id).exchange_rate
    payment.number = number_for(Payment, MODULE, "", False)
    _apply(payment, {"invoices": [], **body})
    db.session.add(payment)
    history.note(payment, "customer_payment", "added", f"Payment of {payment.amount:f} received")
    db.session.flush()
    return payment, first_values(payment, "customer_payment", body.get("custom_fields"))


def update_payment(payment: Payment, body: dict[str, Any]) -> None:
    """Changes what the body names; `invoices` replaces what the payment was applied to."""
    _apply(payment, body)
    if body.get("payment_number") and body["payment_number"] != payment.number:
        payment.number = check_free(Payment, MODULE, body["payment_number"], payment.id)
    payment.touch()
    for application in payment.applications:
        note_last_payment(application.invoice)
    history.note(payment, "customer_payment", "updated", f"Payment {payment.number} updated")
    db.session.flush()
    save_values(payment, "customer_payment", body.get("custom_fields"))


def _apply(payment: Payment, body: dict[str, Any]) -> None:
    if body.get("customer_id") not in (None, payment.customer_id):
        raise InvalidValue("customer_id")
    if "invoices" in body:
        release(payment)
    for key in TEXT_KEYS:
        if key in body:
            setattr(payment, key, body[key])
    payment.payment_mode = body.get("payment_mode") or payment.payment_mode
    payment.date = body.get("date") or payment.date
    is_base = payment.currency_id == current_organization().currency_id
    if (rate := body.get("exchange_rate")) is not None and not is_base:
        if rate <= 0:
            raise InvalidValue("exchange_rate")
        payment.exchange_rate = rate
    if "amount" in body:
        _take_amount(payment, body["amount"])
    apply_payment(payment, body.get("invoices", ()))


def _take_amount(payment: Payment, amount: Decimal) -> None:
    rounded = round_to(amount, find(Currency, payment.currency_id).price_precision)
    if rounded <= 0:
        raise InvalidValue("amount")
    applied = sum((one.amount_applied for one in payment.applications), Decimal(0))
    refunded = refunded_of(payment) if payment in db.session else Decimal(0)
    payment.amount, payment.unused_amount = rounded, rounded - applied - refunded


def release(payment: Payment) -> None:
    """Takes the payment off all its invoices."""
    for application in list(payment.applications):
        take_off(application)


def delete_payment(payment: Payment) -> None:
    """Deletes a payment; its invoices owe the money again.

    Raises:
        InUse: money of it was given back.
    """
    if has_refunds(payment.id):
        raise InUse("The payment cannot be deleted, as refunds were made of it. Delete those first.")
    release(payment)
    history.forget(payment)
    drop_values(payment.id)
    db.session.delete(payment)
