"""A tax on the shipping charge, and a tax of the whole document (invoice-api.md §5.2, §5.6)."""

from decimal import Decimal

import pytest

LINES = [{"name": "Work", "rate": 100, "quantity": 3}]


@pytest.fixture
def tax(invoice):
    return {one["tax_name"]: one["tax_id"] for one in invoice.get("/settings/taxes")["taxes"]}


def make(invoice, **more):
    customer = invoice.add_contact()["contact_id"]
    return invoice.post("/invoices", {"customer_id": customer, "line_items": LINES, **more})["invoice"]


def test_shipping_is_taxed_on_top_of_its_charge(invoice, tax):
    made = make(invoice, shipping_charge="19.99", shipping_charge_tax_id=tax["Sales Tax"])

    # 8.25 % of 19.99 is 1.649175.
    assert (made["shipping_charge"], made["shipping_charge_tax"]) == (Decimal("19.99"), Decimal("1.65"))
    assert (made["sub_total"], made["tax_total"], made["total"]) == (300, Decimal("1.65"), Decimal("321.64"))
    assert made["taxes"] == [
        {"tax_id": tax["Sales Tax"], "tax_name": "Sales Tax (8.25%)", "tax_amount": Decimal("1.65")}
    ]
    assert (made["shipping_charge_tax_name"], made["shipping_charge_tax_percentage"]) == ("Sales Tax", Decimal("8.25"))


def test_one_tax_of_lines_and_shipping_is_rounded_once(invoice, tax):
    lines = [{"name": "Work", "rate": "10.05", "quantity": 1, "tax_id": tax["Sales Tax"]}]

    made = make(invoice, line_items=lines, shipping_charge="10.05", shipping_charge_tax_id=tax["Sales Tax"])

    # 8.25 % of 20.10 is 1.65825; rounded each by itself they would come to 0.83 + 0.83 as well, of 10.05.
    assert (made["tax_total"], made["total"]) == (Decimal("1.66"), Decimal("21.76"))


def test_a_discount_leaves_shipping_and_its_tax_alone(invoice, tax):
    sums = {"shipping_charge": 100, "shipping_charge_tax_id": tax["VAT"], "discount": "10%"}

    early = make(invoice, **sums, is_discount_before_tax=True)
    late = invoice.put(f"/invoices/{early['invoice_id']}", {"is_discount_before_tax": False})["invoice"]

    assert (early["discount_total"], early["total"], late["discount_total"], late["total"]) == (30, 390, 30, 390)


def test_shipping_tax_comes_on_top_where_rates_contain_theirs(invoice, tax):
    lines = [{"name": "Work", "rate": 120, "quantity": 1, "tax_id": tax["VAT"]}]

    made = make(invoice, line_items=lines, is_inclusive_tax=True, shipping_charge=10, shipping_charge_tax_id=tax["VAT"])

    assert (made["sub_total"], made["tax_total"], made["shipping_charge_tax"], made["total"]) == (100, 22, 2, 132)


def test_the_shipping_tax_is_taken_away_again(invoice, tax):
    made = make(invoice, shipping_charge=10, shipping_charge_tax_id=tax["VAT"])

    shown = invoice.put(f"/invoices/{made['invoice_id']}", {"shipping_charge_tax_id": ""})["invoice"]

    assert (shown["shipping_charge_tax_id"], shown["tax_total"], shown["total"]) == ("", 0, 310)
    assert invoice.refused("PUT", f"/invoices/{made['invoice_id']}", {"shipping_charge_tax_id": "7"})[:2] == (404, 1002)


def test_the_tax_of_a_document_is_for_lines_that_have_none(invoice, tax):
    plain = invoice.add_item("Desk", 100)["item_id"]
    exempt = invoice.add_item("Book", 100, is_taxable=False)["item_id"]
    lines = [
        {"item_id": plain}, {"item_id": exempt}, {"name": "Own", "rate": 100, "tax_id": tax["Sales Tax"]},
        {"name": "None", "rate": 100, "tax_id": ""},
    ]  # fmt: skip

    made = make(invoice, line_items=lines, tax_id=tax["VAT"])

    assert [line["tax_name"] for line in made["line_items"]] == ["VAT", "", "Sales Tax", ""]
    assert (made["tax_id"], made["tax_total"]) == (tax["VAT"], Decimal("28.25"))
    changed = invoice.put(f"/invoices/{made['invoice_id']}", {"tax_id": ""})["invoice"]
    assert [line["tax_name"] for line in changed["line_items"]] == ["", "", "Sales Tax", ""]


def test_both_go_over_into_what_a_document_is_converted_to(invoice, tax):
    customer = invoice.add_contact()["contact_id"]
    body = {"shipping_charge": 10, "shipping_charge_tax_id": tax["VAT"], "tax_id": tax["Sales Tax"]}
    offer = invoice.add_estimate(customer, line_items=LINES, **body)["estimate_id"]
    invoice.post(f"/estimates/{offer}/status/sent")

    order = invoice.post("/salesorders", {"customer_id": customer, "estimate_id": offer})["salesorder"]
    invoice.post(f"/salesorders/{order['salesorder_id']}/status/open")
    bill = invoice.post("/invoices", {"customer_id": customer, "salesorder_id": order["salesorder_id"]})["invoice"]

    assert order["total"] == bill["total"] == Decimal("336.75")
    assert (bill["shipping_charge_tax_id"], bill["tax_id"]) == (tax["VAT"], tax["Sales Tax"])


def test_an_invoice_that_is_paid_keeps_its_taxes(invoice, tax):
    made = make(invoice)
    invoice.pay(made["customer_id"], 300, made["invoice_id"])

    for key in ("tax_id", "shipping_charge_tax_id"):
        assert invoice.refused("PUT", f"/invoices/{made['invoice_id']}", {key: tax["VAT"]})[:2] == (400, 90_001)


def test_lines_written_later_take_the_tax_of_the_document_too(invoice, tax):
    made = make(invoice, tax_id=tax["VAT"])

    changed = invoice.put(f"/invoices/{made['invoice_id']}", {"line_items": [{"name": "More", "rate": 50}]})["invoice"]

    assert ([line["tax_name"] for line in changed["line_items"]], changed["total"]) == (["VAT"], 60)


def test_a_group_of_taxes_on_shipping_is_shown_tax_by_tax(invoice, tax):
    both = ",".join((tax["VAT"], tax["Sales Tax"]))
    group = invoice.post("/settings/taxgroups", {"tax_group_name": "Both", "taxes": both})["tax_group"]["tax_group_id"]

    made = make(invoice, shipping_charge=100, shipping_charge_tax_id=group)

    assert (made["shipping_charge_tax_type"], made["shipping_charge_tax"]) == ("tax_group", Decimal("28.25"))
    assert sorted(one["tax_amount"] for one in made["taxes"]) == [Decimal("8.25"), 20]
