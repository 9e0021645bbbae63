"""How far sales orders are invoiced. Counted anew from the invoices' lines whenever one of those changes."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import func, select

from mock_invoice.database import db
from mock_invoice.errors import AmountRefused
from mock_invoice.invoices.model import Invoice, InvoiceLine
from mock_invoice.sales_orders.model import SalesOrder, SalesOrderLine

ZERO = Decimal(0)


def recount(order_ids: Iterable[int | None]) -> None:
    """Brings quantities and statuses of some orders in step with their invoices; void ones do not count.

    Raises:
        AmountRefused: more of a line would be invoiced than was ordered. [DESIGN]
    """
    wanted = sorted({one for one in order_ids if one is not None})
    if not wanted:
        return
    db.session.flush()
    for order in db.session.scalars(select(SalesOrder).where(SalesOrder.id.in_(wanted))):
        _recount(order)
    db.session.flush()


def _recount(order: SalesOrder) -> None:
    taken = _quantities(order)
    for line in order.lines:
        quantity = taken.get(line.id, ZERO)
        if quantity > line.quantity:
            raise AmountRefused(f"More of {line.name or 'a line'} is invoiced than {order.number} has of it.")
        line.quantity_invoiced = quantity
    status = _status(order)
    if status != order.invoiced_status:
        order.invoiced_status = status
        order.touch()


def _quantities(order: SalesOrder) -> dict[int, Decimal]:
    statement = (
        select(InvoiceLine.salesorder_item_id, func.sum(InvoiceLine.quantity))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(InvoiceLine.salesorder_item_id.in_([line.id for line in order.lines]), Invoice.state != "void")
        .group_by(InvoiceLine.salesorder_item_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement) if row[0] is not None}


def _status(order: SalesOrder) -> str:
    if not any(line.quantity_invoiced for line in order.lines):
        return ""
    return "invoiced" if all(line.quantity_invoiced >= line.quantity for line in order.lines) else "partially_invoiced"


def orders_of_lines(invoice: Invoice) -> set[int]:
    """The orders that an invoice's lines are of, as the database has them now."""
    wanted = {line.salesorder_item_id for line in invoice.lines if line.salesorder_item_id is not None}
    if not wanted:
        return set()
    statement = select(SalesOrderLine.sales_order_id).where(SalesOrderLine.id.in_(wanted))
    return set(db.session.scalars(statement))
