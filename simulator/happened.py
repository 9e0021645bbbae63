"""What happened while a clock was moved, told to a person."""

from typing import Any

from simulator.up import aligned

#: What the kinds of events on the way of a clock are called.
HAPPENED = {
    "auto_sync": "Auto sync",
    "channel_renewal": "Notification channel renewed",
    "channel_end": "Notification channel ended",
    "token_end": "Access token ended",
    "invoice_due": "Invoice fell overdue",
    "estimate_expiry": "Estimate expired",
    "recurring_invoice": "Recurring invoice",
}


def told_each(happened: list[dict[str, Any]]) -> str:
    return aligned([(_minute(row["at"]), row["what"]) for row in happened])


def told_by_kind(happened: list[dict[str, Any]]) -> str:
    """One line for each kind of event: how often, and when first and last."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in happened:
        kinds.setdefault(row["kind"], []).append(row)
    rows = [
        (
            HAPPENED.get(kind, kind.replace("_", " ").capitalize()),
            str(sum(row["count"] for row in found)),
            _minute(found[0]["at"]),
            _minute(found[-1]["at"]) if len(found) > 1 else "",
        )
        for kind, found in kinds.items()
    ]
    return aligned([("What", "Times", "First (UTC)", "Last (UTC)"), *rows])


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
