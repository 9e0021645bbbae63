"""The hub over services without ports."""

from typing import Any

from simulator.hub import Hub, HubError
from tests.support.world import URLS, World


class PutBack:
    """A world as it stands now, to begin from again and again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._hub = HubInProcess(world)
        self._hub.snapshot(world.id, "begin")

    def again(self) -> World:
        self._hub.restore(self._world.id, "begin")
        return self._world


class HubInProcess(Hub):
    """The connector's work is done where its worker would be woken."""

    def __init__(self, world: World) -> None:
        super().__init__({service: URLS[service] for service in world.apps})
        self._joined = world

    def call(self, service: str, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        url = f"{self.urls[service]}/_sim{path}"
        answer = self._joined.outbound.call(method, url, json=body, params=query, attempts=1)
        if answer.status >= 400:
            raise HubError(answer.json()["message"], answer.status)
        if (service, method) == ("connector", "PUT"):
            self._joined.settle()
        return answer.json() if answer.body else {}
