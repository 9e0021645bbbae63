"""The request journal: every call a service answered, secrets masked.

A write's entry is part of the write's own transaction, so it is evidence. Reads and refusals go through a bounded
queue in memory, which one thread empties into a file of its own; what does not fit is counted, never waited for.
"""

import queue
import re
import sqlite3
import threading
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, delete, insert, select

from simulator.database import common_metadata, session

BODY_LIMIT = 32 * 1024
QUEUE_LIMIT = 10_000
TRIM_EVERY = 256

journal_entry = Table(
    "journal_entry",
    common_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("trace", String(60), nullable=False),
    Column("caller", String(80), nullable=False),
    Column("method", String(10), nullable=False),
    Column("path", String(300), nullable=False),
    Column("query", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("request", Text, nullable=False),
    Column("response", Text, nullable=False),
    Index("journal_entry_at", "at"),
)


@dataclass(frozen=True)
class Entry:
    """One answered call; `at` is real time, so that the entries of all services line up."""

    at: str
    trace: str
    caller: str
    method: str
    path: str
    query: str
    status: int
    milliseconds: float
    request: str | bytes
    response: str | bytes


COLUMNS = tuple(field.name for field in fields(Entry))
_PLACES = ", ".join("?" for _ in range(len(COLUMNS) + 1))

_SECRET_NAMES = (
    "access_token|refresh_token|client_secret|zsc_key|password|authtoken|authorization|admin_token|token|code|key"
)
_SECRETS = (
    (re.compile(rf'("(?:{_SECRET_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)+(?:"|\Z)', re.I), r'\1"***"'),
    (re.compile(rf'(name="(?:{_SECRET_NAMES})"\r?\n(?:[^\r\n]+\r?\n)*\r?\n)[^\r\n]+', re.I), r"\1***"),
    (re.compile(rf"((?:^|[?&])(?:{_SECRET_NAMES})=)[^&\s]+", re.I), r"\1***"),
    (re.compile(r"1000\.[0-9a-z]{24,}(?:\.[0-9a-f]{32})?", re.I), "***"),
)
_HARMLESS_CODE = re.compile(r'("code"\s*:\s*)"([A-Za-z_]{4,})"')


def masked(text: str) -> str:
    """The text without any token, key or password; the vendors' error codes stay readable."""
    kept = _HARMLESS_CODE.sub(r"\1#\2#", text)
    for pattern, replacement in _SECRETS:
        kept = pattern.sub(replacement, kept)
    return re.sub(r'("code"\s*:\s*)#([A-Za-z_]{4,})#', r'\1"\2"', kept)


def body_text(body: bytes) -> str:
    """A body as the journal keeps it: at most 32 KB, as text, masked."""
    text = masked(body[:BODY_LIMIT].decode("utf-8", "replace"))
    return text if len(body) <= BODY_LIMIT else f"{text}… (cut after 32 KB)"


def record_write(entry: Entry, limit: int) -> None:
    """Adds the entry to the transaction under way; now and then drops what is beyond the limit."""
    result = session().execute(insert(journal_entry).values(**asdict(entry)))
    number = result.inserted_primary_key[0]
    if number % TRIM_EVERY == 0:
        session().execute(delete(journal_entry).where(journal_entry.c.id <= number - limit))


class ReadJournal:
    """Entries of reads and refusals of one service, kept in a file of their own."""

    def __init__(self, path: Path, limit: int) -> None:
        self._path = path
        self._limit = limit
        self._queue: queue.Queue[tuple[str, Entry]] = queue.Queue(QUEUE_LIMIT)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.dropped = 0

    def add(self, world_id: str, entry: Entry) -> None:
        try:
            self._queue.put_nowait((world_id, entry))
        except queue.Full:
            self.dropped += 1
            return
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                    self._thread.start()

    def flush(self) -> None:
        """Waits until everything added so far can be read."""
        if self._thread is not None:
            self._queue.join()

    def forget(self, world_id: str) -> None:
        """Drops the entries of a world that is deleted: its id may be given to another one."""
        self.flush()
        if self._path.exists():
            with sqlite3.connect(self._path, timeout=15) as connection:
                connection.execute("DELETE FROM entry WHERE world = ?", (world_id,))
            connection.close()

    def entries(self, world_id: str, limit: int) -> list[Entry]:
        """The newest entries of a world, newest first."""
        self.flush()
        if not self._path.exists():
            return []
        with sqlite3.connect(self._path, timeout=15) as connection:
            rows = connection.execute(
                f"SELECT {', '.join(COLUMNS)} FROM entry WHERE world = ? ORDER BY rowid DESC LIMIT ?",
                (world_id, limit),
            ).fetchall()
        connection.close()
        return [Entry(*row) for row in rows]

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        written = 0
        while True:
            batch = [self._queue.get()]
            while len(batch) < 500:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            try:
                connection = connection or self._opened()
                self._write(connection, batch)
                if (written := written + len(batch)) > TRIM_EVERY * 8:
                    written = 0
                    self._trim(connection)
            except sqlite3.Error:  # a full disk or a locked file costs entries, never the thread
                self.dropped += len(batch)
            for _ in batch:
                self._queue.task_done()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=15)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(f"CREATE TABLE IF NOT EXISTS entry (world, {', '.join(COLUMNS)})")
        connection.execute("CREATE INDEX IF NOT EXISTS entry_world ON entry (world)")
        return connection

    def _write(self, connection: sqlite3.Connection, batch: list[tuple[str, Entry]]) -> None:
        with connection:
            connection.executemany(
                f"INSERT INTO entry VALUES ({_PLACES})",
                [(world, *astuple(_masked(entry))) for world, entry in batch],
            )

    def _trim(self, connection: sqlite3.Connection) -> None:
        with connection:
            for (world,) in connection.execute("SELECT DISTINCT world FROM entry").fetchall():
                connection.execute(
                    "DELETE FROM entry WHERE world = ? AND rowid <= "
                    "(SELECT rowid FROM entry WHERE world = ? ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
                    (world, world, self._limit),
                )


def _masked(entry: Entry) -> Entry:
    """Masks what the request's thread left raw, so that a read is not slowed by it."""
    values = asdict(entry)
    for name in ("query", "request", "response"):
        value = values[name]
        values[name] = body_text(value) if isinstance(value, bytes) else masked(value)
    return Entry(**values)


def written_entries(limit: int) -> list[Entry]:
    """The newest entries of writes that took effect, newest first."""
    columns = [journal_entry.c[name] for name in COLUMNS]
    rows = session().execute(select(*columns).order_by(journal_entry.c.id.desc()).limit(limit)).all()
    return [Entry(*row) for row in rows]


def search(entries: list[Entry], wanted: dict[str, Any]) -> list[Entry]:
    """Those entries that fit: `method`, `status` and `trace` exactly, `path` as a part of the path, `text` anywhere."""
    return [
        entry
        for entry in entries
        if all(
            (
                not wanted.get("method") or entry.method == wanted["method"].upper(),
                not wanted.get("status") or str(entry.status) == str(wanted["status"]),
                not wanted.get("trace") or wanted["trace"] in entry.trace,
                not wanted.get("path") or wanted["path"] in entry.path,
                not wanted.get("text") or wanted["text"] in f"{entry.request!r}{entry.response!r}{entry.query}",
            )
        )
    ]
