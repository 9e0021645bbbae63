"""Guide: Disable Integration, in a browser."""

import browser_deeds as deeds
import pytest
from browser_company import ADMIN, Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.requirement("K7")
def test_disable_integration(page: Page, company: Company, accessible):
    company.add_organization("Second Shop")
    company.connect(contacts={"module": "accounts"})
    company.enter(page)

    update_credentials(page, company, accessible)
    disable(page, accessible)
    deeds.reactivates(page)
    integrate_a_different_organization(page, accessible)


def update_credentials(page: Page, company: Company, accessible) -> None:
    key = company.new_zsc_key()
    page.get_by_role("link", name="Update credentials").click()
    accessible(page)
    deeds.fills_in_credentials(page, ADMIN, key)
    expect(page.get_by_text("The credentials have been updated.")).to_be_visible()
    expect(page.get_by_text(f"•••• {key[-4:]}")).to_be_visible()


def disable(page: Page, accessible) -> None:
    deeds.disables(page, accessible)
    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_have_count(0)
    accessible(page)


def integrate_a_different_organization(page: Page, accessible) -> None:
    page.get_by_role("link", name="Integrate a different Zoho Invoice organization").click()
    accessible(page)
    page.get_by_role("radio", name="Second Shop").check()
    page.get_by_role("button", name="Connect this organization").click()
    expect(page.get_by_text("Second Shop is connected.")).to_be_visible()
    expect(page.get_by_role("link", name="Set up contacts")).to_be_visible()
    page.get_by_role("link", name="Integrate a different Zoho Invoice organization").click()
    page.get_by_role("radio", name="Zylker").check()
    page.get_by_role("button", name="Connect this organization").click()
    expect(page.get_by_role("link", name="Edit contacts")).to_be_visible()
