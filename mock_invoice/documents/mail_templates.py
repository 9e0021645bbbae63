"""The texts that mails start from. Placeholders are written as the vendor's screens write them: %CustomerName%."""

from dataclasses import dataclass
from html import escape
from typing import Any

from mock_invoice.access import current_organization
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.model import Document
from mock_invoice.errors import InvalidValue
from simulator.wire import plain


@dataclass(frozen=True)
class MailTemplate:
    """A subject and a body with placeholders."""

    template_id: str
    name: str
    subject: str
    body: str


DEFAULT = MailTemplate(
    "410000000000000201",
    "Default",
    "%Label% %Number% from %CompanyName%",
    "Dear %CustomerName%,<br><br>please find attached %label% %Number% of %Date% over %Total%.<br><br>"
    "Regards,<br>%CompanyName%",
)
SHORT = MailTemplate(
    "410000000000000203",
    "Short",
    "%Label% %Number%",
    "%Label% %Number%, %Total%. Thank you.<br>%CompanyName%",
)
REMINDER = MailTemplate(
    "410000000000000205",
    "Payment reminder",
    "Payment of %Balance% is outstanding for %Number%",
    "Dear %CustomerName%,<br><br>%label% %Number% of %Date% over %Total% was due on %DueDate%. %Balance% of it is "
    "still open.<br><br>Regards,<br>%CompanyName%",
)
TEMPLATES = {one.template_id: one for one in (DEFAULT, SHORT)}


def chosen_template(template_id: str) -> MailTemplate:
    """The template of this id; the default one where none is named.

    Raises:
        InvalidValue: there is none.
    """
    if not template_id:
        return DEFAULT
    if template_id not in TEMPLATES:
        raise InvalidValue("email_template_id")
    return TEMPLATES[template_id]


def fill(template: MailTemplate, kind: DocumentKind, document: Document, detail: dict[str, Any]) -> dict[str, str]:
    """Subject and body of a mail about a document."""

    def money(key: str) -> str:
        return f"{detail['currency_symbol']}{plain(detail[key])}" if key in detail else ""

    values = {
        "%Label%": kind.label,
        "%label%": kind.label.lower(),
        "%Number%": document.number,
        "%Date%": str(detail["date"]),
        "%DueDate%": str(detail.get("due_date", "")),
        "%Total%": money("total"),
        "%Balance%": money("balance"),
        "%CustomerName%": document.customer.contact_name,
        "%CompanyName%": current_organization().name,
    }
    subject, body = template.subject, template.body
    for placeholder, value in values.items():
        subject, body = subject.replace(placeholder, value), body.replace(placeholder, escape(value))
    return {"subject": subject, "body": body}


def shown_templates(chosen: MailTemplate = DEFAULT) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "email_template_id": one.template_id, "selected": one.template_id == chosen.template_id}
        for one in TEMPLATES.values()
    ]
