"""Reading the record store: pages, single records, counts. All conditions are SQL."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from flask import g, has_request_context
from sqlalchemy import ColumnElement, bindparam, func, or_, select

from mock_crm import state
from mock_crm.database import db, searching_connection
from mock_crm.envelope import id_of
from mock_crm.errors import InvalidId
from mock_crm.metadata.catalog import Module
from mock_crm.organization.people import User
from mock_crm.organization.permissions import module_permission
from mock_crm.records.model import RECORD_COLUMNS, record, record_lookup
from mock_crm.records.paging import Order, Page
from simulator import revision
from simulator.prepared import Prepared

Conditions = Iterable[ColumnElement[bool]]

#: Pages whose rows are kept, of some 400 KB at most.
PAGES_KEPT = 16
#: Notes and attachments stand beside records of other modules: who may see those may see them.
BESIDE = ("Notes", "Attachments")


def by_id(descending: bool = True) -> Order:
    return Order("id", record.c.id, record.c.id, descending)


def alive(module: Module) -> list[ColumnElement[bool]]:
    """The records of a module that are not in the recycle bin, as far as the one who asks may see them."""
    return [record.c.module == module.api_name, record.c.deleted_time.is_(None), *_seen(module)]


def _seen(module: Module) -> list[ColumnElement[bool]]:
    """What the one who asks may not see is left out; only what stands beside other records can be hidden."""
    user: User | None = g.get("user") if has_request_context() else None
    return _seen_by(user) if user is not None and module.api_name in BESIDE else []


def _seen_by(user: User) -> list[ColumnElement[bool]]:
    """Leaves out what stands beside records the user may not see, and what stands beside that."""
    names = state.catalog().modules
    hidden = [name for name in names if not user.profile.allows(module_permission(name, "View"))]
    if not hidden:
        return []
    parent, above = record.alias("parent"), record_lookup.alias("above")
    beside_hidden = (
        select(record_lookup.c.record)
        .join(parent, parent.c.id == record_lookup.c.target)
        .where(record_lookup.c.module.in_(BESIDE), record_lookup.c.field == "Parent_Id", parent.c.module.in_(hidden))
    )
    twice = select(above.c.record).where(above.c.field == "Parent_Id", above.c.target.in_(beside_hidden))
    return [~or_(record.c.id.in_(beside_hidden), record.c.id.in_(twice))]


def _plain_page(order: Order) -> Prepared:
    statement = select(*RECORD_COLUMNS, order.expression.label("sorted_by")).where(
        record.c.module == bindparam("module"), record.c.deleted_time.is_(None)
    )
    return Prepared(statement.order_by(*order.clauses()).limit(bindparam("most")).offset(bindparam("first")))


#: Built once, by direction: the list of all records of a module, which clients page through.
_BY_ID = {descending: _plain_page(by_id(descending)) for descending in (True, False)}


def _plain_rows(*wanted: Any) -> Sequence[Any]:
    """The rows of a page; clients poll lists more often than anything changes."""
    mark = revision.current()
    return _read_plain(*wanted) if mark is None else _kept_plain(mark, *wanted)


@lru_cache(maxsize=PAGES_KEPT)
def _kept_plain(mark: str, *wanted: Any) -> Sequence[Any]:
    return _read_plain(*wanted)


def _read_plain(descending: bool, module: str, most: int, first: int) -> Sequence[Any]:
    return _BY_ID[descending].rows(db.session.connection(), module=module, most=most, first=first)


def page_of(module: Module, conditions: Conditions, order: Order, page: Page) -> tuple[Sequence[Any], bool]:
    """The rows of a page (`RECORD_COLUMNS`, then the value they are sorted by) and whether more follow."""
    place, conditions = page.place, [*_seen(module), *conditions]
    backward = place is not None and place.backward
    if place is None and not conditions and order.is_by_id:
        rows = _plain_rows(order.descending, module.api_name, page.size + 1, page.offset)
    else:
        statement = select(*RECORD_COLUMNS, order.expression.label("sorted_by")).where(*alive(module), *conditions)
        if place is not None:
            statement = statement.where(order.after(place))
        statement = statement.order_by(*order.clauses(backward)).limit(page.size + 1).offset(page.offset)
        rows = searching_connection().execute(statement).all()
    more = len(rows) > page.size
    rows = rows[: page.size]
    return (rows[::-1], True) if backward else (rows, more)


#: Built once: reading single records is what clients do most.
_LIVING = select(*RECORD_COLUMNS, record.c.version).where(
    record.c.module == bindparam("module"), record.c.deleted_time.is_(None)
)
_SOME = _LIVING.where(record.c.id.in_(bindparam("ids", expanding=True)))
_ONE = Prepared(_LIVING.where(record.c.id == bindparam("number")))


def rows_of(module: Module, ids: Iterable[int]) -> dict[int, Any]:
    """Living records of a module by id; those that are none are left out."""
    numbers, hidden = list(ids), _seen(module)
    if len(numbers) == 1 and not hidden:
        rows = _ONE.named_rows(db.session.connection(), module=module.api_name, number=numbers[0])
        return {row.id: row for row in rows}
    statement = _SOME.where(*hidden) if hidden else _SOME
    found = searching_connection().execute(statement, {"module": module.api_name, "ids": numbers})
    return {row.id: row for row in found}


def count(module: Module, conditions: Conditions) -> int:
    statement = select(func.count()).select_from(record).where(*alive(module), *conditions)
    return int(searching_connection().execute(statement).scalar_one())


def exists(module: Module, conditions: Conditions = ()) -> bool:
    statement = select(record.c.id).where(*alive(module), *conditions).limit(1)
    return searching_connection().execute(statement).first() is not None


def addressed(module: Module, record_id: str, place: int = 1) -> Any:
    """The row of the record that stands in an address.

    Raises:
        InvalidId: when there is none.
    """
    number = id_of(record_id)
    row = rows_of(module, [number]).get(number) if number is not None else None
    if row is None:
        raise InvalidId({"resource_path_index": place})
    return row
