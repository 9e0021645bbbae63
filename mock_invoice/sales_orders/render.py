"""Sales orders as the API shows them, and their list (invoice-api.md §7.1)."""

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select, type_coerce
from sqlalchemy.types import BigInteger

from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.database import db
from mock_invoice.documents.line_filters import line_filters
from mock_invoice.documents.render import document_detail
from mock_invoice.documents.status import COLORS, order_status_sql
from mock_invoice.envelope import day_text, id_text, seconds_text, units_number
from mock_invoice.filters import Days, Exact, IdFilter, Made, Numbers, Texts
from mock_invoice.invoices.model import Invoice
from mock_invoice.lists import TODAY, Listing, Rows
from mock_invoice.sales_orders.model import SalesOrder, SalesOrderLine
from mock_invoice.sales_orders.rules import today
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import ValueRows, as_hash, shown_values, value_rows, values_of
from mock_invoice.settings.sub_status_model import SubStatus
from mock_invoice.settings.sub_statuses import sub_status_rows

NOT_EMULATED: dict[str, Any] = {
    "delivery_method_id": "",
    "shipped_status": "",
    "paid_status": "",
    "order_status_formatted": "",
    "is_backordered": False,
    "purchaseorders": [],
    "packages": [],
}
#: What `order_status` says where it differs from `status`.
CLOSED = {"invoiced": "closed"}


def order_detail(order: SalesOrder, custom_fields: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The whole sales order."""
    if custom_fields is None:
        custom_fields = values_of("salesorder", [order.id])[order.id]
    status = order.status(today())
    detail = document_detail(order, status, custom_fields)
    for shown, line in zip(detail["line_items"], order.lines, strict=True):
        shown.update(
            quantity_invoiced=line.quantity_invoiced,
            is_invoiced=bool(line.quantity_invoiced and line.quantity_invoiced >= line.quantity),
        )
    step = order.sub_status
    return {
        **detail,
        **NOT_EMULATED,
        **shown_step(status, step and step.parent_status, step and step.status_code, step and step.id),
        "sub_statuses": sub_status_rows(),
        "salesorder_id": str(order.id),
        "salesorder_number": order.number,
        "order_status": CLOSED.get(status, status),
        "invoiced_status": order.invoiced_status or "not_invoiced",
        "shipment_date": day_text(order.shipment_date),
        "delivery_method": order.delivery_method,
        "crm_custom_reference_id": order.crm_custom_reference_id,
        "estimate_id": id_text(order.estimate_id),
        "invoices": _invoices(order),
    }


def shown_step(status: str, parent: str | None, code: str | None, step_id: int | None) -> dict[str, str]:
    """The sub-status of an order, as long as it has the status above it; else the status stands for it (§5.4)."""
    if parent != status:
        return {"current_sub_status": status, "current_sub_status_id": ""}
    return {"current_sub_status": str(code), "current_sub_status_id": str(step_id)}


def _invoices(order: SalesOrder) -> list[dict[str, Any]]:
    on = today()
    made = select(Invoice).where(Invoice.salesorder_id == order.id).order_by(Invoice.id)
    return [
        {
            "invoice_id": str(one.id),
            "invoice_number": one.number,
            "reference_number": one.reference_number,
            "status": one.status(on),
            "date": day_text(one.date),
            "due_date": day_text(one.due_date),
            "total": one.total,
            "balance": one.balance,
        }
        for one in db.session.scalars(made)
    ]


COLUMNS = (
    SalesOrder.id, SalesOrder.number, SalesOrder.customer_id, SalesOrder.zcrm_potential_id,
    SalesOrder.zcrm_potential_name, SalesOrder.reference_number, SalesOrder.date, SalesOrder.shipment_date,
    SalesOrder.delivery_method, SalesOrder.currency_id, SalesOrder.is_emailed, SalesOrder.salesperson_id,
    SalesOrder.salesperson_name, SalesOrder.has_attachment, SalesOrder.invoiced_status,
    *(
        type_coerce(getattr(SalesOrder, name), BigInteger).label(name)
        for name in ("total", "sub_total", "bcy_total", "created_time", "last_modified_time")
    ),
    order_status_sql(SalesOrder, TODAY).label("status"), Contact.contact_name, Contact.company_name, Contact.email,
    Currency.currency_code, SalesOrder.sub_status_id, SubStatus.parent_status, SubStatus.status_code,
)  # fmt: skip


def render(rows: Rows, stored: ValueRows) -> list[dict[str, Any]]:
    zone, on = current_organization().time_zone, today()
    values = shown_values("salesorder", stored)
    return [_row(row, zone, on, values[row.id]) for row in rows]


def _row(row: Any, zone: str, on: date, custom_fields: list[dict[str, Any]]) -> dict[str, Any]:
    status, shipment = row.status, row.shipment_date
    return {
        "salesorder_id": str(row.id),
        "zcrm_potential_id": row.zcrm_potential_id,
        "zcrm_potential_name": row.zcrm_potential_name,
        "customer_name": row.contact_name,
        "customer_id": str(row.customer_id),
        "company_name": row.company_name,
        "email": row.email,
        "status": status,
        "order_status": CLOSED.get(status, status),
        "invoiced_status": row.invoiced_status or "not_invoiced",
        "color_code": COLORS[status],
        **shown_step(status, row.parent_status, row.status_code, row.sub_status_id),
        "salesorder_number": row.number,
        "reference_number": row.reference_number,
        "date": day_text(row.date),
        "shipment_date": day_text(shipment),
        "shipment_days": "" if shipment is None else str((shipment - on).days),
        "delivery_method": row.delivery_method,
        "currency_id": str(row.currency_id),
        "currency_code": row.currency_code,
        "total": units_number(row.total),
        "sub_total": units_number(row.sub_total),
        "bcy_total": units_number(row.bcy_total),
        "created_time": seconds_text(row.created_time, zone),
        "last_modified_time": seconds_text(row.last_modified_time, zone),
        "is_emailed": row.is_emailed,
        "has_attachment": row.has_attachment,
        "salesperson_id": id_text(row.salesperson_id),
        "salesperson_name": row.salesperson_name,
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
    }


def _has_status(status: str) -> Any:
    return order_status_sql(SalesOrder, TODAY) == status


ORDERS = Listing(
    key="salesorders",
    report_name="Sales Orders",
    model=SalesOrder,
    columns=COLUMNS,
    render=render,
    beside=partial(value_rows, "salesorder"),
    joins=(
        (Contact, Contact.id == SalesOrder.customer_id),
        (Currency, Currency.id == SalesOrder.currency_id),
        (SubStatus, SubStatus.id == SalesOrder.sub_status_id),
    ),
    filters=(
        Texts(
            {
                "salesorder_number": SalesOrder.number,
                "reference_number": SalesOrder.reference_number,
                "customer_name": Contact.contact_name,
                "salesperson_name": SalesOrder.salesperson_name,
            },
            has_lists=True,
        ),
        Numbers({"total": SalesOrder.total}, has_range=True),
        Days({"date": SalesOrder.date, "shipment_date": SalesOrder.shipment_date}),
        IdFilter(
            {
                "customer_id": SalesOrder.customer_id,
                "estimate_id": SalesOrder.estimate_id,
                "salesperson_id": SalesOrder.salesperson_id,
            }
        ),
        Exact({"zcrm_potential_id": SalesOrder.zcrm_potential_id}),
        Made(line_filters(SalesOrder, SalesOrderLine, SalesOrderLine.sales_order_id)),
    ),
    sorts={
        "customer_name": Contact.contact_name,
        "salesorder_number": SalesOrder.number,
        "reference_number": SalesOrder.reference_number,
        "shipment_date": SalesOrder.shipment_date,
        "date": SalesOrder.date,
        "total": SalesOrder.total,
    },
    sort_column="created_time",
    sort_order="D",
    statuses={
        "Status.All": None,
        "Status.Open": _has_status("open"),
        "Status.Draft": _has_status("draft"),
        "Status.OverDue": _has_status("overdue"),
        "Status.PartiallyInvoiced": _has_status("partially_invoiced"),
        "Status.Invoiced": _has_status("invoiced"),
        "Status.Void": _has_status("void"),
        "Status.Closed": _has_status("invoiced"),
    },
    search=(SalesOrder.number, SalesOrder.reference_number, Contact.contact_name),
    ids_parameter="salesorder_ids",
)
