"""The outbox. Nothing leaves the simulator: a mail is a row here, with the files that went along (§5.1, §6.1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, selectinload

from mock_invoice.access import current_organization, current_user, needs
from mock_invoice.contacts.model import Contact
from mock_invoice.database import Base, Json, Key, Moment, db
from mock_invoice.envelope import success, time_text
from mock_invoice.errors import MissingValue, NotFound
from mock_invoice.fields import BodySchema, Emails, Text
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED
from mock_invoice.openapi.words import ANY_FILE, page, told
from simulator import clock, ids
from simulator.openapi import documented

bp = Blueprint("mail", __name__)

#: Name, media type and bytes of a file.
File = tuple[str, str, bytes]


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

    files: Mapped[list["MailFile"]] = relationship(cascade="all, delete-orphan", order_by="MailFile.id")


class MailFile(Base):
    """A file that went along with a mail."""

    mail_id: Mapped[int] = mapped_column(Key, ForeignKey("sent_mail.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class MailSchema(BodySchema):
    to_mail_ids = Emails()
    cc_mail_ids = Emails()
    subject = Text(1000)
    body = Text(20_000)
    email_template_id = Text(30)


MAIL = MailSchema()


def post(entity: str, entity_id: int, customer: Contact, given: dict[str, Any], files: Sequence[File] = ()) -> SentMail:
    """Puts a mail into the outbox; `given` is a loaded body with its subject and text filled in.

    Raises:
        MissingValue: nobody to send it to.
    """
    to = given.get("to_mail_ids") or ([customer.email] if customer.email else [])
    if not to:
        raise MissingValue("to_mail_ids")
    mail = SentMail(
        id=ids.new_id(),
        organization_id=customer.organization_id,
        entity=entity,
        entity_id=entity_id,
        customer_id=customer.id,
        from_address=current_user().email,
        to=to,
        cc=given.get("cc_mail_ids") or [],
        subject=given["subject"][:1000],
        body=given["body"],
        sent_time=clock.now(),
    )
    mail.files = [
        MailFile(id=ids.new_id(), file_name=name, content_type=media_type, size=len(content), content=content)
        for name, media_type, content in files
    ]
    db.session.add(mail)
    return mail


def history_of(entity_id: int) -> list[dict[str, Any]]:
    """The mails about a document, newest first."""
    statement = select(SentMail).where(SentMail.entity_id == entity_id).order_by(SentMail.id.desc())
    zone = current_organization().time_zone
    return [
        {
            "mailhistory_id": str(one.id),
            "from": one.from_address,
            "to_mail_ids": ",".join(one.to),
            "subject": one.subject,
            "date": time_text(one.sent_time, zone)[:10],
            "type": "sent",
        }
        for one in db.session.scalars(statement)
    ]


def people_to_mail(customer: Contact) -> list[dict[str, Any]]:
    """Whom the screen for writing a mail offers as receivers."""
    return [
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


def senders() -> list[dict[str, Any]]:
    user = current_user()
    sender = {"user_name": user.name, "email": user.email, "selected": True, "is_org_email_id": False}
    return [{**sender, "organization_contact_id": ""}]


@bp.get("/settings/sentmails")
@documented(*PAGED, _200=page("sent_mails", "SentMail"))
@needs("settings.READ")
def list_mails() -> Response:
    """Ours: the outbox, newest first."""
    page, per_page = paging()
    organization = current_organization()
    statement = select(SentMail).where(SentMail.organization_id == organization.id).order_by(SentMail.id.desc())
    statement = statement.options(selectinload(SentMail.files))
    rows = db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    mails = [_shown(mail, organization.time_zone) for mail in rows[:per_page]]
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "sort_column": "sent_time",
        "sort_order": "D",
    }
    return success(sent_mails=mails, page_context=context)


@bp.get("/settings/sentmails/<mail_id>")
@documented(_200=told(sent_mail="SentMail"))
@needs("settings.READ")
def get_mail(mail_id: str) -> Response:
    """Ours: one mail of the outbox."""
    return success(sent_mail=_shown(find(SentMail, mail_id, "Mail"), current_organization().time_zone))


@bp.get("/settings/sentmails/<mail_id>/files/<file_id>")
@documented(_200=ANY_FILE)
@needs("settings.READ")
def get_mail_file(mail_id: str, file_id: str) -> Response:
    """Ours: a file that went along."""
    for one in find(SentMail, mail_id, "Mail").files:
        if str(one.id) == file_id:
            answer = Response(one.content, mimetype=one.content_type)
            answer.headers.set("Content-Disposition", "attachment", filename=one.file_name)
            return answer
    raise NotFound("File")


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
        "files": [
            {"file_id": str(one.id), "file_name": one.file_name, "content_type": one.content_type, "size": one.size}
            for one in mail.files
        ],
    }
