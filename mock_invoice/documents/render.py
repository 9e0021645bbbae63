"""Documents as the API shows them: what all kinds have in common (invoice-api.md §5.3)."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from mock_invoice import state
from mock_invoice.access import base_currency, current_organization
from mock_invoice.contacts.model import ADDRESS_KEYS, Contact
from mock_invoice.documents.attachment_model import shown_attachments
from mock_invoice.documents.model import Document, Line
from mock_invoice.documents.status import COLORS
from mock_invoice.documents.taxes import rate_from, shown_line_taxes
from mock_invoice.documents.templates import STANDARD, template_name
from mock_invoice.envelope import day_text, id_text, time_text
from mock_invoice.settings.custom_fields import as_hash
from simulator.money import round_to

SHOWN_ADDRESS = ADDRESS_KEYS[1:]
EMPTY_ADDRESS = dict.fromkeys(SHOWN_ADDRESS, "")
ZERO = Decimal(0)
#: Keys of the detail that stay at their unset values: the features behind them are not emulated.
NOT_EMULATED: dict[str, Any] = {
    "current_sub_status_id": "",
    "sub_statuses": [],
    "contact_category": "",
    "tax_rounding": "entity_level",
    "roundoff_value": 0,
    "transaction_rounding_type": "no_rounding",
    "rounding_mode": "round_half_up",
    "subscription_ids": [],
    "salesorders": [],
    "template_type": "standard",
    "page_width": "8.27in",
    "page_height": "11.69in",
    "orientation": "portrait",
    "payment_options": {"payment_gateways": []},
    "subject_content": "",
    "submitter_id": "",
    "submitted_date": "",
    "submitted_by": "",
    "approver_id": "",
    "approvers_list": [],
}


def document_detail(document: Document, status: str, custom_fields: list[dict[str, Any]]) -> dict[str, Any]:
    """The keys of the detail that all documents share."""
    organization, customer = current_organization(), document.customer
    zone = organization.time_zone
    currency = state.current().currencies[document.currency_id]
    rate, places = document.exchange_rate, base_currency().price_precision

    def in_base(amount: Decimal) -> Decimal:
        return round_to(amount * rate, places)

    return {
        **NOT_EMULATED,
        **shown_attachments(document),
        "template_id": document.template_id or STANDARD,
        "template_name": template_name(document.template_id),
        "zcrm_potential_id": document.zcrm_potential_id,
        "zcrm_potential_name": document.zcrm_potential_name,
        "crm_owner_id": document.crm_owner_id,
        "date": day_text(document.date),
        "created_date": time_text(document.created_time, zone)[:10],
        "reference_number": document.reference_number,
        "status": status,
        "color_code": COLORS[status],
        "current_sub_status": status,
        "customer_id": str(document.customer_id),
        "customer_name": customer.contact_name,
        "company_name": customer.company_name,
        "contact_persons": document.contact_person_ids,
        **_persons(document, customer),
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "currency_symbol": currency.currency_symbol,
        "currency_name_formatted": currency.formatted_name,
        "exchange_rate": rate,
        "price_precision": currency.price_precision,
        "discount": shown_discount(document.discount),
        "discount_type": document.discount_type,
        "is_discount_before_tax": document.is_discount_before_tax,
        "discount_applied_on_amount": document.discount_applied_on_amount,
        "discount_total": document.discount_total,
        "discount_percent": document.discount_percent,
        "is_inclusive_tax": document.is_inclusive_tax,
        "line_items": [shown_line(line, rate, places, document.is_inclusive_tax) for line in document.lines],
        "shipping_charge": document.shipping_charge,
        **_shipping_tax(document),
        "tax_id": id_text(document.tax_id),
        "adjustment": document.adjustment,
        "adjustment_description": document.adjustment_description,
        "sub_total": document.sub_total,
        "sub_total_inclusive_of_tax": document.sub_total_inclusive_of_tax,
        "sub_total_exclusive_of_discount": document.sub_total_exclusive_of_discount,
        "tax_total": document.tax_total,
        "total": document.total,
        "taxes": shown_taxes(document),
        "bcy_shipping_charge": in_base(document.shipping_charge),
        "bcy_shipping_charge_tax": in_base(document.shipping_tax_amount),
        "bcy_adjustment": in_base(document.adjustment),
        "bcy_sub_total": in_base(document.sub_total),
        "bcy_discount_total": in_base(document.discount_total),
        "bcy_tax_total": in_base(document.tax_total),
        "bcy_total": document.bcy_total,
        "billing_address": shown_address(document.billing_address),
        "shipping_address": shown_address(document.shipping_address),
        "customer_default_billing_address": shown_address(customer.billing_address),
        "notes": document.notes,
        "terms": document.terms,
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
        "allow_partial_payments": document.allow_partial_payments,
        "is_emailed": document.is_emailed,
        "is_viewed_by_client": document.is_viewed_by_client,
        "client_viewed_time": "",
        "salesperson_id": id_text(document.salesperson_id),
        "salesperson_name": document.salesperson_name,
        "created_time": time_text(document.created_time, zone),
        "last_modified_time": time_text(document.last_modified_time, zone),
        "created_by_id": str(document.created_by_id),
        "created_by_name": document.created_by_name,
        "last_modified_by_id": str(document.last_modified_by_id),
    }


def shown_taxes(document: Document) -> list[dict[str, Any]]:
    return [{**tax, "tax_amount": Decimal(tax["tax_amount"])} for tax in document.taxes]


def _shipping_tax(document: Document) -> dict[str, Any]:
    """The tax of the shipping charge; the keys are [MEM]."""
    tax = rate_from(document.shipping_tax)
    return {
        "shipping_charge_tax_id": str(tax.tax_id) if tax else "",
        "shipping_charge_tax_name": tax.name if tax else "",
        "shipping_charge_tax_type": ("tax_group" if tax.members else "tax") if tax else "",
        "shipping_charge_tax_percentage": tax.percentage if tax else ZERO,
        "shipping_charge_tax": document.shipping_tax_amount,
        "shipping_charge_exclusive_of_tax": document.shipping_charge,
        "shipping_charge_inclusive_of_tax": document.shipping_charge + document.shipping_tax_amount,
    }


def _persons(document: Document, customer: Contact) -> dict[str, Any]:
    chosen = set(document.contact_person_ids)
    people = [person for person in customer.persons if str(person.id) in chosen] if chosen else []
    details = [
        {
            "contact_person_id": str(person.id),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "phone": person.phone,
            "mobile": person.mobile,
            "zcrm_contact_id": person.zcrm_contact_id,
            "is_primary_contact": person.is_primary_contact,
        }
        for person in people
    ]
    associated = [
        {"contact_person_id": one["contact_person_id"], "contact_person_name": one["first_name"]} for one in details
    ]
    return {"contact_persons_details": details, "contact_persons_associated": associated}


def shown_line(line: Line, rate: Decimal, places: int, is_inclusive: bool) -> dict[str, Any]:
    return {
        "line_item_id": str(line.id),
        "item_id": id_text(line.item_id),
        "name": line.name,
        "description": line.description,
        "item_order": line.item_order,
        "sku": line.sku,
        "unit": line.unit,
        "rate": line.rate,
        "bcy_rate": round_to(line.rate * rate, places),
        "quantity": line.quantity,
        "discount": shown_discount(line.discount),
        "discount_amount": line.discount_amount,
        "discounts": [],
        "tax_id": id_text(line.tax_id),
        "tax_name": line.tax_name,
        "tax_type": ("tax_group" if line.tax_parts else "tax") if line.tax_id else "",
        "tax_percentage": line.tax_percentage,
        "line_item_taxes": shown_line_taxes(line, places),
        "item_total": line.item_total,
        "item_total_inclusive_of_tax": line.item_total if is_inclusive else line.item_total + line.tax_amount,
        "header_id": "",
        "header_name": "",
        "pricebook_id": "",
        "documents": [],
        "item_custom_fields": [],
        "pricing_scheme": "unit",
        "line_item_category": "",
        "hsn_or_sac": "",
        "account_id": "",
        "account_name": "",
    }


def shown_discount(discount: str) -> Any:
    """A percentage comes back as text with two decimals and its sign, an amount as a number (§5.6)."""
    if discount.endswith("%"):
        return f"{round_to(Decimal(discount[:-1]), 2)}%"
    return Decimal(discount) if discount else ZERO


def shown_address(address: dict[str, Any]) -> dict[str, Any]:
    """An address on a document: without its id, and with `street` beside `address` (§6.3)."""
    parts = {key: address.get(key, "") for key in SHOWN_ADDRESS}
    return {**parts, "street": parts["address"]}


@lru_cache(maxsize=4096)
def list_address(stored: str) -> orjson.Fragment:
    """A stored address as lists write it, with `zipcode` for `zip` (§6.3); customers repeat, so it is kept."""
    parts = {**EMPTY_ADDRESS, **orjson.loads(stored)}
    parts["zipcode"] = parts.pop("zip")
    return orjson.Fragment(orjson.dumps(parts))
