"""The two shapes of line items: that of version 2, and that of all later ones (crm-api.md §4.3, §9)."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from mock_crm import versions
from mock_crm.metadata.catalog import Field
from mock_crm.records.values import TAX_SCALE, Unfit, taken

OLD_NAME = "Product_Details"
#: Keys of a line in version 2 by what they became. The model of the old client names them (crm-api.md §4.3).
OLD_KEYS = {
    "Product_Name": "product",
    "Quantity": "quantity",
    "List_Price": "list_price",
    "Description": "product_description",
    "Line_Tax": "line_tax",
    "Total": "total",
    "Total_After_Discount": "total_after_discount",
    "Net_Total": "net_total",
}
_NEW_KEYS = {old: new for new, old in OLD_KEYS.items()}
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*%")
PERCENT = "Discount_Percent"


def is_old() -> bool:
    return versions.current() < versions.V2_1


def wire_name(known: Field) -> str:
    """What a field is called in this version."""
    return OLD_NAME if known.has_line_items and is_old() else known.api_name


def renamed(item: dict[str, Any]) -> dict[str, Any]:
    """A line as it came in, under the names of the later versions."""
    return {_NEW_KEYS.get(key, key): value for key, value in item.items()} if is_old() else item


def discount(field: Field, given: Any) -> dict[str, Any]:
    """A discount as an amount or as `"5%"`; the old model has both as text. A percentage stays one (from memory)."""
    if isinstance(given, str) and given.strip():
        if found := _PERCENT.fullmatch(given.strip()):
            percentage = Decimal(found.group(1))
            if percentage > 100:
                raise Unfit(expected_data_type="double")
            return {"Discount": None, PERCENT: int(percentage * TAX_SCALE)}
        try:
            given = Decimal(given.strip())
        except InvalidOperation:
            raise Unfit(expected_data_type="double") from None
        if not given.is_finite():
            raise Unfit(expected_data_type="double")
    return {"Discount": taken(field, given), PERCENT: None}


def old_line(line: dict[str, Any], product: dict[str, Any] | None) -> dict[str, Any]:
    """A line in the words of version 2; `product` says what the product costs now and how many there are."""
    product = product or {}
    shown = {OLD_KEYS.get(key, key): value for key, value in line.items()}
    return {
        "product": shown.get("product"),
        "quantity": shown["quantity"],
        "Discount": shown["Discount"],
        "total_after_discount": shown["total_after_discount"],
        "net_total": shown["net_total"],
        "book": None,
        "Tax": shown["Tax"],
        "list_price": shown["list_price"],
        "unit_price": product.get("Unit_Price"),
        "quantity_in_stock": product.get("Qty_in_Stock"),
        "total": shown["total"],
        "id": shown["id"],
        "product_description": shown["product_description"],
        "line_tax": shown["line_tax"],
    }
