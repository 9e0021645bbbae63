"""The doors of estimates (invoice-api.md §5.1). The live product's messages call them quotes."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents import mail
from mock_invoice.documents.schema import ESTIMATE
from mock_invoice.envelope import created, success
from mock_invoice.estimates.model import Estimate
from mock_invoice.estimates.render import ESTIMATES, estimate_detail
from mock_invoice.estimates.rules import THING, create_estimate, delete_estimate, today, update_estimate
from mock_invoice.find import find
from mock_invoice.lists import answer_list
from mock_invoice.parsing import flag, json_array, json_body
from mock_invoice.settings.custom_fields import save_values
from mock_invoice.upsert import holder_by_header

bp = Blueprint("estimates", __name__)


@bp.get("/estimates")
@needs("estimates.READ")
def list_estimates() -> Response:
    return answer_list(ESTIMATES)


@bp.get("/estimates/<estimate_id>")
@needs("estimates.READ")
def get_estimate(estimate_id: str) -> Response:
    return success(estimate=estimate_detail(find(Estimate, estimate_id, THING)))


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


@bp.put("/estimate/<estimate_id>/customfields")
@needs("estimates.UPDATE")
def save_custom_fields(estimate_id: str) -> Response:
    estimate = find(Estimate, estimate_id, THING)
    save_values(estimate, "estimate", json_array())
    estimate.touch()
    return success("Custom Fields Updated Successfully")


@bp.delete("/estimates/<estimate_id>")
@needs("estimates.DELETE")
def remove_estimate(estimate_id: str) -> Response:
    delete_estimate(find(Estimate, estimate_id, THING))
    return success("The quote has been deleted.")


@bp.post("/estimates/<estimate_id>/status/<any(sent,accepted,declined):action>")
@needs("estimates.CREATE")
def move_estimate(estimate_id: str, action: str) -> Response:
    find(Estimate, estimate_id, THING).move(action, today())
    db.session.flush()
    return success(f"Quote status has been changed to {action.title()}.")


@bp.get("/estimates/<estimate_id>/email")
@needs("estimates.READ")
def show_mail(estimate_id: str) -> Response:
    estimate = find(Estimate, estimate_id, THING)
    return success(data=mail.content(estimate, "Quote"))


@bp.post("/estimates/<estimate_id>/email")
@needs("estimates.CREATE")
def send_mail(estimate_id: str) -> Response:
    """Mailing a draft makes it a sent one [MEM]; an answered one stays as it is."""
    estimate = find(Estimate, estimate_id, THING)
    if estimate.state == "draft":
        estimate.move("sent", today())
    mail.send("estimate", "Quote", estimate, json_body())
    return success("Your estimate has been sent.")
