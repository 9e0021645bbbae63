"""Salespersons: who sold what stands on documents, by name and by id (invoice-api.md §5.2, §5.3, §7.1)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

KINDS = {
    "estimates": "estimate", "salesorders": "salesorder", "invoices": "invoice", "creditnotes": "creditnote",
    "recurringinvoices": "recurring_invoice",
}  # fmt: skip
each_kind = pytest.mark.parametrize("kind", KINDS)


def body_for(invoice: Invoice, kind: str = "invoices", **more: Any) -> dict[str, Any]:
    found = invoice.get("/contacts")["contacts"]
    customer = found[0]["contact_id"] if found else invoice.add_contact()["contact_id"]
    recurrence = {"recurrence_name": "Care", "recurrence_frequency": "months", "repeat_every": 1}
    return {
        "customer_id": customer,
        "line_items": [{"name": "Work", "rate": 10, "quantity": 1}],
        **(recurrence if kind == "recurringinvoices" else {}),
        **more,
    }


def sell(invoice: Invoice, kind: str = "invoices", **more: Any) -> Any:
    return invoice.post(f"/{kind}", body_for(invoice, kind, **more))[KINDS[kind]]


def seller(shown: Any) -> tuple[str, str]:
    return shown["salesperson_name"], shown["salesperson_id"]


@each_kind
def test_a_salesperson_is_one_person_on_all_documents(invoice: Invoice, kind: str) -> None:
    first = sell(invoice, kind, salesperson_name="Sam Sold")
    by_id = sell(invoice, "estimates", salesperson_id=first["salesperson_id"])
    other = sell(invoice, "estimates", salesperson_name="Sue Sold")

    assert first["salesperson_id"].isdigit()
    assert seller(by_id) == seller(first) == ("Sam Sold", first["salesperson_id"])
    assert other["salesperson_id"] not in ("", first["salesperson_id"])
    rows = invoice.get(f"/{kind}")[kind if kind != "recurringinvoices" else "recurring_invoices"]
    row = next(row for row in rows if row["salesperson_name"] == "Sam Sold")
    assert row["salesperson_id"] == first["salesperson_id"]


def test_nobody_sold_it_unless_somebody_is_named(invoice: Invoice) -> None:
    assert seller(sell(invoice)) == ("", "")
    (row,) = invoice.get("/invoices")["invoices"]
    assert seller(row) == ("", "")


@pytest.mark.parametrize("change", [{"salesperson_name": ""}, {"salesperson_id": ""}])
def test_a_document_changes_hands_and_is_nobodys_again(invoice: Invoice, change: dict[str, str]) -> None:
    made = sell(invoice, salesperson_name="Sam Sold")
    path = f"/invoices/{made['invoice_id']}"

    handed = invoice.put(path, {"salesperson_name": "Sue Sold"})["invoice"]
    kept = invoice.put(path, {"notes": "Thanks"})["invoice"]
    given_back = invoice.put(path, change)["invoice"]

    assert handed["salesperson_name"] == "Sue Sold"
    assert handed["salesperson_id"] != made["salesperson_id"]
    assert seller(kept) == seller(handed)
    assert seller(given_back) == ("", "")


def test_the_id_counts_where_a_name_comes_along(invoice: Invoice) -> None:
    made = sell(invoice, salesperson_name="Sam Sold")

    both = sell(invoice, salesperson_id=made["salesperson_id"], salesperson_name="Somebody else")

    assert seller(both) == seller(made)


def test_what_is_made_of_a_document_has_its_salesperson(invoice: Invoice) -> None:
    estimate = sell(invoice, "estimates", salesperson_name="Sam Sold", send=True)

    order = invoice.post("/salesorders", {"estimate_id": estimate["estimate_id"], **body_for(invoice)})["salesorder"]
    invoice.post(f"/salesorders/{order['salesorder_id']}/status/open")
    path, body = "/invoices", {"salesorder_id": order["salesorder_id"]}
    line = {"line_items": [{"name": "Part", "rate": 1, "quantity": 1}]}
    other = invoice.post(path, {**body, **line, "salesperson_name": "Sue Sold"})["invoice"]
    made = invoice.post(path, body)["invoice"]

    assert seller(order) == seller(made) == seller(estimate)
    assert other["salesperson_name"] == "Sue Sold"


def test_a_recurring_invoice_makes_invoices_of_its_salesperson(invoice: Invoice) -> None:
    today = invoice.control("GET", "/clock")["now"][:10]
    recurring = sell(invoice, "recurringinvoices", salesperson_name="Sam Sold", start_date=today)
    invoice.pass_days(1)

    (made,) = invoice.get("/invoices")["invoices"]

    assert seller(made) == seller(recurring)


def test_sales_orders_are_found_by_their_salesperson(invoice: Invoice) -> None:
    made = [sell(invoice, "salesorders", salesperson_name=name) for name in ("Sam Sold", "Sue Sold")]

    for one in made:
        found = invoice.get(f"/salesorders?salesperson_id={one['salesperson_id']}")["salesorders"]
        assert [row["salesorder_id"] for row in found] == [one["salesorder_id"]]
    assert invoice.get("/salesorders?salesperson_id=410000000009999999")["salesorders"] == []
    assert invoice.refused("GET", "/salesorders?salesperson_id=x")[:2] == (400, 2)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ("410000000009999999", (404, 1002, "Salesperson does not exist.")),
        ("x", (400, 2, "Invalid value passed for salesperson_id")),
    ],
)
def test_a_salesperson_that_is_none_is_refused(invoice: Invoice, wrong: str, refusal: tuple[int, int, str]) -> None:
    made = sell(invoice)

    assert invoice.refused("POST", "/invoices", body_for(invoice, salesperson_id=wrong)) == refusal
    assert invoice.refused("PUT", f"/invoices/{made['invoice_id']}", {"salesperson_id": wrong}) == refusal
    assert invoice.refused("POST", "/invoices", body_for(invoice, salesperson_name="x" * 101))[:2] == (400, 15)


def test_a_salesperson_belongs_to_his_organization(invoice: Invoice) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    here = sell(invoice, salesperson_name="Sam Sold")["salesperson_id"]
    customer = invoice.post(f"/contacts?organization_id={other}", {"contact_name": "Acme"})["contact"]["contact_id"]
    body = {**body_for(invoice), "customer_id": customer}
    path = f"/invoices?organization_id={other}"

    assert invoice.refused("POST", path, {**body, "salesperson_id": here})[:2] == (404, 1002)
    there = invoice.post(path, {**body, "salesperson_name": "Sam Sold"})["invoice"]["salesperson_id"]
    assert there not in ("", here)
