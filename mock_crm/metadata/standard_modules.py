"""The standard modules in the order of their tabs: tables that seed a fresh world."""

from mock_crm.metadata.standard_beside import ATTACHMENTS, NOTES
from mock_crm.metadata.standard_inventory import INVOICES, LINE_ITEMS, QUOTES, SALES_ORDERS
from mock_crm.metadata.standard_people import ACCOUNTS, CONTACTS, LEADS
from mock_crm.metadata.standard_selling import DEALS, PRODUCTS

#: Modules of records, which profiles give permissions for.
MODULES = (LEADS, ACCOUNTS, CONTACTS, DEALS, PRODUCTS, QUOTES, SALES_ORDERS, INVOICES, NOTES, ATTACHMENTS)
#: Modules whose records are rows within a record of another module.
SUBFORMS = LINE_ITEMS
