"""What a request carries: its body in four forms (invoice-api.md §1.4), its flags and its dates."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import current_app, request

from mock_invoice.errors import FormatRefused, InvalidValue, MalformedJson
from simulator import wire

NO_BODY = ("", '""', "null")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
OTHER_FORMATS = ("pdf", "csv", "html", "xls", "xlsx", "xml", "jhtml")
#: Formats by the names that they have elsewhere.
MEDIA_TYPES = {
    "text/csv": "csv",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
TRUE, FALSE = ("true", "1"), ("false", "0", "")

F = TypeVar("F", bound=Callable[..., Any])


def offers(*formats: str) -> Callable[[F], F]:
    """Declares in which formats a route answers beside JSON, e.g. `pdf`."""

    def declare(view: F) -> F:
        cast(Any, view).formats = formats
        return view

    return declare


def refuse_other_formats() -> None:
    """Answers are JSON, and the formats of §1.5 where a route offers them.

    Raises:
        FormatRefused: the caller asks for one that is not there.
    """
    view = current_app.view_functions[cast(str, request.endpoint)]
    if (wanted := wanted_format()) and wanted not in getattr(view, "formats", ()):
        raise FormatRefused


def wanted_format() -> str:
    """The format that the query or the header asks for; empty for JSON."""
    wanted = request.args.get("accept") or request.headers.get("Accept", "")
    wanted = wanted.split(";")[0].split(",")[0].strip()
    wanted = MEDIA_TYPES.get(wanted, wanted.removeprefix("application/"))
    return wanted if wanted in OTHER_FORMATS else ""


def json_body() -> dict[str, Any]:
    """The request's JSON object; nothing sent is an empty one.

    Raises:
        MalformedJson: the text is no JSON.
        InvalidValue: it is JSON, but no object.
    """
    value = _json_value()
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidValue("JSONString")
    return value


def json_array() -> list[Any]:
    """The request's JSON array (only `PUT /item/{id}/customfields` and its kind take one)."""
    value = _json_value()
    if isinstance(value, dict) and isinstance(value.get("custom_fields"), list):
        value = value["custom_fields"]
    if not isinstance(value, list):
        raise InvalidValue("JSONString")
    return value


def _json_value() -> Any:
    text = _body_text()
    if text.strip() in NO_BODY:
        return None
    try:
        return wire.loads(text)
    except ValueError:
        raise MalformedJson from None


def _body_text() -> str:
    if request.mimetype in FORMS and "JSONString" in request.form:
        return request.form["JSONString"]
    if request.mimetype == "multipart/form-data":
        return request.args.get("JSONString", "")
    raw = request.get_data(cache=True)
    if request.mimetype in FORMS and not raw.lstrip().startswith((b"{", b"[")):
        raw = b""  # a form without the JSON string, e.g. one that holds the authtoken only
    try:
        return raw.decode("utf-8-sig") or request.args.get("JSONString", "")
    except UnicodeDecodeError:
        raise MalformedJson from None


def flag(name: str, body: dict[str, Any] | None = None) -> bool:
    """A yes-or-no that comes in the query as `true` or `false`, or in the body (§1.4)."""
    value = request.args.get(name, (body or {}).get(name))
    if value is None or isinstance(value, bool):
        return bool(value)
    text = str(value).lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise InvalidValue(name)


def day_of(text: str, name: str) -> date:
    """A date in the query or the body: yyyy-mm-dd."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(name) from None
    if len(text.strip()) != 10:
        raise InvalidValue(name)
    return day


def moment_of(text: str, name: str, zone: str) -> datetime:
    """A time such as 2023-11-18T02:02:51-0800. A `+` of the offset that arrived as a space is taken as a plus."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise InvalidValue(name) from None


def id_list(text: str, name: str, limit: int) -> list[int]:
    """Ids separated by commas, at most `limit` of them."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or len(parts) > limit or not all(part.isascii() and part.isdigit() for part in parts):
        raise InvalidValue(name)
    return [int(part) for part in parts if len(part) <= 19]
