"""One Invoice organization is connected at a time; the links of another come back with it (requirement K7)."""

import pytest

from tests.support.world import ADMIN, World


@pytest.fixture
def second(world: World) -> str:
    """A second organization of Zoho Invoice."""
    body = world.invoice.ask("POST", "/organizations", json={"name": "Second", "currency_code": "USD"})
    found: str = body["organization"]["organization_id"]
    return found


def switch(world: World, organization_id: str) -> dict:
    answer = world.connector("POST", "/connection/switch", {"organization_id": organization_id})
    assert answer.status == 200, answer.body
    return answer.json()["connection"]


@pytest.mark.requirement("K7")
def test_each_organization_keeps_its_links_apart_and_they_come_back_with_it(world: World, second: str):
    world.add_account("Acme")
    world.connect()
    world.sync()
    first = world.connector("GET", "/connection").json()["connection"]["organization_id"]

    there = switch(world, second)
    world.configure(contacts={"duplicates": "clone"})
    fresh = world.sync()
    world.invoice.organization_id = second
    assert list(world.customers()) == ["Acme"]
    back = switch(world, first)
    again = world.sync()

    assert (there["state"], there["organization_name"], there["is_configured"]) == ("active", "Second", False)
    assert fresh["run"]["counts"]["added"] == 1
    assert (back["organization_id"], back["state"], back["is_configured"]) == (first, "active", True)
    assert again["run"]["counts"]["added"] == again["run"]["counts"]["updated"] == 0
    settings = world.connector("GET", "/connection/settings").json()["settings"]
    assert settings["contacts"]["duplicates"] == "skip"


@pytest.mark.requirement("K7", "S1")
def test_what_is_set_aside_does_not_sync_by_itself(world: World, second: str):
    world.add_account("Acme")
    world.connect()
    world.sync()
    switch(world, second)

    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 3 * 3600})
    world.settle()

    assert world.connector("GET", "/connection/runs").json()["runs"] == []


@pytest.mark.requirement("K7")
def test_after_disabling_another_organization_is_connected_with_new_credentials(world: World, second: str):
    world.connect()
    world.connector("POST", "/connection/disable")

    body = {"email": ADMIN, "zsc_key": world.new_zsc_key(), "organization_id": second}
    answer = world.connector("POST", "/connection", body)

    assert answer.status == 201
    assert answer.json()["connection"]["organization_id"] == second


@pytest.mark.requirement("K7")
def test_updated_credentials_keep_links_and_settings(world: World):
    world.add_account("Acme")
    world.connect(contacts={"duplicates": "clone"})
    world.sync()

    key = world.new_zsc_key()
    answer = world.connector("PUT", "/connection/credentials", {"email": ADMIN, "zsc_key": key})
    again = world.sync()

    assert (answer.status, answer.json()["connection"]["zsc_key_ends"]) == (200, key[-4:])
    assert (again["run"]["state"], again["run"]["counts"]["added"]) == ("done", 0)
    settings = world.connector("GET", "/connection/settings").json()["settings"]
    assert settings["contacts"]["duplicates"] == "clone"


def credentials(world: World) -> dict[str, str]:
    return {"email": ADMIN, "zsc_key": world.new_zsc_key()}


def state(world: World) -> str:
    return str(world.connector("GET", "/connection").json()["connection"]["state"])


@pytest.mark.requirement("K7")
@pytest.mark.parametrize(
    ("act", "states"),
    [("pause", ("paused", "active")), ("disable", ("disabled", "active"))],
    ids=["paused", "disabled"],
)
def test_credentials_that_are_updated_do_not_switch_anything_on(world: World, act: str, states: tuple[str, str]):
    world.connect()
    world.connector("POST", f"/connection/{act}")

    answer = world.connector("PUT", "/connection/credentials", credentials(world))
    since = state(world)
    world.connector("POST", "/connection/resume" if act == "pause" else "/connection/reactivate")

    assert answer.status == 200
    assert (since, state(world)) == states
    assert world.sync()["run"]["state"] == "done"


@pytest.mark.requirement("K7", "G10")
@pytest.mark.parametrize("door", ["POST /connection", "PUT /connection/credentials"])
def test_credentials_that_switch_the_integration_on_open_its_channel_anew(world: World, door: str):
    world.connect()
    if door.startswith("PUT"):
        key = credentials(world)
        world.sync()  # finds that the former key is dead
    else:
        world.lose_notices()
        world.connector("POST", "/connection/disable")
        key = credentials(world)

    answer = world.connector(*door.split(), key)

    assert answer.status in (200, 201), answer.body
    assert (state(world), world.is_heard()) == ("active", True)


@pytest.mark.requirement("K7")
def test_nothing_is_saved_of_credentials_while_the_channel_cannot_be_opened(world: World):
    world.connect()
    world.connector("POST", "/connection/disable")
    ends = world.connector("GET", "/connection").json()["connection"]["zsc_key_ends"]
    fault = {"kind": "status", "status": 503, "path": "/actions/watch"}
    world.control("crm", "POST", f"/{world.id}/faults", fault)

    answer = world.connector("POST", "/connection", credentials(world))

    assert answer.status == 424
    assert (state(world), world.connector("GET", "/connection").json()["connection"]["zsc_key_ends"]) == (
        "disabled",
        ends,
    )


@pytest.mark.requirement("K7")
@pytest.mark.parametrize(
    ("organization_id", "status", "code"), [("999", 404, "not_found"), (None, 409, "already_connected")]
)
def test_an_organization_that_is_none_or_is_connected_already_is_refused(
    world: World, organization_id: str | None, status: int, code: str
):
    world.connect()
    present = world.connector("GET", "/connection").json()["connection"]["organization_id"]

    answer = world.connector("POST", "/connection/switch", {"organization_id": organization_id or present})

    assert (answer.status, answer.json()["code"]) == (status, code)
    assert world.connector("GET", "/connection").json()["connection"]["state"] == "active"


@pytest.mark.requirement("K7")
def test_a_disabled_integration_ends_what_is_queued_and_fetches_nothing(world: World):
    acme = world.add_account("Acme")
    world.connect()
    queued = world.connector("POST", "/connection/runs", {}).json()["run"]

    world.connector("POST", "/connection/disable")
    world.settle()

    assert world.run(queued["id"])["run"]["state"] == "aborted"
    refused = world.outbound.call(
        "POST", f"http://invoice.test/invoice/v3/crm/account/{acme}/import", headers=bearer(world), attempts=1
    )
    assert refused.status == 400, refused.body
    assert world.customers() == {}


def bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Zoho-oauthtoken {world.sign_in('invoice')}"}
