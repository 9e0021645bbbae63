"""Fixtures of the core's tests: the tiny product, and a world of it."""

from pathlib import Path

import pytest

from simulator.app import Service
from tests.unit.toy import OTHER, Toy, toy_app


@pytest.fixture
def app(tmp_path: Path) -> Service:
    return toy_app(tmp_path)


@pytest.fixture
def toy(app: Service) -> Toy:
    return Toy.made(app)


@pytest.fixture
def other(app: Service) -> Toy:
    """A second world of the same service."""
    return Toy.made(app, OTHER)
