"""Instant Sync and Show sync history (requirements S2, S5)."""

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from connector import connections, history, starting
from connector.database import db
from connector.errors import Conflicting
from connector.fields import CRM_MODULE
from connector.history_csv import csv_of
from connector.models import Op, Run
from connector.queue import enqueue, wake_triggers
from connector.routes.access import caller
from connector.sync.crash import crash_point
from connector.sync.engine import PAUSED_BY_UNDO
from connector.triggers import asking
from simulator import clock
from simulator.app import after_commit

bp = Blueprint("runs", __name__, url_prefix="/connection", description="Syncs and their history")


KINDS = ("auto", "instant", "dry", "single", "trigger", "undo")


class PageSchema(Schema):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))
    per_page = fields.Integer(load_default=50, validate=validate.Range(1, history.PAGE_LIMIT))


SECTIONS = ("contacts", "items")


class RunsSchema(PageSchema):
    section = fields.String(load_default=None, validate=validate.OneOf(SECTIONS))
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))


class OpsSchema(PageSchema):
    outcome = fields.String(load_default=None, validate=validate.OneOf(history.OUTCOMES))
    entity = fields.String(load_default=None, validate=validate.OneOf((*CRM_MODULE, "potential")))
    kind = fields.String(load_default=None)
    reason = fields.String(load_default=None)


class UndoSchema(Schema):
    preview = fields.Boolean(load_default=False)


class RetrySchema(Schema):
    ops = fields.List(fields.Integer(strict=True), load_default=None, validate=validate.Length(1, 10_000))


class StartSchema(Schema):
    section = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(SECTIONS))
    kind = fields.String(load_default="instant", validate=validate.OneOf(("instant", "dry")))
    reading = fields.String(load_default="auto", validate=validate.OneOf(("auto", "full")))


def answer(body: Any, status: int = 200) -> Any:
    response = current_app.json.response(body)
    response.status_code = status
    return response


@bp.post("/runs")
@bp.arguments(StartSchema)
def start_run(body: dict[str, Any]) -> Any:
    """Instant Sync: queues a run now, of one `section` if it says so. A `dry` one is a preview: it plans and waits.

    With the reading `full` everything is read, as it is once a day: then deletions in Invoice are found too.
    """
    is_full = body["reading"] == "full"
    run = starting.start_sync(connections.required(), body["kind"], caller()["name"], body["section"], is_full=is_full)
    _enqueue_after_commit(run)
    return answer({"run": history.shown_run(run)}, 202)


@bp.post("/runs/<int:run_id>/undo")
@bp.arguments(UndoSchema)
def undo_run(body: dict[str, Any], run_id: int) -> Any:
    """Takes back what a run did where nobody has changed it since, and pauses the sync (requirement S7)."""
    connection = connections.required()
    undone = history.find_run(connection, run_id)
    run = starting.start_undo(connection, undone, caller()["name"], is_preview=body["preview"])
    _enqueue_after_commit(run)
    said = None if body["preview"] else PAUSED_BY_UNDO
    return answer({"run": history.shown_run(run), "state": connection.state, "notice": said}, 202)


@bp.post("/runs/<int:run_id>/retry")
@bp.arguments(RetrySchema)
def retry_run(body: dict[str, Any], run_id: int) -> Any:
    """Takes the failed records of a run once more, all of them or those of some `ops`, and nothing else."""
    connection = connections.required()
    retried = history.find_run(connection, run_id)
    if retried.kind == "trigger":
        asking.retry(connection, retried, body["ops"])
        after_commit(wake_triggers)
        return answer({"run": history.shown_run(retried)}, 202)
    run = starting.start_retry(connection, retried, body["ops"], caller()["name"])
    _enqueue_after_commit(run)
    return answer({"run": history.shown_run(run)}, 202)


@bp.get("/runs/<int:run_id>/csv")
def download_run(run_id: int) -> Response:
    """What a sync did, record by record, as a file for a spreadsheet."""
    run = history.find_run(connections.required(), run_id)
    headers = {"Content-Disposition": f'attachment; filename="sync-{run.id}.csv"'}
    return Response(csv_of(run), content_type="text/csv; charset=utf-8", headers=headers)


def _enqueue_after_commit(run: Run) -> None:
    run_id = run.id

    def wake() -> None:
        crash_point("run-row")
        enqueue(run_id)

    after_commit(wake)


@bp.get("/runs")
@bp.arguments(RunsSchema, location="query")
def list_runs(wanted: dict[str, Any]) -> Any:
    """The syncs of this connection, newest first."""
    connection = connections.required()
    statement = select(Run).where(Run.connection_id == connection.id).order_by(Run.id.desc())
    if wanted["kind"]:
        statement = statement.where(Run.kind == wanted["kind"])
    if wanted["section"]:
        statement = statement.where(history.took_section(wanted["section"]))
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    return answer({"runs": [history.shown_run(run) for run in rows], "page_context": page_context})


@bp.get("/runs/<int:run_id>")
def show_run(run_id: int) -> Any:
    """One sync: totals by kind of record and direction, reasons grouped, and what is planned but not done yet."""
    run = history.find_run(connections.required(), run_id)
    totals, reasons = history.totals_of(run), history.reasons_of(run)
    return answer({"run": history.shown_run(run), "totals": totals, "reasons": reasons, "plan": history.plan_of(run)})


@bp.get("/runs/<int:run_id>/ops")
@bp.arguments(OpsSchema, location="query")
def list_ops(wanted: dict[str, Any], run_id: int) -> Any:
    """What a sync did, record by record."""
    run = history.find_run(connections.required(), run_id)
    statement = select(Op).where(Op.run_id == run.id).order_by(Op.id)
    for name in ("outcome", "entity", "kind", "reason"):
        if wanted[name]:
            statement = statement.where(getattr(Op, name) == wanted[name])
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    return answer({"ops": [history.shown_op(op) for op in rows], "page_context": page_context})


@bp.get("/ops/<int:op_id>")
def show_op(op_id: int) -> Any:
    """One record of the history with what stood there before and after."""
    return answer({"op": history.shown_op(history.find_op(connections.required(), op_id), whole=True)})


@bp.post("/runs/<int:run_id>/<any(confirm, discard):act>")
def decide_run(run_id: int, act: str) -> Any:
    """Confirm applies that very plan, discard drops it (requirement C12)."""
    connection = connections.required()
    run = history.find_run(connection, run_id)
    if run.state != "needs_confirmation":
        raise Conflicting("not_waiting", "This run does not wait for a confirmation.")
    is_planned = bool((run.counters or {}).get("planned"))
    if act == "confirm" and is_planned:
        run.state, run.reason = "queued", None
        run.kind = "instant" if run.kind == "dry" else run.kind
        if run.kind == "undo":
            run.counters = {**run.counters, "is_preview": False}
            starting.pause_for_undo(connection)
        _enqueue_after_commit(run)
    else:
        said = f"Discarded by {caller()['name']}." if is_planned else "Nothing was planned; sync again."
        run.state, run.reason, run.ended_at = "aborted", said, clock.now()
    db.session.flush()
    return answer({"run": history.shown_run(run)})
