"""Several workers at once, each a process of its own: every run is done once, whoever takes it (sync.md, Engine)."""

import pytest

from tests.connector.test_both_ways import BOTH, accounts
from tests.support.dying import in_processes, killed_at
from tests.support.world import Simulator, World

pytestmark = [pytest.mark.requirement("G7"), pytest.mark.usefixtures("no_long_waits")]

WORKERS = 3
CREATE = ("POST", "/invoice/v3/contacts")


def waiting(simulator: Simulator, name: str) -> World:
    """A world whose first sync waits for a worker."""
    world = simulator.new_world()
    for number in range(12):
        world.add_account(f"{name} {number}")
    for number in range(6):
        world.invoice.create_contact({"contact_name": f"{name} {number + 9}"})
    world.connect(contacts={**BOTH, "duplicates": "overwrite"}, items={"enabled": False})
    world.connector("POST", "/connection/runs", {"kind": "instant"})
    return world


def made_in_invoice(world: World) -> int:
    """How many customers anybody told Invoice to make."""
    return sum(1 for entry in world.writes("invoice") if (entry["method"], entry["path"]) == CREATE)


def is_done_once(world: World, name: str) -> None:
    world.settle()
    names = sorted(f"{name} {number}" for number in range(15))
    assert accounts(world) == sorted(row["contact_name"] for row in world.invoice.contacts()) == names
    runs = world.connector("GET", "/connection/runs").json()["runs"]
    assert [(run["kind"], run["state"]) for run in runs] == [("instant", "done")]
    before = len(world.writes("crm")) + len(world.writes("invoice"))
    world.sync()
    assert len(world.writes("crm")) + len(world.writes("invoice")) == before


def test_three_workers_at_once_do_each_run_once(simulator: Simulator):
    worlds = {name: waiting(simulator, name) for name in ("Acme", "Zylker", "Bluth", "Stark")}

    def work() -> None:
        for world in worlds.values():
            world.settle()

    in_processes(simulator, *[work] * WORKERS)

    for name, world in worlds.items():
        is_done_once(world, name)
        assert made_in_invoice(world) == 6 + 9  # by people, and of the accounts without a namesake


@pytest.mark.parametrize("point", ["intent-stored", "sent-no-reply", "outcome-stored"])
def test_three_workers_finish_what_a_killed_one_began(simulator: Simulator, point: str):
    world = waiting(simulator, "Acme")
    assert killed_at(simulator, f"{point}:1", world.settle)

    in_processes(simulator, *[world.settle] * WORKERS)

    is_done_once(world, "Acme")
