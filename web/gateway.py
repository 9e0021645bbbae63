"""One of the three APIs as a person sees it: each call carries his token, each failure is one of `web.errors`."""

from collections.abc import Callable
from typing import Any

from simulator import wire
from simulator.http import Answer, Outbound, PeerError
from web.errors import NotAllowed, NotFound, Refused, ServiceUnreachable, TokenRefused

#: A person waits for the page, so a passing failure is tried again once and then told.
ATTEMPTS = 2

#: The service a token comes from; the connector takes tokens of Invoice users.
TOKENS_OF = {"crm": "crm", "invoice": "invoice", "connector": "invoice"}


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

    def delete(self, path: str, **query: Any) -> Any:
        return self.call("DELETE", path, query)

    def call(self, method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:
        """The body of a good answer (None for 204).

        Raises:
            ServiceUnreachable: when the service does not answer or fails.
            NotAllowed, NotFound, Refused: when it answers 403, 404 or another refusal.
        """
        answer = self._send(method, path, query, body, renew=False)
        if answer.status == 401 and self._token:
            answer = self._send(method, path, query, body, renew=True)
        if answer.status < 400:
            return _read(answer)
        raise _failure(self.service, answer)

    def _send(self, method: str, path: str, query: dict[str, Any], body: Any, renew: bool) -> Answer:
        headers = {"Accept": "application/json", **self._headers}
        if self._token:
            headers["Authorization"] = f"Zoho-oauthtoken {self._token(renew)}"
        asked = {key: str(value) for key, value in query.items() if value not in (None, "")}
        url = self._base_url + path
        try:
            return self._outbound.call(method, url, headers=headers, params=asked, json=body, attempts=ATTEMPTS)
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
    told = _told(body if isinstance(body, dict) else {})
    kinds: dict[int, type[Refused]] = {401: TokenRefused, 403: NotAllowed, 404: NotFound}
    kind = kinds.get(answer.status, Refused)
    details = told.get("details")
    return kind(
        service=service,
        status=answer.status,
        message=str(told.get("message") or f"HTTP {answer.status}"),
        code=str(told.get("code", "")),
        field=told.get("field"),
        details=details if isinstance(details, dict) else {},
    )


def _told(body: dict[str, Any]) -> dict[str, Any]:
    """The error object: the CRM wraps the one of a record in its list (`data`, `zsc_key` …), the others do not."""
    if "message" in body:
        return body
    for value in body.values():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "message" in value[0]:
            return value[0]
    return {}
