"""The control room: keep a world, move its time, and bring it back."""

import pytest
from browser_company import Company
from browser_deeds import Look
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.requirement("X3", "X4")
def test_a_trainer_keeps_a_world_moves_its_time_and_brings_it_back(page: Page, company: Company, accessible: Look):
    company.add("Accounts", Account_Name="Acme")
    company.enter(page, "/crm/accounts")
    expect(page.get_by_role("link", name="Acme", exact=True)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Worlds", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_role("row", name=company.world).get_by_role("link").click()
    page.get_by_label("Name of the snapshot").fill("before")
    page.get_by_role("button", name="Keep a snapshot").click()
    expect(page.get_by_text("Kept as before.")).to_be_visible()
    accessible(page)

    company.add("Accounts", Account_Name="Globex")
    page.get_by_role("link", name="Clock").click()
    page.get_by_role("button", name="+1 week").click()
    expect(page.get_by_text("on the way.")).to_be_visible()
    expect(page.locator(".today.is-shifted")).to_be_visible()
    accessible(page)

    page.get_by_role("link", name="Worlds").click()
    page.get_by_role("row", name=company.world).get_by_role("link").click()
    page.get_by_role("button", name="Restore before").click()
    expect(page.get_by_text("The world is as kept in before")).to_be_visible()
    expect(page.locator(".today.is-shifted")).to_have_count(0)
    page.goto(f"{company.site}/crm/accounts")
    expect(page.get_by_text("Acme")).to_be_visible()
    expect(page.get_by_text("Globex")).to_have_count(0)
