"""Contacts as the API shows them (invoice-api.md §3.3)."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import bindparam, exists, select

from mock_invoice import state
from mock_invoice.access import base_currency, current_organization
from mock_invoice.contacts.model import ADDRESS_KEYS, Address, Contact, ContactPerson
from mock_invoice.contacts.rules import THING
from mock_invoice.contacts.sums import ZERO, SumsByCurrency, amounts, credits_left, owed_rows, receivables, unused_rows
from mock_invoice.documents.mail_templates import chosen_template
from mock_invoice.documents.templates import template_name
from mock_invoice.envelope import id_text, shown_day, time_text
from mock_invoice.errors import NotFound
from mock_invoice.find import number_of
from mock_invoice.settings.custom_fields import Shown, ValueRows, as_hash, shown_values, value_rows
from mock_invoice.settings.payment_terms import term_ids
from mock_invoice.standing import any_transaction
from mock_invoice.state import CurrencyFacts
from simulator import wire
from simulator.database import connection
from simulator.packed import PackedRow, PackedRows

#: Contacts whose JSON is kept for whoever asks again, of some 4 KB each.
CONTACTS_KEPT = 256
#: Keys that stay at their unset values: the features behind them are not emulated, or are those of Zoho Books.
NOT_EMULATED: dict[str, Any] = {
    "owner_name": "",
    "opening_balance_amount": 0,
    "unused_retainer_payments": 0,
    "outstanding_payable_amount": 0,
    "outstanding_payable_amount_bcy": 0,
    "unused_credits_payable_amount": 0,
    "unused_credits_payable_amount_bcy": 0,
    "documents": [],
    "pricebook_id": "",
    "pricebook_name": "",
    "cards": [],
    "bank_accounts": [],
    "tags": [],
}


class Read(NamedTuple):
    """What is read of a contact and what is shown with it, as it stands in the database."""

    contact: PackedRow
    persons: tuple[PackedRow, ...]
    addresses: tuple[PackedRow, ...]
    values: ValueRows
    owed: tuple[Any, ...]
    unused: tuple[Any, ...]


@dataclass(frozen=True)
class Beside:
    """What is shown with a contact and does not stand in its own row."""

    persons: Sequence[Any]
    addresses: Sequence[Any] = ()
    custom_fields: Shown = field(default_factory=list)
    has_transactions: bool = False
    receivable: SumsByCurrency = field(default_factory=dict)
    credit: SumsByCurrency = field(default_factory=dict)


def _under(table: Any) -> PackedRows:
    """What belongs to a contact, the oldest first."""
    columns = table.__table__.columns
    return PackedRows(select(*columns).where(columns.contact_id == bindparam("contact_id")).order_by(columns.id))


#: What has to be known of a contact to read what is shown with it, and the contact.
_CONTACT = PackedRows(
    select(
        any_transaction(Contact.id).label("has_transactions"),
        exists().where(ContactPerson.contact_id == Contact.id).label("has_persons"),
        exists().where(Address.contact_id == Contact.id).label("has_addresses"),
        *Contact.__table__.columns,
    ).where(Contact.id == bindparam("contact_id"), Contact.organization_id == bindparam("of_organization")),
    leading=3,
)
_PERSONS = _under(ContactPerson)
_ADDRESSES = _under(Address)


def contact_detail(asked: str | int) -> orjson.Fragment:
    """The whole contact of this id, as it stands in the database.

    Raises:
        NotFound: there is none in this organization.
    """
    contact_id, organization = number_of(asked) or 0, current_organization()
    found = _CONTACT.rows(connection(), contact_id=contact_id, of_organization=organization.id)
    if not found:
        raise NotFound(THING)
    has_transactions, has_persons, has_addresses, _ = found[0]
    read = Read(
        contact=found[0],
        persons=tuple(_PERSONS.rows(connection(), contact_id=contact_id)) if has_persons else (),
        addresses=tuple(_ADDRESSES.rows(connection(), contact_id=contact_id)) if has_addresses else (),
        values=value_rows("contact", (contact_id,)),
        owed=owed_rows((contact_id,)) if has_transactions else (),
        unused=unused_rows((contact_id,)) if has_transactions else (),
    )
    return _written(read, state.current(), organization)


@lru_cache(maxsize=CONTACTS_KEPT)
def _written(read: Read, *_decisive: Hashable) -> orjson.Fragment:
    """A contact as JSON. All that decides it is its key (pages of lists do the same); no time is among it."""
    (contact,) = _CONTACT.unpacked(connection(), (read.contact,))
    beside = Beside(
        persons=_PERSONS.unpacked(connection(), read.persons),
        addresses=_ADDRESSES.unpacked(connection(), read.addresses),
        custom_fields=shown_values("contact", read.values)[contact.id],
        has_transactions=contact.has_transactions,
        receivable=receivables(read.owed).get(contact.id, {}),
        credit=credits_left(read.unused).get(contact.id, {}),
    )
    return orjson.Fragment(wire.dumps(_shown(contact, beside)))


def new_contact_detail(contact: Contact, custom_fields: Shown) -> dict[str, Any]:
    """The same of a contact that was made just now: nothing stands on it yet."""
    return _shown(contact, Beside(contact.persons, custom_fields=custom_fields))


def _shown(contact: Any, beside: Beside) -> dict[str, Any]:
    zone = current_organization().time_zone
    currency = state.current().currencies[contact.currency_id]
    outstanding, outstanding_base = amounts(beside.receivable, contact.currency_id)
    unused, unused_base = amounts(beside.credit, contact.currency_id)
    is_linked = bool(contact.zcrm_account_id or contact.zcrm_contact_id)
    return {
        **NOT_EMULATED,
        "contact_id": str(contact.id),
        "contact_name": contact.contact_name,
        "company_name": contact.company_name,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "phone": contact.phone,
        "mobile": contact.mobile,
        "designation": contact.designation,
        "department": contact.department,
        "contact_salutation": contact.salutation,
        "website": contact.website,
        "contact_type": contact.contact_type,
        "customer_sub_type": contact.customer_sub_type,
        "contact_number": contact.contact_number,
        "status": contact.status,
        "source": contact.source,
        "has_transaction": beside.has_transactions,
        "is_crm_customer": is_linked,
        "is_linked_with_zohocrm": is_linked,
        "zcrm_account_id": contact.zcrm_account_id,
        "zcrm_contact_id": contact.zcrm_contact_id,
        "crm_owner_id": contact.crm_owner_id,
        "primary_contact_id": id_text(contact.primary_contact_id),
        "owner_id": contact.owner_id,
        "language_code": contact.language_code,
        "payment_terms": contact.payment_terms,
        "payment_terms_id": term_ids().get((contact.payment_terms, contact.payment_terms_label), ""),
        "payment_terms_label": contact.payment_terms_label,
        "portal_status": contact.portal_status,
        "credit_limit": contact.credit_limit,
        "credit_limit_exceeded_amount": max(ZERO, outstanding - contact.credit_limit) if contact.credit_limit else 0,
        "gst_treatment": contact.gst_treatment,
        "gst_no": contact.gst_no,
        "place_of_contact": contact.place_of_contact,
        "is_taxable": contact.is_taxable,
        "track_1099": contact.track_1099,
        "tax_id": id_text(contact.tax_id),
        "tax_exemption_id": id_text(contact.tax_exemption_id),
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "currency_symbol": currency.currency_symbol,
        "price_precision": currency.price_precision,
        "outstanding_receivable_amount": outstanding,
        "outstanding_receivable_amount_bcy": outstanding_base,
        "unused_credits_receivable_amount": unused,
        "unused_credits_receivable_amount_bcy": unused_base,
        "payment_reminder_enabled": contact.payment_reminder_enabled,
        "custom_fields": beside.custom_fields,
        "custom_field_hash": as_hash(beside.custom_fields),
        "twitter": contact.twitter,
        "facebook": contact.facebook,
        "default_templates": _templates(contact),
        "billing_address": full_address(contact.billing_address),
        "shipping_address": full_address(contact.shipping_address),
        "addresses": [address_detail(one) for one in beside.addresses],
        "contact_persons": [person_detail(one) for one in beside.persons],
        "notes": contact.notes,
        "created_time": time_text(contact.created_time, zone),
        "created_date": shown_day(contact.created_time.astimezone(ZoneInfo(zone)).date()),
        "created_by_name": contact.created_by_name,
        "last_modified_time": time_text(contact.last_modified_time, zone),
        "customer_currency_summaries": _summaries(currency, beside),
    }


def _summaries(own: CurrencyFacts, beside: Beside) -> list[dict[str, Any]]:
    """One entry per currency of the customer's transactions, his own first."""
    others = sorted({*beside.receivable, *beside.credit} - {own.id})
    currencies = [own, *(state.current().currencies[currency_id] for currency_id in others)]
    return [
        {
            "currency_id": str(currency.id),
            "currency_code": currency.currency_code,
            "currency_symbol": currency.currency_symbol,
            "price_precision": currency.price_precision,
            "is_base_currency": currency is base_currency(),
            "currency_name_formatted": currency.formatted_name,
            "outstanding_receivable_amount": beside.receivable.get(currency.id, (ZERO, ZERO))[0],
            "unused_credits_receivable_amount": beside.credit.get(currency.id, (ZERO, ZERO))[0],
        }
        for currency in currencies
    ]


def _templates(contact: Contact) -> dict[str, str]:
    """The templates that were chosen for a contact, with their names; unset ones are empty (§3.3)."""
    shown: dict[str, str] = {}
    for document in ("invoice", "estimate", "creditnote"):
        chosen = contact.default_templates.get(f"{document}_template_id", "")
        shown[f"{document}_template_id"] = chosen
        shown[f"{document}_template_name"] = template_name(chosen) if chosen else ""
        mail = contact.default_templates.get(f"{document}_email_template_id", "")
        shown[f"{document}_email_template_id"] = mail
        shown[f"{document}_email_template_name"] = chosen_template(mail).name if mail else ""
    return shown


def full_address(address: dict[str, Any]) -> dict[str, Any]:
    return {key: address.get(key, "") for key in ADDRESS_KEYS}


def address_detail(address: Any) -> dict[str, Any]:
    return {**full_address(address.parts), "address_id": str(address.id)}


def person_detail(person: Any) -> dict[str, Any]:
    """A person inside his contact (§3.3)."""
    return {
        "contact_person_id": str(person.id),
        "contact_id": str(person.contact_id),
        "salutation": person.salutation,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "phone": person.phone,
        "mobile": person.mobile,
        "department": person.department,
        "designation": person.designation,
        "skype": person.skype,
        "fax": person.fax,
        "photo_url": "",
        "zcrm_contact_id": person.zcrm_contact_id,
        "is_primary_contact": person.is_primary_contact,
        "is_added_in_portal": person.is_added_in_portal,
        "can_invite": not person.is_added_in_portal,
        "communication_preference": {"is_email_enabled": True},
    }
