"""Each number of the dashboard leads to exactly the records it counts (D1, D2, D3)."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from simulator import wire
from tests.support.visitor import Visitor
from tests.support.world import World

LONG = "An item with a name " + "x" * 100
#: What of the records a list's numbers add up, by its address; receivables add up balances.
ADDED = {"/invoice/payments": "amount", "/invoice/estimates": "total", "/invoice/invoices": "total"}


def day(world: World, days: int) -> str:
    today = date.fromisoformat(world.invoice.receivables()["date"])
    return (today + timedelta(days=days)).isoformat()


def add_invoice(world: World, customer: str, amount: int, due: int, status: str = "sent", paid: int = 0) -> str:
    lines = [{"name": "Work", "rate": amount, "quantity": 1}]
    days = {"date": day(world, min(due, 0) - 5), "due_date": day(world, due)}
    body = {"customer_id": customer, "line_items": lines, **days}
    made = str(world.invoice.ask("POST", "/invoices", json=body)["invoice"]["invoice_id"])
    if status != "draft":
        world.invoice.ask("POST", f"/invoices/{made}/status/{status}")
    if paid:
        settles = [{"invoice_id": made, "amount_applied": paid}]
        payment = {"customer_id": customer, "amount": paid, "date": day(world, min(due, 0)), "invoices": settles}
        world.invoice.ask("POST", "/customerpayments", json=payment)
    return made


def add_estimate(world: World, customer: str, amount: int, *steps: str) -> str:
    body = {"customer_id": customer, "line_items": [{"name": "Work", "rate": amount, "quantity": 1}]}
    made = str(world.invoice.ask("POST", "/estimates", json=body)["estimate"]["estimate_id"])
    for step in steps:
        world.invoice.ask("POST", f"/estimates/{made}/status/{step}")
    return made


@pytest.fixture
def sold(world: World) -> World:
    """Invoices of each status and age, payments of several months, quotes that went so far, potentials, a failure."""
    account = world.add_account("Acme")
    world.add("Products", Product_Name=LONG)
    world.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
    world.sync()
    for name, stage, amount in (("Big Deal", "Closed Won", 1200), ("Small Deal", "Closed Won", 50)):
        world.add_potential(name, account, stage, amount=amount)
    world.add_potential("Open one", account, "Qualification", amount=70)
    world.settle()
    world.add_potential("Won without anybody", None, "Closed Won", amount=30)
    world.settle()
    acme = next(iter(world.invoice.invoices()))["customer_id"]
    globex = str(world.invoice.create_contact({"contact_name": "Globex"})["contact_id"])
    for number, (due, paid) in enumerate(((0, 0), (20, 0), (-1, 7), (-30, 0), (-31, 0), (-61, 0), (-91, 1), (-200, 0))):
        add_invoice(world, (acme, globex)[number % 2], 100 + number, due, paid=paid)
    add_invoice(world, globex, 500, -40, paid=500)
    add_invoice(world, globex, 900, 5, "draft")
    add_invoice(world, acme, 40, 5, "void")
    add_estimate(world, acme, 11)
    add_estimate(world, acme, 12, "sent")
    add_estimate(world, acme, 13, "sent", "accepted")
    add_estimate(world, acme, 14, "sent", "declined")
    quote = add_estimate(world, globex, 15, "sent", "accepted")
    made = world.invoice.ask("POST", "/invoices", json={"invoiced_estimate_id": quote})["invoice"]
    world.invoice.ask("POST", f"/invoices/{made['invoice_id']}/status/sent")
    settles = [{"invoice_id": made["invoice_id"], "amount_applied": 15}]
    world.invoice.ask("POST", "/customerpayments", json={"customer_id": globex, "amount": 15, "invoices": settles})
    return world


def linked_numbers(page: str, address: str) -> Iterator[tuple[str, str]]:
    """The numbers on a page that are links to a list, and those in whose row of a chart's table the label is one."""
    for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        link = re.search(rf'<a href="({address}\?[^"]+)">[^<]*[a-z][^<]*</a>', cells[0]) if cells else None
        if link and len(cells) > 1 and "<a" not in cells[-1]:
            yield html.unescape(link[1]), cells[-1].strip()
    for href, text in re.findall(rf'<a[^>]* ?href="({address}\?[^"]+)"[^>]*>([^<]+)</a>', page):
        if re.fullmatch(r"\$?[\d,.]+", text.strip()):
            yield html.unescape(href), text.strip()


def rows_of(visitor: Visitor, href: str) -> list[dict[str, Any]]:
    """All records of a list, by its file."""
    path, _sign, query = href.partition("?")
    return list(wire.loads(visitor.get(f"{path}.json?{query}").data))


def number(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


@pytest.mark.requirement("D2")
def test_each_sum_of_invoice_leads_to_exactly_what_it_adds_up(sold: World, asha: Visitor):
    page = asha.get("/integration").text
    before_receivables, receivables = page.split("Receivables</h2>", 1)

    for part, address, at_least in (
        (before_receivables, "/invoice/invoices", 4),
        (receivables, "/invoice/invoices", 18),
        (receivables, "/invoice/payments", 3),
        (receivables, "/invoice/estimates", 4),
    ):
        found = list(linked_numbers(part, address))
        assert len(found) >= at_least, found
        for href, text in found:
            added = "balance" if "status=unpaid" in href and part is receivables else ADDED[address]
            assert sum(Decimal(str(row[added])) for row in rows_of(asha, href)) == number(text), href


@pytest.mark.requirement("D2")
def test_the_number_of_invoices_is_that_of_the_list_it_leads_to(sold: World, asha: Visitor):
    page = asha.get("/integration").text

    counted = re.search(
        r'href="(/invoice/invoices\?status=invoiced)".*?(\d+) invoices, void ones left out', page, re.DOTALL
    )

    assert counted is not None
    listed = asha.get(counted[1]).text
    assert f"{counted[2]} in this list" in listed
    assert "All but void" in listed


@pytest.mark.requirement("D1", "D3")
def test_each_count_of_the_integration_leads_to_as_many_records(sold: World, asha: Visitor):
    asha.follow("/integration/linked/refresh")
    page = asha.get("/integration").text

    for address in ("/integration/linked", "/integration/records"):
        found = [(href, text) for href, text in linked_numbers(page, address) if "$" not in text]
        assert len(found) > 3
        for href, text in found:
            assert f"{text} in this list" in asha.get(href).text, href


@pytest.mark.requirement("D1")
def test_each_stage_leads_to_its_potentials_and_a_deleted_one_stands_in_none(sold: World, asha: Visitor):
    (gone,) = sold.crm.search("Deals", word="Small Deal")
    sold.crm.delete_records("Deals", [gone["id"]])
    sold.settle()
    page = asha.get("/integration").text

    rows = re.findall(
        r'href="(/integration/potentials\?stage=[^"]+)">([^<]+)</a></td>\s*<td class="num">(\d+) potential', page
    )

    assert {label: count for _href, label, count in rows} == {"Closed Won": "2", "Qualification": "1"}
    for href, _label, count in rows:
        assert f"{count} in this list" in asha.get(href).text
    assert re.search(r"Won, not invoiced</h2>.*?\$30\.00.*?1 potential", page, re.DOTALL)
    assert "1 in this list" in asha.get("/integration/potentials?standing=won_not_invoiced").text


def test_a_list_narrowed_by_a_figure_says_so_and_keeps_it_in_a_search(asha: Visitor):
    page = asha.get("/invoice/invoices?status=unpaid&due_from=2020-01-02&due_until=2030-01-02&q=INV").text

    assert "Due from 2 Jan 2020" in page
    assert 'name="due_until" value="2030-01-02"' in page
    assert "/invoice/invoices.csv?due_from=2020-01-02&amp;due_until=2030-01-02&amp;status=unpaid&amp;q=INV" in page


def test_a_day_that_is_none_is_refused(asha: Visitor):
    answer = asha.get("/invoice/invoices?due_from=soon")

    assert answer.status_code == 422
    assert "due_date_start" in answer.text
