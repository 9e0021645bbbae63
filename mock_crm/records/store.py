"""Reading the record store: pages, single records, counts. All conditions are SQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from mock_crm.database import searching_connection
from mock_crm.metadata.catalog import Module
from mock_crm.records.model import record
from mock_crm.records.paging import Order, Page
from mock_crm.records.present import RECORD_COLUMNS

Conditions = Iterable[ColumnElement[bool]]


def by_id(descending: bool = True) -> Order:
    return Order("id", record.c.id, record.c.id, descending)


def alive(module: Module) -> list[ColumnElement[bool]]:
    """The records of a module that are not in the recycle bin."""
    return [record.c.module == module.api_name, record.c.deleted_time.is_(None)]


def page_of(module: Module, conditions: Conditions, order: Order, page: Page) -> tuple[Sequence[Any], bool]:
    """The rows of a page (`RECORD_COLUMNS`, then the value they are sorted by) and whether more follow."""
    statement = select(*RECORD_COLUMNS, order.expression.label("sorted_by")).where(*alive(module), *conditions)
    place = page.place
    if place is not None:
        statement = statement.where(order.after(place))
    backward = place is not None and place.backward
    statement = statement.order_by(*order.clauses(backward)).limit(page.size + 1).offset(page.offset)
    rows = searching_connection().execute(statement).all()
    more = len(rows) > page.size
    rows = rows[: page.size]
    return (rows[::-1], True) if backward else (rows, more)


def rows_of(module: Module, ids: Iterable[int]) -> dict[int, Any]:
    """Living records of a module by id; those that are none are left out."""
    statement = select(*RECORD_COLUMNS, record.c.version).where(*alive(module), record.c.id.in_(list(ids)))
    return {row.id: row for row in searching_connection().execute(statement)}


def count(module: Module, conditions: Conditions) -> int:
    statement = select(func.count()).select_from(record).where(*alive(module), *conditions)
    return int(searching_connection().execute(statement).scalar_one())


def exists(module: Module, conditions: Conditions = ()) -> bool:
    statement = select(record.c.id).where(*alive(module), *conditions).limit(1)
    return searching_connection().execute(statement).first() is not None
