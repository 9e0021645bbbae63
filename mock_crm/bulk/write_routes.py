"""`/crm/bulk/<version>/write`: importing into a module (crm-api.md §7.2)."""

from typing import Any

from flask import Blueprint, Response, current_app

from mock_crm import state, versions
from mock_crm.access import needs
from mock_crm.bulk import jobs, write_given
from mock_crm.bulk.errors import BodyNotSupported
from mock_crm.bulk.model import WRITE, Job
from mock_crm.bulk.write_given import Asked
from mock_crm.envelope import body, by_version
from mock_crm.errors import InvalidData
from mock_crm.openapi.schemas import DOWNLOAD
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("bulk_write", __name__)


@bp.post("/write")
@needs("bulk.CREATE")
@documented(body="ToImport", _201="Outcome")
def create_job() -> Response:
    try:
        given = body()
    except InvalidData:
        raise BodyNotSupported from None
    job = jobs.add(WRITE, write_given.read(given).kept(), given.get("callback"))
    details = {"id": str(job.id), "created_by": jobs.created_by(job)}
    return wire.reply({"status": "success", "code": "SUCCESS", "message": "success", "details": details}, 201)


@bp.get("/write/<job_id>")
@needs("bulk.CREATE")
@documented(_200="WriteJob", _404="Error")
def show_job(job_id: str) -> Response:
    return wire.reply(shown(jobs.find(WRITE, job_id)))


@bp.get("/write/<job_id>/result")
@needs("bulk.CREATE")
@documented(_200=DOWNLOAD, _404="Error")
def download_result(job_id: str) -> Response:
    """Where `download_url` leads. The vendor has another host for it."""
    return jobs.download(jobs.find(WRITE, job_id))


def shown(job: Job) -> dict[str, Any]:
    asked, counts = Asked.of_kept(wire.loads(job.given)), wire.loads(job.result)
    url = f"{current_app.extensions['config'].url}/crm/bulk/{job.api_version}/write/{job.id}/result"
    return {
        "status": job.state,
        "character_encoding": asked.encoding.upper(),
        "resource": [_resource(job, asked, counts)],
        "id": str(job.id),
        **({"callback": {"url": job.callback_url, "method": "post"}} if job.callback_url else {}),
        **({"result": {"download_url": url}} if job.result_file else {}),
        "created_by": jobs.created_by(job),
        "operation": asked.operation,
        "created_time": jobs.created_time(job),
    }


def _resource(job: Job, asked: Asked, counts: dict[str, Any]) -> dict[str, Any]:
    module = state.catalog().modules.get(asked.module)
    as_object = module.reference() if module is not None else {"api_name": asked.module}
    total = counts.get("total_count", 0)
    return {
        "status": job.state,
        "type": "data",
        "module": by_version(as_object, asked.module, versions.V2_1),
        "code": counts.get("code", job.state),
        "find_by": asked.find_by,
        "ignore_empty": asked.ignore_empty,
        "field_mappings": [
            {**mapping, "module": None, "parent_column_index": None} for mapping in asked.kept()["mappings"]
        ],
        "file": {
            "status": job.state,
            "name": asked.file_name,
            "added_count": counts.get("added_count", 0),
            "skipped_count": counts.get("skipped_count", 0),
            "updated_count": counts.get("updated_count", 0),
            "total_count": total,
        },
    }
