"""A run's history is counted as it is made, so that a look at it is quick, and right even after kills (S5, I4)."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import delete, update

from connector.database import db
from connector.models import Op, Run
from tests.support.dying import killed_at
from tests.support.world import Simulator, World

pytestmark = pytest.mark.requirement("S5")

OUTCOMES = ("added", "updated", "deleted", "skipped", "failed")


def fill(world: World) -> None:
    for name in ("Acme", "Borg", "Cyan"):
        account = world.add_account(name, Phone="1")
        world.add("Contacts", Last_Name=name, Account_Name={"id": account})
    refused = world.add_account("Dune", Description="x" * 10_001)  # more than Invoice takes
    world.add("Contacts", Last_Name="Dune", Account_Name={"id": refused})
    world.invoice.create_contact({"contact_name": "Borg"})
    world.add("Products", Product_Name="Pen", Unit_Price=1)
    both: dict[str, Any] = {"extent": "both", "duplicates": "skip"}
    world.connect(contacts={**both, "module": "accounts_and_contacts"}, items=both)


def told(world: World, run_id: int) -> Any:
    """What the run says of itself: by outcome, by reason, and what is left of its plan."""
    answer = world.run(run_id)
    outcomes = Counter(
        {
            (row["entity"], row["direction"], name): row[name]
            for row in answer["totals"]
            for name in OUTCOMES
            if row[name]
        }
    )
    reasons = Counter(
        {
            (row["entity"], row["outcome"], row["reason"]): row["count"]
            for row in answer["reasons"]
            if row["outcome"] != "unchanged"
        }
    )
    return (
        outcomes,
        reasons,
        Counter({(row["entity"], row["direction"], row["kind"]): row["count"] for row in answer["plan"]}),
    )


def counted(world: World, run_id: int) -> Any:
    """The same, counted from what the history lists."""
    rows = world.ops(run_id)
    closed = [row for row in rows if row["outcome"]]
    return (
        Counter((row["entity"], f"to {row['side']}", row["outcome"]) for row in closed),
        Counter((row["entity"], row["outcome"], row["reason"]) for row in closed),
        Counter((row["entity"], f"to {row['side']}", row["kind"]) for row in rows if row["state"] == "planned"),
    )


def last_run(world: World) -> int:
    return int(world.connector("GET", "/connection/runs").json()["runs"][0]["id"])


@pytest.mark.parametrize(
    "point",
    ["intent-stored:2", "before-send:3", "sent-no-reply:3", "outcome-stored:2", "child-before-link", "run-closed"],
)
def test_what_a_run_tells_is_what_its_records_tell_however_it_was_killed(
    simulator: Simulator, world: World, point: str
):
    fill(world)

    assert killed_at(simulator, point, world.sync)
    while_dead = told(world, last_run(world)), counted(world, last_run(world))
    world.settle()

    assert while_dead[0] == while_dead[1]
    assert told(world, last_run(world)) == counted(world, last_run(world))
    assert world.run(last_run(world))["run"]["counts"]["added"] > 3


def test_a_preview_and_an_undo_are_told_alike(world: World):
    fill(world)
    preview = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]["id"]
    world.settle()
    previewed = told(world, preview), counted(world, preview)
    world.connector("POST", f"/connection/runs/{preview}/confirm")
    world.settle()
    world.change("Accounts", next(str(row["id"]) for row in world.crm.iterate("Accounts", ["id"])), Phone="9")
    world.connector("POST", f"/connection/runs/{preview}/undo", {"preview": False})
    world.settle()

    assert previewed[0] == previewed[1]
    for run_id in (preview, last_run(world)):
        assert told(world, run_id) == counted(world, run_id)


def test_a_look_at_a_run_does_not_go_through_its_records(world: World):
    fill(world)
    run_id = world.sync()["run"]["id"]
    before = told(world, run_id)

    with world.apps["connector"].extensions["worlds"].transaction(world.id):
        db.session.execute(delete(Op).where(Op.run_id == run_id))

    assert told(world, run_id) == before


def test_a_run_from_before_is_counted_from_its_records(world: World):
    fill(world)
    run_id = world.sync()["run"]["id"]
    before = told(world, run_id)

    with world.apps["connector"].extensions["worlds"].transaction(world.id):
        run = db.session.get_one(Run, run_id)
        counters = {name: value for name, value in run.counters.items() if name != "tallied"}
        db.session.execute(update(Run).where(Run.id == run_id).values(counters=counters))

    assert told(world, run_id) == before
