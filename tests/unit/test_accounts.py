"""The accounts server: grants, refusals in the vendor's words with HTTP 200, scopes, consent, secrets."""

from urllib.parse import parse_qs, urlsplit

import pytest

from simulator.accounts import Caller
from simulator.app import Service
from tests.support.databases import files_only
from tests.unit.stand_ins import SALES
from tests.unit.toy import OTHER, WORLD, Toy, credentials_of, toy_app

BACK = "https://client.example/back"
SCOPE = "ZohoCRM.modules.ALL ZohoCRM.users.READ"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return toy_app(tmp_path_factory.mktemp("shared"))


def consent(toy: Toy, **change: str) -> dict[str, str]:
    wanted = {"client_id": toy.keys["client_id"], "scope": SCOPE, "redirect_uri": BACK, "response_type": "code"}
    return {**wanted, "access_type": "offline", "state": "my state", **change}


def new_code(toy: Toy, email: str = SALES.email, **change: str) -> str:
    answer = toy.app.test_client().post("/oauth/v2/auth", data={**consent(toy, **change), "email": email})
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def exchange(toy: Toy, code: str, **change: str) -> dict:
    keys = {name: toy.keys[name] for name in ("client_id", "client_secret")}
    return toy.oauth(grant_type="authorization_code", code=code, **{"redirect_uri": BACK, **keys, **change})


def works(toy: Toy, token: str) -> bool:
    header = {"Authorization": f"Zoho-oauthtoken {token}"}
    return toy.app.test_client().get("/things", headers=header).status_code == 200


def test_a_refresh_token_gives_access_tokens_for_an_hour_of_the_worlds_time(toy):
    answer = toy.oauth(grant_type="refresh_token", **toy.keys)

    assert works(toy, answer["access_token"])
    assert (answer["token_type"], answer["expires_in"], answer["api_domain"]) == ("Bearer", 3600, "http://crm.test")
    assert "refresh_token" not in answer
    toy.clock(freeze=True)
    toy.clock(advance_seconds=3590)
    assert works(toy, answer["access_token"])
    toy.clock(advance_seconds=10)
    assert not works(toy, answer["access_token"])


def test_a_code_gives_a_refresh_token_of_the_person_who_consented(toy):
    answer = exchange(toy, new_code(toy))

    assert works(toy, answer["access_token"])
    assert answer["scope"] == SCOPE
    again = toy.oauth(grant_type="refresh_token", **{**toy.keys, "refresh_token": answer["refresh_token"]})
    who = toy.oauth("introspect", token=again["access_token"])
    assert who["user"]["email"] == SALES.email
    assert (who["active"], who["world"], who["scope"], who["client_id"]) == (True, WORLD, SCOPE, toy.keys["client_id"])


def test_online_consent_gives_no_refresh_token(toy):
    answer = exchange(toy, new_code(toy, access_type="online"))

    assert works(toy, answer["access_token"])
    assert "refresh_token" not in answer


def test_client_credentials_give_an_administrators_token(toy):
    keys = {name: toy.keys[name] for name in ("client_id", "client_secret")}
    answer = toy.oauth(grant_type="client_credentials", soid="ZohoCRM.57001", scope="ZohoCRM.org.READ", **keys)

    assert toy.oauth("introspect", token=answer["access_token"])["user"]["is_admin"] is True
    assert answer["scope"] == "ZohoCRM.org.READ"


@pytest.mark.parametrize("way", ["query", "form", "multipart", "mixed"])
def test_parameters_come_in_any_of_the_ways(toy, way):
    values = {"grant_type": "refresh_token", **toy.keys}
    options = {
        "query": {"query_string": values},
        "form": {"data": values},
        "multipart": {"data": values, "content_type": "multipart/form-data"},
        "mixed": {"query_string": values, "data": b'{"grant_type": 1}', "content_type": "application/json"},
    }[way]

    answer = toy.app.test_client().post("/oauth/v2/token", **options)

    assert works(toy, answer.get_json()["access_token"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client_secret"),
        ({"client_secret": ""}, "invalid_client_secret"),
        ({"client_id": "1000.WORLD001UNKNOWN"}, "invalid_client"),
        ({"client_id": ""}, "invalid_client"),
        ({"client_id": "1000.NOWORLD1AAAAAAA"}, "invalid_client"),
        ({"refresh_token": f"1000.{WORLD}{'c' * 24}.{'d' * 32}"}, "invalid_code"),
        ({"refresh_token": ""}, "invalid_code"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "never"}, "invalid_code"),
        ({"grant_type": "client_credentials"}, "missing_org_info"),
        ({"grant_type": "client_credentials", "soid": "ZohoCRM.1", "scope": "a"}, "invalid_org_info"),
        ({"grant_type": "client_credentials", "soid": "ZohoCRM.57001"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "soid": "ZohoCRM.57001", "scope": "everything"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "soid": "ZohoCRM.57001", "scope": "ZohoCRM.org.SEE"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "soid": "ZohoCRM.57001", "scope": "a.b.READ,c"}, "invalid_scope"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_refusal_is_the_vendors_word_with_status_200(toy, change, error):
    assert toy.oauth(**{"grant_type": "refresh_token", **toy.keys, **change}) == {"error": error}


def test_a_code_is_good_once(toy):
    code = new_code(toy)
    assert "access_token" in exchange(toy, code)

    assert exchange(toy, code) == {"error": "invalid_code"}


def test_a_code_is_spent_even_by_an_exchange_that_is_refused(toy):
    code = new_code(toy)
    assert exchange(toy, code, redirect_uri="https://other.example/") == {"error": "invalid_redirect_uri"}

    assert exchange(toy, code) == {"error": "invalid_code"}


def test_a_code_ends_after_ten_minutes_of_the_worlds_time(toy):
    toy.clock(freeze=True)
    code, late = new_code(toy), new_code(toy)
    toy.clock(advance_seconds=599)
    assert "access_token" in exchange(toy, code)
    toy.clock(advance_seconds=1)

    assert exchange(toy, late) == {"error": "invalid_code"}


def test_a_revoked_refresh_token_ends_with_all_its_access_tokens(toy):
    mine = exchange(toy, new_code(toy))
    more = toy.oauth(grant_type="refresh_token", **{**toy.keys, "refresh_token": mine["refresh_token"]})

    assert toy.oauth("token/revoke", token=mine["refresh_token"]) == {"status": "success"}

    assert not works(toy, mine["access_token"])
    assert not works(toy, more["access_token"])
    assert toy.oauth(grant_type="refresh_token", **{**toy.keys, "refresh_token": mine["refresh_token"]}) == {
        "error": "invalid_code"
    }
    assert toy.names() == ["seed"]
    assert toy.oauth("token/revoke", token=mine["refresh_token"]) == {"error": "invalid_token"}


def test_a_revoked_access_token_ends_alone(toy):
    first, second = (toy.oauth(grant_type="refresh_token", **toy.keys)["access_token"] for _ in range(2))

    assert toy.oauth("token/revoke", token=first) == {"status": "success"}

    assert (works(toy, first), works(toy, second)) == (False, True)


def limit_tokens(toy: Toy, on: bool = True) -> None:
    answer = toy.control("PUT", "/settings", {"token_limits": on})
    assert (answer.status_code, answer.get_json()) == (200, {"settings": {"token_limits": on}})


def ask(toy: Toy, **form: str) -> tuple[int, dict]:
    answer = toy.app.test_client().post("/oauth/v2/token", data=form)
    return answer.status_code, answer.get_json()


def alive(toy: Toy, tokens: list[str]) -> list[bool]:
    asked = [ask(toy, grant_type="refresh_token", **{**toy.keys, "refresh_token": token}) for token in tokens]
    return ["access_token" in answer for _, answer in asked]


TOO_MANY = {
    "error": "Access Denied",
    "error_description": "You have made too many requests continuously. Please try again after some time.",
    "status": "failure",
}


def test_nothing_is_limited_unless_the_world_wants_it(toy):
    tokens = [exchange(toy, new_code(toy))["refresh_token"] for _ in range(22)]
    again = [ask(toy, grant_type="refresh_token", **toy.keys)[0] for _ in range(35)]

    assert toy.control("GET", "/settings").get_json() == {"settings": {"token_limits": False}}
    assert alive(toy, tokens) == [True] * 22
    assert again == [200] * 35


def test_with_limits_the_21st_refresh_token_of_a_person_drops_his_first(toy):
    limit_tokens(toy)
    tokens = []
    for _ in range(21):
        tokens.append(exchange(toy, new_code(toy))["refresh_token"])
        toy.clock(advance_seconds=15)
    access = exchange(toy, new_code(toy))["access_token"]

    assert alive(toy, tokens) == [False, False] + [True] * 19
    assert works(toy, access)


def test_with_limits_a_person_gets_five_refresh_tokens_a_minute(toy):
    toy.clock(freeze=True)
    limit_tokens(toy)
    for _ in range(5):
        exchange(toy, new_code(toy))
    keys = {name: toy.keys[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "authorization_code", "code": new_code(toy), "redirect_uri": BACK, **keys}

    assert ask(toy, **form) == (400, TOO_MANY)
    toy.clock(advance_seconds=60)
    status, granted = ask(toy, **form)
    assert (status, "refresh_token" in granted) == (200, True)


def test_with_limits_a_refresh_token_gives_ten_access_tokens_in_ten_minutes(toy):
    toy.clock(freeze=True)
    mine = {**toy.keys, "refresh_token": exchange(toy, new_code(toy))["refresh_token"]}
    limit_tokens(toy)
    statuses = [ask(toy, grant_type="refresh_token", **mine)[0] for _ in range(9)]

    assert statuses == [200] * 9
    assert ask(toy, grant_type="refresh_token", **mine) == (400, TOO_MANY)
    toy.clock(advance_seconds=599)
    assert ask(toy, grant_type="refresh_token", **mine)[0] == 400
    toy.clock(advance_seconds=2)
    assert ask(toy, grant_type="refresh_token", **mine)[0] == 200
    limit_tokens(toy, False)
    assert [ask(toy, grant_type="refresh_token", **mine)[0] for _ in range(12)] == [200] * 12


def test_with_limits_the_31st_live_access_token_ends_the_oldest(toy):
    limit_tokens(toy)
    mine = exchange(toy, new_code(toy))
    tokens = [mine["access_token"]]
    for _ in range(29):
        toy.clock(advance_seconds=65)
        tokens.append(toy.oauth(grant_type="refresh_token", **{**toy.keys, **mine})["access_token"])
    assert [works(toy, token) for token in tokens] == [True] * 30

    toy.clock(advance_seconds=65)
    tokens.append(toy.oauth(grant_type="refresh_token", **{**toy.keys, **mine})["access_token"])

    assert [works(toy, token) for token in tokens] == [False] + [True] * 30


@pytest.mark.parametrize(
    "change", [{"token_limits": 1}, {"token_limits": None}, {"other": True}, {}, [], "on"], ids=lambda value: str(value)
)
def test_a_setting_is_what_it_can_be(toy, change):
    limit_tokens(toy)

    answer = toy.control("PUT", "/settings", change)

    assert answer.status_code == 400
    assert answer.get_json()["message"].startswith(("token_limits is", "There is no setting", "The body is"))
    assert toy.control("GET", "/settings").get_json() == {"settings": {"token_limits": True}}


def test_settings_are_a_worlds_own_and_a_reset_puts_them_back(toy, other):
    limit_tokens(toy)

    assert other.control("GET", "/settings").get_json() == {"settings": {"token_limits": False}}
    toy.put("reset")
    assert toy.control("GET", "/settings").get_json() == {"settings": {"token_limits": False}}
    assert toy.app.test_client().get("/_sim/worlds/nowhere1/settings").status_code == 404


@pytest.mark.parametrize("token", ["", "junk", f"1000.{WORLD}{'0' * 24}.{'0' * 32}", "1000.nowhere1aaaaaaaa.00"])
def test_nobody_is_behind_a_token_that_is_none(toy, token):
    assert toy.oauth("introspect", token=token) == {"active": False}
    assert toy.oauth("token/revoke", token=token) == {"error": "invalid_token"}


def test_introspecting_writes_nothing(toy):
    toy.oauth("introspect", token=toy.headers["Authorization"].split()[1])

    assert toy.journal("path=introspect") != []
    assert toy.journal("path=introspect&writes=1") == []


@pytest.mark.parametrize("header", ["Zoho-oauthtoken {}", "Bearer {}", "zoho-oauthtoken   {}"])
def test_a_token_is_taken_from_the_header(toy, header):
    token = toy.headers["Authorization"].split()[1]
    answer = toy.app.test_client().get("/things", headers={"Authorization": header.format(token)})

    assert answer.status_code == 200


def test_a_token_is_taken_from_the_older_parameter(toy):
    token = toy.headers["Authorization"].split()[1]
    client = toy.app.test_client()

    assert client.get(f"/things?authtoken={token}").status_code == 200
    assert client.post("/form", data={"authtoken": token, "name": "Acme"}).status_code == 201
    assert toy.names() == ["seed", "Acme"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "NO_TOKEN"),
        ("", "NO_TOKEN"),
        ("Basic abc", "NO_TOKEN"),
        ("Zoho-oauthtoken", "NO_TOKEN"),
        ("Zoho-oauthtoken junk", "INVALID_TOKEN"),
        (f"Zoho-oauthtoken 1000.{WORLD}{'0' * 24}.{'0' * 32}", "INVALID_TOKEN"),
        (f"Zoho-oauthtoken 1000.nowhere1{'0' * 24}.{'0' * 32}", "INVALID_TOKEN"),
        ("Zoho-oauthtoken 1000.../../aa.00", "INVALID_TOKEN"),
    ],
)
def test_no_token_and_a_wrong_token_are_told_apart(toy, header, code):
    headers = {} if header is None else {"Authorization": header}
    answer = toy.app.test_client().get("/things", headers=headers)

    assert (answer.status_code, answer.get_json()) == (401, {"code": code})


def test_keys_of_one_world_open_no_other(toy, other):
    own = toy.headers["Authorization"].split()[1]
    forged = own.replace(WORLD, OTHER)

    assert not works(other, forged)
    assert other.oauth(grant_type="refresh_token", **{**other.keys, "refresh_token": toy.keys["refresh_token"]}) == {
        "error": "invalid_code"
    }
    assert exchange(other, new_code(toy)) == {"error": "invalid_code"}
    assert other.oauth("introspect", token=forged) == {"active": False}


@pytest.mark.parametrize(
    ("given", "asked", "allowed"),
    [
        ("ZohoCRM.modules.ALL", "ZohoCRM.modules.accounts.READ", True),
        ("ZohoCRM.modules.ALL", "ZohoCRM.settings.fields.READ", False),
        ("ZohoCRM.modules.accounts.ALL", "ZohoCRM.modules.accounts.DELETE", True),
        ("ZohoCRM.modules.accounts.ALL", "ZohoCRM.modules.contacts.READ", False),
        ("ZohoCRM.modules.accounts.READ", "ZohoCRM.modules.accounts.READ", True),
        ("ZohoCRM.modules.accounts.READ", "ZohoCRM.modules.accounts.UPDATE", False),
        ("ZohoCRM.modules.READ", "ZohoCRM.modules.accounts.READ", True),
        ("ZohoCRM.modules.READ", "ZohoCRM.modules.accounts.CREATE", False),
        ("ZohoCRM.modules.accounts.WRITE", "ZohoCRM.modules.accounts.CREATE", True),
        ("ZohoCRM.modules.accounts.WRITE", "ZohoCRM.modules.accounts.UPDATE", True),
        ("ZohoCRM.modules.accounts.WRITE", "ZohoCRM.modules.accounts.DELETE", True),
        ("ZohoCRM.modules.accounts.WRITE", "ZohoCRM.modules.accounts.READ", False),
        ("zohocrm.MODULES.all", "ZohoCRM.modules.accounts.READ", True),
        ("ZohoInvoice.fullaccess.all", "ZohoInvoice.contacts.CREATE", True),
        ("ZohoInvoice.fullaccess.all", "ZohoCRM.modules.accounts.READ", False),
        ("ZohoInvoice.contacts.READ", "ZohoInvoice.contacts.READ", True),
        ("ZohoInvoice.contacts.CREATE", "ZohoInvoice.contacts.READ", False),
        ("ZohoInvoice.contacts.ALL", "ZohoInvoice.items.READ", False),
        ("ALL", "ZohoCRM.modules.accounts.READ", False),
        ("ZohoCRM.ALL", "ZohoCRM.modules.accounts.READ", False),
        ("", "ZohoCRM.modules.accounts.READ", False),
    ],
)
def test_scopes_cover_what_they_name_and_no_more(given, asked, allowed):
    caller = Caller("1", "client", frozenset(given.lower().split()))

    assert caller.allows(asked) is allowed


def test_the_consent_page_lists_the_people_and_says_what_is_asked(toy):
    answer = toy.app.test_client().get("/oauth/v2/auth", query_string=consent(toy, state='"><script>'))

    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert SALES.email in answer.text
    assert SCOPE in answer.text
    assert "<script>" not in answer.text
    assert 'type="password"' not in answer.text


def test_consent_leads_back_to_the_client_with_a_code_and_its_state(toy):
    form = {**consent(toy, redirect_uri=f"{BACK}?keep=1"), "email": SALES.email}
    location = urlsplit(toy.app.test_client().post("/oauth/v2/auth", data=form).headers["Location"])

    found = parse_qs(location.query)

    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK
    assert (found["keep"], found["state"], found["accounts-server"]) == (["1"], ["my state"], ["http://crm.test"])
    assert "access_token" in exchange(toy, found["code"][0], redirect_uri=f"{BACK}?keep=1")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "1000.WORLD001UNKNOWN"}, "invalid_client"),
        ({"client_id": ""}, "invalid_client"),
        ({"redirect_uri": "javascript:alert(1)"}, "invalid_redirect_uri"),
        ({"redirect_uri": ""}, "invalid_redirect_uri"),
        ({"response_type": "token"}, "invalid_response_type"),
        ({"scope": " , "}, "invalid_scope"),
        ({"scope": "ZohoCRM.modules.ALL,ZohoCRM.modules"}, "invalid_scope"),
    ],
)
def test_an_authorization_that_asks_for_the_impossible_is_refused(toy, change, error):
    client = toy.app.test_client()

    assert client.get("/oauth/v2/auth", query_string=consent(toy, **change)).get_json() == {"error": error}
    form = {**consent(toy, **change), "email": SALES.email}
    assert client.post("/oauth/v2/auth", data=form).get_json() == {"error": error}


def test_who_rejects_sends_the_client_back_without_a_code(toy):
    form = {**consent(toy), "email": SALES.email, "decision": "reject"}
    location = urlsplit(toy.app.test_client().post("/oauth/v2/auth", data=form).headers["Location"])

    assert parse_qs(location.query) == {"error": ["access_denied"], "state": ["my state"]}


def test_client_credentials_are_taken_at_the_other_address_too(toy):
    keys = {name: toy.keys[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "client_credentials", "soid": "ZohoCRM.57001", "scope": "ZohoCRM.org.READ", **keys}

    assert works(toy, toy.oauth("auth", **form)["access_token"])


def test_nobody_unknown_can_consent(toy):
    form = {**consent(toy), "email": "stranger@zylker.example"}

    assert toy.app.test_client().post("/oauth/v2/auth", data=form).get_json() == {"error": "access_denied"}


@pytest.mark.parametrize(
    ("password", "configured", "admitted"),
    [
        ("open sesame", "open sesame", True),
        ("wrong", "open sesame", False),
        ("", "open sesame", False),
        (None, "open sesame", False),
        ("Zürich", "open sesame", False),
        ("Zürich", "Zürich", True),
        ("", None, False),
        (None, None, False),
    ],
)
def test_a_shared_simulator_asks_for_the_password(tmp_path, password, configured, admitted):
    app = toy_app(tmp_path, shared=True, admin_token="admin", password=configured)
    client = app.test_client()
    admin = {"X-Admin-Token": "admin"}
    client.post(
        "/_sim/worlds", headers=admin, json={"id": WORLD, "scenario": "empty", "credentials": credentials_of(WORLD)}
    )
    toy = Toy(app)
    form = {**consent(toy), "email": SALES.email} | ({} if password is None else {"password": password})

    page = client.get("/oauth/v2/auth", query_string=consent(toy))
    consented = client.post("/oauth/v2/auth", data=form)
    body = {"email": SALES.email, "password": password}
    signed_in = client.post(f"/_sim/worlds/{WORLD}/sign-in", headers=admin, json=body)

    assert 'type="password"' in page.text
    assert (consented.status_code == 302, signed_in.status_code == 200) == (admitted, admitted)


@files_only
def test_secrets_are_kept_as_hashes_only(toy):
    granted = exchange(toy, code := new_code(toy))
    secrets = [granted["access_token"], granted["refresh_token"], code, toy.headers["Authorization"].split()[1]]
    toy.call("GET", "/things", query_string={"authtoken": granted["access_token"]})
    toy.journal()

    kept = b"".join(path.read_bytes() for path in toy.file.parent.rglob("*") if path.is_file())

    assert [secret for secret in secrets if secret.encode() in kept] == []
    # The world's own client is kept readable, once: `simulator credentials` shows it.
    assert kept.count(toy.keys["client_secret"].encode()) > 0
    with toy.worlds.transaction(WORLD) as _:
        toy.app.extensions["sqlalchemy"].session.connection().exec_driver_sql(
            "DELETE FROM world_setting WHERE key = 'credentials'"
        )
    with toy.worlds.get(WORLD).engine.connect() as connection:
        dump = "".join(connection.connection.driver_connection.iterdump())
    assert toy.keys["client_secret"] not in dump
    assert toy.keys["refresh_token"] not in dump
