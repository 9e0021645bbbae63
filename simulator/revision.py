"""A mark of what a SQLite world holds: a new one after each commit that changed anything.

It stands in the world's database, so that a transaction reads it as of the same moment as everything else, and it is
random, so that a restored world never meets what was kept of its later life. Whoever knows what came of a mark
need not read it again, in whatever world the mark is met: a copy holds what its original held.
"""

import secrets
from typing import Any

from sqlalchemy import Connection, Engine, event

from simulator import context, settings

_NAME = "revision"
#: How many rows a connection of the driver had changed when it last renewed the mark.
_CHANGES = "changes"
_RENEW = (
    f"INSERT INTO {settings.world_setting.name} (key, value) VALUES ('{_NAME}', ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def current() -> str | None:
    """The mark of what the transaction under way sees.

    None where nothing may be kept under one: the transaction may change the world itself, or no database of this kind
    marks its commits (PostgreSQL).
    """
    return settings.read(_NAME) if context.is_reading() else None


def mark_commits(engine: Engine) -> None:
    """From now on each commit of a SQLite engine that changed anything renews its world's mark."""

    @event.listens_for(engine, "commit")
    def renew(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if context.is_reading() or driver.total_changes == connection.info.get(_CHANGES, 0):
            return
        driver.execute(_RENEW, (f'"{secrets.token_hex(8)}"',)).close()
        connection.info[_CHANGES] = driver.total_changes
