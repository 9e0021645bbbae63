"""`/__composite_requests`: sub-requests run through the same application, in one transaction (crm-api.md §7.3)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from mock_crm.access import needs
from mock_crm.composite.errors import ProcessingStopped, RollbackPerformed
from mock_crm.composite.given import KEY, SubRequest, check_flags, in_order, sub_requests
from mock_crm.composite.references import Answers, resolved
from mock_crm.database import db
from mock_crm.envelope import body, success
from mock_crm.errors import CrmError, NotSupported
from mock_crm.notifications import owed
from simulator import wire
from simulator.accounts.caller import token_of_request
from simulator.openapi import documented

bp = Blueprint("composite", __name__)

DONE = "composite sub request executed successfully"
#: What cannot be a part of a composite request: itself, files, jobs; and deleting without an id in the address.
NOT_SUPPORTED = ("/__composite_requests", "/upload", "/Attachments", "/photo", "/files")
ALL_OF_A_MODULE = "/crm/<version>/<module>"


@bp.post("/__composite_requests")
@needs("composite_requests.CUSTOM")
@documented(body="SubRequests", _200="SubAnswers", _207="SubAnswers")
def run_composite() -> Response:
    """200 when all were carried out, whatever they answered, 207 when some were, 400 when none or all rolled back."""
    given = body()
    rolls_back = check_flags(given)
    subs = sub_requests(given)
    outcomes = _carried_out(in_order(subs), rolls_back)
    shown = [outcome.body() if isinstance(outcome, CrmError) else outcome for _, outcome in sorted(outcomes.items())]
    refused = sum(isinstance(outcome, CrmError) for outcome in outcomes.values())
    is_undone = rolls_back and any(_has_failed(outcome) for outcome in outcomes.values())
    status = 400 if is_undone or refused == len(subs) else 207 if refused else 200
    return wire.reply({KEY: shown}, status)


def _carried_out(subs: list[SubRequest], rolls_back: bool) -> dict[int, Any]:
    """What became of each sub-request, by its place."""
    answers: Answers = {}
    outcomes: dict[int, Any] = {}
    for sub in subs:
        outcome = _outcome(sub, answers)
        if rolls_back and _has_failed(outcome):
            undone = {place: RollbackPerformed(sub.place) for place in outcomes}
            stopped = {other.place: ProcessingStopped() for other in subs if other.place not in undone}
            return {**stopped, **undone, sub.place: outcome}
        outcomes[sub.place] = outcome
    return outcomes


def _has_failed(outcome: Any) -> bool:
    """From memory: a sub-request of which a part failed (207) counts as failed."""
    if isinstance(outcome, CrmError):
        return True
    status: int = outcome["details"]["response"]["status_code"]
    return status == 207 or status >= 400


def _outcome(sub: SubRequest, answers: Answers) -> Any:
    if sub.error is not None:
        return sub.error
    try:
        response = _answer(sub, answers)
    except CrmError as error:
        return error
    shown = wire.loads(response.get_data()) if response.get_data() else None
    answers[sub.name] = shown
    told = {"status_code": response.status_code, "headers": dict(response.headers), "body": shown}
    return success({"response": told}, DONE)


def _answer(sub: SubRequest, answers: Answers) -> Response:
    """Carries a sub-request out; what it wrote is undone when it is refused.

    Raises:
        InvalidReference, NotSupported: when it cannot be.
    """
    path = f"$.{KEY}[{sub.place}]"
    uri = urlsplit(str(resolved(sub.uri, answers, f"{path}.uri")))
    params = MultiDict(parse_qsl(uri.query, keep_blank_values=True))
    params.update({key: _param(value) for key, value in resolved(sub.params, answers, f"{path}.params").items()})
    headers = Headers([(key, str(value)) for key, value in resolved(sub.headers, answers, f"{path}.headers").items()])
    headers["Authorization"] = f"Zoho-oauthtoken {token_of_request()}"
    sent = resolved(sub.body, answers, f"{path}.body")
    builder = EnvironBuilder(
        path=uri.path,
        base_url=request.host_url,
        method=sub.method,
        query_string=params,
        headers=headers,
        data=None if sent is None else wire.dumps(sent),
    )
    is_fine, before, savepoint = False, owed.kept(), db.session.begin_nested()
    try:
        response = _dispatched(builder.get_environ(), path)
        is_fine = response.status_code < 400
    finally:
        if is_fine:
            savepoint.commit()
        else:
            savepoint.rollback()
            owed.go_back(before)
    return response


def _param(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _dispatched(environ: dict[str, Any], path: str) -> Response:
    """The answer of the route, which finds its own request, and the session and transaction of this one.

    Raises:
        NotSupported: for what is none of a composite request's parts.
    """
    app, outer = current_app._get_current_object(), g._get_current_object()  # type: ignore[attr-defined]
    kept = {name: g.get(name) for name in ("version", "version_name", "caller", "user")}
    with app.request_context(environ):
        assert g._get_current_object() is outer, "a sub-request shares the transaction"  # type: ignore[attr-defined]
        _refuse_unsupported(path)
        g.is_sub_request = True
        try:
            answered = app.preprocess_request()
            response = app.make_response(app.dispatch_request() if answered is None else answered)
        except (CrmError, HTTPException) as error:
            response = app.make_response(app.handle_user_exception(error))
        finally:
            g.is_sub_request = False
            for name, value in kept.items():
                setattr(g, name, value)
    if response.status_code < 400 and response.get_data() and not response.is_json:
        raise NotSupported({"api_name": "uri", "json_path": f"{path}.uri"})
    return response


def _refuse_unsupported(path: str) -> None:
    """
    Raises:
        NotSupported: for what is none of a composite request's parts.
    """
    rule = request.url_rule.rule if request.url_rule is not None else ""
    deletes_many = request.method == "DELETE" and rule == ALL_OF_A_MODULE
    is_other = any(part.lower() in request.path.lower() for part in NOT_SUPPORTED)
    if is_other or deletes_many or request.path.startswith("/crm/bulk/"):
        raise NotSupported({"api_name": "uri", "json_path": f"{path}.uri"})
