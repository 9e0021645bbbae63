"""Asks a product's accounts server who is behind a token (architecture.md, Who is calling)."""

from typing import Any

from simulator.clients.base import object_of
from simulator.http import Outbound


def introspect(outbound: Outbound, url: str, token: str) -> dict[str, Any] | None:
    """World, user and scopes of a token; None when it is not good there."""
    answer = outbound.call("POST", f"{url}/oauth/v2/introspect", form={"token": token}, repeatable=True)
    body = object_of(answer)
    return body if body.get("active") else None
