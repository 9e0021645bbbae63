"""Field mapping between the two products: pure, field by field, with no look-ups (invoice-api.md §10.3).

A pair's *canonical* values are what both sides are compared in, so that formatting is never a change: text is trimmed
and composed, empty is "", numbers are exact, a missing flag is false.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Kind = Literal["text", "email", "phone", "url", "number", "flag"]
Values = dict[str, Any]


@dataclass(frozen=True)
class InvoiceField:
    """A field of Invoice that can be mapped; `name` is its path in the API's JSON."""

    name: str
    label: str
    kind: Kind
    is_required: bool = False


@dataclass(frozen=True)
class Pair:
    """One line of the mapping: a CRM field and the Invoice field it feeds."""

    crm: str
    invoice: str


def _address(part: str, label: str) -> tuple[InvoiceField, ...]:
    rows = (
        ("attention", "attention"),
        ("address", "street"),
        ("street2", "street 2"),
        ("city", "city"),
        ("state", "state"),
        ("zip", "ZIP code"),
        ("country", "country"),
    )
    texts = tuple(InvoiceField(f"{part}.{name}", f"{label} {words}", "text") for name, words in rows)
    return (
        *texts,
        InvoiceField(f"{part}.phone", f"{label} phone", "phone"),
        InvoiceField(f"{part}.fax", f"{label} fax", "text"),
    )


INVOICE_FIELDS: dict[str, tuple[InvoiceField, ...]] = {
    "account": (
        InvoiceField("contact_name", "Display name", "text", is_required=True),
        InvoiceField("company_name", "Company name", "text"),
        InvoiceField("website", "Website", "url"),
        InvoiceField("notes", "Notes", "text"),
        *_address("billing_address", "Billing"),
        *_address("shipping_address", "Shipping"),
    ),
    "contact": (
        InvoiceField("first_name", "First name", "text"),
        InvoiceField("last_name", "Last name", "text", is_required=True),
        InvoiceField("salutation", "Salutation", "text"),
        InvoiceField("email", "Email", "email"),
        InvoiceField("phone", "Phone", "phone"),
        InvoiceField("mobile", "Mobile", "phone"),
        InvoiceField("designation", "Designation", "text"),
        InvoiceField("department", "Department", "text"),
        InvoiceField("skype", "Skype", "text"),
    ),
    "product": (
        InvoiceField("name", "Name", "text", is_required=True),
        InvoiceField("sku", "SKU", "text"),
        InvoiceField("rate", "Rate", "number", is_required=True),
        InvoiceField("description", "Description", "text"),
        InvoiceField("unit", "Unit", "text"),
        InvoiceField("is_active", "Active", "flag"),
    ),
}

DEFAULT_MAPPING: dict[str, tuple[Pair, ...]] = {
    "account": (
        Pair("Account_Name", "contact_name"),
        Pair("Website", "website"),
        Pair("Description", "notes"),
        Pair("Phone", "billing_address.phone"),
        Pair("Fax", "billing_address.fax"),
        *(
            Pair(f"{side}_{crm}", f"{side.lower()}_address.{invoice}")
            for side in ("Billing", "Shipping")
            for crm, invoice in (
                ("Street", "address"),
                ("City", "city"),
                ("State", "state"),
                ("Code", "zip"),
                ("Country", "country"),
            )
        ),
    ),
    "contact": (
        Pair("Salutation", "salutation"),
        Pair("First_Name", "first_name"),
        Pair("Last_Name", "last_name"),
        Pair("Email", "email"),
        Pair("Phone", "phone"),
        Pair("Mobile", "mobile"),
        Pair("Title", "designation"),
        Pair("Department", "department"),
        Pair("Skype_ID", "skype"),
    ),
    "product": (
        Pair("Product_Name", "name"),
        Pair("Product_Code", "sku"),
        Pair("Unit_Price", "rate"),
        Pair("Description", "description"),
        Pair("Usage_Unit", "unit"),
        Pair("Product_Active", "is_active"),
    ),
}

#: The Invoice field whose value makes two records duplicates (requirement C3), and the CRM module of an entity.
NAME_FIELD = {"account": "contact_name", "contact": "last_name", "product": "name"}
CRM_MODULE = {"account": "Accounts", "contact": "Contacts", "product": "Products"}

#: Which kinds of Invoice field a CRM data type can feed (requirement C8: an email cannot go onto a number).
FITTING: dict[str, frozenset[str]] = {
    **{
        data_type: frozenset(("text",))
        for data_type in ("text", "textarea", "picklist", "autonumber", "date", "datetime", "multiselectpicklist")
    },
    "email": frozenset(("text", "email")),
    "phone": frozenset(("text", "phone")),
    "website": frozenset(("text", "url")),
    "lookup": frozenset(("text",)),
    "ownerlookup": frozenset(("text",)),
    **{
        data_type: frozenset(("number", "text")) for data_type in ("integer", "bigint", "double", "currency", "percent")
    },
    "boolean": frozenset(("flag",)),
}


#: Which CRM data types take a value of each kind of Invoice field back unharmed.
_TEXTS = frozenset(("text", "textarea", "picklist", "phone"))
TAKES_BACK: dict[Kind, frozenset[str]] = {
    "text": _TEXTS,
    "email": frozenset(("email",)),
    "phone": frozenset(("phone",)),
    "url": frozenset(("website",)),
    "number": frozenset(("integer", "bigint", "double", "currency", "percent")),
    "flag": frozenset(("boolean",)),
}


def kind_of(entity: str, name: str) -> Kind:
    """The kind of an Invoice field; custom fields (`cf_…`) are text."""
    return next((field.kind for field in INVOICE_FIELDS[entity] if field.name == name), "text")


def canonical(value: Any, kind: Kind) -> Any:
    """A value in the space both sides are compared in.

    Raises:
        ValueError: when the value cannot be read as its kind.
    """
    if kind == "flag":
        return bool(value)
    if kind == "number":
        return _number(value)
    if isinstance(value, Mapping):  # a lookup: its name stands for it
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        value = format(value, "f")
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").strip()


def _number(value: Any) -> Decimal:
    if value is None or value == "":
        return Decimal(0)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    return number.normalize() + 0


def from_crm(entity: str, mapping: Iterable[Pair], record: Mapping[str, Any]) -> Values:
    """A CRM record as canonical values by Invoice field."""
    return {pair.invoice: canonical(record.get(pair.crm), kind_of(entity, pair.invoice)) for pair in mapping}


def from_invoice(entity: str, mapping: Iterable[Pair], record: Mapping[str, Any]) -> Values:
    """The mapped fields of an Invoice record as canonical values."""
    return {pair.invoice: canonical(_at(record, pair.invoice), kind_of(entity, pair.invoice)) for pair in mapping}


def _at(record: Mapping[str, Any], path: str) -> Any:
    if path == "is_active":
        return record.get("status") == "active"
    if path.startswith("cf_"):
        rows = record.get("custom_fields") or []
        return next((row.get("value") for row in rows if row.get("api_name") == path), None)
    value: Any = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def to_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical values as a body of the Invoice API. The active state is no field there: it has doors of its own."""
    body: dict[str, Any] = {}
    for path, value in values.items():
        if path == "is_active":
            continue
        if path.startswith("cf_"):
            body.setdefault("custom_fields", []).append({"api_name": path, "value": value})
            continue
        *parents, last = path.split(".")
        place = body
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return body


def to_crm(mapping: Iterable[Pair], values: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical values as a record of the CRM API; an empty text clears its field."""
    return {
        pair.crm: values[pair.invoice] if values[pair.invoice] != "" else None
        for pair in mapping
        if pair.invoice in values
    }


def one_way(entity: str, mapping: Iterable[Pair], crm_types: Mapping[str, str]) -> frozenset[str]:
    """The mapped Invoice fields whose values cannot travel back: the CRM's type would not take what Invoice has.

    Args:
        crm_types: the data type of each CRM field that can be written.
    """
    return frozenset(
        pair.invoice for pair in mapping if crm_types.get(pair.crm) not in TAKES_BACK[kind_of(entity, pair.invoice)]
    )


def with_suffix(entity: str, values: Values, suffix: str) -> Values:
    """The values of a clone: its name carries the link's suffix, e.g. ` (2)` (requirement C3)."""
    if not suffix:
        return values
    return {**values, NAME_FIELD[entity]: f"{values[NAME_FIELD[entity]]}{suffix}"}


def without_suffix(entity: str, values: Values, suffix: str) -> Values:
    """The values of a clone as its original has them: the suffix never travels back."""
    field = NAME_FIELD[entity]
    if not suffix or field not in values:
        return values
    return {**values, field: str(values[field]).removesuffix(suffix)}


def name_key(name: str) -> str:
    """What makes two names the same: case and surrounding space do not count (requirement C3)."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    """The fields of `after` whose value is not what `before` has."""
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def version_of(mapping: Iterable[Pair]) -> str:
    """A short print of a mapping; a link whose baseline was made by another one is compared anew."""
    return hashlib.sha256(repr([(pair.crm, pair.invoice) for pair in mapping]).encode()).hexdigest()[:16]
