"""All pages of the integration."""

from web.integration import connect, contacts, dashboard, history, running, settings
from web.integration.blueprint import bp

#: The modules above add their routes to the one blueprint.
PARTS = (connect, contacts, dashboard, history, running, settings)

blueprints = (bp,)
