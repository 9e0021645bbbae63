"""First-run matching: which records of both sides a plan takes for one, why, and what a person decides instead."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import delete, select

from connector import connections, history
from connector.database import db
from connector.fields import CRM_MODULE
from connector.models import Choice, Op
from connector.routes.runs import PageSchema
from connector.sync.reading import cursors

bp = Blueprint("pairs", __name__, url_prefix="/connection", description="Duplicates of both sides, and what is decided")

CHOICES = ("link", "apart")


class PairChoiceSchema(Schema):
    entity = fields.String(required=True, validate=validate.OneOf([*CRM_MODULE]))
    crm_id = fields.String(required=True, validate=validate.Regexp(r"^\d{1,30}$"))
    invoice_id = fields.String(required=True, validate=validate.Regexp(r"^\d{1,30}$"))
    choice = fields.String(required=True, allow_none=True, validate=validate.OneOf(CHOICES))


class PairChoicesSchema(Schema):
    pairs = fields.List(fields.Nested(PairChoiceSchema), required=True, validate=validate.Length(1, 1_000))


class MatchedPairSchema(Schema):
    """Two records, what a plan does with them and why, and what a person chose."""

    op_id = fields.Integer()
    entity = fields.String()
    name = fields.String()
    crm_id = fields.String()
    invoice_id = fields.String()
    direction = fields.String()
    kind = fields.String()
    reason = fields.String()
    target_name = fields.String(metadata={"description": "The name of the other record of the pair"})
    choice = fields.String(allow_none=True)


class MatchedPairsSchema(Schema):
    pairs = fields.List(fields.Nested(MatchedPairSchema))
    page_context = fields.Dict()


@bp.get("/runs/<int:run_id>/pairs")
@bp.arguments(PageSchema, location="query")
@bp.response(200, MatchedPairsSchema)
def list_pairs(wanted: dict[str, Any], run_id: int) -> Any:
    """The duplicates a run met, or a preview would: both records, what is done with them, why, and what was chosen."""
    connection = connections.required()
    run = history.find_run(connection, run_id)
    found = Op.target_id.is_not(None) | (Op.kind == "link")
    statement = select(Op).where(Op.run_id == run.id, Op.kind != "merge", found).order_by(Op.id)
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    chosen = {
        (row.entity, row.crm_id, row.invoice_id): row.choice
        for row in db.session.execute(select(Choice).where(Choice.connection_id == connection.id)).scalars()
    }
    return {"pairs": [_shown(row, chosen) for row in rows], "page_context": page_context}


def _shown(op: Op, chosen: dict[tuple[str, str, str], str]) -> dict[str, Any]:
    is_export = op.side == "crm"
    crm_id = str((op.target_id or op.crm_id) if is_export else op.crm_id)
    invoice_id = str(op.invoice_id if is_export or op.kind == "link" else op.target_id)
    return {
        "op_id": op.id,
        "entity": op.entity,
        "name": op.record_name,
        "crm_id": crm_id,
        "invoice_id": invoice_id,
        "direction": f"to {op.side}",
        "kind": {"create": "clone"}.get(op.kind, op.kind),
        "reason": op.reason,
        "target_name": op.target_name,
        "choice": chosen.get((op.entity, crm_id, invoice_id)),
    }


@bp.put("/pairs")
@bp.arguments(PairChoicesSchema)
@bp.response(200, PairChoicesSchema)
def choose_pairs(body: dict[str, Any]) -> Any:
    """Decides for pairs from the next plan on: `link` them, keep them `apart`, or null to leave it to the policy."""
    connection = connections.required()
    for pair in body["pairs"]:
        mine = {"connection_id": connection.id, **{name: pair[name] for name in ("entity", "crm_id", "invoice_id")}}
        if pair["choice"] is None:
            db.session.execute(delete(Choice).filter_by(**mine))
        else:
            db.session.merge(Choice(**mine, choice=pair["choice"]))
    cursors.ask_for_full(connection.id, cursors.CHOSEN)
    return body
