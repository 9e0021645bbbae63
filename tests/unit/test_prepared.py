"""Statements put into the database's words once: what they give, and how their errors are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import IntegrityError

from simulator.entry import AnyText
from simulator.prepared import Prepared
from tests.support.databases import database_of, drop_database_of

metadata = MetaData()
fruit = Table(
    "fruit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20), nullable=False),
    Column("is_ripe", Boolean, nullable=False),
    Column("remark", AnyText),
)
NAMES = [column.name for column in fruit.c]
ADD = Prepared(insert(fruit).values({name: bindparam(name) for name in NAMES}))
ALL = Prepared(select(*fruit.c).order_by(fruit.c.id))
APPLE = {"id": 1, "name": "apple", "is_ripe": True, "remark": "50% off"}
PEAR = {"id": 2, "name": "pear", "is_ripe": False, "remark": None}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection with a transaction under way, on whatever database the tests run."""
    url = database_of(tmp_path)
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg") if url else "sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()
    drop_database_of(tmp_path)


def test_rows_are_plain_tuples_of_what_the_columns_hold(connection: Connection):
    ADD.run(connection, APPLE, PEAR)

    assert ALL.rows(connection) == [(1, "apple", True, "50% off"), (2, "pear", False, None)]
    assert [type(row[2]) for row in ALL.rows(connection)] == [bool, bool]


def test_values_that_stand_in_the_statement_and_those_that_are_given_meet(connection: Connection):
    ADD.run(connection, APPLE, PEAR)
    ripe = Prepared(select(fruit.c.name).where(fruit.c.is_ripe.is_(True), fruit.c.id < bindparam("below")).limit(5))

    assert (ripe.rows(connection, below=10), ripe.rows(connection, below=1)) == ([("apple",)], [])


def test_an_insert_may_give_rows(connection: Connection):
    add = Prepared(insert(fruit).values({name: bindparam(name) for name in NAMES}).returning(fruit.c.id))

    assert add.rows(connection, **PEAR) == [(2,)]


def test_it_is_part_of_the_transaction_under_way(connection: Connection):
    connection.commit()
    ADD.run(connection, APPLE)
    connection.rollback()

    assert ALL.rows(connection) == []


def test_errors_are_told_as_sqlalchemy_tells_them_without_the_values(connection: Connection):
    ADD.run(connection, APPLE)

    with pytest.raises(IntegrityError) as refused:
        ADD.run(connection, APPLE)

    assert "50% off" not in str(refused.value)


def test_text_that_postgresql_cannot_keep_is_put_into_words_it_can(connection: Connection):
    ADD.run(connection, {**APPLE, "remark": "a\0b"})

    kept = ALL.rows(connection)[0][3]
    assert kept == ("a\0b" if connection.dialect.name == "sqlite" else "a\N{REPLACEMENT CHARACTER}b")
