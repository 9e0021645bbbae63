"""A sync stops at a pause point, and goes on with what it finds then (X5)."""

import pytest

from tests.support.world import World

pytestmark = pytest.mark.requirement("X5")


def pause(world: World, point: str) -> int:
    return int(world.control("connector", "PUT", f"/{world.id}/settings", {"pause_sync": point}).status)


def go_on(world: World, run_id: int) -> dict:
    assert world.connector("POST", f"/connection/runs/{run_id}/confirm").status == 200
    world.settle()
    return dict(world.run(run_id)["run"])


@pytest.fixture
def both(world: World) -> World:
    world.account = world.add_account("Acme", Website="https://acme.example")  # type: ignore[attr-defined]
    world.connect(contacts={"module": "accounts", "extent": "both", "conflicts": "crm"})
    world.sync()
    return world


@pytest.mark.parametrize("point", ["after_read", "before_send"])
def test_a_sync_stops_at_the_point_before_anything_is_written_and_goes_on(both: World, point: str):
    pause(both, point)
    both.change("Accounts", both.account, Website="https://crm.example")  # type: ignore[attr-defined]
    run = both.sync()["run"]
    meanwhile = both.customer("Acme")["website"]

    ended = go_on(both, run["id"])

    assert (run["state"], run["paused_at"]) == ("needs_confirmation", point)
    assert meanwhile == "https://acme.example"
    assert (ended["state"], ended["paused_at"]) == ("done", None)
    assert both.customer("Acme")["website"] == "https://crm.example"


@pytest.mark.parametrize("point", ["after_read", "before_send"])
def test_what_somebody_edits_while_a_sync_waits_is_not_lost(both: World, point: str):
    pause(both, point)
    both.change("Accounts", both.account, Website="https://crm.example")  # type: ignore[attr-defined]
    run = both.sync()["run"]
    both.invoice.update_contact(both.customers()["Acme"]["contact_id"], {"website": "https://invoice.example"})

    go_on(both, run["id"])

    (op,) = both.ops(run["id"])
    assert op["code"] == "changed-meanwhile"
    assert both.customer("Acme")["website"] == "https://invoice.example"


@pytest.mark.parametrize("point", ["after_read", "before_send"])
def test_a_record_that_is_made_is_made_once_however_often_the_sync_stops(world: World, point: str):
    world.add_account("Acme")
    world.connect(contacts={"module": "accounts"})
    pause(world, point)
    run = world.sync()["run"]

    go_on(world, run["id"])
    again = world.sync()["run"]
    go_on(world, again["id"]) if again["state"] == "needs_confirmation" else None

    assert list(world.customers()) == ["Acme"]


def test_a_sync_that_waits_keeps_nobody_from_putting_the_world_back(both: World):
    pause(both, "after_read")
    both.sync()

    assert both.control("connector", "POST", f"/{both.id}/rest", {}).status == 200


def test_a_preview_and_a_sync_without_the_switch_do_not_pause(both: World):
    free = both.sync()["run"]
    pause(both, "after_read")
    preview = both.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]
    both.settle()

    assert free["state"] == "done"
    assert both.run(preview["id"])["run"]["paused_at"] is None


def test_a_point_that_is_none_is_refused(both: World):
    assert pause(both, "for_lunch") == 400
