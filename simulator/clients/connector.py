"""Client of our connector's own API (it describes itself at `/openapi.json`)."""

from collections.abc import Iterator
from typing import Any

from simulator.clients.base import ApiClient, Refusal, object_of
from simulator.http import Answer

PAGE = 200


class ConnectorClient(ApiClient):
    """One method for each endpoint that tests and the command line need; the token is one of Invoice."""

    def _check(self, answer: Answer) -> None:
        if answer.status >= 300:
            body = object_of(answer)
            raise Refusal(answer.status, str(body.get("code", "")), str(body.get("message", "refused")), body)

    def ask(self, method: str, path: str, json: Any = None, **params: Any) -> dict[str, Any]:
        """One call; the answer's body."""
        return object_of(self.call(method, path, params=params or None, json=json))

    def connection(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.ask("GET", "/connection")["connection"]
        return found

    def connect(self, email: str, zsc_key: str) -> None:
        self.ask("POST", "/connection", {"email": email, "zsc_key": zsc_key})

    def update_credentials(self, email: str, zsc_key: str) -> None:
        """Connects again where the access was withdrawn; a disabled integration goes on with it."""
        self.ask("PUT", "/connection/credentials", {"email": email, "zsc_key": zsc_key})

    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", "/connection/settings")["settings"]
        return found

    def configure(self, settings: dict[str, Any]) -> None:
        self.ask("PUT", "/connection/settings", settings)

    def start_run(self, kind: str = "instant") -> int:
        return int(self.ask("POST", "/connection/runs", {"kind": kind})["run"]["id"])

    def run(self, run_id: int) -> dict[str, Any]:
        """A run with its totals and reasons."""
        return self.ask("GET", f"/connection/runs/{run_id}")

    def runs(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Runs, newest first."""
        return self._rows("/connection/runs", "runs", filters)

    def ops(self, run_id: int, **filters: Any) -> Iterator[dict[str, Any]]:
        """What a run did, record by record."""
        return self._rows(f"/connection/runs/{run_id}/ops", "ops", filters)

    def _rows(self, path: str, key: str, filters: dict[str, Any]) -> Iterator[dict[str, Any]]:
        page, has_more = 1, True
        while has_more:
            body = self.ask("GET", path, page=page, per_page=PAGE, **filters)
            yield from body[key]
            page, has_more = page + 1, bool(body["page_context"]["has_more_page"])
