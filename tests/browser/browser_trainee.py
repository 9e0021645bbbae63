"""Somebody who learns: what he does at the screens in the lessons, by the deeds of the stories."""

from collections.abc import Callable
from dataclasses import dataclass

import browser_deeds as deeds
from browser_company import ADMIN, Company
from playwright.sync_api import Page, expect

from simulator.lessons.cast import FOODS, TOOLS

WORKSHOP = "Larkspur workshop"


@dataclass
class Trainee:
    """Somebody at a page of a company of his own."""

    page: Page
    company: Company
    key: str = ""

    def rests(self) -> None:
        """Until syncs and triggers have done what they had to."""
        self.company.hub.rest(self.company.world)


Deed = Callable[[Trainee], None]


def on_page(deed: Callable[..., object], *given: str, **named: str) -> Deed:
    """A deed of the stories, done by the trainee; triggers are waited for."""

    def act(trainee: Trainee) -> None:
        deed(trainee.page, *given, **named)
        trainee.rests()

    return act


def chooses(choice: str) -> Deed:
    return on_page(deeds.chooses, choice)


def edits(name: str, **values: str) -> Deed:
    return on_page(deeds.edits, name, **values)


def generates_key(trainee: Trainee) -> None:
    trainee.key = deeds.generates_key(trainee.page)


def connects(ends: str = "") -> Deed:
    """With the key, or with one whose end is another."""

    def act(trainee: Trainee) -> None:
        trainee.page.get_by_role("link", name="Connect Zoho CRM").click()
        deeds.fills_in_credentials(trainee.page, ADMIN, trainee.key[: -len(ends) or None] + ends)

    return act


def syncs(trainee: Trainee) -> None:
    page = trainee.page
    page.get_by_role("button", name="Instant Sync", exact=True).click()
    under_way = page.get_by_role("progressbar")
    expect(under_way.or_(page.get_by_role("link", name="Open this sync")).first).to_be_visible()
    trainee.rests()


def previews(trainee: Trainee) -> None:
    deeds.presses(trainee.page, "Preview")
    trainee.rests()


def opens_newest_run(trainee: Trainee) -> None:
    trainee.page.locator("tbody a.opens").first.click()
    expect(trainee.page.get_by_role("heading", name="Records")).to_be_visible()


def retries(trainee: Trainee) -> None:
    opens_newest_run(trainee)
    deeds.presses(trainee.page, "Retry all (1)")
    trainee.rests()


def undoes(trainee: Trainee) -> None:
    opens_newest_run(trainee)
    deeds.presses(trainee.page, "Undo …")
    trainee.rests()


def confirms_undo(trainee: Trainee) -> None:
    opens_newest_run(trainee)
    deeds.presses(trainee.page, "Undo now")
    trainee.rests()


def pauses_and_resumes(trainee: Trainee) -> None:
    deeds.pauses(trainee.page)
    deeds.resumes(trainee.page)


def reactivates_and_pauses(trainee: Trainee) -> None:
    deeds.reactivates(trainee.page)
    deeds.pauses(trainee.page)


def moves(potential: str, stage: str) -> Deed:
    def act(trainee: Trainee) -> None:
        deeds.opens(trainee.page, potential)
        deeds.moves_to(trainee.page, stage)
        trainee.rests()

    return act


def adds_account(name: str) -> Deed:
    def act(trainee: Trainee) -> None:
        deeds.opens(trainee.page, "New account")
        trainee.page.get_by_label("Account Name").fill(name)
        deeds.saves(trainee.page)

    return act


def adds_potential(name: str, account: str, stage: str) -> Deed:
    def act(trainee: Trainee) -> None:
        page = trainee.page
        deeds.opens(page, "New potential")
        page.get_by_label("Potential Name").fill(name)
        page.get_by_label("Account Name").fill(account)
        page.get_by_label("Stage").select_option(stage)
        deeds.saves(page)

    return act


def ticks_box(trainee: Trainee) -> None:
    page = trainee.page
    deeds.opens(page, TOOLS)
    deeds.opens(page, "Edit")
    page.get_by_role("checkbox", name="Zoho Invoice").check()
    deeds.saves(page)


def chooses_view(name: str) -> Deed:
    def act(trainee: Trainee) -> None:
        trainee.page.get_by_label("Account view").select_option(name)
        deeds.goes_through_the_wizard(trainee.page)

    return act


def maps(field: str, to: str) -> Deed:
    def act(trainee: Trainee) -> None:
        page = trainee.page
        page.locator("summary").first.click()
        page.get_by_label(to).select_option(field)
        deeds.saves(page)

    return act


def adds_currency(code: str) -> Deed:
    def act(trainee: Trainee) -> None:
        page = trainee.page
        deeds.opens(page, "New currency")
        page.get_by_label("Code").fill(code)
        page.get_by_label("Symbol").fill(code)
        page.get_by_label("Exchange rate").fill("1.13")
        deeds.saves(page)

    return act


def changes_city(city: str) -> Deed:
    """Of the customer, in Zoho Invoice."""

    def act(trainee: Trainee) -> None:
        page = trainee.page
        deeds.opens(page, TOOLS)
        deeds.opens(page, "Edit")
        page.get_by_role("region", name="Billing address").get_by_label("City").fill(city)
        deeds.saves(page)

    return act


def names_person(last_name: str) -> Deed:
    """The one person of the customer, whose first name is all there is."""

    def act(trainee: Trainee) -> None:
        page = trainee.page
        deeds.opens(page, FOODS)
        page.get_by_role("region", name="Contact persons").get_by_role("link", name="Edit").click()
        page.get_by_label("Last name").fill(last_name)
        deeds.saves(page)

    return act


def switches_items(is_on: bool, extent: str) -> Deed:
    def act(trainee: Trainee) -> None:
        trainee.page.get_by_role("checkbox", name="Sync items").set_checked(is_on)
        trainee.page.get_by_role("radio", name=extent, exact=True).check()
        deeds.saves(trainee.page)

    return act


def permits(box: str, is_on: bool) -> Deed:
    """Of the profile Standard."""

    def act(trainee: Trainee) -> None:
        deeds.becomes(trainee.page, trainee.company, "CRM: Administrator")
        trainee.page.goto(f"{trainee.company.site}/crm/setup/security-control/profiles")
        deeds.opens(trainee.page, "Edit Standard")
        trainee.page.get_by_role("checkbox", name=box).set_checked(is_on)
        deeds.saves(trainee.page)

    return act


def fetches(trainee: Trainee) -> None:
    deeds.opens(trainee.page, TOOLS)
    trainee.page.get_by_role("button", name="Fetch this contact from Zoho CRM").click()
    expect(trainee.page.get_by_text(f"{TOOLS} has been fetched from Zoho CRM.")).to_be_visible()


def raises(trainee: Trainee) -> None:
    """A document, in the editor of Zoho Invoice."""
    deeds.picks_customer(trainee.page, TOOLS)
    deeds.fills_in_line(trainee.page)
    deeds.saves(trainee.page)


def raises_in_section(trainee: Trainee) -> None:
    """An estimate, on the account's page in Zoho CRM."""
    page = trainee.page
    deeds.opens(page, TOOLS)
    page.get_by_role("region", name="Zoho Invoice").get_by_role("link", name="New estimate").click()
    page.get_by_label("Item, line 1").fill("Bench")
    page.get_by_label("Rate, line 1").fill("100")
    deeds.saves(page)


def raises_in_section_as(role: str) -> Deed:
    def act(trainee: Trainee) -> None:
        deeds.becomes(trainee.page, trainee.company, role)
        trainee.page.goto(f"{trainee.company.site}/crm/accounts")
        raises_in_section(trainee)

    return act


def raises_elsewhere(trainee: Trainee) -> None:
    trainee.page.goto(f"{trainee.company.site}/invoice/estimates/new")
    raises(trainee)
    trainee.company.invoice.ask("DELETE", f"/estimates/{trainee.page.url.rsplit('/', 1)[-1]}")


def marks_sent(kind: str) -> Deed:
    def act(trainee: Trainee) -> None:
        page = trainee.page
        page.goto(f"{trainee.company.site}/invoice/{kind}")
        page.locator("tbody a.opens").first.click()
        deeds.presses(page, "Mark as sent")

    return act


def opens_account(trainee: Trainee) -> None:
    trainee.page.goto(f"{trainee.company.site}/crm/accounts")
    deeds.opens(trainee.page, TOOLS)


def begins_invoice(trainee: Trainee) -> None:
    deeds.picks_customer(trainee.page, TOOLS)
    expect(trainee.page.get_by_role("region", name="Account information").get_by_text(WORKSHOP)).to_be_visible()


def searches_in_crm(trainee: Trainee) -> None:
    page = trainee.page
    page.get_by_role("button", name="Search in Zoho CRM").click()
    page.get_by_label("Account name, or first and last name").fill("larkspur")
    deeds.picks_customer(page, TOOLS)


def links(is_saved: bool) -> Deed:
    def act(trainee: Trainee) -> None:
        page = trainee.page
        page.locator("tbody a.opens").first.click()
        deeds.opens(page, "Edit")
        deeds.opens_potentials(page)
        deeds.picks_potential(page, WORKSHOP)
        if is_saved:
            deeds.saves(page)

    return act


def dissociates(trainee: Trainee) -> None:
    trainee.page.locator("tbody a.opens").first.click()
    deeds.opens(trainee.page, "Edit")
    deeds.dissociates(trainee.page, WORKSHOP)


def renames_thistle(name: str) -> Deed:
    def act(trainee: Trainee) -> None:
        trainee.page.locator("tbody a.opens").first.click()
        deeds.opens(trainee.page, "Edit")
        trainee.page.get_by_label("Display name").fill(name)
        deeds.saves(trainee.page)

    return act


def renames_product(name: str) -> Deed:
    def act(trainee: Trainee) -> None:
        trainee.page.goto(f"{trainee.company.site}/crm/products")
        trainee.page.locator("tbody a.opens").first.click()
        deeds.opens(trainee.page, "Edit")
        trainee.page.get_by_label("Product Name").fill(name)
        deeds.saves(trainee.page)

    return act
