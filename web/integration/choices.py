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

TRIGGERS = (
    Choice(
        "estimate",
        _("Estimate"),
        _("Create an estimate with a potential, mark it accepted when won and declined when lost."),
    ),
    Choice("invoice", _("Invoice"), _("Create/Void Invoice when a Potential is won/lost respectively.")),
    Choice("none", _("None"), _("Nothing happens in Zoho Invoice when a potential changes.")),
)


def labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    """value -> label."""
    return {choice.value: choice.label for choice in choices}
