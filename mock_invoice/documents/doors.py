"""The doors that all kinds of documents have: custom fields, addresses, templates, comments, approvals."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.rules import merged_address
from mock_invoice.contacts.schema import AddressSchema
from mock_invoice.database import db
from mock_invoice.documents import file_doors, history, mail_doors, paper_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.templates import check_template, template_rows
from mock_invoice.envelope import created, success
from mock_invoice.errors import MissingValue, NotAvailable, NotFound, StatusRefused
from mock_invoice.fields import BodySchema, Flag, Text
from mock_invoice.openapi.parameters import FOR_CUSTOMER_TOO
from mock_invoice.openapi.words import DONE, FIELDS_SENT, TOLD, sent, told
from mock_invoice.parsing import flag, json_array, json_body
from mock_invoice.settings.custom_fields import save_values
from simulator.openapi import documented, no_part
from simulator.shapes import array_of, keyed

ADDRESS = AddressSchema()


ADDRESS_SHOWN = keyed(TOLD, dict.fromkeys(("billing_address", "shipping_address"), "ChangedAddress"))


class CommentSchema(BodySchema):
    description = Text(2000)
    show_comment_to_clients = Flag()


COMMENT = CommentSchema()


def add_doors(bp: Blueprint, kind: DocumentKind) -> None:
    """Adds all shared doors of a kind to its blueprint; fixed paths come before those with an id."""
    paper_doors.add(bp, kind)
    mail_doors.add(bp, kind)
    file_doors.add(bp, kind)
    _add_fields(bp, kind)
    _add_comments(bp, kind)
    _add_approvals(bp, kind)


def _refuse_closed(kind: DocumentKind, document: Any) -> None:
    """Void documents and converted estimates take no edit at all (invoice-api.md §5.4, §6.2)."""
    status = kind.status(document)
    if status in kind.closed:
        raise StatusRefused(f"This {kind.label.lower()} cannot be edited, as it is {status}.")


def _add_fields(bp: Blueprint, kind: DocumentKind) -> None:
    path = f"/{kind.module}"

    @bp.put(f"/{kind.module[:-1]}/<document_id>/customfields")
    @documented(body=FIELDS_SENT, _200=DONE)
    @needs(f"{kind.module}.UPDATE")
    def save_custom_fields(document_id: str) -> Response:
        document = kind.find(document_id)
        _refuse_closed(kind, document)
        save_values(document, kind.entity, json_array())
        document.touch()
        return success("Custom Fields Updated Successfully")

    @bp.put(f"{path}/<document_id>/address/<any(billing,shipping):which>")
    @documented(FOR_CUSTOMER_TOO, body=sent(ADDRESS), _200=ADDRESS_SHOWN)
    @needs(f"{kind.module}.UPDATE")
    def save_address(document_id: str, which: str) -> Response:
        """Changes the address on this document, and the customer's own where the caller asks for that."""
        document, given = kind.find(document_id), ADDRESS.load(json_body())
        _refuse_closed(kind, document)
        key, is_for_customer = f"{which}_address", flag("is_update_customer")
        setattr(document, key, {**getattr(document, key), **given})
        document.touch()
        if is_for_customer:
            _update_customer(document.customer, key, given)
        db.session.flush()
        shown = {**kind.detail(document)[key], "is_update_customer": is_for_customer}
        return success(f"{which.title()} address updated", **{key: shown})

    @bp.get(f"{path}/templates")
    @documented(_200=told(templates=array_of("Template")))
    @needs(f"{kind.module}.READ")
    def list_templates() -> Response:
        return success(templates=template_rows())

    @bp.put(f"{path}/<document_id>/templates/<template_id>")
    @documented(_200=DONE)
    @needs(f"{kind.module}.UPDATE")
    def save_template(document_id: str, template_id: str) -> Response:
        document = kind.find(document_id)
        _refuse_closed(kind, document)
        document.template_id = check_template(template_id)
        document.touch()
        return success(f"{kind.label} information has been updated.")


def _update_customer(customer: Contact, key: str, given: dict[str, Any]) -> None:
    setattr(customer, key, merged_address(getattr(customer, key), given))
    customer.note_addresses()
    customer.touch()


def _add_comments(bp: Blueprint, kind: DocumentKind) -> None:
    path = f"/{kind.module}/<document_id>/comments"

    def find_own(document_id: str, comment_id: str) -> history.Comment:
        """A comment that a person wrote; what the system noted stays."""
        document = kind.find(document_id)
        for comment in history.comments_of(document.id):
            if str(comment.id) == comment_id and comment.comment_type != history.SYSTEM:
                return comment
        raise NotFound("Comment")

    @bp.get(path)
    @documented(_200=told(comments=array_of("Comment")))
    @needs(f"{kind.module}.READ")
    def list_comments(document_id: str) -> Response:
        document = kind.find(document_id)
        return success(comments=[history.shown_comment(one, kind.id_key) for one in history.comments_of(document.id)])

    @bp.post(path)
    @documented(body=sent(COMMENT, "description"), _201=told(comment="Comment"))
    @needs(f"{kind.module}.CREATE")
    def add_comment(document_id: str) -> Response:
        document, body = kind.find(document_id), COMMENT.load(json_body())
        if not body.get("description"):
            raise MissingValue("description")
        comment = history.note(document, kind.entity, "added", body["description"], history.INTERNAL)
        comment.is_shown_to_client = body.get("show_comment_to_clients", False)
        db.session.flush()
        where = f"{kind.module}/{document.id}/comments"
        return created("Comments added.", where, comment.id, comment=history.shown_comment(comment, kind.id_key))

    @bp.put(f"{path}/<comment_id>")
    @documented(body=sent(COMMENT), _200=told(comment="Comment"))
    @needs(f"{kind.module}.UPDATE")
    def save_comment(document_id: str, comment_id: str) -> Response:
        comment, body = find_own(document_id, comment_id), COMMENT.load(json_body())
        comment.description = body.get("description") or comment.description
        comment.is_shown_to_client = body.get("show_comment_to_clients", comment.is_shown_to_client)
        db.session.flush()
        return success("Comment has been updated.", comment=history.shown_comment(comment, kind.id_key))

    @bp.delete(f"{path}/<comment_id>")
    @documented(_200=DONE)
    @needs(f"{kind.module}.DELETE")
    def remove_comment(document_id: str, comment_id: str) -> Response:
        db.session.delete(find_own(document_id, comment_id))
        return success("The comment has been deleted.")


def _add_approvals(bp: Blueprint, kind: DocumentKind) -> None:
    @bp.post(f"/{kind.module}/<document_id>/<any(submit,approve):action>")
    @no_part
    @needs(f"{kind.module}.CREATE")
    def approve(document_id: str, action: str) -> Response:
        """Approvals are off in every organization here, so there is nothing to submit or approve. [DESIGN]"""
        kind.find(document_id)
        done = "submitted" if action == "submit" else "approved"
        raise NotAvailable(f"This {kind.label.lower()} cannot be {done}, as approvals are not enabled.")
