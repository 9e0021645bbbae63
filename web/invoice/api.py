"""Calls of the Invoice API within the person's organization."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, g

from web import session
from web.invoice.kinds import KINDS
from web.session import invoice

bp = Blueprint("invoice", __name__, url_prefix="/invoice", template_folder="templates")
API = "/invoice/v3"
PER_PAGE = 50

F = TypeVar("F", bound=Callable[..., Any])


def each_kind(path: str, method: str = "GET") -> Callable[[F], F]:
    """A route of every kind of document below its list: `/estimates` and the path, and so on; it is given the kind."""

    def add(view: F) -> F:
        for kind in KINDS:
            bp.add_url_rule(f"/{kind}{path}", view.__name__, view, methods=[method], defaults={"kind": kind})
        return view

    return add


def organization() -> dict[str, Any]:
    """The organization one works in: the default one, else the first."""
    if "organization" not in g:
        found = invoice().get(f"{API}/organizations")["organizations"]
        g.organization = next((one for one in found if one.get("is_default_org")), found[0] if found else {})
    return dict(g.organization)


def get(path: str, **query: Any) -> dict[str, Any]:
    return dict(invoice().get(API + path, organization_id=_organization_id(), **query))


def post(path: str, body: Any = None, **query: Any) -> dict[str, Any]:
    return dict(invoice().post(API + path, body, organization_id=_organization_id(), **query) or {})


def put(path: str, body: Any = None, **query: Any) -> dict[str, Any]:
    return dict(invoice().put(API + path, body, organization_id=_organization_id(), **query) or {})


def delete(path: str, **query: Any) -> dict[str, Any]:
    return dict(invoice().delete(API + path, organization_id=_organization_id(), **query) or {})


def download(path: str, **query: Any) -> Response:
    """A file of the API, passed on to be kept rather than shown: what is in it was written by others."""
    answer = invoice().download(API + path, organization_id=_organization_id(), **query)
    named = answer.headers.get("Content-Disposition", "attachment")
    media_type = answer.headers.get("Content-Type", "application/octet-stream")
    return Response(answer.body, mimetype=media_type, headers={"Content-Disposition": named})


def _organization_id() -> str | None:
    return organization().get("organization_id")


def today() -> str:
    """The world's day, as the API writes it."""
    now = session.clock()
    return str(now["now"])[:10] if now else ""


def taxes() -> list[tuple[str, str]]:
    """The taxes to choose from: id, and name with its rate."""
    found = get("/settings/taxes")["taxes"]
    return [(str(one["tax_id"]), f"{one['tax_name']} ({one['tax_percentage']} %)") for one in found]
