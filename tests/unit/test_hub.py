"""The hub against services with the real chassis: what it does, all of them do, or none."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from simulator import clock
from simulator.app import Service
from simulator.config import SERVICES, Config
from simulator.due import Due
from simulator.hub import Hub, HubError, hub_of
from simulator.world_clock import WorldClock
from tests.unit.stand_ins import served, service_app

pytestmark = pytest.mark.requirement("X3", "X4")
WORLD = "demo0001"


@pytest.fixture
def apps(tmp_path: Path) -> dict[str, Service]:
    return {service: service_app(service, tmp_path) for service in SERVICES}


@pytest.fixture
def urls(apps) -> Iterator[dict[str, str]]:
    with served(apps) as found:
        yield found


@pytest.fixture
def hub(urls) -> Hub:
    hub = Hub(urls)
    hub.create_world(WORLD, "empty")
    return hub


def worlds_by_service(apps) -> dict[str, list[str]]:
    return {name: apps[name].extensions["worlds"].ids() for name in ("crm", "invoice", "connector")}


def test_a_world_is_made_in_every_service_with_the_same_client(hub, apps):
    credentials = hub.credentials(WORLD)

    assert worlds_by_service(apps) == {"crm": [WORLD], "invoice": [WORLD], "connector": [WORLD]}
    assert credentials["client_id"].startswith("1000.DEMO0001")
    assert credentials["refresh_token"].startswith("1000.demo0001")
    assert credentials["organization_id"] == "60001"
    assert credentials["crm_org_id"] == "57001"
    assert hub.call("invoice", "GET", f"/worlds/{WORLD}/credentials")["client_id"] == credentials["client_id"]


def test_people_of_both_products_are_one_list(hub):
    assert hub.people(WORLD) == [
        {
            "name": "Sam Sales",
            "email": "sam@zylker.example",
            "profile": "Standard",
            "role": None,
            "is_admin": False,
        },
        {
            "name": "Asha Admin",
            "email": "asha@zylker.example",
            "profile": "Administrator",
            "role": "Administrator",
            "is_admin": True,
        },
    ]


def test_a_world_that_one_service_cannot_make_is_unmade_in_the_others(hub, apps):
    apps["invoice"].extensions["worlds"].create("other001", "empty")

    with pytest.raises(HubError, match="There is a world 'other001' already") as refusal:
        hub.create_world("other001", "empty")

    assert refusal.value.status == 409
    assert worlds_by_service(apps) == {"crm": [WORLD], "invoice": [WORLD, "other001"], "connector": [WORLD]}


def test_what_a_failed_making_left_behind_is_removed(hub, apps):
    def fail() -> None:
        raise RuntimeError("no")

    apps["invoice"].extensions["world_made"].append(fail)
    apps["invoice"].config["PROPAGATE_EXCEPTIONS"] = False

    with pytest.raises(HubError, match="The invoice service answered 500"):
        hub.create_world("other001", "empty")

    assert worlds_by_service(apps) == {"crm": [WORLD], "invoice": [WORLD], "connector": [WORLD]}


def test_an_unknown_scenario_and_an_unknown_world_are_said(hub):
    with pytest.raises(HubError, match="There is no scenario 'nope'"):
        hub.create_world("other001", "nope")
    with pytest.raises(HubError, match="There is no world 'other001'"):
        hub.delete_world("other001")
    with pytest.raises(HubError, match="There is no world 'other001'"):
        hub.reset("other001")


def test_a_restore_brings_back_the_clock_of_the_snapshot_in_every_service(hub):
    hub.freeze(WORLD)
    before = hub.clock(WORLD)["now"]
    hub.snapshot(WORLD, "monday")
    hub.advance(WORLD, 90 * 86_400)

    hub.restore(WORLD, "monday")

    assert {shown["now"] for shown in WorldClock(hub, WORLD).all().values()} == {before}
    assert [each["name"] for each in hub.snapshots(WORLD)] == ["monday"]


def test_a_preparation_that_fails_in_one_service_changes_none(hub, apps):
    hub.snapshot(WORLD, "monday")
    hub.advance(WORLD, 86_400)
    storage = apps["connector"].extensions["worlds"]._storage
    storage.snapshot(WORLD, "monday").unlink()

    with pytest.raises(HubError, match="There is no snapshot 'monday'"):
        hub.restore(WORLD, "monday")

    assert {shown["offset_seconds"] for shown in WorldClock(hub, WORLD).all().values()} == {86_400}
    prepared = [list(app.extensions["worlds"]._storage.prepared("x").parent.iterdir()) for app in with_data(apps)]
    assert prepared == [[], [], []]


def with_data(apps) -> list[Service]:
    return [apps[name] for name in ("crm", "invoice", "connector")]


def test_clocks_that_differ_agree_after_the_next_move(hub):
    hub.call("invoice", "PUT", f"/worlds/{WORLD}/clock", {"advance_seconds": 60})

    hub.advance(WORLD, 3_600)

    assert {shown["offset_seconds"] for shown in WorldClock(hub, WORLD).all().values()} == {3_660}


def bell(apps, service: str, rings: list[timedelta]) -> list[datetime]:
    """Something of a service that is due so long after now, and is done as soon as its time has come; the moments."""
    planned = [clock.real_now() + ring for ring in rings]
    heard: list[datetime] = []

    def due(until: datetime) -> list[Due]:
        while planned and planned[0] <= clock.now():
            planned.pop(0)
            heard.append(clock.now())
        return [Due(at, "bell", "The bell rings") for at in planned[:1] if at <= until]

    apps[service].extensions["due_events"].append(due)
    return heard


def test_the_time_halts_at_each_due_event_in_every_service_and_says_what_happened(hub, apps):
    rings = [timedelta(hours=1), timedelta(hours=30), timedelta(days=80)]
    heard = {service: bell(apps, service, rings) for service in ("crm", "connector")}
    start = clock.real_now()

    happened = hub.advance(WORLD, 90 * 86_400)

    for moments in heard.values():
        assert [round((moment - start) / timedelta(minutes=1)) for moment in moments] == [60, 1_800, 115_200]
    assert [row["kind"] for row in happened] == ["bell"] * 6
    assert [row["at"] for row in happened] == sorted(row["at"] for row in happened)
    assert {shown["offset_seconds"] for shown in WorldClock(hub, WORLD).all().values()} == {90 * 86_400}


def test_the_connector_acts_on_a_new_time_only_when_the_products_are_there(hub, apps):
    told: list[str] = []
    for service in ("crm", "invoice", "connector"):
        apps[service].extensions["clock_moved"].append(lambda _, service=service: told.append(service))

    hub.advance(WORLD, 60)

    assert told[-1] == "connector"
    assert sorted(told) == ["connector", "crm", "invoice"]


def test_a_halt_where_nothing_comes_to_rest_says_where_the_time_stopped_and_why(hub, apps):
    hub.freeze(WORLD)
    ring = datetime.fromisoformat(hub.clock(WORLD)["now"]) + timedelta(hours=1)
    apps["connector"].extensions["due_events"].append(lambda until: [Due(ring, "bell", "The bell rings")])

    with pytest.raises(HubError) as refusal:
        hub.advance(WORLD, 86_400, patience=0.1)

    end = ring + timedelta(hours=23)
    assert str(refusal.value) == (
        f"The time stopped at {ring:%Y-%m-%d %H:%M:%S} UTC, on the way to {end:%Y-%m-%d %H:%M:%S} UTC: "
        f"World {WORLD} does not come to rest (not done yet: The bell rings). Try again later."
    )
    assert {shown["now"] for shown in WorldClock(hub, WORLD).all().values()} == {ring.isoformat()}


def test_as_long_as_something_goes_on_the_time_waits(hub, apps):
    left = iter(range(30, 0, -1))

    def progress() -> str | None:
        return f"{number} records to go" if (number := next(left, 0)) else None

    apps["connector"].extensions["busy_reasons"].append(progress)

    hub.advance(WORLD, 60, patience=0.2)

    assert next(left, "all were waited for") == "all were waited for"


@pytest.mark.parametrize("seconds", [-1, 366 * 86_400 * 21, 10**11, 10**30])
def test_a_move_the_clock_cannot_make_moves_nothing(hub, seconds):
    with pytest.raises(HubError, match=r"\.$") as refusal:
        hub.advance(WORLD, seconds)

    assert refusal.value.status == 400
    assert {shown["offset_seconds"] for shown in WorldClock(hub, WORLD).all().values()} == {0}


def test_nothing_moves_when_a_service_is_busy_or_out_of_reach(hub, urls, apps):
    apps["crm"].extensions["busy_reasons"].append(lambda: "5 notifications wait")
    with pytest.raises(HubError, match=r"^World demo0001 does not come to rest \(crm: 5 notifications wait\)"):
        hub.advance(WORLD, 60, patience=0.1)
    apps["crm"].extensions["busy_reasons"].pop()
    with pytest.raises(HubError, match=r"^The connector service at .* does not answer"):
        Hub({**urls, "connector": "http://127.0.0.1:9"}).advance(WORLD, 60)

    assert {shown["offset_seconds"] for shown in WorldClock(hub, WORLD).all().values()} == {0}


def test_a_service_with_a_skew_keeps_it_and_the_others_agree(hub):
    hub.call("connector", "PUT", f"/worlds/{WORLD}/clock", {"skew_seconds": -600})
    hub.freeze(WORLD)

    hub.advance(WORLD, 3_600)

    clocks = WorldClock(hub, WORLD).all()
    assert {shown["world_now"] for shown in clocks.values()} == {hub.clock(WORLD)["now"]}
    behind = datetime.fromisoformat(clocks["crm"]["now"]) - datetime.fromisoformat(clocks["connector"]["now"])
    assert behind == timedelta(minutes=10)


def test_time_stands_at_one_moment_in_every_service(hub):
    frozen = hub.freeze(WORLD)
    hub.advance(WORLD, 90)
    later = hub.clock(WORLD)

    assert {shown["now"] for shown in WorldClock(hub, WORLD).all().values()} == {later["now"]}
    passed = datetime.fromisoformat(later["now"]) - datetime.fromisoformat(frozen["now"])
    assert passed.total_seconds() == 90

    assert hub.unfreeze(WORLD)["frozen"] is False


def test_an_operation_waits_until_the_connector_is_at_rest(hub, apps):
    answers = iter(["a run is under way", "a run is under way"])
    apps["connector"].extensions["busy_reasons"].append(lambda: next(answers, ""))

    hub.reset(WORLD)

    assert next(answers, "asked until it was at rest") == "asked until it was at rest"


def test_what_begins_during_the_preparations_makes_them_start_again(hub, apps):
    answers = iter(["", "a run is under way", "", ""])
    apps["connector"].extensions["busy_reasons"].append(lambda: next(answers))

    hub.reset(WORLD)

    assert next(answers, "all were asked for") == "all were asked for"
    prepared = [list(app.extensions["worlds"]._storage.prepared("x").parent.iterdir()) for app in with_data(apps)]
    assert prepared == [[], [], []]


def test_an_operation_is_refused_when_the_connector_does_not_come_to_rest(hub, apps):
    apps["connector"].extensions["busy_reasons"].append(lambda: "a run is under way")

    with pytest.raises(HubError, match=r"does not come to rest .*connector: .*a run is under way") as refusal:
        hub.rest(WORLD, seconds=0.1)

    assert refusal.value.status == 409


def test_a_service_that_is_not_there_is_named(urls):
    with pytest.raises(HubError, match=r"The crm service at http://127\.0\.0\.1:9 does not answer"):
        Hub({**urls, "crm": "http://127.0.0.1:9"}).worlds()


def test_without_our_connector_the_mocks_alone_are_operated(urls, hub, apps):
    two = Hub({name: urls[name] for name in ("web", "crm", "invoice")})

    two.create_world("other001", "empty")
    assert two.advance("other001", 90 * 86_400) == []

    assert worlds_by_service(apps)["connector"] == [WORLD]
    assert two.credentials("other001")["connector_url"] is None
    two.delete_world("other001")


def test_the_time_goes_to_the_next_event_of_a_kind_and_no_further(hub, apps):
    hub.freeze(WORLD)
    start = datetime.fromisoformat(hub.clock(WORLD)["now"])
    bell, gong = start + timedelta(hours=2), start + timedelta(hours=5)
    events = [Due(gong, "gong", "The gong sounds", stops=False), Due(bell, "bell", "The bell rings", stops=False)]
    ahead = apps["connector"].extensions["due_events"]
    ahead.append(lambda until: [event for event in events if clock.now() < event.at <= until])

    happened = hub.advance_to(WORLD, "gong")

    assert [row["kind"] for row in happened] == ["bell", "gong"]
    assert timedelta(0) <= datetime.fromisoformat(hub.clock(WORLD)["now"]) - gong < timedelta(seconds=1)


def test_a_kind_of_which_nothing_comes_is_told_and_the_time_stays(hub):
    hub.freeze(WORLD)
    before = hub.clock(WORLD)["now"]

    with pytest.raises(HubError, match="Nothing of the kind gong falls due"):
        hub.advance_to(WORLD, "gong")

    assert hub.clock(WORLD)["now"] == before


def test_a_service_that_is_somebody_elses_is_left_alone(urls):
    config = Config(name="web", data_dir=Path(), urls=urls, without=("connector",))

    assert hub_of(config).keepers == ["crm", "invoice"]


@pytest.mark.requirement("X5")
def test_the_faults_of_all_services_are_one_list_that_is_switched_off_and_taken_away(hub):
    for service in ("crm", "connector"):
        hub.add_fault(WORLD, service, {"kind": "status", "status": 503})

    hub.switch_faults(WORLD, False)
    off = hub.faults(WORLD)
    hub.clear_faults(WORLD)

    assert [(rule["service"], rule["enabled"]) for rule in off] == [("crm", False), ("connector", False)]
    assert hub.faults(WORLD) == []


@pytest.mark.requirement("X5")
def test_what_is_wrong_with_a_field_of_a_rule_is_said(hub):
    with pytest.raises(HubError, match="route: A route begins with /"):
        hub.add_fault(WORLD, "crm", {"kind": "status", "route": "contacts"})
