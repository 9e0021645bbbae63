"""Guide: Sync items, in a browser."""

import pytest
from browser_company import Company
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SYNC_MS = 30_000


@pytest.mark.requirement("I1", "I2", "I3", "S8")
def test_sync_items(page: Page, company: Company, accessible):
    company.add("Products", Product_Name="Anvil", Unit_Price=19)
    company.invoice.create_item({"name": "Rocket", "rate": 99})
    company.connect(contacts={"module": "accounts"})
    company.enter(page)

    page.get_by_role("link", name="Edit items").click()
    for step in ("Extent of the sync", "Duplicate records", "Mapping fields"):
        expect(page.get_by_role("heading", name=step)).to_be_visible()
    expect(page.get_by_role("cell", name="Product Name")).to_be_visible()
    page.get_by_role("radio", name="Sync both ways").check()
    page.get_by_role("radio", name="Overwrite").check()
    expect(page.get_by_text("Writing to the CRM what is new or edited in Invoice (products as items).")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It applies from the next sync on.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Instant Sync of items").click()

    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_visible(timeout=SYNC_MS)
    assert {item["name"] for item in company.invoice.items()} == {"Anvil", "Rocket"}
    products = company.crm.get_records("Products", ["Product_Name"])["data"]
    assert {product["Product_Name"] for product in products} == {"Anvil", "Rocket"}
