"""Deleting records and listing what was deleted (crm-api.md §4.5, §4.8)."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from sqlalchemy import and_, case, delete, insert, or_, select, update

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import Outcome, success
from mock_crm.errors import NotDeleted
from mock_crm.metadata.catalog import Module
from mock_crm.notifications import firing
from mock_crm.records import store
from mock_crm.records.acts_model import record_fate
from mock_crm.records.model import record, record_key, record_lookup
from mock_crm.records.values import shown_moment
from mock_crm.records.writing import Stamp
from simulator import clock

RECYCLE_SECONDS = 60 * 86_400
#: Ids in one statement: SQLite takes some 32,000 values at most.
CHUNK = 5_000


def delete_records(module: Module, ids: Sequence[int], stamp: Stamp) -> list[Outcome]:
    """Moves records to the recycle bin; what is gone already is an error of its own."""
    return told(ids, remove(module, ids, stamp))


def told(ids: Sequence[int], gone: Container[int]) -> list[Outcome]:
    """The outcome of each deletion."""
    return [
        success({"id": str(number)}, "record deleted") if number in gone else NotDeleted({"id": str(number)})
        for number in ids
    ]


def remove(module: Module, ids: Sequence[int], stamp: Stamp) -> set[int]:
    """As `delete_records`; returns those that went. Their notes and attachments go along.

    From memory: records that name a deleted one keep naming it, and show it again once it is restored.
    """
    gone = set(store.rows_of(module, ids))
    going = [number for number in ids if number in gone]
    if going:
        firing.deleted(module, going)
        _mark_deleted(going, stamp)
        _remove_beside(going, stamp)
    return gone


def _mark_deleted(ids: Sequence[int], stamp: Stamp) -> None:
    db.session.execute(
        update(record)
        .where(record.c.id.in_(ids))
        .values(deleted_time=stamp.time, deleted_by=stamp.user.id, version=record.c.version + 1)
    )
    db.session.execute(delete(record_key).where(record_key.c.record.in_(ids)))


def _remove_beside(ids: Sequence[int], stamp: Stamp) -> None:
    """Notes and attachments of deleted records, then the attachments of those notes."""
    parents: list[int] = list(ids)
    while parents:
        beside = (
            select(record_lookup.c.record, record_lookup.c.target, record_lookup.c.module)
            .join(record, record.c.id == record_lookup.c.record)
            .where(
                record_lookup.c.target.in_(parents),
                record_lookup.c.module.in_(store.BESIDE),
                record_lookup.c.field == "Parent_Id",
                record.c.deleted_time.is_(None),
            )
        )
        pairs = db.session.execute(beside).all()
        if not pairs:
            return
        parents = [child for child, _, _ in pairs]
        _mark_deleted(parents, stamp)
        _forget_fates(parents)
        db.session.execute(insert(record_fate), [{"record": child, "along_with": parent} for child, parent, _ in pairs])
        for name in store.BESIDE:
            gone = [child for child, _, module in pairs if module == name]
            firing.deleted(state.catalog().modules[name], gone, related=True)


def _forget_fates(ids: Sequence[int]) -> None:
    db.session.execute(delete(record_fate).where(record_fate.c.record.in_(ids)))


def kept_since() -> int:
    """What was deleted after this is still in the recycle bin; before, it counts as gone for good, without any job."""
    return int(clock.now().timestamp()) - RECYCLE_SECONDS


def in_bin() -> Any:
    """Deleted records that can be restored, from `record` joined with `record_fate`."""
    return and_(record.c.deleted_time > kept_since(), record_fate.c.purged_time.is_(None))


def deleted_page(
    module: Module, kind: str, since: int | None, size: int, offset: int
) -> tuple[list[dict[str, Any]], bool]:
    """Deleted records, the latest first, and whether more follow. What is gone for good shows little of itself."""
    is_permanent = or_(record.c.deleted_time <= kept_since(), record_fate.c.purged_time.is_not(None))
    statement = (
        select(
            record.c.id,
            record.c.name,
            record.c.created_by,
            record.c.deleted_by,
            record.c.deleted_time,
            case((is_permanent, 1), else_=0).label("is_permanent"),
        )
        .outerjoin(record_fate, record_fate.c.record == record.c.id)
        .where(record.c.module == module.api_name, record.c.deleted_time.is_not(None))
    )
    if kind == "recycle":
        statement = statement.where(in_bin())
    elif kind == "permanent":
        statement = statement.where(is_permanent)
    if since is not None:
        statement = statement.where(record.c.deleted_time >= since)
    order = (record.c.deleted_time.desc(), record.c.id.desc())
    rows = db.session.execute(statement.order_by(*order).limit(size + 1).offset(offset)).all()
    return [_shown(row) for row in rows[:size]], len(rows) > size


def _shown(row: Any) -> dict[str, Any]:
    people = state.people()
    is_permanent = bool(row.is_permanent)
    creator, remover = people.users.get(row.created_by), people.users.get(row.deleted_by)
    return {
        "deleted_by": remover.named() if remover and not is_permanent else None,
        "id": str(row.id),
        "display_name": None if is_permanent else row.name,
        "type": "permanent" if is_permanent else "recycle",
        "created_by": creator.named() if creator and not is_permanent else None,
        "deleted_time": shown_moment(row.deleted_time, people.company.zone),
    }


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterable[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
