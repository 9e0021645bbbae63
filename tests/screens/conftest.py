"""The screens over the real products and the connector, all in one process; each test in a world of its own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

import web
from simulator.config import Config
from tests.support.hub_in_process import HubInProcess
from tests.support.transport import WsgiAdapter
from tests.support.visitor import Visitor
from tests.support.world import ADMIN, URLS, Simulator, World
from web.session import Sessions


@pytest.fixture(scope="session")
def screens(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The web application with the three services of this process behind it."""
    folder = tmp_path_factory.mktemp("web")
    config = Config(name="web", data_dir=folder, urls=URLS, secret="a secret of the tests", assets="local")
    app = web.create_app(config)
    for name, service in simulator.apps.items():
        app.extensions["outbound"].mount(URLS[name], WsgiAdapter(service))
    return app


@pytest.fixture
def asha(screens: Flask, world: World) -> Visitor:
    """An administrator of both products at the screens of the test's world."""
    return visiting(screens, world, ADMIN)


def visiting(screens: Flask, world: World, email: str) -> Visitor:
    """Somebody of a world, signed in."""
    # The people of a world are kept for a while; this one may have others than the last.
    screens.extensions["web_sessions"] = Sessions(screens.extensions["config"], screens.extensions["outbound"])
    screens.extensions["hub"] = HubInProcess(world)
    return Visitor(screens.test_client(), world.id, email).sign_in()


@pytest.fixture
def shared(screens: Flask, asha: Visitor) -> Iterator[None]:
    """From here on the screens are those of a shared simulator; who is signed in stays so."""
    sessions = screens.extensions["web_sessions"]
    own = sessions.config
    sessions.config = replace(own, shared=True)
    yield
    sessions.config = own
