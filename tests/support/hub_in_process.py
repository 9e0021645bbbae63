"""The hub over services without ports."""

from typing import Any

from simulator.hub import Hub, HubError
from tests.support.world import URLS, World


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
