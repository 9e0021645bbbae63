"""What may come in for a channel, checked and turned into its columns (crm-api.md §7.1)."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from mock_crm import state
from mock_crm.access import require_module
from mock_crm.envelope import seconds_of
from mock_crm.errors import CrmError, InvalidData, MandatoryNotFound
from simulator import clock, wire

ACTS = ("create", "edit", "delete", "all")
LONGEST_EXPIRY = 7 * 86_400
USUAL_EXPIRY = 3_600
LONGEST_TOKEN = 50
LONGEST_URL = 500
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


def columns_of(item: dict[str, Any], place: int) -> dict[str, Any]:
    """The columns of a channel from what was given."""
    token = item.get("token")
    if token is not None and (not isinstance(token, str) or len(token) > LONGEST_TOKEN):
        raise _wrong("token", place, maximum_length=LONGEST_TOKEN)
    return {
        "events": wire.dumps(events_of(item, place)).decode(),
        "conditions": wire.dumps(_conditions(item.get("notification_condition"), place)).decode(),
        "expiry": _expiry(item.get("channel_expiry"), place),
        "token": token,
        "notify_url": _notify_url(item.get("notify_url"), place),
        "returns_values": item.get("return_affected_field_values") is True,
    }


def _wrong(name: str, place: int, **more: Any) -> InvalidData:
    return InvalidData({"api_name": name, "json_path": f"$.watch[{place}].{name}", **more})


def events_of(item: dict[str, Any], place: int) -> list[str]:
    given = item.get("events")
    if given in (None, []):
        raise MandatoryNotFound({"api_name": "events", "json_path": f"$.watch[{place}].events"})
    if not isinstance(given, list) or len(given) > 100:
        raise _wrong("events", place, expected_data_type="jsonarray")
    events = []
    for event in given:
        name, _, act = event.partition(".") if isinstance(event, str) else ("", "", "")
        module = state.catalog().find(name)
        if module is None or act not in ACTS:
            raise _wrong("events", place)
        require_module(module, "View")
        events.append(f"{module.api_name}.{act}")
    return list(dict.fromkeys(events))


def _expiry(given: Any, place: int) -> int:
    """A week at most; missing or longer means an hour (crm-api.md §7.1)."""
    now = int(clock.now().timestamp())
    if given is None:
        return now + USUAL_EXPIRY
    seconds = seconds_of(given) if isinstance(given, str) else None
    if seconds is None or seconds <= now:
        raise _wrong("channel_expiry", place, expected_data_type="datetime")
    return seconds if seconds <= now + LONGEST_EXPIRY else now + USUAL_EXPIRY


def _notify_url(given: Any, place: int) -> str:
    """Where the calls go. The vendor wants public https; here plain http on this machine is fine, other hosts only
    when the configuration allows them."""
    if given in (None, ""):
        raise MandatoryNotFound({"api_name": "notify_url", "json_path": f"$.watch[{place}].notify_url"})
    if not isinstance(given, str) or len(given) > LONGEST_URL:
        raise _wrong("notify_url", place)
    try:
        parts = urlsplit(given)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise _wrong("notify_url", place) from None
    config = current_app.extensions["config"]
    allowed = [_origin(url) for url in (*config.urls.values(), *config.extra_origins)]
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise _wrong("notify_url", place)
    if host not in LOOPBACK_HOSTS and _origin(given) not in allowed:
        raise _wrong("notify_url", place)
    return given


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _conditions(given: Any, place: int) -> dict[str, list[str]]:
    """Fields whose change is told, by module; *and* between them is not emulated, any of them will do."""
    if given is None:
        return {}
    wanted: dict[str, list[str]] = {}
    try:
        for condition in given:
            module = state.catalog().module(condition["module"]["api_name"])
            selection = condition["field_selection"]
            members = selection.get("group", [selection])
            names = [member["field"]["api_name"] for member in members]
            if not names or not all(name in module.fields for name in names):
                raise KeyError
            wanted[module.api_name] = names
    except (TypeError, KeyError, AttributeError, CrmError):
        raise _wrong("notification_condition", place) from None
    return wanted
