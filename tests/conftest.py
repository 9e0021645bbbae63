"""Fixtures every test may use: a world of its own, in one process."""

from collections.abc import Iterator

import pytest

from tests.support.databases import drop_database_of
from tests.support.waits import shorten_waits
from tests.support.world import Simulator, World


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("simulator")
    yield Simulator(folder)
    drop_database_of(folder)


@pytest.fixture
def world(simulator: Simulator) -> World:
    """A fresh world with an organization and its people, and no records."""
    return simulator.new_world()


@pytest.fixture
def no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries a call again does so at once."""
    shorten_waits(monkeypatch.setattr)
