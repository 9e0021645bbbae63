"""Recurring invoices as the API shows them, and their list. [MEM] for their keys (invoice-api.md §7.4)."""

from typing import Any

from sqlalchemy import type_coerce
from sqlalchemy.types import BigInteger

from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.documents.line_filters import line_filters
from mock_invoice.documents.render import document_detail
from mock_invoice.documents.status import COLORS, recurring_status_sql
from mock_invoice.envelope import day_text, id_text, seconds_text, units_number
from mock_invoice.filters import Days, IdFilter, Made, Numbers, Texts
from mock_invoice.lists import TODAY, Listing, Rows
from mock_invoice.recurring_invoices.model import RecurringInvoice, RecurringInvoiceLine
from mock_invoice.recurring_invoices.rules import today
from mock_invoice.settings.currency_model import Currency


def recurring_detail(recurring: RecurringInvoice) -> dict[str, Any]:
    """The whole recurring invoice."""
    status = recurring.status(today())
    return {
        **document_detail(recurring, status, []),
        "recurring_invoice_id": str(recurring.id),
        "recurrence_name": recurring.number,
        "recurrence_frequency": recurring.recurrence_frequency,
        "repeat_every": recurring.repeat_every,
        "start_date": day_text(recurring.date),
        "end_date": day_text(recurring.end_date),
        "last_sent_date": day_text(recurring.last_sent_date),
        "next_invoice_date": day_text(recurring.next_invoice_date if status == "active" else None),
        "payment_terms": recurring.payment_terms,
        "payment_terms_label": recurring.payment_terms_label,
    }


COLUMNS = (
    RecurringInvoice.id, RecurringInvoice.number, RecurringInvoice.customer_id, RecurringInvoice.reference_number,
    RecurringInvoice.date, RecurringInvoice.end_date, RecurringInvoice.last_sent_date,
    RecurringInvoice.next_invoice_date, RecurringInvoice.recurrence_frequency, RecurringInvoice.repeat_every,
    RecurringInvoice.currency_id, RecurringInvoice.salesperson_id, RecurringInvoice.salesperson_name,
    *(
        type_coerce(getattr(RecurringInvoice, name), BigInteger).label(name)
        for name in ("total", "created_time", "last_modified_time")
    ),
    recurring_status_sql(RecurringInvoice, TODAY).label("status"), Contact.contact_name, Contact.company_name,
    Currency.currency_code,
)  # fmt: skip


def render(rows: Rows, _: None) -> list[dict[str, Any]]:
    zone = current_organization().time_zone
    return [_row(row, zone) for row in rows]


def _row(row: Any, zone: str) -> dict[str, Any]:
    return {
        "recurring_invoice_id": str(row.id),
        "recurrence_name": row.number,
        "customer_id": str(row.customer_id),
        "customer_name": row.contact_name,
        "company_name": row.company_name,
        "reference_number": row.reference_number,
        "status": row.status,
        "color_code": COLORS[row.status],
        "recurrence_frequency": row.recurrence_frequency,
        "repeat_every": row.repeat_every,
        "start_date": day_text(row.date),
        "end_date": day_text(row.end_date),
        "last_sent_date": day_text(row.last_sent_date),
        "next_invoice_date": day_text(row.next_invoice_date if row.status == "active" else None),
        "currency_id": str(row.currency_id),
        "currency_code": row.currency_code,
        "total": units_number(row.total),
        "salesperson_id": id_text(row.salesperson_id),
        "salesperson_name": row.salesperson_name,
        "created_time": seconds_text(row.created_time, zone),
        "last_modified_time": seconds_text(row.last_modified_time, zone),
    }


def _has_status(status: str) -> Any:
    return recurring_status_sql(RecurringInvoice, TODAY) == status


RECURRING_INVOICES = Listing(
    key="recurring_invoices",
    report_name="Recurring Invoices",
    model=RecurringInvoice,
    columns=COLUMNS,
    render=render,
    joins=(
        (Contact, Contact.id == RecurringInvoice.customer_id),
        (Currency, Currency.id == RecurringInvoice.currency_id),
    ),
    filters=(
        Texts(
            {
                "recurrence_name": RecurringInvoice.number,
                "reference_number": RecurringInvoice.reference_number,
                "customer_name": Contact.contact_name,
            }
        ),
        Numbers({"total": RecurringInvoice.total}),
        Days({"start_date": RecurringInvoice.date, "end_date": RecurringInvoice.end_date}),
        IdFilter({"customer_id": RecurringInvoice.customer_id}),
        Made(
            {
                name: make
                for name, make in line_filters(
                    RecurringInvoice, RecurringInvoiceLine, RecurringInvoiceLine.recurring_invoice_id
                ).items()
                if not name.startswith("custom_field")
            }
        ),
    ),
    sorts={
        "recurrence_name": RecurringInvoice.number,
        "customer_name": Contact.contact_name,
        "start_date": RecurringInvoice.date,
        "end_date": RecurringInvoice.end_date,
        "next_invoice_date": RecurringInvoice.next_invoice_date,
        "last_sent_date": RecurringInvoice.last_sent_date,
        "total": RecurringInvoice.total,
    },
    sort_column="created_time",
    sort_order="D",
    statuses={
        "Status.All": None,
        "Status.Active": _has_status("active"),
        "Status.Stopped": _has_status("stopped"),
        "Status.Expired": _has_status("expired"),
    },
    search=(RecurringInvoice.number, RecurringInvoice.reference_number, Contact.contact_name),
)
