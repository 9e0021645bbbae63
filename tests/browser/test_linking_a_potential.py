"""Guide: Process of linking a Potential, and Dissociating a Potential, in a browser."""

import browser_deeds as deeds
import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(company: Company) -> str:
    """An account with two potentials, imported as a customer; its id in Invoice."""
    account = company.add("Accounts", Account_Name="Acme")
    for name in ("Big Deal", "Small Deal"):
        company.add("Deals", Deal_Name=name, Stage="Qualification", Amount=100, Account_Name={"id": account})
    company.connect(contacts={"module": "accounts"})
    return str(company.invoice.ask("POST", f"/crm/account/{account}/import")["data"]["contact_id"])


@pytest.mark.requirement("L1", "L2", "L3", "L4")
def test_process_of_linking_a_potential(page: Page, company: Company, acme: str, accessible):
    company.enter(page, "/invoice/estimates")
    numbers = [raise_estimate(page, accessible) for _ in range(2)]

    page.get_by_role("link", name="Big Deal").first.click()
    section = page.get_by_role("region", name="Zoho Invoice")

    for number in numbers:
        expect(section.get_by_role("link", name=number)).to_be_visible()


def raise_estimate(page: Page, accessible) -> str:
    """Writes an estimate and links it with a potential on the way; its number."""
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Estimates").first.click()
    page.get_by_role("link", name="New estimate").click()
    accessible(page)
    deeds.picks_customer(page, "Acme")
    deeds.opens_potentials(page)
    accessible(page)
    page.get_by_label("Search potentials").fill("big")
    expect(page.get_by_role("button", name="Small Deal")).to_have_count(0)
    page.get_by_role("button", name="Big Deal").click()
    expect(page.get_by_role("button", name="Big Deal")).to_be_visible()
    deeds.fills_in_line(page, quantity="3")
    page.get_by_role("textbox", name="Reference").focus()
    expect(page.get_by_label("Totals").get_by_text("$300.00")).to_have_count(2)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Linked with potential Big Deal.")).to_be_visible()
    accessible(page)
    return page.get_by_role("heading", level=1).inner_text()


@pytest.mark.requirement("L1")
def test_a_potential_that_is_picked_is_kept_however_soon_one_saves(page: Page, company: Company, acme: str):
    company.enter(page, "/invoice/estimates/new")
    deeds.picks_customer(page, "Acme")
    deeds.fills_in_line(page, quantity="3")
    deeds.opens_potentials(page)

    company.fault("invoice", kind="latency", milliseconds=500, method="GET")
    page.get_by_role("button", name="Big Deal").click()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Linked with potential Big Deal.")).to_be_visible(timeout=15_000)


@pytest.mark.requirement("L5")
def test_dissociating_a_potential(page: Page, company: Company, acme: str, accessible):
    company.enter(page, "/invoice/estimates")
    raise_estimate(page, accessible)

    page.get_by_role("link", name="Edit", exact=True).click()
    deeds.dissociates(page, "Big Deal", accessible)

    expect(page.get_by_text("Quote information has been updated.")).to_be_visible()
    expect(page.get_by_text("Zoho CRM potential")).to_have_count(0)


@pytest.mark.requirement("L5")
def test_potentials_previously_linked_using_triggers_cannot_be_dissociated(page: Page, company: Company, accessible):
    account = company.add("Accounts", Account_Name="Acme")
    company.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
    company.add("Deals", Deal_Name="Big Deal", Stage="Closed Won", Amount=100, Account_Name={"id": account})
    company.enter(page, "/invoice/invoices")
    first = page.locator("a.opens").first

    for _ in range(30):
        if first.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="Big Deal").click()

    expect(page.get_by_text("Potentials previously linked using triggers cannot be dissociated.")).to_be_visible()
    expect(page.get_by_role("button", name="Dissociate")).to_have_count(0)
    accessible(page)


@pytest.mark.requirement("L6")
def test_the_link_goes_along_or_goes(page: Page, company: Company, acme: str, accessible):
    """Converting carries it along, another customer drops it, and deleting the potential leaves the transaction."""
    company.invoice.create_contact({"contact_name": "Globex"})
    (deal,) = company.crm.coql("select Deal_Name from Deals where Deal_Name = 'Big Deal'")
    linked = {"customer_id": acme, "zcrm_potential_id": deal["id"], "zcrm_potential_name": "Big Deal"}
    draft = company.invoice.ask("POST", "/estimates", json={**linked, "line_items": [{"name": "Work", "rate": 5}]})
    company.enter(page, "/invoice/estimates")
    raise_estimate(page, accessible)

    convert(page)
    change_the_customer(page, accessible)
    delete_the_potential(page, company)
    page.goto(f"{company.site}/invoice/estimates/{draft['estimate']['estimate_id']}")
    expect(page.get_by_text("Zoho CRM potential: Big Deal potential deleted")).to_be_visible()
    accessible(page)
    free_the_link(page)


def convert(page: Page) -> None:
    page.get_by_role("button", name="Mark as sent").click()
    page.get_by_role("button", name="Convert to sales order").click()
    expect(page.get_by_role("heading", level=1, name="SO-")).to_be_visible()
    expect(page.get_by_text("Zoho CRM potential: Big Deal")).to_be_visible()
    page.get_by_role("button", name="Mark as open").click()
    page.get_by_role("button", name="Convert to invoice").click()
    expect(page.get_by_role("heading", level=1, name="INV-")).to_be_visible()
    expect(page.get_by_text("Zoho CRM potential: Big Deal")).to_be_visible()


def change_the_customer(page: Page, accessible) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="Change customer").click()
    asked = "is linked with potential Big Deal of its customer; with another customer it is not."
    expect(page.get_by_text(asked)).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Globex").click()
    expect(page.get_by_role("button", name="Link Potential")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("dl").get_by_role("link", name="Globex")).to_be_visible()
    expect(page.get_by_text("Zoho CRM potential")).to_have_count(0)


def delete_the_potential(page: Page, company: Company) -> None:
    page.goto(f"{company.site}/crm/potentials?q=Big")
    page.get_by_role("link", name="Big Deal").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1, name="Potentials")).to_be_visible()


def free_the_link(page: Page) -> None:
    """The transaction stands, and takes another potential."""
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="Big Deal").click()
    page.get_by_role("button", name="Dissociate").click()
    page.get_by_role("button", name="Link Potential").click()
    deeds.picks_potential(page, "Small Deal")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Linked with potential Small Deal.")).to_be_visible()
    expect(page.get_by_text("potential deleted")).to_have_count(0)
