"""Whether a view of the CRM shows when its records join and leave it, so that only changes have to be read."""

import hashlib
from typing import Any

from connector.peers import Peers
from connector.settings import Entity
from simulator import wire

#: A predefined view that shows all records. Others go by the caller, the day, or whether something was read.
ALL = "ALLVIEWS"
#: Kinds of fields that show what stands in other records, or what is done around one: they change without it.
FOREIGN = ("lookup", "ownerlookup", "userlookup", "formula", "rollup_summary")
ACTIVITY = ("Last_Activity_Time", "Tag")


def view_mark(peers: Peers, entity: Entity) -> str | None:
    """A mark of what the entity's view asks for; "" for all records, None where its records change by themselves."""
    if entity.view is None:
        return ""
    view = peers.crm.custom_view(entity.module, entity.view)
    if view is None or (view.get("system_defined") and view.get("system_name") != ALL):
        return None
    criteria = view.get("criteria")
    names = set(_fields(criteria))
    if "${" in wire.dumps(criteria).decode() or names & {*ACTIVITY}:
        return None
    if names:
        kinds = {str(field["api_name"]): field["data_type"] for field in peers.crm.fields(entity.module)}
        if any("." in name or kinds.get(name, "lookup") in FOREIGN for name in names):
            return None
    return hashlib.sha256(wire.dumps(criteria)).hexdigest()[:16]


def _fields(criteria: Any) -> list[str]:
    """The fields a view's criteria look at, however deep."""
    if not isinstance(criteria, dict):
        return []
    inner = [name for one in criteria.get("group", ()) for name in _fields(one)]
    field = criteria.get("field")
    return [*inner, str(field["api_name"])] if field else inner
