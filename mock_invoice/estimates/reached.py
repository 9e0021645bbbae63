"""How far estimates went on their way to cash, whatever they are by now (requirement D2): counted, and listed."""

from decimal import Decimal

from sqlalchemy import ColumnElement, exists

from mock_invoice.estimates.model import Estimate
from mock_invoice.invoices.model import Invoice

_IS_PAID = exists().where(Invoice.estimate_id == Estimate.id, Invoice.state == "sent", Invoice.balance <= Decimal(0))

REACHED: dict[str, ColumnElement[bool]] = {
    "sent": (Estimate.state != "draft") | Estimate.is_invoiced,
    "accepted": (Estimate.state == "accepted") | Estimate.is_invoiced,
    "invoiced": Estimate.is_invoiced.is_(True),
    "paid": _IS_PAID,
}
