"""The dashboard's figures and the potentials behind them (requirements D1 to D3)."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import fields
from sqlalchemy import select

from connector import connections, dashboard, history
from connector.database import db
from connector.models import LinkedDocument, Potential
from connector.routes.runs import PageSchema

bp = Blueprint("figures", __name__, url_prefix="/connection", description="Figures of the dashboard")


class PotentialsSchema(PageSchema):
    standing = fields.String(load_default=None)
    stage = fields.String(load_default=None)
    outcome = fields.String(load_default=None)
    q = fields.String(load_default=None)
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
    for name in ("stage", "outcome"):
        if wanted[name]:
            statement = statement.where(getattr(Potential, name) == wanted[name])
    if wanted["q"]:
        statement = statement.where(Potential.name.icontains(wanted["q"], autoescape=True))
    if wanted["without_document"]:
        statement = statement.where(Potential.document_id.is_(None))
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    documents = _documents(connection.id, [row.crm_id for row in rows])
    found = [dashboard.shown_potential(row, documents.get(row.crm_id)) for row in rows]
    body = {"potentials": found, "page_context": page_context, "currency_code": connection.currency_code}
    return current_app.json.response(body)


def _documents(connection_id: int, potential_ids: list[str]) -> dict[str, LinkedDocument]:
    statement = select(LinkedDocument).where(
        LinkedDocument.connection_id == connection_id, LinkedDocument.potential_id.in_(potential_ids)
    )
    return {document.potential_id: document for document in db.session.execute(statement).scalars()}
