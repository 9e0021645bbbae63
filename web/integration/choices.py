"""The choices of the settings, with the guide's own labels and explanations."""

from typing import NamedTuple

from web.i18n import _


class Choice(NamedTuple):
    """One option, as the guide explains it."""

    value: str
    label: str
    explanation: str = ""


MODULES = (
    Choice(
        "accounts",
        _("Accounts"),
        _(
            "Only the Accounts in Zoho CRM will be available for integration. They will be synced to Contacts in "
            "Zoho Invoice."
        ),
    ),
    Choice(
        "contacts",
        _("Contacts"),
        _(
            "Only the Contacts in Zoho CRM will be available for integration. They will be synced to Contacts in "
            "Zoho Invoice."
        ),
    ),
    Choice(
        "accounts_and_contacts",
        _("Accounts and their Contacts"),
        _(
            "The Accounts in Zoho CRM will be synced to Contacts in Zoho Invoice, while the Contacts from Zoho CRM "
            "will be synced to Contact persons in Zoho Invoice. Contacts which are not associated with any account "
            "are not synced."
        ),
    ),
)

EXTENTS = (
    Choice(
        "fetch",
        _("Fetch from CRM"),
        _(
            "Zoho CRM accounts/contacts will be imported as Zoho Invoice contacts/contact persons. However, no Zoho "
            "Invoice data will be exported to Zoho CRM."
        ),
    ),
    Choice(
        "both",
        _("Sync both ways"),
        _("Zoho CRM accounts/contacts will be imported to Zoho Invoice and vice versa."),
    ),
)

ITEM_EXTENTS = (
    Choice(
        "fetch",
        _("Fetch from CRM"),
        _(
            "Zoho CRM products will be imported as Zoho Invoice items. However, no Zoho Invoice data will be exported "
            "to Zoho CRM."
        ),
    ),
    Choice(
        "both",
        _("Sync both ways"),
        _("Zoho Invoice items will be exported as Zoho CRM products and vice versa."),
    ),
)

DUPLICATES = (
    Choice("clone", _("Clone"), _("The record is cloned and both the original and duplicate records exist.")),
    Choice("overwrite", _("Overwrite"), _("The duplicate record overwrites the existing record.")),
    Choice("skip", _("Skip"), _("The duplicate record is not synced and the existing record is retained.")),
)

BY_NAME = Choice(
    "name", _("Name"), _("Records of the same name are duplicates; capitals and surrounding spaces do not count.")
)
CONTACTS_MATCHED_BY = (
    BY_NAME,
    Choice(
        "email",
        _("Email"),
        _("Records of the same email address are duplicates, whatever their names; one without any has no duplicates."),
    ),
)
ITEMS_MATCHED_BY = (
    BY_NAME,
    Choice(
        "sku",
        _("SKU"),
        _(
            "A product whose code is the SKU of an item is its duplicate, whatever their names; one without any has no "
            "duplicates. Such items cannot be cloned: Zoho Invoice takes each SKU only once."
        ),
    ),
)

TRIGGERS = (
    Choice(
        "estimate",
        _("Estimate"),
        _("Create an estimate with a potential, mark it accepted when won and declined when lost."),
    ),
    Choice("invoice", _("Invoice"), _("Create/Void Invoice when a Potential is won/lost respectively.")),
    Choice("none", _("None"), _("Nothing happens in Zoho Invoice when a potential changes.")),
)

#: Act of the estimate trigger -> its label, and when it may happen where no stage is named (requirement G1).
TRIGGER_STAGES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "create": (
        _("Create the estimate"),
        (("created", _("When the potential is created")), ("won", _("When its probability becomes 100"))),
    ),
    "accept": (_("Mark it accepted"), (("won", _("When its probability becomes 100")),)),
    "decline": (_("Mark it declined"), (("lost", _("When its probability becomes 0")),)),
}

CONFLICTS = (
    Choice("crm", _("Zoho CRM wins"), _("Where both sides changed the same field, the value of Zoho CRM stands.")),
    Choice(
        "invoice",
        _("Zoho Invoice wins"),
        _("Where both sides changed the same field, the value of Zoho Invoice stands."),
    ),
)

DELETED_IN_INVOICE = (
    Choice(
        "detach", _("Keep it in Zoho CRM"), _("The pair is unlinked and stays listed; nothing is deleted in Zoho CRM.")
    ),
    Choice(
        "delete",
        _("Delete it in Zoho CRM too"),
        _("The record goes to the recycle bin of Zoho CRM with the next sync."),
    ),
)


def labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    """value -> label."""
    return {choice.value: choice.label for choice in choices}
