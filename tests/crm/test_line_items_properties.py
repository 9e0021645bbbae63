"""The totals of quotes, orders and invoices against a plain calculation with fractions (crm-api.md §4.3)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_crm.records.line_items import calculate

QUANTITY_SCALE = 10_000
cents = st.integers(-(10**12), 10**12)
percentages = st.integers(0, 100_000)  # in thousandths
taxes = st.lists(st.builds(lambda p: {"name": "Vat", "percentage": p}, percentages), max_size=3)
lines = st.lists(
    st.builds(
        lambda quantity, price, discount, percent, tax: {
            "Quantity": quantity,
            "List_Price": price,
            **({"Discount": discount} if percent is None else {"Discount_Percent": percent}),
            "Line_Tax": tax,
        },
        st.integers(-(10**9), 10**9),
        cents,
        cents,
        st.none() | percentages,
        taxes,
    ),
    max_size=5,
)
headers = st.builds(
    lambda discount, adjustment, tax: {"Discount": discount, "Adjustment": adjustment, "$line_tax": tax},
    cents,
    cents,
    taxes,
)


def rounded(number: Fraction) -> Fraction:
    """To whole cents, halves away from zero, by way of a text that is long enough to be exact."""
    cents_of = number * 100
    whole, rest = divmod(abs(cents_of.numerator), cents_of.denominator)
    up = 2 * rest >= cents_of.denominator
    return Fraction((whole + up) * (1 if cents_of >= 0 else -1), 100)


def plainly(document: dict[str, Any], rows: list[dict[str, Any]]) -> Fraction:
    sub_total = Fraction(0)
    for row in rows:
        total = rounded(Fraction(row["Quantity"], QUANTITY_SCALE) * Fraction(row["List_Price"], 100))
        if "Discount_Percent" in row:
            discount = rounded(total * Fraction(row["Discount_Percent"], 100_000))
        else:
            discount = Fraction(row["Discount"], 100)
        left = total - discount
        sub_total += left + sum(rounded(left * Fraction(tax["percentage"], 100_000)) for tax in row["Line_Tax"])
    left = sub_total - Fraction(document["Discount"], 100)
    own = sum(rounded(left * Fraction(tax["percentage"], 100_000)) for tax in document["$line_tax"])
    return left + own + Fraction(document["Adjustment"], 100)


@given(document=headers, rows=lines)
def test_totals_are_those_of_a_plain_calculation(document: dict[str, Any], rows: list[dict[str, Any]]):
    expected = plainly(document, rows)

    calculate(document, rows, QUANTITY_SCALE)

    assert Fraction(document["Grand_Total"], 100) == expected
    assert document["Sub_Total"] == sum(row["Net_Total"] for row in rows)
    for row in rows:
        assert row["Total_After_Discount"] == row["Total"] - row["Discount"]
        assert row["Net_Total"] == row["Total_After_Discount"] + row["Tax"]


@given(document=headers, rows=lines)
def test_calculating_again_changes_nothing(document: dict[str, Any], rows: list[dict[str, Any]]):
    calculate(document, rows, QUANTITY_SCALE)
    once = (dict(document), [dict(row) for row in rows])

    calculate(document, rows, QUANTITY_SCALE)

    assert (document, rows) == once


def test_a_half_cent_goes_up():
    row = {"Quantity": 5_000, "List_Price": 1, "Line_Tax": []}

    calculate({}, [row], QUANTITY_SCALE)

    assert row["Total"] == 1 == int((Decimal("0.5")).quantize(Decimal(1), ROUND_HALF_UP))
