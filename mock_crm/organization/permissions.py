"""What a profile can allow: the boxes by name, and which of them the standard profiles tick.

Names of module permissions are the vendor's (crm-api.md §5.7). Those of the Zoho Invoice group and of Setup are not
public: they are ours, in the same style.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mock_crm.metadata.standard_modules import MODULES

#: Internal names of the modules in permission names; Deals still go by their old one (crm-api.md §5.7).
OLD_NAMES = {"Deals": "Potentials", "Sales_Orders": "SalesOrders"}
MODULE_NAMES = {module.api_name: OLD_NAMES.get(module.api_name, module.api_name) for module in MODULES}
#: Notes and attachments go with the records they stand beside, so that every profile has them.
BESIDE = {"Notes": "VCED", "Attachments": "VCED"}
ACTS = ("View", "Create", "Edit", "Delete")
INVOICE_DOCUMENTS = {"Estimates": "Estimate", "Sales_Orders": "Sales Order", "Invoices": "Invoice"}
INVOICE_ACTS = {"Create_Edit": "Create and Edit", "View": "View", "Email": "Email"}
INVOICE_SUMMARY = "Crm_Implied_Zoho_Invoice_Receivables_Payables_Summary"
ADMINISTRATOR = "Administrator"

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"
MANAGE_USERS = "Crm_Implied_Manage_Users"
MANAGE_PROFILES = "Crm_Implied_Manage_Profiles"
MANAGE_CURRENCIES = "Crm_Implied_Manage_Currencies"
#: From memory.
MANAGE_ROLES = "Crm_Implied_Manage_Roles"
DEVELOPER_SPACE = "Crm_Implied_Developer_Space"
SETUP = {
    CUSTOMIZE: "Customize Zoho CRM",
    MANAGE_USERS: "Manage Users",
    MANAGE_PROFILES: "Manage Profiles",
    MANAGE_ROLES: "Manage Roles",
    MANAGE_CURRENCIES: "Manage Currencies",
    DEVELOPER_SPACE: "Developer Space",
}


@dataclass(frozen=True)
class Permission:
    """One box: where it stands on the profile's page and what it is called there."""

    name: str
    label: str
    section: str
    category: str
    module: str | None = None


def module_permission(module: str, act: str) -> str:
    """The permission to do an act with a module's records, by the module's internal name in the sheet's style.

    Custom modules go by their api_name here (the vendor numbers them: `CustomModule3`).
    """
    return f"Crm_Implied_{act}_{MODULE_NAMES.get(module, module)}"


def invoice_permission(act: str, documents: str) -> str:
    """The permission of P2 for an act with estimates, sales orders or invoices of Zoho Invoice (our name)."""
    return f"Crm_Implied_Zoho_Invoice_{act}_{documents}"


def module_permissions(module: str, internal: str) -> list[Permission]:
    """The boxes of a module; `internal` names their category."""
    return [Permission(module_permission(module, act), act, "module", internal, module) for act in ACTS]


def _catalogue() -> list[Permission]:
    modules = [box for module, internal in MODULE_NAMES.items() for box in module_permissions(module, internal)]
    invoice = [
        Permission(invoice_permission(act, documents), f"{words} {singular}", "tool", "ZohoInvoice")
        for documents, singular in INVOICE_DOCUMENTS.items()
        for act, words in INVOICE_ACTS.items()
    ]
    summary = Permission(INVOICE_SUMMARY, "Receivables and Payables Summary", "tool", "ZohoInvoice")
    setup = [Permission(name, label, "setup", "Setup") for name, label in SETUP.items()]
    return [*modules, *invoice, summary, *setup]


PERMISSIONS = _catalogue()
BY_NAME = {permission.name: permission for permission in PERMISSIONS}


def _allows(acts: dict[str, str], invoice_acts: str, summary: bool) -> Callable[[Permission], bool]:
    """A profile's rule: per module the first letters of the acts allowed, likewise for Zoho Invoice documents."""
    allowed = {
        module_permission(module, act) for module, letters in acts.items() for act in ACTS if act[0] in letters
    } | {
        invoice_permission(act, documents)
        for documents in INVOICE_DOCUMENTS
        for act in INVOICE_ACTS
        if act[0] in invoice_acts
    }
    if summary:
        allowed.add(INVOICE_SUMMARY)
    return lambda permission: permission.name in allowed


#: Standard profiles: name, description, whether made by the company, and what is ticked at first.
STANDARD_PROFILES: list[tuple[str, str, bool, Callable[[Permission], bool]]] = [
    (ADMINISTRATOR, "This profile will have all the permissions.", False, lambda _: True),
    (
        "Standard",
        "This profile will have all the permissions except administrative privileges.",
        False,
        _allows(dict.fromkeys(MODULE_NAMES, "VCED"), "CVE", True),
    ),
    (
        "Sales",
        "Sellers: leads, accounts, contacts, potentials and their documents; products to look at.",
        True,
        _allows(
            {
                **dict.fromkeys(("Leads", "Accounts", "Contacts", "Deals", "Quotes", "Sales_Orders"), "VCE"),
                **dict.fromkeys(("Products", "Invoices"), "V"),
                **BESIDE,
            },
            "CV",
            False,
        ),
    ),
    (
        "Marketing",
        "Marketing: people and companies; potentials and products to look at.",
        True,
        _allows(
            {
                **dict.fromkeys(("Leads", "Accounts", "Contacts"), "VCE"),
                **dict.fromkeys(("Deals", "Products"), "V"),
                **BESIDE,
            },
            "V",
            False,
        ),
    ),
    (
        "Support",
        "Support: people and companies, no potentials.",
        True,
        _allows({"Accounts": "VE", "Contacts": "VE", "Products": "V", **BESIDE}, "", False),
    ),
]
