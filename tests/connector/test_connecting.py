"""Connecting to Zoho CRM (guide: Connecting to Zoho CRM; Disable Integration)."""

import re

import pytest

from tests.support.world import ADMIN, World

NOT_ADMIN = "ben.carter@zylker.example"


def connect(world: World, email: str = ADMIN, key: str | None = None) -> object:
    return world.connector("POST", "/connection", {"email": email, "zsc_key": key or world.new_zsc_key()})


@pytest.mark.requirement("K4", "K5")
def test_an_email_and_its_key_connect_the_products(world: World):
    answer = connect(world)

    connection = answer.json()["connection"]
    assert answer.status == 201
    assert (connection["state"], connection["email"], connection["is_configured"]) == ("active", ADMIN, False)
    integrations = world.crm.call("GET", "/crm/v8/settings/integrations").json()
    assert "ZohoInvoice" in str(integrations)


@pytest.mark.requirement("K3", "K4")
@pytest.mark.parametrize(
    ("email", "key", "code", "field"),
    [
        ("nobody@zylker.example", None, "unknown_email", "email"),
        (ADMIN, "0" * 32, "wrong_key", "zsc_key"),
        ("emma.li@zylker.example", None, "missing_permissions", "email"),
    ],
    ids=["unknown email", "wrong key", "not permitted"],
)
def test_a_pair_that_is_not_good_is_refused_and_nothing_is_saved(world: World, email, key, code, field):
    answer = connect(world, email, key)

    assert answer.status == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    assert world.connector("GET", "/connection").json() == {"connection": None}


@pytest.mark.requirement("K3")
def test_the_key_of_another_world_is_refused(world: World, simulator):
    other = simulator.new_world()

    answer = connect(world, key=other.new_zsc_key())

    assert (answer.status, answer.json()["code"]) == (400, "wrong_key")


@pytest.mark.requirement("K3")
def test_the_key_is_told_nowhere(world: World):
    key = world.new_zsc_key()

    connect(world, key=key)

    for service in ("crm", "connector"):
        journal = world.control(service, "GET", f"/{world.id}/journal?limit=1000").body.decode()
        assert key not in journal
    assert key not in world.connector("GET", "/connection").body.decode()


def test_only_an_administrator_of_invoice_connects(world: World):
    body = {"email": ADMIN, "zsc_key": world.new_zsc_key()}

    answer = world.connector("POST", "/connection", body, token=world.sign_in("invoice", NOT_ADMIN))

    assert (answer.status, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.requirement("K7")
def test_disabled_nothing_syncs_and_reactivated_the_links_are_still_there(world: World):
    world.add_account("Acme")
    world.connect()
    world.sync()

    world.connector("POST", "/connection/disable")
    refused = world.connector("POST", "/connection/runs", {})
    world.connector("POST", "/connection/reactivate")
    again = world.sync()

    assert (refused.status, refused.json()["code"]) == (409, "disabled")
    assert again["run"]["counts"]["unchanged"] >= 1
    assert again["run"]["counts"]["added"] == 0


@pytest.mark.requirement("S4")
def test_paused_no_sync_starts_until_it_is_resumed(world: World):
    world.connect()

    world.connector("POST", "/connection/pause")
    refused = world.connector("POST", "/connection/runs", {})
    world.connector("POST", "/connection/resume")

    assert (refused.status, refused.json()["code"]) == (409, "paused")
    assert world.sync()["run"]["state"] == "done"


@pytest.mark.requirement("K3")
def test_a_new_key_breaks_the_connection_until_it_is_entered(world: World):
    world.add_account("Acme")
    world.connect()
    world.sync()

    key = world.new_zsc_key()
    run = world.sync()
    state = world.connector("GET", "/connection").json()["connection"]["state"]
    world.connector("PUT", "/connection/credentials", {"email": ADMIN, "zsc_key": key})
    again = world.sync()

    assert (run["run"]["state"], state) == ("failed", "reconnect_needed")
    assert again["run"]["counts"]["added"] == 0
    assert again["run"]["state"] == "done"


BAD_CALLS = [
    ("POST", "/connection", b"{", 400),
    ("POST", "/connection", b"[]", 422),
    ("POST", "/connection", b'{"email": 5, "zsc_key": "0123456789"}', 422),
    ("POST", "/connection", b'{"email": "a@b", "zsc_key": "0123456789", "colour": "red"}', 422),
    ("PUT", "/connection/settings", b'{"contacts": {"module": "leads"}}', 422),
    ("PUT", "/connection/settings", b'{"contacts": {"account_view": "12"}}', 422),
    ("PUT", "/connection/settings", b'{"auto_sync_minutes": -1}', 422),
    ("POST", "/connection/runs", b'{"kind": "undo"}', 422),
    ("POST", "/connection/runs", b'{"section": "leads"}', 422),
    ("POST", "/connection/runs/999/undo", b"{}", 404),
    ("POST", "/connection/runs/999/undo", b'{"preview": "perhaps"}', 422),
    ("POST", "/connection/runs/999/retry", b"{}", 404),
    ("GET", "/connection/runs/999/csv", None, 404),
    ("GET", "/connection/runs?section=leads", None, 422),
    ("GET", "/connection/links?entity=lead", None, 422),
    ("GET", "/connection/links?per_page=201", None, 422),
    ("GET", "/connection/mails/999", None, 404),
    ("POST", "/connection/switch", b"{}", 422),
    ("POST", "/connection/settings/effect", b'{"contacts": {"module": "leads"}}', 422),
    ("POST", "/connection/potentials/1/create_again", None, 409),
    ("POST", "/connection/potentials/won/apply", b'{"count": 0}', 422),
    ("GET", "/connection/runs?page=0", None, 422),
    ("GET", "/connection/runs/999", None, 404),
    ("GET", "/connection/runs/999/ops", None, 404),
    ("GET", "/connection/ops/999", None, 404),
    ("GET", "/connection/views?module=Leads", None, 422),
    ("GET", "/connection/nothing", None, 404),
    ("DELETE", "/connection", None, 405),
    ("GET", "/nothing", None, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BAD_CALLS)
def test_bad_input_gets_a_plain_error_and_changes_nothing(world: World, method, path, body, status):
    world.connect()
    before = world.connector("GET", "/connection/settings").json()
    headers = {"Authorization": f"Zoho-oauthtoken {world.sign_in('invoice')}", "Content-Type": "application/json"}

    answer = world.apps["connector"].test_client().open(path, method=method, data=body, headers=headers)

    assert answer.status_code == status, answer.get_data()
    assert set(answer.get_json()) == {"code", "message", "field", "details"}
    assert world.connector("GET", "/connection/settings").json() == before


@pytest.mark.parametrize("token", [None, "nonsense", "1000.test9999aaaaaaaaaaaaaaaaaaaaaaaa." + "b" * 32])
def test_a_stranger_gets_nothing(world: World, token):
    headers = {"Authorization": f"Zoho-oauthtoken {token}"} if token else {}

    for rule in world.apps["connector"].url_map.iter_rules():
        if not rule.rule.startswith(OWN_DOORS):
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            address = some_address(rule.rule)
            answer = world.apps["connector"].test_client().open(address, method=method, headers=headers, json={})
            assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in"), address


OWN_DOORS = ("/connection", "/section", "/panel", "/linking")


def some_address(rule: str) -> str:
    """An address that a route answers: the first of several words, else a 1 in each place."""
    worded = re.sub(r"<any\(([^,)]+)[^)]*\):\w+>", r"\1", rule)
    return re.sub(r"<[^>]+>", "1", worded)


def test_the_token_of_another_world_is_not_good_here(world: World, simulator):
    other = simulator.new_world()
    world.connect()

    answer = world.connector("GET", "/connection", token=other.sign_in("invoice"))

    assert answer.json() == {"connection": None}


def test_without_access_to_the_crm_settings_are_refused_with_what_to_do(simulator):
    world = simulator.new_world("half-broken")

    answer = world.connector("PUT", "/connection/settings", {"contacts": {"extent": "both"}})

    assert (answer.status, answer.json()["code"]) == (409, "reconnect_needed")
