"""A CRM of its own for the tests in this folder, and a fresh world for each test."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from mock_crm import create_app
from simulator.config import Config
from tests.crm.api import Crm
from tests.support.databases import database_of, drop_database_of

URLS = {name: f"http://{name}.test" for name in ("web", "crm", "invoice", "connector")}


@pytest.fixture(scope="session")
def crm_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("crm")
    database = database_of(folder)
    yield create_app(Config(name="crm", data_dir=folder, urls=URLS, background=False, database_url=database))
    drop_database_of(folder)


@pytest.fixture(scope="session")
def world_ids() -> Iterator[str]:
    return (f"crm{number:05d}" for number in itertools.count(1))


def credentials(world: str) -> dict[str, str]:
    return {
        "client_id": f"1000.{world.upper()}ABCDEFGHIJ",
        "client_secret": "s" * 40,
        "refresh_token": f"1000.{world}{'a' * 24}.{'b' * 32}",
    }


@pytest.fixture(scope="session")
def new_world(crm_app: Flask, world_ids: Iterator[str]) -> Callable[..., Crm]:
    """Makes worlds; the administrator calls."""

    def make(scenario: str = "empty") -> Crm:
        world = next(world_ids)
        body = {"id": world, "scenario": scenario, "credentials": credentials(world)}
        answer = crm_app.test_client().post("/_sim/worlds", json=body)
        assert answer.status_code == 201, answer.data
        return Crm(crm_app, world)

    return make


@pytest.fixture
def crm(new_world: Callable[..., Crm]) -> Crm:
    """A fresh world: a company with its people and no records."""
    return new_world()


@pytest.fixture(scope="session")
def still(new_world: Callable[..., Crm]) -> Crm:
    """A world for tests that change nothing, or nothing that another would notice."""
    return new_world()
