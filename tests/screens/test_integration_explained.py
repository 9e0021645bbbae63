"""The sync explained: a page for one pair says how each field stands and what the next sync would do and why (C11)."""

import re

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.requirement("C11")


@pytest.fixture
def account(world: World) -> str:
    account = world.add_account("Acme", Website="https://acme.example")
    world.connect(contacts={"module": "accounts", "extent": "both", "conflicts": "crm"})
    world.sync()
    return account


def pair_of(world: World) -> str:
    (link,) = world.connector("GET", "/connection/links").json()["links"]
    return f"/integration/pairs/{link['id']}"


def row(page: str, field: str) -> str:
    return page[page.index(f'<th scope="row">{field}</th>') :].partition("</tr>")[0]


def test_linked_records_lead_to_the_explanation_of_each_pair(world: World, account: str, asha: Visitor):
    assert f'href="{pair_of(world)}"' in asha.get("/integration/links").text


def test_a_pair_that_agrees_says_so(world: World, account: str, asha: Visitor):
    page = asha.get(pair_of(world)).text

    assert "Leaves the pair as it is" in page
    assert "Same" in row(page, "Website")
    assert ">Website" in row(page, "Website")


def test_a_conflict_shows_both_values_the_last_one_and_whose_would_stand(world: World, account: str, asha: Visitor):
    world.change("Accounts", account, Website="https://crm.example")
    world.invoice.update_contact(world.customers()["Acme"]["contact_id"], {"website": "https://invoice.example"})

    page = asha.get(pair_of(world)).text

    shown = row(page, "Website")
    values = re.findall(r"https://\w+\.example", shown)
    assert values == ["https://crm.example", "https://invoice.example", "https://acme.example"]
    assert "Conflict" in shown
    assert "Of website the value of Zoho CRM stands." in page


def test_the_acts_that_touched_the_pair_lead_to_the_history(world: World, account: str, asha: Visitor):
    page = asha.get(pair_of(world)).text

    acts = page.partition("What syncs did with it")[2]
    assert re.search(r'href="/integration/runs/\d+/ops/\d+">Create</a>', acts)


def test_what_is_in_a_record_is_text_on_the_page(world: World, account: str, asha: Visitor):
    world.change("Accounts", account, Website="<script>alert(1)</script>")

    page = asha.get(pair_of(world)).text

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_pair_that_is_not_there_is_no_page(world: World, account: str, asha: Visitor):
    assert asha.get("/integration/pairs/9999").status_code == 404
