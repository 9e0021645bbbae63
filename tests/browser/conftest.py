"""A real Chromium against the running programs, and against the web alone with stand-ins behind it."""

import logging
import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_cdn import serve_cdn
from browser_company import Company
from browser_deeds import Look
from playwright.sync_api import BrowserContext, Page, sync_playwright
from web_site import Services, make_web
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from simulator import ports
from simulator.clients.base import Grant
from simulator.clients.crm import CrmClient
from simulator.config import DEFAULT_WORLD, SERVICES
from simulator.http import Outbound
from simulator.hub import Hub
from simulator.launcher import Plan, Simulator
from web.assets import ASSETS

QUIET = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
    "--disable-quic",
    "--metrics-recording-only",
    "--disable-features=OptimizationHints,MediaRouter,Translate,CertificateTransparencyComponentUpdater",
]
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
)
#: Of axe's rules the one that takes longest; and one that asks what a smaller window does not hold.
CONTRAST, SCROLLED = "color-contrast", "scrollable-region-focusable"
#: The colours of further rows and cards are those of the first ones.
FIRST_ONES = {"exclude": [["tbody tr:nth-child(n+9)"], [".board .card:nth-child(n+4)"]]}
#: Where a request may go to.
HERE = re.compile(r"http://127\.0\.0\.1:|data:|blob:|about:")


def find_browser() -> str | None:
    """The one that is named, Playwright's own, or the system's; None lets Playwright say what is missing."""
    if named := os.environ.get("SIM_CHROMIUM"):
        return named
    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of the plugin's own, which pytest 9 warns about; each test says whole addresses."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = find_browser()
    arguments = {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", []), *QUIET]}
    if found:
        arguments["executable_path"] = found
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments["args"].append("--no-sandbox")
    return arguments


@pytest.fixture(autouse=True)
def no_outside(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[None]:
    """No request leaves the machine; the web alone asks a CDN, for which a stand-in answers.

    What the browser is stopped for goes by the cache, so nothing is where nothing need be.
    """
    outside: list[str] = []
    if "web_alone" in request.fixturenames:
        content = ASSETS["htmx.min.js"].local_bytes()
        assert content, "django-htmx is not installed, so there is no copy of htmx to test with"
        serve_cdn(context, content)
    else:
        context.on("request", lambda sent: None if HERE.match(sent.url) else outside.append(sent.url))
    yield
    assert not outside


@pytest.fixture(autouse=True)
def no_complaints(page: Page) -> Iterator[None]:
    """A page that breaks its own content policy or fails in a script fails the test."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield
    assert not complaints


@pytest.fixture(scope="session")
def accessible() -> Look:
    """Axe finds nothing on the page; in `again`, another look of a page it has seen, only what a look can change."""
    brought, there = Axe(), Axe(axe_script="0")  # its script is large; a page keeps it

    def check(page: Page, again: bool = False) -> None:
        page.wait_for_load_state()
        contrast = {"runOnly": [CONTRAST, *((SCROLLED,) if again else ())]}
        others = {"rules": {CONTRAST: {"enabled": False}}}
        rounds = [(there, FIRST_ONES, contrast)] if again else [(brought, None, others), (there, FIRST_ONES, contrast)]
        for axe, context, options in rounds:
            # Only what is wrong is told one by one: telling all that is right takes longer than looking.
            found = axe.run(page, context, {"resultTypes": ["violations"], **options})
            assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture(scope="session")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of all four services, running; pages bring their scripts with them, as ASSETS=local has it."""
    plan = Plan(data=tmp_path_factory.mktemp("simulator"), port=ports.free(len(SERVICES)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSETS", "local")
        with Simulator(plan):
            yield dict(plan.urls)


@pytest.fixture(scope="session")
def site(urls: dict[str, str]) -> str:
    """The screens of a small world (an account, its potential, a product); their address."""
    keys = Hub(urls).create_world(DEFAULT_WORLD, "empty")
    add_records(urls["crm"], keys)
    return urls["web"]


@pytest.fixture
def company(urls: dict[str, str]) -> Iterator[Company]:
    """A world of the test's own. It goes with its test: the connector would look every second what is due there."""
    made = Company(urls, secrets.token_hex(4))
    yield made
    made.leave()


def add_records(url: str, keys: dict[str, str]) -> None:
    outbound = Outbound(user_agent="tests")
    crm = CrmClient.of_grant(outbound, url, Grant(outbound, url, *keys.values()))
    (account,) = crm.create_records("Accounts", [{"Account_Name": "Acme", "Phone": "+1 555 0100"}])
    owner = {"Account_Name": {"id": account["details"]["id"]}}
    crm.create_records("Deals", [{"Deal_Name": "Big Deal", "Stage": "Negotiation/Review", "Amount": 12000, **owner}])
    crm.create_records("Products", [{"Product_Name": "Anvil", "Unit_Price": Decimal("19.90")}])


def _read_at_once(app: Any) -> Any:
    """The application with its answers read before they are sent.

    A browser that leaves in the middle of a file makes werkzeug's server forget to close it, which is a warning here
    and nothing of ours: the programs run on another server.
    """

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as body:
            return [b"".join(body)]

    return answer


@pytest.fixture
def services() -> Services:
    """Stand-ins of the three services."""
    return Services()


@pytest.fixture
def web_alone(tmp_path: Path, services: Services) -> Iterator[str]:
    """The web with stand-ins behind it; the address of the screens."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    web = make_web(services, tmp_path, assets="cdn")
    web.wsgi_app = _read_at_once(web.wsgi_app)
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()
