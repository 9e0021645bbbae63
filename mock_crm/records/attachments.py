"""Attachments: files and links beside a record (crm-api.md §4.10).

An attachment is a record of the module Attachments; what was uploaded is in `stored_file`.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from sqlalchemy import insert, select

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import id_of, ids_param, outcomes, success
from mock_crm.errors import CrmError, InvalidId, MandatoryNotFound, NotDeleted, RequiredParamMissing
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.related_lists import RelatedList
from mock_crm.openapi.parameters import IDS_NEEDED, LISTED
from mock_crm.openapi.schemas import DOWNLOAD, told
from mock_crm.records import deleting, store
from mock_crm.records.acts_model import stored_file
from mock_crm.records.beside import FILE, LINK
from mock_crm.records.drafts import read_draft
from mock_crm.records.listing import answer_page, fields_param, ids_condition, order_param
from mock_crm.records.model import record
from mock_crm.records.refusals import (
    DownloadNotAllowed,
    FileTooLarge,
    InvalidLink,
    InvalidRelatedId,
    ModuleNotSupported,
)
from mock_crm.records.relations import related_to
from mock_crm.records.uploads import file_name, new_file_id, sent_file, served
from mock_crm.records.writing import Stamp, write
from simulator.openapi import documented
from simulator.shapes import TEXT, form

bp = Blueprint("attachments", __name__)

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_LINK = 2_000
FILE_OR_LINK = form(attachmentUrl=TEXT, title=TEXT)
_LISTED = RelatedList("Attachments", "Attachments", "Attachments", field="Parent_Id")


def _parent(module: Module, record_id: str) -> int:
    if module.api_name == "Attachments" or module.is_subform:
        raise ModuleNotSupported
    try:
        return int(store.addressed(module, record_id).id)
    except InvalidId as error:
        raise InvalidRelatedId(error.details) from None


def _attachments(act: str) -> Module:
    found = state.catalog().modules["Attachments"]
    access.require_module(found, act)
    return found


@bp.get("/<module>/<record_id>/Attachments")
@needs("modules.attachments.READ", permission="View")
@documented(*LISTED, _200="Records", _204=None, _304=None)
def list_attachments(module: Module, record_id: str) -> Response:
    parent, target = _parent(module, record_id), _attachments("View")
    ids, condition = ids_condition()
    names = fields_param(required=ids is None)
    conditions = [related_to(_LISTED, parent), *condition]
    bound_to = ("Attachments", parent, ids)
    return answer_page(target, conditions, order_param(target), names, bound_to)


@bp.post("/<module>/<record_id>/Attachments")
@needs("modules.attachments.CREATE", permission="Edit")
@documented(told(), body=FILE_OR_LINK)
def add_attachment(module: Module, record_id: str) -> Response:
    """A file as the part `file` of a form, or a link as `attachmentUrl` with a `title`."""
    parent, target = _parent(module, record_id), _attachments("Create")
    sent = sent_file()
    link = request.values.get("attachmentUrl")
    if sent is not None and sent.filename:
        content = sent.stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise FileTooLarge
        name, stored = file_name(sent.filename), {"kind": FILE, "link_url": None, "content": content}
    elif link:
        name, stored = _link_name(link), {"kind": LINK, "link_url": link, "content": None}
    else:
        raise MandatoryNotFound({"api_name": "file"})
    return outcomes([_add(target, parent, name, stored)])


def _link_name(link: str) -> str:
    """
    Raises:
        InvalidLink: when the address is none of the web.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        raise InvalidLink from None
    if parts.scheme not in ("http", "https") or not parts.netloc or len(link) > LONGEST_LINK or "\0" in link:
        raise InvalidLink
    return file_name(request.values.get("title") or parts.netloc)


def _add(target: Module, parent: int, name: str, stored: dict[str, Any]) -> dict[str, Any] | CrmError:
    size = len(stored["content"] or b"")
    draft = read_draft(target, 0, {"File_Name": name, "Size": str(size), "Parent_Id": {"id": parent}})
    (result,) = write(target, [draft], Stamp.now(access.user()))
    if isinstance(result, CrmError):
        return result
    db.session.execute(insert(stored_file).values(record=draft.record_id, file_id=new_file_id(), **stored))
    details = {name: value for name, value in result["details"].items() if not name.startswith("$")}
    return success(details, "attachment uploaded successfully")


@bp.get("/<module>/<record_id>/Attachments/<attachment_id>")
@needs("modules.attachments.READ", permission="View")
@documented(_200=DOWNLOAD)
def download_attachment(module: Module, record_id: str, attachment_id: str) -> Response:
    parent, target = _parent(module, record_id), _attachments("View")
    found = _of_parent(target, parent, [id_of(attachment_id) or 0])
    if not found:
        raise InvalidId({"resource_path_index": 3})
    (number, name), *_ = found.items()
    row = db.session.execute(select(stored_file).where(stored_file.c.record == number)).first()
    if row is None or row.kind == LINK:
        raise DownloadNotAllowed
    return served(row.content, name)


def _of_parent(target: Module, parent: int, numbers: Sequence[int]) -> dict[int, str]:
    """Names of those of the attachments that stand beside this record."""
    here = (*store.alive(target), related_to(_LISTED, parent), record.c.id.in_(numbers))
    return {row[0]: row[1] for row in db.session.execute(select(record.c.id, record.c.name).where(*here))}


@bp.delete("/<module>/<record_id>/Attachments/<attachment_id>")
@needs("modules.attachments.DELETE", permission="Edit")
@documented(told())
def delete_attachment(module: Module, record_id: str, attachment_id: str) -> Response:
    """Who may change the record may take off what is attached to it (from memory)."""
    parent, target = _parent(module, record_id), _attachments("Edit")
    mine = list(_of_parent(target, parent, [id_of(attachment_id) or 0]))
    if not mine:
        raise NotDeleted({"resource_path_index": 3})
    return outcomes(deleting.delete_records(target, mine, Stamp.now(access.user())))


@bp.delete("/<module>/<record_id>/Attachments")
@needs("modules.attachments.DELETE", permission="Edit")
@documented(IDS_NEEDED, told())
def delete_attachments(module: Module, record_id: str) -> Response:
    parent, target = _parent(module, record_id), _attachments("Edit")
    numbers = ids_param()
    if not numbers:
        raise RequiredParamMissing({"param_name": "ids"})
    mine = list(_of_parent(target, parent, numbers))
    return outcomes(deleting.told(numbers, deleting.remove(target, mine, Stamp.now(access.user()))))
