"""The control routes: what they show, whom they admit, and that a bad body is a 400 with a plain message."""

import pytest

from simulator.app import Service
from tests.unit.stand_ins import ADMIN, SALES, service_app
from tests.unit.toy import WORLD, credentials_of, toy_app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return toy_app(tmp_path_factory.mktemp("shared"))


def test_health_names_the_service_and_its_worlds(toy):
    answer = toy.app.test_client().get("/_sim/health")

    assert answer.get_json() == {"service": "crm", "status": "ok", "worlds": [WORLD]}


def test_worlds_are_listed_with_their_scenario(toy, other):
    listed = toy.control("GET", "", whole=True).get_json()["worlds"]

    assert [(row["id"], row["scenario"], row["epoch"]) for row in listed] == [
        (WORLD, "empty", 1),
        ("world002", "empty", 1),
    ]
    assert all(row["created_at"] for row in listed)


def test_people_and_credentials_are_shown(toy):
    people = toy.control("GET", "/people").get_json()["people"]

    assert [person["email"] for person in people] == [SALES.email, ADMIN.email]
    assert toy.control("GET", "/credentials").get_json() == {
        **toy.keys,
        "organization_id": "57001",
        "time_zone": "America/Los_Angeles",
    }


def test_on_loopback_a_person_is_picked_to_sign_in(toy):
    answer = toy.control("POST", "/sign-in", {"email": SALES.email})

    token = answer.get_json()["access_token"]

    assert (answer.status_code, answer.get_json()["user"]["full_name"]) == (200, SALES.full_name)
    assert toy.oauth("introspect", token=token)["user"]["email"] == SALES.email


@pytest.mark.parametrize("email", ["stranger@zylker.example", "", "' OR 1=1 --"])
def test_a_stranger_cannot_sign_in(toy, email):
    assert toy.control("POST", "/sign-in", {"email": email}).status_code == 403


BAD_BODIES = ("{", "", "[]", "7", "null", '"text"', "\x00", '{"x": 1}', '{"email": 5}', "NaN", "[" * 50_000)


@pytest.mark.parametrize(
    "door",
    [
        "POST ",
        "POST /world001/prepare",
        "POST /world001/swap",
        "POST /world001/discard",
        "POST /world001/faults",
        "POST /world001/sign-in",
        "PUT /world001/clock",
    ],
)
def test_a_bad_body_is_a_400_with_a_message(toy, door):
    method, path = door.split(" ")
    for body in BAD_BODIES:
        answer = toy.app.test_client().open(f"/_sim/worlds{path}", method=method, data=body.encode())

        assert answer.status_code == 400, (body[:20], answer.text)
        assert answer.get_json()["message"].endswith(".")


@pytest.mark.parametrize("body", [b'"\xff"', b'{"email": "\\ud800"}', b'{"id": 1e999999999}', b'{"email": NaN}'])
def test_a_body_no_database_could_keep_is_refused(toy, body):
    for path in ("", f"/{WORLD}/sign-in"):
        assert toy.app.test_client().post(f"/_sim/worlds{path}", data=body).status_code == 400


@pytest.mark.parametrize(
    "keys",
    [
        {"client_id": "1000.WORLD002ABC"},
        {**credentials_of("world002"), "client_secret": "short"},
        {**credentials_of("world002"), "refresh_token": "x" * 200},
        {**credentials_of("world002"), "client_id": None},
        {**credentials_of("world002"), "more": 1},
        "text",
    ],
    ids=str,
)
def test_credentials_that_do_not_fit_make_no_world(toy, keys):
    answer = toy.control("POST", "", {"id": "world002", "scenario": "empty", "credentials": keys}, whole=True)

    assert answer.status_code == 400
    assert toy.worlds.ids() == [WORLD]


@pytest.mark.parametrize(
    "door",
    [
        *("DELETE ", "POST /prepare", "GET /snapshots", "POST /rest", "GET /clock", "PUT /clock", "GET /due"),
        *("GET /faults", "POST /faults", "DELETE /faults", "GET /faults/1", "PATCH /faults/1", "DELETE /faults/1"),
        "GET /journal",
        *("GET /people", "POST /sign-in", "GET /credentials"),
    ],
)
def test_a_world_that_is_not_there_is_a_404_with_a_message(toy, door):
    method, path = door.split(" ")
    body = {"kind": "reset", "email": ADMIN.email, "freeze": True} if method in ("POST", "PUT") else None
    body = {"/faults": {"kind": "cut"}, "/prepare": {"kind": "reset"}, "/sign-in": {"email": "a"}}.get(path, body)

    for world in ("nowhere1", "UPPER001", "x" * 300, "..%2f..%2fa"):
        answer = toy.app.test_client().open(f"/_sim/worlds/{world}{path}", method=method, json=body)

        assert answer.status_code == 404, (world, answer.text)
        assert "%" in world or answer.get_json()["message"] == f"There is no world {world!r}."


def test_a_service_without_people_says_so(tmp_path):
    client = service_app("connector", tmp_path).test_client()
    client.post("/_sim/worlds", json={"id": WORLD, "scenario": "empty"})

    for method, path in (("GET", "people"), ("GET", "credentials"), ("POST", "sign-in")):
        answer = client.open(f"/_sim/worlds/{WORLD}/{path}", method=method, json={"email": "a"})
        assert (answer.status_code, answer.get_json()["message"]) == (404, "This service has no people of its own.")


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("shared-mode")
    return toy_app(folder, shared=True, admin_token="adminadmin", password="pw")


@pytest.mark.parametrize("token", [None, "", "wrong", "adminadmi", "admin\xff"])
@pytest.mark.parametrize(
    "door", ["GET ", "POST ", "DELETE /world001", "GET /world001/credentials", "POST /world001/swap"]
)
def test_a_shared_simulator_is_controlled_only_with_its_admin_token(shared_app, token, door):
    method, path = door.split(" ")
    headers = {} if token is None else {"X-Admin-Token": token}

    answer = shared_app.test_client().open(f"/_sim/worlds{path}", method=method, headers=headers, json={})

    assert answer.status_code == 401
    assert "admin token" in answer.get_json()["message"]


def test_the_admin_token_opens_the_control_routes_and_health_needs_none(shared_app):
    client = shared_app.test_client()
    headers = {"X-Admin-Token": "adminadmin"}

    assert client.get("/_sim/health").status_code == 200
    assert client.get("/_sim/worlds", headers=headers).status_code == 200


def test_a_shared_simulator_without_an_admin_token_admits_nobody(tmp_path):
    app = toy_app(tmp_path, shared=True, admin_token=None)

    for token in ({}, {"X-Admin-Token": ""}, {"X-Admin-Token": "None"}):
        assert app.test_client().get("/_sim/worlds", headers=token).status_code == 401


@pytest.mark.requirement("X3")
def test_a_world_is_called_by_a_name_that_a_reset_leaves(toy):
    answer = toy.control("PATCH", "", {"name": " Class of Monday "})
    toy.put("reset")

    listed = toy.control("GET", "", whole=True).get_json()["worlds"]
    assert answer.get_json() == {"id": WORLD, "name": "Class of Monday"}
    assert next(row for row in listed if row["id"] == WORLD)["name"] == "Class of Monday"


@pytest.mark.parametrize("body", [{}, {"name": 5}, {"name": "x" * 61}], ids=["none", "a number", "too long"])
def test_a_name_that_is_none_is_refused(toy, body):
    assert toy.control("PATCH", "", body).status_code == 400
