"""What holds for invoices: terms and due dates, what may be edited when, conversion (invoice-api.md §6.2, §6.4)."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mock_invoice.access import current_organization
from mock_invoice.contacts.rules import terms_label
from mock_invoice.credit_notes.apply import detach_credits, has_credits
from mock_invoice.database import db
from mock_invoice.documents import compose, history
from mock_invoice.documents.numbering import check_free, number_for
from mock_invoice.documents.status import INVOICE_FROZEN, INVOICEABLE_ORDERS, OPEN_INVOICES, refuse_frozen
from mock_invoice.errors import AmountRefused, InUse, InvalidValue, StatusRefused
from mock_invoice.estimates.conversion import CARRIED_SUMS, carry, estimate_to_convert, lines_of, reopen_estimate
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.payments.apply import detach_payments, has_payments
from mock_invoice.recurring_invoices.model import RecurringInvoice
from mock_invoice.sales_orders.invoiced import orders_of_lines, recount
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from simulator import clock

THING = "Invoice"
MODULE = "invoices"


def today() -> date:
    return clock.today(current_organization().time_zone)


def create_invoice(body: dict[str, Any], *, own_number: bool = False, send: bool = False) -> tuple[Invoice, Shown]:
    """A new invoice from a loaded body; a draft unless it is to be sent at once."""
    order = _order_to_invoice(body)
    estimate = None if order else _estimate_to_invoice(body)
    invoice = Invoice(
        payment_made=Decimal(0), credits_applied=Decimal(0), write_off_amount=Decimal(0), source="Api",
        issued_date=None, last_payment_date=None, estimate_id=estimate.id if estimate else None,
        salesorder_id=order.id if order else None,
    )  # fmt: skip
    if order is not None:
        invoice.estimate_id = order.estimate_id
    compose.begin(invoice, body)
    invoice.recurring_invoice_id = _recurring_of(invoice, body)
    _take_terms(invoice, {"payment_terms": invoice.customer.payment_terms, **body})
    invoice.settle(compose.base_precision())
    invoice.number = number_for(Invoice, MODULE, body.get("invoice_number", ""), own_number)
    if send:
        invoice.move("sent", today())
    db.session.add(invoice)
    history.note(invoice, "invoice", "added", f"Invoice {invoice.number} created")
    if estimate is not None:
        estimate.is_invoiced = True
        estimate.touch()
    db.session.flush()
    recount(_orders_of(invoice))
    return invoice, first_values(invoice, "invoice", body.get("custom_fields"))


def _recurring_of(invoice: Invoice, body: dict[str, Any]) -> int | None:
    """The recurring invoice that it is said to be of (§6.2); it has to be the same customer's. [DESIGN]"""
    if not body.get("recurring_invoice_id"):
        return None
    recurring = find(RecurringInvoice, body["recurring_invoice_id"], "Recurring invoice")
    if recurring.customer_id != invoice.customer_id:
        raise InvalidValue("recurring_invoice_id")
    return recurring.id


def _estimate_to_invoice(body: dict[str, Any]) -> Any:
    """The estimate that is converted by `invoiced_estimate_id` (§5.4)."""
    estimate = estimate_to_convert(body, "invoiced_estimate_id", "an invoice")
    if estimate is not None and not body.get("line_items"):
        body["line_items"] = lines_of(estimate)
        for key in CARRIED_SUMS:
            body.setdefault(key, getattr(estimate, key))
    return estimate


def _order_to_invoice(body: dict[str, Any]) -> SalesOrder | None:
    """The sales order that is invoiced; without lines in the body, all that is left of it.

    Raises:
        StatusRefused: a draft, void or wholly invoiced one.
    """
    if not body.get("salesorder_id"):
        return None
    order = find(SalesOrder, body["salesorder_id"], "Sales order")
    _refuse_uninvoiceable(order)
    carry(body, order)
    if not body.get("line_items"):
        body["line_items"] = _lines_left(order)
        for key in CARRIED_SUMS:
            # Amounts that are the whole order's are invoiced once, with its first invoice. [DESIGN]
            if not (order.invoiced_status and key in ("shipping_charge", "adjustment", "discount")):
                body.setdefault(key, getattr(order, key))
        if order.invoiced_status and order.discount.endswith("%"):
            body.setdefault("discount", order.discount)
    return order


def _refuse_uninvoiceable(order: SalesOrder) -> None:
    status = order.status(today())
    if status not in INVOICEABLE_ORDERS:
        raise StatusRefused(f"This sales order cannot be converted to an invoice, as it is {status}.")


def _lines_left(order: SalesOrder) -> list[dict[str, Any]]:
    """The lines of an order with what is not invoiced yet. An amount of discount goes by the share that is left."""
    found = []
    for line, entry in zip(order.lines, lines_of(order), strict=True):
        left = line.quantity - line.quantity_invoiced
        if left > 0 or not line.quantity:
            if line.quantity_invoiced and line.discount and not line.discount.endswith("%"):
                entry["discount"] = ""
            found.append({**entry, "quantity": left, "salesorder_item_id": line.id})
    return found


def _orders_of(invoice: Invoice) -> set[int | None]:
    return {invoice.salesorder_id, *orders_of_lines(invoice)}


def map_with_order(invoice: Invoice, order: SalesOrder) -> None:
    """Says of an invoice that it is an order's: its lines are matched with those of the same item. [MEM]

    Raises:
        StatusRefused: the order is one that no invoice can be made of, or the invoice is void. [DESIGN]
        InvalidValue: it is another customer's, or has no line in common with the order.
    """
    refuse_frozen(invoice, invoice.status(today()), {}, INVOICE_FROZEN, "invoice")
    _refuse_uninvoiceable(order)
    if invoice.customer_id != order.customer_id:
        raise InvalidValue("invoice_ids")
    by_item = {line.item_id: line.id for line in order.lines if line.item_id}
    matched = [(line, by_item[line.item_id]) for line in invoice.lines if line.item_id and line.item_id in by_item]
    if not matched:
        raise InvalidValue("invoice_ids")
    orders = _orders_of(invoice)
    for line, order_line_id in matched:
        line.salesorder_item_id = order_line_id
    invoice.salesorder_id = order.id
    invoice.touch()
    recount(orders | {order.id})


def take_terms(document: Any, body: dict[str, Any]) -> None:
    """The terms of a body, with the contact's label where they are the contact's."""
    if "payment_terms" in body:
        document.payment_terms = body["payment_terms"]
        customer = document.customer
        is_customers = body["payment_terms"] == customer.payment_terms
        label = customer.payment_terms_label if is_customers else terms_label(body["payment_terms"])
        document.payment_terms_label = body.get("payment_terms_label") or label
    elif body.get("payment_terms_label"):
        document.payment_terms_label = body["payment_terms_label"]


def _take_terms(invoice: Invoice, body: dict[str, Any]) -> None:
    """The due date is the date plus the terms, which are the contact's unless given (§6.2)."""
    take_terms(invoice, body)
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
    refuse_frozen(invoice, invoice.status(today()), body, INVOICE_FROZEN, "invoice")
    before, orders = invoice.total, _orders_of(invoice)
    compose.change(invoice, body)
    _take_terms(invoice, body)
    if body.get("invoice_number") and body["invoice_number"] != invoice.number:
        invoice.number = check_free(Invoice, MODULE, body["invoice_number"], invoice.id)
    settled = invoice.payment_made + invoice.credits_applied + invoice.write_off_amount
    if invoice.total != before and invoice.total < settled:
        raise AmountRefused("The total cannot be less than what has been paid already.")
    invoice.settle(compose.base_precision())
    reason = f" Reason: {body['reason']}" if body.get("reason") else ""
    history.note(invoice, "invoice", "updated", f"Invoice {invoice.number} updated.{reason}")
    db.session.flush()
    recount(orders | _orders_of(invoice))
    save_values(invoice, "invoice", body.get("custom_fields"))


def change_status(invoice: Invoice, action: str) -> None:
    """`sent`, `void` or `draft`. Voiding gives payments and credits back to the customer as his credit (§6.4)."""
    if not invoice.move(action, today()):
        return
    history.note(invoice, "invoice", "updated", f"Invoice marked as {action}")
    if action == "void":
        detach_payments(invoice)
        detach_credits(invoice)
        invoice.write_off_amount = Decimal(0)
        invoice.settle(compose.base_precision())
    recount(_orders_of(invoice))


def write_off(invoice: Invoice) -> None:
    """Gives up what is still owed. [MEM] for what it does to balance and status.

    Raises:
        StatusRefused: nothing is owed.
    """
    status = invoice.status(today())
    if status not in OPEN_INVOICES:
        raise StatusRefused(f"This invoice cannot be written off, as it is {status}.")
    invoice.write_off_amount += invoice.balance
    invoice.settle(compose.base_precision())
    history.note(invoice, "invoice", "updated", "Invoice written off")
    invoice.touch()


def cancel_write_off(invoice: Invoice) -> None:
    """The invoice owes again what was given up.

    Raises:
        StatusRefused: nothing was written off.
    """
    if not invoice.write_off_amount:
        raise StatusRefused("Nothing of this invoice was written off.")
    invoice.write_off_amount = Decimal(0)
    invoice.settle(compose.base_precision())
    history.note(invoice, "invoice", "updated", "Write off cancelled")
    invoice.touch()


def delete_invoice(invoice: Invoice) -> None:
    """Deletes an invoice without payments and credits; what it was made from is open again. [DESIGN]

    Raises:
        InUse: payments or credits are applied to it.
    """
    if has_payments(invoice.id) or has_credits(invoice.id):
        raise InUse("The invoice cannot be deleted, as payments or credits are applied to it. Delete those first.")
    drop_values(invoice.id)
    history.forget(invoice)
    estimate_id, orders = invoice.estimate_id, _orders_of(invoice)
    db.session.delete(invoice)
    db.session.flush()
    recount(orders)
    reopen_estimate(estimate_id)
