"""Guide: Multicurrency mapping, in a browser."""

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CURRENCIES = "/crm/v8/org/currencies"
US_DOLLAR = {"name": "US Dollar - USD", "iso_code": "USD", "symbol": "$", "exchange_rate": "1.000000000"}
EURO = {"name": "Euro - EUR", "iso_code": "EUR", "symbol": "€", "exchange_rate": "0.900000000"}
FRANC = {"name": "Swiss Franc - CHF", "iso_code": "CHF", "symbol": "CHF", "exchange_rate": "0.900000000"}


@pytest.mark.requirement("C10")
def test_base_currencies_that_differ_and_currencies_of_records(page: Page, company: Company, accessible):
    """The CRM counts in US dollars; one organization of Zoho Invoice in euros, the other in US dollars too."""
    company.add("Accounts", Account_Name="Plain")
    company.connect(organization_id=company.add_organization("Second Shop", "EUR"))
    company.enter(page)

    contacts_go_one_way_only(page, company, accessible)
    several_currencies_are_not_mapped(page, company, accessible)
    integrate_the_organization_of_the_same_base(page)
    records_keep_their_currency(page, company)


def save_contacts(page: Page, company: Company, extent: str) -> None:
    page.goto(f"{company.site}/integration/settings/contacts")
    page.get_by_role("radio", name="Accounts", exact=True).check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("radio", name=extent).check()
    for heading in ("duplicate records", "Which records", "Which field goes where"):
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    page.get_by_role("button", name="Save").click()


def contacts_go_one_way_only(page: Page, company: Company, accessible) -> None:
    save_contacts(page, company, "Sync both ways")
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("USD as its base currency and Zoho Invoice EUR")
    expect(page.get_by_role("heading", name="How far does the sync go?")).to_be_visible()
    accessible(page)
    save_contacts(page, company, "Fetch from CRM")
    expect(page.get_by_role("button", name="Start first sync")).to_be_visible()
    page.goto(f"{company.site}/integration/settings/items")
    page.get_by_role("checkbox", name="Sync items").check()
    page.get_by_role("button", name="Save").click()
    expect(refused).to_contain_text("USD as its base currency and Zoho Invoice EUR")
    accessible(page)
    company.instant_sync(page)
    expect(page.get_by_role("link", name="Plain").first).to_be_visible()


def several_currencies_are_not_mapped(page: Page, company: Company, accessible) -> None:
    company.crm.call("POST", f"{CURRENCIES}/actions/enable", json={"base_currency": US_DOLLAR})
    company.crm.call("POST", CURRENCIES, json={"currencies": [EURO, FRANC]})
    save_contacts(page, company, "Fetch from CRM")
    expect(page.get_by_role("alert")).to_contain_text("nothing can be mapped until both are the same")
    expect(page.get_by_role("heading", name="Which field goes where?")).to_be_visible()
    accessible(page)


def integrate_the_organization_of_the_same_base(page: Page) -> None:
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Integrate a different Zoho Invoice organization").click()
    page.get_by_role("radio", name="Zylker").check()
    page.get_by_role("button", name="Connect this organization").click()
    expect(page.get_by_role("link", name="Set up contacts")).to_be_visible()


def records_keep_their_currency(page: Page, company: Company) -> None:
    for name, currency in (("Acme", "EUR"), ("Helvetia", "CHF")):
        company.add("Accounts", Account_Name=name, Currency=currency)
    save_contacts(page, company, "Sync both ways")
    expect(page.get_by_role("button", name="Start first sync")).to_be_visible()
    company.instant_sync(page)
    expect(page.get_by_role("row", name="Helvetia").get_by_text("no currency CHF").first).to_be_visible()
    page.goto(f"{company.site}/invoice/contacts")
    expect(page.get_by_role("link", name="Helvetia")).to_have_count(0)
    page.get_by_role("link", name="Acme").click()
    expect(page.locator("dt", has_text="Currency").locator("+ dd").first).to_have_text("EUR")
