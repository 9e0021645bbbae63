"""The database of the world in context: Flask-SQLAlchemy whose session follows the world, and the SQLite rules."""

import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

from simulator import context, turns

#: Tables that every service with data has, whatever the product: settings of the world, ids, tokens, journal, outbox.
common_metadata = MetaData()

BUSY_TIMEOUT_MS = 15_000
#: Written back every 16 MB: each time costs the disk's own time, which a writer waits for.
CHECKPOINT_PAGES = 4_000
POOL_SIZE = 16  # one connection for each thread of the server


class WorldSession(Session):
    """A session whose engine is the one of the world in context, so that no query can reach another world."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine:
        return context.current_world().engine


def create_database() -> SQLAlchemy:
    """A product's `db`: its models are on `db.Model`, its session follows the world in context."""
    return SQLAlchemy(session_options={"class_": WorldSession})


def session() -> Any:
    """The session of the service that is running, for the common tables."""
    return current_app.extensions["sqlalchemy"].session


class Opened(NamedTuple):
    """The transaction under way."""

    session: Any
    transaction: Any
    connection: Connection


def opened() -> Opened:
    """The transaction under way, begun if need be. A request asks often, and its session takes 25 µs to say it."""
    kept = context.kept()
    found: Opened | None = kept.get("opened")
    if found is None or found.session.get_transaction() is not found.transaction:
        held = session()()  # the session itself: the proxy knows no transactions
        connection = held.connection()
        found = kept["opened"] = Opened(held, held.get_transaction(), connection)
    return found


def connection() -> Connection:
    """The connection of the transaction under way."""
    return opened().connection


def put(table: Any, row: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Inserts a row, or updates the one of the same keys with the columns given, in the transaction under way."""
    dialect = import_module(f"sqlalchemy.dialects.{session().get_bind().dialect.name}")
    changes = {name: value for name, value in row.items() if name not in keys}
    statement = dialect.insert(table).values(**row)
    session().execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))


def sqlite_engine(path: Path, write_lock: threading.Lock, synchronous: str = "NORMAL") -> Engine:
    """An engine for one world's file under the rules of reliability.md §3.

    Transactions begin IMMEDIATE unless the context only reads; `write_lock` is taken before, so that writers of
    this process queue up in order instead of polling the file's lock, and given back when the connection is.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_reset_on_return=None,  # whoever gives one back has ended its transaction
    )

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
        driver: Any = connection.connection.driver_connection  # each request comes by here: the short way
        if connection.info.get("query_only", False) != reads:
            driver.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}").close()
            connection.info["query_only"] = reads
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
