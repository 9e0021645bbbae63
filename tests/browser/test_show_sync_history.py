"""Guide: Show sync history, in a browser: a preview and its matching, what failed and why, Retry, undo, the figures."""

import re

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SYNC_MS = 30_000


@pytest.mark.requirement("S5", "S6", "S7", "S9", "C3", "D3")
def test_show_sync_history(page: Page, company: Company, accessible):
    company.add("Accounts", Account_Name="Acme")
    company.invoice.create_contact({"contact_name": "Acme"})
    product = company.add("Products", Product_Name="A name too long for an item " + "x" * 100)
    company.connect(contacts={"module": "accounts"})
    company.enter(page)

    match_and_apply(page, accessible)
    see_what_failed(page, accessible)
    company.crm.update_records("Products", [{"id": product, "Product_Name": "Anvil"}])
    retry(page)
    download(page)
    read_the_mail(page, company, accessible)
    look_at_the_figures(page, company, accessible)
    undo(page, company, accessible)


def match_and_apply(page: Page, accessible) -> None:
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What it would do")).to_be_visible(timeout=SYNC_MS)
    accessible(page)
    page.get_by_role("link", name="Match records (1)").click()
    accessible(page)
    page.get_by_label("Choice for Acme").select_option(label="Link them")
    page.get_by_role("button", name="Save choices").click()
    expect(page.get_by_text("It counts from the next plan on")).to_be_visible()
    page.get_by_role("button", name="New preview").click()
    expect(page.get_by_text("Accounts, Zoho CRM → Zoho Invoice: Link 1")).to_be_visible(timeout=SYNC_MS)
    page.get_by_role("button", name="Apply this plan").click()
    expect(page.get_by_role("heading", name="What it did")).to_be_visible(timeout=SYNC_MS)


def see_what_failed(page: Page, accessible) -> None:
    expect(page.get_by_role("heading", name="Reasons")).to_be_visible(timeout=SYNC_MS)
    expect(page.get_by_text("has less than 100 characters").first).to_be_visible()
    expect(page.get_by_role("heading", name="How it was read")).to_be_visible()
    accessible(page)


def retry(page: Page) -> None:
    page.get_by_role("button", name="Retry all (1)").click()
    expect(page.get_by_role("link", name="The sync whose records are taken once more")).to_be_visible()
    expect(page.get_by_role("link", name="Anvil")).to_be_visible(timeout=SYNC_MS)
    expect(page.get_by_text("Done").first).to_be_visible(timeout=SYNC_MS)


def download(page: Page) -> None:
    with page.expect_download() as caught:
        page.get_by_role("link", name="CSV").click()
    assert re.fullmatch(r"sync-\d+\.csv", caught.value.suggested_filename)


def read_the_mail(page: Page, company: Company, accessible) -> None:
    page.get_by_role("link", name="Outbox").click()
    accessible(page)
    page.get_by_role("link", name="Zoho CRM sync: 1 record could not be synced").click()
    expect(page.get_by_text("Show sync history has each record, with Retry.")).to_be_visible()


def look_at_the_figures(page: Page, company: Company, accessible) -> None:
    page.goto(f"{company.site}/integration")
    failures = page.locator("section", has=page.get_by_role("heading", name="Failures by reason"))
    accessible(page)
    failures.get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_role("heading", name="Records of all syncs")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    accessible(page)


def undo(page: Page, company: Company, accessible) -> None:
    page.get_by_role("link", name="Sync history", exact=True).click()
    page.locator("tbody a.opens").first.click()
    page.get_by_role("button", name="Undo …").click()
    expect(page.get_by_text("This undo pauses the sync")).to_be_visible(timeout=SYNC_MS)
    expect(page.get_by_text("It would delete 1 record")).to_be_visible(timeout=SYNC_MS)
    accessible(page)
    page.get_by_role("button", name="Undo now").click()
    expect(page.get_by_role("heading", name="What it did")).to_be_visible(timeout=SYNC_MS)
    page.goto(f"{company.site}/integration/settings")
    expect(page.get_by_role("button", name="Resume sync")).to_be_visible()
    assert not list(company.invoice.items(filter_by="Status.Active"))
