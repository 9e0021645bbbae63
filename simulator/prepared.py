"""Statements that nearly every request runs: put into the database's words once, then handed to its driver.

SQLAlchemy's way from a statement to a cursor costs 70 µs each time, the driver's own 10. A request runs four or five
of these, so that they would be half of what a small answer costs; everything else goes the ordinary way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from simulator.database import Reading

#: Where a prepared statement runs.
Connected = Connection | Reading
Values = Mapping[str, Any]
Conversion = Callable[[Any], Any]

T = TypeVar("T")


@dataclass(frozen=True)
class _Written:
    """A statement in the words of one dialect.

    Attributes:
        places: the parameters in the order of their signs; None where the driver takes them by name.
        fixed: values that stand in the statement itself.
        going_in, coming_out: what SQLAlchemy's types do to some parameters and columns.
    """

    text: str
    places: Sequence[str] | None
    fixed: Values
    going_in: Mapping[str, Conversion]
    coming_out: Sequence[tuple[int, Conversion]]

    def parameters(self, values: Values) -> Any:
        given = {**self.fixed, **values}
        for name, convert in self.going_in.items():
            given[name] = convert(given[name])
        return given if self.places is None else [given[name] for name in self.places]

    def converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.coming_out:
            values[place] = convert(values[place])
        return tuple(values)


class Prepared:
    """A Core statement, its parameters `bindparam`s by name (none of them expanding), or an `insert` of a table."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Written] = {}
        names = [column.key for column in getattr(statement, "exported_columns", ())]
        self._row: Any = namedtuple("Row", names)  # type: ignore[misc]

    def rows(self, connection: Connected, **values: Any) -> list[Any]:
        """The rows it gives, as plain tuples, in the transaction of the connection."""
        return self.converted(connection, self.raw_rows(connection, **values))

    def raw_rows(self, connection: Connected, **values: Any) -> list[Any]:
        """The same as the driver gives them."""
        written = self._written(connection.dialect)
        parameters = written.parameters(values)

        def read(cursor: Any) -> list[Any]:
            cursor.execute(written.text, parameters)
            rows: list[Any] = cursor.fetchall()
            return rows

        return self._by_cursor(connection, written, read)

    def named_rows(self, connection: Connected, **values: Any) -> list[Any]:
        """As `rows`, where the reader wants the columns by their names."""
        return self.named(self.rows(connection, **values))

    def converted(self, connection: Connected, rows: list[Any]) -> list[Any]:
        """Raw rows with their values as the columns' types want them."""
        written = self._written(connection.dialect)
        return [written.converted(row) for row in rows] if written.coming_out else rows

    def named(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """Rows of this statement with their columns by name."""
        return [self._row._make(row) for row in rows]

    def run(self, connection: Connected, *many: Values) -> None:
        """Runs it once for each of some values."""
        written = self._written(connection.dialect)
        parameters = [written.parameters(values) for values in many]

        def write(cursor: Any) -> None:
            if len(parameters) == 1:
                cursor.execute(written.text, parameters[0])
            else:
                cursor.executemany(written.text, parameters)

        self._by_cursor(connection, written, write)

    @staticmethod
    def _by_cursor(connection: Connected, written: _Written, act: Callable[[Any], T]) -> T:
        """Acts by a cursor of the driver in the transaction under way; its errors are told as SQLAlchemy tells them."""
        if not connection.in_transaction():
            connection.begin()
        cursor = connection.connection.cursor()
        try:
            return act(cursor)
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                written.text, None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
            ) from error
        finally:
            cursor.close()

    def _written(self, dialect: Dialect) -> _Written:
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = self._by_dialect[dialect.name] = self._write(dialect)
        return found

    def _write(self, dialect: Dialect) -> _Written:
        compiled = self._statement.compile(dialect=dialect)
        columns = getattr(self._statement, "exported_columns", ())
        inward = {name: _kind(bind, dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
        outward = [_kind(column, dialect).result_processor(dialect, None) for column in columns]
        return _Written(
            text=str(compiled),
            places=compiled.positiontup,
            fixed={name: value for name, value in compiled.params.items() if value is not None},
            going_in={name: convert for name, convert in inward.items() if convert is not None},
            coming_out=[(place, convert) for place, convert in enumerate(outward) if convert is not None],
        )


def _kind(typed: Any, dialect: Dialect) -> TypeEngine[Any]:
    """The type of a parameter or a column as this dialect has it."""
    kind: TypeEngine[Any] = typed.type.dialect_impl(dialect)
    return kind
