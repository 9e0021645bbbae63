"""How far the records of an entity have been read on both sides, and whether the next run may read only changes.

The watermark is the server's time, never ours (sync.md, Incremental cursors). A run that reads changes looks back a
little further than it, and never relies on anything that was otherwise when all was read in full.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import func, select

from connector.database import db
from connector.models import Cursor, Op, Run
from connector.settings import Entity
from connector.sync.records import Side
from simulator import clock
from simulator.database import put

STREAM = "changed"
#: Ten pages of either side: so few records are always read in full, and what was deleted is found at once.
IN_FULL_UP_TO = 2_000
#: Requests that were under way when the watermark was taken may have been stored later, under an earlier time.
OVERLAP = timedelta(seconds=120)
FULL_EVERY = timedelta(days=1)

Way = Literal["full", "changes"]

FIRST = "nothing was read in full so far"
FEW = "there are few enough"
ASKED = "somebody asked for it"
SINGLE = "single records are taken once more"
OTHER_SETTINGS = "the settings were changed since the last one"
OTHER_VIEW = "what the view asks for was changed since the last one"
MOVING_VIEW = "the records of its view change by themselves"
WITH_OTHERS = "records that hang together with others were changed"
A_DAY = "the last one is a day ago"
UNSETTLED = "records of the last sync failed or were changed meanwhile"
NO_END = "the last sync did not end in order"
UNDONE = "a sync was undone"
CHOSEN = "somebody chose for pairs of records"
UNTOLD = "a server does not tell its time"


class NeedsFull(Exception):
    """All has to be read; the message says why."""


@dataclass(frozen=True)
class Basis:
    """What reading only changes relies on.

    Attributes:
        settings: a mark of how the entity is synced.
        view: a mark of what the view asks for, "" without a view, None where its records change by themselves.
        duplicates_wait: whether records were left alone as duplicates: they are settled once their twin is gone.
    """

    settings: str
    view: str | None
    duplicates_wait: bool


@dataclass(frozen=True)
class Reading:
    """How one entity was read in a run, and up to when; kept in the run until it has ended in order."""

    entity: str
    way: Way
    reason: str
    read_at: dict[Side, str]
    basis: dict[str, Any]


@dataclass(frozen=True)
class Since:
    """Up to when an entity has been read."""

    watermarks: dict[Side, datetime]
    full_at: datetime
    basis: Basis
    full_because: str | None


def settings_mark(entity: Entity, generation: int) -> str:
    """Changes with anything that decides how an entity is synced."""
    return hashlib.sha256(f"{generation}/{entity!r}".encode()).hexdigest()[:16]


def read_since(connection_id: int, entity: str) -> Since | None:
    """None where it has not been read in full so far."""
    mine = (Cursor.connection_id == connection_id, Cursor.entity == entity, Cursor.stream == STREAM)
    rows = {cursor.side: cursor for cursor in db.session.execute(select(Cursor).where(*mine)).scalars()}
    cursor = rows.get("crm")
    if cursor is None or cursor.last_full_at is None:
        return None
    watermarks = {side: datetime.fromisoformat(row.modified_after) for side, row in rows.items()}
    facts = dict(cursor.facts)
    because = facts.pop("full_because", None)
    return Since(cast(dict[Side, datetime], watermarks), cursor.last_full_at, Basis(**facts), because)


def is_large(linked: int) -> bool:
    """Whether so many linked records are worth reading changes only."""
    return linked > IN_FULL_UP_TO


def check(since: Since | None, basis: Basis, linked: int, moment: datetime) -> Since:
    """
    Raises:
        NeedsFull: all has to be read.
    """
    if not is_large(linked):
        raise NeedsFull(FEW)
    if basis.view is None:
        raise NeedsFull(MOVING_VIEW)
    if since is None:
        raise NeedsFull(FIRST)
    if since.full_because:
        raise NeedsFull(since.full_because)
    if since.basis.settings != basis.settings:
        raise NeedsFull(OTHER_SETTINGS)
    if since.basis.view != basis.view:
        raise NeedsFull(OTHER_VIEW)
    if moment - since.full_at >= FULL_EVERY:
        raise NeedsFull(A_DAY)
    return since


def move(connection_id: int, run: Run) -> None:
    """After the end of a run: the next one reads on from where this one began to, if all that came of it is settled."""
    if run.kind == "undo":
        return ask_for_full(connection_id, UNDONE)
    is_whole = run.kind in ("auto", "instant") and run.records is None
    if not is_whole or run.state == "needs_confirmation":
        return None
    if run.state != "done":
        return ask_for_full(connection_id, NO_END)
    because = UNSETTLED if _left_open(run.id) else None
    for reading in (run.counters or {}).get("readings", ()):
        _store(connection_id, Reading(**reading), because)
    return None


def _store(connection_id: int, reading: Reading, because: str | None) -> None:
    facts = {**reading.basis, **({"full_because": because} if because else {})}
    for side, read_at in reading.read_at.items():
        key = {"connection_id": connection_id, "entity": reading.entity, "side": side, "stream": STREAM}
        row = {**key, "modified_after": read_at, "facts": facts}
        if reading.way == "full":
            row["last_full_at"] = clock.now()
        put(Cursor, row, tuple(key))


def _left_open(run_id: int) -> bool:
    """Whether some op of a run has to be planned again: it failed, or found its record otherwise than it was read."""
    is_open = Op.state.not_in(("done", "skipped")) | Op.code.is_not(None)
    open_ops = select(func.count()).where(Op.run_id == run_id, is_open)
    return bool(db.session.execute(open_ops).scalar_one())


def ask_for_full(connection_id: int, because: str) -> None:
    """The next run reads all."""
    mine = (Cursor.connection_id == connection_id, Cursor.stream == STREAM, Cursor.entity != "potential")
    for cursor in db.session.execute(select(Cursor).where(*mine)).scalars():
        cursor.facts = {**cursor.facts, "full_because": because}
