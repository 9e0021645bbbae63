"""Where the tests' worlds live: SQLite files, or databases of their own on the server that TEST_DATABASE_URL names."""

import atexit
import hashlib
import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

SERVER = os.environ.get("TEST_DATABASE_URL")
#: What carries the connector's queue, if no file does.
QUEUE = os.environ.get("TEST_REDIS_URL")
#: In the path of files that a server's answers are compared with; no others are opened beside a server.
COMPARED = "files-to-compare-with"

#: For tests that look at the files themselves.
files_only = pytest.mark.skipif(SERVER is not None, reason="the worlds are on PostgreSQL (TEST_DATABASE_URL)")
postgres_only = pytest.mark.skipif(SERVER is None, reason="needs a PostgreSQL server, named by TEST_DATABASE_URL")

_made: set[str] = set()


def database_of(folder: Path) -> str | None:
    """The database that stands in for a data folder, made when first asked for; none where worlds are files."""
    if SERVER is None:
        return None
    name = _name(folder)
    if name not in _made:
        _administer(SERVER, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        _made.add(name)
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def drop_database_of(folder: Path) -> None:
    """Throws the database away, and everybody who is still connected to it out."""
    if SERVER is not None and _name(folder) in _made:
        _made.remove(_name(folder))
        _administer(SERVER, f'DROP DATABASE "{_name(folder)}" WITH (FORCE)')


def _name(folder: Path) -> str:
    return f"simulator_test_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


def _administer(url: str, *statements: str) -> None:
    server = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    server.dispose()


@atexit.register
def _drop_all() -> None:
    if SERVER is not None and _made:
        _administer(SERVER, *(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in _made))
