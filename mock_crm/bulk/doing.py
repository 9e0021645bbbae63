"""Doing a job from where it stands to its end: first it is in progress, then it is read or written, then it has ended.

Each part is a transaction of its own, so that nobody waits long for a bulk write and a stop costs at most some rows.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from flask import g
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from mock_crm import access, state
from mock_crm.bulk import jobs, query, read_routes, write_routes, zips
from mock_crm.bulk.applying import AT_ONCE, RESULT_COLUMNS, SHOWN_COLUMNS, Cells, Row, write_rows
from mock_crm.bulk.model import ADDED, FAILURE, IN_PROGRESS, READ, UNFINISHED, WRITE, BulkFile, Job, bulk_outcome
from mock_crm.bulk.reading import result_of
from mock_crm.bulk.write_given import MOST_ROWS, OPERATIONS, Asked, check_count
from mock_crm.bulk.zips import CsvZip
from mock_crm.database import db
from mock_crm.errors import CrmError, InvalidToken
from mock_crm.records.writing import Stamp
from simulator import wire
from simulator.storage import DamagedWorld
from simulator.worlds import UnknownWorld, Worlds

log = structlog.get_logger()

SHOWN = {READ: read_routes.shown, WRITE: write_routes.shown}


class JobGone(Exception):
    """The job is there no more, or no longer as it was: the world was put back meanwhile."""


def do(worlds: Worlds, world_id: str, number: int) -> None:
    """Does an unfinished job.

    Raises:
        OperationalError, StaleDataError: when it is to be tried again; what is committed stands.
    """
    try:
        operation = _begin(worlds, world_id, number)
        if operation is not None:
            (_read if operation == READ else _write)(worlds, world_id, number)
    except JobGone:
        return
    except CrmError as error:
        _fail(worlds, world_id, number, error.code)
    except (OperationalError, StaleDataError, UnknownWorld, DamagedWorld):
        raise
    except Exception:  # the boundary of a job: it ends as failed, and the others are done
        log.exception("a bulk job failed", world=world_id, job=number)
        _fail(worlds, world_id, number, "INTERNAL_ERROR")


def _begin(worlds: Worlds, world_id: str, number: int) -> str | None:
    with worlds.transaction(world_id):
        job = db.session.get(Job, number)
        if job is None or job.state not in UNFINISHED:
            return None
        if job.state == ADDED:
            job.state = IN_PROGRESS
        return job.operation


def _at_work(number: int) -> Job:
    """The job, for whose user the work is done from here on.

    Raises:
        JobGone, InvalidToken: when there is no such job any more, or its user is not active.
    """
    job = db.session.get(Job, number)
    if job is None or job.state != IN_PROGRESS:
        raise JobGone
    user = state.people().users.get(job.user_id)
    if user is None or not user.is_active:
        raise InvalidToken
    g.user = user
    return job


def _read(worlds: Worlds, world_id: str, number: int) -> None:
    with worlds.transaction(world_id, reads_only=True):
        job = _at_work(number)
        asked = query.read(wire.loads(job.given))
        access.require_module(asked.module, "View")
        content, count, token = result_of(asked, access.user(), str(number))
        result = {
            "page": asked.page,
            "per_page": query.PER_PAGE,
            "count": count,
            "download_url": f"/crm/bulk/{job.api_version}/read/{number}/result",
            "more_records": token is not None,
            "next_page_token": token,
        }
    with worlds.transaction(world_id):
        job = _at_work(number)
        jobs.complete(job, result, f"{number}.zip", content)
        jobs.tell(job, SHOWN[READ])


def _write(worlds: Worlds, world_id: str, number: int) -> None:
    with worlds.transaction(world_id, reads_only=True):
        job = _at_work(number)
        asked, done = Asked.of_kept(wire.loads(job.given)), job.done
        file = db.session.get(BulkFile, asked.file_id)
        if file is None:
            raise JobGone
        table = zips.rows(file.content, asked.file_name, asked.encoding, MOST_ROWS + 2)
    check_count(table)
    header, cells = table[0] if table else [], list(enumerate(table[1:]))
    while done < len(cells):
        some = cells[done : done + AT_ONCE]
        _write_some(worlds, world_id, number, asked, header, some)
        done += len(some)
    with worlds.transaction(world_id):
        job = _at_work(number)
        content = _result(job, header, table[1:], f"{asked.module}-{asked.file_name}")
        counts = {**wire.loads(job.result), "total_count": len(cells)}
        jobs.complete(job, counts, f"{number}.zip", content)
        jobs.tell(job, SHOWN[job.operation])


def _write_some(
    worlds: Worlds,
    world_id: str,
    number: int,
    asked: Asked,
    header: Sequence[str],
    cells: Sequence[Cells],
) -> None:
    with worlds.transaction(world_id):
        job = _at_work(number)
        if job.done != cells[0][0]:
            raise JobGone
        for act in OPERATIONS[asked.operation]:
            access.require_module(state.catalog().module(asked.module), act)
        rows = write_rows(asked, header, cells, Stamp.now(access.user()))
        db.session.execute(insert(bulk_outcome), [_outcome(number, row) for row in rows])
        job.done += len(rows)
        job.result = wire.dumps(_counted(wire.loads(job.result), rows)).decode()


def _outcome(number: int, row: Row) -> dict[str, Any]:
    return {"job": number, "place": row.place, "status": row.status, "record": row.record, "errors": row.errors}


def _counted(counts: dict[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    for row in rows:
        name = f"{row.status.lower()}_count"
        counts[name] = counts.get(name, 0) + 1
    return {**counts, "total_count": counts.get("total_count", 0) + len(rows)}


def _result(job: Job, header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> bytes:
    """The first columns of the file beside what became of each row."""
    mine = bulk_outcome.c.job == job.id
    outcomes = db.session.execute(select(bulk_outcome).where(mine).order_by(bulk_outcome.c.place)).all()
    out = CsvZip(name)
    out.add([[*header[:SHOWN_COLUMNS], *RESULT_COLUMNS]])
    width = len(header[:SHOWN_COLUMNS])
    out.add(
        [*row[:width], *[""] * (width - len(row)), outcome.status, outcome.record, outcome.errors]
        for row, outcome in zip(rows, outcomes, strict=True)
    )
    db.session.execute(delete(bulk_outcome).where(mine))
    return out.content()


def _fail(worlds: Worlds, world_id: str, number: int, code: str) -> None:
    with worlds.transaction(world_id):
        job = db.session.get(Job, number)
        if job is None or job.state not in UNFINISHED:
            return
        job.state = FAILURE[job.operation]
        if job.operation != READ:
            job.result = wire.dumps({**wire.loads(job.result), "code": code}).decode()
        db.session.execute(delete(bulk_outcome).where(bulk_outcome.c.job == number))
        jobs.tell(job, SHOWN[job.operation])
