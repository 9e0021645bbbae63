"""Guide: Entity Triggers and Probability; what becomes of the document a trigger makes, in a browser."""

import re
from datetime import timedelta

import pytest
from browser_company import Company
from browser_deeds import moves_to
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

TRIGGER_MS = 30_000
OFF = {"enabled": False}
DAY = 86_400


def move(page: Page, company: Company, potential: str, stage: str) -> Locator:
    """Moves a potential on its page; the links to its documents, which come as soon as the trigger has fired."""
    page.goto(f"{company.site}/crm/potentials/{potential}")
    moves_to(page, stage)
    return page.get_by_role("region", name="Zoho Invoice").locator("tbody a.opens")


def edit(page: Page, company: Company, potential: str, **values: str) -> None:
    page.goto(f"{company.site}/crm/potentials/{potential}/edit")
    for label, value in values.items():
        page.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Move")).to_be_visible()


def told(page: Page, company: Company, potential: str, reason: str) -> None:
    """The history says it about the potential."""
    page.goto(f"{company.site}/integration/runs?kind=trigger")
    page.locator("tbody a.opens").first.click()
    wait_for(page, page.get_by_role("row", name=potential).get_by_text(reason).first)


def wait_for(page: Page, wanted: Locator) -> None:
    """Reloads the page until it shows what a trigger does on the side."""
    for _look in range(60):
        if wanted.count():
            break
        page.wait_for_timeout(TRIGGER_MS / 60)
        page.reload()
    expect(wanted).to_be_visible()


@pytest.mark.requirement("G3", "G5", "G7", "G9", "G11")
def test_a_won_potential_its_invoice_and_what_becomes_of_both(page: Page, company: Company, accessible):
    account = company.add("Accounts", Account_Name="Acme")
    acme = {"Account_Name": {"id": account}}
    deals = {
        name: company.add("Deals", Deal_Name=name, Stage="Negotiation/Review", Amount=1200, **account)
        for name, account in (("Big Deal", acme), ("Lone Deal", {}))
    }
    company.connect(contacts={"module": "accounts"}, items=OFF, triggers={"document": "invoice"})
    customer = company.invoice.ask("POST", f"/crm/account/{account}/import")["data"]["contact_id"]
    company.invoice.update_contact(customer, {"payment_terms": 15})
    company.enter(page)

    number = win(page, company, deals["Big Deal"], accessible)
    carry_over(page, company, deals["Big Deal"], number)
    win_without_an_account(page, company, deals["Lone Deal"])
    mark_sent_and_lose(page, company, deals["Big Deal"], number)
    delete_and_create_again(page, company, accessible)


def win(page: Page, company: Company, deal: str, accessible) -> str:
    """The invoice comes within seconds; a notice that comes again makes no second one."""
    made = move(page, company, deal, "Closed Won")
    expect(made).to_have_count(1, timeout=TRIGGER_MS)
    company.notify(deal)
    company.notify(deal)
    company.hub.rest(company.world)
    page.goto(f"{company.site}/invoice/invoices")
    expect(page.locator("tbody a.opens")).to_have_count(1)
    number = page.locator("tbody a.opens").inner_text()

    page.get_by_role("link", name=number).click()
    line = page.get_by_role("table").first.locator("tbody tr")
    expect(line).to_have_count(1)
    expect(line.get_by_role("cell")).to_have_text(["Big Deal", "1", "$1,200.00", "–", "$1,200.00"])
    for text in ("Draft", "Reference Big Deal"):
        expect(page.get_by_text(text, exact=True).first).to_be_visible()
    today = company.hub.today(company.world)
    for name, date in (("Date", today), ("Due", today + timedelta(days=15))):
        shown = page.locator("dt", has_text=re.compile(f"^{name}$")).locator("+ dd")
        expect(shown).to_have_text(f"{date.day} {date:%b %Y}")
    expect(page.locator("dl").get_by_role("link", name="Acme")).to_be_visible()
    expect(page.get_by_text("Zoho CRM potential: Big Deal")).to_be_visible()
    accessible(page)
    return number


def carry_over(page: Page, company: Company, deal: str, number: str) -> None:
    """While it is a draft, amount, name and customer go along, but for a field that was edited by hand."""
    company.add("Accounts", Account_Name="Initech")
    edit(page, company, deal, Potential_Name="Bigger Deal", Amount="1500", Account_Name="Initech")
    page.goto(f"{company.site}/invoice/invoices")
    page.get_by_role("link", name=number).click()
    wait_for(page, page.get_by_role("cell", name="$1,500.00").first)
    for text in ("Reference Bigger Deal", "Initech"):
        expect(page.get_by_text(text, exact=True).first).to_be_visible()
    expect(page.get_by_role("cell", name="Bigger Deal")).to_be_visible()

    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Reference").fill("PO 4711")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Reference PO 4711")).to_be_visible()
    edit(page, company, deal, Potential_Name="Biggest Deal", Amount="1600")
    page.goto(f"{company.site}/invoice/invoices")
    page.get_by_role("link", name=number).click()
    wait_for(page, page.get_by_role("cell", name="$1,600.00").first)
    expect(page.get_by_text("Reference PO 4711")).to_be_visible()


def win_without_an_account(page: Page, company: Company, deal: str) -> None:
    move(page, company, deal, "Closed Won")
    told(page, company, "Lone Deal", "the potential has no account; give it one in Zoho CRM")
    page.goto(f"{company.site}/invoice/invoices")
    expect(page.locator("tbody a.opens")).to_have_count(1)


def mark_sent_and_lose(page: Page, company: Company, deal: str, number: str) -> None:
    page.get_by_role("link", name=number).click()
    address = page.url
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("Sent", exact=True).first).to_be_visible()
    move(page, company, deal, "Closed Lost")
    told(page, company, "Biggest Deal", "the invoice was marked sent, so changes of the potential no longer touch it")
    page.goto(address)
    expect(page.get_by_text("Sent", exact=True).first).to_be_visible()


def delete_and_create_again(page: Page, company: Company, accessible) -> None:
    """Its customer is fetched first. What was deleted by hand is made again when somebody asks, in the history."""
    globex = {"Account_Name": {"id": company.add("Accounts", Account_Name="Globex")}}
    deal = company.add("Deals", Deal_Name="Third Deal", Stage="Qualification", Amount=300, **globex)
    made = move(page, company, deal, "Closed Won")
    expect(made).to_have_count(1, timeout=TRIGGER_MS)
    made.click()
    page.get_by_role("link", name="Open in Zoho Invoice").click()
    expect(page.locator("dl").get_by_role("link", name="Globex")).to_be_visible()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    edit(page, company, deal, Amount="400")
    told(page, company, "Third Deal", "it is not made again unasked")
    accessible(page)
    row = page.get_by_role("row", name="Third Deal").filter(has_text="it is not made again unasked")
    row.get_by_role("link", name="Third Deal").click()
    accessible(page)
    page.get_by_role("button", name="Create again").click()

    expect(page.get_by_text("The document is created again.")).to_be_visible()
    page.goto(f"{company.site}/crm/potentials/{deal}")
    again = page.get_by_role("region", name="Zoho Invoice").get_by_role("cell", name="$400.00")
    wait_for(page, again.first)


@pytest.mark.requirement("G5", "G9")
def test_an_estimate_is_let_go_once_a_person_accepts_it(page: Page, company: Company):
    account = {"Account_Name": {"id": company.add("Accounts", Account_Name="Acme")}}
    product = company.add("Products", Product_Name="Desk", Unit_Price=5)
    company.connect(contacts={"module": "accounts"}, triggers={"document": "estimate"})
    company.enter(page)
    company.instant_sync(page)
    deal = company.add("Deals", Deal_Name="Big Deal", Stage="Qualification", Product_Name={"id": product}, **account)

    page.goto(f"{company.site}/crm/potentials/{deal}")
    made = page.get_by_role("region", name="Zoho Invoice").locator("tbody a.opens")
    wait_for(page, made)
    made.click()
    page.get_by_role("link", name="Open in Zoho Invoice").click()
    expect(page.get_by_role("row", name="Desk").get_by_text("$0.00").first).to_be_visible()
    page.get_by_role("button", name="Mark as sent").click()
    page.get_by_role("button", name="Mark as accepted").click()
    expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()
    address = page.url
    move(page, company, deal, "Closed Lost")

    told(
        page,
        company,
        "Big Deal",
        "accepted, declined or converted by a person, so changes of the potential no longer touch it",
    )
    expect(page.get_by_text("the potential has no amount, so 0.00").first).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()


@pytest.mark.requirement("G7", "G10")
def test_notices_that_are_lost_or_late_are_made_up_for(page: Page, company: Company):
    """The trigger does not wait for a sync under way; what nobody told the next sync finds; channels are renewed."""
    account = {"Account_Name": {"id": company.add("Accounts", Account_Name="Acme")}}
    deals = {
        name: company.add("Deals", Deal_Name=name, Stage="Qualification", Amount=100, **account)
        for name in ("During a sync", "Not told", "After 30 days")
    }
    company.connect(contacts={"module": "accounts"}, items=OFF, triggers={"document": "invoice"})
    company.enter(page)
    company.instant_sync(page)

    win_during_a_sync(page, company, deals["During a sync"])
    win_without_a_notice(page, company, deals["Not told"])
    win_after_thirty_days(page, company, deals["After 30 days"])


def win_during_a_sync(page: Page, company: Company, deal: str) -> None:
    company.add("Accounts", Account_Name="Slow")
    company.fault("invoice", kind="latency", milliseconds=8_000, method="POST", route="/contacts", times=1)
    page.goto(f"{company.site}/integration/settings")
    page.get_by_role("button", name="Instant Sync", exact=True).click()
    expect(page.get_by_role("link", name="Refresh", exact=True)).to_be_visible()

    expect(move(page, company, deal, "Closed Won")).to_have_count(1, timeout=TRIGGER_MS)
    page.goto(f"{company.site}/integration/settings")
    expect(page.get_by_role("link", name="Refresh", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Open this sync")).to_be_visible(timeout=TRIGGER_MS)


def win_without_a_notice(page: Page, company: Company, deal: str) -> None:
    company.crm.unwatch(company.channel()["channel_id"])
    move(page, company, deal, "Closed Won")
    company.hub.rest(company.world)
    page.reload()
    made = page.get_by_role("region", name="Zoho Invoice").locator("tbody a.opens")
    expect(made).to_have_count(0)
    company.instant_sync(page)
    page.goto(f"{company.site}/crm/potentials/{deal}")
    wait_for(page, made)


def win_after_thirty_days(page: Page, company: Company, deal: str) -> None:
    until = page.locator("dt", has_text="Zoho CRM tells of changes until").locator("+ dd")
    page.goto(f"{company.site}/integration/settings")
    before = until.inner_text()
    company.hub.advance(company.world, 30 * DAY)
    page.reload()
    expect(until).not_to_have_text(before)
    expect(move(page, company, deal, "Closed Won")).to_have_count(1, timeout=TRIGGER_MS)


@pytest.mark.requirement("G6")
def test_entity_triggers_do_not_work_in_us_edition_organizations(page: Page, company: Company, accessible):
    organization = company.invoice.organizations()[0]["organization_id"]
    company.invoice.ask("PUT", f"/organizations/{organization}", json={"edition": "us"})
    account = {"Account_Name": {"id": company.add("Accounts", Account_Name="Acme")}}
    deal = company.add("Deals", Deal_Name="Big Deal", Stage="Qualification", Amount=100, **account)
    company.connect(contacts={"module": "accounts"}, items=OFF)
    company.enter(page)

    page.get_by_role("link", name="Edit triggers").click()
    expect(page.get_by_text("Entity triggers do not work in organizations of the U.S. edition.")).to_be_visible()
    for choice in ("Estimate", "Invoice"):
        expect(page.get_by_role("radio", name=choice, exact=True)).to_be_disabled()
    expect(page.get_by_role("radio", name="None", exact=True)).to_be_checked()
    accessible(page)
    move(page, company, deal, "Closed Won")
    company.hub.rest(company.world)
    page.goto(f"{company.site}/invoice/invoices")
    expect(page.locator("tbody a.opens")).to_have_count(0)
