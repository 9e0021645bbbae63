"""The Zoho Invoice section of a CRM record (guide: Creating transactions from within Zoho CRM; Permission triggers)."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World

CARLA = "carla.gomez@zylker.example"
LINE = {"name": "Anvil", "description": "Black", "quantity": "2", "rate": "19.90", "line_item_id": "", "item_id": ""}


@pytest.fixture
def acme(world: World) -> str:
    """An account that is synced with Invoice."""
    account = world.add_account("Acme")
    world.connect(contacts={"extent": "fetch"}, items={"enabled": False})
    world.sync()
    return account


def new_estimate(visitor: Visitor, account: str, **more: str) -> Any:
    return visitor.post(f"/crm/accounts/{account}/zoho-invoice/estimates/new", **{**LINE, "ticket": "t1", **more})


def untick(world: World, *boxes: str, profile: str = "Sales") -> None:
    """An administrator unticks boxes under Zoho Invoice Permissions of a profile."""
    profiles = world.crm._get("/settings/profiles")["profiles"]
    found = next(one for one in profiles if one["name"] == profile)
    details = world.crm.profile(found["id"])
    assert details is not None
    off = [{"id": box["id"], "enabled": False} for box in details["permissions_details"] if box["name"] in boxes]
    assert len(off) == len(boxes)
    body = {"profiles": [{"name": profile, "permissions_details": off}]}
    world.crm.call("PUT", f"/crm/v8/settings/profiles/{found['id']}", json=body)


@pytest.mark.requirement("T1", "T2")
def test_an_estimate_made_on_an_account_is_made_in_invoice_and_listed_there(world: World, asha: Visitor, acme: str):
    answer = new_estimate(asha, acme)

    (estimate,) = list(world.invoice.iterate("/estimates", "estimates"))
    page = asha.get(answer.location).text
    assert (estimate["customer_name"], str(estimate["total"])) == ("Acme", "39.8")
    assert "Saved." in page
    assert "Anvil" in page
    assert estimate["estimate_number"] in asha.get(f"/crm/accounts/{acme}").text


@pytest.mark.requirement("T2")
def test_the_same_form_sent_twice_makes_one_document(world: World, asha: Visitor, acme: str):
    new_estimate(asha, acme)
    new_estimate(asha, acme)

    assert len(list(world.invoice.iterate("/estimates", "estimates"))) == 1


@pytest.mark.requirement("T2")
@pytest.mark.parametrize("kind", ["salesorders", "invoices"])
def test_sales_orders_and_invoices_are_made_the_same_way(world: World, asha: Visitor, acme: str, kind: str):
    asha.follow(f"/crm/accounts/{acme}/zoho-invoice/{kind}/new", **LINE, ticket="t1")

    assert len(list(world.invoice.iterate(f"/{kind}", kind))) == 1


def test_one_more_line_is_added_without_losing_what_was_entered(world: World, asha: Visitor, acme: str):
    page = new_estimate(asha, acme, add="1").text

    assert page.count('name="rate"') == 2
    assert 'value="Anvil"' in page
    assert list(world.invoice.iterate("/estimates", "estimates")) == []


def test_what_is_no_number_is_told_with_its_line(world: World, asha: Visitor, acme: str):
    answer = new_estimate(asha, acme, rate="much")

    assert answer.status_code == 422
    assert "Line 1: much is not a number." in answer.text
    assert 'value="Anvil"' in answer.text


def test_a_document_is_edited_mailed_and_shown_as_pdf(world: World, asha: Visitor, acme: str):
    contact = world.customers()["Acme"]["contact_id"]
    world.invoice.create_contact_person({"contact_id": contact, "last_name": "Ann", "email": "ann@acme.example"})
    address = new_estimate(asha, acme).location
    page = asha.get(f"{address}/edit").text
    line = re.search(r'name="line_item_id" value="(\d+)"', page)
    assert line is not None

    edited = asha.follow(f"{address}/edit", **{**LINE, "line_item_id": line[1], "quantity": "3"}).text
    sent = asha.follow(f"{address}/email", to="ann@acme.example", subject="Your estimate", body="Dear Ann").text

    assert "$59.70" in edited
    assert "Sent. It lies in the outbox of Zoho Invoice" in sent
    (estimate,) = list(world.invoice.iterate("/estimates", "estimates"))
    assert estimate["status"] == "sent"
    assert asha.get(f"{address}/pdf").data.startswith(b"%PDF")


@pytest.mark.requirement("P3", "P4", "P5")
def test_a_sales_person_without_the_email_box_can_make_estimates_but_not_send_them(
    screens: Flask, world: World, acme: str
):
    untick(world, "Crm_Implied_Zoho_Invoice_Email_Estimates", "Crm_Implied_Zoho_Invoice_Receivables_Payables_Summary")
    carla = visiting(screens, world, CARLA)
    address = new_estimate(carla, acme).location
    page, section = carla.get(address).text, carla.get(f"/crm/accounts/{acme}").text
    refused = carla.post(f"{address}/email", to="ann@acme.example", subject="Now", body="Dear Ann")

    assert "Anvil" in page
    assert "/email" not in page
    assert "Receivables" not in section
    assert refused.status_code == 403
    assert "does not allow Email for estimates" in refused.text


@pytest.mark.requirement("T4")
def test_the_section_says_why_it_is_empty(world: World, asha: Visitor):
    account = world.add_account("Acme")

    before = asha.get(f"/crm/accounts/{account}").text
    world.connect(contacts={"extent": "fetch"}, items={"enabled": False})
    world.connector("POST", "/connection/disable")
    disabled = asha.get(f"/crm/accounts/{account}").text

    assert "Zoho Invoice" in before
    assert "not connected" in before
    assert "switched off" in disabled


@pytest.mark.requirement("P4")
def test_the_summary_of_receivables_is_shown(world: World, asha: Visitor, acme: str):
    customer = world.customers()["Acme"]["contact_id"]
    body = {"customer_id": customer, "line_items": [{"name": "Anvil", "rate": 50, "quantity": 1}]}
    made = world.invoice.ask("POST", "/invoices", json=body)["invoice"]
    world.invoice.mark_document("invoices", made["invoice_id"], "sent")

    page = asha.get(f"/crm/accounts/{acme}").text

    assert "Receivables" in page
    assert "$50.00" in page


@pytest.mark.requirement("L4")
def test_a_potential_shows_the_documents_that_are_linked_with_it(world: World, asha: Visitor, acme: str):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    customer = world.customers()["Acme"]["contact_id"]
    body = {
        "customer_id": customer,
        "zcrm_potential_id": potential,
        "line_items": [{"name": "Anvil", "rate": 50, "quantity": 1}],
    }
    made = world.invoice.ask("POST", "/estimates", json=body)["estimate"]

    assert made["estimate_number"] in asha.get(f"/crm/potentials/{potential}").text


def test_right_after_a_move_the_section_looks_again_and_then_stops(world: World, asha: Visitor, acme: str):
    potential = world.add_potential("Big Deal", acme, "Qualification")

    moved = asha.follow(f"/crm/potentials/{potential}/stage", stage="Closed Won").text
    last = asha.get(f"/crm/potentials/{potential}/zoho-invoice?look=0").text

    assert 'hx-trigger="load delay:1s"' in moved
    assert "hx-trigger" not in last
    assert last.strip().startswith("<section")
