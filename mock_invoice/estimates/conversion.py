"""Making sales orders and invoices of estimates (invoice-api.md §5.4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select

from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.documents.model import Document
from mock_invoice.documents.status import INVOICEABLE_ESTIMATES
from mock_invoice.errors import InvalidValue, StatusRefused
from mock_invoice.estimates.model import Estimate
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.sales_orders.model import SalesOrder
from simulator import clock

#: What a conversion carries over unless the body says otherwise (L6).
CARRIED = ("zcrm_potential_id", "zcrm_potential_name", "crm_owner_id", "reference_number", "salesperson_id")
#: What it carries where it takes the lines over.
CARRIED_SUMS = (
    "currency_id", "exchange_rate", "discount", "discount_type", "is_discount_before_tax", "is_inclusive_tax",
    "shipping_charge", "shipping_charge_tax_id", "tax_id", "adjustment", "adjustment_description",
)  # fmt: skip
LINE_KEYS = ("item_id", "name", "description", "unit", "rate", "quantity", "discount", "tax_id", "item_order")


def estimate_to_convert(body: dict[str, Any], key: str, target: str) -> Estimate | None:
    """The estimate that a body names; customer, potential and reference go over from it.

    Raises:
        StatusRefused: a draft, declined or already converted one.
        InvalidValue: the body names another customer than the estimate's.
    """
    if not body.get(key):
        return None
    estimate = find(Estimate, body[key], "Quote")
    status = estimate.status(clock.today(current_organization().time_zone))
    if status not in INVOICEABLE_ESTIMATES:
        raise StatusRefused(f"This quote cannot be converted to {target}, as it is {status}.")
    carry(body, estimate)
    return estimate


def carry(body: dict[str, Any], source: Document) -> None:
    """Fills a body with what a conversion takes over from its source."""
    if body.get("customer_id") not in (None, source.customer_id):
        raise InvalidValue("customer_id")
    body["customer_id"] = source.customer_id
    if body.get("salesperson_name"):
        body.setdefault("salesperson_id", None)
    for key in CARRIED:
        body.setdefault(key, getattr(source, key))


def lines_of(source: Document) -> list[dict[str, Any]]:
    return [{key: getattr(line, key) for key in LINE_KEYS} for line in source.lines]


def reopen_estimate(estimate_id: int | None) -> None:
    """An estimate is open again once nothing that was made of it is left. [DESIGN]"""
    if estimate_id is None:
        return
    made = (exists().where(model.estimate_id == estimate_id) for model in (Invoice, SalesOrder))
    if not any(db.session.scalar(select(one)) for one in made):
        estimate = find(Estimate, estimate_id)
        estimate.is_invoiced = False
        estimate.touch()


def made_of(estimate: Estimate, model: Any) -> Sequence[Any]:
    """The orders or invoices that an estimate was converted into."""
    if not estimate.is_invoiced:
        return ()
    return db.session.scalars(select(model).where(model.estimate_id == estimate.id).order_by(model.id)).all()
