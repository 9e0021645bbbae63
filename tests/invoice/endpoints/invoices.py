"""Rows of what only invoices do: statuses, write-off, orders invoiced, reminders (invoice-api.md §6.1, §6.4)."""

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    NO_INPUT,
    NO_OBJECT,
    NOT_AVAILABLE,
    NOTHING_MANDATORY,
    STATUS_REFUSED,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    gives,
    in_status,
    looks,
    makes,
    nothing,
    refusal,
    says,
    without_parameter,
)
from tests.support.answers import Has

#: Action → the invoice that takes it, what the vendor says, and the statuses that refuse it.
MOVES = {
    "sent": ("draft", "Invoice status has been changed to Sent.", ("void",)),
    "void": ("sent", "Invoice status has been changed to Void.", ()),
    "draft": (
        "void",
        "Status of invoice changed from void to draft",
        ("draft", "sent", "overdue", "partially_paid", "paid"),
    ),
}
UNINVOICED = "This sales order cannot be converted to an invoice, as it is {}."
UNWRITTEN = refusal(400, STATUS_REFUSED, "Nothing of this invoice was written off.")
UNOWED = ("draft", "paid", "void")
SENT = "/invoices/$sent_invoice"
OVERDUE = "/invoices/$overdue_invoice"
ORDER = "salesorder_id=$open_salesorder"


ROWS = (
    *(
        Row(
            "POST /invoices/{invoice_id}/status/{action}",
            f"/invoices/${status}_invoice/status/{action}",
            works=says(words),
            then=looks(f"/invoices/${status}_invoice", {"invoice.status": action, "invoice.balance": 100}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Invoice"),
            status=in_status(
                f"The status of this invoice cannot be changed to {action}, as it is {{}}.",
                f"{status}_invoice",
                *refusing,
            )
            or ANY_STATUS,
        )
        for action, (status, words, refusing) in MOVES.items()
    ),
    Row(
        "POST /invoices/{invoice_id}/writeoff",
        f"{SENT}/writeoff",
        works=says("Invoice has been written off"),
        then=looks(SENT, {"invoice.status": "paid", "invoice.balance": 0, "invoice.write_off_amount": 100}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice"),
        status=in_status("This invoice cannot be written off, as it is {}.", "sent_invoice", *UNOWED),
    ),
    Row(
        "POST /invoices/{invoice_id}/writeoff/cancel",
        "/invoices/$written_off_invoice/writeoff/cancel",
        works=says("The write off done for this invoice has been cancelled."),
        then=looks("/invoices/$written_off_invoice", {"invoice.status": "sent", "invoice.balance": 100}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice"),
        status=tuple(
            about(
                "$written_off_invoice",
                f"${one}_invoice",
                refusal(400, STATUS_REFUSED, "Nothing of this invoice was written off."),
            )
            for one in ("draft", "sent", "overdue", "partially_paid", "paid", "void")
        ),
    ),
    Row(
        "POST /invoices/fromsalesorder",
        f"/invoices/fromsalesorder?{ORDER}",
        works=makes(
            "The invoice has been created.",
            {"invoice.invoice_id": "$made", "invoice.salesorder_id": "$open_salesorder", "invoice.total": 100},
        ),
        then=looks("/salesorders/$open_salesorder", {"salesorder.status": "invoiced"}),
        missing=without_parameter("salesorder_id", 4),
        wrong=bad_parameter("salesorder_id"),
        unknown=nothing("salesorder_id", "Sales order"),
        status=in_status(UNINVOICED, "open_salesorder", "draft", "invoiced", "void"),
    ),
    Row(
        "POST /invoices/mapwithorder",
        f"/invoices/mapwithorder?{ORDER}&invoice_ids=$draft_invoice",
        works=says("The invoice(s) have been mapped with the sales order."),
        then=looks("/invoices/$draft_invoice", {"invoice.salesorder_id": "$open_salesorder"}),
        missing=(without_parameter("invoice_ids"), without_parameter("salesorder_id", 4)),
        wrong=bad_parameter("invoice_ids"),
        unknown=(nothing("salesorder_id", "Sales order"), nothing("invoice_ids", "Invoice")),
        status=(
            *in_status(UNINVOICED, "open_salesorder", "draft", "invoiced", "void"),
            *in_status("A {} invoice cannot be edited.", "draft_invoice", "void"),
        ),
    ),
    Row(
        "GET /invoices/{invoice_id}/paymentreminder",
        f"{OVERDUE}/paymentreminder",
        works=gives({"data.customer_name": "Acme", "data.to_contacts.*.email": Has("jo@acme.example")}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Invoice"),
        status=ANY_STATUS,
    ),
    Row(
        "POST /invoices/{invoice_id}/paymentreminder",
        f"{OVERDUE}/paymentreminder?send_attachment=false",
        body={"subject": "Please pay"},
        works=says("Your payment reminder has been sent."),
        then=(
            looks("/settings/sentmails", {"sent_mails.0.subject": "Please pay", "sent_mails.0.entity": "reminder"}),
            looks(OVERDUE, {"invoice.reminders_sent": 1, "invoice.status": "overdue"}),
        ),
        missing=NOTHING_MANDATORY,
        wrong=(bad("to_mail_ids"), bad_parameter("send_attachment", "maybe"), NO_OBJECT),
        unknown=absent("Invoice"),
        status=in_status("No reminder can be sent for this invoice, as it is {}.", "overdue_invoice", *UNOWED),
    ),
    Row(
        "POST /invoices/paymentreminder",
        "/invoices/paymentreminder?invoice_ids=$overdue_invoice,$sent_invoice&send_attachment=false",
        works=says("Your payment reminder has been sent."),
        then=(looks(OVERDUE, {"invoice.reminders_sent": 1}), looks(SENT, {"invoice.reminders_sent": 1})),
        missing=without_parameter("invoice_ids"),
        wrong=bad_parameter("invoice_ids"),
        unknown=nothing("invoice_ids", "Invoice"),
        status=in_status("No reminder can be sent for this invoice, as it is {}.", "overdue_invoice", *UNOWED),
    ),
    *(
        Row(
            "POST /invoices/{invoice_id}/paymentreminder/{action}",
            f"{SENT}/paymentreminder/{action}",
            works=says(words),
            then=looks(SENT, {"invoice.payment_reminder_enabled": action == "enable"}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Invoice"),
            status=ANY_STATUS,
        )
        for action, words in (("enable", "Reminders enabled."), ("disable", "Reminders stopped."))
    ),
    Row(
        "GET /share/paymentlink",
        "/share/paymentlink?transaction_id=$sent_invoice&transaction_type=invoice",
        works=refusal(400, NOT_AVAILABLE, "A payment link cannot be made, as no payment gateway is set up."),
        missing=without_parameter("transaction_id", 4),
        wrong=bad_parameter("transaction_type", "wish"),
        unknown=nothing("transaction_id", "Invoice"),
        status=ANY_STATUS,
    ),
)
