"""Setup of the CRM, its first page and recycle bin, and what Invoice has beside documents, in a browser."""

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SETUP = "/crm/setup/modules-and-fields"


@pytest.mark.requirement("L1", "G2")
def test_an_administrator_arranges_stages_and_brings_back_a_deleted_record(page: Page, company: Company):
    company.add("Deals", Deal_Name="Big Deal", Stage="Qualification")
    company.enter(page, "/crm")

    page.get_by_role("button", name="Setup menu").click()
    page.get_by_role("link", name="Setup", exact=True).click()
    page.get_by_role("link", name="Stages of potentials").click()
    page.get_by_role("link", name="New stage").click()
    page.get_by_label("Name of the stage").fill("Demo")
    page.get_by_label("Probability of an open stage").fill("35")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The stage Demo is saved.")).to_be_visible()
    page.get_by_role("link", name="Qualification").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("They go on to").select_option("Demo")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Qualification")).to_have_count(0)

    page.goto(f"{company.site}/crm")
    page.get_by_role("link", name="Big Deal").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("link", name="Open the recycle bin").click()
    page.get_by_label("Big Deal").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("1 record is restored.")).to_be_visible()
