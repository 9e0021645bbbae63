"""Answers in the vendor's envelope (invoice-api.md §2.1), and how single values are written (§2.4)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask import Response

from simulator import wire
from simulator.money import SCALE


def success(message: str = "success", **content: Any) -> Response:
    return wire.reply({"code": 0, "message": message, **content})


def created(message: str, module: str, record_id: int, **content: Any) -> Response:
    """201, with the address in the vendor's older form whatever prefix was called (§1.1)."""
    headers = {"Location": f"/api/v3/{module}/{record_id}"}
    return wire.reply({"code": 0, "message": message, **content}, 201, headers)


def id_text(value: int | None) -> str:
    """Ids are strings; an unset one is empty."""
    return "" if value is None else str(value)


def day_text(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def shown_day(value: date | None) -> str:
    """A date as people read it: 09 Oct 2026."""
    return "" if value is None else value.strftime("%d %b %Y")


def time_text(moment: datetime | None, zone: str) -> str:
    """A time in the organization's zone, its offset without a colon: 2026-10-09T13:36:23-0400."""
    return "" if moment is None else seconds_text(int(moment.timestamp()), zone)


@lru_cache(maxsize=20_000)
def seconds_text(seconds: int, zone: str) -> str:
    """The same of a raw `Moment` column."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S%z")


def units_number(units: int | None) -> Any:
    """A raw `Money` column as a JSON number with no trailing zeros: lists write thousands of them."""
    whole, rest = divmod(units or 0, SCALE)
    if not rest:
        return whole
    if whole < 0:
        return orjson.Fragment(wire.plain(Decimal(units or 0) / SCALE))
    return orjson.Fragment(f"{whole}.{rest:06d}".rstrip("0"))


def spoken_times(moment: datetime, zone: str, now: datetime) -> dict[str, str]:
    """A time as comments show it: its date, how long ago that is, and its time of day (§3.1)."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return {
        "date": local.date().isoformat(),
        "date_description": _ago(now - moment, (today - local.date()).days),
        "time": local.strftime("%I:%M %p").lstrip("0"),
    }


def _ago(passed: timedelta, days: int) -> str:
    """How long ago something was, in one unit. [MEM] for all but days."""
    if days > 0:
        return _counted(days, "day")
    minutes = max(0, int(passed.total_seconds())) // 60
    if minutes >= 60:
        return _counted(minutes // 60, "hour")
    return _counted(minutes, "minute") if minutes else "few seconds ago"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} ago"
