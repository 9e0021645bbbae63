"""Sales orders: estimate, order and invoices that follow each other (invoice-api.md §7.1)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mock_invoice.documents.status import ORDER_MOVES, ORDER_STATUSES
from tests.invoice.conftest import ADMIN, Invoice

UNKNOWN = "410000000000999999"
LINES = [{"name": "Desk", "rate": 100, "quantity": 4}, {"name": "Lamp", "rate": 10, "quantity": 2}]


def add_order(invoice: Invoice, customer: str | None = None, **more: Any) -> Any:
    customer = customer or invoice.add_contact()["contact_id"]
    return invoice.post("/salesorders", {"customer_id": customer, "line_items": LINES, **more})["salesorder"]


def order(invoice: Invoice, order_id: str) -> Any:
    return invoice.get(f"/salesorders/{order_id}")["salesorder"]


def opened(invoice: Invoice, **more: Any) -> Any:
    made = add_order(invoice, **more)
    invoice.post(f"/salesorders/{made['salesorder_id']}/status/open")
    return made


def invoice_part(invoice: Invoice, made: Any, quantity: int) -> Any:
    line = made["line_items"][0]
    entry = {"name": "Desk", "rate": 100, "quantity": quantity, "salesorder_item_id": line["line_item_id"]}
    return invoice.post("/invoices", {"salesorder_id": made["salesorder_id"], "line_items": [entry]})["invoice"]


def make_order(invoice: Invoice, status: str) -> Any:
    past = {"date": "2020-01-01", "shipment_date": "2020-01-05"} if status == "overdue" else {}
    made = add_order(invoice, **past)
    path = f"/salesorders/{made['salesorder_id']}"
    if status == "void":
        invoice.post(f"{path}/status/void")
    elif status != "draft":
        invoice.post(f"{path}/status/open")
    if status == "partially_invoiced":
        invoice_part(invoice, made, 1)
    if status == "invoiced":
        invoice.post(f"/invoices/fromsalesorder?salesorder_id={made['salesorder_id']}")
    assert order(invoice, made["salesorder_id"])["status"] == status
    return made


def test_an_order_is_created_read_changed_and_deleted(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    status, answer = invoice.call(
        "POST", "/salesorders", {"customer_id": customer, "line_items": LINES, "shipment_date": "2030-01-01",
        "zcrm_potential_id": "7", "zcrm_potential_name": "Big deal"},
    )  # fmt: skip
    made = answer["salesorder"]

    assert (status, answer["message"]) == (201, "Sales Order Created Successfully.")
    assert (made["salesorder_number"], made["status"], made["total"]) == ("SO-00001", "draft", 420)
    assert (made["zcrm_potential_id"], made["shipment_date"]) == ("7", "2030-01-01")
    assert order(invoice, made["salesorder_id"]) == made

    (row,) = invoice.get("/salesorders?zcrm_potential_id=7")["salesorders"]
    assert (row["salesorder_id"], row["total"], row["customer_name"]) == (made["salesorder_id"], 420, "Acme")
    assert invoice.get("/salesorders?zcrm_potential_id=8")["salesorders"] == []

    answer = invoice.put(f"/salesorders/{made['salesorder_id']}", {"reference_number": "PO 1", "line_items": LINES[:1]})
    assert answer["message"] == "Sales Order Updated Successfully."
    assert (answer["salesorder"]["reference_number"], answer["salesorder"]["total"]) == ("PO 1", 400)

    assert invoice.delete(f"/salesorders/{made['salesorder_id']}")["message"] == "Sales Order Deleted Successfully."
    assert invoice.refused("GET", f"/salesorders/{made['salesorder_id']}")[:2] == (404, 1002)


def test_an_estimate_becomes_an_order_and_that_an_invoice_with_the_potential_carried_along(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    body = {"customer_id": customer, "line_items": LINES, "zcrm_potential_id": "7", "discount": "10%",
            "shipping_charge": 5, "reference_number": "R1"}  # fmt: skip
    offer = invoice.post("/estimates", body)["estimate"]
    invoice.post(f"/estimates/{offer['estimate_id']}/status/sent")

    made = invoice.post("/salesorders", {"estimate_id": offer["estimate_id"]})["salesorder"]

    assert (made["estimate_id"], made["total"], made["zcrm_potential_id"]) == (offer["estimate_id"], 383, "7")
    shown = invoice.estimate(offer["estimate_id"])
    assert (shown["status"], shown["is_transaction_created"]) == ("invoiced", True)
    assert [one["salesorder_id"] for one in shown["salesorders"]] == [made["salesorder_id"]]

    invoice.post(f"/salesorders/{made['salesorder_id']}/status/open")
    bill = invoice.post(f"/invoices/fromsalesorder?salesorder_id={made['salesorder_id']}")["invoice"]

    assert (bill["total"], bill["zcrm_potential_id"], bill["reference_number"]) == (383, "7", "R1")
    assert (bill["salesorder_id"], bill["estimate_id"]) == (made["salesorder_id"], offer["estimate_id"])
    done = order(invoice, made["salesorder_id"])
    assert (done["status"], [one["invoice_id"] for one in done["invoices"]]) == ("invoiced", [bill["invoice_id"]])
    assert invoice.estimate(offer["estimate_id"])["invoice_ids"] == [bill["invoice_id"]]

    invoice.delete(f"/invoices/{bill['invoice_id']}")
    assert order(invoice, made["salesorder_id"])["status"] == "open"
    assert invoice.estimate(offer["estimate_id"])["status"] == "invoiced"
    invoice.delete(f"/salesorders/{made['salesorder_id']}")
    assert invoice.estimate(offer["estimate_id"])["status"] == "sent"


def test_an_order_is_invoiced_in_parts_and_what_is_left_follows(invoice: Invoice) -> None:
    made = opened(invoice, shipping_charge=7)
    path = f"/salesorders/{made['salesorder_id']}"

    part = invoice_part(invoice, made, 3)
    shown = order(invoice, made["salesorder_id"])
    assert (shown["status"], [one["quantity_invoiced"] for one in shown["line_items"]]) == (
        "partially_invoiced",
        [3, 0],
    )

    rest = invoice.post(f"/invoices/fromsalesorder?salesorder_id={made['salesorder_id']}")["invoice"]
    assert [one["quantity"] for one in rest["line_items"]] == [1, 2]
    assert order(invoice, made["salesorder_id"])["status"] == "invoiced"
    assert invoice.refused("POST", f"/invoices/fromsalesorder?salesorder_id={made['salesorder_id']}")[:2] == (
        400,
        90_001,
    )

    invoice.post(f"/invoices/{part['invoice_id']}/status/void")
    assert order(invoice, made["salesorder_id"])["line_items"][0]["quantity_invoiced"] == 1
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)
    invoice_part(invoice, made, 3)
    assert invoice.refused("POST", f"/invoices/{part['invoice_id']}/status/draft")[:2] == (400, 90_013)
    assert invoice.invoice(part["invoice_id"])["status"] == "void"


def test_more_than_was_ordered_cannot_be_invoiced_nor_an_invoiced_line_taken_away(invoice: Invoice) -> None:
    made = opened(invoice)
    line = made["line_items"][0]
    path = f"/salesorders/{made['salesorder_id']}"
    entry = {"name": "Desk", "rate": 1, "quantity": 5, "salesorder_item_id": line["line_item_id"]}

    assert invoice.refused(
        "POST", "/invoices", {"salesorder_id": made["salesorder_id"], "line_items": [entry]}
    )[:2] == (400, 90_013)  # fmt: skip
    assert invoice.get("/invoices")["invoices"] == []

    part = invoice_part(invoice, made, 2)
    keep = {"line_item_id": line["line_item_id"]}
    assert invoice.refused("PUT", path, {"line_items": LINES})[:2] == (400, 36023)
    assert invoice.refused("PUT", path, {"line_items": [{**keep, "quantity": 1}]})[:2] == (400, 36023)
    assert invoice.put(path, {"line_items": [{**keep, "quantity": 2}]})["salesorder"]["status"] == "invoiced"
    bill_line = {"line_item_id": part["line_items"][0]["line_item_id"], "quantity": 1}
    invoice.put(f"/invoices/{part['invoice_id']}", {"line_items": [bill_line]})
    assert order(invoice, made["salesorder_id"])["status"] == "partially_invoiced"


@pytest.mark.requirement("G1")
@pytest.mark.parametrize("status", ORDER_STATUSES)
@pytest.mark.parametrize("action", ["open", "confirmed", "void"])
def test_each_action_on_an_order_of_each_status(invoice: Invoice, action: str, status: str) -> None:
    order_id = make_order(invoice, status)["salesorder_id"]
    path = f"/salesorders/{order_id}/status/{action}"

    if (action, status) not in ORDER_MOVES:
        assert invoice.refused("POST", path)[:2] == (400, 90_001)
        assert order(invoice, order_id)["status"] == status
        return
    invoice.post(path)
    expected = ORDER_MOVES[action, status] or status
    assert order(invoice, order_id)["status"] == expected
    name = {"overdue": "OverDue"}.get(expected, expected.title())
    assert [one["salesorder_id"] for one in invoice.get(f"/salesorders?filter_by=Status.{name}")["salesorders"]]


@pytest.mark.parametrize("status", ORDER_STATUSES)
def test_what_an_order_of_each_status_refuses(invoice: Invoice, status: str) -> None:
    made = make_order(invoice, status)
    path = f"/salesorders/{made['salesorder_id']}"
    other = invoice.add_contact("Other")["contact_id"]

    def code(body: dict[str, Any]) -> int:
        return int(invoice.call("PUT", path, body)[1]["code"])

    is_invoiced = status in ("partially_invoiced", "invoiced")
    assert code({"notes": "x"}) == (90_001 if status == "void" else 0)
    assert code({"adjustment": 1}) == (90_001 if status in ("void", "invoiced") else 0)
    assert code({"customer_id": other}) == (90_001 if status == "void" or is_invoiced else 0)
    assert invoice.call("DELETE", path)[1]["code"] == (90_004 if is_invoiced else 0)


@pytest.mark.parametrize("status", ["draft", "void"])
def test_a_draft_or_void_order_cannot_be_invoiced(invoice: Invoice, status: str) -> None:
    order_id = make_order(invoice, status)["salesorder_id"]

    assert invoice.refused("POST", f"/invoices/fromsalesorder?salesorder_id={order_id}")[:2] == (400, 90_001)


@pytest.mark.parametrize("status", ["draft", "declined"])
def test_an_estimate_that_may_not_be_converted_is_refused(invoice: Invoice, status: str) -> None:
    offer = invoice.add_estimate(invoice.add_contact()["contact_id"])["estimate_id"]
    if status == "declined":
        invoice.post(f"/estimates/{offer}/status/sent")
        invoice.post(f"/estimates/{offer}/status/declined")

    assert invoice.refused("POST", "/salesorders", {"estimate_id": offer})[:2] == (400, 90_001)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"customer_id": None}, 400, 4),
        ({"customer_id": UNKNOWN}, 404, 1002),
        ({"line_items": []}, 400, 4),
        ({"line_items": "x"}, 400, 2),
        ({"shipment_date": "soon"}, 400, 2),
        ({"shipment_date": "2020-01-01"}, 400, 2),
        ({"estimate_id": UNKNOWN}, 404, 1002),
        ({"billing_address_id": UNKNOWN}, 404, 1002),
        ({"salesorder_number": "x" * 101}, 400, 15),
    ],
)
def test_a_body_that_makes_no_order_is_refused(invoice: Invoice, body: Any, status: int, code: int) -> None:
    customer = invoice.add_contact()["contact_id"]

    whole = {"customer_id": customer, "line_items": LINES, **body}

    assert invoice.refused("POST", "/salesorders", whole)[:2] == (status, code)


def test_orders_have_numbers_and_custom_fields_of_their_own(invoice: Invoice) -> None:
    body = {"module": "salesorder", "label": "Dock", "data_type": "text"}
    field = invoice.post("/settings/customfields", body)["customfield"]
    customer = invoice.add_contact()["contact_id"]
    own = {"customer_id": customer, "line_items": LINES, "salesorder_number": "X-9"}

    made = invoice.post("/salesorders?ignore_auto_number_generation=true", own)["salesorder"]
    path = f"/salesorder/{made['salesorder_id']}/customfields"
    invoice.put(path, [{"customfield_id": field["customfield_id"], "value": "D4"}])

    assert made["salesorder_number"] == "X-9"
    assert order(invoice, made["salesorder_id"])["custom_field_hash"]["cf_dock"] == "D4"
    assert invoice.refused("POST", "/salesorders?ignore_auto_number_generation=true", own)[:2] == (400, 90_002)
    assert add_order(invoice, customer)["salesorder_number"] == "SO-00001"


def test_an_existing_invoice_is_mapped_with_an_order_by_its_items(invoice: Invoice) -> None:
    customer, item = invoice.add_contact()["contact_id"], invoice.add_item()["item_id"]
    lines = [{"item_id": item, "quantity": 2}]
    made = invoice.post("/salesorders", {"customer_id": customer, "line_items": lines})["salesorder"]
    invoice.post(f"/salesorders/{made['salesorder_id']}/status/open")
    bill = invoice.post("/invoices", {"customer_id": customer, "line_items": lines})["invoice"]
    query = f"salesorder_id={made['salesorder_id']}&invoice_ids={bill['invoice_id']}"

    invoice.post(f"/invoices/mapwithorder?{query}")

    assert order(invoice, made["salesorder_id"])["status"] == "invoiced"


def test_an_order_is_in_its_own_organization_and_world_only(invoice: Invoice, new_world: Any) -> None:
    made = add_order(invoice)
    body = {"name": "Second", "currency_code": "EUR", "time_zone": "Europe/Berlin"}
    other = invoice.post("/organizations", body)["organization"]["organization_id"]
    path = f"/salesorders/{made['salesorder_id']}"

    assert invoice.refused("GET", f"{path}?organization_id={other}")[:2] == (404, 1002)
    assert new_world().refused("GET", path)[:2] == (404, 1002)


def test_an_open_order_is_overdue_after_its_shipment_date(invoice: Invoice) -> None:
    day = date.fromisoformat(invoice.add_contact("Clock")["created_time"][:10])
    made = opened(invoice, shipment_date=str(day + timedelta(2)))
    assert order(invoice, made["salesorder_id"])["status"] == "open"

    invoice.pass_days(3)

    assert order(invoice, made["salesorder_id"])["status"] == "overdue"
    assert invoice.email == ADMIN
    assert order(invoice, made["salesorder_id"])["total"] == Decimal(420)


def test_an_order_that_is_wholly_invoiced_is_closed_until_its_invoice_is_void(invoice: Invoice) -> None:
    made = add_order(invoice)["salesorder_id"]
    invoice.post(f"/salesorders/{made}/status/open")
    assert order(invoice, made)["order_status"] == "open"
    assert invoice.get("/salesorders?filter_by=Status.Closed")["salesorders"] == []

    bill = invoice.post(f"/invoices/fromsalesorder?salesorder_id={made}")["invoice"]["invoice_id"]

    (row,) = invoice.get("/salesorders?filter_by=Status.Closed")["salesorders"]
    assert (row["salesorder_id"], row["status"], row["order_status"]) == (made, "invoiced", "closed")
    assert invoice.refused("POST", f"/salesorders/{made}/status/void")[:2] == (400, 90_001)
    invoice.post(f"/invoices/{bill}/status/void")
    assert (order(invoice, made)["status"], order(invoice, made)["order_status"]) == ("open", "open")


def test_orders_are_filtered_by_lists_of_values_and_ranges(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    for reference, rate in (("A-1", 100), ("A-2", 200), ("A-3", 300)):
        body = {"customer_id": customer, "reference_number": reference, "salesperson_name": "Kim"}
        invoice.post("/salesorders", {**body, "line_items": [{"name": "Desk", "rate": rate, "quantity": 1}]})

    def found(query: str) -> list[str]:
        rows = invoice.get(f"/salesorders?{query}&sort_column=reference_number&sort_order=A")["salesorders"]
        return [row["reference_number"] for row in rows]

    assert found("reference_number_in=A-1,A-3") == ["A-1", "A-3"]
    assert found("reference_number_not_in=A-1,A-3") == ["A-2"]
    assert found("total_start=200&total_end=300") == ["A-2", "A-3"]
    assert (found("salesperson_name=Kim"), found("salesperson_id=1")) == (["A-1", "A-2", "A-3"], [])
