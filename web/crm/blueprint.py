"""The CRM's workspace as one blueprint, and what all its pages need of the CRM's API."""

from typing import Any

from flask import Blueprint

from web.errors import Refused

bp = Blueprint("crm", __name__, url_prefix="/crm", template_folder="templates")
API = "/crm/v8"


def outcome(answer: Any) -> dict[str, Any]:
    """What became of the one record that was written.

    Raises:
        Refused: it was not.
    """
    told: dict[str, Any] = ((answer or {}).get("data") or [{}])[0]
    if told.get("status") == "error":
        details = told.get("details")
        message, code = str(told.get("message")), str(told.get("code"))
        raise Refused("crm", 400, message, code, details=details if isinstance(details, dict) else {})
    return told


def quoted(text: str) -> str:
    """A value as it stands in a query."""
    inside = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{inside}'"


def escaped(text: str) -> str:
    """A value as it stands in a search's criteria."""
    for sign in ("\\", "(", ")", ","):
        text = text.replace(sign, f"\\{sign}")
    return text
