"""The doors of what is done with a contact: history, statements, mail, portal, merging (invoice-api.md §3.1)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from mock_invoice.access import needs
from mock_invoice.contacts.history import history, note
from mock_invoice.contacts.mailing import MAIL, send_mail, statement_content, statement_mail
from mock_invoice.contacts.merging import merge
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.render import contact_detail
from mock_invoice.contacts.rules import THING, open_portal
from mock_invoice.contacts.schema import MERGE, PORTAL
from mock_invoice.contacts.statement_paper import pdf_of
from mock_invoice.contacts.statements import period, statement
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import db
from mock_invoice.envelope import success
from mock_invoice.errors import NotFound
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED, PDF_ONLY, PERIOD
from mock_invoice.openapi.words import DONE, PDF, page, sent, told
from mock_invoice.parsing import json_body, offers, wanted_format
from mock_invoice.payments.refunds import Refund, shown_refund
from simulator.openapi import JSON, Content, documented
from simulator.shapes import OBJECT, array_of

bp = Blueprint("contact_actions", __name__)


@bp.get("/contacts/<contact_id>/comments")
@documented(*PAGED, _200=page("contact_comments", "ContactComment"))
@needs("contacts.READ")
def list_comments(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    page, per_page = paging()
    shown, has_more = history(contact, page, per_page)
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": has_more,
        "report_name": "Contact Comments",
        "applied_filter": "",
        "sort_column": "date",
        "sort_order": "D",
    }
    return success(contact_comments=shown, page_context=context)


@bp.get("/contacts/<contact_id>/statements")
@documented(*PERIOD, PDF_ONLY, _200=Content({JSON: told(statement="Statement"), **PDF}))
@needs("contacts.READ")
@offers("pdf")
def show_statement(contact_id: str) -> Response:
    """Ours: the statement that the vendor only mails; as PDF where the caller asks for that."""
    shown = _statement(find(Contact, contact_id, THING))
    if wanted_format() != "pdf":
        return success(statement=shown)
    answer = Response(pdf_of(shown), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"statement_{contact_id}.pdf")
    return answer


@bp.get("/contacts/<contact_id>/refunds")
@documented(*PAGED, _200=page("creditnote_refunds", "CreditNoteRefund"))
@needs("contacts.READ")
def list_refunds(contact_id: str) -> Response:
    """What went back to a customer of his credit notes, the newest first."""
    contact = find(Contact, contact_id, THING)
    page, per_page = paging()
    wanted = (
        select(Refund, CreditNote)
        .join(CreditNote, CreditNote.id == Refund.source_id)
        .where(Refund.customer_id == contact.id)
        .order_by(Refund.date.desc(), Refund.id.desc())
    )
    rows = db.session.execute(wanted.limit(per_page + 1).offset((page - 1) * per_page)).all()
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "report_name": "Credit Note Refunds",
        "sort_column": "date",
        "sort_order": "D",
    }
    refunds = [shown_refund(source, refund) for refund, source in rows[:per_page]]
    return success(creditnote_refunds=refunds, page_context=context)


@bp.get("/contacts/<contact_id>/statements/email")
@documented(*PERIOD, _200=told(data="StatementMailContent"))
@needs("contacts.READ")
def show_statement_mail(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    return success(data=statement_content(contact, _statement(contact)))


@bp.post("/contacts/<contact_id>/statements/email")
@documented(*PERIOD, body=sent(MAIL), is_body_optional=True, _200=DONE)
@needs("contacts.CREATE")
def mail_statement(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    send_mail(contact, "statement", json_body(), statement_mail(contact, _statement(contact)))
    return success("Statement has been sent to the Customer.")


def _statement(contact: Contact) -> dict[str, Any]:
    return statement(contact, *period(request.args.get("start_date"), request.args.get("end_date")))


@bp.post("/contacts/<contact_id>/email")
@documented(body=sent(MAIL, "subject", "body"), _200=DONE)
@needs("contacts.CREATE")
def mail_contact(contact_id: str) -> Response:
    send_mail(find(Contact, contact_id, THING), "contact", json_body(), {})
    return success("Email has been sent.")


@bp.post("/contacts/<contact_id>/portal/enable")
@documented(body=sent(PORTAL), is_body_optional=True, _200=DONE)
@needs("contacts.CREATE")
def enable_portal(contact_id: str) -> Response:
    """Lets the named people in, or the primary one; all of them need an email."""
    contact = find(Contact, contact_id, THING)
    wanted = [entry.get("contact_person_id") for entry in PORTAL.load(json_body()).get("contact_persons", ())]
    persons = [one for one in contact.persons if one.id in wanted]
    if len(persons) < len(set(wanted)) or (not wanted and not contact.persons):
        raise NotFound("Contact person")
    open_portal(contact, True, persons)
    note(contact, "Client portal enabled")
    contact.touch()
    return success("Client Portal preferences have been updated")


@bp.get("/contacts/<contact_id>/receivables/unusedretainerpayments")
@documented(_200=told(unused_retainer_payments=array_of(OBJECT, most=0)))
@needs("contacts.READ")
def list_unused_retainers(contact_id: str) -> Response:
    """Retainer invoices are not emulated, so nobody has paid one."""
    find(Contact, contact_id, THING)
    return success(unused_retainer_payments=[])


@bp.post("/contacts/<contact_id>/<any(track1099,untrack1099):action>")
@documented(_200=DONE)
@needs("contacts.CREATE")
def track_1099(contact_id: str, action: str) -> Response:
    """Whether what he is paid goes into the form 1099 of the US; kept and shown. [MEM] for the messages."""
    contact = find(Contact, contact_id, THING)
    contact.track_1099 = action == "track1099"
    contact.touch()
    return success(f"1099 tracking is {'enabled' if contact.track_1099 else 'disabled'}.")


@bp.post("/contacts/<contact_id>/merge")
@documented(body=sent(MERGE, "contact_ids"), _200=told(contact="Contact"))
@needs("contacts.CREATE")
def merge_contacts(contact_id: str) -> Response:
    """Ours: the vendor merges on screen only."""
    contact = find(Contact, contact_id, THING)
    merge(contact, MERGE.load(json_body()).get("contact_ids", []))
    db.session.refresh(contact)
    return success("The contacts have been merged.", contact=contact_detail(contact.id))
