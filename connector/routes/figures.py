"""The dashboard's figures, the potentials behind them, and the history over time (requirements D1 to D3)."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from connector import connections, dashboard, history, history_figures
from connector.database import db
from connector.models import LinkedDocument, Potential
from connector.routes.runs import PageSchema, answer
from simulator import clock

bp = Blueprint("figures", __name__, url_prefix="/connection", description="Figures of the dashboard")


class PotentialsSchema(PageSchema):
    standing = fields.String(load_default=None)
    stage = fields.String(load_default=None)
    outcome = fields.String(load_default=None)
    q = fields.String(load_default=None)
    potential_id = fields.String(load_default=None)
    without_document = fields.Boolean(load_default=False)


@bp.get("/dashboard")
def show_dashboard() -> Any:
    """All figures of the dashboard."""
    return current_app.json.response(dashboard.figures(connections.required()))


@bp.get("/potentials")
@bp.arguments(PotentialsSchema, location="query")
def list_potentials(wanted: dict[str, Any]) -> Any:
    """Potentials the integration has seen, with how each stands and its invoice."""
    connection = connections.required()
    statement = (
        select(Potential).where(Potential.connection_id == connection.id).order_by(Potential.name, Potential.crm_id)
    )
    if wanted["standing"]:
        standing = dashboard.MADE if wanted["standing"] == "created" else (wanted["standing"],)
        statement = statement.where(Potential.standing.in_(standing))
    if wanted["stage"]:
        # A deleted one stands in no stage.
        statement = statement.where(Potential.stage == wanted["stage"], Potential.outcome != "deleted")
    if wanted["outcome"]:
        statement = statement.where(Potential.outcome == wanted["outcome"])
    if wanted["q"]:
        statement = statement.where(Potential.name.icontains(wanted["q"], autoescape=True))
    if wanted["potential_id"]:
        statement = statement.where(Potential.crm_id == wanted["potential_id"])
    if wanted["without_document"]:
        statement = statement.where(Potential.document_id.is_(None))
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    documents = _documents(connection.id, [row.document_id for row in rows if row.document_id])
    found = [dashboard.shown_potential(row, documents.get(row.document_id or "")) for row in rows]
    body = {"potentials": found, "page_context": page_context, "currency_code": connection.currency_code}
    return current_app.json.response(body)


def _documents(connection_id: int, document_ids: list[str]) -> dict[str, LinkedDocument]:
    """What triggers made of the potentials; what is linked by hand stands with the linked potentials."""
    statement = select(LinkedDocument).where(
        LinkedDocument.connection_id == connection_id, LinkedDocument.document_id.in_(document_ids)
    )
    return {document.document_id: document for document in db.session.execute(statement).scalars()}


class DaysSchema(Schema):
    days = fields.Integer(load_default=30, validate=validate.Range(1, 366))


class RecordsSchema(PageSchema):
    outcome = fields.String(load_default=None, validate=validate.OneOf(history.OUTCOMES))
    entity = fields.String(load_default=None)
    reason = fields.String(load_default=None)
    date = fields.Date(load_default=None)
    since = fields.Date(load_default=None)


class HistoryFiguresSchema(Schema):
    first = fields.String(data_key="from")
    to = fields.String()
    days = fields.List(fields.Dict())
    outcomes = fields.Dict()
    failures = fields.List(fields.Dict())


class RecordsAnswerSchema(Schema):
    ops = fields.List(fields.Dict())
    page_context = fields.Dict()


@bp.get("/history")
@bp.arguments(DaysSchema, location="query")
@bp.response(200, HistoryFiguresSchema)
def show_history(wanted: dict[str, Any]) -> Any:
    """Syncs over time, records by outcome, failures by reason."""
    connection = connections.required()
    return answer(history_figures.history_figures(connection.id, clock.now(), wanted["days"]))


@bp.get("/history/records")
@bp.arguments(RecordsSchema, location="query")
@bp.response(200, RecordsAnswerSchema)
def list_records(wanted: dict[str, Any]) -> Any:
    """The records behind a figure of the history, of all syncs."""
    return answer(history_figures.list_records(connections.required().id, wanted))
