"""Guide: Entity Triggers, in a browser."""

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TRIGGER_MS = 30_000


@pytest.mark.requirement("G1", "G2", "G4", "G8")
def test_entity_triggers(page: Page, company: Company, accessible):
    account = {"Account_Name": {"id": company.add("Accounts", Account_Name="Acme")}}
    company.add("Deals", Deal_Name="Won before", Stage="Closed Won", Amount=700, **account)
    deal = company.add("Deals", Deal_Name="Big Deal", Stage="Negotiation/Review", Amount=1200, **account)
    company.connect(contacts={"module": "accounts"})
    company.enter(page)

    choose_invoice(page, accessible)
    apply_to_won_potentials(page, accessible)
    for stage, status in (("Closed Won", "Draft"), ("Closed Lost", "Void")):
        company.crm.update_records("Deals", [{"id": deal, "Stage": stage}])
        see_the_invoice(page, company, status)
    choose_stages_for_estimates(page, company, accessible)


def choose_invoice(page: Page, accessible) -> None:
    page.get_by_role("link", name="Edit triggers").click()
    expect(page.get_by_role("heading", name="Trigger for other entities")).to_be_visible()
    accessible(page)
    page.get_by_role("radio", name="Invoice", exact=True).check()
    expect(page.get_by_text("The trigger starts: invoices are made of potentials that are won")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Create/Void Invoice").or_(page.get_by_text("Invoice", exact=True)).first).to_be_visible()


def apply_to_won_potentials(page: Page, accessible) -> None:
    page.get_by_role("link", name="Edit triggers").click()
    page.get_by_role("button", name="Apply to 1 won potential").first.click()
    accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Apply to 1 won potential").click()
    expect(page.get_by_text("The trigger is applied to 1 won potential.")).to_be_visible()


def see_the_invoice(page: Page, company: Company, status: str) -> None:
    """The potential's invoice stands with the potentials of the integration as soon as the trigger has fired."""
    row = page.get_by_role("row", name="Big Deal")
    for _look in range(60):
        page.goto(f"{company.site}/integration/potentials?q=Big")
        if row.get_by_text(status, exact=True).count():
            return
        page.wait_for_timeout(TRIGGER_MS / 60)
    expect(row.get_by_text(status, exact=True)).to_be_visible()


def choose_stages_for_estimates(page: Page, company: Company, accessible) -> None:
    page.goto(f"{company.site}/integration/settings/triggers")
    page.get_by_role("radio", name="Estimate", exact=True).check()
    page.get_by_label("Create the estimate").select_option(label="Stage: Proposal/Price Quote")
    expect(page.get_by_text("The trigger stops: no more invoices")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Stage: Proposal/Price Quote")).to_be_visible()
