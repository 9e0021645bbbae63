"""Fixtures every test may use: a world of its own, in one process."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.databases import drop_database_of
from tests.support.world import Simulator, World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No two tests go by one name: the tests of generated calls all have that of their function, and of tests with
    the same name a parallel run does only one."""
    seen: Counter[str] = Counter()
    for item in items:
        name = item.nodeid
        seen[name] += 1
        if seen[name] > 1:
            item._nodeid = f"{name}[{seen[name]}]"


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("simulator")
    yield Simulator(folder)
    drop_database_of(folder)


@pytest.fixture
def world(simulator: Simulator) -> World:
    """A fresh world with an organization and its people, and no records."""
    return simulator.new_world()
