"""What an op is about to overwrite or take away, noted with it before it is sent.

Undo and the history need it though the worker dies after the call or its answer is lost: by then the record shows what
was written (reliability.md §2.1).
"""

import contextvars
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from sqlalchemy import update

from connector.database import db
from connector.models import Op
from connector.sync.sending import CONCURRENCY, Desk, Prepare, Task
from simulator.clients.base import Refusal, SignInRefused
from simulator.http import PeerError

#: The columns of an op that hold it: what stood there, and of a merge what is taken along.
Note = dict[str, Any]

#: Kinds of op that leave nothing behind of what they overwrite. What a create makes is found by its key.
NOTED = ("merge", "update", "link", "delete", "release", "stamp")


def note_each(desk: Desk, look: Callable[[Task], Note | None]) -> Prepare:
    """Keeps the notes of tasks whose records are looked at one by one, a few at a time."""

    def prepare(tasks: list[Task]) -> list[Task]:
        wanted = _wanted(tasks)
        if not wanted:
            return tasks
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            looks = [pool.submit(contextvars.copy_context().run, _looked, look, task) for task in wanted]
        notes = {task.op_id: looked.result() for task, looked in zip(wanted, looks, strict=True)}
        return _kept(desk, tasks, {op_id: note for op_id, note in notes.items() if note})

    return prepare


def note_together(desk: Desk, look: Callable[[list[Task]], Mapping[int, Note]]) -> Prepare:
    """The same for a peer that is asked for many records at once."""

    def prepare(tasks: list[Task]) -> list[Task]:
        wanted = _wanted(tasks)
        return _kept(desk, tasks, _looked(look, wanted) or {}) if wanted else tasks

    return prepare


def note_of(op: Op) -> Note | None:
    """What was noted of an op that was sent before."""
    if op.kind == "merge":
        return {"stood": op.stood, "stands": op.stands} if op.stands else None
    return {"stood": op.stood} if op.attempts and op.stood else None


def _wanted(tasks: list[Task]) -> list[Task]:
    return [task for task in tasks if task.kind in NOTED and task.noted is None]


def _looked(look: Callable[[Any], Any], at: Any) -> Any:
    """What a look found; nothing where nobody answers, which the op itself will say."""
    try:
        return look(at)
    except SignInRefused:
        raise
    except (Refusal, PeerError):
        return None


def _kept(desk: Desk, tasks: list[Task], notes: Mapping[int, Note]) -> list[Task]:
    """Stores the notes; a merge goes by its own, the others look once more as they are done."""
    if notes:
        with desk.worlds.transaction(desk.world_id):
            desk.lease.guard()
            db.session.execute(update(Op), [{"id": op_id, **note} for op_id, note in notes.items()])
    return [replace(task, noted=notes.get(task.op_id, task.noted)) if task.kind == "merge" else task for task in tasks]
