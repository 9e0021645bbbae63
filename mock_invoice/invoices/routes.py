"""The doors of invoices (invoice-api.md §6.1)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents import own_doors
from mock_invoice.documents.doors import add_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.own_doors import Writing, create_document, sending
from mock_invoice.documents.schema import INVOICE
from mock_invoice.envelope import success
from mock_invoice.errors import FormatRefused, InvalidValue, MissingValue
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.invoices.render import INVOICES, invoice_detail
from mock_invoice.invoices.rules import (
    THING,
    cancel_write_off,
    change_status,
    create_invoice,
    delete_invoice,
    map_with_order,
    today,
    update_invoice,
    write_off,
)
from mock_invoice.lists import Listing, answer_list, count_matching
from mock_invoice.openapi.parameters import RESPONSE_OPTION, SALES_ORDER, many
from mock_invoice.openapi.words import DONE, page, told
from mock_invoice.parsing import id_list, json_body, wanted_format
from mock_invoice.sales_orders.model import SalesOrder
from simulator.openapi import documented
from simulator.shapes import either

bp = Blueprint("invoices", __name__)

MANY = 25

STATUS_MESSAGES = {
    "sent": "Invoice status has been changed to Sent.",
    "void": "Invoice status has been changed to Void.",
    "draft": "Status of invoice changed from void to draft",
}
ROW_OPTIONS, COUNT_OPTIONS, SUM_OPTIONS = ("", "0", "1", "4"), ("1", "2", "3"), ("1", "3", "4")


def _mark_sent(invoice: Invoice) -> None:
    """Mailing a draft makes it a sent one [MEM]; a void one cannot be mailed, as it cannot be sent."""
    change_status(invoice, "sent")


KIND = DocumentKind(
    entity="invoice",
    module="invoices",
    thing=THING,
    label="Invoice",
    mailed="Your invoice has been sent.",
    model=Invoice,
    detail=invoice_detail,
    mark_sent=_mark_sent,
    closed=frozenset(("void",)),
    status=lambda invoice: invoice.status(today()),
    has_reminders=True,
)


def _answer_list(listing: Listing) -> Response:
    option = request.args.get("response_option", "")
    return answer_list(listing) if option in ("", "0") else _summed(option)


def _summed(option: str) -> Response:
    """`response_option`: 1 rows, count and sums; 2 count; 3 count and sums; 4 rows and sums (§2.2). [MEM] for where
    they stand in the answer; the sums are in the base currency."""
    if option not in (*ROW_OPTIONS, *COUNT_OPTIONS):
        raise InvalidValue("response_option")
    if option not in ROW_OPTIONS and wanted_format():
        raise FormatRefused
    count, total, balance = count_matching(INVOICES, sums=(Invoice.bcy_total, Invoice.bcy_balance))
    extra: dict[str, Any] = {}
    if option in COUNT_OPTIONS:
        extra["total"] = count
    if option in SUM_OPTIONS:
        extra["sum_columns"] = {"bcy_total": total or 0, "bcy_balance": balance or 0}
    if option not in ROW_OPTIONS:
        return success(page_context=extra)
    return answer_list(INVOICES, context=extra)


WRITING = Writing(
    listing=INVOICES,
    answer_list=_answer_list,
    list_takes=(RESPONSE_OPTION,),
    list_answer=either(page("invoices", "InvoiceRow", "ListContext"), told(page_context="SumContext")),
    schema=INVOICE,
    create=create_invoice,
    options=sending,
    update=update_invoice,
    delete=delete_invoice,
    said=(
        "The invoice has been created.",
        "Invoice information has been updated.",
        "The invoice has been deleted.",
    ),
)


@bp.post("/invoices/<invoice_id>/status/<any(sent,void,draft):action>")
@documented(_200=DONE)
@needs("invoices.CREATE")
def move_invoice(invoice_id: str, action: str) -> Response:
    change_status(find(Invoice, invoice_id, THING), action)
    db.session.flush()
    return success(STATUS_MESSAGES[action])


@bp.post("/invoices/<invoice_id>/writeoff")
@documented(_200=DONE)
@needs("invoices.CREATE")
def write_invoice_off(invoice_id: str) -> Response:
    write_off(find(Invoice, invoice_id, THING))
    db.session.flush()
    return success("Invoice has been written off")


@bp.post("/invoices/<invoice_id>/writeoff/cancel")
@documented(_200=DONE)
@needs("invoices.CREATE")
def cancel_invoice_write_off(invoice_id: str) -> Response:
    cancel_write_off(find(Invoice, invoice_id, THING))
    db.session.flush()
    return success("The write off done for this invoice has been cancelled.")


@bp.post("/invoices/fromsalesorder")
@documented(SALES_ORDER, _201=told(invoice="Invoice"))
@needs("invoices.CREATE")
def invoice_sales_order() -> Response:
    """All that is left of a sales order, at once; its id comes in the query, and some clients put it into the body."""
    body = json_body()
    order_id = request.args.get("salesorder_id") or body.get("salesorder_id")
    if not order_id:
        raise MissingValue("salesorder_id")
    return create_document(KIND, WRITING, {"salesorder_id": order_id})


@bp.post("/invoices/mapwithorder")
@documented(SALES_ORDER, many("invoice_ids", MANY), _200=DONE)
@needs("invoices.CREATE")
def map_invoices() -> Response:
    """[MEM] for parameters and message."""
    if not request.args.get("salesorder_id"):
        raise MissingValue("salesorder_id")
    order = find(SalesOrder, request.args["salesorder_id"], "Sales order")
    for invoice_id in id_list(request.args.get("invoice_ids", ""), "invoice_ids", MANY):
        map_with_order(find(Invoice, invoice_id, THING), order)
    return success("The invoice(s) have been mapped with the sales order.")


own_doors.add(bp, KIND, WRITING)
add_doors(bp, KIND)
