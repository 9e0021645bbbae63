"""What standard modules and fields are made of (crm-api.md §6); the modules are in `standard_people.py` and its like.

Names are the vendor's; data types and lengths are from memory for all modules but Leads. Lookups to modules that are
not emulated (Vendors, Campaigns, Price_Books) are left out, because clients read the fields of every module that a
lookup names. No module has more than 50 fields (crm-api.md §4.1), so that contacts lack the fields of enrichment.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Standard:
    """A field to be seeded."""

    api_name: str
    label: str
    data_type: str
    length: int = 0
    decimal_place: int | None = None
    column: str | None = None
    lookup_module: str | None = None
    options: tuple[str, ...] = ()
    mandatory: bool = False
    read_only: bool = False
    custom: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StandardModule:
    """A module to be seeded.

    Attributes:
        check_field: the vendor's default for finding duplicates (crm-api.md §4.6).
        sections: those of its layout; a module without any has no layout and no views.
        generated_type: `subform` for rows within another module's records.
    """

    api_name: str
    module_name: str
    singular: str
    id_ending: int
    name_field: str
    check_field: str
    fields: tuple[Standard, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    plural: str = ""
    generated_type: str = "default"


LENGTHS = {"picklist": 120, "phone": 30, "email": 100, "website": 450, "boolean": 5, "date": 20, "datetime": 20}


def plain_label(api_name: str) -> str:
    """What people read for a name: its words, without the ending of the vendor's own system fields."""
    return api_name.removesuffix("__s").replace("_", " ")


def text_field(api_name: str, length: int, label: str = "", **more: Any) -> Standard:
    return Standard(api_name, label or plain_label(api_name), "text", length, **more)


def fields_of(data_type: str, *api_names: str, length: int = 0, **more: Any) -> tuple[Standard, ...]:
    size = length or LENGTHS.get(data_type, 120)
    return tuple(Standard(name, plain_label(name), data_type, size, **more) for name in api_names)


def picklist(api_name: str, *options: str, label: str = "") -> Standard:
    return Standard(api_name, label or plain_label(api_name), "picklist", 120, options=options)


def totals(*api_names: str) -> tuple[Standard, ...]:
    """Amounts that the CRM calculates."""
    return tuple(currency(name, read_only=True) for name in api_names)


def lookup(api_name: str, module: str, label: str = "", **more: Any) -> Standard:
    shown = label or plain_label(api_name)
    return Standard(api_name, shown, "lookup", 120, lookup_module=module, **more)


def currency(api_name: str, **more: Any) -> Standard:
    return Standard(api_name, plain_label(api_name), "currency", 16, 2, **more)


def address(prefix: str, code: str = "Code") -> tuple[Standard, ...]:
    sizes = {"Street": 250, "City": 100, "State": 100, code: 30, "Country": 100}
    return tuple(text_field(f"{prefix}_{part}", size) for part, size in sizes.items())


def names_in(names: str) -> tuple[str, ...]:
    return tuple(names.split())


LEAD_SOURCES = (
    "Advertisement",
    "Cold Call",
    "Employee Referral",
    "External Referral",
    "Online Store",
    "Partner",
    "Public Relations",
    "Trade Show",
    "Web Research",
)

DESCRIPTION = Standard("Description", "Description", "textarea", 32000)
OWNED = (
    Standard("id", "Record Id", "bigint", 120, column="id", read_only=True),
    Standard("Owner", "Owner", "ownerlookup", 120, column="owner"),
)
SYSTEM = (
    Standard("Created_By", "Created By", "ownerlookup", 120, column="created_by", read_only=True),
    Standard("Modified_By", "Modified By", "ownerlookup", 120, column="modified_by", read_only=True),
    Standard("Created_Time", "Created Time", "datetime", 120, column="created_time", read_only=True),
    Standard("Modified_Time", "Modified Time", "datetime", 120, column="modified_time", read_only=True),
    # From memory: both follow the last change as long as there are no activities.
    Standard("Last_Activity_Time", "Last Activity Time", "datetime", 120, column="modified_time", read_only=True),
    Standard("Change_Log_Time__s", "Change Log Time", "datetime", 120, column="modified_time", read_only=True),
    Standard("Record_Status__s", "Record Status", "picklist", 120, options=("Available",), read_only=True),
    Standard("Locked__s", "Locked", "boolean", 5, read_only=True),
    Standard("Tag", "Tag", "text", 2000, read_only=True),
    Standard("Layout", "Layout", "layout", 120),
)
RECORD_IMAGE = Standard("Record_Image", "Image", "profileimage", 255, read_only=True)
#: What Zia adds to records; she is not emulated, so that they stay empty.
ENRICHED = (
    *fields_of("picklist", "Enrich_Status__s", read_only=True),
    *fields_of("datetime", "Last_Enriched_Time__s", read_only=True),
)
#: Fields that some modules gain once a company has several currencies (crm-api.md §5.11); which modules is from memory.
MULTI_CURRENCY = (
    Standard("Currency", "Currency", "picklist", 120),
    Standard("Exchange_Rate", "Exchange Rate", "double", 16, 9),
)
MULTI_CURRENCY_MODULES = ("Leads", "Accounts", "Deals", "Products", "Quotes", "Sales_Orders", "Invoices")

#: Stages with probability and forecast type (crm-api.md §5.4); 20 to 90 are from memory.
STAGES: tuple[tuple[str, str, int, str], ...] = (
    ("Qualification", "Qualification", 10, "Open"),
    ("Needs Analysis", "Needs Analysis", 20, "Open"),
    ("Value Proposition", "Value Proposition", 40, "Open"),
    ("Identify Decision Makers", "Id. Decision Makers", 60, "Open"),
    ("Proposal/Price Quote", "Proposal/Price Quote", 75, "Open"),
    ("Negotiation/Review", "Negotiation/Review", 90, "Open"),
    ("Closed Won", "Closed Won", 100, "Closed Won"),
    ("Closed Lost", "Closed Lost", 0, "Closed Lost"),
    ("Closed-Lost to Competition", "Closed Lost to Competition", 0, "Closed Lost"),
)
FORECAST_CATEGORIES = {"Open": "Pipeline", "Closed Won": "Closed", "Closed Lost": "Omitted"}
PIPELINE = "Standard (Standard)"
