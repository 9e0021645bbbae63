"""The one way out: every call one service makes to another goes through `Outbound`.

It bounds time and size, reads the body inside the attempt, never follows a redirect, calls allow-listed origins
only, passes the trace on, and repeats a call only where that cannot do the work twice (reliability.md §2.6).
"""

import copy
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from simulator import context, turns, wire

if TYPE_CHECKING:
    from simulator.attempts import Attempts

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


class _Tools:
    """What calls are made with, brought when the first one is: many a service calls nobody for long, and requests and
    tenacity are 6 MB and a tenth of a second."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent

    @cached_property
    def attempts(self) -> "Attempts":
        from simulator.attempts import Attempts

        return Attempts(self._user_agent)


class Outbound:
    """The calls of one service to the others; safe to use from several threads."""

    _count: Callable[[], None] | None = None

    def __init__(self, allowed_origins: Iterable[str] = (), user_agent: str = "simulator") -> None:
        self._allowed = {origin_of(url) for url in allowed_origins}
        self._tools = _Tools(user_agent)

    def counting(self, count: Callable[[], None]) -> "Outbound":
        """The same way out, telling of every call that is sent, repeats included."""
        found = copy.copy(self)
        found._count = count
        return found

    def mount(self, url: str, adapter: Any) -> None:
        """Answers calls to `url` by an adapter of one's own: tests join the services in one process so."""
        self._tools.attempts.session.mount(url, adapter)
        self._allowed.add(origin_of(url))

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
        json: Any = None,
        form: dict[str, str] | bytes | None = None,
        repeatable: bool | None = None,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Answer:
        """One call with its repeats. Any status but the passing ones is an answer, not an error.

        Args:
            form: fields of a form, or a body as it is, whose type the headers say.
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
        attempting = self._tools.attempts
        deadline = time.monotonic() + TOTAL_SECONDS

        def attempt() -> Answer:
            if self._count is not None:
                self._count()
            return attempting.once(method, url, sent_headers, params, body if form is None else form, deadline)

        def may_repeat(error: BaseException) -> bool:
            return isinstance(error, PassingPeerError) and (repeatable or not error.may_have_worked)

        with turns.aside():
            return attempting.repeated(attempt, may_repeat, attempts, sleep)

    def _check_origin(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise OriginRefused(f"{url!r} is not a web address", may_have_worked=False) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise OriginRefused(f"{url!r} is not a web address", may_have_worked=False)
        if parts.hostname not in LOOPBACK_HOSTS and origin_of(url) not in self._allowed:
            raise OriginRefused(f"{origin_of(url)} is not an allowed address", may_have_worked=False)


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
