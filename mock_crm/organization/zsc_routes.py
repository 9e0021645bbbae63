"""Setup → Developer Space → APIs: the ZSC key, and which products came in with it. All of it is ours (§2.6)."""

from typing import Any

from flask import Blueprint, Response

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.envelope import nothing
from mock_crm.openapi.schemas import listed
from mock_crm.organization import zsc_key
from mock_crm.organization.model import ZscKey
from mock_crm.organization.permissions import DEVELOPER_SPACE
from mock_crm.records.values import shown_moment
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("zsc", __name__)


@bp.get("/settings/zsc_key")
@needs("settings.zsc_key.READ", permission=DEVELOPER_SPACE)
@documented(_200="ZscKey")
def show_key() -> Response:
    key = zsc_key.live_key()
    return wire.reply({"zsc_key": _shown(key) if key is not None else None})


@bp.post("/settings/zsc_key")
@needs("settings.zsc_key.CREATE", permission=DEVELOPER_SPACE)
@documented(_201="NewZscKey")
def generate_key() -> Response:
    """The key is shown in full this once."""
    secret = zsc_key.generate(access.user())
    key = zsc_key.live_key()
    assert key is not None
    return wire.reply({"zsc_key": {"key": secret, **_shown(key)}}, 201)


@bp.delete("/settings/zsc_key")
@needs("settings.zsc_key.DELETE", permission=DEVELOPER_SPACE)
@documented(_204=None)
def revoke_key() -> Response:
    zsc_key.end_live_key()
    return nothing()


@bp.get("/settings/integrations")
@needs("settings.integrations.READ")
@documented(_200=listed("integrations", "Integration"))
def list_integrations() -> Response:
    """Which products are connected (requirement K5); every user may know, the screens of records depend on it."""
    people = state.people()
    connections = zsc_key.connections_of(zsc_key.live_key())
    integrations = [
        {
            "product": connection.product,
            "name": zsc_key.shown_connection(connection)["name"],
            "organization": connection.organization,
            "email": people.users[connection.user_id].email,
            "connected_time": shown_moment(connection.connected_time, people.company.zone),
        }
        for connection in connections
    ]
    return wire.reply({"integrations": integrations})


def _shown(key: ZscKey) -> dict[str, Any]:
    people = state.people()
    return {
        "ends": f"…{key.ends}",
        "generated_by": people.users[key.generated_by].named(),
        "generated_time": shown_moment(key.generated_time, people.company.zone),
        "connections": [zsc_key.shown_connection(connection) for connection in zsc_key.connections_of(key)],
    }
