"""Lists as files for a spreadsheet (invoice-api.md §1.5)."""

import csv
import io
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from tests.invoice.conftest import STAFF, Invoice

LISTS = (
    "contacts", "items", "estimates", "salesorders", "invoices", "creditnotes", "customerpayments", "recurringinvoices",
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
ODD = 'A "b", <c> & \x01 _x0041_\nd'
EACH_WAY = [
    ({}, "csv"), ({}, "xlsx"), ({"Accept": "text/csv"}, "csv"), ({"Accept": "application/csv"}, "csv"),
    ({"Accept": XLSX}, "xlsx"), ({"Accept": "application/xlsx"}, "xlsx"),
]  # fmt: skip


def download(invoice: Invoice, path: str, wanted: str = "csv", **headers: str) -> Any:
    """By the parameter, unless a header says it."""
    if not headers:
        path += f"{'&' if '?' in path else '?'}accept={wanted}"
    sent = {"Authorization": f"Zoho-oauthtoken {invoice.token}", **headers}
    return invoice.raw("GET", f"/invoice/v3{path}", headers=sent)


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.data
    if answer.mimetype == "text/csv":
        return list(csv.reader(io.StringIO(answer.text, newline="")))
    with ZipFile(io.BytesIO(answer.data)) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iterfind(".//row", SHEET)]


@pytest.mark.parametrize(("headers", "wanted"), EACH_WAY)
def test_a_list_is_a_file_for_whoever_asks_for_one(invoice: Invoice, headers: dict[str, str], wanted: str) -> None:
    for name in ("Acme", "Bolt"):
        invoice.add_contact(name, company_name=f"{name} Ltd", contact_persons=[{"email": f"jo@{name}.test"}])

    answer = download(invoice, "/contacts", wanted, **headers)

    head, *rows = rows_of(answer)
    shown = [dict(zip(head, row, strict=True)) for row in rows]
    assert answer.headers["Content-Disposition"] == f"attachment; filename=contacts.{wanted}"
    assert [(row["contact_name"], row["company_name"], row["email"]) for row in shown] == [
        ("Acme", "Acme Ltd", "jo@Acme.test"), ("Bolt", "Bolt Ltd", "jo@Bolt.test"),
    ]  # fmt: skip
    assert {"custom_fields", "custom_field_hash"}.isdisjoint(head)


@pytest.mark.parametrize("kind", LISTS)
def test_a_file_holds_the_page_that_is_asked_for(demo: Invoice, kind: str) -> None:
    key = kind if kind != "recurringinvoices" else "recurring_invoices"
    listed = demo.get(f"/{kind}?per_page=3&page=2")[key]

    table = rows_of(download(demo, f"/{kind}?per_page=3&page=2"))

    assert len(table) == (len(listed) + 1 if listed else 0)
    for row, values in zip(listed, table[1:], strict=True):
        found = dict(zip(table[0], values, strict=True))
        plain = {name: value for name, value in row.items() if isinstance(value, str)}
        assert {name: found[name] for name in plain} == plain


@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_amounts_words_and_what_stands_within_are_cells(invoice: Invoice, wanted: str) -> None:
    invoice.post("/settings/customfields", {"module": "invoice", "label": "Region"})
    customer = invoice.add_contact(ODD, billing_address={"city": "Austin"})["contact_id"]
    invoice.add_invoice(customer, rate="12.5", custom_fields=[{"label": "Region", "value": "North"}])

    head, row = rows_of(download(invoice, "/invoices", wanted))

    found = dict(zip(head, row, strict=True))
    assert (found["total"], found["billing_address.city"], found["custom_field_hash.cf_region"]) == (
        "12.5", "Austin", "North",
    )  # fmt: skip
    assert found["is_emailed"] == {"csv": "false", "xlsx": "0"}[wanted]
    escaped = 'A "b", <c> & _x0001_ _x005F_x0041_\nd'
    assert found["customer_name"] == {"csv": ODD, "xlsx": escaped}[wanted]


def test_filters_and_order_hold_for_files(invoice: Invoice) -> None:
    for name in ("Acme", "Bolt", "Cask"):
        invoice.add_contact(name)

    head, *rows = rows_of(download(invoice, "/contacts?contact_name_in=&sort_order=D&contact_name_contains=o"))
    down = rows_of(download(invoice, "/contacts?sort_column=contact_name&sort_order=D"))

    assert [row[head.index("contact_name")] for row in rows] == ["Bolt"]
    assert [row[head.index("contact_name")] for row in down[1:]] == ["Cask", "Bolt", "Acme"]


def test_a_file_is_as_new_as_the_list_and_the_list_stays_json(invoice: Invoice) -> None:
    assert rows_of(download(invoice, "/contacts")) == rows_of(download(invoice, "/contacts", "xlsx")) == []
    assert rows_of(download(invoice, "/contacts", Accept="text/csv")) == []

    invoice.add_contact("Acme")

    assert len(rows_of(download(invoice, "/contacts", Accept="text/csv"))) == 2
    assert [row["contact_name"] for row in invoice.get("/contacts")["contacts"]] == ["Acme"]


@pytest.mark.parametrize(
    "path",
    ["/contacts?accept=xls", "/contacts?accept=xml", "/invoices?response_option=2&accept=csv", "/users?accept=csv"],
)
def test_a_format_that_is_not_there_is_refused(invoice: Invoice, path: str) -> None:
    assert invoice.refused("GET", path)[:2] == (406, 90_406)


def test_a_file_needs_what_the_list_needs(invoice: Invoice) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    invoice.add_contact("Acme")

    assert len(rows_of(download(invoice.as_(STAFF), "/contacts"))) == 2
    assert rows_of(download(invoice, f"/contacts?organization_id={other}")) == []
    assert download(invoice.as_(STAFF, "ZohoInvoice.items.READ"), "/contacts").status_code == 401
    assert download(invoice, "/contacts?page=0").status_code == 400
