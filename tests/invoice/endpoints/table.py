"""The whole table."""

from tests.invoice.endpoints import (
    company,
    contacts,
    credit_notes,
    documents,
    estimates,
    invoices,
    items,
    kept_settings,
    payments,
    preferences,
    sales_orders,
    tokens,
)
from tests.invoice.endpoints.rows import Row

AREAS = (
    company, contacts, items, documents, estimates, sales_orders, invoices, credit_notes, payments, kept_settings,
    preferences, tokens,
)  # fmt: skip
ROWS: tuple[Row, ...] = tuple(row for area in AREAS for row in area.ROWS)
#: What needs no token.
OPEN = tuple(row for row in ROWS if row.path.startswith("/oauth/"))
