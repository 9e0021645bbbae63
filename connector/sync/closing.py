"""The end of a run, in one transaction: its state, the next sync's time, and who is told of failures."""

from datetime import timedelta

from sqlalchemy import func, select

from connector.database import db
from connector.mail import tell_of_failures
from connector.models import Connection, Op, Run
from connector.sync.crash import crash_point
from connector.sync.reading import cursors
from simulator import clock


def close_run(connection: Connection, run: Run, state: str, reason: str | None) -> None:
    """Ends a run; after an orderly end, or a failure as a whole, the next sync is due in its time."""
    run.state, run.reason, run.phase = state, reason, ""
    cursors.move(connection.id, run)
    crash_point("counters-stored")
    if state != "needs_confirmation":
        run.ended_at = clock.now()
    is_whole = run.kind != "undo" and run.section is None and run.records is None
    if state == "done" and is_whole:
        connection.last_sync_at = clock.now()
    if state not in ("done", "failed"):
        return
    failed = failures_of(run.id)
    if failed or state == "failed":
        connection.attention_run_id = run.id
        connection.problem = reason if state == "failed" else _failed_records(failed)
        tell_of_failures(connection, run, failed)
    elif is_whole or _settles(connection, run):
        connection.attention_run_id = connection.problem = None
    if is_whole:
        minutes = connection.settings["auto_sync_minutes"]
        connection.next_sync_at = clock.now() + timedelta(minutes=minutes)


def failures_of(run_id: int) -> int:
    counted: int = db.session.execute(
        select(func.count()).where(Op.run_id == run_id, Op.state == "failed")
    ).scalar_one()
    return counted


def _settles(connection: Connection, run: Run) -> bool:
    """Whether a retry has taken all the records that somebody was to look at."""
    taken = len(run.records or ())
    return run.about_run_id is not None and (
        run.about_run_id == connection.attention_run_id and taken >= failures_of(run.about_run_id)
    )


def _failed_records(count: int) -> str:
    return f"{count} record{'s' if count > 1 else ''} could not be synced; the sync history says why."
