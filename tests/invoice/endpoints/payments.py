"""Rows of customer payments, of what settles an invoice, and of refunds (invoice-api.md §6.1, §7.2, §7.3)."""

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    IN_USE,
    INVALID,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOTHING_MANDATORY,
    PAYMENT_REFUSED,
    UNKNOWN_ID,
    Case,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    looks,
    makes,
    nothing,
    nowhere,
    refusal,
    says,
    without,
    without_parameter,
)

ONE = "/customerpayments/$payment"
ADVANCE = "/customerpayments/$advance"
SENT = "/invoices/$sent_invoice"
PARTLY = "/invoices/$partially_paid_invoice"
CODE = {"X-Unique-Identifier-Key": "cf_code", "X-Unique-Identifier-Value": "C-1"}
NO_KEY = refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key")
UPDATED = "The details of the payment received from the customer have been updated"
NEW = {
    "customer_id": "$contact",
    "amount": 60,
    "payment_mode": "check",
    "invoices": [{"invoice_id": "$sent_invoice", "amount_applied": 50}],
}
APPLIED = "Credits have been applied to the invoice(s)."
TAKEN_OFF = "Credits applied to an invoice have been deleted."


#: By the status of the invoice that money or credits are to go to.
REFUSED = {
    status: refusal(
        400, PAYMENT_REFUSED, f"Invoice ${status}_invoice_number is {status}; nothing can be applied to it."
    )
    for status in ("void", "paid")
}


def _unpayable(status: str) -> Case:
    body = {**NEW, "invoices": [{"invoice_id": f"${status}_invoice", "amount_applied": 50}]}
    return but(REFUSED[status], body=body)


PAYMENTS = (
    Row(
        "GET /customerpayments",
        "/customerpayments?amount_less_than=20",
        works=gives(
            {
                "customerpayments.*.payment_id": ["$spare_payment"],
                "customerpayments.0.unused_amount": 15,
                "page_context.report_name": "Payments Received",
                "page_context.applied_filter": "PaymentMode.All",
                "page_context.sort_column": "date",
            }
        ),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("filter_by"), bad_parameter("amount_less_than")),
        unknown=NO_ID,
        elsewhere=Own(200, {"customerpayments": []}),
    ),
    Row(
        "POST /customerpayments",
        "/customerpayments",
        body=NEW,
        works=makes(
            "The payment from the customer has been recorded",
            {"payment.payment_id": "$made", "payment.unused_amount": 10, "payment.payment_mode": "check"},
        ),
        then=looks(SENT, {"invoice.status": "partially_paid", "invoice.balance": 50, "invoice.payment_made": 50}),
        missing=(without("customer_id"), without("amount")),
        wrong=(
            bad("amount", "much"),
            bad("amount", 0),
            bad("payment_mode", "gold"),
            bad("invoices"),
            bad("date", 5),
            NO_OBJECT,
        ),
        unknown=(nowhere("customer_id", "Customer"), nowhere("invoices.0.invoice_id", "Invoice")),
        status=(_unpayable("void"), _unpayable("paid")),
    ),
    Row(
        "PUT /customerpayments",
        "/customerpayments",
        body={"description": "By post"},
        headers=CODE,
        works=says(UPDATED, {"payment.payment_id": "$payment", "payment.description": "By post"}),
        then=looks(ONE, {"payment.description": "By post", "payment.amount": 40}),
        missing=but(NO_KEY, headers={}),
        wrong=(bad("amount", "much"), bad("description", [])),
        unknown=but(
            refusal(404, UNKNOWN_ID, "Payment does not exist."), headers={**CODE, "X-Unique-Identifier-Value": "C-0"}
        ),
        elsewhere=NO_KEY,
    ),
    Row(
        "DELETE /customerpayments",
        "/customerpayments?payment_id=$payment,$full_payment",
        works=says("The payment has been deleted."),
        then=(
            gone(ONE, "Payment"),
            looks(PARTLY, {"invoice.balance": 100, "invoice.status": "sent"}),
            looks("/invoices/$paid_invoice", {"invoice.status": "sent"}),
        ),
        missing=without_parameter("payment_id"),
        wrong=bad_parameter("payment_id"),
        unknown=nothing("payment_id", "Payment"),
        status=about(
            "$full_payment",
            "$advance",
            refusal(400, IN_USE, "The payment cannot be deleted, as refunds were made of it. Delete those first."),
        ),
    ),
    Row(
        "GET /customerpayments/{payment_id}",
        ONE,
        works=gives(
            {
                "payment.payment_id": "$payment",
                "payment.customer_name": "Acme",
                "payment.invoices.0.invoice_payment_id": "$application",
                "payment.invoices.0.amount_applied": 40,
                "payment.payment_status": "paid",
            }
        ),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Payment"),
    ),
    Row(
        "PUT /customerpayments/{payment_id}",
        ONE,
        body={"amount": 45, "invoices": [{"invoice_id": "$sent_invoice", "amount_applied": 45}]},
        works=says(UPDATED, {"payment.amount": 45, "payment.unused_amount": 0}),
        then=(looks(PARTLY, {"invoice.balance": 100}), looks(SENT, {"invoice.balance": 55})),
        missing=but(refusal(400, INVALID, "Invalid value passed for amount"), body={"amount": 0}),
        wrong=(bad("amount", "much"), bad("invoices"), NO_OBJECT),
        unknown=(*absent("Payment"), nowhere("invoices.0.invoice_id", "Invoice")),
    ),
    Row(
        "DELETE /customerpayments/{payment_id}",
        ONE,
        works=says("The payment has been deleted."),
        then=(gone(ONE, "Payment"), looks(PARTLY, {"invoice.balance": 100, "invoice.status": "sent"})),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Payment"),
        status=about(
            ONE,
            ADVANCE,
            refusal(400, IN_USE, "The payment cannot be deleted, as refunds were made of it. Delete those first."),
        ),
    ),
    Row(
        "PUT /customerpayment/{payment_id}/customfields",
        "/customerpayment/$payment/customfields",
        body=[{"customfield_id": "$code_of_customer_payment", "value": "C-9"}],
        works=says("Custom Fields Updated Successfully"),
        then=looks(ONE, {"payment.custom_field_hash.cf_code": "C-9"}),
        missing=but(refusal(400, INVALID, "Invalid value passed for JSONString"), body=None),
        wrong=(bad("0.customfield_id"), bad("0.value", {}, "Code")),
        unknown=(
            *absent("Payment"),
            but(refusal(400, INVALID, "Invalid value passed for custom_fields"), body=[{"label": "No", "value": "1"}]),
        ),
    ),
)

SETTLING = (
    Row(
        "GET /invoices/{invoice_id}/payments",
        f"{PARTLY}/payments",
        works=gives({"payments.*.payment_id": ["$payment"], "payments.0.amount": 40}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice"),
        status=ANY_STATUS,
    ),
    Row(
        "DELETE /invoices/{invoice_id}/payments/{invoice_payment_id}",
        f"{PARTLY}/payments/$application",
        works=says("The payment has been deleted."),
        then=(looks(PARTLY, {"invoice.balance": 100}), looks(ONE, {"payment.unused_amount": 40})),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice", "Payment"),
        status=ANY_STATUS,
    ),
    Row(
        "GET /invoices/{invoice_id}/creditsapplied",
        "/invoices/$part_credited_invoice/creditsapplied",
        works=gives({"credits.*.creditnote_id": ["$applied_creditnote"], "credits.0.amount_applied": 30}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice"),
        status=ANY_STATUS,
    ),
    Row(
        "POST /invoices/{invoice_id}/credits",
        f"{SENT}/credits",
        body={
            "invoice_payments": [{"payment_id": "$advance", "amount_applied": 5}],
            "apply_creditnotes": [{"creditnote_id": "$open_creditnote", "amount_applied": 15}],
        },
        works=says(APPLIED, {"use_credits.apply_creditnotes.0.creditnote_id": "$open_creditnote"}),
        then=(
            looks(SENT, {"invoice.balance": 80, "invoice.payment_made": 5, "invoice.credits_applied": 15}),
            looks("/creditnotes/$open_creditnote", {"creditnote.balance": 85}),
        ),
        missing=but(refusal(400, MISSING, "Invalid value passed for apply_creditnotes"), body={}),
        wrong=(bad("invoice_payments"), bad("apply_creditnotes.0.amount_applied", "much"), NO_OBJECT),
        unknown=(
            *absent("Invoice"),
            nowhere("invoice_payments.0.payment_id", "Payment"),
            nowhere("apply_creditnotes.0.creditnote_id", "Credit note"),
        ),
        status=(about("$sent", "$void", REFUSED["void"]), about("$sent", "$paid", REFUSED["paid"])),
    ),
    Row(
        "DELETE /invoices/{invoice_id}/creditsapplied/{application_id}",
        "/invoices/$part_credited_invoice/creditsapplied/$credit",
        works=says(TAKEN_OFF),
        then=looks("/invoices/$part_credited_invoice", {"invoice.balance": 100, "invoice.status": "sent"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice", "Credit"),
        status=ANY_STATUS,
    ),
)

ROWS = (*PAYMENTS, *SETTLING)
