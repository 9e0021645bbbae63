"""What people do at the screens, one deed after another, by the labels of the guide; shared by the stories."""

import re
from collections.abc import Callable

from browser_company import Company
from playwright.sync_api import Locator, Page, expect

#: The steps of the wizard of contacts, by their addresses.
WIZARD = ("module", "extent", "duplicates", "view", "mapping")

Look = Callable[..., None]


def no_look(_page: Page) -> None:
    """Nobody looks at the page in between."""


def opens(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def presses(page: Page, name: str | re.Pattern[str], within: Locator | None = None) -> None:
    """Presses a button that leads to another page, or to the same one anew."""
    with page.expect_navigation():
        (within or page).get_by_role("button", name=name, exact=isinstance(name, str)).first.click()


def saves(page: Page) -> None:
    presses(page, "Save")


def becomes(page: Page, company: Company, role: str) -> None:
    page.goto(f"{company.site}/sign-in?world={company.world}")
    page.get_by_role("button", name=re.compile(role)).first.click()


# connecting


def generates_key(page: Page) -> str:
    presses(page, "Generate key")
    return page.locator("#zsc-key").inner_text()


def fills_in_credentials(page: Page, email: str, key: str) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("ZSC key").fill(key)
    saves(page)


# settings of the integration


def goes_through_the_wizard(page: Page) -> None:
    """From any step to Save; what is chosen so far stays."""
    here = page.url.rsplit("/", 1)[-1]
    for _step in WIZARD[WIZARD.index(here) : -1]:
        presses(page, "Next")
    saves(page)


def chooses(page: Page, choice: str) -> None:
    """Takes a choice on its step of the wizard, and saves."""
    page.get_by_role("radio", name=choice, exact=True).check()
    goes_through_the_wizard(page)


def sets_trigger(page: Page, document: str) -> None:
    """Chooses what a trigger makes, and saves once it is told what that changes."""
    page.get_by_role("radio", name=document, exact=True).check()
    expect(page.locator("#effect input[name=effect]")).to_have_count(1)
    saves(page)


def pauses(page: Page) -> None:
    page.get_by_role("button", name="Pause sync").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()


def resumes(page: Page) -> None:
    page.get_by_role("button", name="Resume sync").click()
    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_enabled()


def disables(page: Page, look: Look = no_look) -> None:
    page.get_by_role("button", name="Disable integration").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("No further data sync will take place")).to_be_visible()
    look(page)
    dialog.get_by_role("button", name="Disable integration").click()
    expect(page.get_by_text("The integration is disabled. Settings and links are kept.")).to_be_visible()


def reactivates(page: Page) -> None:
    page.get_by_role("button", name="Reactivate").click()
    expect(page.get_by_text("The integration is active again.")).to_be_visible()
    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_enabled()


# records


def edits(page: Page, name: str, **values: str) -> None:
    """Opens a record of the list and changes fields, by their labels."""
    opens(page, name)
    opens(page, "Edit")
    for label, value in values.items():
        page.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).fill(value)
    saves(page)


def moves_to(page: Page, stage: str) -> None:
    """Moves the potential whose page is open."""
    page.get_by_label("Move to stage").select_option(stage)
    presses(page, "Move")


def adds_checkbox(page: Page, label: str, look: Look = no_look) -> None:
    """Drags a checkbox onto the layout of Accounts."""
    palette = page.get_by_role("region", name="New fields")
    palette.get_by_text("Checkbox", exact=True).drag_to(page.get_by_role("region", name="Account Information"))
    page.get_by_label("Label of the new field (Checkbox)").fill(label)
    look(page)
    page.get_by_role("button", name="Save Layout").click()
    expect(page.get_by_text("The layout is saved.")).to_be_visible()


def makes_view(page: Page, name: str, field: str, look: Look = no_look) -> None:
    """From the list: a view of the records whose box is ticked."""
    page.get_by_role("link", name="New view").click()
    page.get_by_label("Name of the view").fill(name)
    page.get_by_label("Field, criterion 1").select_option(field)
    page.get_by_label("Value, criterion 1").fill("true")
    look(page)
    saves(page)


def adds_custom_field(page: Page, label: str) -> None:
    """In the preferences of contacts of Zoho Invoice."""
    page.get_by_role("link", name="New custom field").click()
    page.get_by_label("Label name").fill(label)
    saves(page)


# documents


def picks_customer(page: Page, name: str) -> None:
    """Takes one of the customers that the editor offers."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("region", name="Customer").get_by_role("link", name=name)).to_be_visible()


def picks_potential(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Select a potential")).to_have_count(0)


def fills_in_line(page: Page, item: str = "Work", rate: str = "100", quantity: str = "1") -> None:
    page.get_by_label("Item of line 1").fill(item)
    page.get_by_label("Rate of line 1").fill(rate)
    page.get_by_label("Quantity of line 1").fill(quantity)


def opens_potentials(page: Page) -> None:
    page.get_by_role("button", name="Link Potential").click()
    expect(page.get_by_role("heading", name="Select a potential")).to_be_visible()


def dissociates(page: Page, potential: str, look: Look = no_look) -> None:
    """In the editor of a document that is linked."""
    page.get_by_role("button", name=potential).click()
    look(page)
    page.get_by_role("button", name="Dissociate").click()
    expect(page.get_by_role("button", name="Link Potential")).to_be_visible()
    saves(page)
