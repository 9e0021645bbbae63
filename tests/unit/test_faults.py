"""Faults on demand: what they do to a call, which calls they hit, and that the work before them stands or does not."""

import http.client
import io
import json
import time

import pytest
import requests

from simulator.app import Service
from simulator.faults import ConnectionCut
from simulator.faults.rules import Fault
from tests.support.transport import WsgiAdapter
from tests.unit.toy import live, toy_app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return toy_app(tmp_path_factory.mktemp("shared"))


def test_a_status_before_the_work_answers_instead_of_it(toy):
    toy.fault(kind="status", status=503, path="/things", retry_after=7, body='{"code":"BUSY"}')

    answer = toy.add("Acme")
    toy.control("DELETE", "/faults")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert (answer.headers["Content-Type"], answer.get_json()) == ("application/json", {"code": "BUSY"})
    assert toy.names() == ["seed"]


def test_a_status_after_the_work_hides_a_success_that_is_durable(toy):
    toy.fault(kind="status", status=502, when="after", times=1, body="<h1>Bad gateway</h1>")

    answer = toy.add("Acme")

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert toy.names() == ["seed", "Acme"]
    assert len(toy.journal("writes=1&path=/things")) == 1


@pytest.mark.parametrize(("when", "names"), [("before", ["seed"]), ("after", ["seed", "Acme"])])
def test_a_cut_breaks_off_the_answer(toy, when, names):
    toy.fault(kind="cut", when=when, times=1)

    with pytest.raises(ConnectionCut):
        toy.add("Acme").get_data()

    assert toy.names() == names


def test_a_cut_is_a_lost_connection_to_a_real_client(toy):
    toy.fault(kind="cut", when="after", times=1)
    with live(toy.app) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        connection.request("POST", "/things", '{"name":"Acme"}', toy.headers)
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            connection.getresponse().read()
        connection.close()

    assert toy.names() == ["seed", "Acme"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_latency_delays_and_changes_nothing_else(toy, when):
    toy.fault(kind="latency", milliseconds=60, when=when, method="POST")
    started = time.monotonic()

    answer = toy.add("Acme")

    assert answer.status_code == 201
    assert time.monotonic() - started >= 0.06
    assert toy.names() == ["seed", "Acme"]


def test_latency_and_a_status_work_together(toy):
    toy.fault(kind="latency", milliseconds=40)
    toy.fault(kind="status", status=504)
    started = time.monotonic()

    assert toy.call("GET", "/things").status_code == 504
    assert time.monotonic() - started >= 0.04


def statuses(toy, count: int) -> list[int]:
    return [toy.call("GET", "/things").status_code for _ in range(count)]


def test_a_fault_skips_hits_so_often_and_ends(toy):
    rule = toy.fault(kind="status", status=500, skip=2, times=2)

    assert statuses(toy, 6) == [200, 200, 500, 500, 200, 200]
    (shown,) = toy.control("GET", "/faults").get_json()["faults"]
    assert shown == {**rule, "hits": 2, "seen": 6}


def test_only_what_the_rule_names_is_hit(toy):
    toy.fault(kind="status", status=500, method="POST", path="^/th.ngs$")

    assert toy.call("GET", "/things").status_code == 200
    assert toy.call("POST", "/form", data={"name": "Acme"}).status_code == 201
    assert toy.add("Acme").status_code == 500


def test_chance_is_the_same_for_the_same_seed(toy):
    found = []
    for seed in (7, 7, 8):
        toy.fault(kind="status", status=500, probability=0.5, seed=seed)
        found.append(statuses(toy, 24))
        toy.control("DELETE", "/faults")

    assert found[0] == found[1] != found[2]
    assert 4 <= found[0].count(500) <= 20


@pytest.mark.parametrize(("probability", "hit"), [(0, 200), (1, 500)])
def test_chance_has_ends(toy, probability, hit):
    toy.fault(kind="status", status=500, probability=probability)

    assert set(statuses(toy, 5)) == {hit}


def test_faults_belong_to_one_world(toy, other):
    toy.fault(kind="status", status=500)

    assert (toy.call("GET", "/things").status_code, other.call("GET", "/things").status_code) == (500, 200)
    other.control("DELETE", "/faults")
    assert toy.call("GET", "/things").status_code == 500
    toy.control("DELETE", "/faults")
    assert toy.call("GET", "/things").status_code == 200
    assert toy.control("GET", "/faults").get_json() == {"faults": []}


def test_faults_go_with_their_world(toy):
    toy.fault(kind="status", status=500)
    toy.control("DELETE", "")

    assert type(toy).made(toy.app).names() == ["seed"]


def test_control_routes_are_never_hit(toy):
    toy.fault(kind="status", status=500, path="")

    assert toy.control("GET", "/clock").status_code == 200


def test_sign_in_at_the_accounts_server_can_be_hit(toy):
    toy.fault(kind="status", status=500, path="/oauth/v2/token", times=1)

    answer = toy.app.test_client().post("/oauth/v2/token", data={"grant_type": "refresh_token", **toy.keys})

    assert answer.status_code == 500
    assert "access_token" in toy.oauth(grant_type="refresh_token", **toy.keys)


@pytest.mark.parametrize("when", ["before", "after"])
def test_bodies_reach_the_application_while_faults_are_set(toy, when):
    toy.fault(kind="latency", milliseconds=0, when=when)
    token = toy.headers["Authorization"].split()[1]
    client = toy.app.test_client()

    assert toy.add("json").status_code == 201
    assert toy.call("POST", "/form", data={"name": "form"}).status_code == 201
    assert client.post("/form", data={"authtoken": token, "name": "token in the form"}).status_code == 201
    parts = {"data": {"name": "parts"}, "content_type": "multipart/form-data"}
    assert toy.call("POST", "/form", **parts).status_code == 201

    assert toy.names() == ["seed", "json", "form", "token in the form", "parts"]
    assert toy.control("GET", "/faults").get_json()["faults"][0]["hits"] == 5


@pytest.mark.parametrize("faulty", [False, True], ids=["no faults", "faults"])
def test_a_body_sent_in_chunks_reaches_the_application(toy, faulty):
    if faulty:
        toy.fault(kind="latency", milliseconds=0)
    with live(toy.app) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        headers = {**toy.headers, "Transfer-Encoding": "chunked"}
        connection.request("POST", "/things", iter([b'{"name":', b'"Acme"}']), headers, encode_chunked=True)
        assert connection.getresponse().status == 201
        connection.close()

    assert toy.names() == ["seed", "Acme"]


class AsGranianGives(io.BytesIO):
    """The body of a call, which the server ends itself and of which nobody can read a negative length."""

    def read(self, size: int | None = None) -> bytes:
        if size is not None and size < 0:
            raise OverflowError("can't convert negative int to unsigned")
        return super().read(size)


@pytest.mark.parametrize("body", [b"", b'{"name":"Acme"}'], ids=["no body", "a body in chunks"])
def test_a_body_of_unknown_length_is_read_as_the_server_allows(toy, body):
    toy.fault(kind="latency", milliseconds=0)
    environ = {"wsgi.input": AsGranianGives(body), "wsgi.input_terminated": True}

    answer = toy.call("POST" if body else "GET", "/things", environ_overrides=environ)

    assert answer.status_code == (201 if body else 200)


def test_a_cut_in_the_middle_promises_the_whole_answer_and_sends_half(toy):
    whole = toy.call("POST", "/things", json={"name": "Whole"}).get_data()
    toy.fault(kind="cut", when="middle", times=1)

    answer = toy.app.test_client().post("/things", json={"name": "Whole"}, headers=toy.headers, buffered=False)
    parts = iter(answer.response)

    assert int(answer.headers["Content-Length"]) == len(whole)
    assert len(next(parts)) == len(whole) // 2
    with pytest.raises(ConnectionCut):
        next(parts)
    assert toy.names() == ["seed", "Whole", "Whole"]


@pytest.mark.parametrize("when", ["before", "after", "middle"])
def test_in_one_process_a_cut_is_what_a_client_of_sockets_sees(toy, when):
    toy.fault(kind="cut", when=when, times=1)
    session = requests.Session()
    session.mount("http://crm.test", WsgiAdapter(toy.app))

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        _ = session.post("http://crm.test/things", json={"name": "Acme"}, headers=toy.headers).content

    assert toy.names() == ["seed", *([] if when == "before" else ["Acme"])]


@pytest.mark.parametrize("form", ["cut", "spoiled"])
def test_a_malformed_answer_is_no_json_and_says_its_true_length(toy, form):
    toy.fault(kind="malformed", form=form, times=1)

    answer = toy.add("Acme")

    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json;charset=UTF-8")
    assert int(answer.headers["Content-Length"]) == len(answer.data) > 10
    assert answer.data.startswith(b'{"id":')
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.data)
    assert toy.names() == ["seed", "Acme"]


def test_a_dripped_answer_is_whole_in_the_end_and_takes_its_time(toy):
    toy.fault(kind="drip", milliseconds=200, pieces=4, times=1)
    started = time.monotonic()

    answer = toy.app.test_client().post("/things", json={"name": "Acme"}, headers=toy.headers, buffered=False)
    parts = list(answer.response)

    assert time.monotonic() - started >= 0.2
    assert len(parts) == 4
    assert json.loads(b"".join(parts))["name"] == "Acme"


def test_while_an_answer_drips_others_are_served_and_its_work_is_durable(toy):
    toy.fault(kind="drip", milliseconds=60_000, times=1)

    answer = toy.app.test_client().post("/things", json={"name": "Acme"}, headers=toy.headers, buffered=False)
    first = next(iter(answer.response))

    assert len(first) == 1  # byte by byte
    started = time.monotonic()
    assert toy.names() == ["seed", "Acme"]
    assert toy.add("Zylker").status_code == 201
    assert time.monotonic() - started < 5


def test_a_timeout_does_the_work_and_answers_too_late(toy):
    rule = toy.fault(kind="timeout", milliseconds=300, times=1)
    with live(toy.app) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=0.1)
        connection.request("POST", "/things", '{"name":"Acme"}', toy.headers)
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()

    assert rule["when"] == "after"
    assert toy.names() == ["seed", "Acme"]


@pytest.mark.parametrize(("status", "title"), [(200, "200 OK"), (502, "502 Bad Gateway")])
def test_a_page_can_come_instead_of_json(toy, status, title):
    toy.fault(kind="status", status=status, html=True)

    answer = toy.call("GET", "/things")

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")
    assert f"<h1>{title}</h1>" in answer.text


def test_a_service_without_errors_of_its_own_says_the_status_in_words(toy):
    toy.fault(kind="status", status=503, times=1)
    toy.fault(kind="rate_limit", retry_after=9)

    assert toy.call("GET", "/things").get_json() == {"message": "Service Unavailable"}
    limited = toy.call("GET", "/things")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "9")
    refused = toy.control("POST", "/faults", {"kind": "status", "code": "BUSY"})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (400, ["code"])


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        ({"nth": 3}, [200, 200, 500, 200, 200, 200]),
        ({"every": 2}, [200, 500, 200, 500, 200, 500]),
        ({"every": 2, "skip": 1}, [200, 200, 500, 200, 500, 200]),
        ({"every": 2, "times": 1}, [200, 500, 200, 200, 200, 200]),
    ],
    ids=str,
)
def test_calls_are_hit_by_their_number(toy, rule, answers):
    toy.fault(kind="status", status=500, **rule)

    assert statuses(toy, 6) == answers


def test_a_fault_for_a_time_ends_by_itself(toy):
    rule = toy.fault(kind="status", status=500, seconds=0.5)
    assert 0 < rule["seconds_left"] <= 0.5
    assert statuses(toy, 1) == [500]

    time.sleep(0.5)

    assert statuses(toy, 1) == [200]
    (shown,) = toy.control("GET", "/faults").get_json()["faults"]
    assert (shown["hits"], shown["seen"], shown["seconds_left"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("route", "path", "hit"),
    [
        ("/contacts/{id}", "/api/v3/contacts/410", True),
        ("/contacts/{id}", "/api/v3/contacts/410/comments", False),
        ("/contacts", "/api/v3/contacts", True),
        ("/contacts", "/api/v3/mycontacts", False),
        ("/{module}/{id}.pdf", "/crm/v8/Deals/4.pdf", True),
        ("/{module}/{id}.pdf", "/crm/v8/Deals/4xpdf", False),
    ],
)
def test_a_route_is_the_end_of_a_path_with_places(route, path, hit):
    assert Fault(id="1", kind="cut", route=route).meets("GET", path) is hit


def test_one_rule_can_be_switched_off_and_on_and_taken_away(toy):
    one, two = (toy.fault(kind="status", status=status)["id"] for status in (500, 503))

    off = toy.control("PATCH", f"/faults/{one}", {"enabled": False})
    assert (off.status_code, off.get_json()["enabled"]) == (200, False)
    assert statuses(toy, 2) == [503, 503]
    toy.control("PATCH", f"/faults/{one}", {"enabled": True})
    assert statuses(toy, 1) == [500]
    shown = toy.control("GET", f"/faults/{one}").get_json()
    assert (shown["seen"], shown["hits"]) == (1, 1)

    assert toy.control("DELETE", f"/faults/{one}").status_code == 204
    assert statuses(toy, 1) == [503]
    assert toy.control("DELETE", f"/faults/{two}").status_code == 204
    assert statuses(toy, 1) == [200]


def test_a_rule_that_is_not_there_is_told(toy, other):
    elsewhere = other.fault(kind="cut")["id"]
    for method, body in (("GET", None), ("PATCH", {"enabled": False}), ("DELETE", None)):
        for name in ("nothing", elsewhere):
            answer = toy.control(method, f"/faults/{name}", body)
            assert (answer.status_code, answer.get_json()["message"]) == (
                404,
                f"There is no fault {name!r} in this world.",
            )
    rule = toy.fault(kind="cut")["id"]
    assert toy.control("PATCH", f"/faults/{rule}", {"enabled": "perhaps"}).status_code == 400
    assert toy.control("PATCH", f"/faults/{rule}", {"kind": "status"}).status_code == 400


@pytest.mark.parametrize("door", ["GET ", "POST ", "DELETE ", "GET /1", "PATCH /1", "DELETE /1"])
def test_on_a_shared_simulator_faults_need_the_admin_token(tmp_path, door):
    client = toy_app(tmp_path, shared=True, admin_token="adminadmin", password="pw").test_client()
    method, path = door.split(" ")
    where = f"/_sim/worlds/world001/faults{path}"

    assert client.open(where, method=method, json={}).status_code == 401
    admitted = client.open(where, method=method, json={}, headers={"X-Admin-Token": "adminadmin"})
    assert admitted.status_code == 404  # there is no such world


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "explode"},
        {"kind": "status", "status": 200},
        {"kind": "status", "status": 600},
        {"kind": "status", "status": 199, "html": True},
        {"kind": "status", "status": 302, "html": True},
        {"kind": "status", "status": 500, "code": "NO_SUCH"},
        {"kind": "cut", "nth": 0},
        {"kind": "cut", "every": 0},
        {"kind": "cut", "seconds": 0},
        {"kind": "cut", "seconds": "NaN"},
        {"kind": "cut", "route": "contacts"},
        {"kind": "cut", "enabled": "perhaps"},
        {"kind": "latency", "when": "middle"},
        {"kind": "malformed", "when": "before"},
        {"kind": "malformed", "form": "burnt"},
        {"kind": "drip", "milliseconds": 600_001},
        {"kind": "drip", "pieces": 0},
        {"kind": "timeout", "when": "before"},
        {"kind": "rate_limit", "when": "after"},
        {"kind": "status", "status": "abc"},
        {"kind": "latency", "milliseconds": -1},
        {"kind": "latency", "milliseconds": 60_001},
        {"kind": "cut", "when": "during"},
        {"kind": "cut", "method": "FETCH"},
        {"kind": "cut", "path": "("},
        {"kind": "cut", "times": 0},
        {"kind": "cut", "skip": -1},
        {"kind": "cut", "probability": 1.5},
        {"kind": "cut", "probability": "often"},
        {"kind": "cut", "retry_after": -1},
        {"kind": "cut", "hits": 5},
        {"kind": "cut", "seed": 10**30},
        {"kind": "status", "body": "\ud800"},
        [],
        "cut",
    ],
    ids=str,
)
def test_a_rule_that_makes_no_sense_is_refused(toy, rule):
    answer = toy.control("POST", "/faults", rule)

    assert answer.status_code == 400
    assert answer.get_json()["message"]
    assert toy.control("GET", "/faults").get_json() == {"faults": []}
