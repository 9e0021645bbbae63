"""The simulated clock of the world in context: real time plus an offset, or a moment that stands still."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator import context, settings

#: A little before the end of what a datetime can hold, so that later times of the same world still fit.
LAST_YEAR = 9000

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_holding: ContextVar[bool] = ContextVar("holding", default=False)


class ClockError(Exception):
    """The clock was asked for something it does not do; the message is for the caller."""


def real_now() -> datetime:
    """Real time, for leases, cookies and the journal; everything that belongs to a world uses `now`."""
    return datetime.now(UTC)


def now() -> datetime:
    """The world's time, aware and in UTC. A request sees one moment from start to end."""
    moment = _moment.get()
    if moment is None:
        if not context.has_world():
            return real_now()
        moment = _read()
        if _holding.get():
            _moment.set(moment)
    return moment


def today(zone: str = "UTC") -> date:
    """The world's date in a time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def held() -> Iterator[None]:
    """Within the block the first reading of the clock stands for all (one request, one moment)."""
    moment_token, holding_token = _moment.set(None), _holding.set(True)
    try:
        yield
    finally:
        _holding.reset(holding_token)
        _moment.reset(moment_token)


def _read() -> datetime:
    state = settings.read("clock", {})
    if frozen := state.get("frozen_at"):
        return datetime.fromisoformat(frozen)
    return real_now() + timedelta(seconds=int(state.get("offset_seconds", 0)))


def show() -> dict[str, Any]:
    """What `GET /_sim/worlds/<w>/clock` answers."""
    state = settings.read("clock", {})
    return {
        "now": _read().isoformat(),
        "real_now": real_now().isoformat(),
        "offset_seconds": int(state.get("offset_seconds", 0)),
        "frozen": bool(state.get("frozen_at")),
    }


def move(change: dict[str, Any]) -> None:
    """Applies one of `advance_seconds`, `now` (forward only), `freeze` or `real`.

    Raises:
        ClockError: when time would go back (only reset and restore do that) or nothing known was asked.
    """
    if len(change) != 1:
        raise ClockError("Say one of advance_seconds, now, freeze or real.")
    before = _read()
    is_frozen = bool(settings.read("clock", {}).get("frozen_at"))
    if change.get("real") is True:
        if real_now() < before - timedelta(seconds=1):
            raise ClockError("Time goes back only by reset or restore.")
        return settings.forget("clock")
    if "freeze" in change:
        if not isinstance(change["freeze"], bool):
            raise ClockError("freeze is true or false.")
        return _set(before, change["freeze"])
    if "advance_seconds" in change:
        after = before + timedelta(seconds=_seconds(change["advance_seconds"]))
    elif "now" in change:
        after = _moment_of(change["now"])
    else:
        raise ClockError("Say one of advance_seconds, now, freeze or real.")
    if after < before:
        raise ClockError("Time goes back only by reset or restore.")
    if after.year > LAST_YEAR:
        raise ClockError(f"The clock ends with the year {LAST_YEAR}.")
    _set(after, is_frozen)


def _set(moment: datetime, frozen: bool) -> None:
    if frozen:
        settings.write("clock", {"frozen_at": moment.isoformat()})
    else:
        # Rounded up: a clock that runs on from a moment never starts before it.
        settings.write("clock", {"offset_seconds": math.ceil((moment - real_now()).total_seconds())})


def _seconds(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 366 * 86_400 * 20:
        raise ClockError("advance_seconds is a whole number of seconds, not negative.")
    return value


def _moment_of(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ClockError("now is a moment such as 2026-12-24T10:00:00+00:00.") from None
