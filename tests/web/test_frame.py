"""What stands around every page, and what keeps it safe."""

import re

import pytest
from web_fakes import NOW
from web_site import make_web

from web.assets import ASSETS, integrity_of


def test_the_switch_names_the_products_and_marks_the_one_one_is_in(ada):
    page = ada.get("/invoice/invoices").text

    assert re.search(r'data-key="i" aria-current="true">Invoice<', page)
    assert 'data-product="invoice"' in page


def test_a_simulated_date_that_differs_from_today_is_marked(ada, services):
    same = ada.get("/crm/accounts").text
    services.crm.now = "2027-01-05T10:00:00+00:00"
    shifted = ada.get("/crm/accounts").text

    assert "is-shifted" not in same
    assert "is-shifted" in shifted
    assert "5 Jan 2027" in shifted


def test_a_page_stands_while_the_clock_cannot_be_read(ada, services):
    services.crm.is_down = True

    assert ada.get("/invoice/invoices").status_code == 200


def test_the_switch_leads_from_an_account_to_its_invoice_contact_and_back(ada):
    account = ada.get("/crm/accounts/300").text
    contact = ada.get("/invoice/contacts/801").text

    assert 'href="/invoice/contacts/801" data-key="i"' in account
    assert 'href="/crm/accounts/300" data-key="c"' in contact


def test_record_data_is_escaped(ada):
    page = ada.get("/crm/accounts").text

    assert "Cheers &amp; Sons &lt;Ltd&gt;" in page
    assert "<Ltd>" not in page


def test_record_data_stands_where_htmx_does_nothing(ada):
    page = ada.get("/crm/accounts").text

    table = page[page.index('class="list"') : page.index("</table>")]
    assert "hx-disable" in table.split(">")[0]


def test_a_form_without_the_token_of_its_page_is_refused(ada, services):
    answer = ada.client.post("/crm/potentials/401/stage", data={"stage": "Closed Lost"})

    assert answer.status_code == 400
    assert not services.crm.sent("PUT", ".*")


@pytest.mark.parametrize("path", ["/sign-in", "/components", "/crm/accounts", "/nowhere"])
def test_every_page_has_a_strict_policy(ada, path):
    headers = ada.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_a_style_or_a_script_of_its_own(ada):
    page = ada.get("/components").text

    assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on", page)
    assert not re.search(r"<script(?![^>]*src=)", page)


@pytest.mark.parametrize(
    ("assets", "from_cdn"), [("cdn", True), ("local", False), ("auto", False)], ids=["cdn", "local", "auto"]
)
def test_htmx_comes_from_where_the_setting_says_with_its_integrity(services, tmp_path, assets, from_cdn):
    app = make_web(services, tmp_path, assets=assets)
    answer = app.test_client().get("/components", follow_redirects=True)

    assert ("cdn.jsdelivr.net" in answer.text) == from_cdn
    assert ("cdn.jsdelivr.net" in answer.headers["Content-Security-Policy"]) == from_cdn
    assert ASSETS["htmx.min.js"].integrity in answer.text
    assert ("htmx-fallback.js" in answer.text) == from_cdn


def test_the_local_copy_of_htmx_is_the_one_promised(visitor):
    answer = visitor.get("/assets/htmx.min.js")

    assert integrity_of(answer.data) == ASSETS["htmx.min.js"].integrity


def test_a_copy_with_other_bytes_is_not_served(services, tmp_path, monkeypatch):
    (tmp_path / "htmx.min.js").write_text("alert(1)")
    monkeypatch.setenv("SIMULATOR_ASSETS", str(tmp_path))

    answer = make_web(services, tmp_path, assets="local").test_client().get("/assets/htmx.min.js")

    assert answer.data != b"alert(1)"


def test_the_stylesheet_is_one_file_with_a_stamp_of_its_content(visitor):
    page = visitor.get("/sign-in").text
    address = re.search(r'href="(/assets/app\.css\?v=\w+)"', page)

    assert address
    assert page.count('rel="stylesheet"') == 1
    assert "light-dark" in visitor.get(address[1]).text


def test_a_page_is_never_kept_by_a_cache(ada):
    assert ada.get("/crm/accounts").headers["Cache-Control"] == "no-store"


def test_the_date_is_the_worlds(ada):
    assert NOW[:10] in ada.get("/crm/accounts").text
