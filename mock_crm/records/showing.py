"""How one value goes out, by the type of its field (crm-api.md §3.3)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mock_crm.metadata.catalog import SCALED_TYPES, Field, Module
from mock_crm.organization.people import People
from mock_crm.records.values import TAX_SCALE, shown_amount, shown_moment

Show = Callable[[Any], Any]

#: Types whose kept form is not what clients see; all others go out as they are kept.
SHOWN_APART = SCALED_TYPES | {
    "lookup",
    "ownerlookup",
    "userlookup",
    "boolean",
    "multiselectpicklist",
    "bigint",
    "datetime",
    "layout",
    "line_tax",
}
LONGEST_RICH_TEXT = 500


def shower(field: Field, people: People, module: Module) -> Show:
    """What turns a kept form into its form on the wire; lookups are named elsewhere, many at a time."""
    kind = field.data_type
    if kind in SCALED_TYPES:
        places = field.decimal_place
        return lambda value: None if value is None else shown_amount(value, places)
    if kind == "boolean":
        return bool
    if kind == "multiselectpicklist":
        return lambda value: value or []
    if kind == "bigint":
        return lambda value: None if value is None else str(value)
    if kind == "datetime":
        zone = people.company.zone
        return lambda value: None if value is None else shown_moment(value, zone)
    if kind == "layout":
        return _layout_shower(module)
    if kind == "line_tax":
        return lambda value: [shown_tax(tax) for tax in value or ()]
    referred = {user.id: user.referred for user in people.users.values()}
    return lambda value: referred.get(value)


def _layout_shower(module: Module) -> Show:
    """The layout a record was given, else the module's first."""
    shown = {layout.id: {"name": layout.name, "id": str(layout.id)} for layout in module.layouts}
    first = next(iter(shown.values()), None)
    return lambda value: shown.get(value, first)


def shown_tax(tax: dict[str, Any], amount: Any = None) -> dict[str, Any]:
    shown = {"percentage": Decimal(tax["percentage"]) / TAX_SCALE, "name": tax["name"]}
    return shown if amount is None else {**shown, "value": amount}


def is_cut(field: Field) -> bool:
    """Formatted text is cut to 500 signs in lists (crm-api.md §4.2)."""
    textarea: dict[str, Any] = field.extra.get("textarea") or {}
    return field.data_type == "textarea" and textarea.get("type") == "rich_text"
