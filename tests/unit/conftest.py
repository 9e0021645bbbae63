"""Fixtures of the core's tests: the tiny product, and worlds of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.app import Service
from tests.support.databases import drop_database_of
from tests.unit.toy import OTHER, WORLD, Toy, toy_app


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path) -> Iterator[None]:
    """Where worlds are on PostgreSQL, a test's database goes with it."""
    yield
    drop_database_of(tmp_path)


@pytest.fixture
def app(tmp_path: Path) -> Service:
    return toy_app(tmp_path)


@pytest.fixture
def toy(app: Service) -> Iterator[Toy]:
    """A world of its own for each test, also where the tests of a module share the application."""
    yield Toy.made(app)
    if WORLD in app.extensions["worlds"].ids():
        app.test_client().delete(f"/_sim/worlds/{WORLD}")


@pytest.fixture
def other(app: Service) -> Iterator[Toy]:
    """A second world of the same service."""
    yield Toy.made(app, OTHER)
    app.test_client().delete(f"/_sim/worlds/{OTHER}")
