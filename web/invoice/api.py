"""Calls of the Invoice API within the person's organization."""

from typing import Any

from flask import Blueprint, g

from web.session import invoice

bp = Blueprint("invoice", __name__, url_prefix="/invoice", template_folder="templates")
API = "/invoice/v3"
PER_PAGE = 50


def organization() -> dict[str, Any]:
    """The organization one works in: the default one, else the first."""
    if "organization" not in g:
        found = invoice().get(f"{API}/organizations")["organizations"]
        g.organization = next((one for one in found if one.get("is_default_org")), found[0] if found else {})
    return dict(g.organization)


def get(path: str, **query: Any) -> dict[str, Any]:
    return dict(invoice().get(API + path, organization_id=organization().get("organization_id"), **query))


def post(path: str, body: Any = None) -> dict[str, Any]:
    answer = invoice().post(API + path, body, organization_id=organization().get("organization_id"))
    return dict(answer or {})
