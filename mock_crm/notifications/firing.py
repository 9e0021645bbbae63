"""What a change owes to the channels that watch it: one call per API call, module and channel (crm-api.md §7.1)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import current_app, has_request_context
from sqlalchemy import select

from mock_crm import state
from mock_crm.database import db
from mock_crm.metadata.catalog import SCALED_TYPES, Module
from mock_crm.notifications.model import Channel
from mock_crm.organization.permissions import module_permission
from mock_crm.records.values import amount_of, shown_moment
from simulator import clock, context, outbox, wire
from simulator.app import after_commit


def inserted(module: Module, ids: list[int]) -> None:
    for channel in _watching(module, "create") if ids else []:
        _owe(channel, module, "insert", [str(number) for number in ids], [], [])


def deleted(module: Module, ids: list[int]) -> None:
    for channel in _watching(module, "delete") if ids else []:
        _owe(channel, module, "delete", [str(number) for number in ids], [], [])


def updated(module: Module, changes: dict[int, dict[str, Any]]) -> None:
    """Edits name the fields that changed; a channel may want to hear of some fields only."""
    for channel in _watching(module, "edit") if changes else []:
        wanted = wire.loads(channel.conditions).get(module.api_name)
        heard = {
            number: changed
            for number, changed in changes.items()
            if wanted is None or any(name in changed for name in wanted)
        }
        if not heard:
            continue
        fields = [{str(number): sorted(changed)} for number, changed in heard.items()]
        values: list[dict[str, Any]] = []
        if channel.returns_values:
            values = [
                {
                    "record_id": str(number),
                    "values": {name: _plain(module, name, kept) for name, kept in changed.items()},
                }
                for number, changed in heard.items()
            ]
        _owe(channel, module, "update", [str(number) for number in heard], fields, values)


def _watching(module: Module, event: str) -> list[Any]:
    """Live channels for an event, whose user is active and may see the module."""
    if not has_request_context():
        return []  # a scenario being loaded tells nobody
    now = int(clock.now().timestamp())
    statement = select(*Channel.__table__.c).where(Channel.expiry > now).order_by(Channel.channel_id)
    users = state.people().users
    permission = module_permission(module.api_name, "View")
    names = {f"{module.api_name}.{event}", f"{module.api_name}.all"}
    return [
        channel
        for channel in db.session.execute(statement)
        if (user := users.get(channel.user_id)) is not None
        and user.is_active
        and user.profile.allows(permission)
        and names & set(wire.loads(channel.events))
    ]


def _owe(
    channel: Any,
    module: Module,
    operation: str,
    ids: list[str],
    fields: list[dict[str, Any]],
    values: list[dict[str, Any]],
) -> None:
    """Owes one call. The shapes of `affected_fields` and `affected_values` are from memory."""
    config = current_app.extensions["config"]
    body: dict[str, Any] = {
        "server_time": int(clock.now().timestamp() * 1000),
        "query_params": dict(parse_qsl(urlsplit(channel.notify_url).query)),
        "module": module.api_name,
        "resource_uri": f"{config.url}/crm/v2/{module.api_name}",
        "ids": ids,
        "affected_fields": fields,
        "operation": operation,
        "channel_id": str(channel.channel_id),
        "token": channel.token,
    }
    if channel.returns_values:
        body["affected_values"] = values
    outbox.post(f"channel-{channel.channel_id}", channel.notify_url, body)
    world_id, sender = context.current_world().id, current_app.extensions["sender"]
    after_commit(lambda: sender.wake(world_id))


def _plain(module: Module, name: str, kept: Any) -> Any:
    """A kept value as it is told in a notification; references by id."""
    known = module.fields[name]
    if kept is None:
        return False if known.data_type == "boolean" else None
    if known.data_type in SCALED_TYPES:
        return amount_of(known, kept)
    if known.data_type == "datetime":
        return shown_moment(kept, state.people().company.zone)
    if known.data_type in ("lookup", "ownerlookup", "userlookup"):
        return {"id": str(kept)}
    return str(kept) if known.data_type == "bigint" else kept
