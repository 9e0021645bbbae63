"""Status rules as tables (invoice-api.md §5.4, §6.4). What is not in a table is refused.

A document keeps its *state*, what somebody did to it last. Its *status* is derived on read from the state, the
balance and today's date, so that a document falls overdue or expires without a write.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_

from mock_invoice.errors import StatusRefused

#: Action × status → the state afterwards; None means that it succeeds and nothing changes.
INVOICE_MOVES: dict[tuple[str, str], str | None] = {
    ("sent", "draft"): "sent",
    ("sent", "sent"): None,
    ("sent", "viewed"): None,
    ("sent", "overdue"): None,
    ("sent", "partially_paid"): None,
    ("sent", "paid"): None,
    ("void", "draft"): "void",
    ("void", "sent"): "void",
    ("void", "viewed"): "void",
    ("void", "overdue"): "void",
    ("void", "partially_paid"): "void",
    ("void", "paid"): "void",
    ("void", "void"): None,
    ("draft", "void"): "draft",
}
#: Accepting what was declined and declining what was accepted work in the product's screens. [MEM]
#: An expired estimate is a sent one past its date, and may still be answered or invoiced. [DESIGN]
ESTIMATE_MOVES: dict[tuple[str, str], str | None] = {
    ("sent", "draft"): "sent",
    ("sent", "sent"): None,
    ("sent", "expired"): None,
    ("accepted", "sent"): "accepted",
    ("accepted", "expired"): "accepted",
    ("accepted", "declined"): "accepted",
    ("declined", "sent"): "declined",
    ("declined", "expired"): "declined",
    ("declined", "accepted"): "declined",
}
#: A sales order is confirmed in Zoho Inventory where it is opened in Books: the same move under two names. A void one
#: may be opened again [MEM]; one that is invoiced, even in part, stays as it is. [DESIGN]
ORDER_MOVES: dict[tuple[str, str], str | None] = {
    **{(action, "draft"): "open" for action in ("open", "confirmed")},
    **{(action, "open"): None for action in ("open", "confirmed")},
    **{(action, "overdue"): None for action in ("open", "confirmed")},
    **{(action, "void"): "open" for action in ("open", "confirmed")},
    ("void", "draft"): "void",
    ("void", "open"): "void",
    ("void", "overdue"): "void",
    ("void", "void"): None,
}
#: A credit note that was used, in whole or in part, cannot be voided: `credit_notes.rules` refuses that. [DESIGN]
CREDIT_MOVES: dict[tuple[str, str], str | None] = {
    ("open", "draft"): "open",
    ("open", "void"): "open",
    ("open", "open"): None,
    ("open", "closed"): None,
    ("void", "draft"): "void",
    ("void", "open"): "void",
    ("void", "void"): None,
    ("draft", "void"): "draft",
}
#: Stopping or resuming twice changes nothing; what has expired goes on once it has a later end. [DESIGN]
RECURRING_MOVES: dict[tuple[str, str], str | None] = {
    ("stopped", "active"): "stopped",
    ("stopped", "stopped"): None,
    ("active", "stopped"): "active",
    ("active", "active"): None,
}
INVOICEABLE_ORDERS = frozenset(("open", "overdue", "partially_invoiced"))
INVOICEABLE_ESTIMATES = frozenset(("sent", "accepted", "expired"))
EDITABLE_ESTIMATES = frozenset(("draft", "sent", "accepted", "declined", "expired"))  # [MEM]

#: What may be edited in an invoice by status (§6.2). [DESIGN] where the sources differ: words at any time but when
#: void; lines and sums not when paid; the customer not once there are payments.
SUMS = frozenset(
    ("line_items", "discount", "discount_type", "is_discount_before_tax", "is_inclusive_tax", "shipping_charge",
     "shipping_charge_tax_id", "tax_id", "adjustment", "currency_id", "exchange_rate")
)  # fmt: skip
CUSTOMER = frozenset(("customer_id",))
CURRENCY = frozenset(("currency_id",))
INVOICE_FROZEN: dict[str, frozenset[str]] = {
    "draft": frozenset(),
    "sent": frozenset(),
    "viewed": frozenset(),
    "overdue": frozenset(),
    "partially_paid": CUSTOMER | CURRENCY,
    "paid": CUSTOMER | SUMS,
}
#: The same of sales orders; which lines of a partly invoiced one may change is `sales_orders.rules`' to say.
ORDER_FROZEN: dict[str, frozenset[str]] = {
    "draft": frozenset(),
    "open": frozenset(),
    "overdue": frozenset(),
    "partially_invoiced": CUSTOMER | CURRENCY,
    "invoiced": CUSTOMER | SUMS,
}
#: And of credit notes: once money has gone out of one, its sums stand. [DESIGN]
CREDIT_FROZEN: dict[str, frozenset[str]] = {
    "draft": frozenset(),
    "open": frozenset(),
    "closed": CUSTOMER | SUMS,
}
OPEN_INVOICES = ("sent", "viewed", "overdue", "partially_paid")
INVOICE_STATUSES = ("draft", *OPEN_INVOICES, "paid", "void")
ESTIMATE_STATUSES = ("draft", "sent", "accepted", "declined", "expired", "invoiced")
#: Nobody closes an order by hand: one that is wholly invoiced is closed (Zoho Books' knowledge base), which its
#: `order_status` and the filter Status.Closed say; its `status` is `invoiced`. [MEM] for the two keys.
ORDER_STATUSES = ("draft", "open", "overdue", "partially_invoiced", "invoiced", "void")
CREDIT_STATUSES = ("draft", "open", "closed", "void")
RECURRING_STATUSES = ("active", "stopped", "expired")

COLORS = {
    "draft": "#8b8b8b", "sent": "#408dfb", "viewed": "#408dfb", "overdue": "#fd7e14", "partially_paid": "#f0ad4e",
    "paid": "#1fcd6d", "void": "#8b8b8b", "accepted": "#1fcd6d", "declined": "#f55", "expired": "#fd7e14",
    "invoiced": "#1fcd6d", "open": "#408dfb", "partially_invoiced": "#f0ad4e", "closed": "#1fcd6d",
    "active": "#1fcd6d", "stopped": "#8b8b8b",
}  # fmt: skip


def next_invoice_state(action: str, status: str) -> str | None:
    return _next(INVOICE_MOVES, action, status, "invoice")


def next_estimate_state(action: str, status: str) -> str | None:
    return _next(ESTIMATE_MOVES, action, status, "quote")


def next_order_state(action: str, status: str) -> str | None:
    return _next(ORDER_MOVES, action, status, "sales order")


def next_credit_state(action: str, status: str) -> str | None:
    return _next(CREDIT_MOVES, action, status, "credit note")


def next_recurring_state(action: str, status: str) -> str | None:
    return _next(RECURRING_MOVES, action, status, "recurring invoice")


def refuse_frozen(
    document: Any, status: str, body: dict[str, Any], table: dict[str, frozenset[str]], label: str
) -> None:
    """Refuses an edit that the status does not allow. A value that is sent and stays the same is no edit.

    Raises:
        StatusRefused: naming the first key that is frozen.
    """
    shown = status.replace("_", " ")
    if status not in table:
        raise StatusRefused(f"A {shown} {label} cannot be edited.")
    for key in sorted(table[status] & body.keys()):
        if key == "line_items" or body[key] not in (None, getattr(document, key)):
            raise StatusRefused(f"{key} cannot be changed, as the {label} is {shown}.")


def _next(moves: dict[tuple[str, str], str | None], action: str, status: str, label: str) -> str | None:
    """The state after an action, None when it changes nothing.

    Raises:
        StatusRefused: when the table has no such case.
    """
    if (action, status) not in moves:
        shown = status.replace("_", " ")
        raise StatusRefused(f"The status of this {label} cannot be changed to {action}, as it is {shown}.")
    return moves[action, status]


def invoice_status(state: str, balance: Decimal, paid: Decimal, due_date: date, is_viewed: bool, today: date) -> str:
    """What an invoice reports (§6.4)."""
    if state != "sent":
        return state
    if balance <= 0:
        return "paid"
    if paid > 0:
        return "partially_paid"
    if due_date < today:
        return "overdue"
    return "viewed" if is_viewed else "sent"


def invoice_status_sql(model: Any, today: ColumnElement[date]) -> ColumnElement[str]:
    """The same rule for the database; `today` is a parameter of the statement."""
    return case(
        (model.state != "sent", model.state),
        (model.balance <= Decimal(0), "paid"),
        (model.payment_made + model.credits_applied > Decimal(0), "partially_paid"),
        (model.due_date < today, "overdue"),
        (model.is_viewed_by_client, "viewed"),
        else_="sent",
    )


def estimate_status(state: str, is_invoiced: bool, expiry_date: date | None, today: date) -> str:
    """What an estimate reports (§5.4)."""
    if is_invoiced:
        return "invoiced"
    if state == "sent" and expiry_date is not None and expiry_date < today:
        return "expired"
    return state


def estimate_status_sql(model: Any, today: ColumnElement[date]) -> ColumnElement[str]:
    """The same rule for the database; `today` is a parameter of the statement."""
    is_past = and_(model.state == "sent", model.expiry_date < today)
    return case((model.is_invoiced, "invoiced"), (is_past, "expired"), else_=model.state)


def order_status(state: str, invoiced: str, shipment_date: date | None, today: date) -> str:
    """What a sales order reports (§7.1). An open one past its shipment date is overdue. [DESIGN]"""
    if state != "open":
        return state
    if invoiced:
        return invoiced
    return "overdue" if shipment_date is not None and shipment_date < today else "open"


def order_status_sql(model: Any, today: ColumnElement[date]) -> ColumnElement[str]:
    """The same rule for the database."""
    return case(
        (model.state != "open", model.state),
        (model.invoiced_status != "", model.invoiced_status),
        (model.shipment_date < today, "overdue"),
        else_="open",
    )


def credit_status(state: str, balance: Decimal) -> str:
    """What a credit note reports (§7.3): an open one that is used up is closed."""
    return "closed" if state == "open" and balance <= 0 else state


def credit_status_sql(model: Any) -> ColumnElement[str]:
    """The same rule for the database."""
    return case((and_(model.state == "open", model.balance <= Decimal(0)), "closed"), else_=model.state)


def recurring_status(state: str, next_date: date | None, end_date: date | None, today: date) -> str:
    """What a recurring invoice reports (§7.4): it has expired once no day is left, or its end is past."""
    is_over = next_date is None or (end_date is not None and end_date < today)
    return "expired" if is_over else state


def recurring_status_sql(model: Any, today: ColumnElement[date]) -> ColumnElement[str]:
    """The same rule for the database."""
    is_over = or_(model.next_invoice_date.is_(None), model.end_date < today)
    return case((is_over, "expired"), else_=model.state)
