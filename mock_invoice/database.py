"""The product's database: its session, and the column types and base class that all its tables share."""

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from simulator import clock, ids
from simulator.database import create_database

db = create_database()

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


class Base(db.Model):  # type: ignore[name-defined]
    """Any table of the product. A write of a row that somebody else changed meanwhile is noticed by its version."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


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
