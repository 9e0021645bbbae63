"""What a document comes to before it is saved: the same sums as afterwards, and nothing is kept."""

from decimal import Decimal
from typing import Any

import pytest

from tests.invoice.conftest import Invoice

SUMS = ("sub_total", "discount_total", "tax_total", "shipping_charge", "adjustment", "total", "currency_code")


def written(invoice: Invoice) -> dict[str, Any]:
    """A body with everything that goes into a sum."""
    tax = invoice.post("/settings/taxes", {"tax_name": "VAT reduced", "tax_percentage": 19})["tax"]["tax_id"]
    item = invoice.post("/items", {"name": "Anvil", "rate": 19.99, "tax_id": tax})["item"]["item_id"]
    return {
        "customer_id": invoice.add_contact()["contact_id"],
        "line_items": [{"item_id": item, "quantity": 3}, {"name": "Work", "rate": 100.005, "quantity": 1.5}],
        "discount": "7.5%",
        "shipping_charge": 9.9,
        "adjustment": -0.01,
    }


@pytest.mark.parametrize("kind", ["estimates", "salesorders", "invoices"])
def test_the_sums_before_saving_are_those_of_the_saved_document(invoice: Invoice, kind: str) -> None:
    body = written(invoice)

    before = invoice.post("/invoices/totals", body)["totals"]

    saved = invoice.post(f"/{kind}", body)[kind[:-1]]
    assert {key: before[key] for key in SUMS} == {key: saved[key] for key in SUMS}
    assert [one["item_total"] for one in before["line_items"]] == [one["item_total"] for one in saved["line_items"]]
    assert [one["tax_name"] for one in before["taxes"]] == [one["tax_name"] for one in saved["taxes"]]


def test_a_line_takes_name_rate_and_tax_from_its_item_before_it_is_saved(invoice: Invoice) -> None:
    body = written(invoice)

    line = invoice.post("/invoices/totals", body)["totals"]["line_items"][0]

    assert (line["name"], line["rate"], line["tax_percentage"]) == ("Anvil", Decimal("19.99"), 19)


def test_nothing_is_kept_of_a_sum(invoice: Invoice) -> None:
    body = written(invoice)
    first = invoice.post("/estimates", body)["estimate"]["estimate_number"]

    invoice.post("/invoices/totals", body)

    assert [one["estimate_number"] for one in invoice.get("/estimates")["estimates"]] == [first]


def test_lines_of_a_saved_document_are_added_up_like_new_ones(invoice: Invoice) -> None:
    body = written(invoice)
    saved = invoice.post("/invoices", body)["invoice"]

    lines = [{**line, "quantity": 10} for line in saved["line_items"]]
    totals = invoice.post("/invoices/totals", {"customer_id": saved["customer_id"], "line_items": lines})["totals"]

    assert [one["quantity"] for one in totals["line_items"]] == [10, 10]
    assert totals["sub_total"] == sum(one["item_total"] for one in totals["line_items"])


def test_without_customer_and_lines_the_sums_are_nothing_in_the_base_currency(invoice: Invoice) -> None:
    totals = invoice.post("/invoices/totals", {})["totals"]

    assert (totals["total"], totals["currency_code"], totals["line_items"]) == (0, "USD", [])
