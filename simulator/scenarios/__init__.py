"""Scenarios: folders of JSON from which worlds are made. Dates in them are relative to the day a world is made."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simulator import wire
from simulator.scenarios.generated import UnknownGenerator, is_generated, made_of

_RELATIVE = re.compile(r"@([+-]\d{1,5})d(?:(\d{2}):(\d{2}))?")


class ScenarioError(Exception):
    """A scenario's file cannot be used; the message names it."""


def load_folder(folder: Path, today: date, zone: str = "UTC") -> dict[str, Any]:
    """The JSON files of a folder by their stem, dates resolved; a folder that is not there is empty.

    Raises:
        ScenarioError: when a file is no JSON, or asks for records that nothing makes.
    """
    files: dict[str, Any] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            content = wire.loads(path.read_bytes())
        except ValueError as error:
            raise ScenarioError(f"{path} is no JSON: {error}") from None
        try:
            records = made_of(content) if is_generated(content) else content
        except (UnknownGenerator, KeyError) as error:
            raise ScenarioError(f"{path} cannot be made: {error}") from None
        files[path.stem] = resolve_dates(records, today, zone)
    return files


def resolve_dates(value: Any, today: date, zone: str = "UTC") -> Any:
    """Replaces `@-35d` by a date and `@-35d10:30` by a moment of that day in a time zone, at any depth.

    >>> resolve_dates({"due": "@+1d", "at": ["@-1d10:30"]}, date(2026, 3, 1))
    {'due': '2026-03-02', 'at': ['2026-02-28T10:30:00+00:00']}
    """
    if isinstance(value, dict):
        return {key: resolve_dates(item, today, zone) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve_dates(item, today, zone) for item in value]
    if isinstance(value, str) and (found := _RELATIVE.fullmatch(value)):
        day = today + timedelta(days=int(found.group(1)))
        if found.group(2) is None:
            return day.isoformat()
        moment = time(int(found.group(2)), int(found.group(3)))
        return datetime.combine(day, moment, UTC if zone == "UTC" else ZoneInfo(zone)).isoformat()
    return value
