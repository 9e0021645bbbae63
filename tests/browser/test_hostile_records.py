"""Records whose texts are scripts: synced across and shown on every page, and never run."""

from typing import Any

import pytest
from browser_company import Company
from playwright.sync_api import Dialog, Page, expect

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "'><body onload=alert(4)>",
    "javascript:alert(5)",
    "<a href=javascript:alert(6)>x</a>",
    "</textarea><script>alert(7)</script>",
    "</title><script>alert(8)</script>",
    "{{ 7*7 }}{% raw %}",
    "<div hx-get=/crm hx-trigger=load hx-on::load=alert(10)>",
    "<iframe srcdoc='<script>alert(11)</script>'></iframe>",
    '`;alert(12);//" autofocus onfocus=alert(12) x="',
)
LISTS = (
    "/crm/accounts",
    "/crm/contacts",
    "/crm/potentials",
    "/crm/products",
    "/crm/leads",
    "/invoice/contacts",
    "/invoice/items",
)
PAGES = (
    "/crm/potentials/board",
    "/crm/accounts/views/new",
    "/crm/setup/modules-and-fields/accounts",
    "/integration",
    "/integration/runs",
    "/integration/settings",
    "/search?q=alert",
    "/invoice/estimates",
    "/invoice/invoices/new",
)


#: The text fields that are filled, and how much the shortest of them takes.
FIELDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "Accounts": (100, ("Account_Name", "Billing_Street", "Billing_City", "Description")),
    "Contacts": (40, ("First_Name", "Last_Name", "Mailing_Street", "Description", "Title")),
    "Deals": (100, ("Deal_Name", "Description", "Next_Step")),
    "Products": (100, ("Product_Name", "Description")),
    "Leads": (80, ("Last_Name", "Company", "Description")),
}


def texts(module: str, payload: str) -> dict[str, Any]:
    """A record with the payload in its text fields."""
    longest, names = FIELDS[module]
    more = {"Stage": "Qualification"} if module == "Deals" else {}
    return {**dict.fromkeys(names, payload[:longest]), **more}


@pytest.fixture
def infested(company: Company) -> Company:
    """Each payload is a record of each kind in both products, and all of it has been synced."""
    for payload in PAYLOADS:
        account = company.add("Accounts", **texts("Accounts", payload))
        company.add("Contacts", **texts("Contacts", payload), Account_Name={"id": account})
        company.add("Deals", **texts("Deals", payload), Account_Name={"id": account})
        company.add("Products", **texts("Products", payload))
        company.add("Leads", **texts("Leads", payload))
        own = company.invoice.create_contact({"contact_name": f"Own {payload}", "notes": payload})
        line = {"name": payload[:90], "description": payload, "rate": 1, "quantity": 1}
        company.invoice.ask(
            "POST", "/estimates", json={"customer_id": own["contact_id"], "line_items": [line], "notes": payload}
        )
    company.connect(contacts={"module": "accounts_and_contacts", "extent": "both"}, items={"extent": "both"})
    return company


def test_no_text_of_a_record_is_ever_run(page: Page, infested: Company):
    ran: list[str] = []

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    infested.enter(page)
    page.get_by_role("button", name="Instant Sync", exact=True).first.click()
    expect(page.get_by_role("link", name="Open this sync")).to_be_visible(timeout=60_000)

    for path in (*LISTS, *PAGES):
        page.goto(infested.site + path)
        page.wait_for_load_state()
    for path in LISTS:
        page.goto(infested.site + path)
        for address in page.locator("a.opens").evaluate_all("links => links.map(link => link.href)")[: len(PAYLOADS)]:
            page.goto(address)
            page.wait_for_load_state()
    assert ran == []
