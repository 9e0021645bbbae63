"""The CRM beside a transaction of Invoice: side panel and Search in Zoho CRM (requirements W1, W2)."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from connector import panel
from connector.routes.access import app, caller_token
from connector.routes.linking import PotentialSchema
from connector.routes.runs import answer

bp = Blueprint("panel", __name__, url_prefix="/panel", description="Zoho CRM inside Zoho Invoice")


class PanelSchema(Schema):
    contact_id = fields.String()
    module = fields.String()
    record = fields.Dict(allow_none=True)
    potentials = fields.List(fields.Nested(PotentialSchema))
    page_context = fields.Dict()
    problem = fields.String(allow_none=True)


class SearchSchema(Schema):
    q = fields.String(required=True, validate=validate.Length(1, 100))


class FoundPersonSchema(Schema):
    crm_contact_id = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    account_id = fields.String(allow_none=True)
    account_name = fields.String(allow_none=True)
    contact_id = fields.String(allow_none=True)
    contact_person_id = fields.String(allow_none=True)


class FoundAccountSchema(Schema):
    account_id = fields.String()
    name = fields.String()
    phone = fields.String(allow_none=True)
    contact_id = fields.String(allow_none=True)
    contacts = fields.List(fields.Nested(FoundPersonSchema))


class FoundSchema(Schema):
    module = fields.String()
    accounts = fields.List(fields.Nested(FoundAccountSchema))
    contacts = fields.List(fields.Nested(FoundPersonSchema))


class PickSchema(Schema):
    """What was picked: one account or one contact of the CRM."""

    account_id = fields.String(validate=validate.Length(1, 30))
    crm_contact_id = fields.String(validate=validate.Length(1, 30))

    @validates_schema
    def check(self, body: dict[str, Any], **_: Any) -> None:
        if len(body) != 1:
            raise ValidationError("Say either account_id or crm_contact_id.", "account_id")


class PickedSchema(Schema):
    contact_id = fields.String()
    contact_name = fields.String()
    contact_person_id = fields.String(allow_none=True)


@bp.get("/contacts/<contact_id>")
@bp.response(200, PanelSchema)
def show_panel(contact_id: str) -> Any:
    """What Zoho CRM knows of a customer, and his potentials."""
    return answer(panel.side_panel(caller_token(), contact_id))


@bp.get("/search")
@bp.arguments(SearchSchema, location="query")
@bp.response(200, FoundSchema)
def search(wanted: dict[str, Any]) -> Any:
    """Search in Zoho CRM."""
    return answer(panel.search(caller_token(), wanted["q"]))


@bp.post("/fetch")
@bp.arguments(PickSchema)
@bp.response(200, PickedSchema)
def fetch(body: dict[str, Any]) -> Any:
    """Fetches what was picked into Invoice at once."""
    kind = "account" if "account_id" in body else "contact"
    return answer(panel.pick(app(), caller_token(), kind, next(iter(body.values()))))
