"""Calls between services: repeated only where that cannot do the work twice, bounded in time and size."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from simulator import context, http
from simulator.http import OriginRefused, Outbound, PassingPeerError, PeerError

TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


def answer(body: bytes = b"{}", status: int = 200, length: int | None = None, **headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


@dataclass
class Peer:
    """A server on a raw socket that answers each call with the next of its answers, whole, cut or in drops."""

    answers: list = field(default_factory=list)
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                self.calls.append(_read_call(connection))
                act = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                try:
                    act(connection) if callable(act) else connection.sendall(act)
                except OSError:
                    continue  # the caller has gone


def _read_call(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    head, _, body = b"", b"", b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(65536)
    head, _, body = head.partition(b"\r\n\r\n")
    line, *rest = head.decode().split("\r\n")
    headers = dict(row.split(": ", 1) for row in rest)
    while len(body) < int(headers.get("Content-Length", 0)):
        body += connection.recv(65536)
    return line, headers, body


def dripping(first: bytes, seconds: float):
    def drip(connection: socket.socket) -> None:
        connection.sendall(first)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            connection.sendall(b"x")
            time.sleep(0.02)

    return drip


@pytest.fixture
def peer() -> Iterator[Peer]:
    listening = socket.create_server(("127.0.0.1", 0))
    found = Peer([answer()], url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    thread = threading.Thread(target=found.serve, args=(listening,))
    thread.start()
    yield found
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def call(peer, slept):
    outbound = Outbound(user_agent="tests")

    def make(method: str, path: str = "/x", **options):
        return outbound.call(method, path if "://" in path else peer.url + path, sleep=slept.append, **options)

    return make


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_read_is_tried_again_after_a_passing_failure(peer, call, slept, status):
    peer.answers = [answer(status=status), answer(b'{"a": 1.10}')]

    found = call("GET")

    assert (found.status, str(found.json()["a"]), len(peer.calls), len(slept)) == (200, "1.10", 2, 1)


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("0", 0), ("2.5", 2.5), ("3600", 30), ("-5", 0)])
def test_the_wait_the_peer_asks_for_is_kept_up_to_a_cap(peer, call, slept, asked, waited):
    peer.answers = [answer(status=429, Retry_After=asked), answer()]

    call("GET")

    assert slept == [waited]


def test_waits_grow_at_random_below_a_cap(peer, call, slept):
    peer.answers = [answer(status=503, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT")]

    with pytest.raises(PassingPeerError) as failure:
        call("GET")

    assert len(peer.calls) == http.ATTEMPTS == len(slept) + 1
    assert all(0 <= wait <= 0.5 * 2**number for number, wait in enumerate(slept))
    assert str(failure.value) == f"{peer.url} answered HTTP 503"


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 401, 404, 409, 422, 501])
def test_any_other_status_is_an_answer(peer, call, status):
    peer.answers = [answer(b"", status)]

    assert call("GET").status == status
    assert len(peer.calls) == 1


def test_a_write_whose_outcome_is_unknown_is_never_sent_again(peer, call):
    for spoiled in (answer(status=500), answer(status=503), b"", answer(b"{", length=50), b"HTTP/1."):
        peer.answers, peer.calls = [spoiled], []

        with pytest.raises(PassingPeerError) as failure:
            call("POST", json={"a": 1})

        assert failure.value.may_have_worked
        assert len(peer.calls) == 1


@pytest.mark.parametrize("status", [425, 429])
def test_a_write_that_was_turned_away_is_sent_again(peer, call, status):
    peer.answers = [answer(status=status), answer(status=201)]

    assert call("POST", json={"a": 1}).status == 201
    assert [body for _, _, body in peer.calls] == [b'{"a":1}'] * 2


def test_a_write_said_to_be_repeatable_is_sent_again(peer, call):
    peer.answers = [b"", answer(status=201)]

    assert call("PUT", json={"a": 1}, repeatable=True).status == 201
    assert len(peer.calls) == 2


def test_a_read_said_not_to_be_repeatable_is_sent_once(peer, call):
    peer.answers = [answer(status=503)]

    with pytest.raises(PassingPeerError):
        call("GET", repeatable=False)

    assert len(peer.calls) == 1


def test_a_write_is_sent_again_where_nobody_listened(peer, call, slept):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(PassingPeerError, match="nobody answers at") as failure:
        call("POST", f"{url}/x", json={}, attempts=3)

    assert not failure.value.may_have_worked
    assert len(slept) == 2


@pytest.mark.parametrize("chunked", [False, True], ids=["by length", "in chunks"])
def test_an_answer_that_is_cut_off_is_noticed_and_read_again(peer, call, chunked):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    cut = head + b"5\r\n[1, 2" if chunked else answer(b'{"a": 1', length=9)
    whole = head + b"6\r\n[1, 2]\r\n0\r\n\r\n" if chunked else answer(b"[1, 2]")
    peer.answers = [cut, whole]

    assert call("GET").json() == [1, 2]
    assert len(peer.calls) == 2


def test_an_answer_without_a_length_ends_with_the_connection(peer, call):
    peer.answers = [b"HTTP/1.0 200 OK\r\n\r\n[1]"]

    assert call("GET").json() == [1]


def test_a_packed_answer_is_unpacked(peer, call):
    import gzip

    peer.answers = [answer(gzip.compress(b"[" + b"1," * 100_000 + b"1]"), Content_Encoding="gzip")]

    assert len(call("GET").json()) == 100_001


def test_an_answer_that_is_too_large_is_given_up(peer, call, monkeypatch):
    monkeypatch.setattr(http, "LARGEST_BODY", 100_000)
    peer.answers = [answer(b"x" * 100_001)]

    with pytest.raises(PassingPeerError):
        call("GET", attempts=1)

    peer.answers = [answer(b"x" * 100_000)]
    assert len(call("GET").body) == 100_000


@pytest.mark.parametrize(
    "first",
    [
        answer(length=10_000_000),
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
    ],
    ids=["by length", "open end", "one long chunk"],
)
def test_a_peer_that_drips_is_given_up_at_the_deadline(peer, call, monkeypatch, first):
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.3)
    peer.answers = [dripping(first, 3)]
    started = time.monotonic()

    with pytest.raises(PassingPeerError):
        call("GET")

    assert time.monotonic() - started < 1.5
    assert len(peer.calls) == 1


def test_a_peer_that_says_nothing_is_given_up(peer, call, monkeypatch):
    monkeypatch.setattr(http, "READ_SECONDS", 0.1)
    peer.answers = [lambda connection: time.sleep(0.5)]

    with pytest.raises(PassingPeerError) as failure:
        call("POST", json={})

    assert failure.value.may_have_worked


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(peer, call, status):
    peer.answers = [answer(b"", status, Location=f"{peer.url}/elsewhere")]

    found = call("GET")

    assert (found.status, len(peer.calls)) == (status, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/x",
        "https://crm.test/x",
        "http://crm.test:81/x",
        "http://crm.test.evil.example/x",
        "http://crm.test@evil.example/x",
        "http://evil.example\\@127.0.0.1/x",
        "http://user:pw@127.0.0.1/x",
        "http://0.0.0.0/x",
        "http://169.254.169.254/x",
        "http://10.0.0.1/x",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://[::1/x",
        "http:///x",
        "//127.0.0.1/x",
        "",
    ],
)
def test_an_address_that_is_not_allowed_is_not_called(url):
    outbound = Outbound(["http://crm.test"])

    with pytest.raises(OriginRefused) as failure:
        outbound.call("GET", url)

    assert not failure.value.may_have_worked


def test_allowed_addresses_pass_the_check():
    outbound = Outbound(["http://crm.test", "https://hooks.example:8443/path"])

    for url in ("http://crm.test/y", "https://hooks.example:8443/z", "http://localhost:5/", "http://[::1]:5/"):
        outbound._check_origin(url)


def test_the_trace_is_passed_on_and_stays_the_same_over_repeats(peer, call):
    peer.answers = [answer(status=503), answer()]

    with context.traced(TRACE):
        call("GET")
    call("GET")

    traces = [headers["traceparent"] for _, headers, _ in peer.calls]
    assert traces[:2] == [TRACE, TRACE]
    assert context._TRACE_PARENT.fullmatch(traces[2])
    assert traces[2] != TRACE


def test_a_trace_that_is_none_is_replaced():
    for broken in (None, "", "junk", TRACE.upper() + "x", TRACE + "\r\nX: y"):
        with context.traced(broken) as trace:
            assert context._TRACE_PARENT.fullmatch(trace)


def test_bodies_headers_and_parameters_are_sent_as_given(peer, call):
    call("POST", json={"amount": 5, "name": "Zürich"}, params={"page": 2}, headers={"X-A": "b"})
    call("POST", form={"grant_type": "refresh_token"})

    (line, headers, body), (_, form_headers, form) = peer.calls
    assert line == "POST /x?page=2 HTTP/1.1"
    assert (headers["Content-Type"], headers["X-A"], headers["User-Agent"]) == ("application/json", "b", "tests")
    assert json.loads(body) == {"amount": 5, "name": "Zürich"}
    assert (form_headers["Content-Type"], form) == ("application/x-www-form-urlencoded", b"grant_type=refresh_token")


@pytest.mark.parametrize("body", [b"<h1>proxy</h1>", b"", b"NaN", b"\xff"])
def test_an_answer_that_is_no_json_leaves_open_what_happened(peer, call, body):
    peer.answers = [answer(body)]
    found = call("POST", json={})

    with pytest.raises(PeerError) as failure:
        found.json()

    assert failure.value.may_have_worked
