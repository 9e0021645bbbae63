"""The doors of customer payments (invoice-api.md §7.2)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_invoice import tables
from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.find import find
from mock_invoice.lists import LARGEST_PAGE, answer_list
from mock_invoice.openapi.parameters import UPSERTED, many, of_list
from mock_invoice.openapi.words import DONE, FIELDS_SENT, also_as_file, page, sent, told
from mock_invoice.parsing import id_list, json_array, json_body, offers
from mock_invoice.payments.model import Payment
from mock_invoice.payments.render import PAYMENTS, payment_detail
from mock_invoice.payments.rules import MODULE, THING, create_payment, delete_payment, update_payment
from mock_invoice.payments.schema import PAYMENT
from mock_invoice.settings.custom_fields import save_values
from mock_invoice.upsert import holder_by_header
from simulator.openapi import documented

bp = Blueprint("customerpayments", __name__)


@bp.get("/customerpayments")
@offers(*tables.FORMATS)
@documented(*of_list(PAYMENTS), _200=also_as_file(page("customerpayments", "PaymentRow", "ListContext")))
@needs("customerpayments.READ")
def list_payments() -> Response:
    return answer_list(PAYMENTS)


@bp.get("/customerpayments/<payment_id>")
@documented(_200=told(payment="Payment"))
@needs("customerpayments.READ")
def get_payment(payment_id: str) -> Response:
    return success(payment=payment_detail(find(Payment, payment_id, THING)))


@bp.post("/customerpayments")
@documented(body=sent(PAYMENT, "customer_id", "amount"), _201=told(payment="Payment"))
@needs("customerpayments.CREATE")
def add_payment() -> Response:
    return _create(json_body())


@bp.put("/customerpayments")
@documented(*UPSERTED, body=sent(PAYMENT), _200=told(payment="Payment"), _201=told(payment="Payment"))
@needs("customerpayments.UPDATE")
def upsert_payment() -> Response:
    body = json_body()
    holder_id = holder_by_header("customer_payment", body, THING)
    return _create(body) if holder_id is None else _update(holder_id, body)


def _create(body: dict[str, Any]) -> Response:
    payment, custom_fields = create_payment(PAYMENT.load(body))
    message = "The payment from the customer has been recorded"
    return created(message, MODULE, payment.id, payment=payment_detail(payment, custom_fields))


@bp.put("/customerpayments/<payment_id>")
@documented(body=sent(PAYMENT), _200=told(payment="Payment"))
@needs("customerpayments.UPDATE")
def save_payment(payment_id: str) -> Response:
    return _update(payment_id, json_body())


def _update(payment_id: str | int, body: dict[str, Any]) -> Response:
    payment = find(Payment, payment_id, THING)
    update_payment(payment, PAYMENT.load(body))
    message = "The details of the payment received from the customer have been updated"
    return success(message, payment=payment_detail(payment))


@bp.put("/customerpayment/<payment_id>/customfields")
@documented(body=FIELDS_SENT, _200=DONE)
@needs("customerpayments.UPDATE")
def save_custom_fields(payment_id: str) -> Response:
    payment = find(Payment, payment_id, THING)
    save_values(payment, "customer_payment", json_array())
    payment.touch()
    return success("Custom Fields Updated Successfully")


@bp.delete("/customerpayments/<payment_id>")
@documented(_200=DONE)
@needs("customerpayments.DELETE")
def remove_payment(payment_id: str) -> Response:
    delete_payment(find(Payment, payment_id, THING))
    return success("The payment has been deleted.")


@bp.delete("/customerpayments")
@documented(many("payment_id", LARGEST_PAGE), _200=DONE)
@needs("customerpayments.DELETE")
def remove_payments() -> Response:
    for payment_id in id_list(request.args.get("payment_id", ""), "payment_id", LARGEST_PAGE):
        delete_payment(find(Payment, payment_id, THING))
        db.session.flush()
    return success("The payment has been deleted.")
