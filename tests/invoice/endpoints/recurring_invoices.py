"""Rows of recurring invoices (invoice-api.md §7.4)."""

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOTHING_MANDATORY,
    UNKNOWN_ID,
    Own,
    Row,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    in_status,
    looks,
    makes,
    nowhere,
    refusal,
    says,
    without,
)

THING = "Recurring invoice"
ALL = "/recurringinvoices"
ONE = f"{ALL}/$active_recurring"
#: Action → the one that it changes, the status afterwards, and the message.
MOVES = {
    "stop": ("active", "stopped", "The recurring invoice has been stopped."),
    "resume": ("stopped", "active", "The recurring invoice has been activated."),
}
NEW = {
    "recurrence_name": "Cleaning",
    "customer_id": "$contact",
    "recurrence_frequency": "weeks",
    "repeat_every": 2,
    "start_date": "2090-03-01",
    "line_items": [{"item_id": "$item", "quantity": 2}],
}

ROWS = (
    Row(
        f"GET {ALL}",
        f"{ALL}?filter_by=Status.Stopped&sort_column=next_invoice_date",
        works=gives(
            {
                "recurring_invoices.*.recurring_invoice_id": ["$stopped_recurring"],
                "recurring_invoices.0.recurrence_name": "Stopped rent",
                "recurring_invoices.0.total": 100,
                "page_context.report_name": "Recurring Invoices",
            }
        ),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("filter_by", "Status.Nice"), bad_parameter("sort_column")),
        unknown=NO_ID,
        elsewhere=Own(200, {"recurring_invoices": [], "page_context.page": 1}),
    ),
    Row(
        f"POST {ALL}",
        ALL,
        body=NEW,
        works=makes(
            "The recurring invoice has been created.",
            {
                "recurring_invoice.recurring_invoice_id": "$made",
                "recurring_invoice.status": "active",
                "recurring_invoice.total": 200,
                "recurring_invoice.next_invoice_date": "2090-03-01",
            },
        ),
        then=looks(
            f"{ALL}/$made", {"recurring_invoice.repeat_every": 2, "recurring_invoice.recurrence_frequency": "weeks"}
        ),
        missing=(
            without("recurrence_name"),
            without("customer_id"),
            without("recurrence_frequency"),
            without("line_items"),
        ),
        wrong=(
            bad("start_date", "soon"),
            bad("recurrence_frequency", "fortnights"),
            bad("repeat_every", 0),
            bad("customer_id"),
            bad("line_items"),
            NO_OBJECT,
        ),
        unknown=(nowhere("customer_id", "Customer"), nowhere("line_items.0.item_id", "Item")),
        status=(
            but(
                refusal(404, UNKNOWN_ID, "The Customer is not accessible"),
                body={**NEW, "customer_id": "$inactive_contact"},
            ),
            but(
                refusal(404, UNKNOWN_ID, "The Item is not accessible"),
                body={**NEW, "line_items": [{"item_id": "$inactive_item"}]},
            ),
        ),
    ),
    Row(
        f"GET {ALL}/{{recurring_invoice_id}}",
        ONE,
        works=gives(
            {
                "recurring_invoice.recurring_invoice_id": "$active_recurring",
                "recurring_invoice.recurrence_name": "Active rent",
                "recurring_invoice.line_items.0.name": "Desk",
            }
        ),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(THING),
        status=ANY_STATUS,
    ),
    Row(
        f"PUT {ALL}/{{recurring_invoice_id}}",
        ONE,
        body={"line_items": [{"item_id": "$item", "quantity": 3}], "repeat_every": 4, "end_date": "2095-01-01"},
        works=says(
            "Recurring invoice information has been updated.",
            {"recurring_invoice.total": 300, "recurring_invoice.end_date": "2095-01-01"},
        ),
        then=looks(ONE, {"recurring_invoice.repeat_every": 4, "recurring_invoice.total": 300}),
        missing=but(refusal(400, 4, "Invalid value passed for line_items"), body={"line_items": []}),
        wrong=(bad("line_items"), bad("end_date", "never"), bad("end_date", "2001-01-01"), NO_OBJECT),
        unknown=(*absent(THING), nowhere("customer_id", "Customer"), nowhere("line_items.0.item_id", "Item")),
        status=ANY_STATUS,
    ),
    Row(
        f"DELETE {ALL}/{{recurring_invoice_id}}",
        ONE,
        works=says("The recurring invoice has been deleted."),
        then=gone(ONE, THING),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(THING),
        status=ANY_STATUS,
    ),
    *(
        Row(
            f"POST {ALL}/{{recurring_invoice_id}}/status/{{action}}",
            f"{ALL}/${before}_recurring/status/{action}",
            works=says(message),
            then=looks(f"{ALL}/${before}_recurring", {"recurring_invoice.status": after}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent(THING),
            status=in_status(
                f"The status of this recurring invoice cannot be changed to {after}, as it is {{}}.",
                f"{before}_recurring",
                "expired",
            ),
        )
        for action, (before, after, message) in MOVES.items()
    ),
    Row(
        f"PUT {ALL}/{{recurring_invoice_id}}/templates/{{template_id}}",
        f"{ONE}/templates/$spreadsheet",
        works=says("Recurring invoice information has been updated."),
        then=looks(ONE, {"recurring_invoice.template_id": "$spreadsheet"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(THING, "Template"),
        status=ANY_STATUS,
    ),
    Row(
        f"GET {ALL}/{{recurring_invoice_id}}/comments",
        f"{ONE}/comments",
        works=gives({"comments.0.description": "Recurring invoice Active rent created"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(THING),
        status=ANY_STATUS,
    ),
)
