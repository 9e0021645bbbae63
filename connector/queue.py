"""The queue of runs: huey carries wake-ups, the run table is the truth (sync.md, Engine).

A message only says "look at run N", so losing or doubling one is harmless: `tick` asks again for every run that waits.
"""

import hashlib
from importlib import import_module
from urllib.parse import urlsplit

import structlog
from flask import current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.exceptions import TaskException
from sqlalchemy import or_, select

from connector.linked.refresh import is_refresh_due, refresh_when_due
from connector.models import Run
from connector.schedule import is_channel_due, is_sync_due, keep_channel_open, live_connections, start_due_sync
from connector.sync.engine import execute
from connector.sync.lease import is_gone
from connector.triggers.serving import has_work, serve
from simulator import clock, context
from simulator.config import Config
from simulator.database import connection
from simulator.prepared import Prepared
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()


def make_huey(config: Config) -> Huey:
    """The queue: in the Redis that is configured, for workers on any number of hosts; else in a file of its own."""
    huey = _in_redis(config) if config.redis_url else _in_a_file(config)

    @huey.task(name="look_at_run")
    def look_at_run(world_id: str, run_id: int) -> None:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        execute(app, world_id, run_id)

    huey.look_at_run = look_at_run
    return huey


def _in_a_file(config: Config) -> Huey:
    folder = config.data_dir / config.name
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("runs", filename=str(folder / "runs.huey"), results=False, fsync=False)


def _in_redis(config: Config) -> Huey:
    """One queue for all connectors of one database, whoever they are there; a Redis may serve several simulators."""
    database = urlsplit(config.database_url or str(config.data_dir))
    whose = f"{database.hostname}:{database.port}{database.path}"
    name = f"zoho_runs_{hashlib.sha256(whose.encode()).hexdigest()[:12]}"
    return RedisHuey(name, url=config.redis_url, results=False, blocking=False)


def _down() -> tuple[type[Exception], ...]:
    """What is raised while the queue cannot be reached; a file always can."""
    return (import_module("redis").RedisError,) if isinstance(current_app.extensions["huey"], RedisHuey) else ()


def enqueue(run_id: int) -> None:
    """Says that a run of the world in context waits, and wakes who works on runs in this process, if anybody does.

    A queue that is down loses the message, but no run: it waits in the table until a tick asks for it again.
    """
    try:
        current_app.extensions["huey"].look_at_run(context.current_world().id, run_id)
    except _down() as error:
        log.warning("the queue is down", error=str(error), run=run_id)
    worker = current_app.extensions.get("worker")
    if worker is not None:
        worker.wake_runs()


def wake_triggers() -> None:
    """Wakes who serves triggers in this process, if anybody does."""
    worker = current_app.extensions.get("worker")
    if worker is not None:
        worker.wake_triggers()


def work_once() -> bool:
    """Takes one message and works on its run; says whether there was one."""
    huey = current_app.extensions["huey"]
    try:
        task = huey.dequeue()
    except _down() as error:
        log.warning("the queue is down", error=str(error))
        return False
    if task is None:
        return False
    try:
        huey.execute(task)
    except (UnknownWorld, TaskException):
        return True  # the world was deleted meanwhile; its runs went with it
    return True


def tick(world_id: str) -> list[int]:
    """What time brings in a world: due syncs, channels to renew, runs nobody works on.

    Returns:
        the connections whose triggers have something to do.
    """
    worlds: Worlds = current_app.extensions["worlds"]
    with worlds.transaction(world_id, reads_only=True):  # most of the time nothing is due, and nobody is held up
        connections = live_connections()
        ids = [connection.id for connection in connections]
        syncs = [connection.id for connection in connections if is_sync_due(connection)]
        channels = [connection.id for connection in connections if is_channel_due(connection)]
        refreshes = [connection_id for connection_id in ids if is_refresh_due(connection_id)]
        if not (syncs or channels or refreshes):
            return _waiting(ids)
    for connection_id in syncs:
        with worlds.transaction(world_id):
            start_due_sync(connection_id)
    for connection_id in channels:
        keep_channel_open(world_id, connection_id)
    for connection_id in refreshes:
        refresh_when_due(world_id, connection_id)
    with worlds.transaction(world_id, reads_only=True):
        return _waiting(ids)


def _waiting(ids: list[int]) -> list[int]:
    for run_id in _abandoned():
        enqueue(run_id)
    return [connection_id for connection_id in ids if has_work(connection_id)]


def _abandoned() -> list[int]:
    """Runs that wait to be claimed: queued ones, and running ones whose lease has run out or whose owner is gone."""
    return [
        run_id
        for run_id, owner, until in _UNFINISHED.rows(connection())
        if owner is None or until is None or until <= clock.real_now() or is_gone(owner)
    ]


_UNFINISHED = Prepared(
    select(Run.id, Run.lease_owner, Run.lease_until).where(
        or_(Run.state == "queued", Run.state == "running"), Run.kind != "trigger"
    )
)


def serve_triggers(world_id: str, connection_id: int) -> None:
    serve(current_app._get_current_object(), world_id, connection_id)  # type: ignore[attr-defined]
