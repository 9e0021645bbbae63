"""Control room: notices are held, put in another order, sent twice; mails stand together."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.hub_in_process import HubInProcess
from tests.support.visitor import Visitor
from tests.support.world import World


def calls(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = HubInProcess(world).outbox(world.id)["calls"]
    return found


@pytest.fixture
def connected(world: World) -> World:
    world.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
    world.sync()
    return world


@pytest.mark.requirement("X5")
def test_a_notice_that_is_held_makes_no_invoice_until_it_is_let_go(connected: World, asha: Visitor):
    asha.follow("/control-room/outbox/hold", hold="on")
    account = connected.add_account("Acme")
    connected.sync()
    connected.add_potential("Big Deal", account, "Closed Won")
    connected.settle()
    held = list(connected.invoice.invoices())

    page = asha.get("/control-room/outbox").text
    asha.follow("/control-room/outbox/hold", hold="off")
    connected.settle()

    assert held == []
    assert "Notices are held" in page
    assert "Held" in page
    assert len(list(connected.invoice.invoices())) == 1


@pytest.mark.requirement("X5")
def test_a_notice_that_comes_twice_makes_one_invoice(connected: World, asha: Visitor):
    account = connected.add_account("Acme")
    connected.sync()
    connected.add_potential("Big Deal", account, "Closed Won")
    connected.settle()
    newest = calls(connected)[0]

    page = asha.follow(f"/control-room/outbox/{newest['id']}/duplicate").text
    connected.settle()

    assert "A copy of it goes out." in page
    assert [call["state"] for call in calls(connected)] == ["delivered"] * (newest["id"] + 1)
    assert len(list(connected.invoice.invoices())) == 1


@pytest.mark.requirement("X5")
def test_the_token_of_a_channel_is_masked_in_a_notice(connected: World, asha: Visitor):
    connected.add_potential("Big Deal", None, "Qualification")
    connected.settle()

    page = asha.get("/control-room/outbox").text

    assert "Deals" in page
    assert connected.channel()["token"] not in page
    assert "***" in page


@pytest.mark.requirement("X5")
def test_what_cannot_be_done_to_a_notice_is_told(connected: World, asha: Visitor):
    connected.add_potential("Big Deal", None, "Qualification")
    connected.settle()

    page = asha.follow(f"/control-room/outbox/{calls(connected)[0]['id']}/hold").text

    assert "has gone out already" in page


@pytest.mark.requirement("S5")
def test_the_journal_says_what_the_last_sync_has_cost(connected: World, asha: Visitor):
    run = connected.sync()["run"]

    page = asha.get("/control-room/journal").text

    cost = run["cost"]["counted"]
    assert f"has cost {cost['crm']} calls of Zoho CRM and {cost['invoice']} of Zoho Invoice" in page
    assert f"/control-room/journal/traces/{run['trace']}" in page


@pytest.mark.requirement("S9")
def test_mails_of_invoice_and_of_the_integration_stand_together(world: World, asha: Visitor):
    world.connect(contacts={"module": "contacts", "duplicates": "skip"})
    customer = world.invoice.create_contact({"contact_name": "Acme", "contact_persons": [{"email": "a@acme.example"}]})
    world.invoice.ask(
        "POST",
        f"/contacts/{customer['contact_id']}/email",
        json={"to_mail_ids": ["a@acme.example"], "subject": "Hello", "body": "There"},
    )

    page = asha.get("/control-room/mails").text

    assert re.search(r">Hello</a></td><td[^>]*>a@acme.example</td><td[^>]*>Zoho Invoice<", page)


def test_who_is_no_user_of_invoice_reads_no_mails(screens: Flask, world: World, asha: Visitor):
    carla = visiting(screens, world, "carla.gomez@zylker.example")

    answer = carla.get("/control-room/mails")

    assert answer.status_code == 200
    assert "No mails" in answer.text
    assert carla.get("/control-room/journal").status_code == 200
