"""What holds for estimates: numbers, edits and deletions by status (invoice-api.md §5.4)."""

from datetime import date
from typing import Any

from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.documents import compose, history
from mock_invoice.documents.numbering import check_free, number_for
from mock_invoice.documents.status import EDITABLE_ESTIMATES
from mock_invoice.errors import InUse, InvalidValue, StatusRefused
from mock_invoice.estimates.model import Estimate
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from simulator import clock

THING = "Quote"
MODULE = "estimates"


def today() -> date:
    return clock.today(current_organization().time_zone)


def create_estimate(body: dict[str, Any], *, own_number: bool = False, send: bool = False) -> tuple[Estimate, Shown]:
    """A new estimate from a loaded body; a draft unless it is to be sent at once."""
    estimate = Estimate(is_invoiced=False, accepted_date=None, declined_date=None, client_viewed_time=None)
    compose.begin(estimate, body)
    _take_expiry(estimate, {"expiry_date": None, **body})
    estimate.number = number_for(Estimate, MODULE, body.get("estimate_number", ""), own_number)
    if send:
        estimate.move("sent", today())
    db.session.add(estimate)
    history.note(estimate, "estimate", "added", f"Quote {estimate.number} created")
    db.session.flush()
    return estimate, first_values(estimate, "estimate", body.get("custom_fields"))


def update_estimate(estimate: Estimate, body: dict[str, Any]) -> None:
    """Changes what the body names.

    Raises:
        StatusRefused: an invoiced estimate is closed.
    """
    if estimate.status(today()) not in EDITABLE_ESTIMATES:
        raise StatusRefused("An invoiced quote cannot be edited.")
    compose.change(estimate, body)
    _take_expiry(estimate, body)
    if body.get("estimate_number") and body["estimate_number"] != estimate.number:
        estimate.number = check_free(Estimate, MODULE, body["estimate_number"], estimate.id)
    history.note(estimate, "estimate", "updated", f"Quote {estimate.number} updated")
    db.session.flush()
    save_values(estimate, "estimate", body.get("custom_fields"))


def _take_expiry(estimate: Estimate, body: dict[str, Any]) -> None:
    if "expiry_date" in body:
        estimate.expiry_date = body["expiry_date"]
    if estimate.expiry_date is not None and estimate.expiry_date < estimate.date:
        raise InvalidValue("expiry_date")


def move_estimate(estimate: Estimate, action: str) -> None:
    if estimate.move(action, today()):
        history.note(estimate, "estimate", "updated", f"Quote marked as {action}")


def delete_estimate(estimate: Estimate) -> None:
    """Any but an invoiced one can be deleted. [MEM]"""
    if estimate.is_invoiced:
        raise InUse("The quote cannot be deleted, as it was converted.")
    drop_values(estimate.id)
    history.forget(estimate)
    db.session.delete(estimate)
