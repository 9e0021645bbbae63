"""Link Potential and Dissociate on a transaction, called with the Invoice user's token (requirements L1 to L6)."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from connector import linking
from connector.documents import ANY_KIND, KINDS
from connector.routes.access import caller_token
from connector.routes.runs import PageSchema, answer

bp = Blueprint("linking", __name__, url_prefix="/linking", description="Potentials on transactions")

DOCUMENT = f"/<{ANY_KIND}:kind>/<document_id>"


class PotentialSchema(Schema):
    potential_id = fields.String()
    name = fields.String(allow_none=True)
    stage = fields.String(allow_none=True)
    amount = fields.Decimal(allow_none=True)
    closing_date = fields.String(allow_none=True)


class MissingSchema(Schema):
    code = fields.String()
    message = fields.String()


class PrerequisitesSchema(Schema):
    available = fields.Boolean()
    missing = fields.List(fields.Nested(MissingSchema))


class WantedSchema(PageSchema):
    customer_id = fields.String(required=True)
    q = fields.String(load_default="", validate=validate.Length(0, 100))


class PotentialsSchema(Schema):
    potentials = fields.List(fields.Nested(PotentialSchema))
    page_context = fields.Dict()
    problem = fields.String(allow_none=True)


class LinkSchema(Schema):
    document_id = fields.String()
    kind = fields.String(validate=validate.OneOf([*KINDS]))
    customer_id = fields.String()
    potential = fields.Nested(PotentialSchema, allow_none=True)
    state = fields.String(allow_none=True, validate=validate.OneOf(("linked", linking.POTENTIAL_DELETED)))
    by_trigger = fields.Boolean()
    can_dissociate = fields.Boolean()


class ChosenSchema(Schema):
    potential_id = fields.String(required=True, validate=validate.Length(1, 30))


class CustomerSchema(Schema):
    customer_id = fields.String(required=True, validate=validate.Length(1, 30))
    drop_link = fields.Boolean(load_default=False)


@bp.get("")
@bp.response(200, PrerequisitesSchema)
def show_prerequisites() -> Any:
    """Whether Link Potential can be offered, and what is missing else."""
    return answer(linking.prerequisites(caller_token()))


@bp.get("/potentials")
@bp.arguments(WantedSchema, location="query")
@bp.response(200, PotentialsSchema)
def list_potentials(wanted: dict[str, Any]) -> Any:
    """The potentials of a transaction's customer."""
    return answer(linking.list_potentials(caller_token(), **_renamed(wanted)))


def _renamed(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"contact_id": wanted["customer_id"], **{name: wanted[name] for name in ("q", "page", "per_page")}}


@bp.get(DOCUMENT)
@bp.response(200, LinkSchema)
def show_link(kind: str, document_id: str) -> Any:
    """The potential a document is linked with."""
    return answer(linking.show_link(caller_token(), KINDS[kind], document_id))


@bp.put(DOCUMENT)
@bp.arguments(ChosenSchema)
@bp.response(200, LinkSchema)
def link_potential(body: dict[str, Any], kind: str, document_id: str) -> Any:
    """Link Potential."""
    return answer(linking.link_potential(caller_token(), KINDS[kind], document_id, body["potential_id"]))


@bp.delete(DOCUMENT)
@bp.response(200, LinkSchema)
def dissociate(kind: str, document_id: str) -> Any:
    """Dissociate; refused for links made by a trigger."""
    return answer(linking.dissociate(caller_token(), KINDS[kind], document_id))


@bp.put(f"{DOCUMENT}/customer")
@bp.arguments(CustomerSchema)
@bp.response(200, LinkSchema)
def change_customer(body: dict[str, Any], kind: str, document_id: str) -> Any:
    """Another customer; with `drop_link` a link with the former one's potential goes."""
    wanted, drop_link = body["customer_id"], body["drop_link"]
    return answer(linking.change_customer(caller_token(), KINDS[kind], document_id, wanted, drop_link))
