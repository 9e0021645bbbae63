"""What the last sync has cost in API calls (S5)."""

from typing import Any

from web import session
from web.control_room.blueprint import hub
from web.errors import NotConnected

SYNCS = ("auto", "instant")


def last_sync() -> dict[str, Any] | None:
    """The newest sync that has ended, for whoever may see the integration; its `cost` by product."""
    if "connector" not in hub().keepers or not session.person().may_enter("connector"):
        return None
    try:
        runs = session.connector().get("/connection/runs", per_page=10)["runs"]
    except NotConnected:
        return None
    return next((run for run in runs if run["kind"] in SYNCS and run["ended_at"] and run["cost"]["counted"]), None)
