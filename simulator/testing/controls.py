"""What a test does to a world beside calling the products: move its time, break its calls, read its journal."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import real_now
from simulator.hub import Hub

#: As many entries as a service tells at once.
JOURNAL_LIMIT = 10_000
PRODUCTS = ("crm", "invoice")
#: Calls that write no record: tokens, notification channels, settings.
_ASIDE = ("/oauth/", "/actions/watch", "/settings/")


class Clock:
    """The time of one world."""

    def __init__(self, hub: Hub, world: str) -> None:
        self._hub = hub
        self._world = world

    def now(self) -> datetime:
        return datetime.fromisoformat(self._hub.clock(self._world)["now"])

    def advance(self, **by: float) -> list[dict[str, Any]]:
        """Moves the time forward, e.g. `days=90`; what is due on the way happens at its moment, and is told."""
        return self._hub.advance(self._world, round(timedelta(**by).total_seconds()))

    def freeze(self) -> None:
        self._hub.freeze(self._world)

    def unfreeze(self) -> None:
        self._hub.unfreeze(self._world)


class Faults:
    """What goes wrong with calls to a service: the kinds and settings are in the README."""

    def __init__(self, hub: Hub, world: str) -> None:
        self._hub = hub
        self._path = f"/worlds/{world}/faults"

    def add(self, service: str, kind: str, **settings: Any) -> str:
        """From now on this goes wrong, e.g. `add("invoice", "cut", when="after", method="POST", times=1)`.

        Returns:
            the rule's id.
        """
        rule: dict[str, Any] = self._hub.call(service, "POST", self._path, {"kind": kind, **settings})
        return str(rule["id"])

    def hits(self, service: str) -> int:
        """How many calls to a service met a fault."""
        return sum(rule["hits"] for rule in self._hub.call(service, "GET", self._path)["faults"])

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        for service in self._hub.keepers:
            self._hub.call(service, "DELETE", self._path)


@dataclass(frozen=True)
class Call:
    """A call that a service answered; `at` is real time."""

    service: str
    at: str
    caller: str
    method: str
    path: str
    query: str
    status: int
    request: str

    @property
    def is_about_records(self) -> bool:
        return not any(part in self.path for part in _ASIDE)

    def body(self) -> Any:
        """What was sent, as JSON; None where it was none, or too long for the journal."""
        try:
            return json.loads(self.request)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.service}: {self.method} {self.path}{'?' if self.query else ''}{self.query} ({self.status})"


class Journal:
    """The calls to the services of one world."""

    def __init__(self, hub: Hub, world: str) -> None:
        self._hub = hub
        self._path = f"/worlds/{world}/journal"

    def mark(self) -> str:
        """A moment to look from: what is called from now on."""
        return real_now().isoformat()

    def calls(
        self, since: str = "", services: Iterable[str] = PRODUCTS, *, writes: bool = False, **wanted: str
    ) -> list[Call]:
        """Calls in their order; `wanted` narrows them down by `method`, `path`, `status`, `trace` or `text`.

        Args:
            writes: only those that changed something and were answered with success.
        """
        query = {**wanted, "limit": str(JOURNAL_LIMIT), **({"writes": "1"} if writes else {})}
        found = [
            Call(service, **{name: entry[name] for name in Call.__dataclass_fields__ if name != "service"})
            for service in services
            for entry in self._hub.call(service, "GET", self._path, query=query)["entries"]
            if entry["at"] >= since
        ]
        return sorted(found, key=lambda call: call.at)

    def writes(self, since: str = "") -> list[Call]:
        """Writes of records to either product."""
        return [call for call in self.calls(since, writes=True) if call.is_about_records]
