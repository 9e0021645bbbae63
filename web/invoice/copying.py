"""What another document takes over from an invoice: its customer, its lines and what stands below them. Pure."""

from collections.abc import Mapping
from typing import Any

COPIED = (
    "customer_id", "currency_id", "reference_number", "discount", "discount_type", "shipping_charge", "adjustment",
    "adjustment_description", "notes", "terms",
)  # fmt: skip
LINE = ("item_id", "name", "description", "rate", "quantity", "unit", "discount", "tax_id")


def copied(invoice: Mapping[str, Any]) -> dict[str, Any]:
    lines = [{name: line[name] for name in LINE if line.get(name)} for line in invoice.get("line_items") or ()]
    return {**{name: invoice[name] for name in COPIED if invoice.get(name)}, "line_items": lines}
