"""What a profile can allow: the boxes by name, and which of them the standard profiles tick.

Names of module permissions are the vendor's (crm-api.md §5.7). Those of the Zoho Invoice group and of Setup are not
public: they are ours, in the same style.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mock_crm.metadata.standard_modules import MODULES

#: Internal names of the modules in permission names; Deals still go by their old one (crm-api.md §5.7).
OLD_NAMES = {"Deals": "Potentials"}
MODULE_NAMES = {module.api_name: OLD_NAMES.get(module.api_name, module.api_name) for module in MODULES}
ACTS = ("View", "Create", "Edit", "Delete")
INVOICE_DOCUMENTS = {"Estimates": "Estimate", "Sales_Orders": "Sales Order", "Invoices": "Invoice"}
INVOICE_ACTS = {"Create_Edit": "Create and Edit", "View": "View", "Email": "Email"}
INVOICE_SUMMARY = "Crm_Implied_Zoho_Invoice_Receivables_Payables_Summary"
ADMINISTRATOR = "Administrator"

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"
MANAGE_USERS = "Crm_Implied_Manage_Users"
MANAGE_PROFILES = "Crm_Implied_Manage_Profiles"
DEVELOPER_SPACE = "Crm_Implied_Developer_Space"
SETUP = {
    CUSTOMIZE: "Customize Zoho CRM",
    MANAGE_USERS: "Manage Users",
    MANAGE_PROFILES: "Manage Profiles",
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
    """The permission to do an act with a module's records, by the module's internal name in the sheet's style."""
    return f"Crm_Implied_{act}_{MODULE_NAMES.get(module, module)}"


def invoice_permission(act: str, documents: str) -> str:
    """The permission of P2 for an act with estimates, sales orders or invoices of Zoho Invoice (our name)."""
    return f"Crm_Implied_Zoho_Invoice_{act}_{documents}"


def _catalogue() -> list[Permission]:
    modules = [
        Permission(module_permission(module, act), act, "module", internal, module)
        for module, internal in MODULE_NAMES.items()
        for act in ACTS
    ]
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
        "Sellers: accounts, contacts and potentials; products to look at.",
        True,
        _allows({"Accounts": "VCE", "Contacts": "VCE", "Deals": "VCE", "Products": "V"}, "CV", False),
    ),
    (
        "Marketing",
        "Marketing: people and companies; potentials and products to look at.",
        True,
        _allows({"Accounts": "VCE", "Contacts": "VCE", "Deals": "V", "Products": "V"}, "V", False),
    ),
    (
        "Support",
        "Support: people and companies, no potentials.",
        True,
        _allows({"Accounts": "VE", "Contacts": "VE", "Products": "V"}, "", False),
    ),
]
