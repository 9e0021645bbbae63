"""List parameters for the day on which something was made (invoice-api.md §2.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import ColumnElement

from mock_invoice.access import current_organization
from mock_invoice.parsing import day_of

Column = Any
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class CreatedDays:
    """The day on which something was made, where only the moment is kept: a day of the organization's zone."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        zone = ZoneInfo(current_organization().time_zone)
        for name, column in self.columns.items():
            for suffix, holds in MOMENT_COMPARISONS.items():
                text = request.args.get(f"{name}{suffix}")
                if text:
                    day = day_of(text, f"{name}{suffix}")
                    begin, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
                    found.append(holds(column, begin, end))
        return found


MOMENT_COMPARISONS: dict[str, Callable[[Column, datetime, datetime], Condition]] = {
    "": lambda column, begin, end: (column >= begin) & (column < end),
    "_start": lambda column, begin, end: column >= begin,
    "_end": lambda column, begin, end: column < end,
    "_before": lambda column, begin, end: column < begin,
    "_after": lambda column, begin, end: column >= end,
}
