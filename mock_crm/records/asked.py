"""What criteria may ask a field: words of a search or a view turned into the field's own kind of value."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from mock_crm import state
from mock_crm.envelope import id_of, seconds_of
from mock_crm.metadata.catalog import SCALED_TYPES, Field
from mock_crm.organization.people import User
from mock_crm.records.criteria import units_of
from simulator import clock

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST_WORD = 1_000
#: Ids have 19 digits.
LARGEST_EXPONENT = 19


class Unasked(Exception):
    """A value that cannot be compared with the field."""


@dataclass(frozen=True)
class Asker:
    """Who asks and when: placeholders such as `${CURRENTUSER}` and `${TODAY}` mean him and now."""

    user: User
    zone: ZoneInfo
    today: date

    @classmethod
    def of(cls, user: User) -> "Asker":
        zone = state.people().company.zone
        return cls(user, zone, clock.today(zone.key))

    def midnight(self, day: date) -> int:
        return int(datetime.combine(day, time(), self.zone).timestamp())


def value_of(field: Field, given: Any, asker: Asker) -> Any:
    """A single value to compare the field with, in its kept form.

    Raises:
        Unasked: when the field cannot hold such a value.
    """
    if field.data_type == "boolean":
        return _boolean(given)
    if field.data_type in ("lookup", "ownerlookup", "userlookup"):
        return _reference(field, given, asker)
    if field.data_type == "multiselectlookup":
        number = id_of(given.get("id") if isinstance(given, dict) else given)
        if number is None:
            raise Unasked
        return number
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise Unasked
    text = str(given)
    if len(text) > LONGEST_WORD or "\0" in text:
        raise Unasked
    if field.data_type in SCALED_TYPES:
        return units_of(field, _number(text))
    if field.data_type in ("integer", "bigint"):
        return _number(text)
    if field.data_type == "date":
        return _day(text).isoformat()
    if field.data_type == "datetime":
        return _moment(text, asker)
    return field.actual_by_spelling.get(text, text) if field.data_type == "picklist" else text


def _boolean(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.strip().lower() in ("true", "false"):
        return given.strip().lower() == "true"
    raise Unasked


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip() if "_" not in text else "")
    except InvalidOperation:
        raise Unasked from None
    if not number.is_finite() or number.adjusted() >= LARGEST_EXPONENT or number.adjusted() < -LARGEST_EXPONENT:
        if number == 0:
            return Decimal(0)
        raise Unasked
    return number


def _day(text: str) -> date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Unasked from None


def _moment(text: str, asker: Asker) -> int:
    if _DATE.fullmatch(text):
        return asker.midnight(_day(text))
    seconds = seconds_of(text)
    if seconds is None:
        raise Unasked
    return seconds


def expanded(field: Field, given: Any, asker: Asker) -> list[Any]:
    """What a value of criteria stands for: `${CURRENTUSERROLE}` for all users in the role of the one who asks.

    From memory: which users those are (the vendor says only that the placeholder is there, crm-api.md §5.5).
    """
    named = given.get("name", given.get("id")) if isinstance(given, dict) else given
    if named != "${CURRENTUSERROLE}" or field.data_type not in ("ownerlookup", "userlookup"):
        return [given]
    return [user.id for user in state.people().users.values() if user.role.id == asker.user.role.id]


def _reference(field: Field, given: Any, asker: Asker) -> int | str:
    """An id, `{"id"}`, `{"name"}`, a name, or the one who asks. Users become ids here, whatever their spelling."""
    if isinstance(given, dict):
        given = given["id"] if given.get("id") is not None else given.get("name")
    if given == "${CURRENTUSER}":
        return asker.user.id
    number = id_of(given)
    if number is not None and (isinstance(given, int) or len(str(given)) >= 12):
        return number
    if not isinstance(given, str) or len(given) > LONGEST_WORD or "\0" in given:
        raise Unasked
    if field.data_type == "lookup":
        return given
    wanted = given.strip().lower()
    users = state.people().users.values()
    return next((user.id for user in users if wanted in (user.full_name.lower(), user.email.lower())), 0)


def days_of(placeholder: str, today: date) -> tuple[date, date] | None:
    """First and last day that a date placeholder means; None when it is none. Weeks begin on Sunday (from memory)."""
    if made := _RELATIVE.fullmatch(placeholder):
        direction, unit, count = made.group(1), made.group(2), int(made.group(3))
        return _span(direction == "NEXT", unit, count, today) if 0 < count <= 1_000 else None
    if made := _AGE.fullmatch(placeholder):
        days = timedelta(int(made.group(2)) if made.group(1) == "DUE" else -int(made.group(2)))
        return today + days, today + days
    start_of_week = today - timedelta((today.weekday() + 1) % 7)
    months = {"LASTMONTH": -1, "THISMONTH": 0, "NEXTMONTH": 1}
    weeks = {"LASTWEEK": -7, "THISWEEK": 0, "NEXTWEEK": 7}
    days_from = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
    word = placeholder.removeprefix("${").removesuffix("}").replace("_", "")
    if word in days_from:
        day = today + timedelta(days_from[word])
        return day, day
    if word in weeks:
        first = start_of_week + timedelta(weeks[word])
        return first, first + timedelta(6)
    if word in months:
        first = _month(today, months[word])
        return first, _month(first, 1) - timedelta(1)
    return None


_RELATIVE = re.compile(r"\$\{(LAST|NEXT)_N_(DAYS|WEEKS|MONTHS):(\d{1,4})\}")
_AGE = re.compile(r"\$\{(AGE|DUE)INDAYS\}\+?(\d{1,4})")


def _span(ahead: bool, unit: str, count: int, today: date) -> tuple[date, date]:
    """*Last 7 days* ends today, *next 7 days* begins tomorrow; weeks and months likewise (from memory)."""
    if unit == "MONTHS":
        if ahead:
            return today + timedelta(1), _month(_month(today, count + 1), 0) - timedelta(1)
        return _month(today, -count), today
    days = count * (7 if unit == "WEEKS" else 1)
    return (today + timedelta(1), today + timedelta(days)) if ahead else (today - timedelta(days), today)


def _month(day: date, ahead: int) -> date:
    """The first of the month so many months ahead."""
    number = day.year * 12 + day.month - 1 + ahead
    return date(max(1, min(9999, number // 12)), number % 12 + 1, 1)
