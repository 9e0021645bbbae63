"""The doors of credit notes (invoice-api.md §7.3). [MEM] for the messages of this kind."""

from flask import Blueprint, Response, request

from mock_invoice.access import needs
from mock_invoice.credit_notes.apply import apply_credit, take_off_credit
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.credit_notes.render import CREDIT_NOTES, credit_note_detail, shown_application
from mock_invoice.credit_notes.rules import (
    THING,
    create_credit_note,
    delete_credit_note,
    move_credit_note,
    update_credit_note,
)
from mock_invoice.database import db
from mock_invoice.documents import own_doors
from mock_invoice.documents.doors import add_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.own_doors import Writing
from mock_invoice.documents.schema import CREDIT_NOTE
from mock_invoice.envelope import success
from mock_invoice.errors import MissingValue, NotFound
from mock_invoice.fields import BodySchema, Many
from mock_invoice.find import find
from mock_invoice.openapi.parameters import FOR_INVOICE
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.payments.schema import ApplicationSchema
from simulator.openapi import documented
from simulator.shapes import ID, NUMBER, an_object, array_of

bp = Blueprint("creditnotes", __name__)

STATUS_MESSAGES = {
    "open": "The status of the credit note has been changed to open.",
    "draft": "The status of the credit note has been changed to draft.",
    "void": "The credit note has been marked as void.",
}


APPLIED = an_object(invoices=array_of(an_object(invoice_id=ID, amount_applied=NUMBER)))


class ApplySchema(BodySchema):
    invoices = Many(ApplicationSchema)


APPLY = ApplySchema()


def _mark_sent(credit_note: CreditNote) -> None:
    """Mailing a draft opens it. [MEM]"""
    if credit_note.state == "draft":
        move_credit_note(credit_note, "open")


KIND = DocumentKind(
    entity="creditnote",
    module="creditnotes",
    thing=THING,
    label="Credit Note",
    mailed="Your credit note has been sent.",
    model=CreditNote,
    detail=credit_note_detail,
    mark_sent=_mark_sent,
    closed=frozenset(("void",)),
    status=lambda credit_note: credit_note.status(),
)


WRITING = Writing(
    listing=CREDIT_NOTES,
    schema=CREDIT_NOTE,
    create=create_credit_note,
    options=lambda body: {"invoice_id": request.args.get("invoice_id", "")},
    takes=(FOR_INVOICE,),
    update=update_credit_note,
    delete=delete_credit_note,
    said=(
        "Credit note has been created.",
        "Credit note information has been updated.",
        "The credit note has been deleted.",
    ),
)


@bp.post("/creditnotes/<document_id>/status/<any(open,draft,void):action>")
@documented(_200=DONE)
@needs("creditnotes.CREATE")
def change_status(document_id: str, action: str) -> Response:
    move_credit_note(find(CreditNote, document_id, THING), action)
    db.session.flush()
    return success(STATUS_MESSAGES[action])


@bp.get("/creditnotes/<document_id>/invoices")
@documented(_200=told(invoices_credited=array_of("CreditedInvoice")))
@needs("creditnotes.READ")
def list_invoices(document_id: str) -> Response:
    credit_note = find(CreditNote, document_id, THING)
    return success(invoices_credited=[shown_application(one) for one in credit_note.applications])


@bp.post("/creditnotes/<document_id>/invoices")
@documented(body=sent(APPLY, "invoices"), _200=told(apply_to_invoices=APPLIED))
@needs("creditnotes.CREATE")
def apply_to_invoices(document_id: str) -> Response:
    credit_note, given = find(CreditNote, document_id, THING), APPLY.load(json_body()).get("invoices")
    if not given:
        raise MissingValue("invoices")
    made = apply_credit(credit_note, given)
    db.session.flush()
    shown = [{"invoice_id": str(one.invoice_id), "amount_applied": one.amount_applied} for one in made]
    return success("Credits have been applied to the invoice(s).", apply_to_invoices={"invoices": shown})


@bp.delete("/creditnotes/<document_id>/invoices/<application_id>")
@documented(_200=DONE)
@needs("creditnotes.DELETE")
def take_off_invoice(document_id: str, application_id: str) -> Response:
    for one in find(CreditNote, document_id, THING).applications:
        if str(one.id) == application_id:
            take_off_credit(one)
            return success("Credits applied to an invoice have been deleted.")
    raise NotFound("Credit")


own_doors.add(bp, KIND, WRITING)
add_doors(bp, KIND)
