"""Rows of what only estimates do (invoice-api.md §5.4)."""

from tests.invoice.endpoints.rows import NO_INPUT, Row, absent, in_status, looks, says

#: Action → the estimate that takes it, and the statuses that refuse it.
MOVES = {
    "sent": ("draft", ("accepted", "declined", "invoiced")),
    "accepted": ("sent", ("draft", "accepted", "invoiced")),
    "declined": ("sent", ("draft", "declined", "invoiced")),
}

ROWS = tuple(
    Row(
        "POST /estimates/{estimate_id}/status/{action}",
        f"/estimates/${status}_estimate/status/{action}",
        works=says(f"Quote status has been changed to {action.title()}."),
        then=looks(f"/estimates/${status}_estimate", {"estimate.status": action}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Quote"),
        status=in_status(
            f"The status of this quote cannot be changed to {action}, as it is {{}}.", f"{status}_estimate", *refusing
        ),
    )
    for action, (status, refusing) in MOVES.items()
)
