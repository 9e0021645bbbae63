"""Control room: the time of a world is moved, stopped, and tells what happened on the way (X4)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.hub_in_process import HubInProcess
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.requirement("X4")


def now(world: World) -> datetime:
    return datetime.fromisoformat(HubInProcess(world).clock(world.id)["now"])


def syncs(world: World) -> list[dict[str, Any]]:
    return [run for run in world.connector("GET", "/connection/runs").json()["runs"] if run["kind"] == "auto"]


def test_a_step_forward_moves_all_services(world: World, asha: Visitor):
    before = now(world)

    asha.follow("/control-room/clock/advance", number="1", unit="days")

    shown = [
        datetime.fromisoformat(world.control(service, "GET", f"/{world.id}/clock").json()["now"])
        for service in world.apps
    ]
    assert all(moment - before >= timedelta(days=1) for moment in shown)


def test_going_to_the_next_auto_sync_runs_it_and_says_so(world: World, asha: Visitor):
    world.connect(contacts={"module": "accounts"})
    world.sync()
    world.add_account("Acme")

    page = asha.follow("/control-room/clock/next", kind="auto_sync").text

    assert len(syncs(world)) == 1
    happened = page[page.index("What happened on the last way") : page.index("What comes in")]
    assert "Auto sync of" in happened
    assert "Acme" in world.customers()


def test_what_comes_is_listed_before_the_time_is_moved(world: World, asha: Visitor):
    world.connect(contacts={"module": "accounts"})
    world.sync()

    page = asha.get("/control-room/clock").text

    assert "Auto sync of" in page[page.index("What comes in") :]


def test_a_way_on_which_nothing_of_the_kind_comes_is_told(asha: Visitor):
    page = asha.follow("/control-room/clock/next", kind="invoice_due").text

    assert "Nothing of the kind invoice_due falls due within a year." in page


def test_a_frozen_time_stands_until_it_is_let_run(world: World, asha: Visitor):
    page = asha.follow("/control-room/clock/freeze").text
    first, second = now(world), now(world)

    again = asha.follow("/control-room/clock/run").text

    assert first == second
    assert "Stands still" in page
    assert "Stands still" not in again
    assert now(world) > first


@pytest.mark.parametrize(
    ("number", "unit"),
    [("", "days"), ("-1", "days"), ("0", "hours"), ("1.5", "hours"), ("1", "fortnights")],
)
def test_a_length_of_time_that_is_none_moves_nothing(world: World, asha: Visitor, number: str, unit: str):
    asha.follow("/control-room/clock/freeze")
    before = now(world)

    page = asha.follow("/control-room/clock/advance", number=number, unit=unit).text

    assert "Say a whole number of" in page
    assert now(world) == before


def test_a_way_beyond_what_a_clock_shows_is_refused(asha: Visitor):
    assert "20 years" in asha.follow("/control-room/clock/advance", number="9999", unit="weeks").text
