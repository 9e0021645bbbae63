"""A request that only reads sees its world as it was at one moment, whichever way it reads, and gives all back."""

from decimal import Decimal

import pytest
from flask import url_for
from sqlalchemy import func, select

from simulator import settings
from simulator.database import connection
from simulator.prepared import Prepared
from tests.support.databases import files_only
from tests.unit.toy import toy_client


@pytest.fixture
def statement(toy):
    return Prepared(select(func.count().label("number")).select_from(toy.app.extensions["thing"].__table__))


def test_a_session_sees_what_prepared_statements_saw(toy, statement):
    thing, session = toy.app.extensions["thing"], toy.app.extensions["sqlalchemy"].session

    with toy.worlds.transaction(toy.world, reads_only=True):
        ((before,),) = statement.rows(connection())
        with toy.worlds.transaction(toy.world):
            session.add(thing(id=77, name="meanwhile", amount=Decimal(0)))
        ((after,),) = statement.rows(connection())
        by_session = session.query(thing).count()

    assert (before, after, by_session) == (1, 1, 1)
    assert toy.stored("SELECT count(*) FROM thing") == [(2,)]


def test_prepared_statements_see_what_a_session_saw(toy, statement):
    thing, session = toy.app.extensions["thing"], toy.app.extensions["sqlalchemy"].session

    with toy.worlds.transaction(toy.world, reads_only=True):
        before = session.query(thing).count()
        with toy.worlds.transaction(toy.world):
            session.add(thing(id=77, name="meanwhile", amount=Decimal(0)))
        ((after,),) = statement.rows(connection())

    assert (before, after) == (1, 1)


def test_a_reading_goes_on_when_its_session_is_rolled_back(toy, statement):
    thing, session = toy.app.extensions["thing"], toy.app.extensions["sqlalchemy"].session

    with toy.worlds.transaction(toy.world, reads_only=True):
        session.query(thing).count()
        session.rollback()
        assert statement.rows(connection()) == [(1,)]
        assert session.query(thing).count() == 1


@files_only  # a server's pool is also the journal's
@pytest.mark.parametrize("path", ["/things", "/writing-read", "/none"])
def test_whatever_becomes_of_a_reading_its_connection_is_free_again(toy, path):
    pool = toy.worlds.get(toy.world).engine.pool

    for _ in range(3):
        toy_client(toy).get(path, headers=toy.headers)

    assert pool.checkedout() == 0
    assert toy.add("Acme").status_code == 201


def test_settings_are_read_anew_after_the_transaction_that_read_them(toy):
    worlds = toy.worlds

    with worlds.transaction(toy.world):
        settings.write("colour", "red")
        assert settings.read("colour") == "red"
        toy.app.extensions["sqlalchemy"].session.rollback()
        assert settings.read("colour") is None


def test_an_address_is_written_when_somebody_asks_for_it(app):
    with app.test_request_context():
        assert url_for("take", world="world001", page=2) == "/hooks/world001/take?page=2"
        assert url_for("take", world="world002") == "/hooks/world002/take"
