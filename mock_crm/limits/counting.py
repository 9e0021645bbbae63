"""Counting the calls of worlds that have limits: admitted or refused before the route, told after it.

What was spent is kept in memory only: a read must not write, and whoever starts the service anew starts the day anew.
"""

import threading
from collections import Counter, deque
from datetime import timedelta

from flask import Response, current_app, g, request

from mock_crm import state
from mock_crm.errors import CrmError
from mock_crm.limits import costs
from simulator import clock, context

DAY = int(timedelta(hours=24).total_seconds())
MINUTE = 60
HEADER = "X-API-CREDITS-REMAINING"


class TooManyRequests(CrmError):
    """More calls at the same time than the edition allows, or the credits of the day are spent."""

    code, status, message = "TOO_MANY_REQUESTS", 429, "You have exceeded the number of requests allowed"


class RateLimitExceeded(CrmError):
    """More heavy calls at the same time than are allowed."""

    code, status, message = "RATE_LIMIT_EXCEEDED", 429, "You have exceeded the rate limit of this API"


class Usage:
    """What the worlds of this service spent in the last 24 hours of their time, and the calls under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent: dict[str, deque[tuple[int, int]]] = {}  # world → minute and credits, the oldest first
        self._running: Counter[tuple[str, str]] = Counter()

    def spend(self, world: str, credits: int, allowed: int, now: int) -> int:
        """Takes credits; returns what is left.

        Raises:
            TooManyRequests: when too few are left; then none is taken.
        """
        minute = now // MINUTE
        with self._lock:
            spent = self._spent.setdefault(world, deque())
            while spent and spent[0][0] <= minute - DAY // MINUTE:
                spent.popleft()
            while spent and spent[-1][0] > minute:
                spent.pop()  # the world was put back in time
            left = allowed - sum(taken for _, taken in spent)
            if credits > left:
                wait = spent[0][0] * MINUTE + DAY - now if spent else DAY
                raise TooManyRequests({"limit": allowed, "window": DAY, "retry_after": max(1, wait)})
            before = spent.pop()[1] if spent and spent[-1][0] == minute else 0
            spent.append((minute, before + credits))
            return left - credits

    def begin(self, key: tuple[str, str], most: int) -> bool:
        """Counts a call that begins; False when there are as many as there may be."""
        with self._lock:
            if self._running[key] >= most:
                return False
            self._running[key] += 1
            return True

    def end(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._running[key] -= 1
            if self._running[key] <= 0:
                del self._running[key]


def admit() -> None:
    """Before a route, once its caller is known.

    Raises:
        TooManyRequests, RateLimitExceeded: when he may not call now.
    """
    allowance = state.current().allowance
    if not allowance.is_limited or (g.get("is_admitted") and not g.get("is_sub_request")):
        return  # an attempt at a request that is repeated is counted once
    g.is_admitted = True
    credits, is_heavy = costs.of_request(request)
    if not g.get("is_sub_request"):
        _begin(allowance.at_once, allowance.heavy_at_once if is_heavy else None)
    now = int(clock.now().timestamp())
    g.credits_left = _usage().spend(context.current_world().id, credits, allowance.credits, now)


def _begin(at_once: int, heavy_at_once: int | None) -> None:
    """Calls at the same time are counted by organization and application."""
    world, client = context.current_world().id, g.caller.client_id
    g.running = []
    for kind, most, refusal in (
        ("", at_once, TooManyRequests({"limit": at_once})),
        (" heavy", heavy_at_once, RateLimitExceeded()),
    ):
        if most is None:
            continue
        key = (world, f"{client}{kind}")
        if not _usage().begin(key, most):
            raise refusal
        g.running.append(key)


def release(_: BaseException | None = None) -> None:
    """At the very end of a request, whatever became of it."""
    for key in g.pop("running", ()):
        _usage().end(key)


def tell(response: Response) -> Response:
    """What is left of the credits is told once half of them are spent."""
    left = g.get("credits_left")
    if left is not None and left * 2 <= state.current().allowance.credits:
        response.headers[HEADER] = str(left)
    return response


def _usage() -> Usage:
    found: Usage = current_app.extensions["api_usage"]
    return found
