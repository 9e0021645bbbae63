"""What a change owes to the channels that watch it: one call per API call, module and channel (crm-api.md §7.1)."""

from typing import Any

from flask import has_request_context
from sqlalchemy import bindparam, select

from mock_crm import state
from mock_crm.database import db
from mock_crm.metadata.catalog import ROW_TYPES, SCALED_TYPES, Module
from mock_crm.notifications.given import is_met
from mock_crm.notifications.model import Channel
from mock_crm.notifications.owed import owe
from mock_crm.organization.permissions import module_permission
from mock_crm.records.values import amount_of, shown_moment
from simulator import clock, wire
from simulator.prepared import Prepared

_channel = Channel.__table__
_LIVING = Prepared(select(*_channel.c).where(_channel.c.expiry > bindparam("now")).order_by(_channel.c.channel_id))


def inserted(module: Module, ids: list[int], related: bool = False) -> None:
    """Records were made; `related` ones came along with another record, of which not every channel wants to hear."""
    for channel in _watching(module, "create", related) if ids else []:
        owe(channel, module, "insert", {number: {} for number in ids})


def deleted(module: Module, ids: list[int], related: bool = False) -> None:
    for channel in _watching(module, "delete", related) if ids else []:
        owe(channel, module, "delete", {number: {} for number in ids})


def updated(module: Module, changes: dict[int, dict[str, Any]], related: bool = False) -> None:
    """Edits name the fields that changed; a channel may want to hear of some fields only."""
    for channel in _watching(module, "edit", related) if changes else []:
        conditions = wire.loads(channel.conditions)
        heard = {
            number: {name: _plain(module, name, kept) for name, kept in changed.items()}
            for number, changed in changes.items()
            if is_met(conditions, module, changed)
        }
        if heard:
            owe(channel, module, "update", heard)


def _watching(module: Module, event: str, related: bool) -> list[Any]:
    """Live channels for an event, whose user is active and may see the module.

    Outside requests nobody is told: of a scenario that is loaded, and (from memory) of a bulk write.
    """
    if not has_request_context():
        return []
    now = int(clock.now().timestamp())
    users = state.people().users
    permission = module_permission(module.api_name, "View")
    names = {f"{module.api_name}.{event}", f"{module.api_name}.all"}
    return [
        channel
        for channel in _LIVING.named_rows(db.session.connection(), now=now)
        if (user := users.get(channel.user_id)) is not None
        and user.is_active
        and user.profile.allows(permission)
        and (channel.hears_related or not related)
        and names & set(wire.loads(channel.events))
    ]


def _plain(module: Module, name: str, kept: Any) -> Any:
    """A kept value as it is told in a notification; references and rows by id."""
    known = module.fields.get(name)
    if known is None or known.data_type in ROW_TYPES:
        return [{"id": str(row["id"])} for row in kept or () if "id" in row]
    if kept is None:
        return False if known.data_type == "boolean" else None
    if known.data_type in SCALED_TYPES:
        return amount_of(known, kept)
    if known.data_type == "datetime":
        return shown_moment(kept, state.people().company.zone)
    if known.data_type in ("lookup", "ownerlookup", "userlookup", "layout"):
        return {"id": str(kept)}
    return str(kept) if known.data_type == "bigint" else kept
