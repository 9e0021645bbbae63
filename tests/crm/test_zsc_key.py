"""The ZSC key: made, shown once, exchanged, dead (requirements K3, K4, K5)."""

from typing import Any

import pytest

from tests.crm.api import ADMIN, SALES, STANDARD, SUPPORT, Crm
from tests.support.databases import files_only

PATH = "/settings/zsc_key"


def new_key(crm: Crm) -> str:
    answer = crm.post(PATH)
    assert answer.status == 201
    return str(answer.body["zsc_key"]["key"])


def exchange(crm: Crm, key: Any, email: Any = ADMIN, **more: Any) -> Any:
    body = {"email": email, "zsc_key": key, "product": "ZohoInvoice", "organization": "Zylker Inc", **more}
    return crm.client.post("/oauth/v2/zsc", json=body)


def tokens(crm: Crm, key: str, email: str = ADMIN) -> dict[str, Any]:
    answer = exchange(crm, key, email)
    assert answer.status_code == 200, answer.data
    return dict(answer.get_json())


def refreshed(crm: Crm, granted: dict[str, Any]) -> dict[str, Any]:
    names = ("client_id", "client_secret", "refresh_token")
    form = {"grant_type": "refresh_token", **{name: granted[name] for name in names}}
    return dict(crm.client.post("/oauth/v2/token", data=form).get_json())


@pytest.mark.requirement("K3")
def test_a_key_is_shown_in_full_once_and_by_its_last_signs_afterwards(crm: Crm):
    assert crm.get(PATH).body == {"zsc_key": None}

    key = new_key(crm)
    shown = crm.get(PATH).body["zsc_key"]

    assert key.startswith(crm.world)
    assert len(key) == 32
    assert shown["ends"] == f"…{key[-4:]}"
    assert shown["generated_by"]["name"] == "Asha Rao"
    assert key not in str(shown)


@pytest.mark.requirement("K3", "P5")
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_key_is_for_administrators(crm: Crm, method: str):
    assert crm.as_(STANDARD).call(method, PATH).code == "NO_PERMISSION"


@files_only
@pytest.mark.requirement("K3")
def test_the_key_is_stored_hashed_and_masked_in_the_journal(crm: Crm):
    key = new_key(crm)
    exchange(crm, key)

    journal = crm.client.get(f"/_sim/worlds/{crm.world}/journal?limit=1000").get_data(as_text=True)
    file = crm.app.extensions["config"].data_dir / "crm" / f"{crm.world}.db"
    stored = file.read_bytes() + file.with_name(file.name + "-wal").read_bytes()

    assert "/oauth/v2/zsc" in journal
    assert key not in journal
    assert key.encode() not in stored


@pytest.mark.requirement("K4", "K5")
def test_email_and_key_are_exchanged_for_tokens_that_act_for_that_user(crm: Crm):
    granted = tokens(crm, new_key(crm), STANDARD)

    assert granted["user"] == {
        "id": crm.user(STANDARD),
        "email": STANDARD,
        "name": "Ben Carter",
        "profile": "Standard",
    }
    assert granted["org"] == {"id": crm.get("/org").body["org"][0]["zgid"], "company_name": "Zylker"}
    caller = Crm(crm.app, crm.world, token=granted["access_token"])
    assert caller.record("Accounts", caller.add("Accounts", Account_Name="A"))["Owner"]["email"] == STANDARD
    fresh = Crm(crm.app, crm.world, token=refreshed(crm, granted)["access_token"])
    assert fresh.get("/users?type=CurrentUser").body["users"][0]["email"] == STANDARD


@pytest.mark.requirement("K3", "K5")
def test_the_crm_shows_what_is_connected(crm: Crm):
    assert crm.get("/settings/integrations").body == {"integrations": []}

    tokens(crm, new_key(crm), STANDARD)

    (connected,) = crm.as_(SALES).get("/settings/integrations").body["integrations"]
    assert (connected["product"], connected["organization"], connected["email"]) == (
        "ZohoInvoice",
        "Zylker Inc",
        STANDARD,
    )
    connections = crm.get(PATH).body["zsc_key"]["connections"]
    assert connections == [{"name": "Zoho Invoice", "organization": "Zylker Inc"}]


def test_the_same_organization_coming_again_takes_its_own_place(crm: Crm):
    key = new_key(crm)
    first = tokens(crm, key, STANDARD)

    tokens(crm, key, ADMIN)

    assert len(crm.get("/settings/integrations").body["integrations"]) == 1
    assert refreshed(crm, first) == {"error": "invalid_code"}


@pytest.mark.requirement("K4")
def test_each_mistake_has_its_own_word_and_leaves_nothing_behind(crm: Crm):
    key = new_key(crm)
    crm.put(f"/users/{crm.user(SALES)}", {"users": [{"status": "inactive"}]})

    answers = {
        "unknown_email": exchange(crm, key, "nobody@zylker.example"),
        "inactive_user": exchange(crm, key, SALES),
        "wrong_key": exchange(crm, key[:-4] + "ffff"),
        "key_of_another_product": exchange(crm, f"{crm.world}a1{'0' * 22}"),
        "missing_permissions": exchange(crm, key, SUPPORT),
        "bad_request": exchange(crm, key, None),
    }

    for word, answer in answers.items():
        body = answer.get_json()
        assert (answer.status_code, body["error"]) == (400, word)
        assert body["message"].endswith(".")
        assert key not in body["message"]
    missing = answers["missing_permissions"].get_json()["permissions"]
    assert "Crm_Implied_Create_Accounts" in missing
    assert "Crm_Implied_View_Products" not in missing
    assert crm.get("/settings/integrations").body == {"integrations": []}
    assert crm.get("/settings/fields?module=Accounts&type=unused").status == 204


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("key", ["nonsense", "", "crm99999c1" + "0" * 22, 5, None, ["x"], "x" * 5000])
def test_what_is_no_key_of_a_world_here_is_refused(crm: Crm, key: Any):
    answer = exchange(crm, key)

    assert answer.status_code == 400
    assert answer.get_json()["error"] in ("wrong_key", "bad_request")


@pytest.mark.requirement("K3")
def test_a_key_leads_into_its_own_world_only(crm: Crm, new_world):
    other = new_world()
    key = new_key(other)
    new_key(crm)

    granted = exchange(crm, key).get_json()

    assert granted["access_token"].startswith(f"1000.{other.world}")
    assert crm.get("/settings/integrations").body == {"integrations": []}


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("way", ["regeneration", "revocation", "deactivation of its maker"])
def test_a_key_dies_at_once_with_the_tokens_that_stood_on_it(crm: Crm, way: str):
    crm.put(f"/users/{crm.user(STANDARD)}", {"users": [{"profile": {"id": crm.profile("Administrator")}}]})
    maker = crm.as_(STANDARD)
    key = new_key(maker)
    granted = tokens(crm, key, ADMIN)
    connected = Crm(crm.app, crm.world, token=granted["access_token"])
    assert connected.get("/org").status == 200

    match way:
        case "regeneration":
            new_key(crm)
        case "revocation":
            assert crm.delete(PATH).status == 204
        case _:
            crm.put(f"/users/{crm.user(STANDARD)}", {"users": [{"status": "inactive"}]})
            crm.put(f"/users/{crm.user(STANDARD)}", {"users": [{"status": "active"}]})

    assert exchange(crm, key).get_json()["error"] == "wrong_key"
    assert refreshed(crm, granted) == {"error": "invalid_code"}
    assert connected.get("/org").code == "INVALID_TOKEN"
    assert crm.get("/settings/integrations").body == {"integrations": []}


def test_the_hidden_fields_are_made_once(crm: Crm):
    key = new_key(crm)

    for _ in range(2):
        tokens(crm, key)

    for module, count in (("Accounts", 1), ("Contacts", 1), ("Products", 1), ("Deals", 0)):
        answer = crm.get(f"/settings/fields?module={module}&type=unused")
        assert len(answer.body["fields"] if answer.body else []) == count
