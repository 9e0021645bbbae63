"""An engineer breaks a call, and is told why a record did not sync, down to the call and the field."""

import pytest
from browser_company import Company
from browser_deeds import opens, presses
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.requirement("X5", "X6")
def test_an_engineer_breaks_a_call_finds_it_and_lets_the_record_sync_again(page: Page, company: Company):
    account = company.add("Accounts", Account_Name="Acme", Phone="1")
    company.connect(contacts={"module": "accounts"})
    company.sync()
    company.change("Accounts", account, Phone="2")

    # Given a rule: the next update of a contact is refused
    company.enter(page, "/control-room/faults")
    page.get_by_label("At", exact=True).select_option("Zoho Invoice")
    page.get_by_label("What the caller meets").select_option("An error status")
    page.get_by_label("Method").select_option("PUT")
    page.get_by_label("Route").fill("/contacts/{id}")
    page.get_by_label("Status", exact=True).fill("400")
    page.get_by_label("Times at most").fill("1")
    presses(page, "Switch the rule on")

    # When a sync runs, the history says which record failed
    company.instant_sync(page)
    opens(page, "Acme")
    expect(page.get_by_role("main")).to_contain_text("Failed")

    # and why the next one will write it
    opens(page, "Explain")
    expect(page.get_by_role("region", name="What the next sync would do")).to_contain_text(
        "Writes to Zoho Invoice what is newer in Zoho CRM"
    )
    field = page.get_by_role("rowheader", name="Billing address › phone", exact=True)
    phone = page.get_by_role("row").filter(has=field)
    expect(phone).to_contain_text("CRM newer")

    # The rule has been met once, and the journal has the call among those of the sync
    page.goto(f"{company.site}/control-room/faults")
    hits = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="An error status")).get_by_role("cell")
    expect(hits.nth(3)).to_have_text("1")
    page.goto(f"{company.site}/control-room/journal?status=400")
    page.get_by_role("row").filter(has_text="PUT").get_by_role("link").click()
    expect(page.get_by_role("region", name="Sequence").get_by_role("group", name="Who called whom")).to_be_visible()
    refused = page.get_by_role("listitem").filter(has_text="400 PUT")
    refused.locator("summary").click()
    expect(refused.get_by_label("As curl")).to_contain_text("-X PUT")

    # Then a retry writes it, for the rule has done what it was for
    page.goto(f"{company.site}/integration/records?outcome=failed")
    opens(page, "Acme")
    presses(page, "Retry")
    company.hub.rest(company.world)
    (customer,) = company.invoice.contacts(zcrm_account_id=account)
    assert company.invoice.contact(customer["contact_id"])["billing_address"]["phone"] == "2"
