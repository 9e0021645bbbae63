"""The database of the world in context: Flask-SQLAlchemy whose session follows the world, and the SQLite rules."""

import sqlite3
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app, g
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import MetaData, create_engine, event, make_url
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util import LRUCache

from simulator import context, turns

#: Tables that every service with data has, whatever the product: settings of the world, ids, tokens, journal, outbox.
common_metadata = MetaData()

BUSY_TIMEOUT_MS = 15_000
#: Written back every 16 MB: each time costs the disk's own time, which a writer waits for.
CHECKPOINT_PAGES = 4_000
POOL_SIZE = 16  # one connection for each thread of the server
#: How many compiled statements are kept. All worlds share them: a new one would else compile each again, in 0.5 ms.
STATEMENTS = 4_000


class WorldSession(Session):
    """A session whose engine is the one of the world in context, so that no query can reach another world."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        engine = context.current_world().engine
        if not _is_read_shortly(engine):
            return engine
        reading: Reading = opened().connection
        return reading.for_session


def create_database() -> SQLAlchemy:
    """A product's `db`: its models are on `db.Model`, its session follows the world in context."""
    return SQLAlchemy(session_options={"class_": WorldSession})


def session() -> Any:
    """The session of the service that is running, for the common tables."""
    return current_app.extensions["sqlalchemy"].session


class Reading:
    """A transaction of a SQLite world that only reads.

    A session takes 70 µs to open and end one, this way 10, and what is read most needs no session. One that is needed
    joins it, so that a request sees the world as it was at one moment.
    """

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self.connection = engine.raw_connection()
        self._engine = engine
        self._joined: Connection | None = None
        self.begin()

    @property
    def for_session(self) -> Connection:
        """The same connection as a session wants it."""
        if self._joined is None:
            self._joined = Connection(self._engine, self.connection)
        return self._joined

    def begin(self) -> None:
        driver: Any = self.connection.driver_connection
        _let_write(driver, self.connection.info, False)
        driver.execute("BEGIN").close()

    def in_transaction(self) -> bool:
        return _is_begun(self.connection.driver_connection)

    def end(self) -> None:
        self.connection.rollback()
        (self._joined or self.connection).close()


class Opened(NamedTuple):
    """The transaction under way."""

    session: Any
    transaction: Any
    connection: Any

    @property
    def is_under_way(self) -> bool:
        return self.session is None or self.session.get_transaction() is self.transaction

    @property
    def place(self) -> tuple[Any, Any]:
        """Within one place nothing changes but by the code that is running."""
        return self.transaction, None if self.session is None else self.session.get_nested_transaction()


def opened() -> Opened:
    """The transaction under way, begun if need be. A request asks often, and its session takes 25 µs to say it."""
    kept = context.kept()
    found: Opened | None = kept.get("opened")
    if found is None or not found.is_under_way:
        found = kept["opened"] = _open()
    return found


def _open() -> Opened:
    engine = context.current_world().engine
    if _is_read_shortly(engine):
        reading = Reading(engine)
        g.setdefault("readings", []).append(reading)
        return Opened(None, reading, reading)
    held = session()()  # the session itself: the proxy knows no transactions
    connection = held.connection()
    return Opened(held, held.get_transaction(), connection)


def _is_read_shortly(engine: Engine) -> bool:
    return context.is_reading() and engine.dialect.name == "sqlite"


def end_readings(_: BaseException | None = None) -> None:
    """At the very end of an application's context, after its session."""
    for reading in g.pop("readings", ()):
        reading.end()


def connection() -> Connection | Reading:
    """The connection of the transaction under way, for prepared statements."""
    found: Connection | Reading = opened().connection
    return found


def put(table: Any, row: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Inserts a row, or updates the one of the same keys with the columns given, in the transaction under way."""
    held = session()
    held.execute(_upsert(getattr(table, "__table__", table), tuple(row), keys, held.get_bind().dialect.name), row)


@cache
def _upsert(table: Any, columns: tuple[str, ...], keys: tuple[str, ...], dialect: str) -> Any:
    """Kept, for to make one of a wide table costs a millisecond, most of what a row does."""
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    changes = {name: insert.excluded[name] for name in columns if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changes)


def sqlite_engine(path: Path, write_lock: threading.Lock, synchronous: str = "NORMAL") -> Engine:
    """An engine for one world's file under the rules of reliability.md §3.

    Transactions begin IMMEDIATE unless the context only reads; `write_lock` is taken before, so that writers of
    this process queue up in order instead of polling the file's lock, and given back when the connection is.
    """
    common = _common()

    def connected() -> Any:
        timeout = BUSY_TIMEOUT_MS / 1000
        return sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=timeout)

    # Whoever gives a connection back has ended its transaction.
    pool = QueuePool(connected, POOL_SIZE, POOL_SIZE, reset_on_return=None, dialect=common.dialect)
    options = {"compiled_cache": common.get_execution_options()["compiled_cache"]}
    # Not by `create_engine`, which takes a millisecond to make a dialect of each world's own.
    engine = Engine(pool, common.dialect, make_url(f"sqlite:///{path}"), execution_options=options)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "foreign_keys=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = context.is_reading()
        driver: Any = connection.connection.driver_connection
        if reads and _is_begun(driver):
            return  # a session joins a `Reading`
        _let_write(driver, connection.info, not reads)
        if reads:
            driver.execute("BEGIN").close()
            return
        if not write_lock.acquire(blocking=False):
            with turns.aside():
                write_lock.acquire()
        connection.info["holds_write_lock"] = True
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            give_back(connection.info)
            raise

    def give_back(info: dict[Any, Any]) -> None:
        if info.pop("holds_write_lock", False):
            with suppress(RuntimeError):
                write_lock.release()

    @event.listens_for(engine, "checkin")
    def checked_in(connection: Any, entry: ConnectionPoolEntry) -> None:
        give_back(entry.info)

    @event.listens_for(engine, "invalidate")
    def invalidated(connection: Any, entry: ConnectionPoolEntry, exception: BaseException | None) -> None:
        give_back(entry.info)

    return engine


@cache
def _common() -> Engine:
    """An engine of no world: its dialect and its compiled statements are those of every world's."""
    engine = create_engine("sqlite://", execution_options={"compiled_cache": LRUCache(STATEMENTS)})
    engine.connect().close()  # the dialect learns what this SQLite can do
    return engine


def _let_write(driver: Any, info: dict[Any, Any], may_write: bool) -> None:
    if info.get("query_only", False) == may_write:
        driver.execute(f"PRAGMA query_only={'OFF' if may_write else 'ON'}").close()
        info["query_only"] = not may_write


def _is_begun(driver: Any) -> bool:
    return bool(driver.in_transaction)
