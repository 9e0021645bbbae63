"""What a new user does first, in a browser that runs no script: every page is plain links and forms too."""

from collections.abc import Iterator

import pytest
from browser_company import ADMIN, Company
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser without scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_new_user_finds_their_way_without_a_script(plain: Page, company: Company):
    company.enter(plain, "/crm/accounts")

    make_an_account(plain)
    edit_it(plain)
    connect(plain, company.new_zsc_key())
    set_up_contacts(plain)
    sync(plain)
    make_an_invoice(plain)
    win_a_potential(plain)
    see_the_dashboard(plain)


def module(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Modules").get_by_role("link", name=name, exact=True).first.click()


def product(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Products").get_by_role("link", name=name, exact=True).click()


def make_an_account(page: Page) -> None:
    page.get_by_role("link", name="New account").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    page.get_by_label("Account Name").first.fill("Acme")
    page.get_by_label("Phone").fill("+1 555 0100")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Acme")).to_be_visible()


def edit_it(page: Page) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Billing City").fill("Oslo")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Oslo").first).to_be_visible()
    module(page, "Accounts")
    page.get_by_role("searchbox", name="Search accounts").fill("acm")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Acme")).to_be_visible()
    page.get_by_role("searchbox", name="Search both products").fill("acme")
    page.get_by_role("searchbox", name="Search both products").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Acme").first.click()
    expect(page.get_by_role("heading", level=1, name="Acme")).to_be_visible()


def connect(page: Page, key: str) -> None:
    product(page, "Invoice")
    module(page, "Zoho Apps")
    page.get_by_role("link", name="Connect Zoho CRM").click()
    page.get_by_label("Email address").fill(ADMIN)
    page.get_by_label("ZSC key").fill(key)
    page.get_by_role("button", name="Save").click()


def set_up_contacts(page: Page) -> None:
    for heading in ("Which module is synced?", "How far does the sync go?", "What happens with duplicate records?"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Show preview").click()
    expect(page.get_by_role("cell", name="Acme").first).to_be_visible()
    page.get_by_role("button", name="Save").click()
    product(page, "Integration")
    module(page, "Settings")
    page.get_by_role("link", name="Edit triggers").click()
    page.get_by_role("radio", name="Invoice", exact=True).check()
    for _save in range(2):  # the first shows what will start
        if page.get_by_role("button", name="Save").count():
            page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It applies from the next sync on.")).to_be_visible()


def sync(page: Page) -> None:
    page.get_by_role("button", name="Instant Sync", exact=True).click()
    for _look in range(60):
        if not page.get_by_role("link", name="Refresh", exact=True).count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Refresh", exact=True).click()
    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_visible()
    page.get_by_role("link", name="Show sync history", exact=True).click()
    page.locator("tbody a.opens").first.click()
    expect(page.get_by_role("heading", name="What it did")).to_be_visible()
    page.locator("#records").get_by_role("link", name="Acme").first.click()
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()


def make_an_invoice(page: Page) -> None:
    product(page, "Invoice")
    page.get_by_role("link", name="New invoice").click()
    page.get_by_role("button", name="Acme").click()
    page.get_by_label("Item of line 1").fill("Work")
    page.get_by_label("Quantity of line 1").fill("3")
    page.get_by_label("Rate of line 1").fill("100")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Item of line 2").fill("Travel")
    page.get_by_label("Rate of line 2").fill("50")
    page.get_by_role("button", name="Update totals").last.click()
    expect(page.get_by_label("Totals").get_by_text("$350.00").first).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="INV-")).to_be_visible()
    page.get_by_role("button", name="Mark as sent").click()
    page.get_by_role("button", name="Record payment").click()
    page.get_by_role("dialog").get_by_role("button", name="Record payment").click()
    expect(page.get_by_text("Paid", exact=True).first).to_be_visible()


def win_a_potential(page: Page) -> None:
    product(page, "CRM")
    module(page, "Accounts")
    page.get_by_role("main").get_by_role("link", name="Acme").first.click()
    page.get_by_role("link", name="New potential").click()
    page.get_by_label("Potential Name").fill("Big Deal")
    page.get_by_label("Amount").first.fill("1200")
    page.get_by_label("Stage").select_option("Qualification")
    if page.get_by_label("Closing Date").count():
        page.get_by_label("Closing Date").fill("2027-01-31")
    page.get_by_role("button", name="Save", exact=True).click()
    module(page, "Potentials")
    page.get_by_role("link", name="Show as board").click()
    page.get_by_role("link", name="Big Deal").click()
    page.get_by_label("Move to stage").select_option("Closed Won")
    page.get_by_role("button", name="Move").click()
    made = page.get_by_role("region", name="Zoho Invoice").locator("tbody a.opens")
    for _look in range(60):
        if made.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    made.first.click()
    expect(page.get_by_role("heading", level=1, name="INV-")).to_be_visible()


def see_the_dashboard(page: Page) -> None:
    product(page, "Integration")
    expect(page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()
    expect(page.get_by_role("heading", name="Receivables by age")).to_be_visible()
