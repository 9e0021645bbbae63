"""What a document has to come to, worked out by hand's rules and not by the server's (invoice-api.md §5.6)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line as it is written on paper; `off` is an amount or a percentage such as `10%`."""

    rate: str
    quantity: str = "1"
    off: str = "0"
    tax: str = "0"

    @property
    def gross(self) -> Decimal:
        return cents(Decimal(self.rate) * Decimal(self.quantity))

    @property
    def net(self) -> Decimal:
        if self.off.endswith("%"):
            return self.gross - cents(Decimal(self.rate) * Decimal(self.quantity) * Decimal(self.off[:-1]) / 100)
        return self.gross - Decimal(self.off)


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def number(value: Any) -> Decimal:
    """A number of an answer, whatever the client made of it."""
    return Decimal(str(value))


def bill(*lines: Line, percent_off: str = "0", shipping: str = "0", adjustment: str = "0") -> dict[str, Decimal]:
    """The sums of a document whose discount counts before tax; each tax is rounded once."""
    sub_total = sum((line.net for line in lines), Decimal(0))
    off = cents(sub_total * Decimal(percent_off) / 100)
    tax_total = Decimal(0)
    for tax in sorted({line.tax for line in lines}):
        base = sum((line.net for line in lines if line.tax == tax), Decimal(0)) * (100 - Decimal(percent_off)) / 100
        tax_total += cents(base * Decimal(tax) / 100)
    total = sub_total - off + tax_total + Decimal(shipping) + Decimal(adjustment)
    return {"sub_total": sub_total, "tax_total": tax_total, "total": total}
