"""What holds on all pages: the side that folds, searches and rows, keys, dialogs, no script, copies of libraries."""

import re

import pytest
from browser_cdn import serve_cdn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web_fakes import ADMIN
from web_site import Services
from werkzeug.test import Client

pytestmark = pytest.mark.browser

KEY = "0123456789abcdef0123456789ab9f3c"


@pytest.fixture
def entered(page: Page, web_alone: str, services: Services) -> str:
    """An administrator at the screens of a company that is connected and has synced once; their address."""
    connector = Client(services.connector.app)
    connector.post("/connection", json={"email": ADMIN, "zsc_key": KEY})
    connector.put("/connection/settings", json={"items": {}})
    connector.post("/connection/runs", json={"kind": "instant"})
    while connector.get("/connection/runs/1").json["run"]["state"] == "running":  # each look lets it go on
        pass
    page.goto(f"{web_alone}/sign-in")
    with page.expect_navigation():
        page.get_by_role("button", name="Ada Administrator").click()
    return web_alone


def test_the_side_folds_into_a_menu_on_a_narrow_screen(page, entered):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{entered}/crm/accounts")
    expect(page.get_by_role("link", name="Potentials")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("link", name="Potentials").click()

    expect(page).to_have_url(f"{entered}/crm/potentials")


def test_a_search_shows_rows_while_one_types_and_stands_in_the_address(page, entered):
    page.goto(f"{entered}/crm/accounts")

    page.get_by_role("searchbox", name="Search accounts").focus()
    page.keyboard.type("bluth")

    expect(page.get_by_role("link", name="Bluth Company")).to_be_visible()
    expect(page.get_by_role("link", name="Dunder Mifflin")).to_have_count(0)
    assert "q=bluth" in page.url


def test_a_row_opens_by_a_click_anywhere_and_by_enter(page, entered):
    page.goto(f"{entered}/crm/accounts")

    page.get_by_role("row", name="Acme").get_by_text("+1 555 0100").click(force=True)  # the link lies over the row
    expect(page).to_have_url(f"{entered}/crm/accounts/300")
    page.go_back()
    page.get_by_role("link", name="Zylker", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{entered}/crm/accounts/301")


@pytest.mark.parametrize("start", ["/crm/accounts/300", "/invoice/contacts/801", "/integration/runs"])
def test_keys_lead_to_the_search_and_to_the_products(page, entered, start):
    for key, place in (("c", "/crm"), ("i", "/invoice"), ("n", "/integration"), ("r", "/control-room")):
        page.goto(entered + start)
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(re.escape(entered + place)))
        expect(page.get_by_role("navigation", name="Products").locator("[aria-current]")).to_have_attribute(
            "data-key", key
        )
    page.goto(entered + start)
    page.keyboard.press("/")

    expect(page.get_by_role("searchbox", name="Search both products")).to_be_focused()


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        ("/crm/accounts", "n", "/crm/accounts/new"),
        ("/crm/accounts/300", "e", "/crm/accounts/300/edit"),
        ("/invoice/contacts", "n", "/invoice/contacts/new"),
        ("/invoice/invoices", "n", "/invoice/invoices/new"),
        ("/invoice/contacts/801", "e", "/invoice/contacts/801/edit"),
        ("/invoice/items/601", "e", "/invoice/items/601/edit"),
        ("/invoice/invoices/901", "e", "/invoice/invoices/901/edit"),
        ("/integration/settings", "e", "/integration/settings/contacts/module"),
    ],
)
def test_keys_make_and_edit_what_is_shown(page, entered, start, key, end):
    page.goto(entered + start)

    with page.expect_request(entered + end):
        page.keyboard.press(key)


def test_a_key_lists_the_keys_and_none_works_while_one_types(page, entered, accessible):
    page.goto(f"{entered}/crm/accounts")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys").get_by_text("Go to Control room")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("gn?e/")

    expect(page.get_by_role("searchbox", name="Search both products")).to_have_value("gn?e/")
    expect(page).to_have_url(f"{entered}/crm/accounts")


def test_a_dialog_takes_the_focus_and_gives_it_back(page, entered):
    page.goto(f"{entered}/invoice/invoices/901")

    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_label("Amount (USD)")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Record payment")).to_be_focused()


def test_without_a_script_the_whole_way_is_plain_forms(browser: Browser, web_alone):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web_alone}/sign-in")
    page.get_by_role("button", name="Ada Administrator").click()
    page.goto(f"{web_alone}/integration/connect")
    page.get_by_label("Email address").fill("ada@zylker.example")
    page.get_by_label("ZSC key").fill(KEY)
    page.get_by_role("button", name="Save").click()
    for _step in range(4):
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Show preview").click()
    expect(page.get_by_role("cell", name="Acme").first).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Start first sync").click()
    for _look in range(4):
        if page.get_by_role("link", name="Refresh", exact=True).count():
            page.get_by_role("link", name="Refresh", exact=True).click()
            page.goto(f"{web_alone}/integration/runs/1")
            page.goto(f"{web_alone}/integration/settings")

    expect(page.get_by_role("button", name="Instant Sync", exact=True)).to_be_visible()
    context.close()


def test_the_local_copy_takes_over_when_the_cdn_sends_other_bytes(context: BrowserContext, page, web_alone):
    context.unroute_all()
    serve_cdn(context, b"window.htmx = 'not what was promised'")

    page.goto(f"{web_alone}/components")

    assert page.evaluate("htmx.version") == "2.0.10"


def test_the_local_copy_takes_over_when_the_cdn_is_out_of_reach(context: BrowserContext, page, web_alone):
    context.unroute_all()
    context.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())

    page.goto(f"{web_alone}/components")

    assert page.evaluate("htmx.version") == "2.0.10"
