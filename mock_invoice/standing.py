"""What stands on a record, whatever kinds of transactions there are: the tables are found by their base classes."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from mock_invoice.database import db
from mock_invoice.documents.model import Document, Line
from mock_invoice.payments.model import Payment


def transactions() -> list[Any]:
    """The tables of transactions with a customer."""
    return [*_concrete(Document), Payment]


def lines() -> list[Any]:
    """The tables of document lines."""
    return _concrete(Line)


def _concrete(base: Any) -> list[Any]:
    found: list[Any] = []
    for table in base.__subclasses__():
        found += [table] if hasattr(table, "__table__") else _concrete(table)
    return found


def any_transaction(customer: Any) -> ColumnElement[bool]:
    """Whether a customer has any, as part of a statement."""
    return or_(*(exists().where(table.customer_id == customer) for table in transactions()))


def any_of(columns: Iterable[InstrumentedAttribute[Any]], record_id: int) -> bool:
    """Whether any of the columns holds this id anywhere."""
    return bool(db.session.scalar(_statement(tuple(columns)), {"record_id": record_id}))


@cache
def _statement(columns: tuple[InstrumentedAttribute[Any], ...]) -> Select[Any]:
    wanted: Any = bindparam("record_id")
    return select(or_(*(exists().where(column == wanted) for column in columns)))
