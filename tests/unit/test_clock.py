"""The simulated clock: it runs, stands still, goes forward, and is one moment for one request."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from simulator import clock, settings
from simulator.app import Service
from tests.unit.toy import toy_app

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
