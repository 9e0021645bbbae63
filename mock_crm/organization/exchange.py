"""The exchange of an email and a ZSC key for tokens of that user: how another product comes in (requirements K3, K4).

The vendor documents neither address nor words; both are ours. The secret travels in the body, never in an address.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema, ValidationError, fields, validate

from mock_crm import state
from mock_crm.access import open_to_all
from mock_crm.metadata.sync_field import add_sync_fields
from mock_crm.organization import zsc_key
from mock_crm.organization.people import User
from mock_crm.organization.permissions import module_permission
from simulator import context, wire
from simulator.accounts import tokens
from simulator.openapi import documented

bp = Blueprint("zsc_exchange", __name__, url_prefix="/oauth/v2")

KNOWN_PRODUCTS = tuple(zsc_key.PRODUCTS)
#: What the integration syncs; the connecting person needs rights in these (requirement K4), whatever else there is.
CONNECTED_MODULES = ("Accounts", "Contacts", "Deals", "Products")
NEEDED_ACTS = ("View", "Create", "Edit")
SCOPES = (
    " ".join(
        f"ZohoCRM.{scope}"
        for scope in (
            "modules.ALL",
            "settings.ALL",
            "users.ALL",
            "org.ALL",
            "coql.READ",
            "notifications.ALL",
            "bulk.ALL",
            "composite_requests.CUSTOM",
        )
    )
    + " ZohoSearch.securesearch.READ"
)


class Refused(Exception):
    """The pair is not accepted; nothing is saved."""

    def __init__(self, error: str, message: str, permissions: list[str] | None = None) -> None:
        super().__init__(error)
        self.error, self.message, self.permissions = error, message, permissions or []


class ExchangeSchema(Schema):
    email = fields.String(required=True, validate=validate.Length(1, 100))
    zsc_key = fields.String(required=True, validate=validate.Length(1, 200))
    product = fields.String(required=True, validate=validate.OneOf(KNOWN_PRODUCTS))
    organization = fields.String(required=True, validate=validate.Length(1, 200))


@bp.errorhandler(Refused)
def refuse(refusal: Refused) -> Response:
    body = {"error": refusal.error, "message": refusal.message, "permissions": refusal.permissions}
    return wire.reply(body, 400)


@bp.post("/zsc")
@open_to_all("it is where tokens come from; the ZSC key is the proof")
@documented(body=ExchangeSchema, _200="Connected", _400="NotConnected")
def exchange() -> Response:
    """Checks the pair; on success the product is connected and gets tokens that act for the user."""
    given = _given()
    user = _checked_user(given["email"].strip(), given["zsc_key"].strip())
    add_sync_fields()
    granted = _grant(user)
    zsc_key.connect(given["product"], given["organization"].strip(), user, granted["refresh_token"])
    company = state.people().company
    return wire.reply(
        {
            **granted,
            "expires_in": tokens.ACCESS_TOKEN_SECONDS,
            "token_type": "Bearer",
            "scope": SCOPES,
            "api_domain": current_app.extensions["config"].url,
            "user": {
                "id": str(user.id),
                "email": user.email,
                "name": user.full_name,
                "profile": user.profile.name,
            },
            "org": {"id": company.zgid, "company_name": company.name},
        }
    )


def _given() -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = ExchangeSchema().load(wire.loads(request.get_data()))
        return loaded
    except (ValueError, ValidationError):
        raise Refused("bad_request", "Say email, zsc_key, product and organization.") from None


def _checked_user(email: str, secret: str) -> User:
    if not context.has_world():
        raise Refused("wrong_key", "This ZSC key is not valid. Generate one in Zoho CRM and copy all of it.")
    user = state.people().by_email(email)
    if user is None:
        raise Refused("unknown_email", f"Zoho CRM has no user with the email address {email}.")
    if not user.is_active:
        raise Refused("inactive_user", f"The Zoho CRM user {email} is not active.")
    if zsc_key.is_of_another_product(secret):
        raise Refused("key_of_another_product", "This is the ZSC key of another product. Take the one of Zoho CRM.")
    if not zsc_key.is_live(secret):
        raise Refused("wrong_key", "This ZSC key is not valid any more or was mistyped. Copy the key of Zoho CRM anew.")
    missing = [
        permission
        for module in CONNECTED_MODULES
        for act in NEEDED_ACTS
        if not user.profile.allows(permission := module_permission(module, act))
    ]
    if missing:
        raise Refused(
            "missing_permissions",
            f"{user.full_name} may not view, create and edit each of Accounts, Contacts, Products and Potentials.",
            missing,
        )
    return user


def _grant(user: User) -> dict[str, str]:
    """A client and tokens of its own for the product that came in."""
    client_id = f"1000.{context.current_world().id.upper()}{secrets.token_hex(12).upper()}"
    client_secret = secrets.token_hex(21)
    tokens.add_client(client_id, client_secret, "ZSC connection")
    refresh_token = tokens.new_token()
    tokens.store_refresh_token(refresh_token, str(user.id), SCOPES, client_id)
    access_token = tokens.issue_access_token(str(user.id), SCOPES, client_id, tokens.hashed(refresh_token))
    return {
        "access_token": access_token,
        "refresh_token": refresh_token,
        "client_id": client_id,
        "client_secret": client_secret,
    }
