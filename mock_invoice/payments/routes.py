"""The doors of customer payments (invoice-api.md §7.2)."""

from flask import Blueprint, Response, request

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.find import find
from mock_invoice.lists import LARGEST_PAGE, answer_list
from mock_invoice.parsing import id_list, json_body
from mock_invoice.payments.model import Payment
from mock_invoice.payments.render import PAYMENTS, payment_detail
from mock_invoice.payments.rules import MODULE, THING, create_payment, delete_payment, update_payment
from mock_invoice.payments.schema import PAYMENT

bp = Blueprint("customerpayments", __name__)


@bp.get("/customerpayments")
@needs("customerpayments.READ")
def list_payments() -> Response:
    return answer_list(PAYMENTS)


@bp.get("/customerpayments/<payment_id>")
@needs("customerpayments.READ")
def get_payment(payment_id: str) -> Response:
    return success(payment=payment_detail(find(Payment, payment_id, THING)))


@bp.post("/customerpayments")
@needs("customerpayments.CREATE")
def add_payment() -> Response:
    payment, custom_fields = create_payment(PAYMENT.load(json_body()))
    message = "The payment from the customer has been recorded"
    return created(message, MODULE, payment.id, payment=payment_detail(payment, custom_fields))


@bp.put("/customerpayments/<payment_id>")
@needs("customerpayments.UPDATE")
def save_payment(payment_id: str) -> Response:
    payment = find(Payment, payment_id, THING)
    update_payment(payment, PAYMENT.load(json_body()))
    message = "The details of the payment received from the customer have been updated"
    return success(message, payment=payment_detail(payment))


@bp.delete("/customerpayments/<payment_id>")
@needs("customerpayments.DELETE")
def remove_payment(payment_id: str) -> Response:
    delete_payment(find(Payment, payment_id, THING))
    return success("The payment has been deleted.")


@bp.delete("/customerpayments")
@needs("customerpayments.DELETE")
def remove_payments() -> Response:
    for payment_id in id_list(request.args.get("payment_id", ""), "payment_id", LARGEST_PAGE):
        delete_payment(find(Payment, payment_id, THING))
        db.session.flush()
    return success("The payment has been deleted.")
