"""Records of Invoice as the product itself has them: what undo compares, and what it makes them of again. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from connector import mapping
from connector.mapping import Values
from simulator import wire

Record = Mapping[str, Any]

#: The field by which a record of Invoice knows its CRM record; a sync writes it along with the mapped ones.
CRM_KEY = {
    "account": "zcrm_account_id",
    "contact": "zcrm_contact_id",
    "customer": "zcrm_contact_id",
    "product": "zcrm_product_id",
}
#: Whether a customer has a primary person whose facts are his: undo deletes one that a sync has made.
PRIMARY = "primary_contact_id"

#: In place of a print: somebody had edited the record before we learnt that it was made.
EDITED = "edited"

#: What a person can set of each kind of record; everything else is told by Invoice itself.
ADDRESS_KEYS = (
    "attention", "address", "street2", "city", "state", "zip", "country", "county", "fax", "phone",
)  # fmt: skip
CONTACT_KEYS = (
    "contact_name", "company_name", "contact_type", "customer_sub_type", "website", "language_code", "contact_number",
    "notes", "facebook", "twitter", "currency_id", "payment_terms", "payment_terms_label", "credit_limit",
    "gst_treatment", "gst_no", "place_of_contact", "is_taxable", "tax_id", "tax_exemption_id", "owner_id",
    "crm_owner_id", "zcrm_account_id", "zcrm_contact_id",
)  # fmt: skip
PERSON_KEYS = (
    "salutation", "first_name", "last_name", "email", "phone", "mobile", "designation", "department", "skype", "fax",
    "is_primary_contact", "zcrm_contact_id",
)  # fmt: skip
ITEM_KEYS = (
    "name", "rate", "description", "unit", "sku", "product_type", "item_type", "is_taxable", "tax_id",
    "tax_exemption_id", "hsn_or_sac", "purchase_rate", "purchase_description", "zcrm_product_id", "crm_owner_id",
)  # fmt: skip
#: Kept of a record beside the body that makes it: what has doors of its own.
BESIDE = ("status", "payment_reminder_enabled", "addresses", "contact_person_id")


def parts(entity: str, record: Record, names: Iterable[str]) -> Values:
    """Some fields of a record and its CRM key, by the names the mapping has for them."""
    key = CRM_KEY[entity]
    found = {**{name: mapping.value_at(record, name) for name in names}, key: record.get(key) or ""}
    if entity != "customer":
        return found
    persons = {name: value for name, value in mapping.person_facts(record).items() if name in found}
    return {**found, **persons, **({PRIMARY: record.get(PRIMARY) or ""} if persons else {})}


def whole(record: Record) -> dict[str, Any]:
    """A record as the body that would make it, with what is set by doors of their own."""
    if "item_id" in record:
        return {**_set(record, ITEM_KEYS), **_custom(record), "status": record["status"]}
    if "contact_person_id" in record:
        return person(record)
    return {
        **_set(record, CONTACT_KEYS),
        **_custom(record),
        "billing_address": _set(record.get("billing_address") or {}, ADDRESS_KEYS),
        "shipping_address": _set(record.get("shipping_address") or {}, ADDRESS_KEYS),
        "default_templates": _chosen(record.get("default_templates") or {}),
        "contact_persons": [person(one) for one in record.get("contact_persons") or []],
        "addresses": [_set(one, ADDRESS_KEYS) for one in record.get("addresses") or []],
        "payment_reminder_enabled": record.get("payment_reminder_enabled"),
        "status": record["status"],
    }


def person(record: Record) -> dict[str, Any]:
    """A contact person; his id is kept, so that what names him can be told who he is once he was made again."""
    in_portal = {"enable_portal": True} if record.get("is_added_in_portal") else {}
    return {**_set(record, PERSON_KEYS), **in_portal, "contact_person_id": record["contact_person_id"]}


def body_of(stood: Record) -> dict[str, Any]:
    """What makes a record again."""
    body = {name: value for name, value in stood.items() if name not in BESIDE}
    if "contact_persons" in body:
        body["contact_persons"] = [body_of(one) for one in body["contact_persons"]]
    return body


def without_persons(stood: Record) -> dict[str, Any]:
    """A contact for itself: its persons are made and undone for themselves."""
    return {name: value for name, value in stood.items() if name != "contact_persons"}


def print_of(entity: str, record: Record) -> str:
    """A short print of a record; another one means that somebody has edited it.

    The persons of an account's customer are not in it: they are made, and undone, for themselves.
    """
    stood = whole(record) if entity == "customer" else without_persons(whole(record))
    return hashlib.sha256(wire.dumps(stood)).hexdigest()


def _set(record: Record, names: Iterable[str]) -> dict[str, Any]:
    return {name: record[name] for name in names if record.get(name) not in ("", None)}


def _chosen(templates: Record) -> dict[str, Any]:
    return {key: value for key, value in templates.items() if key.endswith("_id") and value}


def _custom(record: Record) -> dict[str, Any]:
    rows = [
        {"api_name": row["api_name"], "value": row["value"]}
        for row in record.get("custom_fields") or []
        if row.get("value") not in ("", None)
    ]
    return {"custom_fields": rows} if rows else {}
