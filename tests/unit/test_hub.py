"""The hub against services with the real chassis: what it does, all of them do, or none."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from simulator.app import Service
from simulator.config import SERVICES
from simulator.hub import Hub, HubError
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
    assert hub._call("invoice", "GET", f"/worlds/{WORLD}/credentials")["client_id"] == credentials["client_id"]


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

    assert {shown["now"] for shown in hub._clocks(WORLD).values()} == {before}
    assert [each["name"] for each in hub.snapshots(WORLD)] == ["monday"]


def test_a_preparation_that_fails_in_one_service_changes_none(hub, apps):
    hub.snapshot(WORLD, "monday")
    hub.advance(WORLD, 86_400)
    storage = apps["connector"].extensions["worlds"]._storage
    storage.snapshot(WORLD, "monday").unlink()

    with pytest.raises(HubError, match="There is no snapshot 'monday'"):
        hub.restore(WORLD, "monday")

    assert {shown["offset_seconds"] for shown in hub._clocks(WORLD).values()} == {86_400}
    prepared = [list(app.extensions["worlds"]._storage.prepared("x").parent.iterdir()) for app in with_data(apps)]
    assert prepared == [[], [], []]


def with_data(apps) -> list[Service]:
    return [apps[name] for name in ("crm", "invoice", "connector")]


def test_clocks_that_differ_agree_after_the_next_move(hub):
    hub._call("invoice", "PUT", f"/worlds/{WORLD}/clock", {"advance_seconds": 60})

    hub.advance(WORLD, 3_600)

    assert {shown["offset_seconds"] for shown in hub._clocks(WORLD).values()} == {3_660}


def test_time_stands_at_one_moment_in_every_service(hub):
    frozen = hub.freeze(WORLD)
    later = hub.advance(WORLD, 90)

    assert {shown["now"] for shown in hub._clocks(WORLD).values()} == {later["now"]}
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

    assert worlds_by_service(apps)["connector"] == [WORLD]
    assert two.credentials("other001")["connector_url"] is None
    two.delete_world("other001")
