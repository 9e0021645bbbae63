"""Reads CSV files line by line and turns cells into the values an API takes. Knows nothing of any product."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

#: Digits, with commas between thousands only: 12,50 is no number here, for it would be read as 1250.
NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
TRUE_WORDS = frozenset(("true", "yes", "y", "1"))
FALSE_WORDS = frozenset(("false", "no", "n", "0"))


class ImportRefused(Exception):
    """The import as a whole cannot be done; the message is one plain line."""


class BadCell(Exception):
    """A cell cannot be used; its line is rejected."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason


@dataclass(frozen=True)
class Plan:
    """How a file is to be read, as said on the command line."""

    columns: dict[str, str] = field(default_factory=dict)
    translations: dict[tuple[str, str], str] = field(default_factory=dict)
    date_format: str = "%Y-%m-%d"
    add_values: frozenset[str] = frozenset()
    stages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line of the file: its number and its cells by field."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Rejected:
    """One row of the report: the line, what in it is at fault, and why."""

    line: int
    column: str
    value: str
    reason: str


def read_lines(path: Path, fields: set[str], plan: Plan) -> tuple[Iterator[Line | Rejected], list[str]]:
    """The lines of a file with its columns matched to fields, and the columns that match none.

    A column matches by `--map`, else by its header: a field's name, or its name with spaces, in any case.

    Raises:
        ImportRefused: for a file that cannot be read, has no header, or a mapping that names what is not there.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} cannot be read: {_why(error)}.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
    except (StopIteration, csv.Error):
        raise ImportRefused(f"{path} has no header line.") from None
    matched = _match(header, fields, plan.columns)
    if not matched:
        raise ImportRefused(f"No column of {path} matches a field; say which by --map COLUMN=FIELD.")
    ignored = [name for place, name in enumerate(header) if place not in matched]
    return _lines(reader, header, matched), ignored


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"


def _match(header: list[str], fields: set[str], columns: dict[str, str]) -> dict[int, str]:
    for column, wanted in columns.items():
        if column not in header:
            raise ImportRefused(f"There is no column {column!r}; the file has {', '.join(header)}.")
        if wanted not in fields:
            raise ImportRefused(f"There is no field {wanted!r} to map {column!r} onto.")
    by_words = {_words(name): name for name in fields}
    matched: dict[int, str] = {}
    for place, name in enumerate(header):
        found = columns.get(name) or by_words.get(_words(name))
        if found:
            if found in matched.values():
                raise ImportRefused(f"Two columns are mapped onto {found}.")
            matched[place] = found
    return matched


def _words(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _lines(reader: Any, header: list[str], matched: dict[int, str]) -> Iterator[Line | Rejected]:
    while True:
        first = reader.line_num + 1  # a quoted cell may go over several lines
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = f" up to line {reader.line_num}" if reader.line_num > first else ""
            yield Rejected(first, "", "", f"the line cannot be read{last}: {error}")
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            yield Rejected(first, "", "", f"{len(row)} cells in place of {len(header)}")
            continue
        yield Line(first, {name: row[place].strip() for place, name in matched.items() if row[place].strip()})


def converted(column: str, text: str, data_type: str, plan: Plan) -> Any:
    """A cell as the API takes it, by the field's data type.

    Raises:
        BadCell: when the cell is none of that type.
    """
    try:
        match data_type:
            case "date":
                return datetime.strptime(text, plan.date_format).date().isoformat()  # noqa: DTZ007 - a date has no zone
            case "datetime":
                return datetime.strptime(text, plan.date_format).isoformat()  # noqa: DTZ007 - the zone is the CRM's own
            case "integer":
                return int(_digits(text))
            case "currency" | "double" | "percent":
                return Decimal(_digits(text))
            case "boolean":
                return _flag(text)
            case _:
                return text
    except ValueError:
        raise BadCell(column, text, f"is no {_described(data_type, plan)}") from None


def _digits(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ValueError
    return text.replace(",", "")


def _flag(text: str) -> bool:
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    raise ValueError


def _described(data_type: str, plan: Plan) -> str:
    return {
        "date": f"date of the form {plan.date_format}",
        "datetime": f"time of the form {plan.date_format}",
        "integer": "whole number",
        "boolean": "yes or no",
    }.get(data_type, "number")
