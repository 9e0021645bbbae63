"""The doors of mails about documents: content, sending one, sending many, payment reminders (§5.1, §6.1)."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.documents import history, mail
from mock_invoice.documents.attachment_model import attachments_of
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.mail_templates import REMINDER, MailTemplate, chosen_template, fill, shown_templates
from mock_invoice.documents.model import Document
from mock_invoice.documents.paper import has_pdf, pdf_of
from mock_invoice.documents.status import OPEN_INVOICES
from mock_invoice.envelope import success
from mock_invoice.errors import StatusRefused
from mock_invoice.openapi.parameters import MAIL_TEMPLATE, SEND_ATTACHMENT, many
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import flag, id_list, json_body
from mock_invoice.uploads import uploads
from simulator import clock
from simulator.openapi import documented
from simulator.shapes import FLAG, array_of

MANY = 10


def content(kind: DocumentKind, document: Document, template: MailTemplate) -> dict[str, Any]:
    """What the screen for writing the mail starts from (§6.1)."""
    customer = document.customer
    return {
        **fill(template, kind, document, kind.detail(document)),
        "to_contacts": mail.people_to_mail(customer),
        "from_emails": mail.senders(),
        "emailtemplates": shown_templates(template),
        "file_name": f"{document.number}.pdf",
        "file_name_without_extension": document.number,
        "attachment_name": f"{document.number}.pdf",
        "customer_id": str(customer.id),
        "customer_name": customer.contact_name,
        "error_list": [],
        "gateways_configured": False,
        "gateways_associated": False,
        "deprecated_placeholders_used": [],
        "attach_pdf": True,
    }


def send(kind: DocumentKind, document: Document, given: dict[str, Any]) -> bool:
    """Mails a document with its PDF and the files that may go along; says whether it was its first mail.

    Mailing a draft makes it a sent one. [MEM]
    """
    body = mail.MAIL.load(given)
    kind.mark_sent(document)
    template = _template(kind, document, body.get("email_template_id", ""))
    texts = fill(template, kind, document, kind.detail(document))
    given_texts = {key: value for key, value in body.items() if value}
    mail.post(kind.entity, document.id, document.customer, {**texts, **given_texts}, _files(kind, document))
    is_first, document.is_emailed = not document.is_emailed, True
    history.note(document, kind.entity, "emailed", f"{kind.label} mailed to the customer")
    document.touch()
    db.session.flush()
    return is_first


def send_new(kind: DocumentKind, document: Document) -> None:
    """Mails a document that was just made to the people it is for, or else to its customer.

    Where none of them has an address, it stays marked as sent. [DESIGN]
    """
    customer, chosen = document.customer, set(document.contact_person_ids)
    to = [person.email for person in customer.persons if person.email and str(person.id) in chosen]
    if to or customer.email:
        send(kind, document, {"to_mail_ids": to})


def _template(kind: DocumentKind, document: Document, wanted: str) -> MailTemplate:
    """The template that is asked for, else the document's own texts and for the rest the one chosen for mails to this
    customer."""
    if wanted:
        return chosen_template(wanted)
    usual = chosen_template(document.customer.default_templates.get(f"{kind.entity}_email_template_id", ""))
    return replace(usual, subject=document.custom_subject or usual.subject, body=document.custom_body or usual.body)


def _files(kind: DocumentKind, document: Document) -> list[mail.File]:
    """The PDF, unless the caller does not want it or nothing here can make one, the files marked for mails, and those
    that came with the call."""
    files: list[mail.File] = []
    is_wanted = "send_attachment" not in request.args or flag("send_attachment")
    if is_wanted and has_pdf():
        files.append((f"{document.number}.pdf", "application/pdf", pdf_of(kind, [document])))
    for one in attachments_of(document.id) if document.has_attachment else ():
        if one.can_send_in_mail:
            files.append((one.file_name, one.content_type, one.content))
    return [*files, *uploads()]


def remind(kind: DocumentKind, document: Any, given: dict[str, Any]) -> None:
    """Reminds of an invoice that is open or overdue.

    Raises:
        StatusRefused: nothing is owed, or it is not sent yet.
    """
    status = kind.status(document)
    if status not in OPEN_INVOICES:
        raise StatusRefused(f"No reminder can be sent for this invoice, as it is {status}.")
    body = {key: value for key, value in mail.MAIL.load(given).items() if value}
    texts = fill(REMINDER, kind, document, kind.detail(document))
    mail.post("reminder", document.id, document.customer, {**texts, **body}, _files(kind, document))
    document.reminders_sent += 1
    document.last_reminder_sent_date = clock.today(current_organization().time_zone)
    history.note(document, kind.entity, "emailed", "Payment reminder sent")
    document.touch()
    db.session.flush()


def _wanted(kind: DocumentKind) -> list[Document]:
    name = f"{kind.entity}_ids"
    return kind.find_many(id_list(request.args.get(name, ""), name, MANY))


def add(bp: Blueprint, kind: DocumentKind) -> None:
    path = f"/{kind.module}"

    @bp.get(f"{path}/<document_id>/email")
    @documented(MAIL_TEMPLATE, _200=told(data="MailContent"))
    @needs(f"{kind.module}.READ")
    def show_mail(document_id: str) -> Response:
        document = kind.find(document_id)
        template = _template(kind, document, request.args.get("email_template_id", ""))
        return success(data=content(kind, document, template))

    @bp.get(f"{path}/<document_id>/emailhistory")
    @documented(_200=told(email_history=array_of("MailTold")))
    @needs(f"{kind.module}.READ")
    def show_history(document_id: str) -> Response:
        """The mails that went out with it; the old wrapper asks for those of credit notes. [CLI]"""
        return success(email_history=mail.history_of(kind.find(document_id).id))

    @bp.post(f"{path}/<document_id>/email")
    @documented(
        SEND_ATTACHMENT,
        body=sent(mail.MAIL),
        is_body_optional=True,
        _200=told(is_first_email=FLAG) if kind.has_reminders else DONE,
    )
    @needs(f"{kind.module}.CREATE")
    def send_mail(document_id: str) -> Response:
        is_first = send(kind, kind.find(document_id), json_body())
        return success(kind.mailed, **({"is_first_email": is_first} if kind.has_reminders else {}))

    @bp.post(f"{path}/email")
    @documented(many(f"{kind.entity}_ids", MANY), _200=DONE)
    @needs(f"{kind.module}.CREATE")
    def send_many() -> Response:
        """Up to ten, each with the default text to its customer; all or none. [MEM] for the message."""
        for document in _wanted(kind):
            send(kind, document, {})
        return success(f"Mission accomplished! We've sent all the {kind.module}.")

    if kind.has_reminders:
        _add_reminders(bp, kind)


def _add_reminders(bp: Blueprint, kind: DocumentKind) -> None:
    path = f"/{kind.module}"

    @bp.get(f"{path}/<document_id>/paymentreminder")
    @documented(_200=told(data="MailContent"))
    @needs(f"{kind.module}.READ")
    def show_reminder(document_id: str) -> Response:
        return success(data=content(kind, kind.find(document_id), REMINDER))

    @bp.post(f"{path}/<document_id>/paymentreminder")
    @documented(SEND_ATTACHMENT, body=sent(mail.MAIL), is_body_optional=True, _200=DONE)
    @needs(f"{kind.module}.CREATE")
    def send_reminder(document_id: str) -> Response:
        remind(kind, kind.find(document_id), json_body())
        return success("Your payment reminder has been sent.")

    @bp.post(f"{path}/paymentreminder")
    @documented(many(f"{kind.entity}_ids", MANY), _200=DONE)
    @needs(f"{kind.module}.CREATE")
    def send_reminders() -> Response:
        for document in _wanted(kind):
            remind(kind, document, {})
        return success("Your payment reminder has been sent.")

    @bp.post(f"{path}/<document_id>/paymentreminder/<any(enable,disable):action>")
    @documented(_200=DONE)
    @needs(f"{kind.module}.CREATE")
    def switch_reminders(document_id: str, action: str) -> Response:
        document: Any = kind.find(document_id)
        document.payment_reminder_enabled = action == "enable"
        document.touch()
        return success("Reminders enabled." if action == "enable" else "Reminders stopped.")
