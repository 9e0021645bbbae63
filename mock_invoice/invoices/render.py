"""Invoices as the API shows them, and their list (invoice-api.md §6.3)."""

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, select, type_coerce
from sqlalchemy.types import BigInteger, Text

from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.credit_notes.apply import credits_of_invoice
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import Units, db
from mock_invoice.documents.line_filters import line_filters
from mock_invoice.documents.render import document_detail, list_address
from mock_invoice.documents.status import COLORS, OPEN_INVOICES, invoice_status_sql
from mock_invoice.documents.templates import STANDARD
from mock_invoice.envelope import day_text, id_text, seconds_text, units_number
from mock_invoice.filters import NOBODY, CreatedDays, Days, Exact, IdFilter, Made, Numbers, Texts
from mock_invoice.invoices.model import Invoice, InvoiceLine
from mock_invoice.invoices.rules import today
from mock_invoice.lists import TODAY, Listing, Rows
from mock_invoice.payments.model import Payment
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import ValueRows, as_hash, shown_values, value_rows, values_of
from mock_invoice.settings.payment_terms import term_ids
from simulator.money import from_units

NOT_EMULATED: dict[str, Any] = {
    "tax_amount_withheld": 0,
    "payment_expected_date": "",
    "payment_discount": 0,
    "late_fee": {},
    "unused_retainer_payments": 0,
    "gst_no": "",
    "schedule_time": "",
}
LINE_NOT_EMULATED: dict[str, Any] = {
    "project_id": "",
    "time_entry_ids": [],
    "expense_id": "",
    "expense_receipt_name": "",
    "item_type": "sales",
    "purchase_rate": 0,
}


_STANDING = select(
    select(func.sum(Invoice.balance, type_=Units))
    .where(
        Invoice.customer_id == bindparam("customer_id"),
        Invoice.state == "sent",
        Invoice.currency_id == bindparam("currency_id"),
    )
    .scalar_subquery()
    .label("balance"),
    select(func.sum(Payment.unused_amount, type_=Units))
    .where(Payment.customer_id == bindparam("customer_id"), Payment.currency_id == bindparam("currency_id"))
    .scalar_subquery()
    .label("unused"),
    select(func.sum(CreditNote.balance, type_=Units))
    .where(
        CreditNote.customer_id == bindparam("customer_id"),
        CreditNote.state == "open",
        CreditNote.currency_id == bindparam("currency_id"),
    )
    .scalar_subquery()
    .label("credit"),
)


def invoice_detail(invoice: Invoice, custom_fields: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The whole invoice."""
    customer = invoice.customer
    if custom_fields is None:
        custom_fields = values_of("invoice", [invoice.id])[invoice.id]
    status = invoice.status(today())
    detail = document_detail(invoice, status, custom_fields)
    for shown, line in zip(detail["line_items"], invoice.lines, strict=True):
        shown.update(LINE_NOT_EMULATED, sales_rate=line.rate, salesorder_item_id=id_text(line.salesorder_item_id))
    return {
        **detail,
        **NOT_EMULATED,
        **_order(invoice),
        "credits_associated": shown_credits(invoice),
        "invoice_id": str(invoice.id),
        "invoice_number": invoice.number,
        "due_date": day_text(invoice.due_date),
        "payment_terms_id": term_ids().get((invoice.payment_terms, invoice.payment_terms_label), ""),
        "due_days": due_days(status, invoice.due_date, today()),
        "issued_date": day_text(invoice.issued_date),
        "email": customer.email,
        "payment_terms": invoice.payment_terms,
        "payment_terms_label": invoice.payment_terms_label,
        "payment_reminder_enabled": invoice.payment_reminder_enabled,
        "payment_made": invoice.payment_made,
        "credits_applied": invoice.credits_applied,
        "write_off_amount": invoice.write_off_amount,
        "balance": invoice.balance,
        "last_payment_date": day_text(invoice.last_payment_date),
        "estimate_id": id_text(invoice.estimate_id),
        "recurring_invoice_id": id_text(invoice.recurring_invoice_id),
        "reminders_sent": invoice.reminders_sent,
        "last_reminder_sent_date": day_text(invoice.last_reminder_sent_date),
        "invoice_url": "",
        "invoice_source": invoice.source,
        "contact": _contact(customer),
    }


def _order(invoice: Invoice) -> dict[str, Any]:
    """The sales order it was made from."""
    order = db.session.get(SalesOrder, invoice.salesorder_id) if invoice.salesorder_id else None
    if order is None:
        return {"salesorder_id": "", "salesorder_number": "", "salesorders": []}
    facts = {"salesorder_id": str(order.id), "salesorder_number": order.number}
    return {**facts, "salesorders": [{**facts, "salesorder_status": order.status(today()), "total": order.total}]}


def shown_credits(invoice: Invoice) -> list[dict[str, Any]]:
    """The credit notes applied to it (§6.1)."""
    if not invoice.credits_applied:
        return []
    return [
        {
            "creditnote_id": str(one.credit_note_id),
            "creditnotes_invoice_id": str(one.id),
            "creditnotes_number": one.credit_note.number,
            "credited_date": day_text(one.date),
            "amount_applied": one.amount_applied,
        }
        for one in credits_of_invoice(invoice.id)
    ]


def _contact(customer: Contact) -> dict[str, Any]:
    """His balance and credits, in his currency."""
    names = {"customer_id": customer.id, "currency_id": customer.currency_id}
    row = db.session.execute(_STANDING, names).one()
    return {
        "customer_balance": from_units(row.balance),
        "credit_limit": 0,
        "unused_customer_credits": from_units(row.unused) + from_units(row.credit),
    }


def due_days(status: str, due: date, on: date) -> str:
    """How far off the due date is, in words; empty where nothing is due. [MEM] for the overdue form."""
    if status not in OPEN_INVOICES:
        return ""
    days = (due - on).days
    if days == 0:
        return "Due Today"
    unit = "day" if abs(days) == 1 else "days"
    return f"Due in {days} {unit}" if days > 0 else f"Overdue by {-days} {unit}"


RAW = ("total", "balance", "shipping_charge", "adjustment", "write_off_amount", "exchange_rate")
COLUMNS = (
    Invoice.id, Invoice.number, Invoice.customer_id, Invoice.zcrm_potential_id, Invoice.zcrm_potential_name,
    Invoice.reference_number, Invoice.date, Invoice.due_date, Invoice.issued_date, Invoice.last_payment_date,
    Invoice.created_by_name, Invoice.salesperson_id, Invoice.salesperson_name, Invoice.is_viewed_by_client,
    Invoice.is_emailed, Invoice.reminders_sent, Invoice.last_reminder_sent_date, Invoice.currency_id,
    Invoice.has_attachment, Invoice.template_id,
    *(type_coerce(getattr(Invoice, name), BigInteger).label(name) for name in RAW),
    type_coerce(Invoice.billing_address, Text).label("billing_address"),
    type_coerce(Invoice.shipping_address, Text).label("shipping_address"),
    type_coerce(Invoice.created_time, BigInteger).label("created"),
    type_coerce(Invoice.last_modified_time, BigInteger).label("modified"),
    invoice_status_sql(Invoice, TODAY).label("status"),
    Contact.contact_name, Contact.company_name, Contact.email, Contact.phone,
    Currency.currency_code, Currency.currency_symbol,
)  # fmt: skip


def render(rows: Rows, stored: ValueRows) -> list[dict[str, Any]]:
    zone, on = current_organization().time_zone, today()
    values = shown_values("invoice", stored)
    return [_row(row, zone, on, values[row[0]]) for row in rows]


def _row(row: Any, zone: str, on: date, custom_fields: list[dict[str, Any]]) -> dict[str, Any]:
    """The row's values in the order of `COLUMNS`: taken by name they would cost as much as all the rest."""
    (
        record_id, number, customer_id, zcrm_potential_id, zcrm_potential_name, reference_number, day, due, issued,
        last_payment, created_by, salesperson_id, salesperson, is_viewed, is_emailed, reminders_sent, last_reminder,
        currency_id, has_attachment, template_id,
        total, balance, shipping_charge, adjustment, write_off_amount, exchange_rate, billing, shipping, created,
        modified_seconds, status, customer_name, company_name, email, phone, currency_code, currency_symbol,
    ) = row  # fmt: skip
    modified = seconds_text(modified_seconds, zone)
    return {
        "invoice_id": str(record_id),
        "zcrm_potential_id": zcrm_potential_id,
        "zcrm_potential_name": zcrm_potential_name,
        "customer_id": str(customer_id),
        "customer_name": customer_name,
        "company_name": company_name,
        "status": status,
        "invoice_number": number,
        "reference_number": reference_number,
        "date": day_text(day),
        "due_date": day_text(due),
        "issued_date": day_text(issued),
        "due_days": due_days(status, due, on),
        "email": email,
        "project_name": "",
        "billing_address": list_address(billing),
        "shipping_address": list_address(shipping),
        "country": "",
        "phone": phone,
        "created_by": created_by,
        "total": units_number(total),
        "balance": units_number(balance),
        "payment_expected_date": "",
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
        "salesperson_name": salesperson,
        "salesperson_id": id_text(salesperson_id),
        "shipping_charge": units_number(shipping_charge),
        "adjustment": units_number(adjustment),
        "write_off_amount": units_number(write_off_amount),
        "created_time": seconds_text(created, zone),
        "last_modified_time": modified,
        "updated_time": modified,
        "is_viewed_by_client": is_viewed,
        "client_viewed_time": "",
        "has_attachment": has_attachment,
        "is_emailed": is_emailed,
        "color_code": COLORS[status],
        "current_sub_status": status,
        "current_sub_status_id": "",
        "currency_id": str(currency_id),
        "currency_code": currency_code,
        "currency_symbol": currency_symbol,
        "exchange_rate": units_number(exchange_rate),
        "schedule_time": "",
        "template_type": "standard",
        "template_id": template_id or STANDARD,
        "reminders_sent": reminders_sent,
        "last_reminder_sent_date": day_text(last_reminder),
        "last_payment_date": day_text(last_payment),
        "documents": "",
        "transaction_type": "renewal",
        "unprocessed_payment_amount": 0,
    }


def _has_status(*statuses: str) -> Any:
    return invoice_status_sql(Invoice, TODAY).in_(statuses)


INVOICES = Listing(
    key="invoices",
    report_name="Invoices",
    model=Invoice,
    columns=COLUMNS,
    render=render,
    beside=partial(value_rows, "invoice"),
    joins=((Contact, Contact.id == Invoice.customer_id), (Currency, Currency.id == Invoice.currency_id)),
    filters=(
        Texts(
            {
                "invoice_number": Invoice.number,
                "reference_number": Invoice.reference_number,
                "customer_name": Contact.contact_name,
                "email": Contact.email,
            }
        ),
        Numbers({"total": Invoice.total, "balance": Invoice.balance}),
        Days({"date": Invoice.date, "due_date": Invoice.due_date}),
        CreatedDays({"created_date": Invoice.created_time}),
        IdFilter(
            {
                "customer_id": Invoice.customer_id,
                "estimate_id": Invoice.estimate_id,
                "salesorder_id": Invoice.salesorder_id,
                "recurring_invoice_id": Invoice.recurring_invoice_id,
            }
        ),
        Exact({"zcrm_potential_id": Invoice.zcrm_potential_id}),
        Made(line_filters(Invoice, InvoiceLine, InvoiceLine.invoice_id)),
    ),
    sorts={
        "customer_name": Contact.contact_name,
        "invoice_number": Invoice.number,
        "date": Invoice.date,
        "due_date": Invoice.due_date,
        "total": Invoice.total,
        "balance": Invoice.balance,
    },
    sort_column="created_time",
    sort_order="D",
    statuses={
        "Status.All": None,
        "Status.Sent": _has_status("sent"),
        "Status.Draft": _has_status("draft"),
        "Status.OverDue": _has_status("overdue"),
        "Status.Paid": _has_status("paid"),
        "Status.Void": _has_status("void"),
        "Status.Unpaid": _has_status(*OPEN_INVOICES),
        "Status.PartiallyPaid": _has_status("partially_paid"),
        "Status.Viewed": _has_status("viewed"),
        "Date.PaymentExpectedDate": NOBODY,
        # Ours: what counts as invoiced in the report of receivables.
        "Status.NotVoid": Invoice.state != "void",
    },
    search=(Invoice.number, Invoice.reference_number, Contact.contact_name),
    ids_parameter="invoice_ids",
)
