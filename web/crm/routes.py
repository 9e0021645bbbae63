"""All pages of the CRM's workspace."""

from web.crm import blueprint, board, editing, home, imports, lookups, records, recycle_bin, section, views
from web.crm.setup import currencies, keys, layouts, people, stages

#: Modules that add their routes to the one blueprint.
PARTS = (
    board,
    currencies,
    editing,
    home,
    imports,
    keys,
    layouts,
    lookups,
    people,
    records,
    recycle_bin,
    section,
    stages,
    views,
)

blueprints = (blueprint.bp,)
