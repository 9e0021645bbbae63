"""The calculation of a document's sums (invoice-api.md §5.6): worked examples, and what holds for any document."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_invoice.documents.totals import LineFacts, TaxRate, Terms, Totals, total_up
from tests.invoice.conftest import Invoice

VAT = TaxRate(1, "VAT", Decimal(20))
SALES = TaxRate(2, "Sales Tax", Decimal("8.25"))


def line(rate: str, quantity: str = "1", discount: str = "", tax: TaxRate | None = None) -> LineFacts:
    return LineFacts(Decimal(rate), Decimal(quantity), discount, tax)


def test_a_percentage_on_a_line_is_taken_of_the_unrounded_product() -> None:
    totals = total_up([line("2883.333333", "2", "70%", VAT)], Terms(is_item_level=True))

    (only,) = totals.lines
    assert (only.gross, only.discount_amount, only.item_total) == (
        Decimal("5766.67"),
        Decimal("4036.67"),
        Decimal("1730.00"),
    )
    assert (totals.tax_total, totals.total) == (Decimal(346), Decimal(2076))
    assert totals.discount_percent == Decimal("70.000017")


def test_a_discount_on_the_document_comes_off_before_tax() -> None:
    totals = total_up([line("25000", tax=VAT)], Terms(discount="15%"))

    assert totals.sub_total == 25_000
    assert (totals.discount_total, totals.discount_percent) == (3750, 15)
    assert totals.discount_applied_on_amount == 25_000
    assert (totals.tax_total, totals.total) == (4250, 25_500)
    assert [one.shown_name for one in totals.taxes] == ["VAT (20%)"]


def test_a_discount_after_tax_is_taken_of_sum_and_tax() -> None:
    totals = total_up([line("100", tax=VAT)], Terms(discount="10%", is_discount_before_tax=False))

    assert (totals.tax_total, totals.discount_total, totals.total) == (20, 12, 108)


def test_inclusive_rates_contain_the_tax() -> None:
    totals = total_up([line("120", tax=VAT)], Terms(is_inclusive_tax=True))

    assert (totals.sub_total, totals.sub_total_inclusive_of_tax) == (100, 120)
    assert (totals.tax_total, totals.total) == (20, 120)


def test_tax_is_rounded_once_for_all_lines_or_on_each_line() -> None:
    lines = [line("0.10", tax=SALES)] * 5

    once = total_up(lines, Terms())
    each = total_up(lines, Terms(is_tax_rounded_by_item=True))

    assert (once.tax_total, each.tax_total) == (Decimal("0.04"), Decimal("0.05"))


def test_shipping_and_adjustment_are_added_and_never_taxed() -> None:
    terms = Terms(shipping_charge=Decimal(10), adjustment=Decimal("-0.50"))

    assert total_up([line("100", tax=VAT)], terms).total == Decimal("129.50")


def test_halves_are_rounded_up() -> None:
    assert total_up([line("0.125"), line("0.135")], Terms()).total == Decimal("0.27")


@pytest.mark.parametrize(("precision", "total"), [(0, "10"), (2, "9.95"), (3, "9.948")])
def test_sums_are_rounded_to_the_currencys_precision(precision: int, total: str) -> None:
    assert total_up([line("3.316", "3")], Terms(precision=precision)).total == Decimal(total)


# what holds for any document

amounts = st.decimals(0, 100_000, places=4)
percents = st.decimals(0, 100, places=2).map(lambda number: f"{number}%")
discounts = st.one_of(st.just(""), percents)
taxes = st.sampled_from([None, VAT, SALES, TaxRate(3, "Odd", Decimal("17.375"))])
lines = st.lists(
    st.builds(LineFacts, amounts, st.decimals(0, 1000, places=3), discounts, taxes), min_size=1, max_size=12
)
terms = st.builds(
    Terms,
    discount=discounts,
    is_item_level=st.booleans(),
    is_discount_before_tax=st.booleans(),
    is_inclusive_tax=st.booleans(),
    is_tax_rounded_by_item=st.booleans(),
    shipping_charge=st.decimals(0, 1000, places=2),
    adjustment=st.decimals(-1000, 1000, places=2),
    precision=st.just(2),
)


def sums_up(totals: Totals, of: Terms) -> bool:
    by_parts = totals.sub_total - totals.entity_discount + totals.tax_total + of.shipping_charge + of.adjustment
    return totals.total == by_parts


@settings(max_examples=300, deadline=None)
@given(lines, terms)
def test_the_total_is_the_sum_of_its_parts_to_the_last_digit(facts: list[LineFacts], of: Terms) -> None:
    totals = total_up(facts, of)

    assert sums_up(totals, of)
    shown = (totals.total, totals.sub_total, totals.tax_total, totals.discount_total)
    assert all(amount == round(amount, 2) for amount in shown)
    assert sum((one.item_total for one in totals.lines), Decimal(0)) == (
        totals.sub_total_inclusive_of_tax if of.is_inclusive_tax else totals.sub_total
    )


@settings(max_examples=200, deadline=None)
@given(lines, terms)
def test_a_discount_never_exceeds_what_it_is_taken_from(facts: list[LineFacts], of: Terms) -> None:
    totals = total_up(facts, of)

    assert all(0 <= one.discount_amount <= one.gross for one in totals.lines)
    assert totals.entity_discount >= 0
    assert totals.entity_discount <= totals.discount_applied_on_amount or totals.entity_discount == 0
    assert totals.tax_total >= 0


@settings(max_examples=200, deadline=None)
@given(lines, terms)
def test_the_order_of_the_lines_does_not_matter(facts: list[LineFacts], of: Terms) -> None:
    assert total_up(facts, of).total == total_up(list(reversed(facts)), of).total


@settings(max_examples=200, deadline=None)
@given(lines)
def test_without_discount_and_tax_each_line_is_its_rounded_product(facts: list[LineFacts]) -> None:
    plain = [LineFacts(one.rate, one.quantity) for one in facts]

    totals = total_up(plain, Terms())

    exact = sum((one.rate * one.quantity for one in plain), Decimal(0))
    assert abs(totals.total - exact) <= Decimal("0.005") * len(plain)


@settings(max_examples=200, deadline=None)
@given(lines)
def test_tax_rounded_once_stays_within_half_a_cent_a_tax(facts: list[LineFacts]) -> None:
    totals = total_up(facts, Terms())

    for tax in totals.taxes:
        base = sum(
            (sums.item_total for fact, sums in zip(facts, totals.lines, strict=True) if fact.tax == tax.tax),
            Decimal(0),
        )
        assert abs(tax.amount - base * tax.tax.percentage / 100) <= Decimal("0.005")


# through the API


@pytest.mark.requirement("X1")
def test_the_sums_of_a_document_travel_exactly(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    vat = next(one["tax_id"] for one in invoice.get("/settings/taxes")["taxes"] if one["tax_name"] == "VAT")
    body = {
        "customer_id": customer,
        "line_items": [{"name": "A", "rate": "25000", "quantity": 1, "tax_id": vat}],
        "discount": "15%",
        "shipping_charge": "10.10",
        "adjustment": -0.1,
    }

    shown = invoice.post("/invoices", body)["invoice"]

    assert (shown["discount"], shown["discount_type"]) == ("15.00%", "entity_level")
    assert (shown["discount_total"], shown["discount_percent"]) == (3750, 15)
    assert shown["taxes"] == [{"tax_id": vat, "tax_name": "VAT (20%)", "tax_amount": 4250}]
    assert (shown["sub_total"], shown["total"], shown["balance"]) == (25_000, 25_510, 25_510)
    assert shown == invoice.invoice(shown["invoice_id"])


def test_a_discount_on_lines_is_told_from_one_on_the_document(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    lines_body = [{"name": "A", "rate": 100, "discount": "10%"}, {"name": "B", "rate": 100, "discount": 5}]

    shown = invoice.post("/estimates", {"customer_id": customer, "line_items": lines_body})["estimate"]

    assert (shown["discount_type"], shown["discount"]) == ("item_level", 0)
    assert (shown["discount_total"], shown["discount_percent"], shown["total"]) == (15, Decimal("7.5"), 185)
    assert [one["discount"] for one in shown["line_items"]] == ["10.00%", 5]


def test_another_currency_rounds_by_its_own_precision_and_keeps_the_base_amounts(invoice: Invoice) -> None:
    yen = invoice.post("/settings/currencies", {"currency_code": "JPY", "exchange_rate": "0.0066"})["currency"]
    customer = invoice.add_contact(currency_id=yen["currency_id"])["contact_id"]

    shown = invoice.add_invoice(customer, rate="1000.5")

    assert (shown["currency_code"], shown["total"], str(shown["bcy_total"])) == ("JPY", 1001, "6.61")
    assert str(shown["exchange_rate"]) == "0.0066"


@pytest.mark.parametrize(
    "more",
    [
        {"discount": "101%"},
        {"discount": 101},
        {"discount": -1},
        {"adjustment": -500},
        {"adjustment": "NaN"},
        {"shipping_charge": -1},
        {"line_items": [{"name": "x", "rate": 1, "quantity": -1}]},
        {"line_items": [{"name": "x", "rate": "9999999999", "quantity": 2}]},
        {"line_items": [{"name": "x", "rate": 1, "discount": 2}], "discount_type": "item_level"},
        {"exchange_rate": 0, "currency_id": "EUR"},
    ],
    ids=lambda more: str(more)[:50],
)
def test_amounts_that_make_no_document_are_refused(invoice: Invoice, more: dict[str, object]) -> None:
    customer = invoice.add_contact()["contact_id"]
    if more.get("currency_id") == "EUR":
        currencies = invoice.get("/settings/currencies")["currencies"]
        more = {
            **more,
            "currency_id": next(c["currency_id"] for c in currencies if c["currency_code"] == "EUR"),
        }
    body = {"customer_id": customer, "line_items": [{"name": "x", "rate": 100}], **more}

    status, code, _ = invoice.refused("POST", "/invoices", body)

    assert status == 400
    assert code in (2, 90_013)
    assert invoice.get("/invoices")["invoices"] == []
