"""Who is calling: the user and the scopes behind the token of a request."""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import g, request

from simulator import context
from simulator.accounts import tokens
from simulator.accounts.tokens import TOKENS_AT_HAND

_AUTHORIZATION = re.compile(r"(?:Zoho-oauthtoken|Bearer)\s+(\S+)", re.I)


class NoToken(Exception):
    """The request carries no token, or none in a form that can be read."""


class InvalidToken(Exception):
    """The token is unknown, revoked or past its end."""


@dataclass(frozen=True)
class Caller:
    """The user a request acts for, and what the token allows."""

    user_id: str
    client_id: str
    scopes: frozenset[str]

    def allows(self, scope: str) -> bool:
        """Whether the token covers a scope such as `ZohoCRM.modules.accounts.READ` or `ZohoInvoice.contacts.CREATE`.

        A scope is covered by itself, by `.ALL` at any of its levels, by `.WRITE` for writing operations, and by
        Invoice's `fullaccess.all` (crm-api.md §2.4, invoice-api.md §1.2).
        """
        return any(covering in self.scopes for covering in _covering(scope.lower()))


@lru_cache
def _covering(scope: str) -> tuple[str, ...]:
    parts = scope.split(".")
    operation = parts[-1]
    endings = [operation, "all"] + (["write"] if operation in ("create", "update", "delete") else [])
    levels = [".".join(parts[:length]) for length in range(2, len(parts))]
    return (*(f"{level}.{ending}" for level in levels for ending in endings), f"{parts[0]}.fullaccess.all")


@lru_cache
def _scopes(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


@lru_cache(maxsize=TOKENS_AT_HAND)
def token_in(header: str) -> str | None:
    """The token of an Authorization header of the vendor's kind or of OAuth's."""
    found = _AUTHORIZATION.fullmatch(header.strip())
    return found.group(1) if found else None


def token_of_request() -> str | None:
    """The token a request carries: in its header, or as the older `authtoken` parameter."""
    header = request.headers.get("Authorization", "")
    if found := token_in(header):
        return found
    return request.args.get("authtoken") or (None if header else request.form.get("authtoken"))


def authenticate() -> Caller:
    """The caller of this request.

    Raises:
        NoToken, InvalidToken: the product answers them in its own words.
    """
    token = token_of_request()
    if not token:
        raise NoToken
    row = tokens.find_access_token(token) if context.has_world() else None
    if row is None or tokens.world_of_token(token) != context.current_world().id:
        raise InvalidToken
    g.caller_name = row.client_id
    return Caller(row.user_id, row.client_id, _scopes(row.scopes))
