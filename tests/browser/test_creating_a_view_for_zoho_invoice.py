"""Guide: Sync contacts, the tip *Creating a view for Zoho Invoice*, in a browser."""

import browser_deeds as deeds
import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.requirement("C5", "C7")
def test_creating_a_view_for_zoho_invoice(page: Page, company: Company, accessible):
    company.add("Accounts", Account_Name="Acme")
    company.add("Accounts", Account_Name="Globex")
    company.enter(page, "/crm/accounts")

    put_a_checkbox_onto_the_layout(page, accessible)
    tick_the_box_of_acme(page, accessible)
    make_the_view(page, accessible)
    find_the_view_in_the_settings_of_the_sync(page, company)


def put_a_checkbox_onto_the_layout(page: Page, accessible) -> None:
    page.get_by_role("button", name="Setup menu").click()
    page.locator("#setup-menu").get_by_role("link", name="Setup").click()
    accessible(page)
    page.get_by_role("main").get_by_role("link", name="Modules and Fields").click()
    page.get_by_role("main").get_by_role("link", name="Accounts").click()
    accessible(page)
    deeds.adds_checkbox(page, "Zoho Invoice", accessible)


def tick_the_box_of_acme(page: Page, accessible) -> None:
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="Acme").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    accessible(page)
    page.get_by_role("checkbox", name="Zoho Invoice").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def make_the_view(page: Page, accessible) -> None:
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Accounts").click()
    deeds.makes_view(page, "For Zoho Invoice", "Zoho Invoice", accessible)
    expect(page.get_by_role("link", name="Acme")).to_be_visible()
    expect(page.get_by_role("link", name="Globex")).to_have_count(0)
    accessible(page)


def find_the_view_in_the_settings_of_the_sync(page: Page, company: Company) -> None:
    company.connect(contacts={"module": "accounts"})
    page.goto(f"{company.site}/integration/settings/contacts/view")
    page.get_by_label("Account view").select_option("For Zoho Invoice")
