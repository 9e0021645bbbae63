"""The accounts server's doors: authorize, token, revoke, introspect (crm-api.md §2, invoice-api.md §1.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, render_template_string, request

from simulator import context, settings, switches, wire
from simulator.accounts import limits, shapes, tokens
from simulator.accounts.scopes import ALL_SCOPES, SCOPE
from simulator.openapi import documented

THROTTLED = {
    "error": "Access Denied",
    "error_description": "You have made too many requests continuously. Please try again after some time.",
    "status": "failure",
}


@dataclass(frozen=True)
class AccountUser:
    """A person as the accounts server knows him."""

    id: str
    email: str
    full_name: str
    is_active: bool
    is_admin: bool


class Directory(Protocol):
    """The people of a product, the organization that client_credentials names in `soid`, and its time zone."""

    def find_user(self, email: str) -> AccountUser | None: ...

    def get_user(self, user_id: str) -> AccountUser | None: ...

    def people(self) -> list[AccountUser]: ...

    def administrator(self) -> AccountUser: ...

    def organization_id(self) -> str: ...

    def time_zone(self) -> str: ...


class Refused(Exception):
    """A token request is refused; `error` is the vendor's word for it, the HTTP status is 200 all the same."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


bp = Blueprint("accounts", __name__, url_prefix="/oauth/v2")


def mount(app: Flask, directory: Directory) -> None:
    """Gives a product its accounts server, and each new world the client and refresh token made for it."""
    app.extensions["directory"] = directory
    app.extensions["world_made"].append(_admit_own_client)
    app.extensions["due_events"].append(tokens.due_events)
    switches.offer(app, limits.SWITCH)
    app.register_blueprint(bp)


def directory() -> Directory:
    found: Directory = current_app.extensions["directory"]
    return found


def _admit_own_client() -> None:
    """The world's client, whose refresh token is an administrator's with all scopes of both products."""
    own = settings.read("credentials", {})
    if own.get("client_id"):
        tokens.add_client(own["client_id"], own["client_secret"], "Simulator")
        user = directory().administrator()
        tokens.store_refresh_token(own["refresh_token"], user.id, ALL_SCOPES, own["client_id"])


@bp.errorhandler(Refused)
def refuse(refusal: Refused) -> Response:
    return wire.reply({"error": refusal.error})


@bp.errorhandler(limits.Throttled)
def throttle(_: limits.Throttled) -> Response:
    return wire.reply(THROTTLED, 400)


@bp.post("/token")
@documented(body=shapes.TOKEN_FORM, is_body_optional=True, _200=shapes.GRANTED, _400=shapes.THROTTLED)
def issue_token() -> Response:
    """Parameters come in the query or the form; a body that is neither is ignored (crm-api.md §1.2)."""
    grant = GRANTS.get(request.values.get("grant_type", ""))
    if grant is None:
        raise Refused("unsupported_grant_type")
    if not context.has_world():
        raise Refused("invalid_client" if request.values.get("client_id") else "invalid_code")
    return wire.reply(grant(_client()))


def _client() -> Any:
    client = tokens.find_client(request.values.get("client_id", ""))
    if client is None:
        raise Refused("invalid_client")
    if tokens.hashed(request.values.get("client_secret", "")) != client.secret_hash:
        raise Refused("invalid_client_secret")
    return client


def _refresh(client: Any) -> dict[str, Any]:
    token = request.values.get("refresh_token", "")
    row = tokens.find_refresh_token(token)
    if row is None or row.client_id != client.client_id or not _is_active(row.user_id):
        raise Refused("invalid_code")
    limits.admit_access_token(row.token_hash)
    return _granted(tokens.issue_access_token(row.user_id, row.scopes, client.client_id, row.token_hash), row.scopes)


def _exchange_code(client: Any) -> dict[str, Any]:
    row = tokens.take_grant_code(request.values.get("code", ""))
    if row is None or row.client_id != client.client_id or not _is_active(row.user_id):
        raise Refused("invalid_code")
    given = request.values.get("redirect_uri") or request.values.get("redirect_url") or ""
    if given.rstrip("/") != row.redirect_uri.rstrip("/"):
        raise Refused("invalid_redirect_uri")
    if not row.offline:
        return _granted(tokens.issue_access_token(row.user_id, row.scopes, client.client_id), row.scopes)
    limits.admit_refresh_token(row.user_id)
    refresh_token = tokens.new_token()
    tokens.store_refresh_token(refresh_token, row.user_id, row.scopes, client.client_id)
    limits.drop_first_refresh_token(row.user_id)
    hashed = tokens.hashed(refresh_token)
    access_token = tokens.issue_access_token(row.user_id, row.scopes, client.client_id, hashed)
    return {**_granted(access_token, row.scopes), "refresh_token": refresh_token}


def _client_credentials(client: Any) -> dict[str, Any]:
    soid = request.values.get("soid", "")
    if not soid:
        raise Refused("missing_org_info")
    if soid.rpartition(".")[2] != directory().organization_id():
        raise Refused("invalid_org_info")  # from memory: the vendor's word for a foreign organization is not recorded
    scopes = _scopes()
    user = directory().administrator()
    return _granted(tokens.issue_access_token(user.id, scopes, client.client_id), scopes)


GRANTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "refresh_token": _refresh,
    "authorization_code": _exchange_code,
    "client_credentials": _client_credentials,
}


def _is_active(user_id: str) -> bool:
    user = directory().get_user(user_id)
    return user is not None and user.is_active


def _granted(access_token: str, scopes: str) -> dict[str, Any]:
    return {
        "access_token": access_token,
        "scope": scopes,
        "api_domain": current_app.extensions["config"].url,
        "token_type": "Bearer",
        "expires_in": tokens.ACCESS_TOKEN_SECONDS,
    }


@bp.get("/auth")
@documented(*shapes.OF_CONSENT, _200=shapes.CONSENT_PAGE)
def ask_consent() -> Response:
    """The consent page: who gives his consent, to what (crm-api.md §2.3)."""
    wanted = _consent_wanted()
    page = render_template_string(
        CONSENT_PAGE,
        wanted=wanted,
        people=directory().people(),
        shared=current_app.extensions["config"].shared,
    )
    return Response(page, content_type="text/html; charset=utf-8")


@bp.post("/auth")
@documented(*shapes.OF_CONSENT, body=shapes.CONSENT_FORM, _200=shapes.GRANTED, _302=None, _400=shapes.THROTTLED)
def give_consent() -> Any:
    """Answers the consent page: back to the client with a grant code, or with a refusal.

    One page of the vendor's shows the client_credentials grant at this address too (crm-api.md §2.2).
    """
    if request.values.get("grant_type") == "client_credentials":
        return issue_token()
    wanted = _consent_wanted()
    if request.form.get("decision") == "reject":
        return _back(wanted, {"error": "access_denied"})
    user = directory().find_user(request.values.get("email", ""))
    if user is None or not user.is_active or not password_fits(request.form.get("password")):
        raise Refused("access_denied")
    offline = wanted["access_type"] == "offline"
    code = tokens.issue_grant_code(user.id, wanted["scope"], wanted["client_id"], wanted["redirect_uri"], offline)
    return _back(wanted, {"code": code, "location": "us", "accounts-server": current_app.extensions["config"].url})


def _back(wanted: dict[str, str], told: dict[str, str]) -> Any:
    """Back to the client; his state goes with it."""
    if wanted["state"]:
        told = {**told, "state": wanted["state"]}
    uri = wanted["redirect_uri"]
    return redirect(f"{uri}{'&' if '?' in uri else '?'}{urlencode(told)}", 302)


def _consent_wanted() -> dict[str, str]:
    """The parameters of an authorization request, checked."""
    names = ("client_id", "scope", "redirect_uri", "access_type", "state", "response_type")
    wanted = {name: request.values.get(name, "") for name in names}
    if not context.has_world() or tokens.find_client(wanted["client_id"]) is None:
        raise Refused("invalid_client")
    if urlsplit(wanted["redirect_uri"]).scheme not in ("http", "https"):
        raise Refused("invalid_redirect_uri")
    if wanted["response_type"] != "code":
        raise Refused("invalid_response_type")
    wanted["scope"] = _scopes()
    return wanted


def _scopes() -> str:
    """The scopes asked for, a comma list or one with spaces (crm-api.md §2.4)."""
    asked = request.values.get("scope", "").replace(",", " ").split()
    if not asked or not all(SCOPE.fullmatch(scope) for scope in asked):
        raise Refused("invalid_scope")
    return " ".join(asked)


def password_fits(given: str | None) -> bool:
    """On loopback nobody is asked for a password; a shared simulator has one for the class."""
    config = current_app.extensions["config"]
    if not config.shared:
        return True
    return bool(config.password) and compare_digest((given or "").encode(), config.password.encode())


CONSENT_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Allow access</title></head>
<body><main><h1>Allow access</h1>
<p>An application asks to act for you with: {{ wanted.scope }}.</p>
<form method="post">
{% for name, value in wanted.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}
<p><label>Person <select name="email">
{% for person in people %}
<option value="{{ person.email }}">{{ person.full_name }} ({{ person.email }})</option>{% endfor %}
</select></label></p>
{% if shared %}<p><label>Password <input type="password" name="password" required></label></p>{% endif %}
<button>Accept</button>
<button name="decision" value="reject" formnovalidate>Reject</button></form></main></body></html>"""


@bp.post("/token/revoke")
@documented(body=shapes.TOKEN_SENT, _200=shapes.REVOKED)
def revoke_token() -> Response:
    """Ends a refresh or access token."""
    token = request.values.get("token", "")
    if context.has_world() and token and tokens.revoke(tokens.hashed(token)):
        return wire.reply({"status": "success"})
    raise Refused("invalid_token")


@bp.post("/introspect")
@documented(body=shapes.TOKEN_SENT, _200=shapes.INTROSPECTED)
@context.reads_only
def introspect() -> Response:
    """Who is behind a token: ours, for the connector and the web (the vendor has no such door)."""
    row = tokens.find_access_token(request.values.get("token", "")) if context.has_world() else None
    user = directory().get_user(row.user_id) if row is not None else None
    if row is None or user is None or not user.is_active:
        return wire.reply({"active": False})
    return wire.reply(
        {
            "active": True,
            "world": context.current_world().id,
            "scope": row.scopes,
            "client_id": row.client_id,
            "expires_at": row.expires_at,
            "user": {
                "id": user.id,
                "email": user.email,
                "name": user.full_name,
                "is_admin": user.is_admin,
            },
        }
    )
