"""The whole table."""

from tests.invoice.endpoints import (
    company,
    contact_persons,
    contacts,
    credit_notes,
    document_doors,
    documents,
    estimates,
    invoices,
    items,
    kept_settings,
    payments,
    preferences,
    recurring_invoices,
    refunds,
    sales_orders,
    tokens,
)
from tests.invoice.endpoints.rows import UNPREFIXED, Row

AREAS = (
    company, contacts, contact_persons, items, documents, document_doors, estimates, sales_orders, invoices,
    credit_notes, recurring_invoices, payments, refunds, kept_settings, preferences, tokens,
)  # fmt: skip
ROWS: tuple[Row, ...] = tuple(row for area in AREAS for row in area.ROWS)
#: What needs no token.
OPEN = tuple(row for row in ROWS if row.path.startswith(UNPREFIXED))
