"""Import of CSV files into contacts and items."""

from functools import partial

from simulator.csv_import.invoice import FIELDS, InvoiceImport
from simulator.csv_import.reading import Plan
from web.imports.door import OVERWRITTEN, SKIPPED, Door, Into
from web.imports.pages import add_routes
from web.invoice.api import bp, organization
from web.invoice.listings import LISTS
from web.session import invoice_client

#: Invoice has no two records of one name, so none is added as new.
DUPLICATES = (SKIPPED, OVERWRITTEN)


def _open(kind: str) -> Into:
    client = invoice_client()
    client.organization_id = organization().get("organization_id")
    target = InvoiceImport(client, kind, Plan())
    return Into(target, {name: field.label for name, field in target.fields.items()})


for _kind in FIELDS:
    _list = LISTS[_kind]
    add_routes(bp, Door("invoice", _list.endpoint, _list.title, _list.one, DUPLICATES, partial(_open, _kind)))
