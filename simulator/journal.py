"""The request journal: every call a service answered, secrets masked.

A write's entry is part of the write's own transaction, so it is evidence. Reads and refusals go through a bounded
queue in memory, which one thread empties into a file (on PostgreSQL a table) of its own; what does not fit is counted,
never waited for.
"""

import re
import threading
import time
from collections import deque
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Float, Integer, String, Table, bindparam, delete, insert, select

from simulator import context
from simulator.database import common_metadata, connection, session
from simulator.entry import COLUMNS, AnyText, Entry
from simulator.prepared import Prepared
from simulator.read_entries import KEEPING_ERRORS, ReadEntries

BODY_LIMIT = 32 * 1024
#: Of what a read answered: pages are read far more often than looked at here, and keeping 32 KB of each cost a third
#: of reading it.
ANSWER_LIMIT = 8 * 1024
#: Answers whose masked text is kept for when they come again.
ANSWERS_KEPT = 16
WAITING_LIMIT = 10_000
BATCH = 500
PAUSE_SECONDS = 0.1
TRIM_EVERY = 256

journal_entry = Table(
    "journal_entry",
    common_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("trace", String(60), nullable=False),
    Column("caller", String(80), nullable=False),
    Column("method", String(10), nullable=False),
    Column("path", AnyText, nullable=False),
    Column("query", AnyText, nullable=False),
    Column("status", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("request", AnyText, nullable=False),
    Column("response", AnyText, nullable=False),
)

_SECRET_NAMES = (
    "access_token",
    "refresh_token",
    "client_secret",
    "zsc_key",
    "password",
    "authtoken",
    "authorization",
    "admin_token",
    "token",
    "code",
    "key",
)
_ANY = "|".join(_SECRET_NAMES)
#: The vendors answer with a word as `code`, an error's or SUCCESS: that stays readable.
_NAMED = "|".join(name for name in _SECRET_NAMES if name != "code") + r'|code(?!"\s*:\s*"[A-Za-z_]{4,}")'
_CODE = '"code"'
_QUOTED = tuple(f'"{name}"' for name in _SECRET_NAMES)
#: Each answer of Invoice has a number as its `code`, which is no secret, and searching it for one takes 80 µs.
_CODE_SAID = re.compile(rf'{_CODE}\s*:\s*"')
#: Where secrets may stand; what a text has then, in small letters, is looked for first, because most texts have none.
_SECRETS = (
    (
        _QUOTED,
        (
            (re.compile(rf'("(?:{_NAMED})"\s*:\s*)"(?:[^"\\]|\\.)+(?:"|\Z)', re.I), r'\1"***"'),
            (re.compile(rf'(name="(?:{_ANY})"\r?\n(?:[^\r\n]+\r?\n)*\r?\n)[^\r\n]+', re.I), r"\1***"),
        ),
    ),
    (
        tuple(f"{end}=" for end in ("token", "secret", "key", "password", "authorization", "code")),
        ((re.compile(rf"((?:^|[?&])(?:{_ANY})=)[^&\s]+", re.I), r"\1***"),),
    ),
    (("1000.",), ((re.compile(r"1000\.[0-9a-z]{24,}(?:\.[0-9a-f]{32})?", re.I), "***"),)),
)
#: In each of the hints is one of these: most texts have none, and need not be searched for all of them.
_PARTS = ("token", "secret", "key", "password", "authorization", "code", "1000.")
_HINTS = {part: [hint for hints, _ in _SECRETS for hint in hints if part in hint] for part in _PARTS}


def masked(text: str) -> str:
    """The text without any token, key or password; the vendors' error codes stay readable."""
    lowered = text.lower()
    hinted = {hint for part in _PARTS if part in lowered for hint in _HINTS[part] if _stands(hint, lowered)}
    if hinted:
        for pattern, replacement in chain.from_iterable(rules for hints, rules in _SECRETS if hinted & {*hints}):
            text = pattern.sub(replacement, text)
    return text


def _stands(hint: str, lowered: str) -> bool:
    if hint != _CODE or hint not in lowered:
        return hint in lowered
    return _CODE_SAID.search(lowered) is not None or f"name={_CODE}" in lowered


def answer_limit(status: int) -> int:
    """How much is kept of the answer to a read; refusals are kept as whole as writes are."""
    return ANSWER_LIMIT if status < 400 else BODY_LIMIT


def body_text(body: bytes, limit: int = BODY_LIMIT) -> str:
    """A body as the journal keeps it: no longer than the limit, as text, masked."""
    text = masked(body[:limit].decode("utf-8", "replace"))
    return text if len(body) <= limit else f"{text}… (cut after {limit // 1024} KB)"


_INSERT = Prepared(
    insert(journal_entry).values({name: bindparam(name) for name in COLUMNS}).returning(journal_entry.c.id)
)


def record_write(entry: Entry, limit: int) -> None:
    """Adds the entry to the transaction under way; now and then drops what is beyond the limit."""
    ((number,),) = _INSERT.rows(connection(), **entry._asdict())
    if number % TRIM_EVERY == 0:
        session().execute(delete(journal_entry).where(journal_entry.c.id <= number - limit))


class ReadJournal:
    """Entries of reads and refusals of one service, kept apart from the worlds' own databases."""

    def __init__(self, entries: ReadEntries, limit: int) -> None:
        self._entries = entries
        self._limit = limit
        self._waiting: deque[tuple[str, Entry]] = deque()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._untrimmed = 0
        self.dropped = 0

    def add(self, world_id: str, entry: Entry) -> None:
        """Takes an entry without waiting for anything: nobody is woken, the thread looks by itself."""
        if len(self._waiting) >= WAITING_LIMIT:
            self.dropped += 1
            return
        self._waiting.append((world_id, entry))
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                    self._thread.start()

    def flush(self) -> None:
        """Keeps everything added so far."""
        with self._lock:
            while self._waiting:
                self._keep([self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))])

    def forget(self, world_id: str) -> None:
        """Drops the entries of a world that is deleted: its id may be given to another one."""
        self.flush()
        self._entries.forget(world_id)

    def entries(self, world_id: str, limit: int) -> list[Entry]:
        """The newest entries of a world, newest first."""
        self.flush()
        return self._entries.newest(world_id, limit)

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            self.flush()

    def _keep(self, batch: list[tuple[str, Entry]]) -> None:
        try:
            with context.entered(None):  # whoever asks for entries reads, and these are written all the same
                self._entries.write([(world, _masked(entry)) for world, entry in batch])
                self._untrimmed += len(batch)
                if self._untrimmed > TRIM_EVERY * 8:
                    self._untrimmed = 0
                    self._entries.trim(self._limit)
        except KEEPING_ERRORS:  # a full disk or a locked file costs entries, never the thread
            self.dropped += len(batch)


def _masked(entry: Entry) -> Entry:
    """Masks what the request's thread left raw, so that a read is not slowed by it."""
    texts: dict[str, Any] = {}
    for name in ("query", "request"):
        value = getattr(entry, name)
        texts[name] = body_text(value) if isinstance(value, bytes) else masked(value)
    answer = entry.response
    if isinstance(answer, bytes):
        texts["response"] = _answer_text(answer, answer_limit(entry.status))
    else:
        texts["response"] = masked(answer)
    return entry._replace(**texts)


@lru_cache(maxsize=ANSWERS_KEPT)
def _answer_text(answer: bytes, limit: int) -> str:
    """Clients poll, and masking the same page again would cost a tenth of what answering it again does."""
    return body_text(answer, limit)


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
