"""Rows of a page as one text each, for pages that are asked for again and again.

SQLite writes the values of a row as JSON in a quarter of the time that its driver takes to make objects of them, and
whoever knows a page by its texts need not unpack it. Other databases' drivers do it their own way.
"""

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Connection, Select, func

from simulator.prepared import Prepared

#: The first column of a row, which is its id, and all of it: as text, or as it is.
PackedRow = tuple[int, Hashable]


class PackedRows:
    """A prepared SELECT, the id first among its columns."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._plain = Prepared(statement)

    @cached_property
    def _packed(self) -> Prepared:
        columns = self._statement.selected_columns
        whole = func.json_array(*columns).label("whole")
        return Prepared(self._statement.with_only_columns(columns[0], whole, maintain_column_froms=True))

    def rows(self, connection: Connection, **values: Any) -> list[PackedRow]:
        if connection.dialect.name == "sqlite":
            return self._packed.rows(connection, **values)
        return [(row[0], row) for row in self._plain.rows(connection, **values)]

    def unpacked(self, connection: Connection, rows: Iterable[PackedRow]) -> list[Any]:
        """The rows with their columns by name."""
        whole: list[Any] = [row for _, row in rows]
        if connection.dialect.name == "sqlite":
            whole = self._plain.converted(connection, [orjson.loads(text) for text in whole])
        return self._plain.named(whole)
