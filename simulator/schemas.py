"""Where worlds live on PostgreSQL: one schema for each service and world, made by copying a template's schema.

Schemas are called `crm_demo0001`, and what belongs to a world begins with that: `crm_demo0001_s_<snapshot>`,
`crm_demo0001_p_<preparation>`. Templates are `crm_t_<scenario>_<state>`.
"""

import hashlib
import threading
import weakref
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from itertools import chain

from sqlalchemy import BigInteger, Engine, Integer, MetaData, String, Table, Text, text
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateIndex, CreateTable

from simulator.postgres import open_engine
from simulator.read_entries import ReadTable


class PostgresStorage:
    """The schemas of one service's worlds; the same operations as `SqliteStorage`, places are names of schemas."""

    def __init__(self, url: str, service: str, metadatas: Sequence[MetaData]) -> None:
        self.service = service
        self._metadatas = metadatas
        share_conditions(metadatas)
        self._engine = open_engine(url)
        weakref.finalize(self, self._engine.dispose)  # the server is told, not left to find out

    def live(self, world: str) -> str:
        return f"{self.service}_{world}"

    def template(self, scenario: str, state: str) -> str:
        return f"{self.service}_t_{_digest(scenario)}_{state}"

    def snapshot(self, world: str, name: str) -> str:
        return f"{self.live(world)}_s_{name}"

    def prepared(self, ticket: str) -> str:
        return f"{self.live(ticket[:8])}_p_{_digest(ticket)}"

    def unfinished(self, place: str) -> str:
        return f"{place}_unfinished"

    def worlds(self) -> list[str]:
        return [name.removeprefix(f"{self.service}_") for name in self._named(f"^{self.service}_[a-z0-9]{{8}}$")]

    def snapshots(self, world: str) -> list[str]:
        """The names of a world's snapshots."""
        prefix = self.snapshot(world, "")
        return [name.removeprefix(prefix) for name in self._named(f"^{prefix}")]

    def belongings(self, world: str) -> list[str]:
        """What is kept of a world beside its live schema: snapshots, and preparations nobody swapped in."""
        return self._named(f"^{self.live(world)}_")

    def exists(self, place: str) -> bool:
        return bool(self._named(f"^{place}$"))

    def engine(self, place: str, write_lock: threading.Lock) -> Engine:
        """All worlds share one pool; the lock of writers is the server's."""
        return self._engine.execution_options(schema=place)

    def close(self, engine: Engine) -> None:
        """Nothing to do: the connections belong to all worlds."""

    def check(self, place: str) -> None:
        """The server looks after its own files."""

    def reads(self) -> ReadTable:
        """Where the journal's entries of reads are kept."""
        return ReadTable(self._engine, f"{self.service}_read_journal")

    def create(self, place: str) -> None:
        """Makes the tables of an empty world."""
        with self._within(place) as connection:
            self._make_tables(connection, place)
            _run(connection, self._indexes)

    def make_room(self, template: str) -> None:
        """Drops older templates of the same scenario, which nobody asks for any more."""
        for older in self._named(f"^{template.rpartition('_')[0]}_"):
            self.remove(older)

    def copy(self, source: str, target: str) -> None:
        """Copies all rows as they were at one moment; the copy appears whole or not at all."""
        with self._within(target, consistent=True) as connection:
            self._make_tables(connection, target)
            _run(connection, [_insert(table, source) for table in self._tables])
            _run(connection, self._indexes)
            _run(connection, [_restart(table) for table in self._tables])

    back_up = copy

    def overwrite(self, source: str, live: str, surviving: Iterable[str]) -> None:
        """Puts the rows of `source` into the live schema, keeping the tables named in `surviving`.

        One transaction under the world's lock. Rows are deleted, since those who read meanwhile would find a
        truncated or renamed table empty or changed in the midst of their own transaction.
        """
        changing = [table for table in self._tables if table.name not in surviving]
        with self._within(live) as connection:
            _run(connection, [f'DELETE FROM "{table.name}"' for table in reversed(changing)])
            _run(connection, [_insert(table, source) for table in changing])
            _run(connection, [_restart(table) for table in changing])

    def move(self, source: str, target: str) -> None:
        """Gives a schema another name, in place of whatever had it."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{target}" CASCADE')
            connection.exec_driver_sql(f'ALTER SCHEMA "{source}" RENAME TO "{target}"')

    def remove(self, place: str) -> None:
        with self._engine.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{place}" CASCADE')

    def _within(self, place: str, consistent: bool = False) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(schema=place, consistent=consistent).begin()

    def _named(self, pattern: str) -> list[str]:
        asked = text('SELECT nspname::text FROM pg_namespace WHERE nspname ~ :pattern ORDER BY nspname COLLATE "C"')
        with self._engine.connect() as connection:
            return list(connection.execute(asked, {"pattern": pattern}).scalars())

    def _make_tables(self, connection: Connection, place: str) -> None:
        _run(connection, [f'DROP SCHEMA IF EXISTS "{place}" CASCADE', f'CREATE SCHEMA "{place}"'])
        _run(connection, [str(CreateTable(table).compile(self._engine)) for table in self._tables])

    @cached_property
    def _tables(self) -> list[Table]:
        """Twins of the tables, parents first, for what SQLite takes more widely than PostgreSQL.

        Lengths are no limits (the vendors' are checked in their own words), whole numbers have 64 bits, and text
        sorts and folds by its bytes, the same in every database.
        """
        twins = MetaData()
        for metadata in self._metadatas:
            for table in metadata.sorted_tables:
                for column in table.to_metadata(twins).columns:
                    kind = column.type.dialect_impl(self._engine.dialect)
                    kind = getattr(kind, "impl_instance", kind)
                    if isinstance(kind, String):
                        column.type = Text(collation="C")
                    elif isinstance(kind, Integer):
                        column.type = BigInteger()
        return list(twins.sorted_tables)

    @cached_property
    def _indexes(self) -> list[str]:
        by_name = {str(index.name): index for table in self._tables for index in table.indexes}
        return [str(CreateIndex(by_name[name]).compile(self._engine)) for name in sorted(by_name)]


def _digest(text: str) -> str:
    """A name of any length as a part of a schema's, which has 63 signs at most."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def share_conditions(metadatas: Iterable[MetaData]) -> None:
    """Indexes of some rows only are declared for SQLite; said for PostgreSQL as well, its dialect would be loaded, and
    cost 2 MB, where nobody uses it."""
    for index in chain.from_iterable(table.indexes for metadata in metadatas for table in metadata.sorted_tables):
        condition = index.dialect_options["sqlite"]["where"]
        if condition is not None:
            index.dialect_options["postgresql"]["where"] = condition


def _run(connection: Connection, statements: Iterable[str]) -> None:
    """Runs statements in one round trip."""
    if script := ";".join(filter(None, statements)):
        connection.exec_driver_sql(script, execution_options={"no_parameters": True})


def _insert(table: Table, source: str) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM "{source}"."{table.name}"'


def _restart(table: Table) -> str:
    """Lets the numbering of a table go on after its last row; RESTART first, as setval alone is never rolled back."""
    column = table.autoincrement_column
    if column is None:
        return ""
    sequence = f'"{table.name}_{column.name}_seq"'
    return (
        f"ALTER SEQUENCE {sequence} RESTART;"
        f'SELECT setval(\'{sequence}\', coalesce(max("{column.name}"), 0) + 1, false) FROM "{table.name}"'
    )
