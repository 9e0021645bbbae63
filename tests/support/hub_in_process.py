"""The hub over services without ports."""

from typing import Any

from sqlalchemy import delete

from simulator.database import session
from simulator.hub import Hub, HubError
from simulator.journal import journal_entry
from simulator.services import REST_SECONDS, read_answer
from tests.support.world import URLS, World


class PutBack:
    """A world as it stands now, to begin from again and again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._hub = HubInProcess(world)
        self._hub.snapshot(world.id, "begin")

    def again(self) -> World:
        self._forget_calls()
        self._hub.restore(self._world.id, "begin")
        return self._world

    def _forget_calls(self) -> None:
        """The journal outlives a restore: what was called before would be looked through ever longer."""
        for app in self._world.apps.values():
            with app.extensions["worlds"].transaction(self._world.id):
                session().execute(delete(journal_entry))


class HubInProcess(Hub):
    """The connector's work is done where its worker would be woken."""

    def __init__(self, world: World) -> None:
        super().__init__({service: URLS[service] for service in world.apps})
        self._joined = world

    def rest(self, world: str, seconds: float = REST_SECONDS) -> None:
        """Nobody works here in the background: what waits is done now."""
        self._joined.settle()
        super().rest(world, seconds)

    def call(self, service: str, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        if service not in self.urls:
            raise HubError(f"The {service} service does not run here.")
        url = f"{self.urls[service]}/_sim{path}"
        answer = self._joined.outbound.call(method, url, json=body, params=query, attempts=1)
        found = read_answer(service, answer.status, answer.body)
        if (service, method) == ("connector", "PUT"):
            self._joined.settle()
        return found
