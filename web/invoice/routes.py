"""All pages of the Invoice workspace."""

from web.invoice import (
    contacts,
    credit_notes,
    crm_side,
    custom_fields,
    documents,
    editor,
    imports,
    integrations,
    items,
    lists,
    mails,
    papers,
    preferences,
    records,
    recurring,
)
from web.invoice.api import bp

#: Modules that add their routes to the one blueprint.
PARTS = (
    contacts,
    credit_notes,
    crm_side,
    custom_fields,
    documents,
    editor,
    imports,
    integrations,
    items,
    lists,
    mails,
    papers,
    preferences,
    records,
    recurring,
)

blueprints = (bp,)
