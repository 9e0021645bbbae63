"""Fixtures every test may use: a world of its own, in one process."""

import pytest

from tests.support.world import Simulator, World


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Simulator:
    return Simulator(tmp_path_factory.mktemp("simulator"))


@pytest.fixture
def world(simulator: Simulator) -> World:
    """A fresh world with an organization and its people, and no records."""
    return simulator.new_world()
