"""The integration between Zoho CRM and Zoho Invoice: connection, settings, mapping, sync engine, triggers, history."""

import os
from typing import Any

from flask import Flask, Response
from flask_smorest import Api
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException

from connector.database import db
from connector.errors import ConnectorError, NotConnected, PeerUnavailable
from connector.models import Notice, Run
from connector.peers import KnownPeers
from connector.queue import make_huey
from connector.routes import access, connection, figures, incoming, links, pairs, runs, section, settings, triggers
from connector.routes.callers import Callers
from connector.routes.linked import bp as linked_bp
from connector.routes.linking import bp as linking_bp
from connector.routes.panel import bp as panel_bp
from connector.scenario import load_scenario
from connector.schedule import due_events
from connector.sync import crash
from connector.sync.pausing import PAUSE_SYNC
from connector.worker import Worker
from simulator import switches, wire
from simulator.app import create_service
from simulator.clients.base import Refusal, SignInRefused
from simulator.config import Config
from simulator.http import PeerError

BLUEPRINTS = (
    connection.bp,
    settings.bp,
    runs.bp,
    links.bp,
    pairs.bp,
    figures.bp,
    triggers.bp,
    section.bp,
    panel_bp,
    linking_bp,
    linked_bp,
)


class ConnectorApi(Api):
    """flask-smorest with errors in the connector's one shape: code, message, field, details."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        data = getattr(error, "data", None) or {}
        messages = data.get("messages", {})
        code = {404: "not_found", 405: "not_allowed_here", 422: "bad_request"}.get(error.code or 500, "bad_request")
        field = _first_field(messages)
        said = f"{field}: {_first_words(messages)}" if field else str(error.description or error.name)
        return _reply(code, said, error.code or 500, field, {"errors": messages} if messages else {})


def create_app(config: Config | None = None) -> Flask:
    """The connector; with `config.background` its worker runs in threads of this process."""
    config = config or Config.from_environment("connector")
    crash.arm(os.environ.get("SIMULATOR_CRASH_AT", ""))
    app = create_service(__name__, config, db=db, seed=load_scenario, world_paths=("notifications", "hooks"))
    app.config.update(
        API_TITLE="Connector of Zoho CRM and Zoho Invoice",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.extensions.update(peers=KnownPeers(), huey=make_huey(config))
    app.extensions["busy_reasons"].append(_busy_with)
    app.extensions["can_be_held"] = True
    app.extensions["due_events"].append(due_events)
    app.extensions["callers"] = Callers()
    switches.offer(app, PAUSE_SYNC)
    app.before_request(access.admit)
    api = ConnectorApi(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(incoming.bp)
    app.register_error_handler(ConnectorError, _answer_refusal)
    app.register_error_handler(PeerError, _answer_peer_error)
    if config.background:
        app.extensions["worker"] = worker = Worker(app)
        app.extensions["clock_moved"].append(lambda _: worker.wake_triggers())
        worker.start()
    return app


def _busy_with() -> str | None:
    """What is under way in the world in context, if anything; a reset waits for it."""
    run = db.session.execute(select(Run).where(Run.state.in_(("queued", "running"))).limit(1)).scalar()
    if run is not None:
        # How far it is: who waits for it can tell a long sync from one that is stuck.
        return f"a sync is under way ({run.phase or run.state}, {run.done} of {run.total})"
    waiting = db.session.execute(select(func.count()).where(Notice.state == "waiting")).scalar_one()
    return f"{waiting} change notices wait" if waiting else None


def _answer_refusal(error: ConnectorError) -> Response:
    return _reply(error.code, error.message, error.status, error.field, error.details)


def _answer_peer_error(error: PeerError) -> Response:
    """A product refused what we asked of it, or does not answer."""
    if isinstance(error, SignInRefused):
        message = "Zoho CRM no longer accepts this connection; enter the email address and ZSC key again."
        return _reply("reconnect_needed", message, NotConnected.status)
    if isinstance(error, Refusal):
        return _reply("refused_by_peer", error.message, PeerUnavailable.status, None, {"code": str(error.code)})
    return _reply("peer_unavailable", f"{error}; try again.", PeerUnavailable.status)


def _reply(
    code: str, message: str, status: int, field: str | None = None, details: dict[str, Any] | None = None
) -> Response:
    return wire.reply({"code": code, "message": message, "field": field, "details": details or {}}, status)


def _first_field(messages: Any) -> str | None:
    """The path of the first field that does not fit, without the place it came in (json, query)."""
    path: list[str] = []
    while isinstance(messages, dict) and messages:
        key = next(iter(messages))
        path.append(str(key))
        messages = messages[key]
    return ".".join(path[1:]) or None


def _first_words(messages: Any) -> str:
    while isinstance(messages, dict) and messages:
        messages = next(iter(messages.values()))
    return " ".join(messages) if isinstance(messages, list) else str(messages)
