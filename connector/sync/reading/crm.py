"""Records of the CRM as the planner sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from sys import intern
from typing import Any

from connector import mapping
from connector.errors import RunStopped
from connector.fields import CRM_NAME
from connector.mapping import Values
from connector.peers import Peers
from connector.settings import Entity, Extent
from connector.sync.compact import compact
from connector.sync.crm_side import KEY_FIELD
from connector.sync.records import Source
from simulator.clients.base import Refusal

#: Records asked for by their ids at once.
BY_ID = 100
TIMES = ["Modified_Time", "Created_Time"]


def by_id(peers: Peers, entity: Entity, wanted: list[str]) -> list[Source]:
    """Records by their ids, a hundred in a call; those that do not exist are left out."""
    records = (
        record
        for start in range(0, len(wanted), BY_ID)
        for record in peers.crm.get_records_by_id(entity.module, wanted[start : start + BY_ID], crm_fields(entity))
    )
    return [source_of(entity, record) for record in records]


def one_way(peers: Peers, entity: Entity) -> frozenset[str]:
    """The mapped Invoice fields that do not travel back to the CRM."""
    types = {
        str(field["api_name"]): str(field["data_type"])
        for field in peers.crm.fields(entity.module)
        if not field.get("field_read_only") and not field.get("read_only")
    }
    return mapping.one_way(entity.name, entity.mapping, types)


def crm_fields(entity: Entity) -> list[str]:
    """The CRM fields a run asks for: the mapped ones and what it needs besides."""
    lookups = ["Account_Name"] if entity.name == "contact" or entity.with_lone else []
    key = [KEY_FIELD] if entity.extent is Extent.BOTH else []
    return sorted({pair.crm for pair in entity.mapping} | {*TIMES, *lookups, *key, CRM_NAME[entity.name]})


def source_of(entity: Entity, record: dict[str, Any], base: Values | None = None) -> Source:
    """A CRM record as the planner sees it; `base` is what its link has agreed on, which it may share."""
    return Source(
        id=intern(str(record["id"])),
        name=str(record.get(CRM_NAME[entity.name]) or ""),
        values=compact(mapping.from_crm(entity.name, entity.mapping, record), base),
        modified=str(record.get("Modified_Time") or ""),
        created=str(record.get("Created_Time") or ""),
        parent=parent_of(entity, record),
        sync_key=str(record.get(KEY_FIELD) or ""),
    )


def parent_of(entity: Entity, record: dict[str, Any]) -> str | None:
    parent = record.get("Account_Name") if entity.name == "contact" or entity.with_lone else None
    return str(parent["id"]) if parent else None


def deleted_at(peers: Peers, entity: Entity, since: datetime | None = None) -> dict[str, str]:
    """When the CRM says that records were deleted, by their ids; absence from a list alone is no deletion."""
    after = since.isoformat(timespec="seconds") if since else None
    return {str(row["id"]): str(row["deleted_time"]) for row in peers.crm.deleted_records(entity.module, after)}


@contextmanager
def viewing(entity: Entity) -> Iterator[None]:
    """Around reading a view.

    Raises:
        RunStopped: it is gone.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.details.get("param_name") == "cvid":
            raise RunStopped(f"The chosen view of {entity.module} is gone; choose another in the settings.") from None
        raise
