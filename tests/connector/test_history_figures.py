"""The history over time (requirement D3), and what Settings → Integrations → Zoho Apps needs (K1, K2)."""

import pytest

from tests.support.doors import STANDARD, Person, refused
from tests.support.world import ADMIN, URLS, World


@pytest.fixture
def clerk(world: World) -> Person:
    return Person(world, "invoice", STANDARD)


@pytest.fixture
def synced(world: World) -> World:
    """Two syncs: the first brings two accounts and fails with another, whose name is taken."""
    world.connect(contacts={"duplicates": "skip"})
    world.invoice.create_contact({"contact_name": "Taken"})
    for name in ("Acme", "Zylker", "Taken"):
        world.add_account(name)
    world.sync()
    world.sync()
    return world


@pytest.mark.requirement("D3")
def test_syncs_over_time_and_records_by_outcome(synced, clerk):
    shown = clerk.get("/connection/history?days=7")

    assert len(shown["days"]) == 7
    today = shown["days"][-1]
    assert (today["date"], today["runs"]) == (shown["to"], {"done": 2})
    assert (today["outcomes"]["added"], today["outcomes"]["skipped"]) == (2, 2)
    assert today["outcomes"]["unchanged"] >= 2
    assert shown["outcomes"] == today["outcomes"]
    assert all(not any(day["outcomes"].values()) and day["runs"] == {} for day in shown["days"][:-1])


@pytest.mark.requirement("D3")
def test_the_world_s_days_are_counted_and_older_ones_leave(synced, world):
    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 3 * 86_400})
    world.add_account("Later")
    world.sync()
    clerk = Person(world, "invoice", STANDARD)

    four, two = clerk.get("/connection/history?days=4"), clerk.get("/connection/history?days=2")

    assert [day["outcomes"]["added"] for day in four["days"]] == [2, 0, 0, 1]
    assert (four["outcomes"]["added"], two["outcomes"]["added"]) == (3, 1)


@pytest.mark.requirement("D3")
def test_failures_by_reason_down_to_the_record(world, clerk):
    world.connect()
    for number in range(2):
        world.add("Products", Product_Name=f"Desk {number}", Product_Active=True, Unit_Price=1)
    fault = {"kind": "status", "status": 400, "path": "/items$", "method": "POST", "body": _refusal("Too much.")}
    world.control("invoice", "POST", f"/{world.id}/faults", fault)
    world.sync()

    (failure,) = clerk.get("/connection/history")["failures"]
    records = clerk.get(f"/connection/history/records?outcome=failed&entity=product&reason={failure['reason']}")

    assert (failure["entity"], failure["count"]) == ("product", 2)
    assert "Too much." in failure["reason"]
    assert sorted(op["record_name"] for op in records["ops"]) == ["Desk 0", "Desk 1"]
    assert records["page_context"]["total"] == 2
    op = clerk.get(f"/connection/ops/{records['ops'][0]['id']}")["op"]
    assert (op["outcome"], op["reason"]) == ("failed", failure["reason"])


def _refusal(message: str) -> str:
    return f'{{"code": 99999, "message": "{message}"}}'


@pytest.mark.requirement("D3")
def test_the_records_of_a_day_and_an_outcome(synced, clerk):
    today = clerk.get("/connection/history")["to"]

    added = clerk.get(f"/connection/history/records?outcome=added&date={today}&per_page=1")
    none = clerk.get("/connection/history/records?date=2001-01-01")

    assert (len(added["ops"]), added["page_context"]["total"]) == (1, 2)
    assert none["ops"] == []


@pytest.mark.parametrize(
    "path",
    ["/connection/history?days=0", "/connection/history/records?date=x", "/connection/history/records?outcome=x"],
)
def test_what_does_not_fit_is_refused(synced, clerk, path):
    assert refused(clerk("GET", path)) == (422, "bad_request")


@pytest.mark.parametrize("path", ["/connection/history", "/connection/history/records"])
def test_the_history_of_a_world_is_its_own(world, simulator, synced, path):
    other = Person(simulator.new_world(), "invoice", ADMIN)

    assert refused(other("GET", path)) == (409, "not_connected")
    assert refused(Person(world, "crm", ADMIN)("GET", path)) == (401, "not_signed_in")


@pytest.mark.requirement("K1", "K2")
def test_zoho_apps_lists_zoho_crm_with_connect_and_where_its_key_is_generated(world, clerk):
    (before,) = clerk.get("/connection/apps")["apps"]
    world.connect()
    (connected,) = clerk.get("/connection/apps")["apps"]
    world.connector("POST", "/connection/disable")
    (disabled,) = clerk.get("/connection/apps")["apps"]

    assert before == {
        "name": "Zoho CRM",
        "state": "not_connected",
        "can_connect": True,
        "zsc_key_url": f"{URLS['web']}/crm/setup/developer-space/apis",
    }
    assert [(app["state"], app["can_connect"]) for app in (connected, disabled)] == [
        ("active", False),
        ("disabled", True),
    ]


@pytest.mark.requirement("K2")
def test_connecting_asks_for_an_email_address_and_a_zsc_key(world):
    without_key = world.connector("POST", "/connection", {"email": ADMIN})
    without_email = world.connector("POST", "/connection", {"zsc_key": world.new_zsc_key()})

    assert [refused(answer) for answer in (without_key, without_email)] == [(422, "bad_request")] * 2
    assert [answer.json()["field"] for answer in (without_key, without_email)] == ["zsc_key", "email"]
