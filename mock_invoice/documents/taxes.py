"""The tax on a line: a copy of what it was when the line was written, so that later changes leave documents alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from mock_invoice.documents.model import Line
from mock_invoice.documents.totals import TaxRate, shares_of, taxes_of
from mock_invoice.settings.tax_model import Tax, shown_tax_name
from simulator.money import round_to

COMPOUND = "compound_tax"


def take_tax(line: Line, tax: Tax | None) -> None:
    """Writes a tax, or a group with its members, onto a line."""
    line.tax_id = tax.id if tax else None
    line.tax_name = tax.tax_name if tax else ""
    line.tax_percentage = tax.tax_percentage if tax else Decimal(0)
    line.tax_parts = [_facts(one) for one in members_of(tax)]


def tax_facts(tax: Tax | None) -> dict[str, Any]:
    """The same for what has no columns for it: the shipping charge."""
    return {**_facts(tax), "parts": [_facts(one) for one in members_of(tax)]} if tax else {}


def _facts(tax: Tax) -> dict[str, Any]:
    return {
        "tax_id": str(tax.id),
        "tax_name": tax.tax_name,
        "tax_percentage": str(tax.tax_percentage),
        "is_compound": tax.tax_type == COMPOUND,
    }


def members_of(tax: Tax | None) -> list[Tax]:
    """The taxes of a group; none of a single tax."""
    return list(getattr(tax, "members", ()))


def rate_on(line: Line) -> TaxRate | None:
    """The line's tax as the calculation takes it."""
    if not line.tax_id:
        return None
    members = tuple(_rate(one) for one in line.tax_parts)
    return TaxRate(line.tax_id, line.tax_name, line.tax_percentage, members=members)


def rate_from(facts: dict[str, Any]) -> TaxRate | None:
    """As `rate_on`, of what `tax_facts` kept."""
    if not facts:
        return None
    return replace(_rate(facts), is_compound=False, members=tuple(_rate(one) for one in facts["parts"]))


def _rate(facts: dict[str, Any]) -> TaxRate:
    return TaxRate(int(facts["tax_id"]), facts["tax_name"], Decimal(facts["tax_percentage"]), facts["is_compound"])


def shown_line_taxes(line: Line, places: int) -> list[dict[str, Any]]:
    """`line_item_taxes`: the line's own taxes with their amounts, as they would be by themselves."""
    rate = rate_on(line)
    if rate is None:
        return []
    if not rate.members:
        shown = shown_tax_name(line.tax_name, line.tax_percentage)
        return [{"tax_id": str(line.tax_id), "tax_name": shown, "tax_amount": line.tax_amount}]
    whole = sum(shares_of(rate).values(), Decimal(0))
    base = line.tax_amount / whole if whole else Decimal(0)
    return [
        {
            "tax_id": str(part.tax_id),
            "tax_name": shown_tax_name(part.name, part.percentage),
            "tax_amount": round_to(amount, places),
        }
        for part, amount in taxes_of(base, rate, is_inclusive=False).items()
    ]
