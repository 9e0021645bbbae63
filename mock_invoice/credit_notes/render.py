"""Credit notes as the API shows them, and their list (invoice-api.md §7.3)."""

from typing import Any

from sqlalchemy import type_coerce
from sqlalchemy.types import BigInteger

from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.credit_notes.model import CreditApplication, CreditNote, CreditNoteLine
from mock_invoice.documents.line_filters import line_filters
from mock_invoice.documents.render import document_detail
from mock_invoice.documents.status import COLORS, credit_status_sql
from mock_invoice.envelope import day_text, id_text, seconds_text, units_number
from mock_invoice.filters import Days, Exact, IdFilter, Made, Numbers, Texts
from mock_invoice.lists import Listing, Rows
from mock_invoice.payments.refunds import refunds_of, shown_refund
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import values_of


def credit_note_detail(note: CreditNote, custom_fields: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The whole credit note."""
    if custom_fields is None:
        custom_fields = values_of("creditnote", [note.id])[note.id]
    return {
        **document_detail(note, note.status(), custom_fields),
        "creditnote_id": str(note.id),
        "creditnote_number": note.number,
        "is_draft": note.state == "draft",
        "invoice_id": id_text(note.invoice_id),
        "balance": note.balance,
        "bcy_balance": note.bcy_balance,
        "total_credits_used": note.credits_used,
        "total_refunded_amount": note.refunded,
        "invoices_credited": [shown_application(one) for one in note.applications],
        "creditnote_refunds": [shown_refund(note, one) for one in refunds_of(note.id)] if note.refunded else [],
    }


def shown_application(application: CreditApplication) -> dict[str, Any]:
    """What a credit note shows of an invoice that it was applied to."""
    return {
        "creditnote_id": str(application.credit_note_id),
        "creditnote_number": application.credit_note.number,
        "creditnote_invoice_id": str(application.id),
        "invoice_id": str(application.invoice_id),
        "invoice_number": application.invoice.number,
        "date": day_text(application.date),
        "invoice_amount": application.invoice.total,
        "credited_amount": application.amount_applied,
        "amount_applied": application.amount_applied,
        "credited_date": day_text(application.date),
    }


COLUMNS = (
    CreditNote.id, CreditNote.number, CreditNote.customer_id, CreditNote.zcrm_potential_id,
    CreditNote.zcrm_potential_name, CreditNote.reference_number, CreditNote.date, CreditNote.currency_id,
    CreditNote.is_emailed, CreditNote.salesperson_id, CreditNote.salesperson_name, CreditNote.has_attachment,
    *(
        type_coerce(getattr(CreditNote, name), BigInteger).label(name)
        for name in ("total", "balance", "created_time", "last_modified_time")
    ),
    credit_status_sql(CreditNote).label("status"), Contact.contact_name, Contact.company_name, Currency.currency_code,
)  # fmt: skip


def render(rows: Rows, _: None) -> list[dict[str, Any]]:
    zone = current_organization().time_zone
    return [_row(row, zone) for row in rows]


def _row(row: Any, zone: str) -> dict[str, Any]:
    return {
        "creditnote_id": str(row.id),
        "creditnote_number": row.number,
        "zcrm_potential_id": row.zcrm_potential_id,
        "zcrm_potential_name": row.zcrm_potential_name,
        "status": row.status,
        "color_code": COLORS[row.status],
        "current_sub_status_id": "",
        "current_sub_status": row.status,
        "reference_number": row.reference_number,
        "date": day_text(row.date),
        "total": units_number(row.total),
        "balance": units_number(row.balance),
        "customer_id": str(row.customer_id),
        "customer_name": row.contact_name,
        "company_name": row.company_name,
        "currency_id": str(row.currency_id),
        "currency_code": row.currency_code,
        "is_emailed": row.is_emailed,
        "has_attachment": row.has_attachment,
        "salesperson_id": id_text(row.salesperson_id),
        "salesperson_name": row.salesperson_name,
        "created_time": seconds_text(row.created_time, zone),
        "last_modified_time": seconds_text(row.last_modified_time, zone),
    }


def _has_status(status: str) -> Any:
    return credit_status_sql(CreditNote) == status


CREDIT_NOTES = Listing(
    key="creditnotes",
    report_name="Credit Notes",
    model=CreditNote,
    columns=COLUMNS,
    render=render,
    joins=((Contact, Contact.id == CreditNote.customer_id), (Currency, Currency.id == CreditNote.currency_id)),
    filters=(
        Texts(
            {
                "creditnote_number": CreditNote.number,
                "reference_number": CreditNote.reference_number,
                "customer_name": Contact.contact_name,
            }
        ),
        Numbers({"total": CreditNote.total, "balance": CreditNote.balance}),
        Days({"date": CreditNote.date}),
        IdFilter({"customer_id": CreditNote.customer_id}),
        Exact({"zcrm_potential_id": CreditNote.zcrm_potential_id}),
        Made(line_filters(CreditNote, CreditNoteLine, CreditNoteLine.credit_note_id)),
    ),
    sorts={
        "customer_name": Contact.contact_name,
        "creditnote_number": CreditNote.number,
        "date": CreditNote.date,
        "total": CreditNote.total,
        "balance": CreditNote.balance,
    },
    sort_column="created_time",
    sort_order="D",
    statuses={
        "Status.All": None,
        "Status.Open": _has_status("open"),
        "Status.Draft": _has_status("draft"),
        "Status.Closed": _has_status("closed"),
        "Status.Void": _has_status("void"),
    },
    search=(CreditNote.number, CreditNote.reference_number, Contact.contact_name),
    ids_parameter="creditnote_ids",
)
