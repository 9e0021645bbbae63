"""The engine's sums against the same sums worked out independently, over thousands of documents (§5.6)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_invoice.documents.totals import LineFacts, TaxRate, Terms, total_up
from tests.invoice.conftest import Invoice
from tests.invoice.plain_totals import PlainLine, PlainTax, work_out

TAXES = (
    TaxRate(1, "VAT", Decimal(20)),
    TaxRate(2, "Sales", Decimal("8.25")),
    TaxRate(3, "None", Decimal(0)),
    TaxRate(4, "Odd", Decimal("33.333333")),
)
COMPOUND = (TaxRate(5, "Upon", Decimal("9.975"), is_compound=True), TaxRate(6, "Top", Decimal(3), is_compound=True))
GROUPS = (
    TaxRate(11, "Both", Decimal("28.25"), members=TAXES[:2]),
    TaxRate(12, "Quebec", Decimal("19.05"), members=(TAXES[1], COMPOUND[0])),
    TaxRate(13, "All", Decimal(80), members=(*TAXES, *COMPOUND)),
)
rates = st.decimals(0, 99_999, places=6) | st.decimals(0, 999, places=2) | st.integers(0, 5).map(Decimal)
quantities = st.decimals(0, 99, places=3) | st.integers(1, 9).map(Decimal)
percents = st.decimals(0, 100, places=2).map(lambda value: f"{value}%")
cuts = st.just("") | percents | st.decimals(0, 50, places=2).map(str)
taxes = st.sampled_from((None, *TAXES, *COMPOUND, *GROUPS))
lines = st.lists(st.builds(LineFacts, rates, quantities, cuts, taxes), min_size=1, max_size=5)
amounts = st.decimals(-20, 200, places=2)
flags = st.booleans()


def plain_tax(tax: TaxRate) -> PlainTax:
    return PlainTax(tax.name, Fraction(tax.percentage), tax.is_compound and tax in COMPOUND)


def alone(tax: TaxRate | None) -> tuple[PlainTax, ...]:
    """The taxes that a line's tax stands for; a compound one by itself has nothing to be compounded on."""
    if tax is None:
        return ()
    return tuple(plain_tax(one) for one in tax.members or (tax,))


@pytest.mark.requirement("X1")
@settings(max_examples=5000, deadline=None)
@given(facts=lines, cut=cuts, switches=st.tuples(flags, flags, flags, flags), extra=st.tuples(amounts, amounts),
       places=st.sampled_from((0, 2, 2, 3)), freight=taxes)  # fmt: skip
def test_the_engine_and_a_plain_calculation_agree(
    facts: list[LineFacts],
    cut: str,
    switches: tuple[bool, ...],
    extra: tuple[Decimal, Decimal],
    places: int,
    freight: TaxRate | None,
) -> None:
    by_line, before_tax, inside, tax_by_line = switches
    terms = Terms(cut, by_line, before_tax, inside, tax_by_line, *extra, places, freight)

    found = total_up(facts, terms)

    plain = work_out(
        [PlainLine(Fraction(one.rate), Fraction(one.quantity), one.discount, alone(one.tax)) for one in facts],
        cut=cut, by_line=by_line, before_tax=before_tax, inside=inside, tax_by_line=tax_by_line,
        shipping=Fraction(extra[0]), shipping_taxes=alone(freight), adjustment=Fraction(extra[1]), places=places,
    )  # fmt: skip
    assert [Fraction(one.item_total) for one in found.lines] == plain.nets
    assert [Fraction(one.discount_amount) for one in found.lines] == plain.cuts
    assert {plain_tax(one.tax): Fraction(one.amount) for one in found.taxes} == plain.taxes
    assert Fraction(found.entity_discount) == plain.off
    assert (Fraction(found.sub_total), Fraction(found.tax_total)) == (plain.sub_total, plain.tax_total)
    assert Fraction(found.total) == plain.total
    assert found.total == found.sub_total - found.entity_discount + found.tax_total + sum(extra)


def tax_of(invoice: Invoice, name: str, percentage: Any, **more: Any) -> str:
    body = {"tax_name": name, "tax_percentage": percentage, **more}
    return str(invoice.post("/settings/taxes", body)["tax"]["tax_id"])


@pytest.mark.requirement("X1")
def test_a_tax_group_with_a_compound_tax_travels_through_the_api(invoice: Invoice) -> None:
    members = [tax_of(invoice, "GST", 5), tax_of(invoice, "QST", "9.975", tax_type="compound_tax")]
    group = invoice.post("/settings/taxgroups", {"tax_group_name": "Quebec", "taxes": ",".join(members)})["tax_group"]
    customer = invoice.add_contact()["contact_id"]
    line = {"name": "Work", "rate": 1000, "quantity": 1, "tax_id": group["tax_group_id"]}

    made = invoice.post("/invoices", {"customer_id": customer, "line_items": [line]})["invoice"]

    assert [(one["tax_name"], str(one["tax_amount"])) for one in made["taxes"]] == [
        ("GST (5%)", "50"),
        ("QST (9.975%)", "104.74"),
    ]
    assert str(made["total"]) == "1154.74"
    assert made["line_items"][0]["tax_type"] == "tax_group"
    assert [str(one["tax_amount"]) for one in made["line_items"][0]["line_item_taxes"]] == ["50", "104.74"]
    invoice.put(f"/settings/taxes/{members[0]}", {"tax_percentage": 7})
    assert invoice.put(f"/invoices/{made['invoice_id']}", {"adjustment": 1})["invoice"]["total"] == Decimal("1155.74")
