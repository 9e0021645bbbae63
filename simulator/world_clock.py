"""The clocks of one world in all services, moved as one: forward halt by halt, stopped, and let run again."""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from simulator import due
from simulator.due import Due
from simulator.journey import Halt, travel
from simulator.services import REST_POLL_SECONDS, HubError, Services, shown_busy

#: How long nothing may change before a journey gives up; a long sync that goes on is waited for.
PATIENCE_SECONDS = 30.0


class WorldClock:
    """One world's time."""

    def __init__(self, services: Services, world: str) -> None:
        self._services = services
        self._world = world

    def show(self) -> dict[str, Any]:
        """The world's time; what a test put one service's clock off by (`skew_seconds`) is left out."""
        shown: dict[str, Any] = self._call(self._services.keepers[0], "GET", "clock")
        return {**shown, "now": shown["world_now"]}

    def freeze(self, is_frozen: bool) -> dict[str, Any]:
        """Stops the time, or lets it run again from where it stands, at the same moment in every service."""
        self.set({"freeze": is_frozen})
        journey = _Journey(self, self.all(), 0)
        journey.move(Halt(journey.now(), is_last=True))
        return self.show()

    def advance(self, seconds: int, patience: float = PATIENCE_SECONDS) -> list[dict[str, Any]]:
        """Moves the time forward, halting at each due event on the way until all is at rest.

        Services whose clocks differ agree again afterwards.

        Args:
            patience: seconds after which it gives up when nothing comes to rest and nothing changes.
        Returns:
            what happened on the way, in order: at, kind, what, count.
        Raises:
            HubError: when a service is out of reach or does not come to rest, or the moment is beyond what a clock
                shows. What can be known before is found before anything moves; else it says how far it came.
        """
        if seconds < 0:
            raise HubError("Time goes back only by reset or restore.", 400)
        journey = _Journey(self, self.all(), seconds, patience)
        journey.rest()
        return travel(journey, journey.target)

    def all(self) -> dict[str, dict[str, Any]]:
        """The clock of each service."""
        return self._services.of_all(lambda service: self._call(service, "GET", "clock"))

    def set(self, change: dict[str, Any]) -> None:
        """The products first: the connector acts at once on a new time and must meet it there."""
        keepers = self._services.keepers
        for group in (
            [name for name in keepers if name != "connector"],
            [name for name in keepers if name == "connector"],
        ):
            self._services.of_all(lambda service: self._call(service, "PUT", "clock", change), group)

    def due(self, until: datetime) -> list[Due]:
        """What any service knows to fall due, and what has and is not done yet."""
        query = {"until": until.isoformat()}
        answers = self._services.of_all(lambda service: self._call(service, "GET", "due", query=query))
        return [due.read(event) for answer in answers.values() for event in answer["due"]]

    def busy(self, services: Iterable[str] | None = None) -> dict[str, HubError]:
        """What goes on in the services that are not at rest."""
        return self._services.busy(self._world, services)

    @property
    def world(self) -> str:
        return self._world

    def _call(self, service: str, method: str, what: str, body: Any = None, query: Any = None) -> Any:
        return self._services.call(service, method, f"/worlds/{self._world}/{what}", body, query)


class _Journey:
    """The way of one world's clocks through `seconds`, as the services go it."""

    def __init__(
        self,
        clock: WorldClock,
        clocks: Mapping[str, dict[str, Any]],
        seconds: int,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._is_frozen = any(shown["frozen"] for shown in clocks.values())
        self._offset = max(shown["offset_seconds"] for shown in clocks.values())
        latest = max(datetime.fromisoformat(shown["world_now"]) for shown in clocks.values())
        self._standing = latest
        # The services' own word for the time, kept running here: this program may be on another machine.
        self._zero = latest - timedelta(seconds=self._offset + time.monotonic())
        self._last_offset = self._offset + seconds
        try:
            self.target = latest + timedelta(seconds=seconds)
        except OverflowError:
            raise HubError("The clock does not go that far.", 400) from None
        self._halt: Halt | None = None

    def now(self) -> datetime:
        return self._standing if self._is_frozen else self._zero + timedelta(seconds=self._offset + time.monotonic())

    def due(self) -> list[Due]:
        return self._clock.due(self.target)

    def move(self, halt: Halt) -> None:
        """One offset for all; at the end exactly the seconds asked for, however long the journey took."""
        if self._is_frozen:
            self._standing = halt.at
            change: dict[str, Any] = {"now": halt.at.isoformat()}
        else:
            ahead = max(0, math.ceil((halt.at - self.now()).total_seconds()))
            self._offset = self._last_offset if halt.is_last else min(self._offset + ahead, self._last_offset)
            change = {"offset_seconds": self._offset}
        with self._located(halt):
            self._clock.set({**change, "passing": True} if halt.holds_syncs else change)
        self._halt = halt

    def settle(self, halt: Halt) -> list[Due]:
        with self._located(halt):
            return self._wait(halt)

    def rest(self) -> None:
        """Before the first halt: all is asked, and what goes on belongs to the time before."""
        self._wait(Halt(self.now(), holds_syncs=True), awaits_events=False)

    def _wait(self, halt: Halt, awaits_events: bool = True) -> list[Due]:
        """Waits until all is quiet twice in a row: a run may post notices, a notice may start a run, and what one
        service knew to be due may have gone by while another was asked."""
        said, until = "", time.monotonic() + self._patience
        busy: dict[str, HubError] = {}
        quiet = 0
        while True:
            # Those that were busy are asked first and alone: the others' turn comes when these have ended.
            busy = self._clock.busy(busy or None)
            coming = [] if busy else self.due()
            late = [event.what for event in coming if awaits_events and halt.awaits(event)]
            quiet = 0 if busy or late else quiet + 1
            if quiet == 2:
                return coming
            if quiet == 1:
                continue
            waiting = shown_busy(busy) or f"not done yet: {'; '.join(late)}"
            if waiting != said:
                said, until = waiting, time.monotonic() + self._patience
            if time.monotonic() > until:
                raise HubError(f"World {self._clock.world} does not come to rest ({waiting}). Try again later.", 409)
            time.sleep(REST_POLL_SECONDS)

    @contextmanager
    def _located(self, halt: Halt) -> Iterator[None]:
        """Says of a failure on the way how far the time has come."""
        try:
            yield
        except HubError as error:
            if self._halt is None:
                raise
            raise HubError(
                f"The time stopped at {_text(self._halt.at)}, on the way to {_text(self.target)}: {error}", error.status
            ) from None


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
