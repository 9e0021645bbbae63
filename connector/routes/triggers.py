"""What a person asks of triggers: create again, apply to potentials that were won before (requirements G8, G11)."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from connector import connections
from connector.queue import wake_triggers
from connector.triggers import asking
from simulator.app import after_commit

bp = Blueprint("triggers", __name__, url_prefix="/connection/potentials", description="Asked of triggers")


class CountSchema(Schema):
    count = fields.Integer(required=True, strict=True, validate=validate.Range(1))


@bp.post("/<crm_id>/<any(create_again, apply):act>")
def ask_for_one(crm_id: str, act: str) -> Any:
    """Makes a document again that was deleted by hand, or applies what was not done unasked."""
    {"create_again": asking.create_again, "apply": asking.apply}[act](connections.required(), crm_id)
    return _asked()


@bp.get("/won")
def count_won() -> Any:
    """How many potentials are won without a document, and which."""
    won = asking.won_without_document(connections.required())
    return current_app.json.response({"count": len(won), "potentials": won})


@bp.post("/won/apply")
@bp.arguments(CountSchema)
def apply_to_won(body: dict[str, Any]) -> Any:
    """Apply to N won potentials; the number has to be the one that was shown."""
    asking.apply_to_won(connections.required(), body["count"])
    return _asked()


def _asked() -> Any:
    after_commit(wake_triggers)
    answer = current_app.json.response({"code": "asked"})
    answer.status_code = 202
    return answer
