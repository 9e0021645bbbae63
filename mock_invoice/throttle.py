"""Counts the calls of an organization, refuses those beyond its limits, and shows what is left (§1.5, §1.6).

Counted in memory: a read may not write, and a restart gives a new day.
"""

import threading
from collections import Counter, deque
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, request

from mock_invoice.access import current_organization
from mock_invoice.errors import ConcurrencyLimit, DailyLimit, MinuteLimit
from mock_invoice.limits import SWITCHES, allowance
from simulator import clock, context, switches

MINUTE = 60
#: World and organization.
Caller = tuple[str, int]


class CallCounter:
    """The calls of each organization: of its day, of the last minute, and those under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: dict[Caller, tuple[str, int]] = {}
        self._minutes: dict[Caller, deque[int]] = {}
        self._running: Counter[Caller] = Counter()

    def count(self, caller: Caller, day: str) -> int:
        """Counts one call; says how many there were on this day with it."""
        with self._lock:
            counted_day, number = self._days.get(caller, (day, 0))
            number = number + 1 if counted_day == day else 1
            self._days[caller] = (day, number)
            return number

    def wait(self, caller: Caller, now: int, most: int) -> int:
        """Counts one call of the last minute; else says in how many seconds there is room for one."""
        with self._lock:
            calls = self._minutes.setdefault(caller, deque())
            while calls and calls[0] <= now - MINUTE:
                calls.popleft()
            while calls and calls[-1] > now:
                calls.pop()  # the world was put back in time
            if len(calls) >= most:
                return max(1, calls[0] + MINUTE - now)
            calls.append(now)
            return 0

    def begin(self, caller: Caller, most: int) -> bool:
        """Counts a call that begins; False when there are as many as there may be."""
        with self._lock:
            if self._running[caller] >= most:
                return False
            self._running[caller] += 1
            return True

    def end(self, caller: Caller) -> None:
        with self._lock:
            self._running[caller] -= 1
            if self._running[caller] <= 0:
                del self._running[caller]


def install(app: Flask) -> None:
    app.extensions["call_counter"] = CallCounter()
    app.teardown_appcontext(release)
    switches.offer(app, *SWITCHES)


def spend() -> None:
    """Counts the call that is being answered; an attempt at one that is repeated counts once.

    Raises:
        ConcurrencyLimit, MinuteLimit, DailyLimit: the organization may not call now.
    """
    if g.get("budget"):
        return
    organization = current_organization()
    allowed, counter = allowance(), _counter()
    caller = (context.current_world().id, organization.id)
    now = clock.now()
    local = now.astimezone(ZoneInfo(organization.time_zone))
    number = counter.count(caller, local.date().isoformat())
    g.budget = (allowed.a_day, max(0, allowed.a_day - number), _seconds_to_midnight(local))
    if not allowed.is_limited:
        return
    if number > allowed.a_day:
        raise DailyLimit(allowed.a_day)
    if not counter.begin(caller, allowed.at_once):
        raise ConcurrencyLimit
    g.running = caller
    if wait := counter.wait(caller, int(now.timestamp()), allowed.a_minute):
        g.retry_after = wait
        raise MinuteLimit


def release(_: BaseException | None = None) -> None:
    """At the very end of a request, whatever became of it."""
    if caller := g.pop("running", None):
        _counter().end(caller)


def _counter() -> CallCounter:
    return cast(CallCounter, current_app.extensions["call_counter"])


def _seconds_to_midnight(local: datetime) -> int:
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return max(1, int((midnight - local).total_seconds()))


def show_budget(response: Response) -> Response:
    """The headers of every answer (§1.5); `Retry-After` is not documented, but clients read it."""
    if budget := g.get("budget"):
        for name, number in zip(("limit", "remaining", "reset"), budget, strict=True):
            response.headers.add(f"x-rate-limit-{name}", str(number))
    if wait := g.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    if allowed := _methods():
        response.headers["Allow"] = allowed
    response.headers["cache-control"] = "no-store, no-cache, must-revalidate"
    return response


def _methods() -> str:
    """The methods of the address that was called, as the vendor lists them."""
    if request.url_rule is None:
        return ""
    known: dict[str, str] = current_app.extensions.setdefault("methods_of_rules", {})
    rule = request.url_rule.rule
    if rule not in known:
        found = {name for one in current_app.url_map.iter_rules() if one.rule == rule for name in one.methods or ()}
        known[rule] = ", ".join(name for name in ("OPTIONS", "DELETE", "POST", "GET", "PUT") if name in found)
    return known[rule]
