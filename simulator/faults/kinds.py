"""What each kind of fault makes of an answer: a table. To add a kind is to add its row and its function."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.faults import vendor
from simulator.faults.vendor import Hit, VendorError

if TYPE_CHECKING:
    from simulator.faults.rules import Fault

Headers = list[tuple[str, str]]

#: What a page in the way of the API looks like (reliability.md §4, F13).
HTML_PAGE = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1><hr></body></html>\n"
#: Content-Length of an answer of which nothing but the beginning comes.
PROMISED = 4_096
#: Seconds that a rate limit asks to wait for, unless its rule says it.
USUAL_WAIT = 60
#: The server sends from a thread of its own, and with the connection it drops what it has not sent yet.
SENDING_SECONDS = 0.05
#: No more pieces than this are dripped, however long the body.
MOST_PIECES = 10_000


class ConnectionCut(Exception):
    """Raised in the middle of an answer, so that the server drops the connection."""


@dataclass
class Answer:
    """What goes to the caller: the whole body of a real one, or what a fault makes of it."""

    status: str
    headers: Headers
    body: bytes
    sent: Iterable[bytes] | None = None

    def with_body(self, body: bytes) -> "Answer":
        headers = [pair for pair in self.headers if pair[0].lower() != "content-length"]
        return Answer(self.status, [*headers, ("Content-Length", str(len(body)))], body)


#: Gets the rule, the call, the product's errors and the real answer: None before the work is done.
Spoil = Callable[["Fault", Hit, Sequence[VendorError], Answer | None], Answer]


def _status(fault: "Fault", hit: Hit, errors: Sequence[VendorError], _: Answer | None) -> Answer:
    status, headers = fault.status, {}
    if fault.body or fault.html:
        text = fault.body or HTML_PAGE.format(f"{status} {vendor.phrase(status)}")
        is_json = text.lstrip().startswith(("{", "[")) and not fault.html
        headers["Content-Type"], body = "application/json" if is_json else "text/html", text.encode()
    else:
        error = vendor.chosen(errors, status, fault.code)
        status = error.status if fault.code else status
        headers, body = vendor.written(error, hit)
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return Answer(f"{status} Fault", list(headers.items()), b"").with_body(body)


def _rate_limit(fault: "Fault", hit: Hit, errors: Sequence[VendorError], _: Answer | None) -> Answer:
    error = vendor.chosen(errors, 429, fault.code)
    headers, body = vendor.written(error, hit)
    headers["Retry-After"] = str(hit.wait)
    return Answer(f"{error.status} Fault", list(headers.items()), b"").with_body(body)


def _cut(fault: "Fault", hit: Hit, errors: Sequence[VendorError], real: Answer | None) -> Answer:
    if fault.when == "middle" and real is not None and len(real.body) > 1:
        spoilt = real.with_body(real.body)
        spoilt.sent = _then_cut(real.body[: len(real.body) // 2])
        return spoilt
    headers = [("Content-Type", "application/json"), ("Content-Length", str(PROMISED))]
    return Answer("200 OK", headers, b"", _then_cut(b'{"'))


def _then_cut(begin: bytes) -> Iterator[bytes]:
    yield begin
    time.sleep(SENDING_SECONDS)
    raise ConnectionCut


def _malformed(fault: "Fault", hit: Hit, errors: Sequence[VendorError], real: Answer | None) -> Answer:
    """JSON that ends early, or with commas where none may be; its length is true."""
    assert real is not None
    if len(real.body) < 2:
        return Answer("200 OK", [("Content-Type", "application/json")], b"").with_body(b'{"')
    if fault.form == "spoiled":
        return real.with_body(real.body[:-1] + b",," + real.body[-1:])
    return real.with_body(real.body[: len(real.body) // 2])


def _drip(fault: "Fault", hit: Hit, errors: Sequence[VendorError], real: Answer | None) -> Answer:
    assert real is not None
    spoilt = real.with_body(real.body)
    spoilt.sent = _dripping(real.body, fault.pieces or MOST_PIECES, fault.milliseconds / 1000)
    return spoilt


def _dripping(body: bytes, pieces: int, seconds: float) -> Iterator[bytes]:
    """The body in so many pieces, evenly over the time; byte by byte if it is no longer than that."""
    started, count = time.monotonic(), max(1, min(pieces, len(body)))
    for number in range(1, count + 1):
        time.sleep(max(0.0, started + seconds * number / count - time.monotonic()))
        yield body[len(body) * (number - 1) // count : len(body) * number // count]


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        spoil: what it makes of the answer; None: it only waits.
        moments: when it may happen, the usual one first.
        usual, longest: its milliseconds unless the rule says them, and at most.
        waits: whether these pass before the answer begins.
    """

    spoil: Spoil | None
    moments: tuple[str, ...] = ("before", "after")
    usual: int = 0
    longest: int = 60_000
    waits: bool = True


KINDS: dict[str, Kind] = {
    "latency": Kind(None),
    "timeout": Kind(None, ("after",), usual=30_000, longest=600_000),
    "status": Kind(_status),
    "rate_limit": Kind(_rate_limit, ("before",)),
    "cut": Kind(_cut, ("before", "after", "middle")),
    "malformed": Kind(_malformed, ("after",)),
    "drip": Kind(_drip, ("after",), usual=10_000, longest=600_000, waits=False),
}


def wait(faults: Iterable["Fault"]) -> None:
    for fault in faults:
        if KINDS[fault.kind].waits:
            time.sleep(fault.milliseconds / 1000)


def spoilt(
    faults: Iterable["Fault"], method: str, path: str, errors: Sequence[VendorError], real: Answer | None
) -> Answer | None:
    """What the first of the faults that spoils anything makes of the answer; None when none does."""
    for fault in faults:
        if spoil := KINDS[fault.kind].spoil:
            seconds = USUAL_WAIT if fault.retry_after is None else fault.retry_after
            return spoil(fault, Hit(method, path, seconds), errors, real)
    return None
