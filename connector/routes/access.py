"""Who may call. The integration lives in Zoho Invoice: its users see it, its administrators change it.

The Zoho Invoice section of a CRM record is called by users of the CRM instead, and what they may do there is for
their profile to say (`connector.permissions`). What belongs to a transaction any user of Invoice may do, as far as
Invoice lets him: those routes act with his own token.
"""

from typing import Any, cast

from flask import current_app, g, request

from connector.errors import NotAllowed, NotSignedIn, PeerUnavailable
from connector.peers import config, outbound
from connector.routes.callers import Callers
from simulator import context
from simulator.accounts.caller import token_of_request
from simulator.clients.accounts import introspect
from simulator.http import PeerError

PUBLIC_BLUEPRINTS = frozenset(("incoming", "control", "health", "api-docs"))
#: Called with a token of Zoho CRM.
CRM_BLUEPRINTS = ("section",)
#: Whose changes are not changes of the integration.
OPEN_TO_USERS = ("section", "panel", "linking", "linked")
#: Somebody waits for the answer.
ATTEMPTS = 3
NAMES = {"crm": "Zoho CRM", "invoice": "Zoho Invoice"}


def admit() -> None:
    """Runs before each route; nothing of ours answers a stranger.

    Raises:
        NotSignedIn, NotAllowed, PeerUnavailable
    """
    if request.endpoint is None or request.endpoint == "static" or PUBLIC_BLUEPRINTS & {*request.blueprints}:
        return
    product = "crm" if request.blueprint in CRM_BLUEPRINTS else "invoice"
    token = token_of_request()
    if not token or not context.has_world():
        raise NotSignedIn(f"Sign in to {NAMES[product]}: the call carries no token of this world.")
    is_change = request.method not in ("GET", "HEAD")
    try:
        found = _callers().of(
            product,
            token,
            "" if is_change else request.headers.get("traceparent", ""),
            lambda: introspect(outbound(), config().urls[product], token, attempts=ATTEMPTS),
        )
    except PeerError as error:
        raise PeerUnavailable(f"{NAMES[product]} does not answer: {error}.", product=product) from error
    if found is None or found["world"] != context.current_world().id:
        raise NotSignedIn(f"Sign in to {NAMES[product]} again: the token has ended or is of another world.")
    g.caller, g.caller_token = found["user"], token
    g.caller_name = found["client_id"]
    if is_change and request.blueprint not in OPEN_TO_USERS and not found["user"]["is_admin"]:
        raise NotAllowed("Only an administrator of Zoho Invoice may change the integration.", permission="admin")


def _callers() -> Callers:
    return cast(Callers, current_app.extensions["callers"])


def caller() -> dict[str, Any]:
    """The user who calls, of Invoice or of the CRM: id, email, name, is_admin."""
    user: dict[str, Any] = g.caller
    return user


def caller_token() -> str:
    token: str = g.caller_token
    return token


def app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]
