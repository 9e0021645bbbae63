"""Connect, update credentials, pause, resume, disable, reactivate (guide: Connecting to Zoho CRM, Settings)."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from connector import connections, history
from connector.errors import Conflicting
from connector.models import Connection
from connector.peers import config, invoice_client
from connector.starting import active_run
from connector.sync.closing import failures_of

#: The CRM's own screen in its workspace: Setup, Developer Space, APIs (requirement K2).
KEY_SCREEN = "/crm/setup/developer-space/apis"

bp = Blueprint("connection", __name__, url_prefix="/connection", description="Joining the two products")


class CredentialsSchema(Schema):
    email = fields.String(required=True, validate=validate.Length(3, 100))
    zsc_key = fields.String(required=True, validate=validate.Length(8, 64))


class ConnectSchema(CredentialsSchema):
    organization_id = fields.String(load_default=None, allow_none=True)


class SwitchSchema(Schema):
    organization_id = fields.String(required=True, validate=validate.Length(1, 30))


class AnswerSchema(Schema):
    connection = fields.Dict(allow_none=True)


def shown(connection: Connection | None) -> dict[str, Any]:
    """A connection as the API answers it; no key, no token."""
    if connection is None:
        return {"connection": None}
    active = active_run(connection.id)
    return {
        "connection": {
            "id": connection.id,
            "state": connection.state,
            "problem": connection.problem,
            "attention": _attention(connection),
            "email": connection.email,
            "owner_name": connection.owner_name,
            "crm_org_name": connection.crm_org_name,
            "organization_id": connection.organization_id,
            "organization_name": connection.organization_name,
            "zsc_key_ends": connection.zsc_key_ends,
            "connected_at": connection.connected_at.isoformat(timespec="seconds"),
            "last_sync_at": _text(connection.last_sync_at),
            "next_sync_at": _text(connection.next_sync_at) if connection.state == "active" else None,
            "notified_until": connection.channel.get("expires_at"),
            "is_configured": connection.is_configured,
            "active_run": history.shown_run(active) if active else None,
        }
    }


def _attention(connection: Connection) -> dict[str, Any] | None:
    """The run that somebody has to look at: records of it have failed, or all of it (requirement S9)."""
    if connection.attention_run_id is None:
        return None
    failed = failures_of(connection.attention_run_id)
    return {"run_id": connection.attention_run_id, "failed": failed, "message": connection.problem}


def _text(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


@bp.get("")
@bp.response(200, AnswerSchema)
def show_connection() -> Any:
    """The connection of this world, or null."""
    return shown(connections.current())


@bp.post("")
@bp.arguments(ConnectSchema)
@bp.response(201, AnswerSchema)
def make_connection(body: dict[str, Any]) -> Any:
    """Checks email and ZSC key for real and connects."""
    return shown(connections.connect(body["email"], body["zsc_key"], body["organization_id"]))


@bp.put("/credentials")
@bp.arguments(CredentialsSchema)
@bp.response(200, AnswerSchema)
def update_credentials(body: dict[str, Any]) -> Any:
    """Another email or ZSC key; settings and links stay."""
    return shown(connections.update_credentials(connections.required(), body["email"], body["zsc_key"]))


@bp.post("/<any(pause, resume, disable, reactivate):act>")
@bp.response(200, AnswerSchema)
def change_state(act: str) -> Any:
    """Pause sync, resume sync, disable or reactivate the integration."""
    connection = connections.required()
    {
        "pause": connections.pause,
        "resume": connections.resume,
        "disable": connections.disable,
        "reactivate": connections.reactivate,
    }[act](connection)
    return shown(connections.required())


@bp.post("/switch")
@bp.arguments(SwitchSchema)
@bp.response(200, AnswerSchema)
def switch_organization(body: dict[str, Any]) -> Any:
    """Connects another Invoice organization; links and settings of the former are kept and come back with it."""
    connection = connections.required()
    if active_run(connection.id) is not None:
        raise Conflicting("run_under_way", "A sync is under way; it has to end first.")
    return shown(connections.switch(connection, body["organization_id"]))


class AppSchema(Schema):
    name = fields.String()
    state = fields.String()
    can_connect = fields.Boolean()
    zsc_key_url = fields.String()


class AppsSchema(Schema):
    apps = fields.List(fields.Nested(AppSchema))


@bp.get("/apps")
@bp.response(200, AppsSchema)
def list_apps() -> Any:
    """What stands under Settings, Integrations, Zoho Apps, and where the ZSC key of Zoho CRM is generated."""
    connection = connections.current()
    state = connection.state if connection else "not_connected"
    app = {
        "name": "Zoho CRM",
        "state": state,
        "can_connect": state in ("not_connected", "disabled", "reconnect_needed"),
        "zsc_key_url": f"{config().urls['web']}{KEY_SCREEN}",
    }
    return {"apps": [app]}


@bp.get("/organizations")
def list_organizations() -> Any:
    """The Invoice organizations that can be connected."""
    client = invoice_client()
    rows = client.organizations()
    names = ("organization_id", "name", "edition", "currency_code")
    return current_app.json.response({"organizations": [{name: row.get(name) for name in names} for row in rows]})
