"""Lists: paging, sorting, filters and search (invoice-api.md §2.2, §2.3)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.invoice.conftest import Invoice

LISTS = ["contacts", "items", "estimates", "invoices", "customerpayments"]
#: Report name, default filter, default sort and order of each list (§2.2).
DEFAULTS = {
    "contacts": ("Contacts", "Status.All", "contact_name", "A"),
    "items": ("Items", "Status.All", "name", "A"),
    "estimates": ("Quotes", "Status.All", "created_time", "D"),
    "invoices": ("Invoices", "Status.All", "created_time", "D"),
    "customerpayments": ("Payments Received", "PaymentMode.All", "date", "D"),
}


@pytest.mark.parametrize("kind", LISTS)
def test_an_empty_list_has_its_page_context_too(invoice: Invoice, kind: str) -> None:
    answer = invoice.get(f"/{kind}")

    report, applied, column, order = DEFAULTS[kind]
    assert answer == {
        "code": 0,
        "message": "success",
        kind: [],
        "page_context": {
            "page": 1,
            "per_page": 200,
            "has_more_page": False,
            "report_name": report,
            "applied_filter": applied,
            "custom_fields": [],
            "sort_column": column,
            "sort_order": order,
        },
    }


@pytest.mark.parametrize("kind", LISTS)
def test_pages_hold_each_row_once(demo: Invoice, kind: str) -> None:
    whole = demo.get(f"/{kind}")[kind]

    pages, page, more = [], 1, True
    while more:
        answer = demo.get(f"/{kind}?page={page}&per_page=7")
        pages += answer[kind]
        more, page = answer["page_context"]["has_more_page"], page + 1

    assert pages == whole
    assert demo.get(f"/{kind}?page={page}&per_page=7")[kind] == []
    assert demo.get(f"/{kind}?per_page=500")["page_context"]["per_page"] == 200


BAD = ["page=0", "page=-1", "page=x", "per_page=0", "per_page=1.5", "sort_column=fun", "sort_order=X"]
BAD += ["filter_by=Status.Odd", "status=odd", "last_modified_time=yesterday", "page=" + "9" * 40]


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize("kind", LISTS)
def test_a_bad_parameter_is_named(invoice: Invoice, kind: str, query: str) -> None:
    name = query.partition("=")[0]

    assert invoice.refused("GET", f"/{kind}?{query}") == (400, 2, f"Invalid value passed for {name}")


SORTS = [
    ("contacts", ["contact_name", "first_name", "last_name", "email", "outstanding_receivable_amount"]),
    ("items", ["name", "rate"]),
    ("estimates", ["customer_name", "estimate_number", "date", "total", "expiry_date"]),
    ("invoices", ["customer_name", "invoice_number", "date", "due_date", "total", "balance"]),
    ("customerpayments", ["date", "amount", "customer_name"]),
]


@pytest.mark.parametrize(
    ("kind", "column"),
    [(kind, column) for kind, names in SORTS for column in [*names, "created_time", "last_modified_time"]],
)
def test_a_list_is_sorted_by_what_is_asked_up_and_down(demo: Invoice, kind: str, column: str) -> None:
    up = [row[column] for row in demo.get(f"/{kind}?sort_column={column}&sort_order=A")[kind]]
    down = [row[column] for row in demo.get(f"/{kind}?sort_column={column}&sort_order=D")[kind]]

    assert up == sorted(up)
    assert down == sorted(down, reverse=True)


#: List, query, and what must hold for the rows found and for no other.
FILTERS: list[tuple[str, str, Any]] = [
    ("contacts", "contact_name=Acme Industrial", lambda r: r["contact_name"] == "Acme Industrial"),
    ("contacts", "contact_name_startswith=acme", lambda r: r["contact_name"].startswith("Acme")),
    ("contacts", "contact_name_contains=light", lambda r: "light" in r["contact_name"].lower()),
    ("contacts", "contact_name_contains=%25", lambda r: "%" in r["contact_name"]),
    ("contacts", "first_name=Laura", lambda r: r["first_name"] == "Laura"),
    ("contacts", "email_contains=.example", lambda r: ".example" in r["email"]),
    ("contacts", "company_name_startswith=Quill %26", lambda r: r["company_name"].startswith("Quill &")),
    ("contacts", "filter_by=Status.Inactive", lambda r: r["status"] == "inactive"),
    ("contacts", "filter_by=Status.Active", lambda r: r["status"] == "active"),
    ("contacts", "filter_by=Status.Crm", lambda r: r["is_linked_with_zohocrm"]),
    ("contacts", "filter_by=Invoice.Unpaid", lambda r: r["outstanding_receivable_amount_bcy"] > 0),
    ("contacts", "search_text=lumen", lambda r: "Lumen" in r["contact_name"]),
    ("items", "name_contains=desk", lambda r: "desk" in r["name"].lower()),
    ("items", "rate=449", lambda r: r["rate"] == 449),
    ("items", "rate_less_than=95", lambda r: r["rate"] < 95),
    ("items", "rate_less_equals=95", lambda r: r["rate"] <= 95),
    ("items", "rate_greater_than=479", lambda r: r["rate"] > 479),
    ("items", "rate_greater_equals=479.00", lambda r: r["rate"] >= 479),
    ("items", "filter_by=Status.Inactive", lambda r: r["status"] == "inactive"),
    ("items", "tax_name=Sales Tax", lambda r: r["tax_name"] == "Sales Tax"),
    ("estimates", "customer_name_contains=Acme", lambda r: "Acme" in r["customer_name"]),
    ("estimates", "estimate_number=QT-000003", lambda r: r["estimate_number"] == "QT-000003"),
    ("estimates", "total_greater_than=5000", lambda r: r["total"] > 5000),
    ("estimates", "search_text=RFQ-", lambda r: r["reference_number"].startswith("RFQ-")),
    ("invoices", "customer_name=Acme Industrial", lambda r: r["customer_name"] == "Acme Industrial"),
    ("invoices", "balance_greater_than=1000.5", lambda r: r["balance"] > Decimal("1000.5")),
    ("invoices", "reference_number_startswith=PO-", lambda r: r["reference_number"].startswith("PO-")),
    ("invoices", "email_contains=acme", lambda r: "acme" in r["email"]),
    (
        "invoices",
        "filter_by=Status.Unpaid",
        lambda r: r["status"] in ("sent", "viewed", "overdue", "partially_paid"),
    ),
    ("customerpayments", "payment_mode=check", lambda r: r["payment_mode"] == "check"),
    ("customerpayments", "filter_by=PaymentMode.Check", lambda r: r["payment_mode"] == "check"),
    ("customerpayments", "amount_less_equals=500", lambda r: r["amount"] <= 500),
]


@pytest.mark.parametrize(("kind", "query", "fits"), FILTERS, ids=[f"{kind} {query}" for kind, query, _ in FILTERS])
def test_a_filter_finds_what_fits_and_nothing_else(demo: Invoice, kind: str, query: str, fits: Any) -> None:
    whole = demo.get(f"/{kind}")[kind]

    found = demo.get(f"/{kind}?{query}")[kind]

    assert found == [row for row in whole if fits(row)]


@pytest.mark.parametrize("kind", ["invoices", "estimates", "customerpayments"])
def test_dates_are_compared_in_every_way(demo: Invoice, kind: str) -> None:
    whole = demo.get(f"/{kind}")[kind]
    day = sorted(row["date"] for row in whole)[len(whole) // 2]
    ways = {
        "date": lambda d: d == day,
        "date_start": lambda d: d >= day,
        "date_end": lambda d: d <= day,
        "date_before": lambda d: d < day,
        "date_after": lambda d: d > day,
    }

    for name, fits in ways.items():
        assert demo.get(f"/{kind}?{name}={day}")[kind] == [row for row in whole if fits(row["date"])], name
    assert demo.refused("GET", f"/{kind}?date_start=2026-13-01")[:2] == (400, 2)


def test_documents_are_found_by_what_stands_on_their_lines(demo: Invoice) -> None:
    desk = demo.get("/items?name=Zylker Desk Pro")["items"][0]["item_id"]
    whole = demo.get("/invoices")["invoices"]

    def has_desk(row: Any) -> bool:
        lines = demo.invoice(row["invoice_id"])["line_items"]
        return any(line["item_id"] == desk for line in lines)

    expected = [row for row in whole if has_desk(row)]
    assert expected
    assert demo.get(f"/invoices?item_id={desk}")["invoices"] == expected
    assert demo.get("/invoices?item_name_startswith=Zylker Desk Pro")["invoices"] == expected
    assert demo.get("/invoices?item_name=nothing")["invoices"] == []


def test_rows_changed_at_or_after_a_moment_are_found_on_every_list(invoice: Invoice) -> None:
    invoice.control("PUT", "/clock", {"freeze": True})
    early = invoice.add_contact("Early")
    invoice.pass_days(1)
    late = invoice.add_contact("Late")

    moment = quote(late["last_modified_time"])
    plus = quote(late["last_modified_time"].replace("-0800", "+0000").replace("-0700", "+0000"), safe="+")
    found = invoice.get(f"/contacts?last_modified_time={moment}&sort_column=last_modified_time&sort_order=A")
    both = invoice.get(f"/contacts?last_modified_time={quote(early['last_modified_time'])}")

    assert [row["contact_name"] for row in found["contacts"]] == ["Late"]
    assert [row["contact_name"] for row in both["contacts"]] == ["Early", "Late"]
    for kind in LISTS:
        assert invoice.get(f"/{kind}?last_modified_time={plus}&sort_column=last_modified_time")["code"] == 0


def test_a_search_is_told_in_the_page_context(demo: Invoice) -> None:
    context = demo.get("/contacts?contact_name_contains=Acme&search_text=Acme")["page_context"]

    assert context["search_text"] == "Acme"
    assert context["search_criteria"] == [
        {
            "column_name": "contact_name",
            "search_text": "Acme",
            "search_text_formatted": "Acme",
            "comparator": "contains",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "parameter", "key"),
    [
        ("invoices", "invoice_ids", "invoice_id"),
        ("estimates", "estimate_ids", "estimate_id"),
        ("contacts", "contact_ids", "contact_id"),
        ("items", "item_ids", "item_id"),
    ],
)
def test_many_records_are_asked_for_at_once(demo: Invoice, kind: str, parameter: str, key: str) -> None:
    wanted = [row[key] for row in demo.get(f"/{kind}")[kind][2:6]]

    found = demo.get(f"/{kind}?{parameter}={','.join(wanted)},410000000000999999")[kind]

    assert sorted(row[key] for row in found) == sorted(wanted)
    assert demo.refused("GET", f"/{kind}?{parameter}=x")[:2] == (400, 2)
    assert demo.refused("GET", f"/{kind}?{parameter}={','.join(['1'] * 201)}")[:2] == (400, 2)


@pytest.mark.requirement("D2")
@pytest.mark.parametrize(
    ("option", "has_rows", "has_count", "has_sums"),
    [
        ("0", True, False, False),
        ("1", True, True, True),
        ("2", False, True, False),
        ("3", False, True, True),
        ("4", True, False, True),
    ],
)
def test_response_option_chooses_rows_count_and_sums(
    demo: Invoice, option: str, has_rows: bool, has_count: bool, has_sums: bool
) -> None:
    whole = demo.get("/invoices")["invoices"]

    answer = demo.get(f"/invoices?response_option={option}")

    context = answer["page_context"]
    assert ("invoices" in answer) is has_rows
    assert context.get("total") == (len(whole) if has_count else None)
    assert ("sum_columns" in context) is has_sums


def test_a_list_asks_the_database_a_fixed_number_of_times(demo: Invoice) -> None:
    counted: list[str] = []

    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        counted.append(statement)

    for kind in LISTS:
        numbers = []
        for per_page in (2, 15):
            counted.clear()
            event.listen(Engine, "before_cursor_execute", count)
            demo.get(f"/{kind}?per_page={per_page}")
            event.remove(Engine, "before_cursor_execute", count)
            numbers.append(len([statement for statement in counted if statement.startswith("SELECT")]))
        assert numbers[0] == numbers[1] <= 9, kind


def test_lists_of_settings_are_paged_too(invoice: Invoice) -> None:
    first = invoice.get("/settings/currencies?per_page=3")
    second = invoice.get("/settings/currencies?per_page=3&page=2")

    assert [row["currency_code"] for row in first["currencies"] + second["currencies"]] == ["EUR", "GBP", "INR", "USD"]
    assert first["page_context"]["has_more_page"] is True
    assert second["page_context"]["report_name"] == "Currencies"


def test_invoices_are_filtered_by_the_day_they_were_made_on_in_the_zone_of_the_organization(invoice: Invoice) -> None:
    made = invoice.add_invoice(invoice.add_contact()["contact_id"], date="2026-01-01")
    today = date.fromisoformat(made["created_time"][:10])
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)

    def is_found(query: str) -> bool:
        return bool(invoice.get(f"/invoices?{query}")["invoices"])

    assert [is_found(f"created_date={day}") for day in (yesterday, today, tomorrow)] == [False, True, False]
    assert [is_found(f"created_date_{how}={today}") for how in ("start", "end", "before", "after")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert is_found(f"created_date_after={yesterday}&created_date_before={tomorrow}")
    assert invoice.refused("GET", "/invoices?created_date_start=soon") == (
        400, 2, "Invalid value passed for created_date_start",
    )  # fmt: skip
