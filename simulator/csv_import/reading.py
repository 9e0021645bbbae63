"""Reads CSV files line by line and turns cells into the values an API takes. Knows nothing of any product."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
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


#: What becomes of a line whose record is there already, by its name (the field's words for it).
CLONE, OVERWRITE, SKIP = "clone", "overwrite", "skip"


@dataclass(frozen=True)
class Plan:
    """How a file is to be read, as said on the command line or on the screen.

    Attributes:
        duplicates: what becomes of a line whose record is there already.
        advises: whether reasons name the command's option that would help.
    """

    columns: dict[str, str] = field(default_factory=dict)
    translations: dict[tuple[str, str], str] = field(default_factory=dict)
    date_format: str = "%Y-%m-%d"
    add_values: frozenset[str] = frozenset()
    stages: dict[str, int] = field(default_factory=dict)
    duplicates: str = CLONE
    advises: bool = True


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


@dataclass(frozen=True)
class Row:
    """One line as it stands in the file; `problem` where it is no line of this table."""

    number: int
    cells: Sequence[str]
    problem: str = ""


class Sheet:
    """A CSV text: its header and what stands below it."""

    def __init__(self, text: str, name: str) -> None:
        """Reads the header.

        Raises:
            ImportRefused: there is none.
        """
        self._text = text
        try:
            self.header = next(self._reader())
        except (StopIteration, csv.Error):
            raise ImportRefused(f"{name} has no header line.") from None

    def _reader(self) -> Any:
        return csv.reader(io.StringIO(self._text, newline=""), strict=True)

    def rows(self) -> Iterator[Row]:
        """The lines below the header but the empty ones; a quoted cell may go over several."""
        reader = self._reader()
        next(reader)
        while True:
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                last = f" up to line {reader.line_num}" if reader.line_num > first else ""
                raw = self._text.splitlines()[first - 1 : reader.line_num]
                yield Row(first, ["\n".join(raw)], f"the line cannot be read{last}: {error}")
                continue
            if not any(cell.strip() for cell in cells):
                continue
            is_whole = len(cells) == len(self.header)
            yield Row(first, cells, "" if is_whole else f"{len(cells)} cells in place of {len(self.header)}")

    def lines(self, matched: Mapping[int, str]) -> Iterator[Line | Rejected]:
        """The lines with the cells of those columns that are matched to a field."""
        for row in self.rows():
            if row.problem:
                yield Rejected(row.number, "", "", row.problem)
            else:
                cells = {name: row.cells[place].strip() for place, name in matched.items()}
                yield Line(row.number, {name: cell for name, cell in cells.items() if cell})


def read_lines(path: Path, headers: Mapping[str, str], plan: Plan) -> tuple[Iterator[Line | Rejected], list[str]]:
    """The lines of a file with its columns matched to fields, and the columns that match none.

    A column matches by `--map`, else by its header.

    Args:
        headers: field by what its column may be called, in the form of `words`.

    Raises:
        ImportRefused: for a file that cannot be read, has no header, or a mapping that names what is not there.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} cannot be read: {_why(error)}.") from None
    sheet = Sheet(text, str(path))
    matched = _match(sheet.header, headers, plan.columns)
    if not matched:
        raise ImportRefused(f"No column of {path} matches a field; say which by --map COLUMN=FIELD.")
    ignored = [name for place, name in enumerate(sheet.header) if place not in matched]
    return sheet.lines(matched), ignored


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"


def _match(header: list[str], headers: Mapping[str, str], columns: dict[str, str]) -> dict[int, str]:
    fields = set(headers.values())
    for column, wanted in columns.items():
        if column not in header:
            raise ImportRefused(f"There is no column {column!r}; the file has {', '.join(header)}.")
        if wanted not in fields:
            raise ImportRefused(f"There is no field {wanted!r} to map {column!r} onto.")
    matched: dict[int, str] = {}
    for place, name in enumerate(header):
        found = columns.get(name) or headers.get(words(name))
        if found:
            if found in matched.values():
                raise ImportRefused(f"Two columns are mapped onto {found}.")
            matched[place] = found
    return matched


def words(name: str) -> str:
    """A header or a field's name, such that case and the sign between its words do not matter."""
    return name.strip().lower().replace(" ", "_")


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
            case "multiselectpicklist":
                return [one.strip() for one in text.split(";") if one.strip()]
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
