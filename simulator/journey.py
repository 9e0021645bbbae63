"""The way of a clock from now to a later moment: where it halts, and what happened by then. Knows no service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from simulator.due import AUTO_SYNC, Due

#: So many auto syncs happen at their own moments; those after them would find nothing new, so one at the end is enough.
SYNC_HALTS = 24


@dataclass(frozen=True)
class Halt:
    """A moment at which the clock stands until all is at rest.

    Attributes:
        holds_syncs: the clock only passes through: an auto sync that is due here waits for the journey's end.
    """

    at: datetime
    is_last: bool = False
    holds_syncs: bool = False

    def awaits(self, event: Due) -> bool:
        """Whether the clock goes on only after this has happened."""
        return event.stops and event.at <= self.at and not (self.holds_syncs and event.kind == AUTO_SYNC)


class Way(Protocol):
    """What a journey needs of the world it leads through."""

    def now(self) -> datetime:
        """The world's time; a clock that runs is a little past the halt it was set to."""

    def due(self) -> list[Due]:
        """What falls due up to the target, and what has and is not done yet."""

    def move(self, halt: Halt) -> None:
        """Sets the clock to a halt."""

    def settle(self, halt: Halt) -> list[Due]:
        """Waits until what the halt awaits has happened and all is at rest; then what is due from here."""


def travel(way: Way, target: datetime) -> list[dict[str, Any]]:
    """Goes from now to the target, halt by halt.

    Returns:
        what happened on the way, in order: `at`, `kind`, `what` and `count`.
    """
    happened: list[dict[str, Any]] = []
    moment, syncs, due = way.now(), 0, way.due()
    while True:
        halt = next_halt(due, moment, target, may_sync=syncs < SYNC_HALTS)
        way.move(halt)
        coming = way.settle(halt)
        moment = max(halt.at, way.now())
        # What is gone from the list without its time having come was put off (a channel renewed before its end).
        here = [event for event in due if event.at <= moment and event not in coming]
        happened += told(here, halt)
        syncs += any(event.kind == AUTO_SYNC for event in here)
        due = coming
        if halt.is_last:
            return happened


def next_halt(due: Iterable[Due], now: datetime, target: datetime, *, may_sync: bool) -> Halt:
    """The first event on the way at which the clock halts, else the target."""
    events = [event.at for event in due if event.stops and (may_sync or event.kind != AUTO_SYNC)]
    moment = min(target, max(now, min([target, *events])))
    is_last = moment == target
    return Halt(moment, is_last=is_last, holds_syncs=not (may_sync or is_last))


def told(events: Iterable[Due], halt: Halt) -> list[dict[str, Any]]:
    """What happened at a halt and since the one before it; what acts did so at the halt, not before it."""
    rows = [(max(halt.at, event.at) if event.stops else event.at, event) for event in events]
    rows.sort(key=lambda row: (row[0], row[1].at))
    return [{"at": at.isoformat(), "kind": event.kind, "what": event.what, "count": event.count} for at, event in rows]
