"""Guide: Creating transactions from within Zoho CRM, and what a profile permits of it, in a browser."""

import pytest
from browser_company import Company
from browser_deeds import becomes
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def synced(company: Company) -> Company:
    """The company has an account that is to be synced."""
    company.add("Accounts", Account_Name="Acme")
    company.connect(contacts={"module": "accounts"}, items={"enabled": False})
    return company


@pytest.mark.requirement("T1", "T2", "P4")
def test_creating_transactions_from_within_zoho_crm(page: Page, synced: Company, accessible):
    synced.enter(page, "/crm/accounts")
    page.get_by_role("link", name="Acme").click()
    section = page.get_by_role("region", name="Zoho Invoice")
    expect(section.get_by_text("not in Zoho Invoice yet").or_(section.get_by_text("yet")).first).to_be_visible()

    section.get_by_role("link", name="New estimate").click()
    fill_in_the_details(page, accessible)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    number = page.get_by_role("heading", level=1).inner_text()
    accessible(page)
    page.get_by_role("link", name="Acme").click()
    section = page.get_by_role("region", name="Zoho Invoice")
    expect(section.get_by_role("link", name=number)).to_be_visible()
    expect(section.get_by_text("Receivables")).to_be_visible()
    accessible(page)
    section.get_by_role("link", name=number).click()
    page.get_by_role("link", name="Open in Zoho Invoice").click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()


@pytest.mark.requirement("P1", "P2", "P3", "P5")
def test_permission_triggers_inside_zoho_crm(page: Page, synced: Company, accessible):
    """The guide's scenario: the Sales people may make quotes, and somebody else sends them out."""
    synced.enter(page, "/crm/setup")
    page.get_by_role("main").get_by_role("link", name="Security Control").click()
    accessible(page)
    page.get_by_role("link", name="Edit Sales").click()
    grid = page.get_by_role("region", name="Zoho Invoice Permissions")
    grid.get_by_role("checkbox", name="Create and Edit: Estimate").check()
    grid.get_by_role("checkbox", name="View: Estimate").check()
    grid.get_by_role("checkbox", name="Email: Estimate").uncheck()
    grid.get_by_role("checkbox", name="Receivables and Payables Summary").uncheck()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It applies to every user with the profile Sales")).to_be_visible()

    becomes(page, synced, "CRM: Sales")
    page.goto(f"{synced.site}/crm/accounts")
    page.get_by_role("link", name="Acme").click()
    section = page.get_by_role("region", name="Zoho Invoice")
    expect(section.get_by_text("Receivables")).to_have_count(0)
    section.get_by_role("link", name="New estimate").click()
    fill_in_the_details(page, accessible)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Email")).to_have_count(0)
    page.goto(f"{page.url}/email")
    expect(page.get_by_text("does not allow Email for estimates")).to_be_visible()
    accessible(page)


def fill_in_the_details(page: Page, accessible) -> None:
    page.get_by_label("Item, line 1").fill("Anvil")
    page.get_by_label("Rate, line 1").fill("19.90")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Item, line 2").fill("Delivery")
    page.get_by_label("Rate, line 2").fill("5")
    accessible(page)


@pytest.mark.requirement("T3", "T4")
def test_two_sets_of_quotes_and_invoices(page: Page, synced: Company, accessible):
    """The CRM's own are never mixed in; the section is live, and says when there is nothing to be had."""
    (acme,) = synced.crm.coql("select Account_Name from Accounts where Account_Name = 'Acme'")
    product = synced.add("Products", Product_Name="Anvil", Unit_Price=20)
    line = [{"Product_Name": {"id": product}, "Quantity": 1, "List_Price": 20}]
    synced.add("Quotes", Subject="Own quote", Account_Name={"id": acme["id"]}, Quoted_Items=line)
    synced.add("Invoices", Subject="Own invoice", Account_Name={"id": acme["id"]}, Invoiced_Items=line)
    customer = synced.invoice.ask("POST", f"/crm/account/{acme['id']}/import")["data"]["contact_id"]
    made = [raise_invoice(synced, customer) for _ in range(2)]
    synced.enter(page)
    synced.instant_sync(page)

    only_of_invoice(page, synced, made)
    address = f"{synced.site}/crm/accounts/{acme['id']}"
    section = page.get_by_role("region", name="Zoho Invoice")
    page.goto(address)
    expect(section.locator("tbody a.opens")).to_have_text([one["invoice_number"] for one in reversed(made)])
    expect(page.get_by_role("region", name="Quotes").get_by_role("link", name="Own quote")).to_be_visible()
    expect(page.get_by_role("region", name="Invoices").get_by_role("link", name="Own invoice")).to_be_visible()
    synced.invoice.ask("DELETE", f"/invoices/{made[0]['invoice_id']}")
    page.reload()
    expect(section.locator("tbody a.opens")).to_have_text([made[1]["invoice_number"]])
    accessible(page)
    what_it_says_instead(page, synced, address, accessible)


def raise_invoice(company: Company, customer: str) -> dict[str, str]:
    body = {"customer_id": customer, "line_items": [{"name": "Work", "rate": 100}]}
    return dict(company.invoice.ask("POST", "/invoices", json=body)["invoice"])


def only_of_invoice(page: Page, company: Company, made: list[dict[str, str]]) -> None:
    for path, names in (
        ("/crm/quotes", ["Own quote"]),
        ("/crm/invoices", ["Own invoice"]),
        ("/invoice/estimates", []),
        ("/invoice/invoices", [one["invoice_number"] for one in reversed(made)]),
    ):
        page.goto(company.site + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("main").locator("tbody a.opens")).to_have_text(names)


def what_it_says_instead(page: Page, company: Company, address: str, accessible) -> None:
    section = page.get_by_role("region", name="Zoho Invoice")
    company.fault("invoice", kind="status", status=503, path="/invoice/v3/invoices")
    page.reload()
    expect(section.get_by_text("Zoho Invoice does not answer")).to_be_visible()
    company.no_faults("invoice")
    company.new_zsc_key()
    page.reload()
    expect(section.get_by_text("needs reconnecting")).to_be_visible()
    page.goto(f"{company.site}/integration/settings")
    page.get_by_role("button", name="Disable integration").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Disable integration").click()
    expect(page.get_by_text("The integration is disabled. Settings and links are kept.")).to_be_visible()
    page.goto(address)
    expect(section.get_by_text("switched off")).to_be_visible()
    expect(section.get_by_role("link", name="New estimate")).to_have_count(0)
    accessible(page)
