"""Lessons where no browser is needed: their steps' pages, and worlds of scenarios with a past of their own (X8)."""

import pytest
from flask import Flask

from simulator.lessons import LESSONS
from simulator.lessons.progress import Progress
from tests.screens.conftest import visiting
from tests.support.hub_in_process import HubInProcess
from tests.support.visitor import Visitor
from tests.support.world import ADMIN, Simulator, World

pytestmark = pytest.mark.requirement("X8")

#: Each asks for something that the half-broken company has, or has done, already.
HAS_A_PAST = ("sync-contacts", "sync-both-ways", "invoice-trigger", "pause-and-resume", "required-field-missing")


def test_every_step_leads_to_a_page_that_is_there(screens: Flask) -> None:
    addresses = {step.at for lesson in LESSONS.values() for step in lesson.steps}
    adapter = screens.url_map.bind("localhost")

    assert all(adapter.match(address, method="GET") for address in addresses)


def test_what_the_scenario_has_done_before_ticks_no_step(screens: Flask, simulator: Simulator) -> None:
    world = simulator.new_world("half-broken")
    trainee = visiting(screens, world, ADMIN)

    ticked = {}
    for lesson_id in HAS_A_PAST:
        page = begin(trainee, lesson_id)
        assert "cannot be begun" not in page
        ticked[lesson_id] = progress(world).steps[lesson_id]

    assert ticked == dict.fromkeys(HAS_A_PAST, 0)


def test_a_lesson_that_the_company_cannot_do_says_why_and_leaves_the_world_alone(
    screens: Flask, simulator: Simulator
) -> None:
    world = simulator.new_world("us-edition")
    trainee = visiting(screens, world, ADMIN)
    world.add_account("Stays")

    page = begin(trainee, "invoice-trigger")

    assert "Entity triggers do not work in organizations of the U.S. edition." in page
    assert "Begin" not in trainee.get("/control-room/lessons/invoice-trigger").text
    assert trainee.get("/control-room/lessons").text.count("Not in this world") == 3
    assert progress(world) == Progress()
    assert world.crm.search("Accounts", criteria="(Account_Name:equals:Stays)", fields="id")


def begin(trainee: Visitor, lesson_id: str) -> str:
    return str(trainee.follow(f"/control-room/lessons/{lesson_id}/begin").text)


def progress(world: World) -> Progress:
    return Progress.of(HubInProcess(world).progress(world.id))
