"""`/crm/bulk/<version>/read`: exporting a module (crm-api.md §7.2)."""

from typing import Any

from flask import Blueprint, Response

from mock_crm import access, versions
from mock_crm.access import needs
from mock_crm.bulk import jobs, query
from mock_crm.bulk.errors import BodyNotSupported, FileTypeNotSupported, MissingRequiredKey
from mock_crm.bulk.model import ADDED, READ, Job
from mock_crm.envelope import body, by_version
from mock_crm.errors import InvalidData
from mock_crm.openapi.schemas import DOWNLOAD, listed
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("bulk_read", __name__)


@bp.post("/read")
@needs("bulk.READ")
@documented(body="ToRead", _201="ReadJobAdded")
def create_job() -> Response:
    try:
        given = body()
    except InvalidData:
        raise BodyNotSupported from None
    if given.get("query") is None:
        raise MissingRequiredKey({"json_path": "$.query"})
    asked = query.read(given["query"])
    access.require_scope("modules.{module}.READ", asked.module)
    access.require_module(asked.module, "View")
    _check_file_type(given.get("file_type"))
    job = jobs.add(READ, asked.given, given.get("callback"))
    details = {
        "id": str(job.id),
        "operation": READ,
        "state": ADDED,
        "created_by": jobs.created_by(job),
        "created_time": jobs.created_time(job),
    }
    outcome = {"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully.", "details": details}
    return wire.reply({"data": [outcome], "info": {}}, 201)


def _check_file_type(given: Any) -> None:
    """Only CSV: calendars of events (`ics`) are not emulated."""
    if given not in (None, "csv"):
        raise FileTypeNotSupported({"file_type": given if isinstance(given, str) else None, "supported": ["csv"]})


@bp.get("/read/<job_id>")
@needs("bulk.READ")
@documented(_200=listed("data", "ReadJob"), _404="Error")
def show_job(job_id: str) -> Response:
    return wire.reply({"data": [shown(jobs.find(READ, job_id))]})


@bp.get("/read/<job_id>/result")
@needs("bulk.READ")
@documented(_200=DOWNLOAD, _404="Error")
def download_result(job_id: str) -> Response:
    return jobs.download(jobs.find(READ, job_id))


def shown(job: Job) -> dict[str, Any]:
    """The job with its query as it was given; `result` comes with its end."""
    given, result = wire.loads(job.given), wire.loads(job.result)
    module = query.module_of(given["module"])
    asked = {**given, "module": by_version(module.reference(), module.api_name, versions.V2_1)}
    if not given.get("page_token"):
        asked["page"] = given.get("page") or 1
    return {
        "id": str(job.id),
        "operation": READ,
        "state": job.state,
        **({"result": result} if result else {}),
        "query": asked,
        "created_by": jobs.created_by(job),
        "created_time": jobs.created_time(job),
        "file_type": "csv",
    }
