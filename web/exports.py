"""Tables as files for other programs: CSV that no spreadsheet takes for formulas, JSON with exact numbers."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from flask import Response

from simulator import wire

Row = dict[str, Any]

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
#: What makes a spreadsheet take a cell for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def file_of(name: str, ext: str, columns: tuple[str, ...], rows: Iterable[Row]) -> Response:
    """The columns of some rows as a file, `ext` is csv or json."""
    kept = [{column: row.get(column) for column in columns} for row in rows]
    body = wire.dumps(kept) if ext == "json" else _csv(columns, kept)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ext}"'}
    return Response(body, content_type=TYPES[ext], headers=headers)


def _csv(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    """Text that begins like a formula gets an apostrophe in front; numbers stay numbers, what is nested is JSON."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return wire.dumps(value).decode()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) else text
