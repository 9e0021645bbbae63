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
#: How many seconds the clock is moved at once, at most: 20 years.
FURTHEST = 366 * 86_400 * 20
LARGEST_SKEW = 86_400
#: In seconds; some 2,000 years. It is negative after the restore of an old snapshot.
LARGEST_OFFSET = 366 * 86_400 * 2_000
#: Longer than any halt on the way of a clock takes, and short enough to wait for when whoever moved it has died.
PASSING = timedelta(minutes=1)
KNOWN = "Say one of advance_seconds, offset_seconds, now, freeze, real or skew_seconds."

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
    return _world_time(state) + _skew(state)


def _world_time(state: dict[str, Any]) -> datetime:
    if frozen := state.get("frozen_at"):
        return datetime.fromisoformat(frozen)
    return real_now() + timedelta(seconds=int(state.get("offset_seconds", 0)))


def _skew(state: dict[str, Any]) -> timedelta:
    return timedelta(seconds=int(state.get("skew_seconds", 0)))


def skew() -> timedelta:
    """How far this service's clock is off the world's: nothing, unless a test has put it off."""
    return _skew(settings.read("clock", {}))


def show() -> dict[str, Any]:
    """What `GET /_sim/worlds/<w>/clock` answers."""
    state = settings.read("clock", {})
    moment = _world_time(state)
    return {
        "now": (moment + _skew(state)).isoformat(),
        "world_now": moment.isoformat(),
        "real_now": real_now().isoformat(),
        "offset_seconds": int(state.get("offset_seconds", 0)),
        "skew_seconds": int(state.get("skew_seconds", 0)),
        "frozen": bool(state.get("frozen_at")),
    }


def move(change: dict[str, Any]) -> None:
    """Applies one of `advance_seconds`, `offset_seconds`, `now` (forward only), `freeze`, `real` or `skew_seconds`.

    `passing` beside it says that the clock only passes through this moment (`is_passing`). A skew is this service's
    own: it stays when the world's time is moved, and it may be negative.

    Raises:
        ClockError: when time would go back (only reset and restore do that) or nothing known was asked.
    """
    state, passing = settings.read("clock", {}), change.get("passing", False)
    asked = {name: value for name, value in change.items() if name != "passing"}
    if len(asked) != 1 or not isinstance(passing, bool):
        raise ClockError(KNOWN)
    if "skew_seconds" in asked:
        return settings.write("clock", {**state, "skew_seconds": _skew_of(asked["skew_seconds"])})
    before = _world_time(state)
    is_frozen = asked["freeze"] if "freeze" in asked else bool(state.get("frozen_at"))
    if not isinstance(is_frozen, bool):
        raise ClockError("freeze is true or false.")
    after = _asked_for(asked, before, is_frozen)
    if after < before:
        raise ClockError("Time goes back only by reset or restore.")
    if after.year > LAST_YEAR:
        raise ClockError(f"The clock ends with the year {LAST_YEAR}.")
    is_real = "real" in asked
    kept = {"skew_seconds": state["skew_seconds"]} if "skew_seconds" in state else {}
    if passing:
        kept["passing_until"] = (real_now() + PASSING).isoformat()
    settings.write("clock", {**kept, **({} if is_real else _position(after, is_frozen))})


def _asked_for(asked: dict[str, Any], before: datetime, is_frozen: bool) -> datetime:
    """The moment at which the clock is to stand."""
    match asked:
        case {"freeze": _}:
            return before
        case {"real": True}:
            return real_now() + timedelta(seconds=1)  # a second is what rounding an offset may have cost
        case {"advance_seconds": seconds}:
            return before + timedelta(seconds=_seconds(seconds))
        case {"offset_seconds": int(seconds)} if not is_frozen and abs(seconds) < LARGEST_OFFSET:
            return real_now() + timedelta(seconds=seconds)
        case {"now": moment}:
            return moment_of(moment)
    raise ClockError(KNOWN)


def _position(moment: datetime, is_frozen: bool) -> dict[str, Any]:
    if is_frozen:
        return {"frozen_at": moment.isoformat()}
    # Rounded up: a clock that runs on from a moment never starts before it.
    return {"offset_seconds": math.ceil((moment - real_now()).total_seconds())}


def is_passing() -> bool:
    """Whether the clock only passes through this moment on its way to another: what repeats waits for that one.

    For a minute of real time at most, in case whoever moves the clock has died on the way.
    """
    until = settings.read("clock", {}).get("passing_until")
    return until is not None and real_now() < datetime.fromisoformat(until)


def go_back_to(moment: datetime) -> None:
    """After a restore: the clock runs on from this service's time of the snapshot, or stands where it stood."""
    state = settings.read("clock", {})
    if not state.get("frozen_at"):
        # Rounded up: nothing in the snapshot lies in the future of the clock that runs on from it.
        offset = math.ceil((moment - _skew(state) - real_now()).total_seconds())
        settings.write("clock", {**state, "offset_seconds": offset})


def until(text: str | None) -> datetime:
    """A moment up to which somebody asks what comes, in this service's time.

    Raises:
        ClockError: when it is none, or further away than the clock can be moved.
    """
    moment = moment_of(text)
    if moment.year > LAST_YEAR:
        raise ClockError(f"The clock ends with the year {LAST_YEAR}.")
    if moment > now() + timedelta(seconds=FURTHEST):
        raise ClockError("The clock is moved by 20 years at most.")
    return moment + skew()


def _seconds(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FURTHEST:
        raise ClockError("advance_seconds is a whole number of seconds, not negative.")
    return value


def _skew_of(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_SKEW:
        raise ClockError("skew_seconds is a whole number of seconds, a day at most, either way.")
    return value


def moment_of(value: Any) -> datetime:
    """A moment somebody wrote; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ClockError("A moment is written as 2026-12-24T10:00:00+00:00.") from None
