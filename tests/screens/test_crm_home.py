"""The CRM's first page."""

import re

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World

CARLA = "carla.gomez@zylker.example"


def figure(page: str, label: str) -> tuple[str, str]:
    """The number of a figure and where it leads."""
    found = re.search(rf'{label}</h2>\s*<a class="number" href="([^"]+)">([^<]+)<', page)
    assert found is not None, label
    return found[2], found[1].replace("&amp;", "&")


def test_each_figure_leads_to_a_list_of_as_many_records(world: World, asha: Visitor):
    now = world.control("crm", "GET", f"/{world.id}/clock").json()["now"]
    account = world.add_account("Acme")
    world.add_account("Globex")
    world.add("Leads", Last_Name="Moss", Company="Reynholm")
    world.add("Leads", Last_Name="Junk", Company="None", Lead_Status="Junk Lead")
    for name, stage in (("One", "Qualification"), ("Two", "Closed Won"), ("Three", "Closed Lost")):
        world.add_potential(name, account, stage)
    world.add("Deals", Deal_Name="Soon", Stage="Qualification", Closing_Date=f"{now[:7]}-15")

    page = asha.get("/crm").text

    for label, number in (
        ("Open leads", "1"),
        ("Accounts", "2"),
        ("Contacts", "0"),
        ("Open potentials", "2"),
        ("Won potentials", "1"),
        ("Closing this month", "1"),
    ):
        shown, href = figure(page, label)
        assert shown == number, label
        assert f"{number} in this list" in asha.get(href).text, label


def test_the_stages_and_the_latest_records_lead_on(world: World, asha: Visitor):
    account = world.add_account("Acme")
    world.add_potential("Big Deal", account, "Negotiation/Review", amount=1200)

    page = asha.get("/crm").text

    assert f'class="opens" href="/crm/accounts/{account}">Acme<' in page
    assert 'href="/crm/potentials?stage=Negotiation/Review"' in page
    assert "$1,200.00" in page
    assert "Setup menu" in page


@pytest.mark.requirement("P5")
def test_what_somebody_may_not_see_names_the_permission_that_is_missing(screens: Flask, world: World):
    profiles = world.crm._get("/settings/profiles")["profiles"]
    sales = next(one["id"] for one in profiles if one["name"] == "Sales")
    profile = world.crm.profile(sales)
    assert profile is not None
    box = next(one["id"] for one in profile["permissions_details"] if one["name"] == "Crm_Implied_View_Leads")
    body = {"profiles": [{"permissions_details": [{"id": box, "enabled": False}]}]}
    world.crm.call("PUT", f"/crm/v8/settings/profiles/{sales}", json=body)

    page = visiting(screens, world, CARLA).get("/crm").text

    assert "Permission needed: View Leads" in page
    assert figure(page, "Accounts")[0] == "0"
