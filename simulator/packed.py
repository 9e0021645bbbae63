"""Rows as one text each, for what is asked for again and again.

SQLite writes the values of a row as JSON in a quarter of the time that its driver takes to make objects of them, and
whoever knows what came of a text need not unpack it. Other databases' drivers do it their own way.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Select, func, select

from simulator.prepared import Connected, Prepared

#: Some columns as they are, then all of the row, as text or as the driver gives it.
PackedRow = tuple[Any, ...]


class PackedRows:
    """A prepared SELECT."""

    def __init__(self, statement: Select[Any], leading: int = 1) -> None:
        """
        Args:
            leading: how many of its first columns are also given as they are.
        """
        self._statement = statement
        self._leading = leading
        self._plain = Prepared(statement)

    @cached_property
    def _packed(self) -> Prepared:
        columns = list(self._statement.selected_columns)
        whole = func.json_array(*columns).label("whole")
        return Prepared(self._statement.with_only_columns(*columns[: self._leading], whole, maintain_column_froms=True))

    def rows(self, connection: Connected, **values: Any) -> list[PackedRow]:
        if connection.dialect.name == "sqlite":
            return self._packed.rows(connection, **values)
        return [(*row[: self._leading], row) for row in self._plain.raw_rows(connection, **values)]

    def unpacked(self, connection: Connected, rows: Iterable[PackedRow]) -> list[Any]:
        """The rows with their columns by name."""
        whole: list[Any] = [row[-1] for row in rows]
        if connection.dialect.name == "sqlite":
            whole = [orjson.loads(text) for text in whole]
        return self._plain.named(self._plain.converted(connection, whole))


class PackedPage:
    """A prepared SELECT with an order and a limit, all of whose rows come as one text.

    The driver lets go of the interpreter at each row, and others take it. SQLite strings the rows together in the
    order in which the inner statement gives them.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._plain = Prepared(statement)

    @cached_property
    def _packed(self) -> Prepared:
        whole = func.json_array(*self._statement.selected_columns).label("whole")
        rows = self._statement.with_only_columns(whole, maintain_column_froms=True).subquery()
        return Prepared(select(func.group_concat(rows.c.whole).label("all_rows")))

    def rows(self, connection: Connected, **values: Any) -> list[Any]:
        """Its rows with their columns by name."""
        if connection.dialect.name != "sqlite":
            return self._plain.named_rows(connection, **values)
        ((all_rows,),) = self._packed.rows(connection, **values)
        return self._plain.named(self._plain.converted(connection, orjson.loads(f"[{all_rows or ''}]")))
