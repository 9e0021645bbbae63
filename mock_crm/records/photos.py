"""The photo of a record (crm-api.md §4.8): uploaded, shown, taken off."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import delete, insert, select

from mock_crm import access
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import nothing, success
from mock_crm.metadata.catalog import Module
from mock_crm.openapi.schemas import DOWNLOAD
from mock_crm.records import store
from mock_crm.records.acts_model import stored_file
from mock_crm.records.drafts import Draft, take_up
from mock_crm.records.refusals import InvalidFileType, ModuleNotSupported, PhotoTooLarge
from mock_crm.records.uploads import new_file_id, required_file, served
from mock_crm.records.writing import Stamp, write
from simulator import wire
from simulator.openapi import documented
from simulator.shapes import FILE

bp = Blueprint("photos", __name__)

LARGEST_PHOTO = 10 * 1024 * 1024
PHOTO, FIELD = "Photo", "Record_Image"
#: Kinds of images by how their content begins; what a file calls itself does not count.
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif", b"BM": "bmp"}


def _refuse_unpictured(module: Module) -> None:
    if FIELD not in module.fields:
        raise ModuleNotSupported


def _kind(content: bytes) -> str:
    """
    Raises:
        InvalidFileType: when the content is no image.
    """
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    raise InvalidFileType


@bp.post("/<module>/<record_id>/photo")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(body=FILE, _200="Outcome", _415="Error")
def put_photo(module: Module, record_id: str) -> Response:
    """A new photo takes the place of the one before; the record changes by it."""
    _refuse_unpictured(module)
    row = store.addressed(module, record_id)
    content = required_file().stream.read(LARGEST_PHOTO + 1)
    if len(content) > LARGEST_PHOTO:
        raise PhotoTooLarge({"size": LARGEST_PHOTO})
    _kind(content)
    file_id = new_file_id()
    db.session.execute(delete(stored_file).where(stored_file.c.record == row.id))
    values = {"record": row.id, "file_id": file_id, "kind": PHOTO, "content": content}
    db.session.execute(insert(stored_file).values(values))
    _write(module, row, file_id)
    return wire.reply(success({}, "Photo uploaded successfully"))


def _write(module: Module, row: Any, file_id: str | None) -> None:
    draft = Draft(module, 0, changes={FIELD: file_id})
    take_up(draft, row)
    (result,) = write(module, [draft], Stamp.now(access.user()))
    if not isinstance(result, dict):
        raise result


@bp.get("/<module>/<record_id>/photo")
@needs("modules.{module}.READ", permission="View")
@documented(_200=DOWNLOAD, _204=None)
def show_photo(module: Module, record_id: str) -> Response:
    _refuse_unpictured(module)
    row = store.addressed(module, record_id)
    content = db.session.execute(select(stored_file.c.content).where(stored_file.c.record == row.id)).scalar()
    return served(content, f"photo.{_kind(content)}") if content is not None else nothing()


@bp.delete("/<module>/<record_id>/photo")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(_200="Outcome")
def delete_photo(module: Module, record_id: str) -> Response:
    _refuse_unpictured(module)
    row = store.addressed(module, record_id)
    db.session.execute(delete(stored_file).where(stored_file.c.record == row.id))
    _write(module, row, None)
    return wire.reply(success({}, "Photo deleted"))
