"""Deleting records and listing what was deleted (crm-api.md §4.5, §4.8)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import Outcome, success
from mock_crm.errors import NotDeleted
from mock_crm.metadata.catalog import Module
from mock_crm.notifications import firing
from mock_crm.records import store
from mock_crm.records.model import record, record_key
from mock_crm.records.values import shown_moment
from mock_crm.records.writing import Stamp
from simulator import clock

RECYCLE_SECONDS = 60 * 86_400


def delete_records(module: Module, ids: Sequence[int], stamp: Stamp) -> list[Outcome]:
    """Moves records to the recycle bin; what is gone already is an error of its own."""
    there = set(store.rows_of(module, ids))
    going = [number for number in ids if number in there]
    if going:
        db.session.execute(
            update(record)
            .where(record.c.id.in_(going))
            .values(deleted_time=stamp.time, deleted_by=stamp.user.id, version=record.c.version + 1)
        )
        db.session.execute(delete(record_key).where(record_key.c.record.in_(going)))
        firing.deleted(module, going)
    return [_outcome(number, number in there) for number in ids]


def _outcome(number: int, is_done: bool) -> Outcome:
    details = {"id": str(number)}
    return success(details, "record deleted") if is_done else NotDeleted(details)


def deleted_page(
    module: Module, kind: str, since: int | None, size: int, offset: int
) -> tuple[list[dict[str, Any]], bool]:
    """Deleted records, the latest first, and whether more follow.

    A record is kept in the recycle bin for 60 days; after that it counts as gone for good, without any job.
    """
    ends = int(clock.now().timestamp()) - RECYCLE_SECONDS
    statement = select(
        record.c.id, record.c.name, record.c.created_by, record.c.deleted_by, record.c.deleted_time
    ).where(record.c.module == module.api_name, record.c.deleted_time.is_not(None))
    if kind == "recycle":
        statement = statement.where(record.c.deleted_time > ends)
    elif kind == "permanent":
        statement = statement.where(record.c.deleted_time <= ends)
    if since is not None:
        statement = statement.where(record.c.deleted_time >= since)
    order = (record.c.deleted_time.desc(), record.c.id.desc())
    rows = db.session.execute(statement.order_by(*order).limit(size + 1).offset(offset)).all()
    return [_shown(row, ends) for row in rows[:size]], len(rows) > size


def _shown(row: Any, ends: int) -> dict[str, Any]:
    people = state.people()
    is_permanent = row.deleted_time <= ends
    creator, remover = people.users.get(row.created_by), people.users.get(row.deleted_by)
    return {
        "deleted_by": remover.named() if remover and not is_permanent else None,
        "id": str(row.id),
        "display_name": None if is_permanent else row.name,
        "type": "permanent" if is_permanent else "recycle",
        "created_by": creator.named() if creator and not is_permanent else None,
        "deleted_time": shown_moment(row.deleted_time, people.company.zone),
    }
