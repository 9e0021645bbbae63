"""What holds for sales orders: conversion, edits and deletions by status (invoice-api.md §7.1)."""

from datetime import date
from decimal import Decimal
from typing import Any

from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.documents import compose, history
from mock_invoice.documents.numbering import check_free, number_for
from mock_invoice.documents.status import ORDER_FROZEN, refuse_frozen
from mock_invoice.errors import InUse, InvalidValue, InvoicedLine, StatusRefused
from mock_invoice.estimates.conversion import CARRIED_SUMS, estimate_to_convert, lines_of, reopen_estimate
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from mock_invoice.settings.sub_statuses import sub_status_named
from simulator import clock

THING = "Sales order"
MODULE = "salesorders"
TEXT_KEYS = ("delivery_method", "crm_custom_reference_id")


def today() -> date:
    return clock.today(current_organization().time_zone)


def create_order(body: dict[str, Any], *, own_number: bool = False, send: bool = False) -> tuple[SalesOrder, Shown]:
    """A new sales order from a loaded body; a draft unless it is to be sent at once."""
    estimate = estimate_to_convert(body, "estimate_id", "a sales order")
    order = SalesOrder(invoiced_status="", estimate_id=estimate.id if estimate else None)
    if estimate is not None and not body.get("line_items"):
        body["line_items"] = lines_of(estimate)
        body = {**{key: getattr(estimate, key) for key in CARRIED_SUMS}, **body}
    compose.begin(order, body)
    for line in order.lines:
        line.quantity_invoiced = Decimal(0)
    _take_own(order, {**dict.fromkeys(TEXT_KEYS, ""), "shipment_date": None, **body})
    order.number = number_for(SalesOrder, MODULE, body.get("salesorder_number", ""), own_number)
    if send:
        order.move("open", today())
    db.session.add(order)
    history.note(order, "salesorder", "added", f"Sales Order {order.number} created")
    if estimate is not None:
        estimate.is_invoiced = True
        estimate.touch()
    db.session.flush()
    return order, first_values(order, "salesorder", body.get("custom_fields"))


def _take_own(order: SalesOrder, body: dict[str, Any]) -> None:
    for key in TEXT_KEYS:
        if key in body:
            setattr(order, key, body[key])
    if "shipment_date" in body:
        order.shipment_date = body["shipment_date"]
    if order.shipment_date is not None and order.shipment_date < order.date:
        raise InvalidValue("shipment_date")


def update_order(order: SalesOrder, body: dict[str, Any]) -> None:
    """Changes what the body names, as far as the status allows it.

    Raises:
        StatusRefused: by the table of what is frozen when.
        InvoicedLine: a line of which something is invoiced would go away or hold less than that.
    """
    refuse_frozen(order, order.status(today()), body, ORDER_FROZEN, "sales order")
    invoiced = {line.id: line.quantity_invoiced for line in order.lines if line.quantity_invoiced}
    compose.change(order, body)
    kept = {line.id: line.quantity for line in order.lines}
    for line_id, quantity in invoiced.items():
        if kept.get(line_id, Decimal(0)) < quantity:
            raise InvoicedLine
    for line in order.lines:
        line.quantity_invoiced = invoiced.get(line.id, Decimal(0))
    if invoiced:
        is_whole = all(line.quantity_invoiced >= line.quantity for line in order.lines)
        order.invoiced_status = "invoiced" if is_whole else "partially_invoiced"
    _take_own(order, body)
    if body.get("salesorder_number") and body["salesorder_number"] != order.number:
        order.number = check_free(SalesOrder, MODULE, body["salesorder_number"], order.id)
    history.note(order, "salesorder", "updated", f"Sales Order {order.number} updated")
    db.session.flush()
    save_values(order, "salesorder", body.get("custom_fields"))


def move_order(order: SalesOrder, action: str) -> None:
    if order.move(action, today()):
        history.note(order, "salesorder", "updated", f"Sales Order marked as {action}")


def take_step(order: SalesOrder, code: str) -> None:
    """Moves an order to a sub-status of the status it has; the code of that status itself takes it back. [DESIGN]

    Raises:
        InvalidValue: the organization has none of this code.
        StatusRefused: it stands below another status.
    """
    status = order.status(today())
    wanted = None if code == status else sub_status_named(code)
    if wanted is not None and wanted.parent_status != status:
        shown = status.replace("_", " ")
        raise StatusRefused(f"This sales order cannot be marked as {wanted.display_name}, as it is {shown}.")
    order.sub_status = wanted
    order.touch()
    history.note(order, "salesorder", "updated", f"Sales Order marked as {wanted.display_name if wanted else status}")
    db.session.flush()


def delete_order(order: SalesOrder) -> None:
    """Deletes an order that nothing is invoiced of; the estimate it was made from is open again. [DESIGN]

    Raises:
        InUse: something of it is invoiced (§7.1), or a void invoice still names it.
    """
    if order.invoiced_status:
        raise InUse("The sales order cannot be deleted, as an invoice was made from it.")
    drop_values(order.id)
    history.forget(order)
    estimate_id = order.estimate_id
    db.session.delete(order)
    db.session.flush()
    reopen_estimate(estimate_id)
