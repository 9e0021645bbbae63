"""Every page in light and dark, wide and narrow: no barrier, nothing that runs out of the window, keys, no script."""

import pytest
from browser_cdn import serve_cdn
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

KEY = "0123456789abcdef0123456789ab9f3c"
PAGES = (
    "/sign-in",
    "/components",
    "/integration",
    "/integration/potentials",
    "/integration/runs",
    "/integration/runs/1",
    "/integration/runs/1/ops/1",
    "/integration/settings",
    "/integration/settings/contacts/module",
    "/integration/settings/contacts/view",
    "/integration/settings/contacts/mapping",
    "/integration/settings/contacts/done",
    "/integration/settings/items",
    "/integration/settings/triggers",
    "/integration/credentials",
    "/crm/accounts",
    "/crm/accounts/300",
    "/crm/potentials",
    "/crm/potentials/401",
    "/crm/setup/developer-space/apis",
    "/invoice/contacts",
    "/invoice/contacts/801",
    "/invoice/items/601",
    "/invoice/invoices",
    "/invoice/invoices/901",
    "/invoice/settings/integrations/zoho-apps",
    "/nowhere",
)


def enter(page: Page, site: str) -> None:
    """Signs in, connects and syncs once."""
    page.goto(f"{site}/sign-in")
    page.get_by_role("button", name="Ada Administrator").click()
    page.goto(f"{site}/integration/connect")
    page.get_by_label("Email address").fill("ada@zylker.example")
    page.get_by_label("ZSC key").fill(KEY)
    page.get_by_role("button", name="Save").click()
    page.goto(f"{site}/integration/settings/items")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Instant Sync").click()
    expect(page.get_by_role("link", name="Open this sync")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)], ids=["wide", "narrow and dark"])
def test_every_page_is_accessible_and_fits_its_window(page, web_alone, accessible, scheme, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    enter(page, web_alone)

    for path in PAGES:
        page.goto(web_alone + path)

        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"


def test_the_side_folds_into_a_menu_on_a_narrow_screen(page, web_alone):
    page.set_viewport_size({"width": 360, "height": 740})
    enter(page, web_alone)

    page.goto(f"{web_alone}/crm/accounts")
    expect(page.get_by_role("link", name="Potentials")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("link", name="Potentials").click()

    expect(page).to_have_url(f"{web_alone}/crm/potentials")


def test_a_search_shows_rows_while_one_types_and_stands_in_the_address(page, web_alone):
    enter(page, web_alone)
    page.goto(f"{web_alone}/crm/accounts")

    page.keyboard.press("/")
    page.keyboard.type("bluth")

    expect(page.get_by_role("link", name="Bluth Company")).to_be_visible()
    expect(page.get_by_role("link", name="Dunder Mifflin")).to_have_count(0)
    assert "q=bluth" in page.url


def test_a_row_opens_by_a_click_anywhere_and_by_enter(page, web_alone):
    enter(page, web_alone)
    page.goto(f"{web_alone}/crm/accounts")

    page.get_by_role("row", name="Acme").get_by_text("+1 555 0100").click(force=True)  # the link lies over the row
    expect(page).to_have_url(f"{web_alone}/crm/accounts/300")
    page.go_back()
    page.get_by_role("link", name="Zylker", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{web_alone}/crm/accounts/301")


def test_keys_lead_to_the_products(page, web_alone):
    enter(page, web_alone)

    page.keyboard.press("g")
    page.keyboard.press("c")

    expect(page).to_have_url(f"{web_alone}/crm/accounts")


def test_a_dialog_takes_the_focus_and_gives_it_back(page, web_alone):
    enter(page, web_alone)
    page.goto(f"{web_alone}/invoice/invoices/901")

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
        if page.get_by_role("link", name="Refresh").count():
            page.get_by_role("link", name="Refresh").click()
            page.goto(f"{web_alone}/integration/runs/1")
            page.goto(f"{web_alone}/integration/settings")

    expect(page.get_by_role("button", name="Instant Sync")).to_be_visible()
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
