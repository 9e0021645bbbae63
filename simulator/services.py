"""The control routes of all services at once: a call to one or to all of them, and whether they are at rest."""

import http.client
import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

#: The services that keep data of a world; the web owns none.
KEEPERS = ("crm", "invoice", "connector")
REST_SECONDS = 10.0
REST_POLL_SECONDS = 0.02
TIMEOUT_SECONDS = 60.0


class HubError(Exception):
    """An operation was refused or failed; the message is one plain line, and `status` what a service answered."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Services:
    """The running services of a simulator.

    Args:
        urls: where the services answer, by name; those that are not there (a simulator without our connector)
            are left out of every operation.
        admin_token: needed when the simulator is shared.
    """

    def __init__(self, urls: Mapping[str, str], admin_token: str | None = None) -> None:
        self.urls = dict(urls)
        self.keepers = [service for service in KEEPERS if service in self.urls]
        self._admin_token = admin_token

    def call(
        self, service: str, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        """One control route of one service; what it answers.

        Raises:
            HubError: when it refuses, or nobody answers.
        """
        if service not in self.urls:
            raise HubError(f"The {service} service does not run here.")
        address = urlsplit(self.urls[service])
        headers = {"Content-Type": "application/json"}
        if self._admin_token:
            headers["X-Admin-Token"] = self._admin_token
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        asked = f"?{urlencode(query)}" if query else ""
        with closing(kind(address.netloc, timeout=TIMEOUT_SECONDS)) as connection:
            try:
                sent = None if body is None else json.dumps(body)
                connection.request(method, f"{address.path}/_sim{quote(path)}{asked}", sent, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                raise HubError(f"The {service} service at {self.urls[service]} does not answer ({error}).") from None
        return read_answer(service, answer.status, text)

    def attempt(self, service: str, method: str, path: str, body: Any = None) -> None:
        """Cleans up after a failure, which is what gets reported; a second one adds nothing."""
        try:
            self.call(service, method, path, body)
        except HubError:
            return

    def on_all(
        self, act: Callable[[str], Any], services: Iterable[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, HubError]]:
        """Does something in every service that keeps data, at the same time: answers and failures by service."""
        chosen = list(self.keepers if services is None else services)

        def attempt(service: str) -> Any:
            try:
                return act(service)
            except HubError as error:
                return error

        with ThreadPoolExecutor(max(1, len(chosen))) as pool:
            outcomes = dict(zip(chosen, pool.map(attempt, chosen), strict=True))
        failures = {service: found for service, found in outcomes.items() if isinstance(found, HubError)}
        return {service: found for service, found in outcomes.items() if service not in failures}, failures

    def of_all(self, act: Callable[[str], Any], services: Iterable[str] | None = None) -> dict[str, Any]:
        """The same where a failure in one is a failure of the whole."""
        answers, failures = self.on_all(act, services)
        for error in failures.values():
            raise error
        return answers

    def busy(self, world: str, services: Iterable[str] | None = None) -> dict[str, HubError]:
        """What goes on in the services that are not at rest."""
        _, failures = self.on_all(lambda service: self.call(service, "POST", f"/worlds/{world}/rest", {}), services)
        for error in failures.values():
            if error.status != 409:
                raise error
        return failures

    def pause(self, world: str, busy: Mapping[str, HubError], until: float) -> None:
        """A short wait for what goes on.

        Raises:
            HubError: when the time is up (`until`, monotonic).
        """
        if time.monotonic() > until:
            raise HubError(f"World {world} does not come to rest ({shown_busy(busy)}). Try again later.", 409)
        time.sleep(REST_POLL_SECONDS)


def shown_busy(busy: Mapping[str, object]) -> str:
    return "; ".join(f"{service}: {reason}" for service, reason in busy.items())


def read_answer(service: str, status: int, text: bytes) -> Any:
    """What a control route answered, or its refusal as a `HubError`."""
    try:
        body = json.loads(text) if text else {}
    except ValueError:
        body = {}
    if status < 400:
        return body
    message = body.get("message") if isinstance(body, dict) else None
    errors = body.get("errors") if isinstance(body, dict) else None
    told = str(message or f"The {service} service answered {status}; its log says why.")
    raise HubError(f"{told} {_fields(errors)}" if isinstance(errors, dict) else told, status)


def _fields(errors: Mapping[str, Any]) -> str:
    """What is wrong with each field of a body, in one line."""
    return " ".join(
        f"{name}: {' '.join(map(str, texts)) if isinstance(texts, list) else texts}" for name, texts in errors.items()
    )
