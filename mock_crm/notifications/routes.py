"""`/actions/watch`: opening, changing, listing and closing notification channels (crm-api.md §7.1)."""

from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import (
    LARGEST_PAGE,
    MOST_WRITTEN,
    Outcome,
    body,
    id_of,
    ids_param,
    items,
    nothing,
    number_param,
    outcomes,
    success,
)
from mock_crm.errors import CrmError, InvalidData, MandatoryNotFound, NotSubscribed, RequiredParamMissing
from mock_crm.metadata.catalog import Module
from mock_crm.notifications.given import ACTS, columns_of, events_of
from mock_crm.notifications.model import Channel
from mock_crm.openapi.parameters import OF_MODULE, PAGED
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.records.values import shown_moment
from simulator import clock, wire
from simulator.openapi import Parameter, documented
from simulator.shapes import ID, ID_LIST

bp = Blueprint("watch", __name__)

CHANNEL_ID = Parameter("channel_id", "Only this channel.", ID)
CHANNEL_IDS = Parameter("channel_ids", "Comma list of ids, 100 at most.", ID_LIST, required=True)

SUBSCRIBED = "Successfully subscribed for actions-watch of the given module"
UPDATED = "Successfully updated the subscribe details"
UNSUBSCRIBED = "Successfully un-subscribed from actions-watch"


@bp.get("/actions/watch")
@needs("notifications.READ")
@documented(CHANNEL_ID, OF_MODULE, *PAGED, _200=listed("watch", "Channel", info=True), _204=None)
def list_channels() -> Response:
    """The caller's live channels, with an entry for each module (from memory: which events of a channel go where)."""
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    wanted = _channel_param()
    module = state.catalog().module(request.args["module"]) if request.args.get("module") else None
    entries = [
        _shown(channel, watched)
        for channel in _own()
        if wanted in (None, channel.channel_id)
        for watched in _modules(channel)
        if module in (None, watched)
    ]
    page = entries[(number - 1) * size : number * size]
    if not page:
        return nothing()
    info = {"per_page": size, "count": len(page), "page": number, "more_records": len(entries) > number * size}
    return wire.reply({"watch": page, "info": info})


def _channel_param() -> int | None:
    given = request.args.get("channel_id")
    number = id_of(given) if given else None
    if given and number is None:
        raise InvalidData({"param_name": "channel_id"})
    return number


@bp.post("/actions/watch")
@needs("notifications.CREATE")
@documented(told("watch", 201), body=sent("watch", "ChannelToOpen", MOST_WRITTEN))
def open_channels() -> Response:
    """A channel id that the caller uses already is opened anew (from memory)."""
    given = items(body(), "watch")
    return outcomes([_outcome(_open, item, place, SUBSCRIBED) for place, item in enumerate(given)], "watch", 201)


@bp.put("/actions/watch")
@needs("notifications.UPDATE")
@documented(told("watch"), body=sent("watch", "ChannelToOpen", MOST_WRITTEN))
def replace_channels() -> Response:
    given = items(body(), "watch")
    return outcomes([_outcome(_replace, item, place) for place, item in enumerate(given)], "watch")


@bp.patch("/actions/watch")
@needs("notifications.UPDATE")
@documented(told("watch"), body=sent("watch", "ChannelToChange", MOST_WRITTEN))
def disable_events() -> Response:
    """`"_delete_events": true` takes events out of a channel; without it what is given is changed, the rest stays."""
    given = items(body(), "watch")
    return outcomes([_outcome(_disable, item, place) for place, item in enumerate(given)], "watch")


@bp.delete("/actions/watch")
@needs("notifications.DELETE")
@documented(CHANNEL_IDS, told("watch"))
def close_channels() -> Response:
    if not request.args.get("channel_ids"):
        raise RequiredParamMissing({"param_name": "channel_ids"})
    return outcomes([_outcome(_close, number) for number in ids_param("channel_ids")], "watch")


def _outcome(act: Any, *given: Any) -> Outcome:
    try:
        outcome: Outcome = act(*given)
        return outcome
    except CrmError as error:
        return error


def _own() -> list[Channel]:
    now = int(clock.now().timestamp())
    statement = (
        select(Channel).where(Channel.user_id == access.user().id, Channel.expiry > now).order_by(Channel.channel_id)
    )
    return list(db.session.execute(statement).scalars())


def _modules(channel: Channel) -> list[Module]:
    """The modules that a channel watches, in the order of its events; those that are gone since left out."""
    names = dict.fromkeys(event.partition(".")[0] for event in wire.loads(channel.events))
    known = state.catalog().modules
    return [known[name] for name in names if name in known]


def _channel_id(item: Any, place: int) -> int:
    if not isinstance(item, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": f"$.watch[{place}]"})
    located = {"api_name": "channel_id", "json_path": f"$.watch[{place}].channel_id"}
    if item.get("channel_id") in (None, ""):
        raise MandatoryNotFound(located)
    number = id_of(item["channel_id"])
    if number is None:
        raise InvalidData({"expected_data_type": "bigint", **located})
    return number


def _open(item: Any, place: int, message: str) -> Outcome:
    number = _channel_id(item, place)
    values = columns_of(item, place)
    channel = db.session.get(Channel, number)
    if channel is None:
        channel = Channel(channel_id=number, user_id=access.user().id, **values)
        db.session.add(channel)
    elif channel.user_id != access.user().id and channel.expiry > clock.now().timestamp():
        raise InvalidData({"api_name": "channel_id", "json_path": f"$.watch[{place}].channel_id"})
    else:
        channel.user_id = access.user().id
        for name, value in values.items():
            setattr(channel, name, value)
    db.session.flush()
    return success({"events": _events_shown(channel)}, message)


def _replace(item: Any, place: int) -> Outcome:
    _subscribed(_channel_id(item, place))
    return _open(item, place, UPDATED)


def _disable(item: Any, place: int) -> Outcome:
    channel = _subscribed(_channel_id(item, place))
    if item.get("_delete_events") is not True:
        return _open({**_given_form(channel), **item}, place, UPDATED)
    going = {part for event in events_of(item, place) for part in _parts(event)}
    left = [event for event in wire.loads(channel.events) if not going.issuperset(_parts(event))]
    left = list(dict.fromkeys(kept for event in left for kept in _without(event, going)))
    details = {"events": _events_shown(channel)}
    if left:
        channel.events = wire.dumps(left).decode()
    else:
        db.session.delete(channel)
    db.session.flush()
    return success(details, UNSUBSCRIBED)


def _parts(event: str) -> list[str]:
    """`Deals.all` is create, edit and delete."""
    name, _, act = event.partition(".")
    return [f"{name}.{part}" for part in ACTS[:-1]] if act == "all" else [event]


def _without(event: str, going: set[str]) -> list[str]:
    """What is left of an event: itself, or of *all* the acts that do not go."""
    parts = _parts(event)
    return [event] if going.isdisjoint(parts) else [part for part in parts if part not in going]


def _close(number: int) -> Outcome:
    channel = _subscribed(number)
    shown = _events_shown(channel)
    db.session.delete(channel)
    db.session.flush()
    details = {key: shown[0][key] for key in ("resource_uri", "resource_id", "channel_id")} if shown else {}
    return success(details or {"channel_id": str(number)}, UNSUBSCRIBED)


def _subscribed(number: int) -> Channel:
    channel: Channel | None = db.session.get(Channel, number)
    is_own = channel is not None and channel.user_id == access.user().id
    if channel is None or not is_own or channel.expiry <= clock.now().timestamp():
        raise NotSubscribed({"channel_id": str(number)})
    return channel


def _events_shown(channel: Channel) -> list[dict[str, Any]]:
    """One entry for each module that the channel watches."""
    return [_event_shown(channel, module) for module in _modules(channel)]


def _event_shown(channel: Channel, module: Module) -> dict[str, Any]:
    return {
        "channel_expiry": shown_moment(channel.expiry, state.people().company.zone),
        "resource_uri": f"{current_app.extensions['config'].url}/crm/v2/{module.api_name}",
        "resource_id": str(module.id),
        "resource_name": module.api_name,
        "channel_id": str(channel.channel_id),
    }


def _shown(channel: Channel, module: Module) -> dict[str, Any]:
    events = [event for event in wire.loads(channel.events) if event.partition(".")[0] == module.api_name]
    conditions = [
        condition for condition in wire.loads(channel.conditions) if condition["module"]["api_name"] == module.api_name
    ]
    return {
        **_event_shown(channel, module),
        "events": events,
        "notify_url": channel.notify_url,
        "token": channel.token,
        "return_affected_field_values": channel.returns_values,
        "notify_on_related_action": channel.hears_related,
        "notification_condition": conditions or None,
        "fields": None,
    }


def _given_form(channel: Channel) -> dict[str, Any]:
    """The channel as it could have been given, for a change of some of it."""
    return {
        "events": wire.loads(channel.events),
        "notification_condition": wire.loads(channel.conditions),
        "notify_url": channel.notify_url,
        "token": channel.token,
        "channel_expiry": shown_moment(channel.expiry, state.people().company.zone),
        "return_affected_field_values": channel.returns_values,
        "notify_on_related_action": channel.hears_related,
    }
