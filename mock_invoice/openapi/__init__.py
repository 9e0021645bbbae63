"""What Invoice's routes say of themselves in its OpenAPI document."""

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.routing import Rule

from mock_invoice.openapi import (
    common_shapes,
    contact_shapes,
    document_shapes,
    payment_shapes,
    recurring_shapes,
    settings_shapes,
)
from mock_invoice.openapi.bodies import words_of
from mock_invoice.openapi.parameters import ORGANIZATION_HEADER, ORGANIZATION_ID
from simulator.openapi import Book, Parameter, doc_of
from simulator.shapes import ID, Shape

VERSIONS = ("v3",)
#: The one address of three that the document shows (invoice-api.md §1.1).
PREFIX = "/invoice/v3"

_INTRO = (
    "A local stand-in for the API of Zoho Invoice. A token comes from POST /oauth/v2/token and goes out as "
    "`Authorization: Zoho-oauthtoken <token>`; the older `authtoken=` in the query or the form works too. "
    "The same calls answer under `/api/v3` and `/books/v3`, and with a slash at the end. "
    "`code` is 0 in every success. An unset value is an empty text, never null; ids are strings of digits. "
    "A body is JSON, with or without its content type, or JSON as a text: as `JSONString` of a form, of a form with "
    "files (`multipart/form-data`), or of the query. Ids and numbers in it may be texts, null is an unset value, and "
    "keys that are not known are ignored."
)
_IDS = (
    *("contact_id", "person_id", "address_id", "item_id", "estimate_id", "salesorder_id", "invoice_id"),
    *("creditnote_id", "payment_id", "refund_id", "comment_id", "file_id", "template_id", "application_id"),
    *("invoice_payment_id", "record_id", "user_id", "currency_id", "rate_id", "tax_id", "group_id", "exemption_id"),
    *("authority_id", "term_id", "unit_id", "field_id", "reminder_id", "mail_id", "organization_id"),
    *("recurring_invoice_id", "sub_status_id"),
)
#: Routes of several kinds call the id by one name; the document by that of the kind.
_COMMON_ID = re.compile(r"^/(\w+)/<(?:document_id|source_id)>")
_IRREGULAR = {"customerpayments": "payment"}


def book_of(version: str) -> Book:
    """The document's common part."""
    return Book(
        title="Zoho Invoice, simulated",
        intro=_INTRO,
        version=version,
        path_of=_path_of,
        values={**dict.fromkeys(_IDS, ID), "code": {"type": "string", "minLength": 1, "examples": ["cs_packed"]}},
        components=_components(),
        needs_of=_needs_of,
        refusals=_refusals,
        security={"type": "apiKey", "in": "header", "name": "Authorization"},
        is_open=_is_open,
        area_of=lambda blueprint: AREAS.get(blueprint, blueprint.replace("_", " ").capitalize()),
        versions=VERSIONS,
        takes_of=_takes_of,
        words_of=words_of,
    )


def _components() -> dict[str, Shape]:
    parts = (common_shapes, contact_shapes, document_shapes, payment_shapes, recurring_shapes, settings_shapes)
    return {name: shape for part in parts for name, shape in part.shapes().items()}


def _path_of(rule: Rule) -> str | None:
    """Everything but the two other addresses of the same calls, and our own control routes."""
    if rule.rule.startswith(("/_sim/", "/api/v3/", "/books/v3/")):
        return None
    if not rule.rule.startswith(f"{PREFIX}/"):
        return rule.rule
    return PREFIX + _COMMON_ID.sub(_own_id, rule.rule.removeprefix(PREFIX))


def _own_id(found: re.Match[str]) -> str:
    module = found[1]
    return f"/{module}/<{_IRREGULAR.get(module, module.removesuffix('s'))}_id>"


def shortened(path: str) -> str:
    """An address as the table in the README shows it."""
    return path.removeprefix(PREFIX)


def _is_open(view: Any) -> bool:
    return not hasattr(view, "need")


def _needs_of(view: Any) -> str:
    if _is_open(view):
        return ""
    return f"Scope: ZohoInvoice.{view.need.scope}.{' Administrators only.' if view.need.is_admin_only else ''}"


def _takes_of(view: Any) -> Sequence[Parameter]:
    return () if _is_open(view) else (ORGANIZATION_ID, ORGANIZATION_HEADER)


def _refusals(view: Any) -> Mapping[int, str]:
    """What every call may be refused with; those that need no token say it themselves."""
    if _is_open(view):
        return {}
    doc = doc_of(view)
    names_records = any(one.name.endswith(("_id", "_ids")) for one in doc.takes)
    is_about_one = bool(inspect.signature(view).parameters) or names_records or doc.body is not None
    return dict.fromkeys(
        (
            *(400, 401, 406, 429),
            *((403,) if view.need.is_admin_only else ()),
            *((404,) if is_about_one else ()),
            *((413,) if doc.body is not None else ()),
        ),
        "Error",
    )


#: The heading each blueprint stands under.
AREAS: Mapping[str, str] = {
    "accounts": "Tokens",
    "authtokens": "Tokens",
    "contact_actions": "Contacts",
    "contact_persons": "Contact persons and addresses",
    "creditnotes": "Credit notes",
    "currencies": "Currencies",
    "custom_fields": "Custom fields",
    "customerpayments": "Payments",
    "exchange_rates": "Currencies",
    "exemptions": "Taxes",
    "integrations": "Zoho CRM",
    "invoice_settling": "Invoices",
    "item_pictures": "Items",
    "mail": "Sent mails",
    "payment_terms": "Preferences",
    "preferences": "Preferences",
    "preview": "Invoices",
    "recurringinvoices": "Recurring invoices",
    "refunds": "Refunds",
    "reminders": "Reminders",
    "salesorders": "Sales orders",
    "sub_statuses": "Sales orders",
    "tax_groups": "Taxes",
    "units": "Items",
}

#: What of the vendor's API is not here, by area; it is refused as an unknown address, or said where it is made.
NOT_EMULATED: Mapping[str, str] = {
    "Contacts": "opening balances, cards and bank accounts, the contact's own portal",
    "Credit notes": "approvals",
    "Currencies": "rates from a feed",
    "Custom fields": "lookups, formulas and other types than those listed, their dependencies",
    "Estimates": "approvals, sub-statuses, acceptance by the customer in a portal",
    "Expenses": "expenses, their categories, receipts and mileage, recurring expenses",
    "Invoices": "approvals, late fees, payment links, bulk export, e-invoicing",
    "Items": "stock, composite items, purchase accounts",
    "Organizations": "branches, tags for reporting, the editor of templates",
    "Payments": "payment gateways, cards, refunds through them, bank accounts, withheld tax",
    "Preferences": "what depends on most of them; only numbering is followed",
    "Price books": "price lists",
    "Projects": "projects, tasks, their users, time entries, billing of time",
    "Recurring invoices": "their custom fields, and that what they make is mailed or paid by itself",
    "Reminders": "that any is sent by itself",
    "Reports": "the vendor's reports; the two that are here are ours",
    "Retainer invoices": "retainer invoices and what is paid by them",
    "Sales orders": "approvals, packages and shipments, purchase orders",
    "Taxes": "taxes by place, reverse charge, returns, automatic rates",
    "Tokens": "the registration of clients, the device flow, data centres other than one",
    "Users": "invitations by mail, roles of one's own",
    "Vendors and purchases": "bills, purchase orders, vendor payments and credits; vendors are contacts only",
    "Zoho CRM": "the vendor's own settings of the integration, which have no API",
}
