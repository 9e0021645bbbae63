"""One of the three APIs as a person sees it: each call carries his token, each failure is one of `web.errors`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simulator import wire
from simulator.clients.base import Refusal
from simulator.http import Answer, Outbound, PeerError
from web.errors import NotAllowed, NotConnected, NotFound, ReconnectNeeded, Refused, ServiceUnreachable, TokenRefused

#: A person waits for the page, so a passing failure is tried again once and then told.
ATTEMPTS = 2

#: The service a token comes from; the connector takes tokens of Invoice users.
TOKENS_OF = {"crm": "crm", "invoice": "invoice", "connector": "invoice"}


#: Codes that say more than the status they come with.
CODES: dict[str, type[Refused]] = {
    "not_connected": NotConnected,
    "reconnect_needed": ReconnectNeeded,
    "AUTHORIZATION_FAILED": NotAllowed,
}


class Api:
    """A service at its address, spoken to with a token that is renewed once when it was refused."""

    def __init__(
        self,
        service: str,
        base_url: str,
        outbound: Outbound,
        token: Callable[[bool], str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.service = service
        self._base_url = base_url
        self._outbound = outbound
        self._token = token
        self._headers = headers or {}

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.call("POST", path, query, body)

    def put(self, path: str, body: Any = None, **query: Any) -> Any:
        return self.call("PUT", path, query, body)

    def put_if_unmodified(self, path: str, body: Any, since: str) -> Any:
        """As `put`, refused by the CRM (412) when the record was changed after this moment."""
        return self.call("PUT", path, {}, body, {"If-Unmodified-Since": since})

    def delete(self, path: str, **query: Any) -> Any:
        return self.call("DELETE", path, query)

    def download(self, path: str, **query: Any) -> Answer:
        """A file with its headers, which say what it is called."""
        return self._answer("GET", path, query)

    def answer_to(self, method: str, path: str, body: bytes | None, content_type: str) -> Answer:
        """What the service says to a call that is sent as it was, whatever that is.

        Raises:
            ServiceUnreachable: when it does not answer or fails.
        """
        headers = {"Content-Type": content_type} if body else {}
        answer = self._send(method, path, {}, None, headers, renew=False, raw=body)
        if answer.status == 401:
            return self._send(method, path, {}, None, headers, renew=True, raw=body)
        return answer

    def call(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The body of a good answer (None for 204).

        Raises:
            ServiceUnreachable: when the service does not answer or fails.
            NotAllowed, NotFound, Refused: when it answers 403, 404 or another refusal.
        """
        return _read(self._answer(method, path, query, body, headers))

    def _answer(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        answer = self._send(method, path, query, body, headers, renew=False)
        if answer.status == 401 and self._token:
            answer = self._send(method, path, query, body, headers, renew=True)
        if answer.status < 400:
            return answer
        raise _failure(self.service, answer)

    def _send(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Any,
        more: dict[str, str] | None,
        renew: bool,
        raw: bytes | None = None,
    ) -> Answer:
        headers = {"Accept": "application/json", **self._headers, **(more or {})}
        if self._token:
            headers["Authorization"] = f"Zoho-oauthtoken {self._token(renew)}"
        asked = {key: str(value) for key, value in query.items() if value not in (None, "")}
        url = self._base_url + path
        try:
            return self._outbound.call(
                method, url, headers=headers, params=asked, json=body, form=raw, attempts=ATTEMPTS
            )
        except PeerError as error:
            raise ServiceUnreachable(self.service, str(error)) from error


def _read(answer: Answer) -> Any:
    """The parsed body with exact numbers; None when there is none or it is not JSON."""
    try:
        return wire.loads(answer.body) if answer.body else None
    except ValueError:
        return None


def _failure(service: str, answer: Answer) -> Exception:
    body = _read(answer)
    return _refusal(service, answer.status, _told(body if isinstance(body, dict) else {}))


def _refusal(service: str, status: int, told: dict[str, Any]) -> Refused:
    kinds: dict[int, type[Refused]] = {401: TokenRefused, 403: NotAllowed, 404: NotFound}
    kind = CODES.get(str(told.get("code"))) or kinds.get(status, Refused)
    details = told.get("details")
    return kind(
        service=service,
        status=status,
        message=str(told.get("message") or f"HTTP {status}"),
        code=str(told.get("code", "")),
        field=told.get("field"),
        details=details if isinstance(details, dict) else {},
    )


@contextmanager
def as_pages_tell(service: str) -> Iterator[None]:
    """What one of the simulator's API clients raises within becomes one of `web.errors`, as with an `Api`."""
    try:
        yield
    except Refusal as refusal:
        told = {"code": refusal.code, "message": refusal.message, "details": refusal.details}
        raise _refusal(service, refusal.status, told) from refusal
    except PeerError as error:
        raise ServiceUnreachable(service, str(error)) from error


def _told(body: dict[str, Any]) -> dict[str, Any]:
    """The error object: the CRM wraps the one of a record in its list (`data`, `zsc_key` …), the others do not."""
    if "message" in body:
        return body
    for value in body.values():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "message" in value[0]:
            return value[0]
    return {}
