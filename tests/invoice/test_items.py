"""Items (invoice-api.md §4)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


@pytest.mark.requirement("X1")
def test_an_item_is_added_read_changed_and_deleted(invoice: Invoice) -> None:
    tax = invoice.get("/settings/taxes")["taxes"][0]
    body = {
        "name": "Desk",
        "rate": "120.50",
        "description": "Oak",
        "unit": "pcs",
        "sku": "D-1",
        "tax_id": tax["tax_id"],
    }

    answer = invoice.post("/items", body)

    item = answer["item"]
    path = f"/items/{item['item_id']}"
    assert answer["message"] == "The item has been added."
    assert (str(item["rate"]), item["tax_name"], item["status"]) == ("120.5", tax["tax_name"], "active")
    assert invoice.get(path)["item"] == item

    saved = invoice.put(path, {"rate": 99})
    assert (saved["message"], saved["item"]["rate"]) == ("Item details have been saved.", 99)
    assert saved["item"]["description"] == "Oak"
    assert invoice.delete(path)["message"] == "The item has been deleted."
    assert invoice.refused("GET", path) == (404, 1002, "Item does not exist.")


MISSING = [({"rate": 1}, "name"), ({"name": "", "rate": 1}, "name"), ({"name": "x"}, "rate")]


@pytest.mark.parametrize(("body", "field"), MISSING)
def test_an_item_needs_a_name_and_a_rate(invoice: Invoice, body: dict[str, Any], field: str) -> None:
    assert invoice.refused("POST", "/items", body) == (400, 4, f"Invalid value passed for {field}")


WRONG = {
    "a word": "much",
    "NaN": "NaN",
    "infinity": "Infinity",
    "negative": -1,
    "huge": "1e30",
    "a list": [1],
    "a truth": True,
    "seven decimals": "0.1234567",
}


@pytest.mark.parametrize("rate", WRONG.values(), ids=WRONG.keys())
def test_a_rate_that_is_no_amount_is_refused(invoice: Invoice, rate: Any) -> None:
    assert invoice.refused("POST", "/items", {"name": "x", "rate": rate}) == (
        400,
        2,
        "Invalid value passed for rate",
    )


def test_names_and_skus_are_unique(invoice: Invoice) -> None:
    invoice.add_item("Desk", sku="D-1")
    chair = invoice.add_item("Chair")

    assert invoice.refused("POST", "/items", {"name": "Desk", "rate": 1}) == (
        400,
        1001,
        'Item "Desk" already exists.',
    )
    assert invoice.refused("POST", "/items", {"name": "Lamp", "rate": 1, "sku": "D-1"})[:2] == (400, 90_006)
    assert invoice.refused("PUT", f"/items/{chair['item_id']}", {"sku": "D-1"})[:2] == (400, 90_006)
    assert invoice.put(f"/items/{chair['item_id']}", {"name": "Chair"})["item"]["name"] == "Chair"


@pytest.mark.requirement("C15")
def test_an_inactive_item_stands_on_no_new_document(invoice: Invoice) -> None:
    customer, item = invoice.add_contact()["contact_id"], invoice.add_item()["item_id"]
    body = {"customer_id": customer, "line_items": [{"item_id": item, "quantity": 2}]}
    written = invoice.post("/invoices", body)["invoice"]

    assert invoice.post(f"/items/{item}/inactive")["message"] == "The item has been marked as inactive."

    assert invoice.refused("POST", "/invoices", body) == (404, 1002, "The Item is not accessible")
    line = written["line_items"][0]
    kept = {"line_items": [{"line_item_id": line["line_item_id"], "item_id": item, "quantity": 3}]}
    assert invoice.put(f"/invoices/{written['invoice_id']}", kept)["invoice"]["total"] == 300
    assert invoice.post(f"/items/{item}/active")["message"] == "The item has been marked as active."
    assert invoice.post("/invoices", body)["invoice"]["total"] == 200


@pytest.mark.requirement("C12")
def test_an_item_on_a_document_cannot_be_deleted(invoice: Invoice) -> None:
    customer, item = invoice.add_contact()["contact_id"], invoice.add_item()["item_id"]
    invoice.post("/estimates", {"customer_id": customer, "line_items": [{"item_id": item}]})

    assert invoice.refused("DELETE", f"/items/{item}")[:2] == (400, 90_004)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/active"), ("POST", "/inactive")],
)
def test_an_unknown_item_does_not_exist(invoice: Invoice, method: str, path: str) -> None:
    assert invoice.refused(method, f"/items/{UNKNOWN}{path}", {}) == (404, 1002, "Item does not exist.")


def test_many_items_are_read_at_once(invoice: Invoice) -> None:
    found = [invoice.add_item(name)["item_id"] for name in ("A", "B", "C")]

    details = invoice.get(f"/itemdetails?item_ids={found[0]},{found[2]}")["items"]

    assert [one["name"] for one in details] == ["A", "C"]
    assert invoice.refused("GET", "/itemdetails")[:2] == (400, 2)
    assert invoice.refused("GET", f"/itemdetails?item_ids={UNKNOWN}")[:2] == (400, 2)
