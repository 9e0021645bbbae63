"""Fixtures of the web's tests: the services behind it, and visitors."""

from collections.abc import Iterator

import pytest
from flask import Flask
from web_fakes import ADMIN, WORLD
from web_site import Services, join, make_web

from tests.support.visitor import Visitor


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture(scope="session")
def local_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all tests: its templates are compiled once."""
    return make_web(Services(), tmp_path_factory.mktemp("web"), assets="local")


@pytest.fixture
def app(local_app: Flask, services: Services) -> Flask:
    join(local_app, services)
    return local_app


@pytest.fixture
def visitor(app: Flask) -> Iterator[Visitor]:
    with app.test_client() as client:
        yield Visitor(client, WORLD, ADMIN)


@pytest.fixture
def ada(visitor: Visitor) -> Visitor:
    """An administrator of both products, signed in."""
    return visitor.sign_in()


@pytest.fixture
def connected(ada: Visitor) -> Visitor:
    ada.post("/integration/connect", email=ADMIN, zsc_key="0123456789abcdef0123456789ab9f3c")
    return ada
