"""The same thing in the other product: a CRM account and its Invoice contact, a potential and its documents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from web import session
from web.errors import NoEntry, Refused, ServiceUnreachable
from web.i18n import _


@dataclass(frozen=True)
class Twin:
    """A record's counterpart."""

    product: str
    label: str
    href: str


Finder = Callable[[str], Twin | None]


def of_account(record_id: str) -> Twin | None:
    return _invoice_contact(zcrm_account_id=record_id)


def of_crm_contact(record_id: str) -> Twin | None:
    return _invoice_contact(zcrm_contact_id=record_id)


def _invoice_contact(**query: str) -> Twin | None:
    try:
        found = session.invoice().get("/invoice/v3/contacts", **query, per_page=1)["contacts"]
    except (NoEntry, Refused, ServiceUnreachable):
        return None  # a courtesy of the page, never the reason it fails
    if not found:
        return None
    one = found[0]
    href = url_for("invoice.contacts_record", record_id=one["contact_id"])
    return Twin(_("Zoho Invoice contact"), one["contact_name"], href)


def of_invoice_contact(contact: dict[str, Any]) -> Twin | None:
    """The CRM record a contact came from; Invoice keeps its id on the contact."""
    if not session.person().may_enter("crm"):
        return None
    for name, endpoint, product in (
        ("zcrm_account_id", "crm.accounts_record", _("Zoho CRM account")),
        ("zcrm_contact_id", "crm.contacts_record", _("Zoho CRM contact")),
    ):
        if contact.get(name):
            return Twin(product, contact["contact_name"], url_for(endpoint, record_id=contact[name]))
    return None


def of_document(document: dict[str, Any]) -> Twin | None:
    """The potential a document is linked to."""
    potential = document.get("zcrm_potential_id")
    if not potential or not session.person().may_enter("crm"):
        return None
    label = document.get("zcrm_potential_name") or _("Open the potential")
    return Twin(_("Zoho CRM potential"), label, url_for("crm.potentials_record", record_id=potential))
