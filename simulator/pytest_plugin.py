"""Fixtures for tests of other projects: `zoho` is a world of the test's own. pytest finds this by itself.

Nothing heavy is brought in before a test asks for a world: pytest loads this wherever the package is installed.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from simulator.testing import Connector, Zoho
    from simulator.testing.servers import Servers

SCENARIO = "empty"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "zoho_scenario", "What each test's world is made from, unless its mark says otherwise.", default=SCENARIO
    )
    parser.addini("zoho_without", "Services to leave out: connector.", type="args", default=[])
    parser.addini("zoho_connector_url", "Where your own connector answers the screens (with zoho_without = connector).")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "zoho(scenario): what the test's world is made from")


@pytest.fixture(scope="session")
def zoho_servers(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Servers"]:
    """The servers of this session (of this worker, where tests run in parallel), on free ports."""
    from simulator.testing import servers

    address = str(pytestconfig.getini("zoho_connector_url") or "").rstrip("/")
    left_out = tuple(pytestconfig.getini("zoho_without"))
    folder = tmp_path_factory.mktemp("zoho")
    with servers.started(folder, left_out, {"connector": address} if address else None) as found:
        yield found


@pytest.fixture
def zoho_connector() -> Callable[["Zoho"], "Connector"]:
    """The connector that `zoho.sync()` runs, made with the world; name your own by a fixture of this name."""
    from simulator.testing import OurConnector

    return OurConnector


@pytest.fixture
def zoho(
    request: pytest.FixtureRequest, zoho_servers: "Servers", zoho_connector: Callable[["Zoho"], "Connector"]
) -> Iterator["Zoho"]:
    """A world of the test's own: two products, their clients, its clock, faults and journal, and `sync()`."""
    mark = request.node.get_closest_marker("zoho")
    scenario = mark.kwargs.get("scenario") if mark else None
    with zoho_servers.world(scenario or str(request.config.getini("zoho_scenario")), zoho_connector) as world:
        yield world


@pytest.fixture
def zoho_screens(request: pytest.FixtureRequest, zoho: "Zoho") -> Callable[..., "Page"]:
    """Opens the world's screens in pytest-playwright's `page`, signed in as the administrator or as somebody else.

    `zoho_screens("/crm")`, `zoho_screens("/invoice", email="ben.carter@zylker.example")`
    """
    page: Page = request.getfixturevalue("page")

    def open_as(path: str = "/", email: str | None = None) -> "Page":
        asked = urlencode({"world": zoho.world, "next": path})
        page.context.clear_cookies()
        page.goto(f"{zoho.urls['web']}/sign-in?{asked}")
        page.locator(f'button[name="email"][value="{email or zoho.admin["email"]}"]').click()
        page.wait_for_load_state()
        return page

    return open_as
