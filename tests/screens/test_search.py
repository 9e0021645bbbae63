"""One search over both products."""

from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World


def test_what_both_products_have_is_found_and_linked(world: World, asha: Visitor):
    account = world.add_account("Acme Industrial", Billing_City="Oslo")
    contact = world.invoice.create_contact({"contact_name": "Acme Industrial"})["contact_id"]
    body = {"customer_id": contact, "line_items": [{"name": "Anvil", "rate": 5, "quantity": 1}]}
    world.invoice.ask("POST", "/invoices", json=body)

    page = asha.get("/search?q=acme").text

    assert f'href="/crm/accounts/{account}"' in page
    assert f'href="/invoice/contacts/{contact}"' in page
    assert "Oslo" in page
    assert "INV-000001" in page


def test_a_search_without_a_hit_says_so_and_a_single_letter_asks_for_more(world: World, asha: Visitor):
    assert "Neither product has a record with these words" in asha.get("/search?q=nobody").text
    assert "two letters or more" in asha.get("/search?q=x").text


def test_who_is_no_user_of_invoice_finds_what_the_crm_has(screens: Flask, world: World):
    account = world.add_account("Acme Industrial")
    people = {
        product: [one["email"] for one in world.control(product, "GET", f"/{world.id}/people").json()["people"]]
        for product in ("crm", "invoice")
    }
    outsider = next(email for email in people["crm"] if email not in people["invoice"])

    page = visiting(screens, world, outsider).get("/search?q=acme").text

    assert f'href="/crm/accounts/{account}"' in page
    assert "Zoho Invoice could not be searched." in page


def test_the_search_stands_in_the_bar_of_every_page(asha: Visitor):
    for path in ("/crm/accounts", "/invoice/contacts", "/integration"):
        assert 'action="/search"' in asha.get(path).text
