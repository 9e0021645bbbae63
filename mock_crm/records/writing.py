"""Writing records: whole calls at once, checked first, inserted and updated many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm.exc import StaleDataError

from mock_crm import state, versions
from mock_crm.database import db
from mock_crm.envelope import Outcome, success
from mock_crm.errors import AlreadyConverted
from mock_crm.metadata.catalog import Module
from mock_crm.notifications import firing
from mock_crm.organization.people import User
from mock_crm.records import accounts_by_name, numbering, relations
from mock_crm.records.drafts import Draft, check_references, complete
from mock_crm.records.line_items import settle_line_items
from mock_crm.records.model import CONVERTED, record, record_key, record_lookup
from mock_crm.records.rules import name_of, settle
from mock_crm.records.uniqueness import check_unique, keys_of
from mock_crm.records.values import shown_moment
from simulator import clock, ids, wire
from simulator.prepared import Prepared


@dataclass(frozen=True)
class Stamp:
    """Who writes and when."""

    user: User
    time: int

    @classmethod
    def now(cls, user: User) -> "Stamp":
        return cls(user, int(clock.now().timestamp()))


def check(module: Module, drafts: Sequence[Draft]) -> None:
    """All that can be wrong with the drafts of one call; new records get their ids, so that errors can name them."""
    for draft in drafts:
        if draft.before.get(CONVERTED):
            draft.refuse(AlreadyConverted({"id": str(draft.record_id)}))
    drafts = [draft for draft in drafts if not draft.is_refused]
    new = [draft for draft in drafts if draft.record_id is None]
    for draft, number in zip(new, ids.new_ids(len(new)) if new else [], strict=True):
        draft.record_id = number
    check_references(drafts)
    complete(drafts)
    settle_line_items([draft for draft in drafts if not draft.errors])
    for draft in drafts:
        if not draft.errors:
            settle(draft)
    check_unique(module, [draft for draft in drafts if not draft.errors])


def write(module: Module, drafts: Sequence[Draft], stamp: Stamp) -> list[Outcome]:
    """Checks and writes the drafts of one call; what is refused is named, the rest is written."""
    _make_accounts(drafts, stamp)
    check(module, drafts)
    fine = [draft for draft in drafts if not draft.errors]
    new = [draft for draft in fine if draft.is_new]
    changed = [draft for draft in fine if not draft.is_new]
    insert_records(new, stamp)
    update_records(changed, stamp)
    firing.inserted(module, [int(draft.record_id or 0) for draft in new])
    firing.updated(module, {int(draft.record_id or 0): changed_fields(draft) for draft in changed})
    return [draft.error() or _written(draft, stamp) for draft in drafts]


def _make_accounts(drafts: Sequence[Draft], stamp: Stamp) -> None:
    """Accounts that the drafts give by name are found, or made on the way."""
    new = accounts_by_name.link_accounts(drafts)
    if not new:
        return
    accounts = state.catalog().modules["Accounts"]
    accounts_by_name.refuse_unless_allowed(new)
    check(accounts, new)
    insert_records([account for account in new if not account.errors], stamp)
    accounts_by_name.settle_made(drafts, new)


def changed_fields(draft: Draft) -> dict[str, Any]:
    """Fields whose kept value is another one now, with that value."""
    names = draft.before.keys() | draft.after.keys()
    changed = {name: draft.after.get(name) for name in names if draft.before.get(name) != draft.after.get(name)}
    if draft.owner is not None and draft.owner != draft.row.owner:
        changed["Owner"] = draft.owner
    return changed


def _insertion(table: Any, *left_out: str) -> Prepared:
    names = [column.name for column in table.c if column.name not in left_out]
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))


_INSERT = _insertion(record, "deleted_by", "deleted_time")
_INSERT_LINK, _INSERT_KEY = _insertion(record_lookup), _insertion(record_key)


def insert_records(drafts: Sequence[Draft], stamp: Stamp) -> None:
    """Inserts checked drafts with their links and keys."""
    if not drafts:
        return
    numbering.number(drafts)
    _INSERT.run(db.session.connection(), *[_row(draft, stamp) for draft in drafts])
    _insert_links(drafts)
    _insert_keys(drafts)
    relations.insert_row_ties(drafts)


def _row(draft: Draft, stamp: Stamp) -> dict[str, Any]:
    return {
        "id": draft.record_id,
        "module": draft.module.api_name,
        "name": name_of(draft),
        "owner": draft.owner or stamp.user.id,
        "created_by": stamp.user.id,
        "created_time": stamp.time,
        "modified_by": stamp.user.id,
        "modified_time": stamp.time,
        "values": wire.dumps(draft.after).decode(),
        "is_converted": bool(draft.after.get(CONVERTED)),
        "version": 1,
    }


_UPDATE = (
    update(record)
    .where(record.c.id == bindparam("b_id"), record.c.version == bindparam("b_version"))
    .values(
        {
            "name": bindparam("b_name"),
            "owner": bindparam("b_owner"),
            "modified_by": bindparam("b_by"),
            "modified_time": bindparam("b_time"),
            "values": bindparam("b_values"),
            "is_converted": bindparam("b_converted"),
            "version": bindparam("b_next"),
        }
    )
)


def update_records(drafts: Sequence[Draft], stamp: Stamp) -> None:
    """Updates checked drafts; only links and keys that changed are written.

    Raises:
        StaleDataError: when a record was changed meanwhile; the chassis runs the request again.
    """
    if not drafts:
        return
    rows = [
        {
            "b_id": draft.record_id,
            "b_version": draft.row.version,
            "b_name": name_of(draft),
            "b_owner": draft.owner or draft.row.owner,
            "b_by": stamp.user.id,
            "b_time": stamp.time,
            "b_values": wire.dumps(draft.after).decode(),
            "b_converted": bool(draft.after.get(CONVERTED)),
            "b_next": draft.row.version + 1,
        }
        for draft in drafts
    ]
    done = db.session.connection().execute(_UPDATE, rows)
    if done.rowcount not in (-1, len(rows)):
        raise StaleDataError("a record was changed by somebody else meanwhile")
    relinked = [draft for draft in drafts if _differs(draft, [known.api_name for known in draft.module.lookup_fields])]
    rekeyed = [draft for draft in drafts if _differs(draft, [known.api_name for known in draft.module.keyed_fields])]
    for table, touched in ((record_lookup, relinked), (record_key, rekeyed)):
        if touched:
            db.session.execute(delete(table).where(table.c.record.in_([draft.record_id for draft in touched])))
    _insert_links(relinked)
    _insert_keys(rekeyed)
    relations.replace_row_ties(drafts)


def _differs(draft: Draft, names: Sequence[str]) -> bool:
    return any(draft.before.get(name) != draft.after.get(name) for name in names)


def _insert_links(drafts: Sequence[Draft]) -> None:
    links = [
        {
            "record": draft.record_id,
            "field": known.api_name,
            "module": draft.module.api_name,
            "target": draft.after[known.api_name],
        }
        for draft in drafts
        for known in draft.module.lookup_fields
        if known.api_name in draft.after
    ]
    if links:
        _INSERT_LINK.run(db.session.connection(), *links)


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
        _INSERT_KEY.run(db.session.connection(), *keys)


def written_details(row: Any) -> dict[str, Any]:
    """Id, authors and times of a record as it stands, for an outcome; here people have no email (crm-api.md §3.1)."""
    return _details(row.id, row.created_by, row.created_time, row.modified_by, row.modified_time)


def _written(draft: Draft, stamp: Stamp) -> dict[str, Any]:
    row, by = draft.row, stamp.user.id
    if row is not None:
        return success(_details(row.id, row.created_by, row.created_time, by, stamp.time), "record updated")
    details = _details(int(draft.record_id or 0), by, stamp.time, by, stamp.time)
    if versions.current() >= versions.V3:
        details["$approval_state"] = "approved"
    return success(details, "record added")


def _details(number: int, created_by: int, created_time: int, modified_by: int, modified_time: int) -> dict[str, Any]:
    people = state.people()
    creator, modifier = people.users.get(created_by), people.users.get(modified_by)
    return {
        "Modified_Time": shown_moment(modified_time, people.company.zone),
        "Modified_By": modifier.named() if modifier else None,
        "Created_Time": shown_moment(created_time, people.company.zone),
        "id": str(number),
        "Created_By": creator.named() if creator else None,
    }
