"""Linked potentials on the dashboard (requirement D1), called by users of Zoho Invoice."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from connector import connections
from connector.asking import hurried_peers, working_connection
from connector.database import db
from connector.documents import KINDS
from connector.linked.figures import STANDINGS, crm_pipeline, linked_figures, list_linked
from connector.linked.refresh import refresh
from connector.routes.runs import PageSchema, answer

bp = Blueprint("linked", __name__, url_prefix="/connection/linked", description="Linked potentials")


class WantedSchema(PageSchema):
    stage = fields.String(load_default=None)
    standing = fields.String(load_default=None, validate=validate.OneOf(STANDINGS))
    documents = fields.String(
        load_default=None,
        validate=validate.OneOf(tuple(KINDS)),
        metadata={"description": "Only those with a document of this kind; the status and currency are its own."},
    )
    status = fields.String(load_default=None)
    currency_code = fields.String(load_default=None)
    q = fields.String(load_default=None)


class LinkedStageSchema(Schema):
    stage = fields.String()
    probability = fields.Integer(allow_none=True)
    count = fields.Integer()
    amount = fields.Decimal()
    documents = fields.List(fields.Dict())


class LinkedFiguresSchema(Schema):
    as_of = fields.String(allow_none=True)
    stages = fields.List(fields.Nested(LinkedStageSchema))
    won_not_invoiced = fields.Dict()
    invoiced_not_paid = fields.Dict()
    deleted = fields.Dict()


class LinkedPotentialsSchema(Schema):
    potentials = fields.List(fields.Dict())
    page_context = fields.Dict()
    as_of = fields.String(allow_none=True)


class CrmPipelineSchema(Schema):
    pipeline = fields.List(fields.Dict(), allow_none=True)
    problem = fields.String(allow_none=True)


class RefreshedSchema(Schema):
    complete = fields.Boolean()


@bp.get("/figures")
@bp.response(200, LinkedFiguresSchema)
def show_figures() -> Any:
    """By stage with estimates, sales orders and invoices; won but not invoiced; invoiced but not paid."""
    return answer(linked_figures(connections.required().id))


@bp.get("")
@bp.arguments(WantedSchema, location="query")
@bp.response(200, LinkedPotentialsSchema)
def list_potentials(wanted: dict[str, Any]) -> Any:
    """Linked potentials, each with its documents."""
    return answer(list_linked(connections.required().id, wanted))


@bp.get("/pipeline")
@bp.response(200, CrmPipelineSchema)
def show_pipeline() -> Any:
    """All potentials of the CRM by stage, linked or not."""
    peers = hurried_peers(working_connection())
    db.session.rollback()
    return answer(crm_pipeline(peers))


@bp.post("/refresh")
@bp.response(200, RefreshedSchema)
def refresh_linked() -> Any:
    """Reads anew what changed in either product; asks to be called again while it is not complete."""
    connection_id = working_connection().id
    db.session.rollback()
    return answer({"complete": refresh(connection_id)})
