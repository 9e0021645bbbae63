"""Contacts as the API shows them (invoice-api.md §3.3)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, union_all

from mock_invoice.access import current_organization
from mock_invoice.contacts.model import ADDRESS_KEYS, Address, Contact, ContactPerson
from mock_invoice.contacts.rules import has_transactions
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import db
from mock_invoice.documents.mail_templates import chosen_template
from mock_invoice.documents.templates import template_name
from mock_invoice.envelope import id_text, shown_day, time_text
from mock_invoice.invoices.model import Invoice
from mock_invoice.payments.model import Payment
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import Shown, as_hash, values_of
from mock_invoice.settings.organization_model import Organization
from mock_invoice.settings.payment_terms import term_ids
from simulator.money import round_to

ZERO = Decimal(0)
#: Sums of one customer by currency: in that currency, and in the base currency.
SumsByCurrency = dict[int, tuple[Decimal, Decimal]]
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


_OWED = (
    select(Invoice.customer_id, Invoice.currency_id, func.sum(Invoice.balance), func.sum(Invoice.bcy_balance))
    .where(Invoice.customer_id.in_(bindparam("contact_ids", expanding=True)), Invoice.state == "sent")
    .group_by(Invoice.customer_id, Invoice.currency_id)
)
_UNUSED = union_all(
    select(Payment.customer_id, Payment.currency_id, Payment.unused_amount, Payment.exchange_rate).where(
        Payment.customer_id.in_(bindparam("contact_ids", expanding=True)), Payment.unused_amount > ZERO
    ),
    select(CreditNote.customer_id, CreditNote.currency_id, CreditNote.balance, CreditNote.exchange_rate).where(
        CreditNote.customer_id.in_(bindparam("contact_ids", expanding=True)),
        CreditNote.state == "open",
        CreditNote.balance > ZERO,
    ),
)


def receivables_of(contact_ids: Iterable[int]) -> dict[int, SumsByCurrency]:
    """What each customer owes. Only invoices that were sent and not voided count (§3.4, §6.4)."""
    found: dict[int, SumsByCurrency] = {}
    for customer_id, currency_id, balance, in_base in db.session.execute(_OWED, {"contact_ids": list(contact_ids)}):
        found.setdefault(customer_id, {})[currency_id] = (balance, in_base)
    return found


def credits_of(contact_ids: Iterable[int]) -> dict[int, SumsByCurrency]:
    """What each customer paid beyond his invoices, and what is left of his open credit notes."""
    places = current_organization().currency.price_precision
    found: dict[int, SumsByCurrency] = {}
    for customer_id, currency_id, amount, rate in db.session.execute(_UNUSED, {"contact_ids": list(contact_ids)}):
        before, before_base = found.setdefault(customer_id, {}).get(currency_id, (ZERO, ZERO))
        found[customer_id][currency_id] = (before + amount, before_base + round_to(amount * rate, places))
    return found


def amounts(sums: SumsByCurrency, currency_id: int) -> tuple[Decimal, Decimal]:
    """What the contact shows of sums by currency: those in its own, and all of them in the base currency."""
    return sums.get(currency_id, (ZERO, ZERO))[0], sum((in_base for _, in_base in sums.values()), ZERO)


def contact_detail(contact: Contact, *, new_with: Shown | None = None) -> dict[str, Any]:
    """The whole contact; a new one (with these custom fields) has no sums, transactions or further addresses yet."""
    is_new = new_with is not None
    organization = current_organization()
    zone = organization.time_zone
    currency = db.session.get_one(Currency, contact.currency_id)
    receivable = {} if is_new else receivables_of([contact.id]).get(contact.id, {})
    credit = {} if is_new else credits_of([contact.id]).get(contact.id, {})
    outstanding, outstanding_base = amounts(receivable, contact.currency_id)
    unused, unused_base = amounts(credit, contact.currency_id)
    custom_fields = values_of([contact.id])[contact.id] if new_with is None else new_with
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
        "has_transaction": False if is_new else has_transactions(contact.id),
        "is_crm_customer": contact.is_linked_with_crm,
        "is_linked_with_zohocrm": contact.is_linked_with_crm,
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
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
        "twitter": contact.twitter,
        "facebook": contact.facebook,
        "default_templates": _templates(contact),
        "billing_address": full_address(contact.billing_address),
        "shipping_address": full_address(contact.shipping_address),
        "addresses": [] if is_new else [address_detail(one) for one in contact.addresses],
        "contact_persons": [person_detail(one) for one in contact.persons],
        "notes": contact.notes,
        "created_time": time_text(contact.created_time, zone),
        "created_date": shown_day(contact.created_time.astimezone(ZoneInfo(zone)).date()),
        "created_by_name": contact.created_by_name,
        "last_modified_time": time_text(contact.last_modified_time, zone),
        "customer_currency_summaries": _summaries(organization, currency, receivable, credit),
    }


def _summaries(
    organization: Organization,
    own: Currency,
    receivable: SumsByCurrency,
    credit: SumsByCurrency,
) -> list[dict[str, Any]]:
    """One entry per currency of the customer's transactions, his own first."""
    others = sorted({*receivable, *credit} - {own.id})
    currencies = [own, *(db.session.get_one(Currency, currency_id) for currency_id in others)]
    return [
        {
            "currency_id": str(currency.id),
            "currency_code": currency.currency_code,
            "currency_symbol": currency.currency_symbol,
            "price_precision": currency.price_precision,
            "is_base_currency": currency.id == organization.currency_id,
            "currency_name_formatted": currency.formatted_name,
            "outstanding_receivable_amount": receivable.get(currency.id, (ZERO, ZERO))[0],
            "unused_credits_receivable_amount": credit.get(currency.id, (ZERO, ZERO))[0],
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


def address_detail(address: Address) -> dict[str, Any]:
    return {**full_address(address.parts), "address_id": str(address.id)}


def person_detail(person: ContactPerson) -> dict[str, Any]:
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
