"""What the two products send us: change notices of the CRM, and Invoice's wish to have one CRM record fetched."""

from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select

from connector import connections
from connector.database import db
from connector.models import Connection
from connector.routes import access
from connector.sync.catch_up import NOTICE_SIZE, new_notice
from connector.sync.crash import crash_point
from connector.sync.single import fetch_now
from simulator import context, wire
from simulator.app import after_commit

bp = Blueprint("incoming", __name__)

KINDS = {"account": "account", "contact": "contact", "item": "product"}


@bp.post("/notifications/<world>/<channel_id>")
def receive_notice(world: str, channel_id: str) -> Response:
    """Keeps a change notice and says thanks; it is only a hint, so nothing of it is trusted but the ids."""
    body = _body()
    connection = _connection_of(channel_id) if context.has_world() else None
    if connection is None or not compare_digest(str(body.get("token", "")), connection.channel["token"]):
        return wire.reply({"code": "unknown_channel", "message": "No such channel, or not its token."}, 404)
    crm_ids = [str(crm_id) for crm_id in body.get("ids", []) if str(crm_id).isdigit()]
    crash_point("notice-received")
    if body.get("module") == "Deals" and connection.state in ("active", "paused"):
        for start in range(0, len(crm_ids), NOTICE_SIZE):
            operation = str(body.get("operation", ""))[:10]
            db.session.add(new_notice(connection.id, operation, crm_ids[start : start + NOTICE_SIZE]))
        worker = current_app.extensions.get("worker")
        if worker is not None:
            after_commit(worker.wake_triggers)
        after_commit(lambda: crash_point("notice-queued"))
    return wire.reply({"code": "received"})


@bp.post("/hooks/<world>/import/<any(account, contact, item):kind>/<crm_id>")
def fetch_single(world: str, kind: str, crm_id: str) -> Response:
    """Fetch this contact from Zoho CRM: one record, at once (requirement W3); answers its id in Invoice."""
    connection = connections.current() if context.has_world() else None
    given = request.headers.get("Authorization", "").rpartition(" ")[2]
    if connection is None or not compare_digest(given, connection.hook_secret):
        return wire.reply({"code": "unknown_hook", "message": "No such hook, or not its secret."}, 404)
    if connection.state not in ("active", "paused"):
        return wire.reply({"code": connection.state, "message": "The integration is switched off."}, 409)
    connection_id = connection.id
    db.session.rollback()
    invoice_id = fetch_now(access.app(), world, connection_id, KINDS[kind], crm_id)
    if invoice_id is None:
        return wire.reply({"code": "not_fetched", "message": "The record was not fetched; the history says why."}, 409)
    return wire.reply({"code": "fetched", "item_id" if kind == "item" else "contact_id": invoice_id})


def _body() -> dict[str, Any]:
    try:
        body = wire.loads(request.get_data())
    except ValueError:
        return {}
    if not isinstance(body, dict) or not isinstance(body.get("ids", []), list):
        return {}
    return body


def _connection_of(channel_id: str) -> Connection | None:
    rows = db.session.execute(select(Connection)).scalars()
    return next((row for row in rows if row.channel["channel_id"] == channel_id), None)
