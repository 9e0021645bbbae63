"""All pages of the CRM's workspace."""

from web.crm import keys, records

#: Modules that add their routes to the one blueprint.
PARTS = (keys, records)

blueprints = (records.bp,)
