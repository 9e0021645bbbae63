"""Mail of documents. Nothing leaves the simulator: a mail is a row of the outbox (invoice-api.md §5.1, §6.1)."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import String, select
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization, current_user, needs
from mock_invoice.database import Base, Json, Key, Moment, db
from mock_invoice.documents.model import Document
from mock_invoice.envelope import success, time_text
from mock_invoice.errors import InvalidValue, MissingValue
from mock_invoice.fields import BodySchema, RawList, Text, plain_text
from mock_invoice.lists import paging
from simulator import clock, ids

bp = Blueprint("mail", __name__)

ADDRESS_LIMIT = 50


class SentMail(Base):
    """A mail as it would have gone out."""

    organization_id: Mapped[int] = mapped_column(Key, index=True)
    entity: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[int] = mapped_column(Key, index=True)
    customer_id: Mapped[int] = mapped_column(Key)
    from_address: Mapped[str] = mapped_column(String(100))
    to: Mapped[list[str]] = mapped_column("to_addresses", Json)
    cc: Mapped[list[str]] = mapped_column("cc_addresses", Json)
    subject: Mapped[str] = mapped_column(String(1000))
    body: Mapped[str] = mapped_column(SqlText)
    sent_time: Mapped[datetime] = mapped_column(Moment)


class MailSchema(BodySchema):
    to_mail_ids = RawList()
    cc_mail_ids = RawList()
    subject = Text(1000)
    body = Text(20_000)


MAIL = MailSchema()


def default_mail(document: Document, label: str) -> dict[str, str]:
    """Subject and text where the sender gives none."""
    sender = current_organization().name
    return {
        "subject": f"{label} {document.number} from {sender}",
        "body": f"Dear {document.customer.contact_name},<br><br>please find attached {label.lower()} {document.number}."
        f"<br><br>Regards,<br>{sender}",
    }


def send(entity: str, label: str, document: Document, given: dict[str, Any]) -> bool:
    """Puts the mail into the outbox; says whether it is the document's first.

    Raises:
        MissingValue: nobody to send it to.
    """
    body, customer = MAIL.load(given), document.customer
    to = _addresses(body.get("to_mail_ids") or [], "to_mail_ids") or ([customer.email] if customer.email else [])
    if not to:
        raise MissingValue("to_mail_ids")
    default = default_mail(document, label)
    is_first = not document.is_emailed
    mail = SentMail(
        id=ids.new_id(),
        organization_id=document.organization_id,
        entity=entity,
        entity_id=document.id,
        customer_id=customer.id,
        from_address=current_user().email,
        to=to,
        cc=_addresses(body.get("cc_mail_ids") or [], "cc_mail_ids"),
        subject=body.get("subject") or default["subject"],
        body=body.get("body") or default["body"],
        sent_time=clock.now(),
    )
    db.session.add(mail)
    document.is_emailed = True
    document.touch()
    return is_first


def _addresses(given: list[Any], name: str) -> list[str]:
    found = [plain_text(one, name) for one in given]
    if len(found) > ADDRESS_LIMIT or not all("@" in one and len(one) <= 100 for one in found):
        raise InvalidValue(name)
    return found


def content(document: Document, label: str) -> dict[str, Any]:
    """What the screen for writing the mail starts from (§6.1)."""
    customer = document.customer
    people = [
        {
            "contact_person_id": str(person.id),
            "salutation": person.salutation,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "phone": person.phone,
            "mobile": person.mobile,
            "selected": person.is_primary_contact,
        }
        for person in customer.persons
        if person.email
    ]
    user = current_user()
    sender = {"user_name": user.name, "email": user.email, "selected": True, "is_org_email_id": False}
    return {
        **default_mail(document, label),
        "to_contacts": people,
        "from_emails": [{**sender, "organization_contact_id": ""}],
        "emailtemplates": [],
        "file_name": f"{document.number}.pdf",
        "attachment_name": f"{document.number}.pdf",
        "customer_id": str(customer.id),
        "customer_name": customer.contact_name,
        "error_list": [],
        "gateways_configured": False,
        "deprecated_placeholders_used": [],
        "attach_pdf": True,
    }


@bp.get("/settings/sentmails")
@needs("settings.READ")
def list_mails() -> Response:
    """Ours: the outbox, newest first."""
    page, per_page = paging()
    organization = current_organization()
    statement = select(SentMail).where(SentMail.organization_id == organization.id).order_by(SentMail.id.desc())
    rows = db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    mails = [_shown(mail, organization.time_zone) for mail in rows[:per_page]]
    context = {"page": page, "per_page": per_page, "has_more_page": len(rows) > per_page}
    return success(sent_mails=mails, page_context=context)


def _shown(mail: SentMail, zone: str) -> dict[str, Any]:
    return {
        "mail_id": str(mail.id),
        "entity": mail.entity,
        "entity_id": str(mail.entity_id),
        "customer_id": str(mail.customer_id),
        "from": mail.from_address,
        "to_mail_ids": mail.to,
        "cc_mail_ids": mail.cc,
        "subject": mail.subject,
        "body": mail.body,
        "sent_time": time_text(mail.sent_time, zone),
    }
