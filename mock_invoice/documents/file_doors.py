"""The doors of files attached to documents (invoice-api.md §1.4, §5.1, §6.1)."""

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents.attachment_model import Attachment, attachments_of
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.model import Document
from mock_invoice.envelope import success
from mock_invoice.errors import InvalidValue, MissingValue, NotFound
from mock_invoice.openapi.parameters import CAN_SEND_IN_MAIL
from mock_invoice.openapi.words import DONE, FILE, files_sent, told
from mock_invoice.parsing import flag
from mock_invoice.uploads import FILE_LIMIT, PART_NAMES, uploads
from simulator import clock, ids
from simulator.openapi import documented
from simulator.shapes import array_of


def attach(document: Document) -> list[Attachment]:
    """Stores the files of a multipart request.

    Raises:
        MissingValue: there is none under a name that the vendor knows.
        InvalidValue: one too many, one too large, or one without a name that can be stored.
    """
    files = uploads()
    if not files:
        raise MissingValue("attachment")
    if len(files) + len(attachments_of(document.id)) > FILE_LIMIT:
        raise InvalidValue("attachment")
    made = []
    for name, content_type, content in files:
        made.append(
            Attachment(
                id=ids.new_id(),
                organization_id=document.organization_id,
                entity_id=document.id,
                file_name=name,
                content_type=content_type,
                size=len(content),
                content=content,
                can_send_in_mail=flag("can_send_in_mail"),
                created_time=clock.now(),
            )
        )
    db.session.add_all(made)
    document.has_attachment = True
    document.touch()
    db.session.flush()
    return made


def drop_files(document: Document, document_file_id: str = "") -> None:
    """Deletes one file of a document, or all.

    Raises:
        NotFound: it has none, or not this one.
    """
    files = attachments_of(document.id)
    doomed = [one for one in files if document_file_id in ("", str(one.id))]
    if not doomed:
        raise NotFound("Attachment")
    for one in doomed:
        db.session.delete(one)
    document.has_attachment = len(doomed) < len(files)
    document.touch()
    db.session.flush()


def _download(file: Attachment) -> Response:
    answer = Response(file.content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer


def add(bp: Blueprint, kind: DocumentKind) -> None:
    path = f"/{kind.module}/<document_id>"
    noun = kind.entity

    def file_of(document_id: str, file_id: str = "") -> Attachment:
        for one in attachments_of(kind.find(document_id).id):
            if file_id in ("", str(one.id)):
                return one
        raise NotFound("Attachment")

    @bp.get(f"{path}/attachment")
    @documented(_200=FILE)
    @needs(f"{kind.module}.READ")
    def get_attachment(document_id: str) -> Response:
        return _download(file_of(document_id))

    @bp.post(f"{path}/attachment")
    @documented(CAN_SEND_IN_MAIL, body=files_sent(PART_NAMES[0]), _200=told(documents=array_of("File", least=1)))
    @needs(f"{kind.module}.CREATE")
    def add_attachment(document_id: str) -> Response:
        document = kind.find(document_id)
        made = attach(document)
        shown = kind.detail(document)["documents"][-len(made) :]
        return success("Your file has been attached.", documents=shown)

    @bp.put(f"{path}/attachment")
    @documented(CAN_SEND_IN_MAIL, _200=DONE)
    @needs(f"{kind.module}.UPDATE")
    def save_attachment(document_id: str) -> Response:
        """Whether the files go along with mails."""
        file_of(document_id)
        for one in attachments_of(int(document_id)):
            one.can_send_in_mail = flag("can_send_in_mail")
        return success(f"{kind.label} information has been updated.")

    @bp.delete(f"{path}/attachment")
    @documented(_200=DONE)
    @needs(f"{kind.module}.DELETE")
    def remove_attachment(document_id: str) -> Response:
        drop_files(kind.find(document_id))
        return success(f"Your file is no longer attached to the {noun}.")

    @bp.get(f"{path}/documents/<file_id>")
    @documented(_200=FILE)
    @needs(f"{kind.module}.READ")
    def get_file(document_id: str, file_id: str) -> Response:
        return _download(file_of(document_id, file_id))

    @bp.delete(f"{path}/documents/<file_id>")
    @documented(_200=DONE)
    @needs(f"{kind.module}.DELETE")
    def remove_file(document_id: str, file_id: str) -> Response:
        drop_files(kind.find(document_id), file_id)
        return success("The document has been deleted.")
