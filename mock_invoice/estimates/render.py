"""Estimates as the API shows them, and their list (invoice-api.md §5.3)."""

from typing import Any

from sqlalchemy import type_coerce
from sqlalchemy.types import BigInteger

from mock_invoice.access import current_organization
from mock_invoice.contacts.model import Contact
from mock_invoice.documents.line_filters import line_filters
from mock_invoice.documents.render import document_detail
from mock_invoice.documents.status import COLORS, estimate_status_sql
from mock_invoice.documents.templates import STANDARD
from mock_invoice.envelope import day_text, id_text, seconds_text, units_number
from mock_invoice.estimates.conversion import made_of
from mock_invoice.estimates.model import Estimate, EstimateLine
from mock_invoice.estimates.reached import REACHED
from mock_invoice.estimates.rules import today
from mock_invoice.filters import Days, Exact, IdFilter, Made, Numbers, Texts
from mock_invoice.invoices.model import Invoice
from mock_invoice.lists import TODAY, Listing, Rows
from mock_invoice.sales_orders.model import SalesOrder
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import values_of


def estimate_detail(estimate: Estimate, custom_fields: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The whole estimate."""
    if custom_fields is None:
        custom_fields = values_of("estimate", [estimate.id])[estimate.id]
    return {
        **document_detail(estimate, estimate.status(today()), custom_fields),
        "estimate_id": str(estimate.id),
        "estimate_number": estimate.number,
        "expiry_date": day_text(estimate.expiry_date),
        "accepted_date": day_text(estimate.accepted_date),
        "declined_date": day_text(estimate.declined_date),
        "estimate_url": "",
        "estimate_type": "",
        "is_transaction_created": estimate.is_invoiced,
        "is_converted_to_open": False,
        "invoice_ids": [str(one.id) for one in made_of(estimate, Invoice)],
        "salesorders": [
            {"salesorder_id": str(one.id), "salesorder_number": one.number, "status": one.status(today())}
            for one in made_of(estimate, SalesOrder)
        ],
        "retainerinvoices": [],
    }


COLUMNS = (
    Estimate.id, Estimate.number, Estimate.customer_id, Estimate.zcrm_potential_id, Estimate.zcrm_potential_name,
    Estimate.reference_number, Estimate.date, Estimate.expiry_date, Estimate.accepted_date,
    Estimate.declined_date, Estimate.currency_id, Estimate.is_viewed_by_client, Estimate.is_emailed,
    Estimate.salesperson_id, Estimate.salesperson_name, Estimate.has_attachment, Estimate.template_id,
    type_coerce(Estimate.total, BigInteger).label("total"),
    type_coerce(Estimate.created_time, BigInteger).label("created"),
    type_coerce(Estimate.last_modified_time, BigInteger).label("modified"),
    estimate_status_sql(Estimate, TODAY).label("status"),
    Contact.contact_name, Contact.company_name, Currency.currency_code,
)  # fmt: skip


def render(rows: Rows, _: None) -> list[dict[str, Any]]:
    zone = current_organization().time_zone
    return [_row(row, zone) for row in rows]


def _row(row: Any, zone: str) -> dict[str, Any]:
    status = row.status
    return {
        "estimate_id": str(row.id),
        "zcrm_potential_id": row.zcrm_potential_id,
        "zcrm_potential_name": row.zcrm_potential_name,
        "customer_name": row.contact_name,
        "customer_id": str(row.customer_id),
        "company_name": row.company_name,
        "status": status,
        "color_code": COLORS[status],
        "current_sub_status_id": "",
        "current_sub_status": status,
        "estimate_number": row.number,
        "reference_number": row.reference_number,
        "date": day_text(row.date),
        "currency_id": str(row.currency_id),
        "currency_code": row.currency_code,
        "total": units_number(row.total),
        "created_time": seconds_text(row.created, zone),
        "last_modified_time": seconds_text(row.modified, zone),
        "accepted_date": day_text(row.accepted_date),
        "declined_date": day_text(row.declined_date),
        "expiry_date": day_text(row.expiry_date),
        "has_attachment": row.has_attachment,
        "is_viewed_by_client": row.is_viewed_by_client,
        "client_viewed_time": "",
        "is_emailed": row.is_emailed,
        "template_type": "standard",
        "template_id": row.template_id or STANDARD,
        "salesperson_id": id_text(row.salesperson_id),
        "salesperson_name": row.salesperson_name,
    }


def _has_status(status: str) -> Any:
    return estimate_status_sql(Estimate, TODAY) == status


ESTIMATES = Listing(
    key="estimates",
    report_name="Quotes",
    model=Estimate,
    columns=COLUMNS,
    render=render,
    joins=((Contact, Contact.id == Estimate.customer_id), (Currency, Currency.id == Estimate.currency_id)),
    filters=(
        Texts(
            {
                "estimate_number": Estimate.number,
                "reference_number": Estimate.reference_number,
                "customer_name": Contact.contact_name,
            }
        ),
        Numbers({"total": Estimate.total}),
        Days({"date": Estimate.date, "expiry_date": Estimate.expiry_date}),
        IdFilter({"customer_id": Estimate.customer_id}),
        Exact({"zcrm_potential_id": Estimate.zcrm_potential_id}),
        Made(line_filters(Estimate, EstimateLine, EstimateLine.estimate_id)),
    ),
    sorts={
        "customer_name": Contact.contact_name,
        "estimate_number": Estimate.number,
        "date": Estimate.date,
        "expiry_date": Estimate.expiry_date,
        "total": Estimate.total,
    },
    sort_column="created_time",
    sort_order="D",
    statuses={
        "Status.All": None,
        "Status.Sent": _has_status("sent"),
        "Status.Draft": _has_status("draft"),
        "Status.Invoiced": _has_status("invoiced"),
        "Status.Accepted": _has_status("accepted"),
        "Status.Declined": _has_status("declined"),
        "Status.Expired": _has_status("expired"),
        # Ours: what the report of sales counts.
        **{f"Reached.{step.capitalize()}": condition for step, condition in REACHED.items()},
    },
    search=(Estimate.number, Estimate.reference_number, Contact.contact_name),
    ids_parameter="estimate_ids",
)
