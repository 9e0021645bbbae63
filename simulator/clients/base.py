"""What all API clients share: the token and its renewal, the check for refusals. One method is one HTTP call."""

import copy
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Self

from simulator.http import ATTEMPTS, Answer, Outbound, PassingPeerError, PeerError


class Refusal(PeerError):
    """The API understood and said no; asking again as it is does not help.

    Attributes:
        status: the HTTP status.
        code: the vendor's code, a word at the CRM and a number at Invoice.
        details: what the vendor says beside the message.
    """

    def __init__(self, status: int, code: str | int, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message, may_have_worked=False)
        self.status = status
        self.code = code
        self.message = message
        self.details = details or {}


class SignInRefused(Refusal):
    """The refresh token is no longer good: somebody has to connect again."""


class Page(NamedTuple):
    """One page of a list, and the server's time when it was answered, where it told."""

    rows: list[dict[str, Any]]
    date: datetime | None


class Rows(Iterator[dict[str, Any]]):
    """The rows of a list, whose pages are asked for as they are needed.

    Attributes:
        date: the server's time when the first page was answered: what is changed later may be missing. None until then,
            or where the server does not tell it.
    """

    def __init__(self, pages: Iterator[Page]) -> None:
        self.date: datetime | None = None
        self._rows = self._of(pages)

    def _of(self, pages: Iterator[Page]) -> Iterator[dict[str, Any]]:
        for number, page in enumerate(pages):
            if number == 0:
                self.date = page.date
            yield from page.rows

    def __next__(self) -> dict[str, Any]:
        return next(self._rows)


class Grant:
    """Access tokens of one user at one product, renewed from a refresh token; shared by threads."""

    def __init__(self, outbound: Outbound, url: str, client_id: str, client_secret: str, refresh_token: str) -> None:
        self._outbound = outbound
        self._url = url
        self._form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        self._lock = threading.Lock()
        self._token: str | None = None

    def token(self) -> str:
        """An access token, asked for once and kept.

        Raises:
            SignInRefused: when the refresh token has been revoked.
        """
        with self._lock:
            if self._token is None:
                self._token = self._ask()
            return self._token

    def renew(self, stale: str) -> str:
        """A token other than `stale`; threads that meet the same end of a token share one renewal."""
        with self._lock:
            if self._token in (None, stale):
                self._token = self._ask()
            return str(self._token)

    def _ask(self) -> str:
        # Each ask only makes one more token, so an ask whose answer was lost may be repeated.
        answer = self._outbound.call("POST", f"{self._url}/oauth/v2/token", form=self._form, repeatable=True)
        body = answer.json()
        if "access_token" not in body:
            raise SignInRefused(401, str(body.get("error", "invalid_code")), "The access has been withdrawn.")
        return str(body["access_token"])


class ApiClient:
    """Calls one API for one user. Subclasses name its endpoints and raise its refusals."""

    def __init__(
        self, outbound: Outbound, base_url: str, token: Callable[[], str], renew: Callable[[str], str]
    ) -> None:
        self._outbound = outbound
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._renew = renew
        self._attempts = ATTEMPTS

    def hurried(self, attempts: int) -> Self:
        """The same client for somebody who waits at a screen: it gives up after so many attempts."""
        hurried = copy.copy(self)
        hurried._attempts = attempts
        return hurried

    @classmethod
    def of_grant(cls, outbound: Outbound, base_url: str, grant: Grant, **options: Any) -> Any:
        return cls(outbound, base_url, grant.token, grant.renew, **options)

    def counting(self, count: Callable[[], None]) -> Self:
        """The same client, telling of every call it makes; asking for a token does not count."""
        found = copy.copy(self)
        found._outbound = self._outbound.counting(count)
        return found

    def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
        repeatable: bool | None = None,
    ) -> Answer:
        """One call; an ended token is renewed once and the call made again (it was refused, so it did nothing)."""
        token = self._token()
        for renewed in (False, True):
            answer = self._outbound.call(
                method,
                f"{self._base_url}{path}",
                params=params,
                json=json,
                headers={"Authorization": f"Zoho-oauthtoken {token}", **(headers or {})},
                repeatable=repeatable,
                attempts=self._attempts,
            )
            if answer.status != 401 or renewed:
                break
            token = self._renew(token)
        self._check(answer)
        return answer

    def _check(self, answer: Answer) -> None:
        """Raises `Refusal` for an answer that is one."""
        raise NotImplementedError


def object_of(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object; anything else is an answer that cannot be trusted."""
    body = answer.json()
    if not isinstance(body, dict):
        raise PassingPeerError("the answer is not a JSON object", may_have_worked=True)
    return body


def date_of(answer: Answer) -> datetime | None:
    """The server's time as its answer tells it (header Date), to the second."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None
