"""Parameters that filter a list: a kind of filter knows its names and suffixes and what they mean (§2.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import ColumnElement, and_, false

from mock_invoice.access import current_organization
from mock_invoice.errors import InvalidValue
from mock_invoice.fields import id_of
from mock_invoice.find import holds_crm_id
from mock_invoice.parsing import day_of
from simulator import money

TEXT_LIMIT = 100

Column = Any
Condition = ColumnElement[bool]
NOBODY = false()


@dataclass(frozen=True)
class Texts:
    """Text columns: the bare name is exact, `_startswith` and `_contains` look into it."""

    columns: dict[str, Column]
    #: Sales orders also take lists of values, with commas: `_in` and `_not_in`. [MEM] for the commas.
    has_lists: bool = False

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (*TEXT_COMPARISONS, *(LIST_COMPARISONS if self.has_lists else ()))

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        for name, column in self.columns.items():
            for suffix in self.suffixes:
                text = request.args.get(f"{name}{suffix}")
                if text:
                    found.append(_text_condition(column, suffix, checked_text(text, f"{name}{suffix}")))
                    criteria.append(_criterion(name, text, suffix.lstrip("_") or "is"))
        return found


TEXT_COMPARISONS = ("", "_startswith", "_contains")
LIST_COMPARISONS = ("_in", "_not_in")


def _text_condition(column: Column, suffix: str, text: str) -> Condition:
    if suffix in LIST_COMPARISONS:
        values = [value.strip() for value in text.split(",")]
        return column.in_(values) if suffix == "_in" else column.not_in(values)  # type: ignore[no-any-return]
    if suffix == "_startswith":
        return column.istartswith(text, autoescape=True)  # type: ignore[no-any-return]
    if suffix == "_contains":
        return column.icontains(text, autoescape=True)  # type: ignore[no-any-return]
    return column == text  # type: ignore[no-any-return]


def checked_text(text: str, name: str) -> str:
    if len(text) > TEXT_LIMIT * 2 or "\0" in text:
        raise InvalidValue(name)
    return text


def _criterion(name: str, text: str, comparator: str) -> dict[str, str]:
    """One entry of `search_criteria`. [MEM] for the shape."""
    return {"column_name": name, "search_text": text, "search_text_formatted": text, "comparator": comparator}


@dataclass(frozen=True)
class Numbers:
    """Amounts: the bare name and the four comparisons."""

    columns: dict[str, Column]
    #: Sales orders also take `_start` and `_end`.
    has_range: bool = False

    @property
    def comparisons(self) -> dict[str, Callable[[Column, Any], Condition]]:
        return {**COMPARISONS, **(RANGE if self.has_range else {})}

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        for name, column in self.columns.items():
            for suffix, compare in self.comparisons.items():
                text = request.args.get(f"{name}{suffix}")
                if text:
                    found.append(compare(column, _number(text, f"{name}{suffix}")))
        return found


COMPARISONS: dict[str, Callable[[Column, Any], Condition]] = {
    "": lambda column, value: column == value,
    "_less_than": lambda column, value: column < value,
    "_less_equals": lambda column, value: column <= value,
    "_greater_than": lambda column, value: column > value,
    "_greater_equals": lambda column, value: column >= value,
}
RANGE: dict[str, Callable[[Column, Any], Condition]] = {
    "_start": lambda column, value: column >= value,
    "_end": lambda column, value: column <= value,
}


def _number(text: str, name: str) -> Decimal:
    try:
        return money.amount(text)
    except ValueError:
        raise InvalidValue(name) from None


@dataclass(frozen=True)
class Days:
    """Dates: the bare name and `_start _end _before _after`."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        for name, column in self.columns.items():
            for suffix, compare in DAY_COMPARISONS.items():
                text = request.args.get(f"{name}{suffix}")
                if text:
                    found.append(compare(column, day_of(text, f"{name}{suffix}")))
        return found


DAY_COMPARISONS: dict[str, Callable[[Column, Any], Condition]] = {
    "": lambda column, value: column == value,
    "_start": lambda column, value: column >= value,
    "_end": lambda column, value: column <= value,
    "_before": lambda column, value: column < value,
    "_after": lambda column, value: column > value,
}


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


@dataclass(frozen=True)
class IdFilter:
    """Ids of other records."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        return [
            column == id_of(text, name) for name, column in self.columns.items() if (text := request.args.get(name))
        ]


@dataclass(frozen=True)
class Exact:
    """Words that fit as a whole or not at all: the ids of CRM records, and others that are never empty."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        given = {name: text for name in self.columns if (text := request.args.get(name))}
        return [and_(*holds_crm_id(self.columns[name], checked_text(text, name))) for name, text in given.items()]


@dataclass(frozen=True)
class Made:
    """Parameters whose conditions reach beyond the row, such as what stands on a document's lines."""

    makers: dict[str, Callable[[str], Condition]]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        return [
            make(checked_text(text, name)) for name, make in self.makers.items() if (text := request.args.get(name))
        ]


Filter = Texts | Numbers | Days | CreatedDays | IdFilter | Exact | Made
