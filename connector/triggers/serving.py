"""Serves the triggers of a connection: who may, what waits, and how long when nobody answers."""

from datetime import timedelta

import structlog
from flask import Flask
from sqlalchemy import bindparam, literal_column, or_, select

from connector.database import db
from connector.errors import LostLease, RunStopped
from connector.models import Connection, Notice, Op, Run
from connector.sync.lease import Lease
from connector.triggers.work import TriggerWork
from simulator import clock
from simulator.clients.base import SignInRefused
from simulator.database import connection
from simulator.http import PeerError
from simulator.prepared import Prepared
from simulator.worlds import Worlds

log = structlog.get_logger()

#: How long notices wait when nobody answers; it doubles each time.
PUT_OFF_SECONDS = 0.5


def serve(app: Flask, world_id: str, connection_id: int) -> bool:
    """Works off what waits for one connection; says whether this worker had the right to."""
    worlds: Worlds = app.extensions["worlds"]
    with worlds.transaction(world_id):
        lease = Lease.claim(world_id, rolling_run(connection_id).id)
    if lease is None:
        return False
    with lease:
        try:
            work = TriggerWork(worlds, world_id, connection_id, lease)
            work.recover()
            work.work_off()
        except LostLease:
            log.warning("another worker serves the triggers", connection=connection_id)
        except (RunStopped, SignInRefused, PeerError) as error:
            log.warning("triggers wait", connection=connection_id, reason=str(error))
            _put_off(worlds, world_id, connection_id)
    return True


def rolling_run(connection_id: int) -> Run:
    """The run that journals what triggers do; a notice never makes a run of its own."""
    statement = select(Run).where(Run.connection_id == connection_id, Run.kind == "trigger").order_by(Run.id.desc())
    run: Run | None = db.session.execute(statement.limit(1)).scalar()
    if run is None:
        connection = db.session.get_one(Connection, connection_id)
        run = Run(
            connection_id=connection_id,
            kind="trigger",
            state="queued",
            started_by="potentials of Zoho CRM",
            settings=connection.settings,
            generation=connection.generation,
            counters={},
            created_at=clock.now(),
        )
        db.session.add(run)
        db.session.flush()
    return run


def has_work(connection_id: int) -> bool:
    """Whether a notice is due, or an op of the rolling run has no outcome yet."""
    is_due = _DUE.rows(connection(), of=connection_id, moment=clock.real_now())
    return bool(is_due or _UNFINISHED.rows(connection(), of=connection_id))


_DUE = Prepared(
    select(Notice.id)
    .where(Notice.connection_id == bindparam("of"), Notice.state == "waiting", Notice.next_at <= bindparam("moment"))
    .limit(literal_column("1"))
)
_UNFINISHED = Prepared(
    select(Op.id)
    .join(Run, Run.id == Op.run_id)
    .where(Run.connection_id == bindparam("of"), Run.kind == "trigger", or_(Op.state == "planned", Op.state == "sent"))
    .limit(literal_column("1"))
)


def _put_off(worlds: Worlds, world_id: str, connection_id: int) -> None:
    """Nobody answers: what is due waits, longer each time, and at most half a minute."""
    with worlds.transaction(world_id):
        waiting = select(Notice).where(Notice.connection_id == connection_id, Notice.state == "waiting")
        for notice in db.session.execute(waiting).scalars():
            notice.attempts += 1
            notice.next_at = clock.real_now() + timedelta(seconds=min(30, PUT_OFF_SECONDS * 2**notice.attempts))
