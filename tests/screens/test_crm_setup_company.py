"""Setup of the CRM: currencies, the switch of custom modules, the stages of potentials."""

import re

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World

CARLA = "carla.gomez@zylker.example"
CURRENCIES = "/crm/setup/company-settings/currencies"
STAGES = "/crm/setup/modules-and-fields/potentials/stages"


def stages(world: World) -> dict[str, dict[str, object]]:
    options = world.crm._get("/settings/fields/Stage", {"module": "Deals"})["fields"][0]["pick_list_values"]
    return {one["display_value"]: one for one in options}


@pytest.mark.requirement("C10")
def test_multicurrency_is_enabled_and_a_currency_added_and_put_out_of_use(world: World, asha: Visitor):
    off = asha.get(CURRENCIES).text
    on = asha.follow(f"{CURRENCIES}/enable", iso_code="USD", name="US Dollar - USD", symbol="$").text
    added = asha.follow(f"{CURRENCIES}/new", iso_code="EUR", name="Euro - EUR", symbol="€", exchange_rate="0.92").text
    (euro,) = [one for one in world.crm._get("/org/currencies")["currencies"] if one["iso_code"] == "EUR"]
    asha.follow(f"{CURRENCIES}/{euro['id']}", name="Euro", symbol="€", exchange_rate="0.95")

    assert "Multicurrency is off" in off
    assert "Multicurrency is enabled. USD is the base currency." in on
    assert "Euro - EUR" in added
    assert world.crm.org()["mc_status"] is True
    (euro,) = world.crm._get(f"/org/currencies/{euro['id']}")["currencies"]
    assert (euro["name"], euro["exchange_rate"], euro["is_active"]) == ("Euro", "0.950000000", False)


def test_a_currency_that_makes_no_sense_is_refused_beside_its_field(asha: Visitor):
    wrong = asha.post(f"{CURRENCIES}/enable", iso_code="dollar", name="US Dollar", symbol="$")
    asha.follow(f"{CURRENCIES}/enable", iso_code="USD", name="US Dollar", symbol="$")
    without = asha.post(f"{CURRENCIES}/new", iso_code="EUR", name="Euro", symbol="€")

    assert (wrong.status_code, without.status_code) == (422, 422)
    assert "It was not enabled." in wrong.text
    assert 'id="exchange_rate-error"' in without.text
    assert 'value="EUR"' in without.text


@pytest.mark.requirement("L1")
def test_custom_modules_are_switched_off_and_on(world: World, asha: Visitor):
    on = asha.get("/crm/setup/modules-and-fields").text
    switched = asha.follow("/crm/setup/modules-and-fields/custom-modules/off").text
    was_off = not world.crm.has_custom_modules()
    asha.follow("/crm/setup/modules-and-fields/custom-modules/on")

    assert "Switch off" in on
    assert "Custom modules are off." in switched
    assert "Switch on" in switched
    assert was_off
    assert world.crm.has_custom_modules()


@pytest.mark.requirement("G2")
def test_a_stage_is_made_at_its_place_and_sets_the_probability_of_its_potentials(world: World, asha: Visitor):
    made = {"display_value": "Demo", "forecast_type": "Open", "probability": "35", "sequence_number": "2"}

    page = asha.follow(f"{STAGES}/new", **made).text
    potential = world.crm.get_record("Deals", world.add_potential("Big Deal", None, "Demo"))

    assert "The stage Demo is saved." in page
    assert [name for name in stages(world) if name != "-None-"][1] == "Demo"
    assert potential is not None
    assert potential["Probability"] == 35


@pytest.mark.requirement("G2")
def test_a_stage_that_means_won_has_a_hundred_per_cent_whatever_was_entered(world: World, asha: Visitor):
    asha.follow(f"{STAGES}/new", display_value="Signed", forecast_type="Closed Won", probability="60")

    signed = stages(world)["Signed"]
    assert (signed["probability"], signed["forecast_type"]) == (100, "Closed Won")


def test_what_is_wrong_with_a_stage_is_told_beside_its_field(asha: Visitor):
    taken = asha.post(f"{STAGES}/new", display_value="Qualification", forecast_type="Open", probability="10")
    too_sure = asha.post(f"{STAGES}/new", display_value="Demo", forecast_type="Open", probability="100")

    assert (taken.status_code, too_sure.status_code) == (422, 422)
    assert 'id="display_value-error"' in taken.text
    assert 'id="probability-error"' in too_sure.text
    assert 'value="Demo"' in too_sure.text


def test_a_stage_is_deleted_and_its_potentials_go_on_to_another(world: World, asha: Visitor):
    potential = world.add_potential("Big Deal", None, "Needs Analysis")
    known = stages(world)
    address = f"{STAGES}/{known['Needs Analysis']['id']}"

    page = asha.get(address).text
    kept = asha.post(f"{address}/delete")
    gone = asha.follow(f"{address}/delete", transfer_to=known["Qualification"]["id"]).text

    assert "1 potential stands in it." in page
    assert kept.status_code == 422
    assert "transfer them first" in kept.text
    assert "The stage Needs Analysis is deleted." in gone
    assert "Needs Analysis" not in stages(world)
    moved = world.crm.get_record("Deals", potential)
    assert moved is not None
    assert moved["Stage"] == "Qualification"


def test_the_number_of_potentials_in_a_stage_leads_to_exactly_these(world: World, asha: Visitor):
    for name in ("One", "Two"):
        world.add_potential(name, None, "Needs Analysis")
    world.add_potential("Another", None, "Qualification")

    page = asha.get(STAGES).text
    link = re.search(r'href="([^"]*stage=Needs\+Analysis)">2<', page)

    assert link is not None
    assert "2 in this list" in asha.get(link[1]).text


def test_who_is_no_administrator_is_told_which_permission_each_of_them_needs(screens: Flask, world: World):
    carla = visiting(screens, world, CARLA)

    for address, form, permission in (
        (f"{CURRENCIES}/enable", {"iso_code": "USD"}, "Manage Currencies"),
        ("/crm/setup/modules-and-fields/custom-modules/off", {}, "Customize Zoho CRM"),
        (f"{STAGES}/new", {"display_value": "Demo", "probability": "5"}, "Customize Zoho CRM"),
    ):
        answer = carla.post(address, **form)
        assert answer.status_code == 403, address
        assert permission in answer.text
