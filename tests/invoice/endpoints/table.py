"""The whole table."""

from tests.invoice.endpoints import documents
from tests.invoice.endpoints.rows import Row

AREAS = (documents,)
ROWS: tuple[Row, ...] = tuple(row for area in AREAS for row in area.ROWS)
#: What needs no token.
OPEN = tuple(row for row in ROWS if row.path.startswith("/oauth/"))
