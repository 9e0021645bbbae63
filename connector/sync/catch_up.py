"""Makes up for lost change notices: potentials changed since the watermark are put into the queue of notices."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from connector.database import db
from connector.models import Connection, Cursor, Notice, Potential
from connector.peers import Peers
from connector.sync.crash import crash_point
from connector.sync.lease import Lease
from connector.triggers.reading import POTENTIAL_FIELDS, facts_of, seen_before
from simulator import clock
from simulator.worlds import Worlds

OVERLAP = timedelta(seconds=120)
NOTICE_SIZE = 100


def catch_up_potentials(worlds: Worlds, world_id: str, connection_id: int, peers: Peers, lease: Lease) -> None:
    """Queues a notice for each potential whose facts differ from those last evaluated (requirements G7, G8)."""
    with worlds.transaction(world_id, reads_only=True):
        key = {"connection_id": connection_id, "entity": "potential", "side": "crm", "stream": "changed"}
        cursor = db.session.get(Cursor, key)
        settings = db.session.get_one(Connection, connection_id).settings
        since = datetime.fromisoformat(cursor.modified_after) if cursor else _triggers_since(connection_id)
        known = {
            potential.crm_id: potential
            for potential in db.session.execute(
                select(Potential).where(Potential.connection_id == connection_id)
            ).scalars()
        }
        db.session.expunge_all()
    watermark, changed = since, []
    modified_since = (since - OVERLAP).isoformat(timespec="seconds")
    for record in peers.crm.iterate("Deals", POTENTIAL_FIELDS, modified_since=modified_since):
        watermark = max(watermark, datetime.fromisoformat(record["Modified_Time"]))
        if not seen_before(facts_of(record, settings), known.get(str(record["id"]))):
            changed.append(str(record["id"]))
    crash_point("cursor-candidate")
    with worlds.transaction(world_id):
        lease.guard()
        for start in range(0, len(changed), NOTICE_SIZE):
            db.session.add(new_notice(connection_id, "catch_up", changed[start : start + NOTICE_SIZE]))
        db.session.merge(Cursor(**key, modified_after=watermark.isoformat(), facts={}, last_full_at=clock.now()))
    crash_point("cursor-stored")


def new_notice(connection_id: int, operation: str, crm_ids: list[str], wait_seconds: float = 0) -> Notice:
    moment = clock.real_now()
    due = moment + timedelta(seconds=wait_seconds)
    facts: dict[str, Any] = {"received_at": moment, "next_at": due, "state": "waiting", "attempts": 0}
    return Notice(connection_id=connection_id, operation=operation, crm_ids=crm_ids, **facts)


def _triggers_since(connection_id: int) -> datetime:
    connection = db.session.get_one(Connection, connection_id)
    return connection.triggers_since or connection.connected_at
