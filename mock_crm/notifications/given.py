"""What may come in for a channel, checked and turned into its columns (crm-api.md §7.1)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from mock_crm import state
from mock_crm.access import require_module
from mock_crm.envelope import seconds_of
from mock_crm.errors import CrmError, InvalidData, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from simulator import clock, wire

ACTS = ("create", "edit", "delete", "all")
LONGEST_EXPIRY = 7 * 86_400
USUAL_EXPIRY = 3_600
LONGEST_TOKEN = 50
LONGEST_URL = 500
MOST_FIELDS = 10
DEEPEST = 5
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
        "returns_values": _flag(item, "return_affected_field_values", place, False),
        "hears_related": _flag(item, "notify_on_related_action", place, True),
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
    if given in (None, ""):
        raise MandatoryNotFound({"api_name": "notify_url", "json_path": f"$.watch[{place}].notify_url"})
    if not isinstance(given, str) or not may_be_called(given):
        raise _wrong("notify_url", place)
    return given


def may_be_called(url: str) -> bool:
    """Whether calls may go to an address. The vendor wants public https; here plain http on this machine is fine,
    other hosts only when the configuration allows them."""
    if len(url) > LONGEST_URL:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    config = current_app.extensions["config"]
    allowed = [_origin(known) for known in (*config.urls.values(), *config.extra_origins)]
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return False
    return host in LOOPBACK_HOSTS or _origin(url) in allowed


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _flag(item: dict[str, Any], name: str, place: int, default: bool) -> bool:
    given = item.get(name)
    if given is not None and not isinstance(given, bool):
        raise _wrong(name, place, expected_data_type="boolean")
    return default if given is None else given


def _conditions(given: Any, place: int) -> list[dict[str, Any]]:
    """Fields whose change is told, by module, as they are shown again: `{"type", "module", "field_selection"}`."""
    if given is None:
        return []
    try:
        return [_condition(condition) for condition in given]
    except (TypeError, KeyError, AttributeError, CrmError):
        raise _wrong("notification_condition", place) from None


def _condition(given: dict[str, Any]) -> dict[str, Any]:
    """One condition read whole; what cannot be read raises one of the errors that `_conditions` expects."""
    if given["type"] != "field_selection":
        raise KeyError("type")
    module = state.catalog().module(given["module"]["api_name"])
    left = [MOST_FIELDS]
    selection = _selection(given["field_selection"], module, left, DEEPEST)
    return {"type": "field_selection", "module": module.reference(), "field_selection": selection}


def _selection(given: dict[str, Any], module: Module, left: list[int], depth: int) -> dict[str, Any]:
    """A field, or a group of fields and groups; `left` counts down how many fields there may be."""
    if "group" not in given:
        known, left[0] = module.fields[given["field"]["api_name"]], left[0] - 1
        if left[0] < 0:
            raise KeyError("too many fields")
        return {"field": {"api_name": known.api_name, "id": str(known.id)}}
    operator = given["group_operator"].lower()
    if operator not in ("and", "or") or not given["group"] or depth == 0:
        raise KeyError("group")
    members = [_selection(member, module, left, depth - 1) for member in given["group"]]
    return {"group_operator": operator, "group": members}


def is_met(conditions: list[dict[str, Any]], module: Module, changed: Iterable[str]) -> bool:
    """Whether a channel wants to hear of an edit that changed these fields: without a condition of any."""
    selections = [found["field_selection"] for found in conditions if found["module"]["api_name"] == module.api_name]
    return not selections or any(_is_met(selection, set(changed)) for selection in selections)


def _is_met(selection: dict[str, Any], changed: set[str]) -> bool:
    if "field" in selection:
        return selection["field"]["api_name"] in changed
    joined = all if selection["group_operator"] == "and" else any
    return joined(_is_met(member, changed) for member in selection["group"])
