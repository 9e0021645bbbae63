"""Where the journal's entries of reads are kept: a file of their own, on PostgreSQL a table of its own."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, get_type_hints

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from simulator.entry import COLUMNS, AnyText, Entry

#: What keeping entries may fail with: a full disk, a locked file, a server that does not answer.
KEEPING_ERRORS = (sqlite3.Error, SQLAlchemyError)

_PLACES = ", ".join("?" for _ in range(len(COLUMNS) + 1))


class ReadEntries(Protocol):
    """A keeper of the entries of one service; one thread at a time writes."""

    def write(self, batch: Sequence[tuple[str, Entry]]) -> None: ...

    def trim(self, limit: int) -> None:
        """Leaves the newest `limit` entries of each world."""

    def forget(self, world_id: str) -> None: ...

    def newest(self, world_id: str, limit: int) -> list[Entry]: ...


class ReadFile:
    """Entries of reads in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: sqlite3.Connection | None = None

    def write(self, batch: Sequence[tuple[str, Entry]]) -> None:
        self._writer = self._writer or self._opened()
        with self._writer:
            self._writer.executemany(
                f"INSERT INTO entry VALUES ({_PLACES})", [(world, *entry) for world, entry in batch]
            )

    def trim(self, limit: int) -> None:
        if self._writer is None:
            return
        with self._writer:
            for (world,) in self._writer.execute("SELECT DISTINCT world FROM entry").fetchall():
                self._writer.execute(
                    "DELETE FROM entry WHERE world = ? AND rowid <= "
                    "(SELECT rowid FROM entry WHERE world = ? ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
                    (world, world, limit),
                )

    def forget(self, world_id: str) -> None:
        if self._path.exists():
            with closing(sqlite3.connect(self._path, timeout=15)) as connection, connection:
                connection.execute("DELETE FROM entry WHERE world = ?", (world_id,))

    def newest(self, world_id: str, limit: int) -> list[Entry]:
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(self._path, timeout=15)) as connection:
            rows = connection.execute(
                f"SELECT {', '.join(COLUMNS)} FROM entry WHERE world = ? ORDER BY rowid DESC LIMIT ?",
                (world_id, limit),
            ).fetchall()
        return [Entry(*row) for row in rows]

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=15, check_same_thread=False)  # the journal's lock guards it
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(f"CREATE TABLE IF NOT EXISTS entry (world, {', '.join(COLUMNS)})")
        connection.execute("CREATE INDEX IF NOT EXISTS entry_world ON entry (world)")
        return connection


class ReadTable:
    """Entries of reads in a table of PostgreSQL, beside the worlds. Unlogged: they are no evidence, so may be lost."""

    def __init__(self, engine: Engine, schema: str) -> None:
        self._engine = engine
        self._schema = schema
        self._is_there = False
        kinds: dict[Any, Any] = {int: Integer, float: Float}
        self._entry = Table(
            "entry",
            MetaData(schema=schema),
            Column("number", BigInteger, primary_key=True),
            Column("world", Text, nullable=False),
            *(Column(name, kinds.get(kind, AnyText), nullable=False) for name, kind in get_type_hints(Entry).items()),
            Index("entry_world", "world", "number"),
            prefixes=["UNLOGGED"],
        )

    def write(self, batch: Sequence[tuple[str, Entry]]) -> None:
        with self._engine.begin() as connection:
            if not self._is_there:
                connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"')
                self._entry.metadata.create_all(connection)
            names = ("world", *COLUMNS)
            rows = [dict(zip(names, (world, *entry), strict=True)) for world, entry in batch]
            connection.execute(insert(self._entry), rows)
        self._is_there = True

    def trim(self, limit: int) -> None:
        entry = self._entry
        with self._engine.begin() as connection:
            for world in connection.execute(select(entry.c.world).distinct()).scalars().all():
                mine = entry.c.world == world
                last = select(entry.c.number).where(mine).order_by(entry.c.number.desc()).offset(limit).limit(1)
                connection.execute(delete(entry).where(mine, entry.c.number <= last.scalar_subquery()))

    def forget(self, world_id: str) -> None:
        if self._exists():
            with self._engine.begin() as connection:
                connection.execute(delete(self._entry).where(self._entry.c.world == world_id))

    def newest(self, world_id: str, limit: int) -> list[Entry]:
        if not self._exists():
            return []
        columns = [self._entry.c[name] for name in COLUMNS]
        asked = select(*columns).where(self._entry.c.world == world_id).order_by(self._entry.c.number.desc())
        with self._engine.connect() as connection:
            return [Entry(*row) for row in connection.execute(asked.limit(limit))]

    def _exists(self) -> bool:
        """The first entry makes the table, so that a start costs nothing."""
        if not self._is_there:
            asked = text("SELECT to_regclass(:name) IS NOT NULL")
            with self._engine.connect() as connection:
                self._is_there = bool(connection.execute(asked, {"name": f"{self._schema}.entry"}).scalar_one())
        return self._is_there
