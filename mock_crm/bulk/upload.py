"""`/crm/<version>/upload`: the file of a bulk write (crm-api.md §7.2). The vendor has a host of its own for it."""

from flask import Blueprint, Response, request

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.bulk import zips
from mock_crm.bulk.errors import FileNotSupported
from mock_crm.bulk.model import BulkFile
from mock_crm.database import db
from mock_crm.errors import InvalidData, RequiredParamMissing
from mock_crm.records.values import shown_moment
from simulator import clock, ids, wire
from simulator.openapi import Parameter, documented
from simulator.shapes import FILE, TEXT, choice

bp = Blueprint("bulk_upload", __name__)

FEATURE = "bulk-write"
HEADERS = (
    Parameter("feature", "What the file is for.", choice(FEATURE), "header", required=True),
    Parameter("X-CRM-ORG", "The organization's `zgid`.", TEXT, "header", required=True),
)


@bp.post("/upload")
@needs("bulk.CREATE")
@documented(*HEADERS, body=FILE, _200="Outcome")
def upload_file() -> Response:
    """A zip of CSV files as the part `file`. The vendor takes up to 25 MB; here the service's own limit is lower."""
    _check_headers()
    part = request.files.get("file")
    if part is None:
        raise RequiredParamMissing({"param_name": "file"})
    content = part.read()
    zips.names(content)
    moment = int(clock.now().timestamp())
    name = (part.filename or "upload.zip")[-255:]
    file = BulkFile(id=ids.new_id(), name=name, user_id=access.user().id, created_time=moment, content=content)
    db.session.add(file)
    db.session.flush()
    details = {"file_id": str(file.id), "created_time": shown_moment(moment, state.people().company.zone)}
    done = {"status": "success", "code": "FILE_UPLOAD_SUCCESS", "message": "file uploaded.", "details": details}
    return wire.reply(done)


def _check_headers() -> None:
    """Both are asked for; the organization must be the caller's (from memory: how they are refused)."""
    if request.headers.get("feature", "") != FEATURE:
        raise InvalidData({"header_name": "feature", "supported_values": [FEATURE]})
    if request.headers.get("X-CRM-ORG", "") != state.people().company.zgid:
        raise InvalidData({"header_name": "X-CRM-ORG"})
    if request.mimetype != "multipart/form-data":
        raise FileNotSupported
