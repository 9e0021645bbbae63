"""The fields of both products that the sync knows, kind by kind of record, and what is mapped unless one chooses.

A kind is named for its side of the CRM, but for two that are made of CRM contacts: a `contact` is a contact person of
its account's customer, a `customer` is one of his own (module Contacts; guide: Step 1).
"""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "email", "phone", "url", "number", "flag"]


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


_CUSTOMER = (
    InvoiceField("contact_name", "Display name", "text", is_required=True),
    InvoiceField("company_name", "Company name", "text"),
    InvoiceField("website", "Website", "url"),
    InvoiceField("notes", "Notes", "text"),
    *_address("billing_address", "Billing"),
    *_address("shipping_address", "Shipping"),
)

_PERSON = (
    InvoiceField("first_name", "First name", "text"),
    InvoiceField("last_name", "Last name", "text", is_required=True),
    InvoiceField("salutation", "Salutation", "text"),
    InvoiceField("email", "Email", "email"),
    InvoiceField("phone", "Phone", "phone"),
    InvoiceField("mobile", "Mobile", "phone"),
    InvoiceField("designation", "Designation", "text"),
    InvoiceField("department", "Department", "text"),
    InvoiceField("skype", "Skype", "text"),
)

#: In the module Contacts these belong to the customer's primary person.
PERSON_FIELDS = tuple(field.name for field in _PERSON)

INVOICE_FIELDS: dict[str, tuple[InvoiceField, ...]] = {
    "account": _CUSTOMER,
    "contact": _PERSON,
    "customer": (*_CUSTOMER, *(replace(field, is_required=False) for field in _PERSON)),
    "product": (
        InvoiceField("name", "Name", "text", is_required=True),
        InvoiceField("sku", "SKU", "text"),
        InvoiceField("rate", "Rate", "number", is_required=True),
        InvoiceField("description", "Description", "text"),
        InvoiceField("unit", "Unit", "text"),
        InvoiceField("is_active", "Active", "flag"),
    ),
}

_PERSON_MAPPING = (
    Pair("Salutation", "salutation"),
    Pair("First_Name", "first_name"),
    Pair("Last_Name", "last_name"),
    Pair("Email", "email"),
    Pair("Phone", "phone"),
    Pair("Mobile", "mobile"),
    Pair("Title", "designation"),
    Pair("Department", "department"),
    Pair("Skype_ID", "skype"),
)

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
    "contact": _PERSON_MAPPING,
    "customer": (
        Pair("Full_Name", "contact_name"),
        Pair("Account_Name", "company_name"),
        Pair("Description", "notes"),
        *_PERSON_MAPPING,
        *(
            Pair(f"{crm_side}_{crm}", f"{side}.{invoice}")
            for crm_side, side in (("Mailing", "billing_address"), ("Other", "shipping_address"))
            for crm, invoice in (
                ("Street", "address"),
                ("City", "city"),
                ("State", "state"),
                ("Zip", "zip"),
                ("Country", "country"),
            )
        ),
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

#: The Invoice field that names a record (requirement C3), the CRM module of a kind, and the field that names it there.
NAME_FIELD = {"account": "contact_name", "contact": "last_name", "customer": "contact_name", "product": "name"}
CRM_MODULE = {"account": "Accounts", "contact": "Contacts", "customer": "Contacts", "product": "Products"}
CRM_NAME = {"account": "Account_Name", "contact": "Full_Name", "customer": "Full_Name", "product": "Product_Name"}
#: What a new record of the CRM cannot do without.
REQUIRED_IN_CRM = {
    "account": "Account_Name",
    "contact": "Last_Name",
    "customer": "Last_Name",
    "product": "Product_Name",
}

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
