"""What even a service without data has: JSON with exact numbers, the outbound session, traces, a health route.

It imports no database, because the web starts without one and start-up time counts.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import Rule

from simulator import context, logs, wire
from simulator.config import Config
from simulator.http import Outbound
from simulator.incoming import Incoming

LARGEST_REQUEST = 16 * 1024 * 1024

health_bp = Blueprint("health", __name__, url_prefix="/_sim")


class LateRule(Rule):
    """A route that learns how its addresses are written when somebody asks for one: nobody asks most of the mocks'
    thousands, and learning takes a quarter of a second at the start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _learn_to_build_unknown if append_unknown else _learn_to_build


def _learn_to_build(rule: Rule, **values: Any) -> tuple[str, str]:
    rule._build = Rule._compile_builder(rule, False).__get__(rule)
    return rule._build(**values)


def _learn_to_build_unknown(rule: Rule, **values: Any) -> tuple[str, str]:
    rule._build_unknown = Rule._compile_builder(rule, True).__get__(rule)
    return rule._build_unknown(**values)


class BareService(Flask):
    """A Flask application whose outgoing calls carry the trace of the request they are made for."""

    url_rule_class = LateRule
    request_class = Incoming

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No route of ours is a coroutine, and Flask looks ten times a request whether one is."""
        return func

    def full_dispatch_request(self) -> Response:
        with context.traced(request.headers.get("traceparent")):
            return super().full_dispatch_request()


B = TypeVar("B", bound=BareService)


def create_bare_service(import_name: str, config: Config, *, static_folder: str | None = None) -> BareService:
    """A service that owns no data."""
    return furnished(BareService(import_name, static_folder=static_folder), config)


def furnished(app: B, config: Config) -> B:
    """The application with what all four services have in common."""
    logs.configure()
    app.json = wire.WireJson(app)
    app.config.update(SECRET_KEY=config.secret, MAX_CONTENT_LENGTH=LARGEST_REQUEST)
    app.url_map.strict_slashes = False
    outbound = Outbound([*config.urls.values(), *config.extra_origins], user_agent=f"simulator-{config.name}")
    app.extensions.update(config=config, outbound=outbound)
    app.register_blueprint(health_bp)
    return app


@health_bp.get("/health")
def health() -> Response:
    held = current_app.extensions.get("worlds")
    name = current_app.extensions["config"].name
    return wire.reply({"service": name, "status": "ok", "worlds": held.ids() if held else []})
