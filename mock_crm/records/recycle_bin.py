"""The recycle bin: what lies in it, bringing it back, removing it for good (`settings/recycle_bin`, from v8 on)."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, delete, func, insert, select, update

from mock_crm import state
from mock_crm.database import db, searching_connection
from mock_crm.envelope import Outcome, success
from mock_crm.errors import CrmError, InvalidId
from mock_crm.metadata.catalog import Module
from mock_crm.notifications import firing
from mock_crm.organization.people import User
from mock_crm.organization.permissions import module_permission
from mock_crm.records import deleting
from mock_crm.records.acts_model import record_fate, record_tag, stored_file
from mock_crm.records.drafts import Draft
from mock_crm.records.model import record, record_key, record_lookup, record_read, record_relation
from mock_crm.records.present import RECORD_COLUMNS, VALUES
from mock_crm.records.uniqueness import check_unique, keys_of
from mock_crm.records.values import shown_moment
from mock_crm.records.writing import Stamp

Conditions = Iterable[ColumnElement[bool]]

_BINNED = (*RECORD_COLUMNS, record.c.module, record.c.name, record.c.deleted_by, record.c.deleted_time)


def binned(user: User, conditions: Conditions = ()) -> Any:
    """What the user may see in the bin, as a statement: all of it for administrators, for others what they owned.

    What went along with another record is not there by itself: it comes back and goes with that.
    """
    statement = (
        select(*_BINNED)
        .outerjoin(record_fate, record_fate.c.record == record.c.id)
        .where(deleting.in_bin(), record_fate.c.along_with.is_(None), *conditions)
    )
    if user.is_admin:
        return statement
    names = [name for name in state.catalog().modules if user.profile.allows(module_permission(name, "View"))]
    return statement.where(record.c.owner == user.id, record.c.module.in_(names))


def page_of(
    user: User, conditions: Conditions, order: Sequence[Any], size: int, offset: int
) -> tuple[list[dict[str, Any]], bool]:
    statement = binned(user, conditions).order_by(*order).limit(size + 1).offset(offset)
    rows = searching_connection().execute(statement).all()
    return [shown(row) for row in rows[:size]], len(rows) > size


def count(user: User) -> int:
    statement = select(func.count()).select_from(binned(user).subquery())
    return int(db.session.execute(statement).scalar_one())


def shown(row: Any) -> dict[str, Any]:
    people = state.people()
    owner, remover = people.users.get(row.owner), people.users.get(row.deleted_by)
    module = state.catalog().modules.get(row.module)
    return {
        "display_name": row.name,
        "deleted_time": shown_moment(row.deleted_time, people.company.zone),
        "owner": owner.named() if owner else None,
        "module": module.reference() if module else {"api_name": row.module},
        "deleted_by": remover.named() if remover else None,
        "id": str(row.id),
    }


def ids_where(user: User, conditions: Conditions) -> list[int]:
    return [row[0] for row in searching_connection().execute(binned(user, conditions).order_by(record.c.id))]


def _rows(user: User, ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in deleting.chunks(ids):
        found |= {row.id: row for row in db.session.execute(binned(user, [record.c.id.in_(some)]))}
    return found


def restore(user: User, ids: Sequence[int], stamp: Stamp) -> list[Outcome]:
    """Brings records back with their keys, links, notes and attachments.

    A record is refused when another one holds a value of a unique field meanwhile. From memory: who restores counts as
    who changed the record last, and channels hear of a record that was made.
    """
    rows = _rows(user, ids)
    refused: dict[int, CrmError] = {number: InvalidId({"id": str(number)}) for number in ids if number not in rows}
    by_module: dict[str, list[Draft]] = {}
    for number in ids:
        if number in rows:
            module = state.catalog().modules[rows[number].module]
            by_module.setdefault(module.api_name, []).append(_draft(module, rows[number]))
    for name, drafts in by_module.items():
        check_unique(state.catalog().modules[name], drafts)
        refused |= {int(draft.record_id or 0): error for draft in drafts if (error := draft.error())}
        _bring_back(state.catalog().modules[name], [draft for draft in drafts if not draft.errors], stamp)
    return [refused.get(number) or success({"id": str(number)}, "record restored") for number in ids]


def _draft(module: Module, row: Any) -> Draft:
    draft = Draft(module, 0, record_id=row.id)
    draft.after = orjson.loads(row[VALUES])
    return draft


def _bring_back(module: Module, drafts: Sequence[Draft], stamp: Stamp) -> None:
    ids = [int(draft.record_id or 0) for draft in drafts]
    if not ids:
        return
    _insert_keys(drafts)
    _mark_alive(ids, {"modified_by": stamp.user.id, "modified_time": stamp.time})
    along = _along_with(ids)
    while along:
        _mark_alive(along, {})
        db.session.execute(delete(record_fate).where(record_fate.c.record.in_(along)))
        along = _along_with(along)
    firing.inserted(module, ids)


def _mark_alive(ids: Sequence[int], more: dict[str, Any]) -> None:
    for some in deleting.chunks(ids):
        values = {"deleted_time": None, "deleted_by": None, "version": record.c.version + 1, **more}
        db.session.execute(update(record).where(record.c.id.in_(some)).values(values))


def _insert_keys(drafts: Sequence[Draft]) -> None:
    keys = [
        {
            "record": draft.record_id,
            "field": known.api_name,
            "module": draft.module.api_name,
            "value": key,
            "is_unique": known.is_unique,
        }
        for draft in drafts
        for known, key in keys_of(draft)
    ]
    if keys:
        db.session.execute(insert(record_key), keys)


def _along_with(ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    for some in deleting.chunks(ids):
        statement = select(record_fate.c.record).where(record_fate.c.along_with.in_(some))
        found += [row[0] for row in db.session.execute(statement)]
    return found


def purge(user: User, ids: Sequence[int], stamp: Stamp) -> list[Outcome]:
    """Removes records from the bin for good, with what went along; only that they were there is kept."""
    rows = _rows(user, ids)
    going = [number for number in ids if number in rows]
    everything, along = list(going), _along_with(going)
    while along:
        everything, along = everything + along, _along_with(along)
    for some in deleting.chunks(everything):
        _erase(some, stamp)
    return [
        success({"id": str(number)}, "record deleted") if number in rows else InvalidId({"id": str(number)})
        for number in ids
    ]


def _erase(ids: Sequence[int], stamp: Stamp) -> None:
    for table in (record_lookup, record_tag, record_read, stored_file, record_fate):
        db.session.execute(delete(table).where(table.c.record.in_(ids)))
    ties = record_relation.c.parent.in_(ids) | record_relation.c.child.in_(ids)
    db.session.execute(delete(record_relation).where(ties))
    emptied = {"name": "", "values": "{}", "version": record.c.version + 1}
    db.session.execute(update(record).where(record.c.id.in_(ids)).values(emptied))
    db.session.execute(insert(record_fate), [{"record": number, "purged_time": stamp.time} for number in ids])
