"""The CRM's database: one for each world."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, insert
from sqlalchemy.engine import Connection

from simulator.database import create_database

db = create_database()

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase

    class Model(DeclarativeBase):
        """What mypy sees in place of `db.Model`."""
else:
    Model = db.Model

#: Ids have 18 or 19 digits. SQLite's own row id serves as the key when the column says INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def insert_rows(table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Inserts rows of a versioned table in one go, past the ORM: for what is seeded or added in numbers."""
    given = [{"version": 1, **row} for row in rows]
    if given:
        db.session.execute(insert(table.__table__), given)


def searching_connection() -> Connection:
    """The transaction's connection, able to compare letters beyond ASCII whatever their case.

    SQLite's lower() knows ASCII only; `unicode_lower` is used where somebody searches for other letters.
    """
    connection = db.session.connection()
    if connection.dialect.name == "sqlite" and not connection.info.get("knows_unicode_lower"):
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.create_function("unicode_lower", 1, _lower, deterministic=True)
        connection.info["knows_unicode_lower"] = True
    return connection


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text
