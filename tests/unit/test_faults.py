"""Faults on demand: what they do to a call, which calls they hit, and that the work before them stands or does not."""

import http.client
import io
import time

import pytest

from simulator.app import Service
from simulator.faults import ConnectionCut
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


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "explode"},
        {"kind": "status", "status": 200},
        {"kind": "status", "status": 600},
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
