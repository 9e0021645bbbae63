"""The simulated clock: it runs, stands still, goes forward, and is one moment for one request."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from simulator import clock, settings
from simulator.app import Service
from simulator.due import Due
from tests.unit.toy import toy_app

pytestmark = pytest.mark.requirement("X4")
DAY = 86_400


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return toy_app(tmp_path_factory.mktemp("shared"))


def moment(shown: dict) -> datetime:
    return datetime.fromisoformat(shown["now"])


def test_an_untouched_clock_shows_real_time(toy):
    shown = toy.clock()

    assert abs(moment(shown) - datetime.now(UTC)) < timedelta(seconds=5)
    assert (shown["offset_seconds"], shown["frozen"]) == (0, False)


def test_advancing_moves_the_time_that_requests_see(toy):
    toy.clock(advance_seconds=3 * DAY)
    shown = toy.clock(advance_seconds=30)

    seen = datetime.fromisoformat(toy.call("GET", "/things", headers=_fresh(toy)).get_json()["moments"][0])

    assert shown["offset_seconds"] == 3 * DAY + 30
    assert timedelta(0) <= seen - moment(shown) < timedelta(seconds=5)


def _fresh(toy) -> dict[str, str]:
    toy.sign_in()
    return toy.headers


def test_one_request_sees_one_moment_of_a_running_clock(toy):
    first, second = toy.call("GET", "/things").get_json()["moments"]
    later = toy.call("GET", "/things").get_json()["moments"][0]

    assert first == second
    assert later > first


def test_a_transaction_outside_a_request_sees_one_moment_too(toy):
    with toy.worlds.transaction(toy.world, reads_only=True):
        first = clock.now()
        time.sleep(0.002)
        assert clock.now() == first
    with toy.worlds.transaction(toy.world, reads_only=True):
        assert clock.now() > first


def test_a_frozen_clock_stands_still_and_can_be_moved(toy):
    frozen = toy.clock(freeze=True)["now"]
    assert toy.clock()["now"] == frozen

    moved = toy.clock(advance_seconds=90)

    assert moment(moved) - datetime.fromisoformat(frozen) == timedelta(seconds=90)
    assert moved["frozen"] is True
    assert toy.clock()["now"] == moved["now"]


@pytest.mark.parametrize("microseconds", [1, 400_000, 600_000, 999_999])
def test_a_frozen_clock_runs_on_from_where_it_stands_and_never_before(toy, microseconds):
    frozen = datetime.now(UTC).replace(microsecond=microseconds) + timedelta(days=2)
    toy.clock(freeze=True)
    toy.clock(now=frozen.isoformat())

    running = toy.clock(freeze=False)

    assert running["frozen"] is False
    assert timedelta(0) <= moment(running) - frozen < timedelta(seconds=3)


def test_a_moment_can_be_set_forward(toy):
    wanted = datetime.now(UTC) + timedelta(days=40)

    assert timedelta(0) <= moment(toy.clock(now=wanted.isoformat())) - wanted < timedelta(seconds=3)


def test_a_moment_without_a_zone_is_utc_and_one_with_a_zone_is_kept(toy):
    toy.clock(freeze=True)

    assert moment(toy.clock(now="2099-01-01T10:00:00")) == datetime(2099, 1, 1, 10, tzinfo=UTC)
    assert moment(toy.clock(now="2099-01-02T10:00:00+02:00")) == datetime(2099, 1, 2, 8, tzinfo=UTC)


def test_real_time_comes_back_only_where_that_is_no_step_back(toy):
    toy.clock(freeze=True)
    time.sleep(0.01)
    assert toy.clock(real=True)["frozen"] is False
    toy.clock(advance_seconds=DAY)

    answer = toy.control("PUT", "/clock", {"real": True})

    assert answer.status_code == 400
    assert answer.get_json() == {"message": "Time goes back only by reset or restore."}
    assert toy.clock()["offset_seconds"] == DAY


@pytest.mark.parametrize(
    "body",
    [
        {"advance_seconds": -1},
        {"advance_seconds": 1.5},
        {"advance_seconds": "60"},
        {"advance_seconds": True},
        {"advance_seconds": None},
        {"advance_seconds": 10**12},
        {"advance_seconds": 10**30},
        {"now": "2001-01-01T00:00:00"},
        {"now": "0001-01-01T00:00:00+05:00"},
        {"now": "9999-12-31T23:59:59-05:00"},
        {"now": "9999-12-31T23:59:59"},
        {"now": "soon"},
        {"now": None},
        {"now": 5},
        {"freeze": "no"},
        {"freeze": None},
        {"freeze": True, "advance_seconds": 5},
        {"offset_seconds": 86_400},
        {"skew_seconds": 90_000},
        {"skew_seconds": True},
        {"skew_seconds": 1.5},
        {"advance_seconds": 5, "passing": "yes"},
        {"passing": True},
        {"real": False},
        {"back": 1},
        {},
        [],
        [1],
        "now",
        7,
        None,
    ],
    ids=str,
)
def test_what_the_clock_does_not_do_is_refused_in_a_plain_sentence(toy, body):
    toy.clock(freeze=True)
    before = toy.clock()["now"]

    answer = toy.control("PUT", "/clock", body)

    assert answer.status_code == 400
    assert answer.get_json()["message"].endswith(".")
    assert toy.clock()["now"] == before


def test_a_body_that_is_no_json_is_refused(toy):
    for body in (b"", b"{", b"\xff\xfe", b'{"advance_seconds": NaN}', b"[" * 100_000):
        answer = toy.app.test_client().put(f"/_sim/worlds/{toy.world}/clock", data=body)
        assert (answer.status_code, answer.get_json()["message"][-1]) == (400, ".")


def test_the_clock_can_be_advanced_to_its_end_and_no_further(toy):
    toy.clock(freeze=True)
    toy.clock(now="8999-12-31T23:59:50+00:00")
    toy.clock(freeze=False)

    assert toy.control("PUT", "/clock", {"advance_seconds": 366 * DAY * 2}).status_code == 400
    assert toy.call("GET", "/nowhere", headers=_fresh(toy)).status_code == 200


def test_the_date_depends_on_the_time_zone(toy):
    with toy.worlds.transaction(toy.world):
        settings.write("clock", {"frozen_at": "2026-03-01T03:00:00+00:00"})
        assert clock.today() == date(2026, 3, 1)
        assert clock.today("America/Los_Angeles") == date(2026, 2, 28)


def test_a_clock_belongs_to_its_world(toy, other):
    toy.clock(advance_seconds=DAY)

    assert other.clock()["offset_seconds"] == 0


def test_an_offset_is_set_forward_only_and_saying_it_twice_changes_nothing(toy):
    assert toy.clock(offset_seconds=DAY)["offset_seconds"] == DAY
    assert toy.clock(offset_seconds=DAY)["offset_seconds"] == DAY

    for offset in (DAY - 5, -DAY, 10**30, -(10**30), True, "5", None):
        assert toy.control("PUT", "/clock", {"offset_seconds": offset}).status_code == 400
    assert toy.clock()["offset_seconds"] == DAY


@pytest.mark.parametrize("seconds", [600, -600])
def test_a_skew_is_this_services_own_and_stays_when_the_world_moves(toy, seconds):
    toy.clock(freeze=True)
    before = toy.clock()

    toy.clock(skew_seconds=seconds)
    toy.clock(advance_seconds=DAY)
    shown = toy.clock(freeze=False)

    world_now = datetime.fromisoformat(shown["world_now"])
    assert timedelta(0) <= world_now - moment(before) - timedelta(days=1) < timedelta(seconds=3)
    assert moment(shown) - world_now == timedelta(seconds=seconds)
    seen = datetime.fromisoformat(toy.call("GET", "/things", headers=_fresh(toy)).get_json()["moments"][0])
    assert abs(seen - moment(shown)) < timedelta(seconds=3)


def test_a_skew_outlives_a_restore_and_ends_with_a_reset(toy):
    toy.clock(advance_seconds=DAY)
    toy.clock(skew_seconds=-600)
    toy.put("snapshot", "monday")
    kept = datetime.fromisoformat(toy.clock(advance_seconds=5 * DAY)["world_now"]) - timedelta(days=5)

    toy.put("restore", "monday")
    restored = toy.clock()
    toy.put("reset")

    assert abs(datetime.fromisoformat(restored["world_now"]) - kept) < timedelta(seconds=5)
    assert (restored["skew_seconds"], toy.clock()["skew_seconds"]) == (-600, 0)


def test_a_clock_passes_through_a_moment_until_it_is_set_again(toy):
    def is_passing() -> bool:
        with toy.worlds.transaction(toy.world, reads_only=True):
            return clock.is_passing()

    toy.clock(advance_seconds=60, passing=True)
    assert is_passing()
    toy.clock(advance_seconds=0)
    assert not is_passing()


def test_nobody_waits_for_ever_for_a_clock_whose_mover_has_died(toy):
    with toy.worlds.transaction(toy.world):
        settings.write("clock", {"offset_seconds": 5, "passing_until": "2020-01-01T00:00:00+00:00"})

        assert not clock.is_passing()


def test_what_is_due_is_asked_for_up_to_a_moment_in_the_worlds_own_time(toy):
    toy.app.extensions["due_events"].append(lambda until: [Due(until, "bell", "The bell rings")])
    try:
        toy.clock(skew_seconds=600)
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)

        answer = toy.control("GET", f"/due?until={until.isoformat().replace('+', '%2B')}").get_json()
    finally:
        toy.app.extensions["due_events"].pop()

    shown = {"kind": "bell", "what": "The bell rings", "stops": True, "count": 1}
    assert answer["due"][-1] == {"at": until.isoformat(), **shown}


@pytest.mark.parametrize("query", ["", "?until=", "?until=soon", "?until=9999-12-31T00:00:00", "?until=2999-01-01"])
def test_what_is_due_is_told_only_up_to_where_the_clock_can_be_moved(toy, query):
    answer = toy.control("GET", f"/due{query}")

    assert (answer.status_code, answer.get_json()["message"][-1]) == (400, ".")


def test_the_last_access_token_of_a_program_is_due_to_end_and_those_of_people_are_not(toy):
    toy.clock(freeze=True)
    toy.sign_in()
    toy.clock(advance_seconds=60)
    toy.sign_in()
    toy.control("POST", "/sign-in", {"email": "sam@zylker.example"})
    end = moment(toy.clock()).replace(microsecond=0) + timedelta(hours=1)

    def due(until: datetime) -> list[dict]:
        return toy.control("GET", f"/due?until={until.isoformat().replace('+', '%2B')}").get_json()["due"]

    assert due(end - timedelta(seconds=1)) == []
    assert [(row["at"], row["kind"], row["stops"]) for row in due(end)] == [(end.isoformat(), "token_end", False)]
    toy.clock(now=end.isoformat())
    assert due(end + timedelta(days=1)) == []
