"""Guide: Mapping Fields, the insight on custom fields, in a browser."""

import pytest
from browser_company import Company
from browser_deeds import adds_custom_field
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.requirement("C8", "C9")
def test_ten_custom_fields_for_contacts_and_no_more(page: Page, company: Company, accessible):
    for number in range(1, 10):
        company.invoice.ask("POST", "/settings/customfields", json={"module": "contact", "label": f"Field {number}"})
    company.connect(contacts={"module": "accounts"})
    company.enter(page, "/invoice/contacts")
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Contacts").last.click()

    expect(page.get_by_text("Custom fields of contacts: 9 of 10.")).to_be_visible()
    adds_custom_field(page, "Field 10")
    expect(page.get_by_text("Custom fields of contacts: 10 of 10.")).to_be_visible()
    accessible(page)
    adds_custom_field(page, "Field 11")

    expect(page.get_by_role("alert")).to_contain_text("10")
    expect(page.get_by_label("Label name")).to_have_value("Field 11")
    accessible(page)
    page.goto(f"{company.site}/integration/settings/contacts/mapping")
    page.locator("summary").first.click()
    expect(page.get_by_label("Field 10")).to_be_visible()
    expect(page.get_by_label("Field 11")).to_have_count(0)
