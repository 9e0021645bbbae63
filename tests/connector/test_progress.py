"""Instant Sync tells how far it is while it runs (requirement S2)."""

import contextvars
from typing import Any

import pytest

from connector.history import seconds_left
from tests.support.transport import WsgiAdapter
from tests.support.world import URLS, World


class Watched(WsgiAdapter):
    """The way to Invoice, on which each new customer makes somebody look at the sync's progress."""

    def __init__(self, world: World) -> None:
        super().__init__(world.apps["invoice"])
        self._world = world
        self.seen: list[dict[str, Any]] = []

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and "/contacts?" in request.url:
            self.seen.append(contextvars.Context().run(self._look))  # as from another process
        return super().send(request, *args, **kwargs)

    def _look(self) -> dict[str, Any]:
        found: dict[str, Any] = self._world.connector("GET", "/connection").json()["connection"]["active_run"]
        return found


@pytest.mark.requirement("S2")
def test_while_it_runs_it_tells_its_phase_and_how_many_records_are_done(world: World):
    for number in range(60):  # more than go out at once
        world.add_account(f"Account {number:02}")
    world.connect(items={"enabled": False})
    watched = Watched(world)
    outbound = world.apps["connector"].extensions["outbound"]
    outbound.mount(URLS["invoice"], watched)

    try:
        run = world.sync()
    finally:
        outbound.mount(URLS["invoice"], WsgiAdapter(world.apps["invoice"]))

    assert {seen["phase"] for seen in watched.seen} == {"writing"}
    assert {seen["total"] for seen in watched.seen} == {60}
    done = [seen["done"] for seen in watched.seen]
    assert done[0] == 0
    assert max(done) >= 48
    assert any(seen["seconds_left"] is not None for seen in watched.seen)
    assert (run["run"]["done"], run["run"]["total"], run["run"]["phase"]) == (60, 60, "")
    assert run["run"]["seconds_left"] is None


@pytest.mark.requirement("S2")
@pytest.mark.parametrize(
    ("seconds", "done", "total", "left"),
    [(10, 5, 20, 30), (10, 20, 20, 0), (10, 0, 20, None), (None, 5, 20, None)],
    ids=["at this pace", "nothing left", "not begun", "still reading"],
)
def test_the_time_left_goes_by_the_pace_so_far(seconds: int | None, done: int, total: int, left: int | None):
    assert seconds_left(seconds, done, total) == left


@pytest.mark.requirement("S2")
def test_a_second_instant_sync_is_refused_while_one_is_under_way(world: World):
    world.connect()
    first = world.connector("POST", "/connection/runs", {}).json()["run"]

    answer = world.connector("POST", "/connection/runs", {})

    assert (answer.status, answer.json()["code"]) == (409, "run_under_way")
    assert answer.json()["details"]["run_id"] == first["id"]
    world.settle()


@pytest.mark.requirement("S4")
def test_a_run_under_way_when_the_sync_is_paused_completes_first(world: World):
    world.add_account("Acme")
    world.connect()
    run = world.connector("POST", "/connection/runs", {}).json()["run"]

    world.connector("POST", "/connection/pause")
    world.settle()

    assert world.run(run["id"])["run"]["state"] == "done"
    assert list(world.customers()) == ["Acme"]
    assert world.connector("GET", "/connection").json()["connection"]["next_sync_at"] is None


@pytest.mark.requirement("S4")
def test_while_paused_triggers_and_single_fetches_go_on(world: World):
    acme = world.add_account("Acme")
    world.connect(triggers={"document": "invoice"})
    world.connector("POST", "/connection/pause")

    world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()

    assert list(world.customers()) == ["Acme"]
    assert len(list(world.invoice.invoices())) == 1


@pytest.mark.requirement("S1")
def test_after_the_last_step_there_is_a_preview_and_a_first_sync_and_then_both_times_are_shown(world: World):
    world.add_account("Acme")
    world.connect(auto_sync_minutes=30)
    before = world.connector("GET", "/connection").json()["connection"]
    preview = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]
    world.settle()

    world.connector("POST", f"/connection/runs/{preview['id']}/confirm")
    world.settle()
    after = world.connector("GET", "/connection").json()["connection"]

    assert (before["is_configured"], before["last_sync_at"]) == (True, None)
    assert after["last_sync_at"] < after["next_sync_at"]
