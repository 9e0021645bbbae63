"""The way to a PostgreSQL server: one small pool of connections for all worlds of a service, and its rules.

A transaction sees one schema only, by a `search_path` that ends with it, so raw SQL is covered too. What writes holds
the world's advisory lock until it ends: like SQLite's one writer, so no update is lost between reading and writing,
across processes and machines. What reads runs READ ONLY on one snapshot and waits for nobody.
"""

import os
import weakref
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection

from simulator import context

LOCK_TIMEOUT_MS = 15_000  # as long as SQLite waits for its lock
#: Three services at their utmost stay below the hundred connections a server allows unless told otherwise.
POOL_SIZE = 5
OVERFLOW = 20
CONNECT_SECONDS = 5
OLDEST_SERVER = 120_000  # version 12

_READ = "SELECT set_config('search_path', %(path)s, true)"
_WRITE = f"{_READ}, pg_advisory_xact_lock(hashtextextended(%(path)s, 0))"
_FITNESS = """
    SELECT has_database_privilege(current_database(), 'CREATE'), current_setting('server_encoding'),
           EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu')
"""


def open_engine(url: str) -> Engine:
    """The pool of one service; `engine.execution_options(schema=...)` is the engine of one schema.

    With the option `consistent`, what writes reads other schemas as they all were at one moment.
    """
    import psycopg

    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=OVERFLOW,
        pool_pre_ping=True,  # a server that was started again meanwhile is no error
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c lock_timeout={LOCK_TIMEOUT_MS}",
            "prepare_threshold": None,  # a connection serves many worlds: a plan kept for one is of no use to the next
        },
    )

    # A forked child, such as a server's second worker, must not talk through its parent's connections.
    os.register_at_fork(after_in_child=partial(_forget, weakref.ref(engine)))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        reads = context.is_reading()
        driver: Any = connection.connection.driver_connection
        driver.read_only = reads
        one_snapshot = reads or options.get("consistent", False)
        levels = psycopg.IsolationLevel
        driver.isolation_level = levels.REPEATABLE_READ if one_snapshot else levels.READ_COMMITTED
        if schema := options.get("schema"):
            connection.exec_driver_sql(_READ if reads else _WRITE, {"path": f'"{schema}"'})

    return engine


def _forget(kept: weakref.ref[Engine]) -> None:
    if engine := kept():
        engine.dispose(close=False)


def problem(url: str) -> str | None:
    """Why this database cannot be used, in one plain line without the password; None when it can."""
    try:
        import psycopg
    except ImportError:
        return "DATABASE_URL needs PostgreSQL's driver and its library: pip install 'zoho-simulator[scale]'."
    parts = urlsplit(url)
    try:
        with psycopg.connect(f"postgresql:{url.partition(':')[2]}", connect_timeout=CONNECT_SECONDS) as connection:
            row = connection.execute(_FITNESS).fetchone()
            version = connection.info.server_version
    except psycopg.ProgrammingError:
        return "DATABASE_URL is not well formed; it looks like postgresql://user:password@host:5432/database."
    except psycopg.Error as error:
        reason = _without_secrets(str(error).strip().partition("\n")[0], parts.netloc)
        return f"The PostgreSQL server of DATABASE_URL cannot be used ({reason}). Start it, or unset DATABASE_URL."
    may_create, encoding, has_unicode = row or (False, "", False)
    if version < OLDEST_SERVER:
        return "The PostgreSQL server of DATABASE_URL is too old: version 12 or newer is needed."
    if not may_create:
        return "The user of DATABASE_URL may not create schemas: GRANT CREATE ON DATABASE to him."
    if encoding != "UTF8" or not has_unicode:
        return "The database of DATABASE_URL must have the encoding UTF8, on a server built with ICU."
    return None


def _without_secrets(text: str, netloc: str) -> str:
    password = netloc.rpartition("@")[0].partition(":")[2]
    for part in sorted({password, unquote(password), *password.split("@")}, key=len, reverse=True):
        text = text.replace(part, "***") if part else text
    return text
