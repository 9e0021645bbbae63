"""Worlds are databases: made from scenarios, put back, kept, deleted, and never seen by each other."""

import random
import shutil
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from simulator import context, ids, settings, worlds
from simulator.context import NoWorldInContext
from simulator.storage import DamagedWorld
from simulator.worlds import UnknownWorld
from tests.support.databases import SERVER, files_only
from tests.unit.toy import ID_BASE, OTHER, WORLD, Toy, in_threads, toy_app, toy_client


def epoch(toy: Toy) -> int:
    with toy.worlds.transaction(toy.world, reads_only=True):
        return settings.read("epoch")


def test_a_world_begins_with_what_its_scenario_holds(toy):
    assert toy.names() == ["seed"]
    (listed,) = toy.control("GET", "", whole=True).get_json()["worlds"]
    assert (listed["id"], listed["scenario"], listed["epoch"]) == (WORLD, "empty", 1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": OTHER, "scenario": "no-such"}, 404),
        ({"id": OTHER, "scenario": "../empty"}, 404),
        ({"id": OTHER, "scenario": "a" * 5000}, 404),
        ({"id": "short", "scenario": "empty"}, 400),
        ({"id": "UPPER001", "scenario": "empty"}, 400),
        ({"id": "../../aa", "scenario": "empty"}, 400),
        ({"id": WORLD, "scenario": "empty"}, 409),
    ],
    ids=["unknown scenario", "path", "long", "short id", "upper case", "path as id", "taken"],
)
def test_a_world_that_cannot_be_made_is_refused_and_leaves_nothing(toy, body, status):
    answer = toy.control("POST", "", body, whole=True)

    assert answer.status_code == status
    assert answer.get_json()["message"]
    assert toy.worlds.ids() == [WORLD]


def test_a_world_whose_making_fails_half_way_does_not_stay(app):
    def fail() -> None:
        settings.write("half", "made")
        raise RuntimeError("disk full")

    app.extensions["world_made"].append(fail)
    with pytest.raises(RuntimeError, match="disk full"):
        app.extensions["worlds"].create(WORLD, "empty")
    app.extensions["world_made"].remove(fail)

    assert app.extensions["worlds"].ids() == []
    with pytest.raises(UnknownWorld):
        app.extensions["worlds"].get(WORLD)
    assert app.extensions["worlds"]._storage.belongings(WORLD) == []
    assert Toy.made(app).names() == ["seed"]
    with app.extensions["worlds"].transaction(WORLD, reads_only=True):
        assert settings.read("half") is None


def test_nobody_sees_a_world_before_it_is_whole(app):
    seen = []
    app.extensions["world_made"].append(lambda: seen.append(app.extensions["worlds"].ids()))

    Toy.made(app)

    assert seen == [[]]


def test_of_two_that_make_the_same_world_one_is_refused(app):
    statuses = []

    def make(number: int) -> None:
        body = {"id": WORLD, "scenario": "empty"}
        statuses.append(app.test_client().post("/_sim/worlds", json=body).status_code)

    assert in_threads(4, make) == []
    assert sorted(statuses) == [201, 409, 409, 409]


def test_reset_goes_back_to_the_scenario(toy):
    toy.add("later")

    toy.put("reset")

    assert toy.names() == ["seed"]


def test_restore_goes_back_to_the_snapshot_as_often_as_wanted(toy):
    toy.add("kept")
    toy.put("snapshot", "one")
    for name in ("lost", "lost too"):
        toy.add(name)

        toy.put("restore", "one")

        assert toy.names() == ["seed", "kept"]


def test_a_snapshot_of_the_same_name_is_replaced(toy):
    toy.put("snapshot", "one")
    toy.add("kept")
    toy.put("snapshot", "one")
    toy.put("reset")

    toy.put("restore", "one")

    assert toy.names() == ["seed", "kept"]
    assert toy.control("GET", "/snapshots").get_json() == {"snapshots": [{"name": "one"}]}


def test_tokens_and_the_journal_of_writes_survive_reset_and_restore(toy):
    toy.put("snapshot", "one")
    toy.add("Acme")
    toy.put("reset")

    after_reset = toy.call("GET", "/things").status_code
    toy.put("restore", "one")

    assert after_reset == 200
    assert toy.names() == ["seed"]
    assert [entry["request"] for entry in toy.journal("writes=1&path=/things")] == ['{"name":"Acme"}']
    assert "access_token" in toy.oauth(grant_type="refresh_token", **toy.keys)


def test_a_revoked_token_is_not_brought_back_by_a_restore(toy):
    toy.put("snapshot", "one")
    toy.oauth("token/revoke", token=toy.keys["refresh_token"])

    toy.put("restore", "one")

    assert toy.oauth(grant_type="refresh_token", **toy.keys) == {"error": "invalid_code"}
    assert toy.call("GET", "/things").status_code == 401


def test_each_reset_and_restore_raises_the_epoch(toy):
    toy.put("snapshot", "one")
    epochs = [epoch(toy)]
    for kind in ("restore", "reset", "restore"):
        toy.put(kind, "one")
        epochs.append(epoch(toy))

    assert epochs == [1, 2, 3, 4]


def test_time_goes_back_only_by_restore_or_reset(toy):
    before = datetime.fromisoformat(toy.clock(advance_seconds=86_400)["now"])
    toy.put("snapshot", "one")
    toy.clock(advance_seconds=30 * 86_400)
    assert toy.control("PUT", "/clock", {"now": before.isoformat()}).status_code == 400

    toy.put("restore", "one")
    restored = datetime.fromisoformat(toy.clock()["now"])
    toy.put("reset")

    assert timedelta(seconds=-1) <= restored - before < timedelta(minutes=1)
    assert toy.clock()["offset_seconds"] == 0


def test_a_restore_long_after_the_snapshot_goes_back_to_its_moment(toy):
    taken = datetime.fromisoformat(toy.clock(advance_seconds=86_400)["now"])
    toy.put("snapshot", "one")

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
        toy.put("restore", "one")
        restored = datetime.fromisoformat(toy.clock()["now"])

    assert timedelta(seconds=-1) <= restored - taken < timedelta(minutes=1)


def test_a_frozen_clock_is_restored_to_its_moment(toy):
    frozen = toy.clock(freeze=True)["now"]
    toy.put("snapshot", "one")
    toy.clock(advance_seconds=500)

    toy.put("restore", "one")

    assert toy.clock()["now"] == frozen
    assert toy.clock()["frozen"] is True


@pytest.mark.parametrize(
    ("kind", "name", "status"),
    [
        ("restore", "never-taken", 404),
        ("restore", "../world002", 400),
        ("restore", None, 400),
        ("snapshot", "", 400),
        ("snapshot", "a" * 41, 400),
        ("snapshot", "with space", 400),
        ("explode", "one", 400),
    ],
)
def test_a_preparation_that_fails_changes_nothing(toy, kind, name, status):
    toy.add("Acme")

    answer = toy.control("POST", "/prepare", {"kind": kind, "name": name})

    assert answer.status_code == status
    assert answer.get_json()["message"]
    assert toy.names() == ["seed", "Acme"]
    assert toy.worlds._storage.belongings(WORLD) == []
    assert epoch(toy) == 1


def test_a_name_given_to_a_reset_leads_nowhere(toy):
    toy.put("reset", "../../outside")

    assert toy.names() == ["seed"]


def test_a_prepared_change_that_is_discarded_changes_nothing(toy):
    toy.add("Acme")
    ticket = toy.prepare("reset")

    assert toy.control("POST", "/discard", ticket).status_code == 204

    assert toy.names() == ["seed", "Acme"]
    assert toy.control("POST", "/swap", ticket).status_code == 404


@pytest.mark.parametrize("ticket", ["x" * 5000, "world001-reset-../../world002", "world001-", "", "world001-\x00"])
def test_a_ticket_that_was_never_given_is_refused(toy, ticket):
    assert toy.control("POST", "/swap", {"ticket": ticket}).status_code == 404


def test_a_ticket_of_another_world_is_refused(toy, other):
    other.add("Acme")
    ticket = other.prepare("reset")

    assert toy.control("POST", "/swap", ticket).status_code == 404
    assert other.names() == ["seed", "Acme"]


def test_a_deleted_world_is_gone_with_all_that_was_kept_of_it(toy):
    toy.add("Acme")
    toy.put("snapshot", "one")
    old_ticket = toy.prepare("reset")

    assert toy.control("DELETE", "").status_code == 204

    assert toy.worlds.ids() == []
    assert toy.call("GET", "/things").status_code == 401
    again = Toy.made(toy.app)
    assert again.names() == ["seed"]
    assert again.control("GET", "/snapshots").get_json() == {"snapshots": []}
    assert again.control("POST", "/swap", old_ticket).status_code == 404
    assert all(entry["path"] != "/things" or "Acme" not in entry["request"] for entry in again.journal())


def test_reads_of_a_deleted_world_are_not_shown_to_the_next_of_its_name(toy):
    toy.call("GET", "/things?old=1")
    toy.control("DELETE", "")

    again = Toy.made(toy.app)

    assert again.journal("text=old%3D1") == []


def test_two_worlds_never_see_each_others_rows(toy, other):
    toy.add("Acme")
    other.add("Zylker")

    assert toy.names() == ["seed", "Acme"]
    assert other.names() == ["seed", "Zylker"]
    toy.put("reset")
    assert other.names() == ["seed", "Zylker"]


def test_data_without_a_world_in_context_raises(app, toy):
    with app.app_context(), pytest.raises(NoWorldInContext):
        ids.new_id()
    assert toy_client(toy).get("/nowhere").status_code == 500


def test_a_world_of_our_own_address_is_entered_without_a_token(toy, other):
    assert toy.app.test_client().post(f"/hooks/{WORLD}/take").status_code == 200

    assert (toy.names(), other.names()) == (["seed", "hooked"], ["seed"])


def test_a_write_in_a_get_fails_and_changes_nothing(toy):
    answer = toy_client(toy).get("/writing-read", headers=toy.headers)

    assert answer.status_code == 500
    assert toy.names() == ["seed"]
    assert toy.add("after it").status_code == 201


@files_only
def test_a_template_is_used_again_until_the_scenario_changes(toy, tmp_path, monkeypatch):
    copied = tmp_path / "scenarios"
    shutil.copytree(worlds.SCENARIOS / "empty", copied / "mine")
    monkeypatch.setattr(worlds, "SCENARIOS", copied)
    templates = toy.file.parent / "templates"

    def make(world: str) -> int:
        before = set(templates.glob("mine-*.db"))
        assert toy.control("POST", "", {"id": world, "scenario": "mine"}, whole=True).status_code == 201
        return len(set(templates.glob("mine-*.db")) - before)

    made = [make("mine0001"), make("mine0002")]
    (copied / "mine" / "crm" / "more.json").write_text('{"a": 1}')

    assert [*made, make("mine0003")] == [1, 0, 1]


def test_a_scenario_that_cannot_be_loaded_leaves_no_template(tmp_path):
    app = toy_app(tmp_path)
    seed, app.extensions["worlds"]._seed = app.extensions["worlds"]._seed, lambda folder: 1 / 0

    with pytest.raises(ZeroDivisionError):
        app.extensions["worlds"].create(WORLD, "empty")
    app.extensions["worlds"]._seed = seed

    assert Toy.made(app).names() == ["seed"]


@files_only
def test_a_damaged_file_is_refused_before_anything_is_read(tmp_path):
    toy = Toy.made(toy_app(tmp_path))
    toy.worlds.get(WORLD).engine.dispose()
    content = toy.file.read_bytes()
    toy.file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    with pytest.raises(DamagedWorld):
        toy_app(tmp_path).extensions["worlds"].get(WORLD)


def test_worlds_come_back_with_a_new_process(tmp_path):
    toy = Toy.made(toy_app(tmp_path))
    toy.add("Acme")

    again = Toy(toy_app(tmp_path), headers=toy.headers)

    assert again.names() == ["seed", "Acme"]
    assert int(again.add("next").get_json()["id"]) == ID_BASE + 2


def test_more_worlds_than_are_kept_open_can_be_used(app, monkeypatch):
    monkeypatch.setattr(worlds, "OPEN_WORLDS", 2)
    toys = [Toy.made(app, f"world{number:03d}") for number in range(5)]
    for toy in toys:
        toy.add(toy.world)

    assert [toy.names() for toy in toys] == [["seed", toy.world] for toy in toys]
    assert len(app.extensions["worlds"]._open) == 2


def test_16_threads_of_read_modify_write_lose_nothing(toy):
    def count(number: int) -> None:
        for _ in range(10):
            assert toy.call("POST", "/count").status_code == 200

    assert in_threads(16, count) == []

    assert toy.stored("SELECT amount FROM thing") == [(161_500_000,)]


def test_two_processes_that_write_to_one_world_lose_nothing_either(tmp_path):
    first = Toy.made(toy_app(tmp_path))
    second = Toy(toy_app(tmp_path), headers=first.headers)

    def count(number: int) -> None:
        for _ in range(20):
            assert (first, second)[number % 2].call("POST", "/count").status_code == 200

    assert in_threads(4, count) == []

    assert second.call("GET", "/things").get_json()["things"][0]["amount"] == 81.5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_restore_among_readers_and_writers_leaves_no_mixed_state(toy, seed):
    chance = random.Random(seed)
    toy.add("a")
    toy.add("b")
    toy.put("snapshot", "pair")
    stop = threading.Event()
    odd: list[list[str]] = []
    acknowledged: list[str] = []

    def work(number: int) -> None:
        if number == 0:
            for _ in range(6):
                stop.wait(chance.uniform(0, 0.02))
                toy.put("restore", "pair")
            return stop.set()
        while not stop.is_set():
            if number % 2:
                assert toy.add(f"{number}").status_code == 201
                acknowledged.append("")
            else:
                names = toy.names()
                if names[:3] != ["seed", "a", "b"]:
                    odd.append(names)

    assert in_threads(6, work) == []
    toy.put("restore", "pair")

    assert odd == []
    assert toy.names() == ["seed", "a", "b"]
    assert epoch(toy) == 8
    assert len(toy.journal("writes=1&path=/things")) == 2 + len(acknowledged)
    assert int(toy.add("next").get_json()["id"]) == ID_BASE + 3
    if SERVER is None:
        assert toy.stored("PRAGMA integrity_check") == [("ok",)]


def test_no_moment_of_a_restore_shows_the_old_clock_or_epoch(toy):
    toy.clock(freeze=True)
    toy.put("snapshot", "one")
    toy.clock(advance_seconds=1000)
    later = toy.clock()["now"]
    stop = threading.Event()
    seen: set[tuple[int, str]] = set()

    def work(number: int) -> None:
        if number == 0:
            toy.put("restore", "one")
            return stop.set()
        while not stop.is_set():
            with toy.worlds.transaction(WORLD, reads_only=True):
                seen.add((settings.read("epoch"), settings.read("clock")["frozen_at"]))

    assert in_threads(3, work) == []

    assert seen <= {(1, later), (2, toy.clock()["now"])}


def test_contexts_nest_and_end(toy, other):
    with toy.worlds.transaction(WORLD):
        with toy.worlds.transaction(OTHER):
            inner = context.current_world().id
        outer = context.current_world().id

    assert (outer, inner) == (WORLD, OTHER)
    assert not context.has_world()
