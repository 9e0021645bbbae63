"""Moving the time of a connected world: what is due on the way happens at its own moment, in all services."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from connector.connections import required
from simulator.hub import Hub, HubError
from simulator.wire import loads
from tests.support.hub_in_process import HubInProcess
from tests.support.live import Live
from tests.support.world import URLS, World

pytestmark = pytest.mark.requirement("X4")

DAY = 86_400
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def hub(world: World) -> HubInProcess:
    """The world stands still, so that every moment is exact."""
    hub = HubInProcess(world)
    hub.freeze(world.id)
    return hub


def moment_of(hub: Hub, world: World) -> datetime:
    return datetime.fromisoformat(hub.clock(world.id)["now"])


def auto_syncs(world: World) -> list[dict[str, Any]]:
    return world.connector("GET", "/connection/runs?kind=auto").json()["runs"][::-1]


def kinds(happened: list[dict[str, Any]]) -> list[str]:
    return [row["kind"] for row in happened if row["kind"] != "token_end"]


@pytest.mark.requirement("S1")
def test_auto_syncs_run_at_their_moments_24_of_them_and_one_at_the_end(world: World, hub):
    world.connect(auto_sync_minutes=120)
    world.sync()
    start = moment_of(hub, world).replace(microsecond=0)

    happened = hub.advance(world.id, 8 * DAY)

    expected = [start + number * TWO_HOURS for number in range(1, 25)] + [start + timedelta(days=8)]
    assert [datetime.fromisoformat(run["started_at"]) for run in auto_syncs(world)] == expected
    assert {run["state"] for run in auto_syncs(world)} == {"done"}
    assert kinds(happened) == [*["auto_sync"] * 24, "channel_renewal", "auto_sync"]


@pytest.mark.requirement("G10")
def test_the_channel_is_renewed_on_the_way_and_never_ends(world: World, hub):
    world.connect()
    start = moment_of(hub, world)

    happened = hub.advance(world.id, 90 * DAY)

    renewals = [datetime.fromisoformat(row["at"]) for row in happened if row["kind"] == "channel_renewal"]
    assert renewals == [start + timedelta(days=6 * number) for number in range(1, 16)]
    assert kinds(happened) == ["channel_renewal"] * 15
    ends = datetime.fromisoformat(world.channel()["expires_at"])
    assert ends == start + timedelta(days=97)


@pytest.mark.requirement("S4")
def test_a_paused_connection_syncs_nothing_on_the_way_but_keeps_its_channel(world: World, hub):
    world.connect()
    world.sync()
    world.connector("POST", "/connection/pause")

    happened = hub.advance(world.id, 7 * DAY)

    assert kinds(happened) == ["channel_renewal"]
    assert auto_syncs(world) == []


def test_a_disabled_connection_does_nothing_and_its_channel_ends(world: World, hub):
    world.connect()
    world.sync()
    world.connector("POST", "/connection/disable")

    happened = hub.advance(world.id, 30 * DAY)

    assert kinds(happened) == ["channel_end"]


def test_a_renewal_that_the_crm_refuses_does_not_hold_up_the_time(world: World, hub):
    world.connect()
    world.connector("POST", "/connection/pause")
    with world.apps["connector"].extensions["worlds"].transaction(world.id, reads_only=True):
        grant = current_grant()
    world.outbound.call("POST", f"{URLS['crm']}/oauth/v2/token/revoke", form={"token": grant["refresh_token"]})

    happened = hub.advance(world.id, 30 * DAY)

    assert "channel_end" in kinds(happened)


def current_grant() -> dict[str, str]:
    found: dict[str, str] = required().crm_grant
    return found


def test_a_sync_that_waits_for_a_person_is_not_waited_for(world: World, hub):
    for number in range(15):
        world.add_account(f"Acme {number}")
    world.connect()
    world.sync()
    ids = [record["id"] for record in world.crm.iterate("Accounts", ["Account_Name"])]
    world.crm.call("DELETE", "/crm/v8/Accounts", params={"ids": ",".join(ids)})
    assert world.sync()["run"]["state"] == "needs_confirmation"

    happened = hub.advance(world.id, 2 * DAY)

    assert "auto_sync" not in kinds(happened)


def test_a_world_without_a_connection_moves_at_once(world: World, hub):
    start = moment_of(hub, world)

    happened = hub.advance(world.id, 365 * DAY)

    assert kinds(happened) == []
    assert moment_of(hub, world) == start + timedelta(days=365)


def test_documents_that_fall_overdue_or_expire_are_told_in_their_order_among_the_syncs(world: World, hub):
    customer = world.invoice.create_contact({"contact_name": "Acme"})["contact_id"]
    today = moment_of(hub, world).date()
    lines = [{"name": "Work", "rate": 100, "quantity": 1}]
    body = {"customer_id": customer, "line_items": lines, "date": today.isoformat()}
    due = {"due_date": (today + timedelta(days=10)).isoformat()}
    for _ in range(2):
        world.invoice.call("POST", "/invoice/v3/invoices", params={"send": "true"}, json={**body, **due})
    expiring = {"expiry_date": (today + timedelta(days=3)).isoformat()}
    made = world.invoice.call("POST", "/invoice/v3/estimates", json={**body, **expiring}).json()["estimate"]
    world.invoice.call("POST", f"/invoice/v3/estimates/{made['estimate_id']}/status/sent")
    world.connect()

    happened = hub.advance(world.id, 20 * DAY)

    told = [(row["kind"], row["count"]) for row in happened if row["kind"] != "token_end"]
    assert told == [
        ("estimate_expiry", 1),
        ("channel_renewal", 1),
        ("invoice_due", 2),
        ("channel_renewal", 1),
        ("channel_renewal", 1),
    ]
    assert {row["status"] for row in world.invoice.invoices()} == {"overdue"}


def test_a_connector_whose_clock_is_off_does_its_work_all_the_same(world: World, hub):
    world.connect()
    world.sync()
    world.control("connector", "PUT", f"/{world.id}/clock", {"skew_seconds": -600})

    happened = hub.advance(world.id, DAY)

    assert kinds(happened) == ["auto_sync"] * 11
    assert [run["state"] for run in auto_syncs(world)] == ["done"] * 11


def test_what_is_due_is_listed_before_the_time_is_moved(world: World, hub):
    world.connect()
    world.sync()
    until = (moment_of(hub, world) + timedelta(days=7)).isoformat()

    found = hub.call("connector", "GET", f"/worlds/{world.id}/due", query={"until": until})["due"]

    assert [(event["kind"], event["stops"]) for event in found] == [("auto_sync", True), ("channel_renewal", True)]
    assert "Auto sync" in found[0]["what"]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A connected world of real processes that has synced once."""
    live = Live(tmp_path_factory.mktemp("time"))
    try:
        live.crm.create_records("Accounts", [{"Account_Name": "Acme"}])
        live.connect(auto_sync_minutes=120)
        live.sync()
        live.command("snapshot", "connected")
        yield live
    finally:
        live.stop()


def hub_of(live: Live) -> Hub:
    return Hub({service: live.url(service) for service in ("web", "crm", "invoice", "connector")})


@pytest.fixture
def connected(live: Live) -> Live:
    live.command("restore", "connected")
    live.command("clock", "freeze")
    return live


def sign_in_again(live: Live) -> None:
    """The tests' own token has ended on the way."""
    live._connector_grant = live._grant("invoice")


@pytest.mark.xdist_group("time")
@pytest.mark.requirement("S1", "G10")
def test_real_services_sync_and_renew_at_their_moments_and_are_at_rest_at_the_end(connected: Live):
    start = datetime.fromisoformat(hub_of(connected).clock("demo0001")["now"]).replace(microsecond=0)
    first = datetime.fromisoformat(connected.connector("GET", "/connection")["connection"]["next_sync_at"])

    told = loads(connected.command("clock", "advance", "8d", "--json"))

    sign_in_again(connected)
    runs = connected.connector("GET", "/connection/runs?kind=auto")["runs"][::-1]
    moments = [datetime.fromisoformat(run["started_at"]) for run in runs]
    assert moments == [first + number * TWO_HOURS for number in range(24)] + [start + timedelta(days=8)]
    assert {run["state"] for run in runs} == {"done"}
    (channel,) = connected.crm.call("GET", "/crm/v8/actions/watch").json()["watch"]
    assert datetime.fromisoformat(channel["channel_expiry"]) > start + timedelta(days=12)
    counted = [row["kind"] for row in told["happened"]]
    assert (counted.count("auto_sync"), counted.count("channel_renewal"), counted.count("channel_end")) == (25, 1, 0)
    hub_of(connected).rest("demo0001", seconds=0)


@pytest.mark.xdist_group("time")
def test_a_channel_that_cannot_be_renewed_stops_the_time_with_a_plain_message(connected: Live):
    connected.connector("POST", "/connection/pause")
    hub = hub_of(connected)
    start = datetime.fromisoformat(hub.clock("demo0001")["now"])
    hub.call("crm", "POST", "/worlds/demo0001/faults", {"kind": "status", "status": 503, "path": "/actions/watch"})

    with pytest.raises(HubError) as refusal:
        hub.advance("demo0001", 30 * DAY, patience=5)

    said = str(refusal.value)
    stopped = datetime.fromisoformat(hub.clock("demo0001")["now"])
    assert timedelta(days=5, hours=23) < stopped - start <= timedelta(days=6)
    assert said.startswith(f"The time stopped at {stopped:%Y-%m-%d %H:%M:%S} UTC, on the way to ")
    assert "not done yet: The notification channel" in said

    hub.call("crm", "DELETE", "/worlds/demo0001/faults")
    happened = hub.advance("demo0001", 3 * DAY)
    sign_in_again(connected)
    (channel,) = connected.crm.call("GET", "/crm/v8/actions/watch").json()["watch"]
    # Renewed on the way, or by the worker's own next try just before it; else the channel would have ended at 7 days.
    assert "channel_end" not in kinds(happened)
    assert datetime.fromisoformat(channel["channel_expiry"]) > stopped + timedelta(days=6)


def test_recurring_invoices_are_made_at_halts_of_their_own(world: World, hub):
    """Of three months on the way each invoice is made at its midnight, and nothing else waits for it."""
    made = world.invoice.create_contact({"contact_name": "Acme"})
    lines = [{"name": "Rent", "rate": 100, "quantity": 1}]
    body = {"customer_id": made["contact_id"], "line_items": lines, "recurrence_frequency": "days", "repeat_every": 30}
    start = moment_of(hub, world).date() + timedelta(days=10)
    asked = {**body, "recurrence_name": "Rent", "start_date": start.isoformat()}
    world.invoice.ask("POST", "/recurringinvoices", json=asked)

    happened = hub.advance(world.id, 90 * DAY)

    days = [start + timedelta(days=30 * one) for one in range(3)]
    invoices = sorted(world.invoice.invoices(), key=lambda one: one["invoice_number"])
    assert [one["date"] for one in invoices] == [day.isoformat() for day in days]
    assert [one["created_time"][:10] for one in invoices] == [day.isoformat() for day in days]
    assert kinds(happened) == ["recurring_invoice"] * 3
