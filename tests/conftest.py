"""Fixtures every test may use: a world of its own, in one process."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.server import GARBAGE_THRESHOLD
from tests.support.databases import COMPARED, SERVER, drop_database_of
from tests.support.waits import shorten_waits
from tests.support.world import Simulator, World


def _refuse_files(event: str, arguments: tuple[Any, ...]) -> None:
    """A scaled set-up has its worlds and its queue on servers, so a test fails that opens a file of SQLite."""
    if event == "sqlite3.connect" and arguments[0] != ":memory:" and COMPARED not in str(arguments[0]):
        raise AssertionError(f"a SQLite file was opened although the worlds are on a server: {arguments[0]}")


if SERVER:
    sys.addaudithook(_refuse_files)


def pytest_collection_finish() -> None:
    """Fifteen thousand tests and what they are made of stay to the end: each look for garbage went over all of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 10, 10)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("simulator")
    yield Simulator(folder)
    drop_database_of(folder)


@pytest.fixture
def world(simulator: Simulator) -> Iterator[World]:
    """A fresh world with an organization and its people, and no records.

    It goes with its test: who signs in at the screens is shown all worlds there are, and each was one more to read.
    """
    made = simulator.new_world()
    yield made
    made.delete()


@pytest.fixture
def no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries a call again does so at once."""
    shorten_waits(monkeypatch.setattr)
