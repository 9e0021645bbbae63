"""What bulk read and bulk write jobs have in common: made, found, ended, and told to whoever waits for them."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g

from mock_crm import access, state
from mock_crm.bulk.errors import InvalidCallbackMethod, InvalidCallbackUrl, MissingRequiredKey, ResourceNotFound
from mock_crm.bulk.model import ADDED, COMPLETED, BulkFile, Job
from mock_crm.database import db
from mock_crm.envelope import id_of
from mock_crm.notifications.given import may_be_called
from mock_crm.records.values import shown_moment
from simulator import clock, context, ids, outbox, wire
from simulator.app import after_commit


def add(operation: str, given: dict[str, Any], callback: Any) -> Job:
    """A new job of the caller's, done once the request is committed."""
    job = Job(
        id=ids.new_id(),
        operation=operation,
        state=ADDED,
        user_id=access.user().id,
        created_time=int(clock.now().timestamp()),
        api_version=g.version_name,
        given=wire.dumps(given).decode(),
        callback_url=callback_url(callback),
    )
    db.session.add(job)
    db.session.flush()
    world_id, worker = context.current_world().id, current_app.extensions["bulk_worker"]
    after_commit(lambda: worker.wake(world_id))
    return job


def callback_url(callback: Any) -> str | None:
    """Where the end of a job is told, if it is.

    Raises:
        CrmError: when the callback cannot be called; the same addresses are allowed as for notifications.
    """
    if callback is None:
        return None
    if not isinstance(callback, dict):
        raise InvalidCallbackUrl
    for key in ("url", "method"):
        if not callback.get(key):
            raise MissingRequiredKey({"json_path": f"$.callback.{key}"})
    if str(callback["method"]).lower() != "post":
        raise InvalidCallbackMethod
    if not isinstance(callback["url"], str) or not may_be_called(callback["url"]):
        raise InvalidCallbackUrl
    return str(callback["url"])


def find(operation: str, job_id: str) -> Job:
    """A job of the caller's; those of others are not shown (from memory).

    Raises:
        ResourceNotFound: when there is none.
    """
    job = db.session.get(Job, id_of(job_id) or 0)
    if job is None or job.operation != operation or job.user_id != access.user().id:
        raise ResourceNotFound
    return job


def download(job: Job) -> Response:
    """The result's zip.

    Raises:
        ResourceNotFound: before the job is completed.
    """
    file = db.session.get(BulkFile, job.result_file) if job.result_file is not None else None
    if file is None:
        raise ResourceNotFound
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, headers=headers, content_type="application/x-download")


def complete(job: Job, result: dict[str, Any], name: str, content: bytes) -> None:
    """Ends a job with its result."""
    moment = int(clock.now().timestamp())
    file = BulkFile(id=ids.new_id(), name=name, user_id=job.user_id, created_time=moment, content=content)
    db.session.add(file)
    job.result_file = file.id
    job.result = wire.dumps(result).decode()
    job.state = COMPLETED


def tell(job: Job, shown: Callable[[Job], dict[str, Any]]) -> None:
    """Owes the end of a job to the callback. From memory: its body is the job as it is shown, with its id."""
    if job.callback_url is not None:
        outbox.post(f"bulk-{job.id}", job.callback_url, {"job_id": str(job.id), **shown(job)})


def created_by(job: Job) -> dict[str, str]:
    user = state.people().users.get(job.user_id)
    return {"id": str(job.user_id), "name": user.full_name if user else ""}


def created_time(job: Job) -> str:
    return shown_moment(job.created_time, state.people().company.zone)
