"""Guide: Sync contacts, what its five steps do to the records, seen in a browser."""

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OFF = {"enabled": False}


def shown(page: Page, company: Company, path: str, *texts: str) -> None:
    page.goto(company.site + path)
    for text in texts:
        expect(page.get_by_role("main").get_by_text(text).locator("visible=true").first).to_be_visible()


@pytest.mark.requirement("C1", "C2", "C3", "C4", "C11", "K5", "K6")
def test_sync_both_ways_with_duplicates_overwritten(page: Page, company: Company, accessible):
    """Acme is in both products, twice in Zoho CRM; each side has a record of its own."""
    acme = company.add("Accounts", Account_Name="Acme", Phone="+1 555 0100")
    company.add("Accounts", Account_Name="Acme")
    company.invoice.create_contact({"contact_name": "Acme", "notes": "Pays late"})
    company.add("Accounts", Account_Name="Only in CRM")
    company.invoice.create_contact({"contact_name": "Only in Invoice"})
    company.connect(contacts={"extent": "both", "duplicates": "overwrite"}, items=OFF)
    company.enter(page)

    company.instant_sync(page)

    expect(page.get_by_text("overwrites its duplicate: Acme").first).to_be_visible()
    expect(page.get_by_text("merged into another record of CRM: Acme").first).to_be_visible()
    accessible(page)
    shown(page, company, "/crm/accounts?q=Invoice", "Only in Invoice", "Asha Rao")
    shown(page, company, "/invoice/contacts?q=CRM", "Only in CRM")
    shown(page, company, f"/crm/accounts/{acme}", "Zoho Invoice contact")
    shown(page, company, "/crm/setup/developer-space/apis", "Connections that stand on it", "Zylker")
    edit_both_sides(page, company, acme)


def edit_both_sides(page: Page, company: Company, acme: str) -> None:
    """One field on each side, and one on both: the CRM wins, and the history keeps both values."""
    (contact,) = [row for row in company.invoice.contacts(filter_by="Status.Active") if row["contact_name"] == "Acme"]
    values = {"notes": "Pays early", "billing_address": {"city": "Bergen"}}
    company.invoice.update_contact(contact["contact_id"], values)
    page.goto(f"{company.site}/crm/accounts/{acme}/edit")
    page.get_by_label("Phone").fill("+1 555 0199")
    page.get_by_label("Billing City").fill("Oslo")
    page.get_by_role("button", name="Save").click()

    company.instant_sync(page)

    page.get_by_role("link", name="Acme").first.click()
    expect(page.get_by_text("changed on both sides, CRM wins").first).to_be_visible()
    expect(page.get_by_text("Bergen").first).to_be_visible()
    shown(page, company, f"/crm/accounts/{acme}", "Pays early", "Oslo")
    shown(page, company, f"/invoice/contacts/{contact['contact_id']}", "Oslo")
    synced = company.invoice.contact(contact["contact_id"])
    assert synced is not None
    assert synced["billing_address"]["phone"] == "+1 555 0199"


@pytest.mark.requirement("C6", "C12", "C14", "C15")
def test_records_that_leave_the_view_are_deleted_or_merged(page: Page, company: Company):
    accounts = {
        name: company.add("Accounts", Account_Name=name, Billing_City="Oslo")
        for name in ("Leaves", "Goes", "Stays", "Merges", "Survives")
    }
    company.connect(
        contacts={"account_view": company.view_of_city("In Oslo", "Oslo")}, items=OFF, triggers={"document": "invoice"}
    )
    company.add("Deals", Deal_Name="Deal of Merges", Stage="Qualification", Account_Name={"id": accounts["Merges"]})
    company.enter(page)
    company.instant_sync(page)
    stays = next(row for row in company.invoice.contacts() if row["contact_name"] == "Stays")
    company.invoice.mark_contact(stays["contact_id"], "inactive")

    company.crm.update_records("Accounts", [{"id": accounts["Leaves"], "Billing_City": "Bergen"}])
    company.crm.merge_record("Accounts", accounts["Survives"], accounts["Merges"], [])
    page.goto(f"{company.site}/crm/accounts/{accounts['Goes']}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    company.instant_sync(page)

    for told in ("left the view", "deleted in CRM", "is offered for merging"):
        expect(page.get_by_text(told).first).to_be_visible()
    page.goto(f"{company.site}/invoice/contacts")
    for name, count in (("Leaves", 1), ("Goes", 0), ("Merges", 1), ("Survives", 1)):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(count)
    shown(page, company, "/integration/links", "Stays")


@pytest.mark.requirement("C1", "C13")
def test_accounts_and_their_contacts(page: Page, company: Company):
    accounts = {name: company.add("Accounts", Account_Name=name) for name in ("Acme", "Globex")}
    ann = company.add("Contacts", Last_Name="Ann", Account_Name={"id": accounts["Acme"]})
    company.add("Contacts", Last_Name="Lone")
    company.connect(contacts={"module": "accounts_and_contacts"}, items=OFF)
    company.enter(page)

    company.instant_sync(page)
    expect(page.get_by_text("no account").first).to_be_visible()
    page.goto(f"{company.site}/crm/contacts/{ann}/edit")
    page.get_by_label("Account Name").fill("Globex")
    page.get_by_role("button", name="Save").click()
    company.instant_sync(page)

    expect(page.get_by_text("moved to another account in CRM").first).to_be_visible()
    globex = next(row for row in company.invoice.contacts() if row["contact_name"] == "Globex")
    shown(page, company, f"/invoice/contacts/{globex['contact_id']}", "Ann")
