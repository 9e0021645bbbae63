"""The hidden field by which a connected product finds its own records again (sync.md §5).

Made when the ZSC key is exchanged: unique, not listed, not counted among the custom fields. The vendor's is not public.
"""

from mock_crm import state
from mock_crm.database import insert_rows
from mock_crm.metadata.model import FieldRow
from mock_crm.metadata.seed import field_row
from mock_crm.metadata.standard import Standard
from simulator import clock, ids

NAME = "Zoho_Invoice_ID"
MODULES = ("Accounts", "Contacts", "Products")
FIELD = Standard(NAME, "Zoho Invoice ID", "text", 120)


def add_sync_fields() -> None:
    """Adds the field where it is not there yet."""
    missing = [name for name in MODULES if NAME not in state.catalog().modules[name].fields]
    if not missing:
        return
    now = int(clock.now().timestamp())
    rows = [
        field_row(name, FIELD, number, is_unique=True, is_hidden=True, created_time=now)
        for name, number in zip(missing, ids.new_ids(len(missing)), strict=True)
    ]
    insert_rows(FieldRow, rows)
    state.changed()
