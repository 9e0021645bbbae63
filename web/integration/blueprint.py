"""The blueprint of the integration's pages, and the few things all of them ask for."""

from typing import Any

from flask import Blueprint, flash, request

from web.errors import Refused
from web.i18n import _
from web.session import connector

bp = Blueprint("integration", __name__, url_prefix="/integration", template_folder="templates")

ENTITIES = {
    "account": _("Accounts"),
    "contact": _("Contacts"),
    "customer": _("Contacts"),
    "product": _("Items"),
    "item": _("Items"),
    "potential": _("Potentials"),
}
OUTCOMES = ("added", "updated", "deleted", "skipped", "failed")


def connection() -> dict[str, Any] | None:
    """The connection of the person's organization, or None when there is none."""
    found = connector().get("/connection")["connection"]
    return dict(found) if found else None


def page_number() -> int:
    """The page of a list the address asks for."""
    return max(request.args.get("page", 1, type=int), 1)


def one_of(value: str | None, known: tuple[str, ...]) -> str | None:
    """The value if it is a known one, so that an address cannot ask for more than the page offers."""
    return value if value in known else None


def say(error: Refused) -> None:
    """Tells a refusal of an action on the page one comes back to."""
    flash(error.message, "bad")


def direction_of(value: str) -> str:
    """Which way records went, in words."""
    to_crm = value in ("crm", "to crm", "invoice_to_crm")
    return _("Zoho Invoice → Zoho CRM") if to_crm else _("Zoho CRM → Zoho Invoice")


@bp.context_processor
def words() -> dict[str, Any]:
    return {"entities": ENTITIES, "outcomes": OUTCOMES, "direction_of": direction_of, "sync_kinds": SYNC_KINDS}


SYNC_KINDS = {
    "auto": _("Auto sync"),
    "instant": _("Instant Sync"),
    "dry": _("Preview"),
    "single": _("Fetch this contact"),
    "trigger": _("Trigger"),
    "undo": _("Undo"),
}
