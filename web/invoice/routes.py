"""All pages of the Invoice workspace."""

from web.invoice import integrations, lists, records
from web.invoice.api import bp

#: Modules that add their routes to the one blueprint.
PARTS = (integrations, lists, records)

blueprints = (bp,)
