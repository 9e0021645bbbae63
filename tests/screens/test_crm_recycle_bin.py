"""The recycle bin of the CRM."""

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World

CARLA = "carla.gomez@zylker.example"
BIN = "/crm/recycle-bin"


def test_a_deleted_record_is_listed_with_its_module_and_restored(world: World, asha: Visitor):
    account = world.add_account("Acme")
    potential = world.add_potential("Big Deal", account, "Qualification")
    asha.follow(f"/crm/potentials/{potential}/delete")
    asha.follow(f"/crm/accounts/{account}/delete")

    everything = asha.get(BIN).text
    accounts = asha.get(f"{BIN}?module=accounts").text
    page = asha.follow(f"{BIN}/restore", record=[account, potential]).text

    assert "Big Deal" in everything
    assert "Acme" in accounts
    assert "Big Deal" not in accounts
    assert "2 records are restored." in page
    assert world.crm.get_record("Accounts", account)
    assert world.crm.get_record("Deals", potential)


def test_a_record_is_deleted_for_good_and_the_bin_emptied(world: World, asha: Visitor):
    accounts = [world.add_account(name) for name in ("Acme", "Globex", "Initech")]
    world.crm.delete_records("Accounts", accounts)

    one = asha.follow(f"{BIN}/delete", record=accounts[0]).text
    page = asha.get(BIN).text
    emptied = asha.follow(f"{BIN}/empty").text

    assert "1 record is deleted for good." in one
    assert "Acme" not in page
    assert "2 records are deleted for good" in page
    assert "Nothing here" in emptied


def test_what_cannot_be_restored_is_told_and_the_rest_is(world: World, asha: Visitor):
    account = world.add_account("Acme")
    world.crm.delete_records("Accounts", [account])

    page = asha.follow(f"{BIN}/restore", record=[account, "1234567890123456789"]).text
    nothing = asha.follow(f"{BIN}/restore").text

    assert "1 record is restored." in page
    assert "Refused:" in page
    assert "Choose at least one record." in nothing


@pytest.mark.requirement("P5")
def test_who_is_no_administrator_sees_his_own_and_may_not_empty_the_bin(screens: Flask, world: World):
    world.crm.delete_records("Accounts", [world.add_account("Acme")])
    carla = visiting(screens, world, CARLA)

    page = carla.get(BIN).text
    refused = carla.post(f"{BIN}/empty")

    assert "Acme" not in page
    assert refused.status_code == 403
