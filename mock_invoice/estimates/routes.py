"""The doors of estimates (invoice-api.md §5.1). The live product's messages call them quotes."""

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents import own_doors
from mock_invoice.documents.doors import add_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.own_doors import Writing, sending
from mock_invoice.documents.schema import ESTIMATE
from mock_invoice.envelope import success
from mock_invoice.estimates.model import Estimate
from mock_invoice.estimates.render import ESTIMATES, estimate_detail
from mock_invoice.estimates.rules import (
    THING,
    create_estimate,
    delete_estimate,
    move_estimate,
    today,
    update_estimate,
)
from mock_invoice.find import find
from mock_invoice.openapi.words import DONE
from simulator.openapi import documented

bp = Blueprint("estimates", __name__)


def _mark_sent(estimate: Estimate) -> None:
    """Mailing a draft makes it a sent one [MEM]; an answered one stays as it is."""
    if estimate.state == "draft":
        move_estimate(estimate, "sent")


KIND = DocumentKind(
    entity="estimate",
    module="estimates",
    thing=THING,
    label="Quote",
    mailed="Your estimate has been sent.",
    model=Estimate,
    detail=estimate_detail,
    mark_sent=_mark_sent,
    closed=frozenset(("invoiced",)),
    status=lambda estimate: estimate.status(today()),
)


WRITING = Writing(
    listing=ESTIMATES,
    schema=ESTIMATE,
    create=create_estimate,
    options=sending,
    update=update_estimate,
    delete=delete_estimate,
    said=(
        "The quote has been created.",
        "Quote information has been updated.",
        "The quote has been deleted.",
    ),
)


@bp.post("/estimates/<estimate_id>/status/<any(sent,accepted,declined):action>")
@documented(_200=DONE)
@needs("estimates.CREATE")
def change_status(estimate_id: str, action: str) -> Response:
    move_estimate(find(Estimate, estimate_id, THING), action)
    db.session.flush()
    return success(f"Quote status has been changed to {action.title()}.")


own_doors.add(bp, KIND, WRITING)
add_doors(bp, KIND)
