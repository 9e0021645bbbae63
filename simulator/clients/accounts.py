"""Asks a product's accounts server who is behind a token (architecture.md, Who is calling)."""

from typing import Any

from simulator.clients.base import object_of
from simulator.http import ATTEMPTS, Outbound


def introspect(outbound: Outbound, url: str, token: str, *, attempts: int = ATTEMPTS) -> dict[str, Any] | None:
    """World, user and scopes of a token; None when it is not good there."""
    form, address = {"token": token}, f"{url}/oauth/v2/introspect"
    answer = outbound.call("POST", address, form=form, repeatable=True, attempts=attempts)
    body = object_of(answer)
    return body if body.get("active") else None
