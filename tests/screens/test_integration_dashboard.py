"""The dashboard over the real products: linked potentials, who owes, the history over time, each table as a file."""

import json
import re
from html import unescape

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

LONG = "An item with a name " + "x" * 100


@pytest.fixture
def sold(world: World) -> World:
    """A potential won by a trigger and invoiced, one still open, and a product that cannot be synced."""
    account = world.add_account("Acme")
    world.add("Products", Product_Name=LONG)
    world.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
    world.sync()
    world.add_potential("Big Deal", account, "Closed Won", amount=1200)
    world.settle()
    return world


def send_the_invoice(world: World) -> None:
    (invoice,) = world.invoice.invoices()
    world.invoice.mark_invoice(invoice["invoice_id"], "sent")


@pytest.mark.requirement("D1")
def test_linked_potentials_stand_by_stage_with_their_documents(sold: World, asha: Visitor):
    send_the_invoice(sold)

    before = asha.get("/integration").text
    page = asha.follow("/integration/linked/refresh").text

    assert "load delay" in before
    linked = page[page.index('id="linked"') :]
    assert 'href="/integration/linked?stage=Closed+Won">1</a>' in linked
    assert "1 sent</a>, $1,200.00" in linked
    counted = re.search(r'href="([^"]+)">1 sent</a>', linked)
    assert counted
    behind = asha.get(unescape(counted[1])).text
    assert "Big Deal" in behind
    assert "Invoices, sent, USD" in behind
    assert "Big Deal" not in asha.get(unescape(counted[1]).replace("status=sent", "status=paid")).text
    assert 'href="/integration/linked?standing=invoiced_not_paid">1</a>' in linked


@pytest.mark.requirement("D1")
def test_invoiced_and_not_paid_leads_to_the_potentials_with_their_invoices(sold: World, asha: Visitor):
    send_the_invoice(sold)
    asha.follow("/integration/linked/refresh")

    unpaid = asha.get("/integration/linked?standing=invoiced_not_paid").text
    won = asha.get("/integration/linked?standing=won_not_invoiced").text

    assert "Big Deal" in unpaid
    assert "INV-" in unpaid
    assert "by its trigger" in unpaid
    assert "Big Deal" not in won


@pytest.mark.requirement("D1")
def test_the_figures_are_read_anew_in_place_until_all_is_read(sold: World, asha: Visitor):
    fragment = asha.client.post(
        "/integration/linked/refresh", data={"csrf_token": asha.token()}, headers={"HX-Request": "true"}
    ).text

    assert fragment.lstrip().startswith("<section")
    assert "Closed Won" in fragment
    assert "load delay" not in fragment


@pytest.mark.requirement("D2")
def test_the_customers_who_owe_most_are_named(sold: World, asha: Visitor):
    send_the_invoice(sold)

    page = asha.get("/integration").text

    owing = page[page.index("Customers who owe most") :]
    assert "Acme" in owing
    assert "$1,200.00" in owing


@pytest.mark.requirement("D2")
def test_paid_and_overdue_stand_over_time_and_quotes_on_their_way_to_cash(sold: World, asha: Visitor):
    send_the_invoice(sold)
    (invoice,) = sold.invoice.invoices()
    paid = [{"invoice_id": invoice["invoice_id"], "amount_applied": 200}]
    body = {"customer_id": invoice["customer_id"], "amount": 200, "invoices": paid}
    sold.invoice.ask("POST", "/customerpayments", json=body)

    page = asha.get("/integration").text

    months = page[page.index("Paid and overdue over time") : page.index("Quote to cash")]
    assert "Paid $200.00" in months
    assert "Quotes sent" in page[page.index("Quote to cash") :]


@pytest.mark.requirement("D3")
def test_the_history_over_time_leads_from_its_numbers_to_the_records(sold: World, asha: Visitor):
    page = asha.get("/integration").text
    failed = asha.get("/integration/records?outcome=failed").text
    added = asha.get("/integration/records?outcome=added").text

    history = page[page.index("Failures by reason") :]
    assert "has less than 100 characters" in history
    assert "/integration/records?outcome=failed&amp;entity=product" in history
    assert "/integration/records?date=" in page
    assert LONG in failed
    assert LONG not in added
    assert "Acme" in added


@pytest.mark.requirement("D3", "D1", "D2")
@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("runs", "instant"),
        ("links", "Acme"),
        ("mails", "Zoho CRM sync"),
        ("potentials", "Big Deal"),
        ("linked", "Big Deal"),
        ("records", "Acme"),
        ("figures/invoiced", "1200"),
        ("figures/ages", "days_1_30"),
        ("figures/stages", "Closed Won"),
        ("figures/linked_stages", "Closed Won"),
        ("figures/customers", "Acme"),
        ("figures/sales", "overdue"),
        ("figures/conversion", "accepted"),
        ("figures/history", "added"),
        ("figures/failures", "has less than 100 characters"),
    ],
)
def test_every_table_is_a_csv_and_a_json_file_too(sold: World, asha: Visitor, table: str, told: str):
    asha.follow("/integration/linked/refresh")

    as_csv, as_json = asha.get(f"/integration/{table}.csv"), asha.get(f"/integration/{table}.json")

    assert as_csv.content_type == "text/csv; charset=utf-8"
    assert told in as_csv.text
    rows = json.loads(as_json.text)
    assert told in as_json.text
    assert list(rows[0]) == as_csv.text.splitlines()[0].split(",")


@pytest.mark.requirement("D3")
def test_a_file_is_narrowed_as_its_page_and_no_cell_of_it_is_a_formula(sold: World, asha: Visitor):
    sold.add_account("=1+1")
    sold.sync()

    page = asha.get("/integration/links?q=%3D1").text
    file = asha.get("/integration/links.csv?q=%3D1&path=elsewhere").text

    assert 'href="/integration/links.csv?q=%3D1"' in page
    assert ",'=1+1," in file
    assert "Acme" not in file
