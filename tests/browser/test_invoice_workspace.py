"""The Invoice workspace in a browser: an invoice is written, sent by mail and paid; each page wide and narrow."""

import re

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SETTINGS = ("preferences/contacts", "preferences/contacts/new", "currencies", "users", "users/new")


def test_an_invoice_is_written_sent_and_paid(page: Page, company: Company, accessible):
    company.invoice.create_contact(
        {"contact_name": "Acme", "contact_persons": [{"first_name": "Jo", "email": "jo@acme.example"}]}
    )
    company.invoice.create_item({"name": "Anvil", "rate": 20, "description": "Heavy"})
    company.enter(page, "/invoice/invoices/new")

    write(page, accessible)
    send(page, accessible)
    pay(page, accessible)


def write(page: Page, accessible) -> None:
    page.get_by_label("Search customers").fill("acm")
    page.get_by_role("button", name="Acme").click()
    page.get_by_label("Item of line 1").fill("anvil")
    page.get_by_label("Quantity of line 1").fill("3")
    expect(page.get_by_label("Description of line 1")).to_have_value("Heavy")
    expect(page.get_by_label("Rate of line 1")).to_have_value("20")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Item of line 2").fill("Work")
    page.get_by_label("Rate of line 2").fill("100")
    page.get_by_label("Rate of line 2").press("Tab")
    expect(page.locator("#line-1-amount")).to_have_text("$100.00")
    page.get_by_role("button", name="Move line 2 up").click()
    expect(page.get_by_label("Item of line 1")).to_have_value("Work")
    page.get_by_role("textbox", name="Discount", exact=True).fill("10%")
    page.get_by_role("textbox", name="Shipping charge").fill("6")
    page.get_by_role("textbox", name="Shipping charge").press("Tab")
    expect(page.get_by_label("Totals").get_by_text("$150.00")).to_be_visible()
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Save and send").click()


def send(page: Page, accessible) -> None:
    expect(page.get_by_label("To", exact=True)).to_have_value("jo@acme.example")
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your invoice has been sent.")).to_be_visible()
    page.get_by_role("link", name="Sent mails").click()
    accessible(page)
    page.locator("a.opens").first.click()
    expect(page.get_by_text("Dear Acme,")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Open the document").click()


def pay(page: Page, accessible) -> None:
    page.get_by_role("button", name="Record payment").click()
    page.get_by_role("dialog").get_by_role("button", name="Record payment").click()
    expect(page.get_by_text("The payment from the customer has been recorded")).to_be_visible()
    expect(page.get_by_text("Paid", exact=True)).to_be_visible()
    page.get_by_role("button", name="More").click()
    accessible(page)
    fits(page)
    page.get_by_role("link", name="Print view").click()
    expect(page.get_by_role("heading", name=re.compile("^Invoice INV-"))).to_be_visible()
    accessible(page)


def fits(page: Page) -> None:
    """Nothing runs out of a phone's window."""
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.set_viewport_size({"width": 1280, "height": 800})


def test_the_settings_and_forms_are_accessible_and_fit_their_window(page: Page, company: Company, accessible):
    company.enter(page, "/invoice/contacts/new")
    page.emulate_media(color_scheme="dark")

    for path in ("contacts/new", "items/new", "salesorders", "payments", *(f"settings/{one}" for one in SETTINGS)):
        page.goto(f"{company.site}/invoice/{path}")
        accessible(page)
        fits(page)
