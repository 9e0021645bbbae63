"""Mail to a customer: his statement, or any letter. It goes into the outbox of all mails (invoice-api.md §3.1)."""

from typing import Any

from mock_invoice.access import current_organization, current_user
from mock_invoice.contacts.history import note
from mock_invoice.contacts.model import Contact
from mock_invoice.database import db
from mock_invoice.documents.mail import SentMail
from mock_invoice.errors import MissingValue
from mock_invoice.fields import BodySchema, Emails, Text
from simulator import clock, ids


class LetterSchema(BodySchema):
    to_mail_ids = Emails()
    cc_mail_ids = Emails()
    subject = Text(1000)
    body = Text(20_000)


MAIL = LetterSchema()


def send_mail(contact: Contact, entity: str, given: dict[str, Any], default: dict[str, str]) -> None:
    """Puts a mail to a contact into the outbox; what the body leaves out comes from `default`.

    Raises:
        MissingValue: nobody to send it to, no subject or no text.
    """
    body = MAIL.load(given)
    to = body.get("to_mail_ids") or ([contact.email] if contact.email else [])
    if not to:
        raise MissingValue("to_mail_ids")
    texts = {key: body.get(key) or default.get(key, "") for key in ("subject", "body")}
    for key, text in texts.items():
        if not text:
            raise MissingValue(key)
    mail = SentMail(
        id=ids.new_id(),
        organization_id=contact.organization_id,
        entity=entity,
        entity_id=contact.id,
        customer_id=contact.id,
        from_address=current_user().email,
        to=to,
        cc=body.get("cc_mail_ids") or [],
        sent_time=clock.now(),
        **texts,
    )
    db.session.add(mail)
    note(contact, f"{entity.title()} emailed to {', '.join(to)}", "emailed")


def statement_mail(contact: Contact, shown: dict[str, Any]) -> dict[str, str]:
    """Subject and text of a statement's mail where the sender gives none."""
    sender = current_organization().name
    days = f"{shown['start_date']} to {shown['end_date']}"
    return {
        "subject": f"Account Statement from {days}",
        "body": f"Dear {contact.contact_name},<br><br>please find attached your statement of account from {days}."
        f"<br><br>Regards,<br>{sender}",
    }


def statement_content(contact: Contact, shown: dict[str, Any]) -> dict[str, Any]:
    """What the screen for writing the statement's mail starts from (§13)."""
    user = current_user()
    sender = {"user_name": user.name, "selected": True, "email": user.email, "is_org_email_id": False}
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
        for person in contact.persons
        if person.email
    ]
    return {
        **statement_mail(contact, shown),
        "to_contacts": people,
        "from_emails": [sender],
        "file_name": f"statement_{contact.contact_name}.pdf",
        "emailtemplates": [],
        "error_list": [],
        "contact_id": str(contact.id),
        "is_org_email_id": False,
    }
