"""The doors of invoices (invoice-api.md §6.1)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents import mail
from mock_invoice.documents.schema import INVOICE
from mock_invoice.envelope import created, day_text, success
from mock_invoice.errors import InvalidValue, NotFound
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.invoices.render import INVOICES, invoice_detail
from mock_invoice.invoices.rules import THING, change_status, create_invoice, delete_invoice, today, update_invoice
from mock_invoice.lists import answer_list, count_matching
from mock_invoice.parsing import flag, json_array, json_body
from mock_invoice.payments.apply import applications_of, take_off
from mock_invoice.settings.custom_fields import save_values
from mock_invoice.upsert import holder_by_header

bp = Blueprint("invoices", __name__)

STATUS_MESSAGES = {
    "sent": "Invoice status has been changed to Sent.",
    "void": "Invoice status has been changed to Void.",
    "draft": "Status of invoice changed from void to draft",
}
ROW_OPTIONS, COUNT_OPTIONS, SUM_OPTIONS = ("", "0", "1", "4"), ("1", "2", "3"), ("1", "3", "4")


@bp.get("/invoices")
@needs("invoices.READ")
def list_invoices() -> Response:
    option = request.args.get("response_option", "")
    if option in ("", "0"):
        return answer_list(INVOICES)
    return _summed(option)


def _summed(option: str) -> Response:
    """`response_option`: 1 rows, count and sums; 2 count; 3 count and sums; 4 rows and sums (§2.2). [MEM] for where
    they stand in the answer; the sums are in the base currency."""
    if option not in (*ROW_OPTIONS, *COUNT_OPTIONS):
        raise InvalidValue("response_option")
    count, total, balance = count_matching(INVOICES, sums=(Invoice.bcy_total, Invoice.bcy_balance))
    extra: dict[str, Any] = {}
    if option in COUNT_OPTIONS:
        extra["total"] = count
    if option in SUM_OPTIONS:
        extra["sum_columns"] = {"bcy_total": total or 0, "bcy_balance": balance or 0}
    if option not in ROW_OPTIONS:
        return success(page_context=extra)
    return answer_list(INVOICES, context=extra)


@bp.get("/invoices/<invoice_id>")
@needs("invoices.READ")
def get_invoice(invoice_id: str) -> Response:
    return success(invoice=invoice_detail(find(Invoice, invoice_id, THING)))


@bp.post("/invoices")
@needs("invoices.CREATE")
def add_invoice() -> Response:
    return _create(json_body())


@bp.put("/invoices/<invoice_id>")
@needs("invoices.UPDATE")
def save_invoice(invoice_id: str) -> Response:
    return _update(invoice_id, json_body())


@bp.put("/invoices")
@needs("invoices.UPDATE")
def upsert_invoice() -> Response:
    body = json_body()
    holder_id = holder_by_header("invoice", body, THING)
    return _create(body) if holder_id is None else _update(holder_id, body)


def _create(body: dict[str, Any]) -> Response:
    loaded = INVOICE.load(body)
    own_number = flag("ignore_auto_number_generation", body)
    invoice, custom_fields = create_invoice(loaded, own_number=own_number, send=flag("send", body))
    detail = invoice_detail(invoice, custom_fields)
    return created("The invoice has been created.", "invoices", invoice.id, invoice=detail)


def _update(invoice_id: str | int, body: dict[str, Any]) -> Response:
    invoice = find(Invoice, invoice_id, THING)
    update_invoice(invoice, INVOICE.load(body))
    return success("Invoice information has been updated.", invoice=invoice_detail(invoice))


@bp.put("/invoice/<invoice_id>/customfields")
@needs("invoices.UPDATE")
def save_custom_fields(invoice_id: str) -> Response:
    invoice = find(Invoice, invoice_id, THING)
    save_values(invoice, "invoice", json_array())
    invoice.touch()
    return success("Custom Fields Updated Successfully")


@bp.delete("/invoices/<invoice_id>")
@needs("invoices.DELETE")
def remove_invoice(invoice_id: str) -> Response:
    delete_invoice(find(Invoice, invoice_id, THING))
    return success("The invoice has been deleted.")


@bp.post("/invoices/<invoice_id>/status/<any(sent,void,draft):action>")
@needs("invoices.CREATE")
def move_invoice(invoice_id: str, action: str) -> Response:
    change_status(find(Invoice, invoice_id, THING), action)
    db.session.flush()
    return success(STATUS_MESSAGES[action])


@bp.get("/invoices/<invoice_id>/email")
@needs("invoices.READ")
def show_mail(invoice_id: str) -> Response:
    invoice = find(Invoice, invoice_id, THING)
    return success(data=mail.content(invoice, "Invoice"))


@bp.post("/invoices/<invoice_id>/email")
@needs("invoices.CREATE")
def send_mail(invoice_id: str) -> Response:
    """Mailing a draft makes it a sent one. [MEM]"""
    invoice = find(Invoice, invoice_id, THING)
    invoice.move("sent", today())
    is_first = mail.send("invoice", "Invoice", invoice, json_body())
    return success("Your invoice has been sent.", is_first_email=is_first)


@bp.get("/invoices/<invoice_id>/payments")
@needs("invoices.READ")
def list_payments(invoice_id: str) -> Response:
    invoice = find(Invoice, invoice_id, THING)
    shown = [
        {
            "payment_id": str(one.payment_id),
            "payment_number": one.payment.number,
            "invoice_id": str(invoice.id),
            "invoice_payment_id": str(one.id),
            "payment_mode": one.payment.payment_mode,
            "description": one.payment.description,
            "date": day_text(one.payment.date),
            "reference_number": one.payment.reference_number,
            "exchange_rate": one.payment.exchange_rate,
            "amount": one.amount_applied,
            "tax_amount_withheld": 0,
            "online_transaction_id": "",
            "is_single_invoice_payment": one.amount_applied == one.payment.amount,
        }
        for one in applications_of(invoice.id)
    ]
    return success(payments=shown)


@bp.delete("/invoices/<invoice_id>/payments/<invoice_payment_id>")
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
@needs("invoices.READ")
def list_credits(invoice_id: str) -> Response:
    """Credit notes are not emulated: no invoice has any."""
    find(Invoice, invoice_id, THING)
    return success(credits=[])
