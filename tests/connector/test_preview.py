"""Preview: what a sync would do, record by record, without doing it; and that very plan applied (requirement S6)."""

from typing import Any

import pytest

from tests.support.world import World

pytestmark = pytest.mark.requirement("S6")


def preview(world: World) -> dict[str, Any]:
    answer = world.connector("POST", "/connection/runs", {"kind": "dry"})
    assert answer.status == 202, answer.body
    world.settle()
    return world.run(answer.json()["run"]["id"])


def decide(world: World, shown: dict[str, Any], act: str) -> dict[str, Any]:
    answer = world.connector("POST", f"/connection/runs/{shown['run']['id']}/{act}")
    assert answer.status == 200, answer.body
    world.settle()
    return world.run(shown["run"]["id"])


def writes(world: World) -> int:
    return len(world.writes("crm")) + len(world.writes("invoice"))


def planned(world: World, run_id: int) -> list[tuple[Any, ...]]:
    return [(op["entity"], op["side"], op["kind"], op["record_name"], op["reason"]) for op in world.ops(run_id)]


@pytest.fixture
def mixed(world: World) -> World:
    """Something to add on either side, a duplicate, and products; both ways."""
    world.add_account("Acme", Phone="1")
    world.add_account("Zylker")
    for name in ("Zylker", "Only in Invoice"):
        world.invoice.create_contact({"contact_name": name})
    world.add("Products", Product_Name="Desk")
    world.connect(contacts={"extent": "both"}, items={"extent": "both"})
    return world


def test_a_preview_writes_nothing_and_names_each_record_with_what_would_be_done(mixed: World):
    before = writes(mixed)

    shown = preview(mixed)

    assert writes(mixed) == before
    assert shown["run"]["state"] == "needs_confirmation"
    assert {(row["entity"], row["direction"], row["kind"]): row["count"] for row in shown["plan"]} == {
        ("account", "to invoice", "create"): 1,
        ("account", "to invoice", "skip"): 1,
        ("account", "to crm", "create"): 1,
        ("account", "to invoice", "stamp"): 1,
        ("product", "to invoice", "create"): 1,
    }
    told = {(op["record_name"], op["kind"]): (op["state"], op["reason"]) for op in mixed.ops(shown["run"]["id"])}
    assert told["Acme", "create"] == ("planned", "new in CRM")
    assert told["Only in Invoice", "create"] == ("planned", "new in Invoice")


def test_its_plan_is_what_an_immediate_sync_does(mixed: World):
    shown = preview(mixed)
    plan = planned(mixed, shown["run"]["id"])

    run = mixed.sync()

    assert [row[:4] for row in planned(mixed, run["run"]["id"])] == [row[:4] for row in plan]


def test_applying_it_applies_that_very_plan(mixed: World):
    shown = preview(mixed)
    mixed.add_account("Came later")

    done = decide(mixed, shown, "confirm")

    assert (done["run"]["state"], done["plan"]) == ("done", [])
    assert sorted(mixed.customers()) == ["Acme", "Only in Invoice", "Zylker"]
    mixed.sync()
    assert "Came later" in mixed.customers()


def test_discarding_it_does_nothing(mixed: World):
    before = writes(mixed)

    done = decide(mixed, preview(mixed), "discard")

    assert (done["run"]["state"], writes(mixed)) == ("aborted", before)


def test_a_newer_sync_takes_its_place(mixed: World):
    shown = preview(mixed)

    mixed.sync()

    old = mixed.run(shown["run"]["id"])
    assert (old["run"]["state"], "newer sync" in old["run"]["reason"]) == ("aborted", True)
    assert mixed.connector("POST", f"/connection/runs/{old['run']['id']}/confirm").status == 409


def test_a_preview_that_waits_does_not_hold_up_the_auto_sync(mixed: World):
    mixed.sync()
    preview(mixed)
    mixed.add_account("New")

    for service in mixed.apps:
        mixed.control(service, "PUT", f"/{mixed.id}/clock", {"advance_seconds": 7_300})
    mixed.settle()

    assert "New" in mixed.customers()


def test_a_record_that_came_back_meanwhile_is_not_deleted(world: World):
    acme = world.add_account("Acme")
    world.add_account("Stays")
    world.connect()
    world.sync()
    world.crm.delete_records("Accounts", [acme])
    shown = preview(world)
    answer = world.crm.call("POST", f"/crm/v8/settings/recycle_bin/{acme}/actions/restore")
    assert answer.status == 200, answer.body

    done = decide(world, shown, "confirm")

    assert sorted(world.customers()) == ["Acme", "Stays"]
    assert done["run"]["counts"]["skipped"] == 1
    world.sync()
    assert sorted(world.customers()) == ["Acme", "Stays"]


def test_there_is_no_preview_while_a_sync_is_paused(mixed: World):
    mixed.connector("POST", "/connection/pause")

    assert mixed.connector("POST", "/connection/runs", {"kind": "dry"}).status == 409
