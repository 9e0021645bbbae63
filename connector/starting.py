"""Starting runs: a sync, a preview, an undo. At most one of them is under way for a connection (reliability.md I11)."""

from typing import Any

from sqlalchemy import select

from connector.connections import expect
from connector.database import db
from connector.errors import Conflicting, NotFound
from connector.models import Connection, Op, Run
from connector.sync.undo.run import has_effects
from simulator import clock

SUPERSEDED = "A newer sync was started; this plan was not applied."
KINDS = ("auto", "instant", "dry", "undo")
LIVE = ("queued", "running", "needs_confirmation")
UNDOABLE = ("auto", "instant", "single", "trigger")


def start_sync(
    connection: Connection, kind: str, started_by: str, section: str | None = None, *, is_full: bool = False
) -> Run:
    """Queues a run with the settings as they are now, of everything or of one section (requirement S8).

    Args:
        is_full: that it reads everything, and not only what was changed since it was read last.

    Raises:
        Conflicting: when the sync is paused, disabled or not set up, or a run is under way.
    """
    _expect_ready(connection)
    if section == "items" and not connection.settings["items"]["enabled"]:
        raise Conflicting("items_left_off", "Items are left off in the settings of the sync.")
    counters = {"is_full": True} if is_full else {}
    return _queued(connection, kind, started_by, settings=connection.settings, section=section, counters=counters)


def start_retry(connection: Connection, retried: Run, op_ids: list[int] | None, started_by: str) -> Run:
    """Queues a run that takes once more just what failed in another, all of it or some (requirement S5).

    Raises:
        Conflicting: when nothing of it failed, or the sync cannot start now.
        NotFound: when an op is none of the failed ones of that run.
    """
    _expect_ready(connection)
    failed = select(Op).where(Op.run_id == retried.id, Op.state == "failed", Op.entity != "potential")
    found = {op.id: op for op in db.session.execute(failed).scalars()}
    for op_id in op_ids or ():
        if op_id not in found:
            raise NotFound(f"There is no failed record {op_id} in run {retried.id}.", field="ops")
    if not found:
        raise Conflicting("nothing_failed", "No record of that run has failed.", run_id=retried.id)
    taken = [found[op_id] for op_id in dict.fromkeys(op_ids or found)]
    records = [[op.entity, op.crm_id, op.invoice_id] for op in taken]
    facts = {"settings": connection.settings, "about_run_id": retried.id, "records": records}
    return _queued(connection, "instant", started_by, **facts)


def _expect_ready(connection: Connection) -> None:
    if not connection.is_configured:
        raise Conflicting("not_configured", "Choose and save the settings of the sync first.")
    expect(connection, "active")


def start_undo(connection: Connection, undone: Run, started_by: str, *, is_preview: bool) -> Run:
    """Queues the undo of a run and pauses the sync; a preview writes nothing and pauses nothing (requirement S7).

    Raises:
        Conflicting: when that run cannot be undone, or another is under way.
    """
    if connection.state not in ("active", "paused"):
        expect(connection, "active")
    if undone.kind not in UNDOABLE:
        raise Conflicting("not_undoable", f"A run of kind {undone.kind} cannot be undone; a sync can.")
    if undone.state in LIVE:
        raise Conflicting("run_under_way", "That run has not ended yet.", run_id=undone.id)
    if not has_effects(undone.id):
        raise Conflicting("nothing_to_undo", "That run changed nothing, or was undone already.", run_id=undone.id)
    counters = {"is_preview": True} if is_preview else {}
    run = _queued(connection, "undo", started_by, settings=undone.settings, about_run_id=undone.id, counters=counters)
    if not is_preview:
        pause_for_undo(connection)
    return run


def pause_for_undo(connection: Connection) -> None:
    """The next sync would do again what is being undone: it waits until somebody resumes it."""
    if connection.state == "active":
        connection.state = "paused"


def _queued(connection: Connection, kind: str, started_by: str, **more: Any) -> Run:
    under_way = active_run(connection.id)
    if under_way is not None and is_preview_waiting(under_way):
        under_way.state, under_way.reason, under_way.ended_at = "aborted", SUPERSEDED, clock.now()
        db.session.flush()
    elif under_way is not None:
        code = "needs_confirmation" if under_way.state == "needs_confirmation" else "run_under_way"
        raise Conflicting(code, "A sync is under way already; it has to end first.", run_id=under_way.id)
    facts = {"generation": connection.generation, "counters": {}, "created_at": clock.now(), **more}
    run = Run(connection_id=connection.id, kind=kind, state="queued", started_by=started_by, **facts)
    db.session.add(run)
    db.session.flush()
    return run


def is_preview_waiting(run: Run) -> bool:
    """Whether a run is a plan that somebody looks at; it stands in nobody's way."""
    is_preview = run.kind == "dry" or bool((run.counters or {}).get("is_preview"))
    return is_preview and run.state == "needs_confirmation"


def active_run(connection_id: int) -> Run | None:
    """The auto, instant, dry or undo run that has not ended yet."""
    statement = select(Run).where(Run.connection_id == connection_id, Run.state.in_(LIVE), Run.kind.in_(KINDS))
    found: Run | None = db.session.execute(statement.limit(1)).scalar()
    return found
