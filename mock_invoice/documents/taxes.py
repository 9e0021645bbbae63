"""The tax on a line: a copy of what it was when the line was written, so that later changes leave documents alone."""

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
    line.tax_parts = [
        {
            "tax_id": str(one.id),
            "tax_name": one.tax_name,
            "tax_percentage": str(one.tax_percentage),
            "is_compound": one.tax_type == COMPOUND,
        }
        for one in members_of(tax)
    ]


def members_of(tax: Tax | None) -> list[Tax]:
    """The taxes of a group; none of a single tax."""
    return list(getattr(tax, "members", ()))


def rate_on(line: Line) -> TaxRate | None:
    """The line's tax as the calculation takes it."""
    if not line.tax_id:
        return None
    members = tuple(
        TaxRate(int(one["tax_id"]), one["tax_name"], Decimal(one["tax_percentage"]), one["is_compound"])
        for one in line.tax_parts
    )
    return TaxRate(line.tax_id, line.tax_name, line.tax_percentage, members=members)


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
