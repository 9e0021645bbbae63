"""What is done about a sync that has ended: Retry, undo, its records as a file (requirements S5, S7)."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.integration.blueprint import bp, say
from web.session import connector

#: The most ops the connector lists at once.
LISTED = 200


@bp.post("/runs/<key:run_id>/retry")
def runs_retry(run_id: str) -> ResponseReturnValue:
    """Takes failed records once more: one `op`, those of a `reason`, or all; the page of the new sync follows it."""
    return _started(run_id, "retry", _failed_ones(run_id))


@bp.post("/runs/<key:run_id>/undo")
def runs_undo(run_id: str) -> ResponseReturnValue:
    """Plans the undo of a sync; the page of that plan says what it takes back, and does it when confirmed."""
    return _started(run_id, "undo", {"preview": True})


@bp.get("/runs/<key:run_id>.csv")
def runs_csv(run_id: str) -> Response:
    """What the sync did, record by record, for a spreadsheet."""
    text = connector().download(f"/connection/runs/{run_id}/csv").body
    headers = {"Content-Disposition": f'attachment; filename="sync-{run_id}.csv"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _started(run_id: str, act: str, body: dict[str, Any]) -> ResponseReturnValue:
    try:
        run_id = connector().post(f"/connection/runs/{run_id}/{act}", body)["run"]["id"]
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.runs_record", run_id=run_id), 303)


def _failed_ones(run_id: str) -> dict[str, Any]:
    """Which of the failed records are meant; all of them when the form names none."""
    if op_id := request.form.get("op", type=int):
        return {"ops": [op_id]}
    if "reason" not in request.form:
        return {}
    wanted = {name: request.form.get(name) for name in ("entity", "reason")}
    ops: list[int] = []
    page, has_more = 1, True
    while has_more:
        found = connector().get(
            f"/connection/runs/{run_id}/ops", outcome="failed", per_page=LISTED, page=page, **wanted
        )
        ops += [int(op["id"]) for op in found["ops"]]
        page, has_more = page + 1, found["page_context"]["has_more_page"]
    return {"ops": ops}
