"""The one way out: every call one service makes to another goes through `Outbound`.

It bounds time and size, reads the body inside the attempt, never follows a redirect, calls allow-listed origins
only, passes the trace on, and repeats a call only where that cannot do the work twice (reliability.md §2.6).
"""

import copy
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_after_delay

from simulator import context, turns, wire

ATTEMPTS = 5
CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 60.0
LARGEST_BODY = 32 * 1024 * 1024
WAIT_CAP_SECONDS = 30.0
PASSING_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504))
LOOPBACK_HOSTS = frozenset(("127.0.0.1", "localhost", "::1"))


class PeerError(Exception):
    """A call did not bring a usable answer.

    Attributes:
        may_have_worked: whether the peer may have done the work all the same (the answer was lost on the way).
        retry_after: seconds the peer asked to wait, if it did.
    """

    def __init__(self, message: str, *, may_have_worked: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.may_have_worked = may_have_worked
        self.retry_after = retry_after


class PassingPeerError(PeerError):
    """A failure that may be gone at the next try: no connection, a lost answer, 429 or 5xx."""


class OriginRefused(PeerError):
    """The address is not one this service may call."""


@dataclass(frozen=True)
class Answer:
    """A complete answer: status, headers and the whole body."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        """The body as JSON with exact numbers.

        Raises:
            PassingPeerError: when it is no JSON (an error page, a cut body); what the peer did is unknown.
        """
        try:
            return wire.loads(self.body)
        except ValueError:
            raise PassingPeerError(f"the answer (HTTP {self.status}) is not JSON", may_have_worked=True) from None


class Outbound:
    """The calls of one service to the others; safe to use from several threads."""

    _count: Callable[[], None] | None = None

    def __init__(self, allowed_origins: Iterable[str] = (), user_agent: str = "simulator") -> None:
        self._allowed = {_origin(url) for url in allowed_origins}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = user_agent
        pool = HTTPAdapter(pool_connections=16, pool_maxsize=32, max_retries=0)
        self._session.mount("http://", pool)
        self._session.mount("https://", pool)

    def counting(self, count: Callable[[], None]) -> "Outbound":
        """The same way out, telling of every call that is sent, repeats included."""
        found = copy.copy(self)
        found._count = count
        return found

    def mount(self, url: str, adapter: Any) -> None:
        """Answers calls to `url` by an adapter of one's own: tests join the services in one process so."""
        self._session.mount(url, adapter)
        self._allowed.add(_origin(url))

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
        json: Any = None,
        form: dict[str, str] | None = None,
        repeatable: bool | None = None,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Answer:
        """One call with its repeats. Any status but the passing ones is an answer, not an error.

        Args:
            repeatable: whether the call may be sent again when it is unknown what became of it; GET and HEAD
                are by default, others only when the peer certainly did nothing (no connection, 429).

        Raises:
            PeerError: when the attempts or the time are used up; `may_have_worked` says what is known.
        """
        self._check_origin(url)
        if repeatable is None:
            repeatable = method in ("GET", "HEAD")
        body = None if json is None else wire.dumps(json)
        sent_headers = {"traceparent": context.trace_parent(), **(headers or {})}
        if body is not None:
            sent_headers.setdefault("Content-Type", "application/json")
        deadline = time.monotonic() + TOTAL_SECONDS

        def attempt() -> Answer:
            return self._attempt(method, url, sent_headers, params, body if form is None else form, deadline)

        def may_repeat(error: BaseException) -> bool:
            return isinstance(error, PassingPeerError) and (repeatable or not error.may_have_worked)

        retrying = Retrying(
            retry=retry_if_exception(may_repeat),
            stop=stop_after_attempt(attempts) | stop_after_delay(TOTAL_SECONDS),
            wait=_wait,
            sleep=sleep,
            reraise=True,
        )
        with turns.aside():
            return retrying(attempt)

    def _attempt(
        self, method: str, url: str, headers: dict[str, str], params: Any, data: Any, deadline: float
    ) -> Answer:
        left = max(0.1, deadline - time.monotonic())
        if self._count is not None:
            self._count()
        try:
            with self._session.request(
                method,
                url,
                headers=headers,
                params=params,
                data=data,
                timeout=(min(CONNECT_SECONDS, left), min(READ_SECONDS, left)),
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = Answer(response.status_code, response.headers, _read(response, deadline))
        except (requests.ConnectTimeout, requests.exceptions.InvalidURL) as error:
            raise PassingPeerError(f"no connection to {_origin(url)}", may_have_worked=False) from error
        except requests.ConnectionError as error:
            refused = "refused" in str(error).lower()
            raise PassingPeerError(_lost(url, refused), may_have_worked=not refused) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise PassingPeerError(_lost(url, False), may_have_worked=True) from error
        if answer.status in PASSING_STATUSES:
            raise PassingPeerError(
                f"{_origin(url)} answered HTTP {answer.status}",
                may_have_worked=answer.status not in (425, 429),
                retry_after=_seconds(answer.headers.get("Retry-After")),
            )
        return answer

    def _check_origin(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise OriginRefused(f"{url!r} is not a web address", may_have_worked=False) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise OriginRefused(f"{url!r} is not a web address", may_have_worked=False)
        if parts.hostname not in LOOPBACK_HOSTS and _origin(url) not in self._allowed:
            raise OriginRefused(f"{_origin(url)} is not an allowed address", may_have_worked=False)


def _wait(state: RetryCallState) -> float:
    """Exponential with full jitter; what the peer asked for wins, up to the cap."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, PeerError) and error.retry_after is not None:
        return min(WAIT_CAP_SECONDS, error.retry_after)
    return random.uniform(0, min(WAIT_CAP_SECONDS, 0.5 * 2 ** (state.attempt_number - 1)))


def _read(response: requests.Response, deadline: float) -> bytes:
    parts, size = [], 0
    # One read of the socket at a time: waiting for a full block would let a dripping peer pass the deadline unseen.
    while part := response.raw.read1(64 * 1024, decode_content=True):
        size += len(part)
        if size > LARGEST_BODY or time.monotonic() > deadline:
            raise requests.exceptions.ChunkedEncodingError("the answer is too long or too slow")
        parts.append(part)
    expected = response.headers.get("Content-Length")
    body = b"".join(parts)
    if expected is not None and response.headers.get("Content-Encoding") is None and len(body) < int(expected):
        raise requests.exceptions.ChunkedEncodingError("the answer was cut off")
    return body


def _lost(url: str, refused: bool) -> str:
    return f"nobody answers at {_origin(url)}" if refused else f"the answer of {_origin(url)} was lost"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _seconds(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None
