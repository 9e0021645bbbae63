"""Sub-statuses of sales orders: an organization's own steps below a status of the vendor's (invoice-api.md §7.1)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice


@pytest.fixture
def packed(invoice: Invoice) -> Any:
    return add(invoice)


def add(invoice: Invoice, name: str = "Packed", parent: str = "open") -> Any:
    body = {"display_name": name, "parent_status": parent}
    return invoice.post("/settings/substatuses", body)["sub_status"]


def order_of(invoice: Invoice, **more: Any) -> str:
    line = {"name": "Work", "rate": 10, "quantity": 1}
    body = {"customer_id": invoice.add_contact()["contact_id"], "line_items": [line], "send": True, **more}
    return str(invoice.post("/salesorders", body)["salesorder"]["salesorder_id"])


def step(invoice: Invoice, order: str) -> tuple[str, str, str]:
    """The same of the order and of its row."""
    shown = invoice.get(f"/salesorders/{order}")["salesorder"]
    (row,) = invoice.get("/salesorders")["salesorders"]
    keys = ("status", "current_sub_status", "current_sub_status_id")
    assert [row[key] for key in keys] == [shown[key] for key in keys]
    return tuple(shown[key] for key in keys)


def test_an_order_takes_a_step_below_its_status(invoice: Invoice, packed: Any) -> None:
    order = order_of(invoice)
    assert step(invoice, order) == ("open", "open", "")

    invoice.post(f"/salesorders/{order}/substatus/cs_packed")

    assert step(invoice, order) == ("open", "cs_packed", packed["status_id"])
    assert invoice.get(f"/salesorders/{order}")["salesorder"]["sub_statuses"] == [packed]
    comments = [one["description"] for one in invoice.get(f"/salesorders/{order}/comments")["comments"]]
    assert "Sales Order marked as Packed" in comments


def test_the_status_itself_takes_the_step_back(invoice: Invoice, packed: Any) -> None:
    order = order_of(invoice)
    invoice.post(f"/salesorders/{order}/substatus/cs_packed")

    invoice.post(f"/salesorders/{order}/substatus/open")

    assert step(invoice, order) == ("open", "open", "")


def test_another_status_has_other_steps(invoice: Invoice, packed: Any) -> None:
    order = order_of(invoice)
    add(invoice, "Called off", "void")
    invoice.post(f"/salesorders/{order}/substatus/cs_packed")

    invoice.post(f"/salesorders/{order}/status/void")
    assert step(invoice, order) == ("void", "void", "")
    invoice.post(f"/salesorders/{order}/substatus/cs_called_off")
    assert step(invoice, order)[:2] == ("void", "cs_called_off")
    invoice.post(f"/salesorders/{order}/status/open")
    assert step(invoice, order) == ("open", "open", "")


def test_a_step_is_over_when_time_or_an_invoice_changes_the_status(invoice: Invoice, packed: Any) -> None:
    today = invoice.control("GET", "/clock")["now"][:10]
    order = order_of(invoice, date=today, shipment_date=today)
    invoice.post(f"/salesorders/{order}/substatus/cs_packed")

    invoice.pass_days(2)

    assert step(invoice, order) == ("overdue", "overdue", "")
    invoice.post(f"/invoices/fromsalesorder?salesorder_id={order}")
    assert step(invoice, order) == ("invoiced", "invoiced", "")


@pytest.mark.parametrize("code", ["cs_none", "draft", "x"])
def test_a_step_that_is_none_is_refused(invoice: Invoice, packed: Any, code: str) -> None:
    order = order_of(invoice)

    refusal = invoice.refused("POST", f"/salesorders/{order}/substatus/{code}")

    assert refusal == (400, 2, "Invalid value passed for status_code")
    assert step(invoice, order) == ("open", "open", "")


def test_names_that_give_one_code_are_one(invoice: Invoice, packed: Any) -> None:
    again = {"display_name": "  PACKED! ", "parent_status": "draft"}

    assert packed["status_code"] == "cs_packed"
    assert invoice.refused("POST", "/settings/substatuses", again)[:2] == (400, 90_014)
    nothing = {"display_name": "!", "parent_status": "draft"}
    assert invoice.refused("POST", "/settings/substatuses", nothing)[:2] == (400, 2)


def test_each_organization_has_its_own(invoice: Invoice, packed: Any) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    assert invoice.get(f"/settings/substatuses?organization_id={other}")["sub_statuses"] == []

    body = {"display_name": "Packed", "parent_status": "open"}
    there = invoice.post(f"/settings/substatuses?organization_id={other}", body)["sub_status"]

    assert there["status_id"] != packed["status_id"]
    assert invoice.get("/settings/substatuses")["sub_statuses"] == [packed]
