"""Guide: Settings, Auto-Sync and other options, in a browser."""

import re

import browser_deeds as deeds
import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SYNC_MS = 30_000


@pytest.mark.requirement("S1", "S2", "S3", "S4", "S5", "S8")
def test_auto_sync_and_other_options(page: Page, company: Company, accessible):
    company.add("Accounts", Account_Name="Acme")
    company.add("Products", Product_Name="Anvil", Unit_Price=19)
    company.add("Products", Product_Name="A name too long for an item " + "x" * 100)
    company.connect(contacts={"module": "accounts"})
    company.enter(page)
    accessible(page)

    instant_sync(page)
    edit_options(page, accessible)
    edit_contacts(page, accessible)
    pause_and_resume(page, accessible)
    sync_items_only(page)
    show_sync_history(page, accessible)


def instant_sync(page: Page) -> None:
    page.get_by_role("button", name="Instant Sync", exact=True).click()
    expect(page.get_by_text("Last sync").first).to_be_visible(timeout=SYNC_MS)
    expect(page.get_by_text("Failed").first).to_be_visible(timeout=SYNC_MS)


def edit_options(page: Page, accessible) -> None:
    page.get_by_role("link", name="Edit options").click()
    accessible(page)
    page.get_by_label("Auto sync runs every … minutes").fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It applies from the next sync on.")).to_be_visible()
    expect(page.get_by_text("60 minutes")).to_be_visible()


def edit_contacts(page: Page, accessible) -> None:
    """Edit settings: what the new module stops is read before Save."""
    page.get_by_role("link", name="Edit contacts").click()
    page.get_by_role("radio", name="Contacts", exact=True).check()
    for _step in ("module", "extent", "duplicates", "view"):
        page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Syncing accounts of the CRM as customers stops: 1 record linked")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("Accounts", exact=True)).to_be_visible()


def pause_and_resume(page: Page, accessible) -> None:
    deeds.pauses(page)
    for name in ("Instant Sync", "Instant Sync of contacts", "Instant Sync of items"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    accessible(page)
    deeds.resumes(page)


def sync_items_only(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Instant Sync of items").click()
    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_visible(timeout=SYNC_MS)


def show_sync_history(page: Page, accessible) -> None:
    page.get_by_role("link", name="Show sync history of contacts").click()
    expect(page.get_by_role("heading", name="Sync history")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    accessible(page)
    page.locator("tbody a.opens").click()
    for column in ("Added", "Updated", "Deleted", "Failed"):
        expect(page.get_by_role("columnheader", name=column).first).to_be_visible()
    expect(page.get_by_text(re.compile("longer than|too long")).first).to_be_visible()
