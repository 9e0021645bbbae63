"""Control room: a sync is stopped at a pause point, a side is changed by hand, and it goes on (X5)."""

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.requirement("X5")


def test_a_sync_waits_at_the_point_until_it_is_let_go(world: World, asha: Visitor):
    account = world.add_account("Acme", Website="https://acme.example")
    world.connect(contacts={"module": "accounts"})
    asha.follow("/control-room/pause", point="before_send")
    run = world.sync()["run"]
    before = list(world.customers())

    page = asha.get("/control-room/pause").text
    world.change("Accounts", account, Website="https://late.example")
    asha.follow(f"/integration/runs/{run['id']}/confirm")
    world.settle()

    assert before == []
    assert "A sync waits: Before send" in page
    assert list(world.customers()) == ["Acme"]
    assert "A sync waits" not in asha.get("/control-room/pause").text


def test_the_point_that_is_chosen_stands_on_the_page(asha: Visitor):
    page = asha.follow("/control-room/pause", point="after_read").text

    assert 'value="after_read" checked' in page


def test_a_point_that_is_none_is_told(asha: Visitor):
    assert "pause_sync is one of" in asha.follow("/control-room/pause", point="for_lunch").text
