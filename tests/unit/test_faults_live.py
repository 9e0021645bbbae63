"""Every kind of fault at a service that runs as users run it: what comes over the socket, and what was done."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.config import DEFAULT_WORLD
from simulator.http import PassingPeerError
from tests.support.live import Live

pytestmark = [pytest.mark.requirement("X5"), pytest.mark.xdist_group("faults_live")]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    live = Live(tmp_path_factory.mktemp("faults"))
    yield live
    live.stop()


@pytest.fixture(autouse=True)
def clean(live: Live) -> Iterator[None]:
    yield
    control(live, "DELETE")


def control(live: Live, method: str, body: Any = None) -> Any:
    url = f"{live.url('invoice')}/_sim/worlds/{DEFAULT_WORLD}/faults"
    answer = live.outbound.call(method, url, json=body, attempts=1)
    assert answer.status < 300, answer.body
    return answer


class Wire:
    """One call over a socket of its own: what came, when, and whether the server then dropped the connection."""

    def __init__(self, live: Live, name: str, patience: float = 5.0) -> None:
        parts = urlsplit(live.url("invoice"))
        body = json.dumps({"contact_name": name})
        token = live._connector_grant.token()
        head = (
            f"POST /invoice/v3/contacts HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Zoho-oauthtoken {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.arrivals: list[float] = []
        self.received, self.is_dropped, started = b"", False, time.monotonic()
        with socket.create_connection((str(parts.hostname), int(parts.port or 80)), patience) as connection:
            connection.sendall(f"{head}{body}".encode())
            while not self.is_whole():
                try:
                    part = connection.recv(65_536)
                except TimeoutError:
                    break
                if not part:
                    self.is_dropped = True
                    break
                self.received += part
                self.arrivals.append(time.monotonic() - started)
        self.took = time.monotonic() - started

    def is_whole(self) -> bool:
        return b"\r\n\r\n" in self.received and len(self.body) >= int(self.headers["content-length"])

    @property
    def status(self) -> int:
        return int(self.received.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = self.received.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.received.partition(b"\r\n\r\n")[2]


def names(live: Live) -> set[str]:
    return {row["contact_name"] for row in live.invoice.contacts()}


@pytest.mark.parametrize("when", ["before", "after", "middle"])
def test_a_cut_drops_the_connection(live: Live, when: str):
    control(live, "POST", {"kind": "cut", "when": when, "route": "/contacts", "times": 1})

    met = Wire(live, f"Cut {when}")

    assert met.is_dropped
    assert 0 < len(met.body) < int(met.headers["content-length"])
    if when == "middle":
        assert len(met.body) == int(met.headers["content-length"]) // 2
        assert (met.status, met.body[:10]) == (201, b'{"code":0,')
    assert (f"Cut {when}" in names(live)) is (when != "before")


def test_a_reader_of_a_cut_page_gets_an_error_and_no_partial_page(live: Live):
    control(live, "POST", {"kind": "cut", "when": "middle", "method": "GET", "route": "/contacts", "times": 1})
    url = f"{live.url('invoice')}/invoice/v3/contacts"
    headers = {"Authorization": f"Zoho-oauthtoken {live._connector_grant.token()}"}

    with pytest.raises(PassingPeerError, match="lost"):
        live.outbound.call("GET", url, headers=headers, attempts=1)


@pytest.mark.parametrize("form", ["cut", "spoiled"])
def test_a_malformed_answer_arrives_whole_and_is_no_json(live: Live, form: str):
    control(live, "POST", {"kind": "malformed", "form": form, "route": "/contacts", "times": 1})

    met = Wire(live, f"Malformed {form}")

    assert (met.status, met.is_dropped, met.is_whole()) == (201, False, True)
    assert met.body.startswith(b'{"code":0,')
    with pytest.raises(json.JSONDecodeError):
        json.loads(met.body)
    assert f"Malformed {form}" in names(live)


def test_an_answer_drips_in_pieces_while_others_are_served(live: Live):
    control(live, "POST", {"kind": "drip", "milliseconds": 1_000, "pieces": 10, "route": "/contacts", "times": 1})

    met = Wire(live, "Drip")

    assert (met.status, met.is_whole(), json.loads(met.body)["contact"]["contact_name"]) == (201, True, "Drip")
    assert met.took >= 1.0
    assert len(met.arrivals) >= 8
    assert met.arrivals[1] < 0.9


def test_a_timeout_is_a_work_done_and_no_answer_in_time(live: Live):
    control(live, "POST", {"kind": "timeout", "milliseconds": 1_500, "route": "/contacts", "times": 1})

    met = Wire(live, "Timeout", patience=0.5)

    assert (met.received, met.is_dropped) == (b"", False)
    assert "Timeout" in names(live)


def test_latency_comes_before_the_work_unless_told_otherwise(live: Live):
    control(live, "POST", {"kind": "latency", "milliseconds": 400, "route": "/contacts", "times": 1})

    met = Wire(live, "Latency")

    assert met.took >= 0.4
    assert (met.status, "Latency" in names(live)) == (201, True)


@pytest.mark.parametrize(
    ("rule", "status", "kind", "begins"),
    [
        ({"kind": "status", "status": 500}, 500, "application/json", b'{"code":1000,'),
        ({"kind": "rate_limit", "retry_after": 3}, 429, "application/json", b'{"code":44,'),
        ({"kind": "status", "status": 200, "html": True}, 200, "text/html", b"<!DOCTYPE html>"),
        ({"kind": "status", "status": 502, "html": True}, 502, "text/html", b"<!DOCTYPE html>"),
    ],
    ids=str,
)
def test_an_answer_instead_of_the_work(live: Live, rule: dict[str, Any], status: int, kind: str, begins: bytes):
    control(live, "POST", {**rule, "method": "POST", "route": "/contacts", "times": 1})

    met = Wire(live, "Never")

    assert (met.status, met.headers["content-type"].partition(";")[0], met.is_whole()) == (status, kind, True)
    assert met.body.startswith(begins)
    assert met.headers.get("retry-after") == ("3" if status == 429 else None)
    assert "Never" not in names(live)
