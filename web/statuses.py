"""The words for states of records and runs, and which of the four tones each has."""

from flask import Flask

from web.i18n import _

#: status -> tone; what is not here is quiet.
TONES = {
    # invoices and estimates
    "draft": "quiet",
    "sent": "attention",
    "viewed": "attention",
    "unpaid": "attention",
    "partially_paid": "attention",
    "overdue": "bad",
    "paid": "good",
    "void": "quiet",
    "accepted": "good",
    "declined": "bad",
    "invoiced": "good",
    "expired": "quiet",
    "partially_invoiced": "attention",
    "written_off": "quiet",
    "closed": "good",
    "stopped": "quiet",
    # records
    "active": "good",
    "inactive": "quiet",
    # runs
    "queued": "quiet",
    "running": "attention",
    "done": "good",
    "failed": "bad",
    "aborted": "attention",
    "needs_confirmation": "attention",
    # operations
    "added": "good",
    "updated": "good",
    "deleted": "attention",
    "skipped": "quiet",
    "unchanged": "quiet",
    # connections
    "paused": "attention",
    "disabled": "quiet",
    "reconnect_needed": "bad",
    # notices
    "delivered": "good",
    "pending": "attention",
    "held": "attention",
    "given_up": "bad",
    # fields of a pair
    "same": "good",
    "crm_newer": "attention",
    "invoice_newer": "attention",
    "conflict": "bad",
    "kept_otherwise": "quiet",
    # links
    "linked": "good",
    "detached": "attention",
    "merged": "attention",
    # potentials
    "won": "good",
    "lost": "quiet",
    "open": "attention",
}

WORDS = {
    "partially_paid": _("Partially paid"),
    "needs_confirmation": _("Needs confirmation"),
    "reconnect_needed": _("Reconnect needed"),
    "active": _("Active"),
    "crm_newer": _("CRM newer"),
    "invoice_newer": _("Invoice newer"),
    "merged": _("Merged in Zoho CRM"),
    "tombstone": _("Deleted"),
    # acts of a sync
    "stamp": _("Tell of its CRM record"),
}


def tone(status: str) -> str:
    """good, attention, bad or quiet."""
    return TONES.get(str(status), "quiet")


def word(status: str) -> str:
    """The status as people read it."""
    text = str(status)
    return WORDS.get(text) or text.replace("_", " ").capitalize()


def register(app: Flask) -> None:
    app.jinja_env.filters["tone"] = tone
    app.jinja_env.filters["status_word"] = word
