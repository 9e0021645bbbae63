"""Who and what the lessons are about, and the pages where their steps are done."""

from typing import Any

from simulator.lessons.looks import ran
from simulator.lessons.model import Start, Step

ZOHO_APPS = "/invoice/settings/integrations/zoho-apps"
SETTINGS = "/integration/settings"
HISTORY = "/integration/runs"
PROFILES = "/crm/setup/security-control/profiles"
LAYOUT = "/crm/setup/modules-and-fields/accounts"
CUSTOM_FIELDS = "/invoice/settings/preferences/contacts"
CURRENCIES = "/invoice/settings/currencies"
MAPPING = "/integration/settings/contacts/mapping"
VIEW = "/integration/settings/contacts/view"

CUSTOMERS = "/invoice/contacts"
CRM_ACCOUNTS = "/crm/accounts"
POTENTIALS = "/crm/potentials"
INVOICES = "/invoice/invoices"
ESTIMATES = "/invoice/estimates"
ITEMS = "/invoice/items"
PRODUCTS = "/crm/products"
LINKS = "/integration/links"
DUPLICATES = "/integration/settings/contacts/duplicates"

TOOLS, FOODS = "Larkspur Tools", "Marigold Foods"
IRIS = {"First_Name": "Iris", "Last_Name": "Penhaligon", "Email": "iris@larkspur.example"}
ACCOUNT: dict[str, Any] = {"Account_Name": TOOLS, "Phone": "+1 555 0161", "Billing_City": "Salem"}
INVOICE_TRIGGER = {"triggers": {"document": "invoice"}}
ACCOUNTS = {"contacts": {"module": "accounts"}, "items": {"enabled": False}}
ORDER: dict[str, Any] = {
    "Deal_Name": "Larkspur workshop",
    "Account_Name": {"name": TOOLS},
    "Stage": "Negotiation/Review",
    "Amount": 4200,
}
JOINED = Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT]}, syncs=True)
SYNC = Step("Run an Instant Sync.", ran(), SETTINGS)
