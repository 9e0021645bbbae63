"""Rows of what only sales orders do (invoice-api.md §7.1)."""

from tests.invoice.endpoints.rows import INVALID, NO_INPUT, Row, about, absent, in_status, looks, refusal, says

#: Action → its word, the status afterwards, and the statuses that refuse it.
MOVES = {
    "open": ("open", ("partially_invoiced", "invoiced")),
    "confirmed": ("open", ("partially_invoiced", "invoiced")),
    "void": ("void", ("partially_invoiced", "invoiced")),
}
ONE = "/salesorders/$draft_salesorder"

ROWS = (
    *(
        Row(
            "POST /salesorders/{salesorder_id}/status/{action}",
            f"{ONE}/status/{action}",
            works=says(f"Sales order status has been changed to {action.title()}."),
            then=looks(ONE, {"salesorder.status": after}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Sales order"),
            status=in_status(
                f"The status of this sales order cannot be changed to {action}, as it is {{}}.",
                "draft_salesorder",
                *refusing,
            ),
        )
        for action, (after, refusing) in MOVES.items()
    ),
    Row(
        "POST /salesorders/{salesorder_id}/substatus/{code}",
        f"{ONE}/substatus/cs_packed",
        works=says("Sales order sub-status has been changed."),
        then=looks(
            ONE, {"salesorder.current_sub_status": "cs_packed", "salesorder.current_sub_status_id": "$sub_status"}
        ),
        missing=NO_INPUT,
        wrong=about("cs_packed", "cs_none", refusal(400, INVALID, "Invalid value passed for status_code")),
        unknown=absent("Sales order"),
        status=in_status(
            "This sales order cannot be marked as Packed, as it is {}.",
            "draft_salesorder",
            *("open", "overdue", "partially_invoiced", "invoiced", "void"),
        ),
    ),
)
