"""Rows as one text each: what is unpacked from them is what an ordinary statement gives."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    exists,
    insert,
    make_url,
    select,
)

from simulator.money import Money
from simulator.packed import PackedPage, PackedRows
from simulator.prepared import Prepared
from tests.support.databases import database_of, drop_database_of

metadata = MetaData()
fruit = Table(
    "fruit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("is_ripe", Boolean, nullable=False),
    Column("price", Money, nullable=False),
    Column("picked", Date),
)
other = fruit.alias()
STATEMENT = (
    select(*fruit.c, exists().where(other.c.id > fruit.c.id).label("has_next"))
    .where(fruit.c.id >= bindparam("first"))
    .order_by(fruit.c.id)
    .limit(bindparam("most"))
)
PACKED, PLAIN, PAGE = PackedRows(STATEMENT), Prepared(STATEMENT), PackedPage(STATEMENT)
PEAR = {
    "id": 2**62 + 1,
    "name": 'a "pear"\n\t\u00e4\u4e2d\U0001f350\x01',
    "is_ripe": True,
    "price": Decimal("1.230001"),
}
FRUITS = [{"id": 1, "name": "", "is_ripe": False, "price": Decimal(0), "picked": date(2027, 2, 28)}, PEAR]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection with a transaction under way, on whatever database the tests run."""
    url = database_of(tmp_path)
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg") if url else "sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        for row in FRUITS:
            connection.execute(insert(fruit).values(**row))
        yield connection
    engine.dispose()
    drop_database_of(tmp_path)


def test_what_is_unpacked_is_what_a_plain_statement_gives(connection: Connection):
    packed = PACKED.rows(connection, first=1, most=5)

    unpacked = PACKED.unpacked(connection, packed)

    assert unpacked == PLAIN.named_rows(connection, first=1, most=5)
    assert [type(value) for value in unpacked[1]] == [int, str, bool, Decimal, type(None), bool]
    assert (unpacked[0].picked, unpacked[0].has_next, unpacked[1].name) == (date(2027, 2, 28), True, PEAR["name"])


def test_the_leading_columns_are_there_without_unpacking(connection: Connection):
    packed = PackedRows(STATEMENT, leading=3)

    (row,) = packed.rows(connection, first=2, most=5)

    assert row[:-1] == (PEAR["id"], PEAR["name"], True)
    assert PACKED.rows(connection, first=2, most=5)[0][0] == PEAR["id"]


def test_equal_rows_are_equal_packed_and_others_are_not(connection: Connection):
    before = tuple(PACKED.rows(connection, first=1, most=5))
    assert {before: "known"}[tuple(PACKED.rows(connection, first=1, most=5))] == "known"

    connection.execute(fruit.update().where(fruit.c.id == 1).values(is_ripe=True))

    assert tuple(PACKED.rows(connection, first=1, most=5)) != before


def test_nothing_is_unpacked_to_nothing(connection: Connection):
    assert PACKED.unpacked(connection, PACKED.rows(connection, first=1, most=0)) == []


def test_a_page_is_what_a_plain_statement_gives(connection: Connection):
    rows = PAGE.rows(connection, first=1, most=5)

    assert rows == PLAIN.named_rows(connection, first=1, most=5)
    assert [type(value) for value in rows[1]] == [int, str, bool, Decimal, type(None), bool]


def test_the_order_of_a_page_is_its_statements(connection: Connection):
    by_name = select(*fruit.c).order_by(fruit.c.name.desc(), fruit.c.id).limit(bindparam("most"))

    assert [row.id for row in PackedPage(by_name).rows(connection, most=5)] == [PEAR["id"], 1]


def test_an_empty_page_has_no_rows(connection: Connection):
    assert PAGE.rows(connection, first=1, most=0) == []
