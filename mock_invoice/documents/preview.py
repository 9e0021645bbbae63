"""What a document would come to before it is saved.

Ours: the vendor's editor adds up in the browser; the screens of this simulator ask here, so that there is one
calculation.
"""

from typing import Any

from flask import Blueprint, Response

from mock_invoice import state
from mock_invoice.access import base_currency, needs
from mock_invoice.documents import compose
from mock_invoice.documents.model import Document
from mock_invoice.documents.render import shown_discount, shown_line, shown_taxes
from mock_invoice.documents.schema import DocumentSchema
from mock_invoice.envelope import success
from mock_invoice.invoices.model import Invoice
from mock_invoice.openapi.words import sent, told
from mock_invoice.parsing import json_body
from simulator.app import reads_only
from simulator.openapi import documented

bp = Blueprint("preview", __name__)

DOCUMENT = DocumentSchema()


@bp.post("/invoices/totals")
@reads_only
@documented(body=sent(DOCUMENT), _200=told(totals="Totals"))
@needs("invoices.CREATE")
def show_totals() -> Response:
    """Ours: adds up an estimate, a sales order or an invoice that is being written. Nothing is saved."""
    document = Invoice()  # all kinds add up alike
    compose.sketch(document, DOCUMENT.load(json_body()))
    return success(totals=totals_of(document))


def totals_of(document: Document) -> dict[str, Any]:
    currency = state.current().currencies[document.currency_id]
    rate, places = document.exchange_rate, base_currency().price_precision
    lines = [shown_line(line, rate, places, document.is_inclusive_tax) for line in document.lines]
    return {
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "price_precision": currency.price_precision,
        "exchange_rate": rate,
        "discount": shown_discount(document.discount),
        "discount_type": document.discount_type,
        "discount_total": document.discount_total,
        "line_items": [{**line, "line_item_id": ""} for line in lines],
        "sub_total": document.sub_total,
        "shipping_charge": document.shipping_charge,
        "adjustment": document.adjustment,
        "taxes": shown_taxes(document),
        "tax_total": document.tax_total,
        "total": document.total,
    }
