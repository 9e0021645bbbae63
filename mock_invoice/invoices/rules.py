"""What holds for invoices: terms and due dates, what may be edited when, conversion (invoice-api.md §6.2, §6.4)."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select

from mock_invoice.access import current_organization
from mock_invoice.contacts.rules import terms_label
from mock_invoice.database import db
from mock_invoice.documents import compose
from mock_invoice.documents.numbering import check_free, number_for
from mock_invoice.documents.status import INVOICE_FROZEN, INVOICEABLE_ESTIMATES
from mock_invoice.errors import AmountRefused, InUse, InvalidValue, StatusRefused
from mock_invoice.estimates.model import Estimate
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.payments.apply import detach_payments, has_payments
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from simulator import clock

THING = "Invoice"
MODULE = "invoices"
#: What a conversion carries over from the estimate unless the body says otherwise (L6).
CARRIED = ("zcrm_potential_id", "zcrm_potential_name", "crm_owner_id", "reference_number", "salesperson_name")


def today() -> date:
    return clock.today(current_organization().time_zone)


def create_invoice(body: dict[str, Any], *, own_number: bool = False, send: bool = False) -> tuple[Invoice, Shown]:
    """A new invoice from a loaded body; a draft unless it is to be sent at once."""
    estimate = _estimate_to_invoice(body)
    invoice = Invoice(
        payment_made=Decimal(0), credits_applied=Decimal(0), write_off_amount=Decimal(0), source="Api",
        issued_date=None, last_payment_date=None, estimate_id=estimate.id if estimate else None,
    )  # fmt: skip
    if estimate is not None:
        body = {**{key: getattr(estimate, key) for key in CARRIED}, **body}
    compose.begin(invoice, body)
    _take_terms(invoice, {"payment_terms": invoice.customer.payment_terms, **body})
    invoice.settle(compose.base_precision())
    invoice.number = number_for(Invoice, MODULE, body.get("invoice_number", ""), own_number)
    if send:
        invoice.move("sent", today())
    db.session.add(invoice)
    if estimate is not None:
        estimate.is_invoiced = True
        estimate.touch()
    db.session.flush()
    return invoice, first_values(invoice, "invoice", body.get("custom_fields"))


def _estimate_to_invoice(body: dict[str, Any]) -> Estimate | None:
    """The estimate that is converted by `invoiced_estimate_id` (§5.4)."""
    if not body.get("invoiced_estimate_id"):
        return None
    estimate = find(Estimate, body["invoiced_estimate_id"], "Quote")
    status = estimate.status(today())
    if status not in INVOICEABLE_ESTIMATES:
        raise StatusRefused(f"This quote cannot be converted to an invoice, as it is {status}.")
    if body.get("customer_id") not in (None, estimate.customer_id):
        raise InvalidValue("customer_id")
    body.setdefault("customer_id", estimate.customer_id)
    if not body.get("line_items"):
        body["line_items"] = _lines_of(estimate)
        for key in ("discount", "discount_type", "shipping_charge", "adjustment", "is_inclusive_tax"):
            body.setdefault(key, getattr(estimate, key))
    return estimate


def _lines_of(estimate: Estimate) -> list[dict[str, Any]]:
    keys = ("item_id", "name", "description", "unit", "rate", "quantity", "discount", "tax_id", "item_order")
    return [{key: getattr(line, key) for key in keys} for line in estimate.lines]


def _take_terms(invoice: Invoice, body: dict[str, Any]) -> None:
    """The due date is the date plus the terms, which are the contact's unless given (§6.2)."""
    if "payment_terms" in body:
        invoice.payment_terms = body["payment_terms"]
        customer = invoice.customer
        is_customers = body["payment_terms"] == customer.payment_terms
        label = customer.payment_terms_label if is_customers else terms_label(body["payment_terms"])
        invoice.payment_terms_label = body.get("payment_terms_label") or label
    elif body.get("payment_terms_label"):
        invoice.payment_terms_label = body["payment_terms_label"]
    if body.get("due_date"):
        invoice.due_date = body["due_date"]
    elif {"payment_terms", "date"} & body.keys():
        invoice.due_date = due_date(invoice.date, invoice.payment_terms)
    if invoice.due_date < invoice.date:
        raise InvalidValue("due_date")


def due_date(start: date, terms: int) -> date:
    """So many days later; −1 is the end of the month, −2 of the next, −3 of the one after. [MEM]"""
    if terms >= 0:
        try:
            return start + timedelta(days=terms)
        except OverflowError:
            raise InvalidValue("date") from None
    months = start.year * 12 + start.month - 1 + (-terms - 1)
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise InvalidValue("date")
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def update_invoice(invoice: Invoice, body: dict[str, Any]) -> None:
    """Changes what the body names, as far as the status allows it.

    Raises:
        StatusRefused: by the table of what is frozen when.
    """
    _refuse_frozen(invoice, body)
    before = invoice.total
    compose.change(invoice, body)
    _take_terms(invoice, body)
    if body.get("invoice_number") and body["invoice_number"] != invoice.number:
        invoice.number = check_free(Invoice, MODULE, body["invoice_number"], invoice.id)
    settled = invoice.payment_made + invoice.credits_applied + invoice.write_off_amount
    if invoice.total != before and invoice.total < settled:
        raise AmountRefused("The total cannot be less than what has been paid already.")
    invoice.settle(compose.base_precision())
    db.session.flush()
    save_values(invoice, "invoice", body.get("custom_fields"))


def _refuse_frozen(invoice: Invoice, body: dict[str, Any]) -> None:
    """A value that is sent and stays the same is no edit."""
    status = invoice.status(today())
    if status not in INVOICE_FROZEN:
        raise StatusRefused(f"A {status} invoice cannot be edited.")
    for key in INVOICE_FROZEN[status] & body.keys():
        if key == "line_items" or body[key] not in (None, getattr(invoice, key)):
            raise StatusRefused(f"{key} cannot be changed, as the invoice is {status.replace('_', ' ')}.")


def change_status(invoice: Invoice, action: str) -> None:
    """`sent`, `void` or `draft`. Voiding gives the payments back to the customer as his credit (§6.4)."""
    if invoice.move(action, today()) and action == "void":
        detach_payments(invoice)
        invoice.settle(compose.base_precision())


def delete_invoice(invoice: Invoice) -> None:
    """Deletes an invoice without payments; the estimate it was made from is open again. [DESIGN]

    Raises:
        InUse: payments are applied to it.
    """
    if has_payments(invoice.id):
        raise InUse("The invoice cannot be deleted, as payments are applied to it. Delete those first.")
    drop_values(invoice.id)
    estimate_id = invoice.estimate_id
    db.session.delete(invoice)
    db.session.flush()
    if estimate_id and not db.session.scalar(select(exists().where(Invoice.estimate_id == estimate_id))):
        estimate = find(Estimate, estimate_id)
        estimate.is_invoiced = False
        estimate.touch()
