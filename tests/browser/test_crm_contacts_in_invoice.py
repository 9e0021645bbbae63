"""Guide: Working with Zoho CRM contacts in Zoho Invoice, in a browser."""

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.requirement("W1")
def test_view_contact_information_from_zoho_crm(page: Page, company: Company, accessible):
    account = company.add("Accounts", Account_Name="Acme", Phone="+1 555 0100")
    company.add("Deals", Deal_Name="Big Deal", Stage="Qualification", Amount=1250, Account_Name={"id": account})
    company.connect(contacts={"module": "accounts"})
    company.invoice.ask("POST", f"/crm/account/{account}/import")
    company.enter(page, "/invoice/invoices/new")

    page.get_by_role("button", name="Acme").click()

    panel = page.get_by_role("region", name="Account information")
    expect(panel.get_by_text("+1 555 0100")).to_be_visible()
    expect(panel.get_by_text("Big Deal")).to_be_visible()
    expect(panel.get_by_text("Qualification · 1,250.00")).to_be_visible()
    accessible(page)


@pytest.mark.requirement("W2")
def test_search_in_zoho_crm_by_account_name(page: Page, company: Company, accessible):
    account = company.add("Accounts", Account_Name="Globex")
    company.add("Contacts", First_Name="Hank", Last_Name="Scorpio", Account_Name={"id": account})
    company.connect(contacts={"module": "accounts_and_contacts"})
    company.enter(page, "/invoice/estimates")

    page.get_by_role("link", name="New estimate").click()
    page.get_by_role("button", name="Search in Zoho CRM").click()
    page.get_by_label("Account name, or first and last name").fill("glob")
    expect(page.get_by_role("button", name="Hank Scorpio")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Hank Scorpio").click()

    expect(page.get_by_role("region", name="Customer").get_by_role("link", name="Globex")).to_be_visible()
    expect(page.get_by_label("Hank Scorpio")).to_be_checked()
    page.get_by_label("Item of line 1").fill("Work")
    page.get_by_label("Rate of line 1").fill("75")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="QT-")).to_be_visible()
    accessible(page)


@pytest.mark.requirement("W2")
def test_search_in_zoho_crm_by_first_and_last_name(page: Page, company: Company):
    company.add("Contacts", First_Name="Hank", Last_Name="Scorpio")
    company.connect(contacts={"module": "contacts"})
    company.enter(page, "/invoice/invoices/new?show=crm")

    page.get_by_label("Account name, or first and last name").fill("hank scorp")
    page.get_by_role("button", name="Hank Scorpio").click()

    expect(page.get_by_text("Hank Scorpio has been fetched from Zoho CRM.")).to_be_visible()
    expect(page.get_by_role("region", name="Customer").get_by_role("link", name="Hank Scorpio")).to_be_visible()


@pytest.mark.requirement("W3")
def test_fetch_this_contact_from_zoho_crm(page: Page, company: Company, accessible):
    account = company.add("Accounts", Account_Name="Acme", Phone="+1 555 0100")
    company.connect(contacts={"module": "accounts"})
    contact = company.invoice.ask("POST", f"/crm/account/{account}/import")["data"]["contact_id"]
    company.crm.update_records("Accounts", [{"id": account, "Phone": "+1 555 0999"}])
    company.enter(page, "/invoice/contacts")

    page.get_by_role("link", name="Acme").click()
    accessible(page)
    page.get_by_role("button", name="Fetch this contact from Zoho CRM").click()

    expect(page.get_by_text("Acme has been fetched from Zoho CRM.")).to_be_visible()
    assert company.invoice.contact(contact)["billing_address"]["phone"] == "+1 555 0999"
