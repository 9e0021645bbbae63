"""Every kind of page that the site has, found by its links: no barrier, nothing that runs out of the window."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pytest
import requests
from browser_company import ADMIN, Company
from browser_crawl import Found, Kind, crawl
from playwright.sync_api import Page
from werkzeug.routing import Map

from simulator.config import Config
from web import create_app

pytestmark = pytest.mark.browser

STARTS = ["/sign-in", "/search?q=week", "/crm", "/invoice", "/integration", "/control-room"]
#: What is read but no page of its own, and why.
NO_PAGES = {
    "/": "leads to a workspace",
    "/_sim/health": "programs ask it",
    "/components": "for who builds the screens",
    "/crm/<any(accounts, contacts, potentials):key>/<key:record_id>/zoho-invoice": "a part of a page, for a script",
    "/integration/progress": "a part of a page, while a sync is under way",
}
#: The pages of an import come after a file is sent (test_import).
UPLOADED = re.compile("/import/")


class Look(NamedTuple):
    scheme: Literal["light", "dark"]
    width: int
    is_another: bool
    """Of a page that was looked at before."""


LOOKS = (Look("light", 1280, False), Look("dark", 360, True))
#: Parts of the pages, for workers side by side.
SHARES = 2


@dataclass
class Tour:
    """Who looks at a company, and what he found there."""

    company: Company
    found: Found


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Map:
    return create_app(Config("web", tmp_path_factory.mktemp("web"), {}, secret="a secret of the tests")).url_map


@pytest.fixture(scope="module")
def tours(urls: dict[str, str], addresses: Map) -> Iterator[list[Tour]]:
    """Three companies that have something of everything between them; a kind is looked at where it is met first."""
    companies = [Company(urls, secrets.token_hex(4), name) for name in ("demo", "half-broken", "multicurrency")]
    full = live_in(companies[0])
    yield [
        Tour(company, crawl(visitor(company), company.site, addresses, [*starts, *STARTS]))
        for company, starts in zip(companies, (full, [], []), strict=True)
    ]
    for company in companies:
        company.leave()


def live_in(company: Company) -> list[str]:
    """Connects and syncs, and adds what the demo company does not have; the pages of a customer who has it all."""
    account = company.add("Accounts", Account_Name="Everything Ltd", Website="https://everything.example")
    lookup = {"Account_Name": {"id": account}}
    company.add("Deals", Deal_Name="A week of work", Stage="Qualification", **lookup)
    company.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
    view = company.view_of_city("In Austin", "Austin")
    company.sync("dry")
    company.sync()
    company.hub.snapshot(company.world, "before")
    company.change("Accounts", account, Phone="7")
    company.fault("invoice", kind="status", status=400, method="PUT", route="/contacts/{id}", times=1)
    company.sync()
    ask = company.invoice.ask
    (customer,) = (one["contact_id"] for one in company.invoice.contacts(zcrm_account_id=account))
    sold = {"customer_id": customer, "line_items": [{"name": "A week of work", "rate": 100, "quantity": 1}]}
    ask("POST", "/contacts/contactpersons", json={"contact_id": customer, "first_name": "Bo"})
    for path in ("/estimates", "/salesorders", "/creditnotes"):
        ask("POST", path, json=sold)
    ask("POST", "/recurringinvoices", json={**sold, "recurrence_name": "Weekly", "recurrence_frequency": "weeks"})
    invoice = ask("POST", "/invoices", json=sold)["invoice"]["invoice_id"]
    ask("POST", f"/invoices/{invoice}/email", json={"to_mail_ids": ["buyer@acme.example"], "subject": "S", "body": "B"})
    company.hub.rest(company.world)
    own = (f"/crm/accounts/{account}", f"/crm/accounts?view={view}", f"/invoice/contacts/{customer}")
    steps = (f"/integration/settings/contacts/{step}" for step in ("mapping", "done"))
    return [*own, *steps, f"/control-room/worlds/{company.world}"]


def visitor(company: Company) -> requests.Session:
    """An administrator without a browser."""
    http = requests.Session()
    http.trust_env = False
    token = re.search(r'name="csrf_token" value="([^"]+)"', http.get(f"{company.site}/sign-in").text)
    assert token
    http.post(f"{company.site}/sign-in", {"csrf_token": token[1], "world": company.world, "email": ADMIN})
    return http


def first_met(tours: list[Tour]) -> Iterator[tuple[Company, list[str]]]:
    """Each company with the pages of the kinds that no company before it has."""
    known: set[Kind] = set()
    for tour in tours:
        yield tour.company, [address for kind, address in tour.found.pages.items() if kind not in known]
        known |= tour.found.pages.keys()


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_and_fits_its_window(page: Page, tours: list[Tour], accessible, share):
    problems = []

    for company, addresses in first_met(tours):
        company.enter(page)
        for address in addresses[share::SHARES]:
            page.goto(company.site + address)
            problems += [problem for look in LOOKS if (problem := problem_of(page, look, accessible))]

    assert not problems, "\n".join(problems)


def problem_of(page: Page, look: Look, accessible) -> str:
    """What is wrong with a page in a scheme and width; empty where nothing is."""
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": look.width, "height": 800})
    try:
        accessible(page, again=look.is_another)
    except AssertionError as barrier:
        return f"{look}: {barrier}"
    is_wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return f"{page.url} is wider than {look.width}" if is_wider else ""


def test_a_visitor_gets_to_every_page_by_links_and_none_is_refused(tours: list[Tour], addresses: Map):
    reached = {kind.rule for tour in tours for kind in (*tour.found.pages, *tour.found.others)}
    read = {rule.rule for rule in addresses.iter_rules() if "GET" in (rule.methods or ())}

    # Pages of an integration that is to be connected, again or at all, say so.
    assert [set(tour.found.refused.values()) for tour in tours] == [set(), {409}, {409}]
    assert {rule for rule in read - reached if not UPLOADED.search(rule)} == NO_PAGES.keys()
