"""The story of the guide in a browser, against all four services: connect, set up, sync, win a potential."""

import re

import browser_deeds as deeds
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SYNC_MS = 30_000


@pytest.mark.requirement("K1", "K2", "K3", "K4", "C1", "C8", "S1", "S2", "S5", "G4", "D1", "D2")
def test_an_administrator_connects_syncs_and_sees_a_won_potential_become_an_invoice(page, site, accessible):
    sign_in(page, site, accessible)
    connect(page, site, accessible)
    set_up_contacts(page, accessible)
    sync(page, accessible)
    set_trigger(page, site, accessible)
    number = win_a_potential(page, site, accessible)
    look_at_dashboard(page, site, accessible, number)


def sign_in(page: Page, site: str, accessible) -> None:
    page.goto(site)
    accessible(page)
    page.get_by_role("button", name=re.compile("CRM: Administrator.*Invoice:")).first.click()
    expect(page.get_by_role("navigation", name="Products")).to_be_visible()


def connect(page: Page, site: str, accessible) -> None:
    page.goto(f"{site}/invoice/settings/integrations/zoho-apps")
    accessible(page)
    page.get_by_role("link", name="Connect Zoho CRM").click()
    page.get_by_role("link", name="Click here to generate the ZSC key of Zoho CRM").click()
    key = deeds.generates_key(page)
    accessible(page)
    page.get_by_role("button", name=re.compile(", menu$")).click()
    email = page.locator("#person-menu p").nth(1).inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Go to the connect form of Zoho Invoice").click()
    deeds.fills_in_credentials(page, email, key[:-4] + "0000")
    expect(page.locator("#zsc_key-error")).to_be_visible()
    accessible(page)
    page.get_by_label("ZSC key").fill(key)
    page.get_by_role("button", name="Save").click()


def set_up_contacts(page: Page, accessible) -> None:
    for heading in ("Which module is synced?", "How far does the sync go?", "What happens with duplicate records?"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        accessible(page)
        page.get_by_role("button", name="Next").click()
    expect(page.get_by_label("Account view")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("radio", name="Skip")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Show preview").click()
    expect(page.locator("#mapping-preview table")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Save").click()


def sync(page: Page, accessible) -> None:
    accessible(page)
    page.get_by_role("button", name="Start first sync").click()
    opens = page.get_by_role("link", name="Open this sync")
    history = page.get_by_role("link", name="Show sync history").first
    # A small world may be synced before the page has come; then the history has it.
    expect(opens.or_(history).first).to_be_visible(timeout=SYNC_MS)
    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_visible(timeout=SYNC_MS)
    accessible(page)
    page.get_by_role("link", name="Sync history", exact=True).click()
    accessible(page)
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_text("Done").first).to_be_visible()
    accessible(page)
    page.locator("#records tbody a.opens").first.click()
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    accessible(page)


def set_trigger(page: Page, site: str, accessible) -> None:
    page.goto(f"{site}/integration/settings/triggers")
    accessible(page)
    deeds.sets_trigger(page, "Invoice")
    expect(page.get_by_text("Saved. It applies from the next sync on.")).to_be_visible()
    accessible(page)


def win_a_potential(page: Page, site: str, accessible) -> str:
    """Wins the first open potential and gives the number of the invoice it became."""
    page.goto(f"{site}/crm/potentials?stage=Negotiation%2FReview")
    accessible(page)
    page.locator("a.opens").first.click()
    deeds.moves_to(page, "Closed Won")
    number = page.locator("#documents tbody a.opens").first
    expect(number).to_be_visible(timeout=SYNC_MS)
    text = number.inner_text()
    accessible(page)
    number.click()
    expect(page.get_by_role("heading", name=text)).to_be_visible()
    accessible(page)
    return text


def look_at_dashboard(page: Page, site: str, accessible, number: str) -> None:
    page.goto(f"{site}/integration")
    expect(page.get_by_role("heading", name="Receivables by age")).to_be_visible()
    expect(page.get_by_role("link", name=number)).to_be_visible()
    accessible(page)
