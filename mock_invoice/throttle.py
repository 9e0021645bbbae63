"""The day's budget of calls and the headers that show it (invoice-api.md §1.5, §1.6).

Counted in memory: a read may not write, and a restart gives a new day. The budget is high unless an organization's
`daily_call_limit` says otherwise; the per-minute limit is a matter of injected faults.
"""

import threading
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g

from mock_invoice.errors import DailyLimit
from mock_invoice.settings.organization_model import Organization
from simulator import clock, context


class CallCounter:
    """Calls of the day by world and organization."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], tuple[str, int]] = {}

    def count(self, organization_id: int, day: str) -> int:
        """Counts one call; says how many there were on this day with it."""
        key = (context.current_world().id, organization_id)
        with self._lock:
            counted_day, number = self._counts.get(key, (day, 0))
            number = number + 1 if counted_day == day else 1
            self._counts[key] = (day, number)
            return number


def install(app: Flask) -> None:
    app.extensions["call_counter"] = CallCounter()


def spend() -> None:
    """Counts the call that is being answered.

    Raises:
        DailyLimit: the organization has none left.
    """
    organization: Organization = g.organization
    local = clock.now().astimezone(ZoneInfo(organization.time_zone))
    counter = cast(CallCounter, current_app.extensions["call_counter"])
    number = counter.count(organization.id, local.date().isoformat())
    limit = organization.daily_call_limit
    g.budget = (limit, max(0, limit - number), _seconds_to_midnight(local))
    if number > limit:
        raise DailyLimit(limit)


def _seconds_to_midnight(local: datetime) -> int:
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return max(1, int((midnight - local).total_seconds()))


def show_budget(response: Response) -> Response:
    if budget := g.get("budget"):
        for name, number in zip(("limit", "remaining", "reset"), budget, strict=True):
            response.headers[f"x-rate-limit-{name}"] = str(number)
    response.headers["cache-control"] = "no-store, no-cache, must-revalidate"
    return response
