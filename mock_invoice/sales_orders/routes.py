"""The doors of sales orders (invoice-api.md §7.1)."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents.doors import add_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.paper_doors import on_paper, paper_answer
from mock_invoice.documents.schema import ORDER
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue
from mock_invoice.find import find
from mock_invoice.lists import answer_list
from mock_invoice.parsing import flag, json_body
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.sales_orders.render import ORDERS, order_detail
from mock_invoice.sales_orders.rules import THING, create_order, delete_order, move_order, today, update_order
from mock_invoice.upsert import holder_by_header

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


@bp.get("/salesorders")
@needs("salesorders.READ")
def list_orders() -> Response:
    return answer_list(ORDERS)


@bp.get("/salesorders/<document_id>")
@on_paper
@needs("salesorders.READ")
def get_order(document_id: str) -> Response:
    order = find(SalesOrder, document_id, THING)
    return paper_answer(KIND, order) or success(salesorder=order_detail(order))


@bp.post("/salesorders")
@needs("salesorders.CREATE")
def add_order() -> Response:
    return _create(json_body())


@bp.put("/salesorders/<document_id>")
@needs("salesorders.UPDATE")
def save_order(document_id: str) -> Response:
    return _update(document_id, json_body())


@bp.put("/salesorders")
@needs("salesorders.UPDATE")
def upsert_order() -> Response:
    body = json_body()
    holder_id = holder_by_header("salesorder", body, THING)
    return _create(body) if holder_id is None else _update(holder_id, body)


def _create(body: dict[str, Any]) -> Response:
    loaded = ORDER.load(body)
    own_number = flag("ignore_auto_number_generation", body)
    order, custom_fields = create_order(loaded, own_number=own_number, send=flag("send", body))
    return created(
        "Sales Order Created Successfully.", "salesorders", order.id, salesorder=order_detail(order, custom_fields)
    )


def _update(document_id: str | int, body: dict[str, Any]) -> Response:
    order = find(SalesOrder, document_id, THING)
    update_order(order, ORDER.load(body))
    return success("Sales Order Updated Successfully.", salesorder=order_detail(order))


@bp.delete("/salesorders/<document_id>")
@needs("salesorders.DELETE")
def remove_order(document_id: str) -> Response:
    delete_order(find(SalesOrder, document_id, THING))
    return success("Sales Order Deleted Successfully.")


@bp.post("/salesorders/<document_id>/status/<any(open,confirmed,void):action>")
@needs("salesorders.CREATE")
def change_status(document_id: str, action: str) -> Response:
    move_order(find(SalesOrder, document_id, THING), action)
    db.session.flush()
    return success(f"Sales order status has been changed to {action.title()}.")


@bp.post("/salesorders/<document_id>/substatus/<code>")
@needs("salesorders.CREATE")
def change_substatus(document_id: str, code: str) -> Response:
    """No organization here has sub-statuses of its own, so no code is one. [DESIGN]"""
    find(SalesOrder, document_id, THING)
    raise InvalidValue("status_code")


add_doors(bp, KIND)
