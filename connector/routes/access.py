"""Who may call: users of Zoho Invoice, for the integration lives in its settings. Changes need an administrator."""

from typing import Any

from flask import current_app, g, request

from connector.errors import NotAllowed, NotSignedIn, PeerUnavailable
from connector.peers import config, outbound
from simulator import context
from simulator.accounts.caller import token_of_request
from simulator.clients.accounts import introspect
from simulator.http import PeerError

PUBLIC_BLUEPRINTS = ("incoming", "control", "health", "api-docs")


def admit() -> None:
    """Runs before each route; nothing of ours answers a stranger.

    Raises:
        NotSignedIn, NotAllowed, PeerUnavailable
    """
    if request.endpoint is None or request.endpoint == "static" or request.blueprint in PUBLIC_BLUEPRINTS:
        return
    token = token_of_request()
    if not token or not context.has_world():
        raise NotSignedIn("Sign in to Zoho Invoice: the call carries no token of this world.")
    try:
        found = introspect(outbound(), config().urls["invoice"], token)
    except PeerError as error:
        raise PeerUnavailable(f"Zoho Invoice does not answer: {error}.") from error
    if found is None or found["world"] != context.current_world().id:
        raise NotSignedIn("Sign in to Zoho Invoice again: the token has ended or is of another world.")
    g.caller = found["user"]
    g.caller_name = found["client_id"]
    if request.method not in ("GET", "HEAD") and not found["user"]["is_admin"]:
        raise NotAllowed("Only an administrator of Zoho Invoice may change the integration.", permission="admin")


def caller() -> dict[str, Any]:
    """The Invoice user who calls: id, email, name, is_admin."""
    user: dict[str, Any] = g.caller
    return user


def app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]
