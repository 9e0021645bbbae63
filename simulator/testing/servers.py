"""The servers of a test session, started once (by each worker) on free ports; their data is in a folder of its own."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from simulator.config import ServiceName
from simulator.http import Outbound
from simulator.hub import Hub
from simulator.launcher import Plan
from simulator.testing.connectors import Connector
from simulator.testing.zoho import Zoho
from simulator.up import start_somewhere


class Servers:
    """Running servers, in which worlds are made."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._outbound = Outbound(user_agent="tests")
        self._numbers = itertools.count(1)

    @contextmanager
    def world(self, scenario: str, connector: Callable[[Zoho], Connector]) -> Iterator[Zoho]:
        """A new world, which is gone after the block."""
        world = f"test{next(self._numbers):04d}"
        keys = self.hub.create_world(world, scenario)
        try:
            yield Zoho(self.hub, world, keys, self._outbound, connector)
        finally:
            self.hub.delete_world(world)


@contextmanager
def started(
    folder: Path, without: tuple[ServiceName, ...] = (), addresses: Mapping[str, str] | None = None
) -> Iterator[Servers]:
    """Starts the services and stops them after the block; they end by themselves when this process dies."""
    with start_somewhere(Plan(data=folder, without=without, addresses=addresses or {}, in_files=True)) as simulator:
        yield Servers(Hub(simulator.plan.urls))
