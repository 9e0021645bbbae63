"""Real data in, in a browser: a file exported from the CRM, its preview, the import and its report."""

import csv

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

EXPORTED = (
    "Record Id,Account Name,Account Owner,Telephone,Annual Revenue\n"
    "zcrm_1,Globex,Asha Rao,+1 555 0100,1250.50\n"
    "zcrm_2,Initech,Asha Rao,,many\n"
)


@pytest.mark.requirement("X9")
def test_import_accounts_exported_from_zoho_crm(page: Page, company: Company, accessible):
    company.enter(page, "/crm/accounts")
    page.get_by_role("link", name="Import accounts").click()
    accessible(page)
    choose(page, "Account Name;Phone\nGlobex;1\n")
    expect(page.get_by_text("The columns are separated by semicolons.")).to_be_visible()

    choose(page, EXPORTED)
    page.get_by_label("Telephone").select_option("Phone")
    page.get_by_role("button", name="Update preview").click()
    expect(page.get_by_role("row", name="3 Annual Revenue many Is no number")).to_be_visible()
    expect(page.get_by_role("group", name="First lines").get_by_text("+1 555 0100")).to_be_visible()
    accessible(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Import 1 line").click()

    expect(page.get_by_text("1 line was imported.")).to_be_visible()
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Refused lines as CSV").click()
    with download.value.path().open(newline="") as file:
        assert [row[:2] for row in csv.reader(file)][1:] == [["3", "Annual Revenue: Is no number"]]
    page.get_by_role("link", name="Globex").click()
    expect(page.get_by_role("heading", level=1, name="Globex")).to_be_visible()
    expect(page.get_by_text("+1 555 0100").first).to_be_visible()


def choose(page: Page, text: str) -> None:
    page.get_by_label("CSV file").set_input_files(
        files=[{"name": "Accounts.csv", "mimeType": "text/csv", "buffer": text.encode()}]
    )
    page.get_by_role("button", name="Show preview").click()
