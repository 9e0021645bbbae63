"""The doors of estimates (invoice-api.md §5.1). The live product's messages call them quotes."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents.doors import add_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.paper_doors import on_paper, paper_answer
from mock_invoice.documents.schema import ESTIMATE
from mock_invoice.envelope import created, success
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
from mock_invoice.lists import answer_list
from mock_invoice.parsing import flag, json_body
from mock_invoice.upsert import holder_by_header

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


@bp.get("/estimates")
@needs("estimates.READ")
def list_estimates() -> Response:
    return answer_list(ESTIMATES)


@bp.get("/estimates/<estimate_id>")
@on_paper
@needs("estimates.READ")
def get_estimate(estimate_id: str) -> Response:
    estimate = find(Estimate, estimate_id, THING)
    return paper_answer(KIND, estimate) or success(estimate=estimate_detail(estimate))


@bp.post("/estimates")
@needs("estimates.CREATE")
def add_estimate() -> Response:
    return _create(json_body())


@bp.put("/estimates/<estimate_id>")
@needs("estimates.UPDATE")
def save_estimate(estimate_id: str) -> Response:
    return _update(estimate_id, json_body())


@bp.put("/estimates")
@needs("estimates.UPDATE")
def upsert_estimate() -> Response:
    body = json_body()
    holder_id = holder_by_header("estimate", body, THING)
    return _create(body) if holder_id is None else _update(holder_id, body)


def _create(body: dict[str, Any]) -> Response:
    loaded = ESTIMATE.load(body)
    own_number = flag("ignore_auto_number_generation", body)
    estimate, custom_fields = create_estimate(loaded, own_number=own_number, send=flag("send", body))
    detail = estimate_detail(estimate, custom_fields)
    return created("The quote has been created.", "estimates", estimate.id, estimate=detail)


def _update(estimate_id: str | int, body: dict[str, Any]) -> Response:
    estimate = find(Estimate, estimate_id, THING)
    update_estimate(estimate, ESTIMATE.load(body))
    return success("Quote information has been updated.", estimate=estimate_detail(estimate))


@bp.delete("/estimates/<estimate_id>")
@needs("estimates.DELETE")
def remove_estimate(estimate_id: str) -> Response:
    delete_estimate(find(Estimate, estimate_id, THING))
    return success("The quote has been deleted.")


@bp.post("/estimates/<estimate_id>/status/<any(sent,accepted,declined):action>")
@needs("estimates.CREATE")
def change_status(estimate_id: str, action: str) -> Response:
    move_estimate(find(Estimate, estimate_id, THING), action)
    db.session.flush()
    return success(f"Quote status has been changed to {action.title()}.")


add_doors(bp, KIND)
