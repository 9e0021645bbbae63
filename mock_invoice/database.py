"""The product's database: its session, and the column types and base class that all its tables share."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from typing import Any, TypeVar

import orjson
from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Text, bindparam, insert, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from simulator import clock, ids
from simulator.database import connection, create_database
from simulator.prepared import Prepared

db = create_database()

M = TypeVar("M", bound="Base")
#: What a column has to hold.
Among = Callable[[Any], ColumnElement[bool]]
#: Ids of 18 digits; INTEGER is SQLite's word for a 64-bit key that is the row's own address.
Key = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


#: The type of a sum over `Money` columns: raw millionths, for `money.from_units`.
Units = BigInteger()


class Moment(TypeDecorator[datetime]):
    """A point in time, kept as whole seconds: the wire knows no smaller ones, and numbers sort and compare alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Json(TypeDecorator[Any]):
    """A small value that is stored and shown whole, such as the copy of an address on a document."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


#: As many records as a page of a list has at most.
PAGE = 200


class AboutRecords:
    """A statement about some records by their ids, prepared for one of them and for a page of them."""

    def __init__(self, build: Callable[[Among], Any]) -> None:
        """
        Args:
            build: makes the statement; what it is given makes a condition of a column that holds such an id.
        """
        self._build = build

    def rows(self, record_ids: Iterable[int]) -> list[Any]:
        wanted = list(record_ids)
        if len(wanted) == 1:
            return self._of_one.rows(connection(), id_0=wanted[0])
        return [row for start in range(0, len(wanted), PAGE) for row in self._of(wanted[start : start + PAGE])]

    def _of(self, wanted: list[int]) -> list[Any]:
        padded = [*wanted, *[0] * (PAGE - len(wanted))]
        return self._of_page.rows(connection(), **dict(zip(_PLACES, padded, strict=True)))

    @cached_property
    def _of_one(self) -> Prepared:
        return Prepared(self._build(lambda column: column == bindparam("id_0")))

    @cached_property
    def _of_page(self) -> Prepared:
        return Prepared(self._build(lambda column: column.in_([bindparam(name) for name in _PLACES])))


_PLACES = tuple(f"id_{place}" for place in range(PAGE))


class Base(db.Model):  # type: ignore[name-defined]
    """Any table of the product. A write of a row that somebody else changed meanwhile is noticed by its version."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def fresh(model: type[M], **values: Any) -> M:
    """A record for `insert_new`, its values set as reading a row sets them: nobody has to hear of each."""
    record: M = inspect(model).class_manager.new_instance()
    record.__dict__.update(values)
    return record


def insert_new(record: Base, *parts: Base) -> None:
    """Inserts a fresh record, then the parts that it holds. The session does not know them: who wants to change one
    finds it first.

    Each create inserts one record: the unit of work, made for many, takes ten times as long to find out what to do.
    What they refer to has to stand in their columns: relationships are not looked at.
    """
    in_transaction = connection()
    for one in (record, *parts):
        model: Any = type(one)
        values = one.__dict__
        values["version"] = 1
        for key, default in _defaults(model):
            if key not in values:
                values[key] = default()
        _insertion(model).run(in_transaction, values)


@cache
def _defaults(model: Any) -> list[tuple[str, Callable[[], Any]]]:
    """What columns hold that nobody has set."""
    return [(one.key, partial(_default, one.columns[0].default)) for one in inspect(model).column_attrs]


def _default(of_column: Any) -> Any:
    if of_column is None:
        return None
    return of_column.arg(None) if of_column.is_callable else of_column.arg


@cache
def _insertion(model: Any) -> Prepared:
    values: dict[str, Any] = {one.columns[0].name: bindparam(one.key) for one in inspect(model).column_attrs}
    return Prepared(insert(model.__table__).values(values))


class Record(Base):
    """What belongs to one organization and says when it was made and changed."""

    __abstract__ = True

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    created_time: Mapped[datetime] = mapped_column(Moment)
    last_modified_time: Mapped[datetime] = mapped_column(Moment)

    def begin(self, organization_id: int, record_id: int | None = None) -> None:
        """Gives a fresh record its id, its organization and its times."""
        self.id = record_id or ids.new_id()
        self.organization_id = organization_id
        self.created_time = self.last_modified_time = clock.now()

    def touch(self) -> None:
        """Marks the record as changed now, also where the change is in a row beside it (a person, a value)."""
        self.last_modified_time = clock.now()
