"""Line items of quotes, sales orders and invoices: what they cost, and what the document comes to (crm-api.md §4.3).

All amounts are whole units of the last decimal place, so every sum is exact; each product is rounded half up once.
From memory: the sub-total is the sum of the lines' net totals; the document's taxes are those of what its discount
leaves; an adjustment comes last.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson
from sqlalchemy import select

from mock_crm import state
from mock_crm.database import db
from mock_crm.errors import InvalidData
from mock_crm.metadata.catalog import Field
from mock_crm.records.drafts import Draft
from mock_crm.records.line_shapes import PERCENT
from mock_crm.records.model import record
from mock_crm.records.row_values import inner_fields
from mock_crm.records.values import HEADER_TAX, LARGEST_DIGITS, TAX_SCALE

USUAL_QUANTITY = 1
_LARGEST = 10**LARGEST_DIGITS
_WHOLE_PERCENT = 100 * TAX_SCALE


def settle_line_items(drafts: Sequence[Draft]) -> None:
    """Gives new lines the price of their product, then calculates all lines and totals of the drafts."""
    known = drafts[0].module.line_items if drafts else None
    if known is None:
        return
    prices = _prices_of(known, drafts)
    for draft in drafts:
        lines = draft.after.get(known.api_name, [])
        for line in lines:
            if "List_Price" not in line:
                line["List_Price"] = prices.get(line["Product_Name"], 0)
        calculate(draft.after, lines, inner_fields(known)["Quantity"].scale)
        if any(abs(amount) >= _LARGEST for amount in _amounts(draft.after, lines)):
            draft.errors.append(InvalidData({**draft.located(known.api_name), "maximum_length": LARGEST_DIGITS}))


def calculate(document: dict[str, Any], lines: Iterable[dict[str, Any]], quantity_scale: int) -> None:
    """Fills in everything that follows from prices, quantities, discounts, taxes and the adjustment."""
    sub_total = 0
    for line in lines:
        quantity = line.setdefault("Quantity", USUAL_QUANTITY * quantity_scale)
        total = _share(line["List_Price"] * quantity, quantity_scale)
        discount = _share(total * line[PERCENT], _WHOLE_PERCENT) if PERCENT in line else line.get("Discount", 0)
        after_discount = total - discount
        tax = sum(tax_amount(one, after_discount) for one in line.get("Line_Tax", ()))
        line.update(
            Total=total,
            Discount=discount,
            Total_After_Discount=after_discount,
            Tax=tax,
            Net_Total=after_discount + tax,
        )
        sub_total += line["Net_Total"]
    taxed = sub_total - document.get("Discount", 0)
    taxes = sum(tax_amount(one, taxed) for one in document.get(HEADER_TAX, ()))
    document["Sub_Total"] = sub_total
    document["Tax"] = taxes
    document["Grand_Total"] = taxed + taxes + document.get("Adjustment", 0)


def tax_amount(tax: dict[str, Any], amount: int) -> int:
    return _share(amount * int(tax["percentage"]), _WHOLE_PERCENT)


def _share(amount: int, parts: int) -> int:
    return int((Decimal(amount) / parts).to_integral_value(ROUND_HALF_UP))


def _amounts(document: dict[str, Any], lines: Iterable[dict[str, Any]]) -> Iterable[int]:
    yield from (document["Sub_Total"], document["Tax"], document["Grand_Total"])
    for line in lines:
        yield from (line["Total"], line["Total_After_Discount"], line["Tax"], line["Net_Total"])


def _prices_of(known: Field, drafts: Iterable[Draft]) -> dict[int, int]:
    """Unit prices of the products of lines that have no price yet, in units of the lines' price."""
    lines = [line for draft in drafts for line in draft.after.get(known.api_name, ())]
    wanted = {line["Product_Name"] for line in lines if "List_Price" not in line}
    if not wanted:
        return {}
    prices = {number: values.get("Unit_Price", 0) for number, values in values_of(wanted).items()}
    theirs = state.catalog().modules["Products"].fields["Unit_Price"].scale
    ours = inner_fields(known)["List_Price"].scale
    return {number: _share(price * ours, theirs) for number, price in prices.items()}


def values_of(numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The kept values of records by id."""
    statement = select(record.c.id, record.c["values"]).where(record.c.id.in_(list(numbers)))
    return {row[0]: orjson.loads(row[1]) for row in db.session.execute(statement)}
