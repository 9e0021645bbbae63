"""The doors of sales orders (invoice-api.md §7.1)."""

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents import own_doors
from mock_invoice.documents.doors import add_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.own_doors import Writing, sending
from mock_invoice.documents.schema import ORDER
from mock_invoice.envelope import success
from mock_invoice.find import find
from mock_invoice.openapi.words import DONE
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.sales_orders.render import ORDERS, order_detail
from mock_invoice.sales_orders.rules import (
    THING,
    create_order,
    delete_order,
    move_order,
    take_step,
    today,
    update_order,
)
from simulator.openapi import documented

bp = Blueprint("salesorders", __name__)


def _mark_sent(order: SalesOrder) -> None:
    """Mailing a draft opens it. [MEM]"""
    if order.state == "draft":
        move_order(order, "open")


KIND = DocumentKind(
    entity="salesorder",
    module="salesorders",
    thing=THING,
    label="Sales Order",
    mailed="Your sales order has been sent.",
    model=SalesOrder,
    detail=order_detail,
    mark_sent=_mark_sent,
    closed=frozenset(("void",)),
    status=lambda order: order.status(today()),
)


WRITING = Writing(
    listing=ORDERS,
    schema=ORDER,
    create=create_order,
    options=sending,
    update=update_order,
    delete=delete_order,
    said=(
        "Sales Order Created Successfully.",
        "Sales Order Updated Successfully.",
        "Sales Order Deleted Successfully.",
    ),
)


@bp.post("/salesorders/<document_id>/status/<any(open,confirmed,void):action>")
@documented(_200=DONE)
@needs("salesorders.CREATE")
def change_status(document_id: str, action: str) -> Response:
    move_order(find(SalesOrder, document_id, THING), action)
    db.session.flush()
    return success(f"Sales order status has been changed to {action.title()}.")


@bp.post("/salesorders/<document_id>/substatus/<code>")
@documented(_200=DONE)
@needs("salesorders.CREATE")
def change_substatus(document_id: str, code: str) -> Response:
    take_step(find(SalesOrder, document_id, THING), code)
    return success("Sales order sub-status has been changed.")  # [MEM]


own_doors.add(bp, KIND, WRITING)
add_doors(bp, KIND)
