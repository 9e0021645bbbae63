"""Control room: worlds are made, named, entered, put back and deleted (X3)."""

import pytest
from flask import Flask

from simulator.hub import HubError
from tests.screens.conftest import visiting
from tests.support.hub_in_process import HubInProcess
from tests.support.visitor import Visitor
from tests.support.world import ADMIN, World

pytestmark = pytest.mark.requirement("X3")


def at(world: World) -> str:
    return f"/control-room/worlds/{world.id}"


def test_the_switch_leads_to_the_control_room_and_says_its_key(asha: Visitor):
    page = asha.get("/integration/settings").text

    assert 'href="/control-room/worlds" data-key="r"' in page
    assert 'href="/integration" data-key="n"' in page


def test_nobody_enters_who_is_not_signed_in(screens: Flask, world: World):
    stranger = Visitor(screens.test_client(), world.id, ADMIN)

    answer = stranger.get("/control-room/worlds")

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_a_user_of_one_product_alone_enters_too(screens: Flask, world: World, asha: Visitor):
    farid = visiting(screens, world, "farid.khan@zylker.example")

    assert farid.get("/control-room/worlds").status_code == 200


def test_the_list_names_each_world_and_marks_the_one_one_is_in(world: World, asha: Visitor):
    page = asha.get("/control-room/worlds").text

    row = page[page.index(at(world)) : page.index("</tr>", page.index(at(world)))]
    assert "You are here" in row
    assert "empty" in row


def test_a_world_is_made_from_a_scenario_named_and_entered(world: World, asha: Visitor):
    made = asha.post("/control-room/worlds", scenario="empty", name="Class of Monday")

    entered = asha.follow(f"{made.location}/enter").text

    assert "Class of Monday" in entered
    assert "You are here" in entered
    assert asha.get("/crm/accounts").status_code == 200


def test_a_scenario_that_is_not_there_is_told(asha: Visitor):
    page = asha.follow("/control-room/worlds", scenario="nowhere").text

    assert "There is no scenario" in page


def test_a_name_outlives_a_reset(world: World, asha: Visitor):
    asha.follow(f"{at(world)}/name", name="Demo for Globex")

    page = asha.follow(f"{at(world)}/reset").text

    assert "<h1>Demo for Globex</h1>" in page
    assert "1 time<" in page


def test_reset_puts_the_world_back_and_leaves_one_signed_in(world: World, asha: Visitor):
    world.add_account("Acme")

    page = asha.follow(f"{at(world)}/reset").text

    assert "The world is as it was made" in page
    assert "Acme" not in asha.get("/crm/accounts").text


def test_a_snapshot_brings_back_what_was_there(world: World, asha: Visitor):
    world.add_account("Acme")
    kept = asha.follow(f"{at(world)}/snapshots", name="before").text
    world.add_account("Globex")

    asha.follow(f"{at(world)}/snapshots/before/restore")

    assert "Kept as before." in kept
    page = asha.get("/crm/accounts").text
    assert "Acme" in page
    assert "Globex" not in page


@pytest.mark.parametrize(
    ("act", "form", "told"),
    [
        ("snapshots", {"name": "../etc"}, "A snapshot&#39;s name is up to 40 letters"),
        ("snapshots/never/restore", {}, "There is no snapshot &#39;never&#39;"),
    ],
    ids=["a name that is none", "a snapshot that is not there"],
)
def test_what_a_snapshot_is_refused_for_is_told(world: World, asha: Visitor, act: str, form: dict[str, str], told: str):
    assert told in asha.follow(f"{at(world)}/{act}", **form).text


def test_a_world_that_is_not_there_is_no_page(asha: Visitor):
    answer = asha.get("/control-room/worlds/nowhere1")

    assert answer.status_code == 404
    assert "There is no world" in answer.text


def test_deleting_the_world_one_is_in_leads_to_the_door(world: World, asha: Visitor):
    answer = asha.post(f"{at(world)}/delete")

    assert asha.get(answer.location).status_code == 303
    with pytest.raises(HubError):
        HubInProcess(world).snapshots(world.id)


def test_in_a_shared_simulator_each_steers_his_own_world_only(world: World, asha: Visitor, shared: None):
    made = asha.post("/control-room/worlds", scenario="empty").location

    page = asha.get(made).text

    assert "each steers the world he is signed in to" in page
    assert "Delete the world" not in page
    assert asha.post(f"{made}/delete").status_code == 403
    assert asha.post(f"{made}/reset").status_code == 403


def test_a_snapshot_is_compared_with_the_world_record_by_record(world: World, asha: Visitor):
    acme = world.add_account("Acme", Phone="111")
    asha.follow(f"{at(world)}/snapshots", name="before")
    world.change("Accounts", acme, Phone="222")
    world.invoice.create_contact({"contact_name": "Globex"})

    page = asha.get(f"{at(world)}/snapshots/before").text

    acme_row = page[page.index("Acme <span") :].partition("</tr>")[0]
    globex_row = page[page.index("Globex <span") :].partition("</tr>")[0]
    assert "Changed" in acme_row
    assert "<del>111</del> → <ins>222</ins>" in acme_row
    assert "Added" in globex_row


def test_two_snapshots_are_compared_with_each_other(world: World, asha: Visitor):
    asha.follow(f"{at(world)}/snapshots", name="first")
    world.add_account("Acme")
    asha.follow(f"{at(world)}/snapshots", name="second")
    world.add_account("Globex")

    page = asha.get(f"{at(world)}/snapshots/first?with=second").text

    assert "Acme <span" in page
    assert "Globex" not in page


def test_a_snapshot_differs_in_nothing_from_itself_restored(world: World, asha: Visitor):
    world.add_account("Acme")
    asha.follow(f"{at(world)}/snapshots", name="before")
    world.add_account("Globex")
    asha.follow(f"{at(world)}/snapshots/before/restore")

    assert "Nothing differs" in asha.get(f"{at(world)}/snapshots/before").text
    assert asha.get(f"{at(world)}/snapshots/never").status_code == 404
    assert asha.get(f"{at(world)}/snapshots/before?with=never").status_code == 404
