"""An undo is killed after each kind of write that it makes; it goes on and ends as if it had not been.

SIGKILL in a process of its own (reliability.md, F01 to F03). Whole records of both sides are compared with those of
the same undo that nobody disturbed, with all that hangs on them.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from connector.settings import Extent, Module
from connector.sync import crash
from tests.proof import stories
from tests.proof.stories import Mode
from tests.support.dying import counted_writes, killed_after_write, killed_at
from tests.support.hub_in_process import PutBack
from tests.support.world import Simulator, World

pytestmark = pytest.mark.requirement("S7", "C4")

#: What the CRM and Invoice note by themselves.
VOLATILE = ("comments", "created_at")
KILLED = (
    Mode(Module.ACCOUNTS_AND_CONTACTS, Extent.BOTH),
    Mode(Module.CONTACTS, Extent.BOTH),
    Mode(Module.ACCOUNTS, Extent.FETCH),
)
BOUNDARIES = (
    "lease-taken",
    "run-row",
    "settings-frozen",
    "token-ready",
    "intent-stored",
    "before-send",
    "sent-no-reply",
    "reply-read",
    "outcome-stored",
    "counters-stored",
    "run-closed",
    "lease-released",
    "notice-received",
    "notice-queued",
    "record-picked",
    "trigger-decided",
    "trigger-written",
)


class Undone:
    """A world in which a sync is about to be undone, and what comes of that when nothing goes wrong."""

    def __init__(self, simulator: Simulator, mode: Mode) -> None:
        self.world = world = simulator.new_world()
        stories.tell(world, mode)
        world.configure(contacts={"duplicates": "overwrite"}, items={"duplicates": "overwrite"})
        _add_twins(world)
        self._run_id = world.sync()["run"]["id"]
        _use(world)
        self._begin = PutBack(world)
        self._known = set(_ids_in(_whole(world)))
        with counted_writes() as writes, crash.counted() as passes:
            self.undo()
        self.writes = writes
        self.passes = passes
        self.expected = self.shown()

    def again(self) -> World:
        return self._begin.again()

    def undo(self) -> None:
        answer = self.world.connector("POST", f"/connection/runs/{self._run_id}/undo", {"preview": False})
        assert answer.status in (200, 202), answer.body
        self.world.settle()

    def finish(self) -> None:
        """What was begun goes on by itself; what was not even stored is asked for once more."""
        self.world.settle()
        runs = self.world.connector("GET", "/connection/runs?per_page=200").json()["runs"]
        if not any(run["kind"] == "undo" for run in runs):
            self.undo()

    def shown(self) -> Any:
        """Whole records of both sides, but for times; the ids of what was made anew are not the same each time."""
        return _settled(_whole(self.world), self._known)


def _add_twins(world: World) -> None:
    """Duplicates of each other on either side, each loser with something that hangs on it."""
    _, lost = (world.add_account(name, **more) for name, more in (("Twin", {}), ("TWIN", {"Fax": "22"})))
    under = {"Account_Name": {"id": lost}}
    tess, again = (world.add("Contacts", First_Name="Tess", Last_Name="Twin", **more) for more in ({}, under))
    world.add_potential("Of the loser", lost, "Qualification", Contact_Name={"id": again})
    assert tess != again
    world.add_account("Pair")
    world.add("Contacts", First_Name="Pat", Last_Name="Pair")
    for names in (("Pair", "PAIR"), ("Pat Pair", "PAT PAIR")):
        made = [
            world.invoice.create_contact({"contact_name": name, "contact_persons": [{"last_name": f"Of {name}"}]})
            for name in names
        ]
        body = {"customer_id": made[1]["contact_id"], "line_items": [{"name": "x", "rate": 5}]}
        world.invoice.ask("POST", "/invoices", json=body)
        world.invoice.ask("POST", "/estimates", json=body)


def _use(world: World) -> None:
    """A customer and an item that the sync has made are used, so that undo makes them inactive."""
    echo = next(row for row in world.invoice.contacts() if "Echo" in row["contact_name"])
    cup = next(row for row in world.invoice.items() if row["name"] == "Cup")
    line = {"item_id": cup["item_id"], "rate": 5}
    world.invoice.ask("POST", "/invoices", json={"customer_id": echo["contact_id"], "line_items": [line]})


def _whole(world: World) -> dict[str, Any]:
    found: dict[str, Any] = {
        module: [world.crm.get_record(module, row["id"]) for row in world.crm.iterate(module, ["id"])]
        for module in ("Accounts", "Contacts", "Products", "Deals")
    }
    for path, key in (("contacts", "contact"), ("items", "item"), ("invoices", "invoice"), ("estimates", "estimate")):
        rows = world.invoice.iterate(f"/{path}", path)
        found[path] = [world.invoice.one(f"/{path}/{row[f'{key}_id']}", key) for row in rows]
    links = world.connector("GET", "/connection/links?per_page=200").json()["links"]
    found["links"] = [{name: link[name] for name in ("entity", "crm_id", "invoice_id", "state")} for link in links]
    return found


def _ids_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (one for key, inner in value.items() for one in (*_ids_in(key), *_ids_in(inner)))
    elif isinstance(value, list):
        yield from (one for inner in value for one in _ids_in(inner))
    elif isinstance(value, str) and value.isdigit() and len(value) > 9:
        yield value


def _settled(value: Any, known: set[str]) -> Any:
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if key not in VOLATILE and "time" not in key.lower()}
        return {key: _settled(inner, known) for key, inner in kept.items()}
    if isinstance(value, list):
        return sorted((_settled(inner, known) for inner in value), key=repr)
    is_new = isinstance(value, str) and value.isdigit() and len(value) > 9 and value not in known
    return "new" if is_new else value


@cache
def undone(simulator: Simulator, mode: Mode) -> Undone:
    return Undone(simulator, mode)


@pytest.mark.parametrize("mode", KILLED, ids=str)
def test_an_undo_that_is_killed_after_any_kind_of_write_ends_as_if_it_had_not_been(simulator: Simulator, mode: Mode):
    story = undone(simulator, mode)
    assert len(story.writes) > 10
    for write in sorted(story.writes):
        story.again()

        died = killed_after_write(simulator, write, story.undo)
        story.finish()

        assert died
        assert story.shown() == story.expected, f"killed after {write}"


@pytest.mark.parametrize("name", BOUNDARIES)
def test_an_undo_that_is_killed_at_a_boundary_ends_as_if_it_had_not_been(simulator: Simulator, name: str):
    story = undone(simulator, KILLED[0])
    story.again()

    died = killed_at(simulator, name, story.undo)
    story.finish()

    assert died
    assert story.shown() == story.expected


def test_these_are_all_the_boundaries_of_an_undo(simulator: Simulator):
    assert set(undone(simulator, KILLED[0]).passes) == set(BOUNDARIES)
