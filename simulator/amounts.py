"""Exact amounts: read strictly, counted in whole millionths, rounded half up where a rule says so."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

#: Rates keep up to six decimals (invoice-api.md §5.6), so a millionth is the unit that is counted.
UNIT = Decimal("0.000001")
SCALE = 1_000_000
#: Decimal itself would also take 1_000, full-width digits and the word Infinity.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
LARGEST = Decimal("999999999999")


def amount(value: Any) -> Decimal:
    """Reads an amount from what a JSON body or a form holds: a string, an int or a Decimal.

    Raises:
        ValueError: for floats, text that is no number, infinities, more than six decimals and sums beyond
            what the column can hold.
    """
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise ValueError("not an amount")
    if isinstance(value, str) and not _NUMBER.fullmatch(value := value.strip()):
        raise ValueError("not an amount")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError("not an amount") from None
    if not number.is_finite() or number.copy_abs() > LARGEST:
        raise ValueError("not an amount")
    exact = number.quantize(UNIT, ROUND_HALF_UP)
    if exact != number:
        raise ValueError("more than six decimals")
    return exact.normalize() + 0


def round_to(value: Decimal, places: int) -> Decimal:
    """Rounds half up, as both products do (`rounding_mode: round_half_up`)."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def to_units(value: Decimal) -> int:
    """Whole millionths of an amount that has at most six decimals."""
    return int((value * SCALE).to_integral_value(ROUND_HALF_UP))


def from_units(units: int | None) -> Decimal:
    """The amount of so many millionths, e.g. of an SQL sum; nothing summed is 0."""
    return Decimal(int(units or 0)) / SCALE
