"""Sync contacts, the guide's longest chapter, as exercises: module, extent, view, mapping and currencies."""

from simulator.lessons.cast import (
    ACCOUNT,
    ACCOUNTS,
    CRM_ACCOUNTS,
    CURRENCIES,
    CUSTOM_FIELDS,
    CUSTOMERS,
    DUPLICATES,
    FOODS,
    HISTORY,
    IRIS,
    LAYOUT,
    MAPPING,
    SETTINGS,
    SYNC,
    TOOLS,
    VIEW,
)
from simulator.lessons.looks import customer, in_crm, no_customer, person_of, ran, set_to
from simulator.lessons.looks_at_fields import currency, field_in_crm, mapped, own_field, view_by, view_chosen
from simulator.lessons.model import Lesson, Start, Step

CHAPTER = "Sync contacts"
BOX, TIER = "Zoho Invoice", "Loyalty tier"

CONTACTS: tuple[Lesson, ...] = (
    Lesson(
        "sync-contacts",
        "Sync accounts and their contacts",
        CHAPTER,
        "Larkspur Tools is a customer in Zoho Invoice, Iris Penhaligon its contact person.",
        "With “Accounts and their Contacts” a CRM account becomes a customer, its contacts his contact persons.",
        Start(
            settings={"items": {"enabled": False}},
            crm={"Accounts": [ACCOUNT], "Contacts": [{**IRIS, "Account_Name": {"name": TOOLS}}]},
        ),
        (
            Step(
                "Choose the module Accounts and their Contacts.",
                set_to("contacts", module="accounts_and_contacts"),
                "/integration/settings/contacts/module",
            ),
            Step(
                "Let duplicates be overwritten.",
                set_to("contacts", duplicates="overwrite"),
                DUPLICATES,
            ),
            SYNC,
            Step("Find Larkspur Tools in Zoho Invoice.", customer(TOOLS), CUSTOMERS),
            Step("Find Iris Penhaligon under it.", person_of(TOOLS, "Penhaligon"), CUSTOMERS),
        ),
    ),
    Lesson(
        "sync-both-ways",
        "Sync both ways",
        "Extent of the sync",
        "Marigold Foods, so far known in Zoho Invoice only, is an account in Zoho CRM.",
        "Fetch from CRM never writes the CRM; Sync both ways exports what Zoho Invoice alone has.",
        Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT]}, customers=[{"contact_name": FOODS}]),
        (
            Step(
                "Set the extent to Sync both ways.",
                set_to("contacts", extent="both"),
                "/integration/settings/contacts/extent",
            ),
            SYNC,
            Step("Find Marigold Foods in Zoho CRM.", in_crm("Accounts", "Account_Name", FOODS), CRM_ACCOUNTS),
        ),
    ),
    Lesson(
        "view",
        "Create a view for Zoho Invoice",
        CHAPTER,
        "Of two accounts only Larkspur Tools, whose box Zoho Invoice is ticked, is a customer.",
        "A sync takes the records of a view; what leaves the view later stays where it is and is no longer synced.",
        Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT, {"Account_Name": FOODS}]}),
        (
            Step(
                "Put a checkbox with the label Zoho Invoice onto the layout of Accounts.",
                field_in_crm("Accounts", BOX, "boolean"),
                LAYOUT,
            ),
            Step(
                "Tick it for Larkspur Tools.",
                in_crm("Accounts", "Account_Name", TOOLS, Zoho_Invoice=True),
                CRM_ACCOUNTS,
            ),
            Step("Create a view of the accounts whose Zoho Invoice is true.", view_by("Accounts", BOX), CRM_ACCOUNTS),
            Step("Choose that view for the sync.", view_chosen("Accounts", BOX), VIEW),
            SYNC,
            Step("Find Larkspur Tools in Zoho Invoice.", customer(TOOLS), CUSTOMERS),
            Step("See that Marigold Foods is not there.", no_customer(FOODS), CUSTOMERS),
        ),
    ),
    Lesson(
        "custom-field",
        "Map a custom field",
        CHAPTER,
        "The loyalty tier of Larkspur Tools, a field of your own in Zoho CRM, is seen in Zoho Invoice.",
        "What fits none of the default fields needs a custom field of contacts there first; there are ten at most.",
        Start(
            settings=ACCOUNTS,
            fields={"Accounts": [{"field_label": TIER, "data_type": "text", "length": 100}]},
            crm={"Accounts": [{**ACCOUNT, "Loyalty_tier": "Gold"}]},
        ),
        (
            Step("Create the custom field Loyalty tier of contacts, in Zoho Invoice.", own_field(TIER), CUSTOM_FIELDS),
            Step("Map Loyalty tier to it.", mapped("account", "Loyalty_tier", TIER), MAPPING),
            SYNC,
            Step("See Gold in Zoho Invoice.", customer(TOOLS, custom_field_hash__cf_loyalty_tier="Gold"), CUSTOMERS),
        ),
    ),
    Lesson(
        "multicurrency",
        "Accounts in several currencies",
        CHAPTER,
        "Larkspur Tools, an account in Swiss francs, is a customer in Swiss francs.",
        "The base currency has to be the same on both sides; each other currency has to be known to Zoho Invoice.",
        Start(
            settings=ACCOUNTS,
            currencies=[{"name": "Swiss Franc - CHF", "iso_code": "CHF", "symbol": "CHF", "exchange_rate": "0.88"}],
            crm={"Accounts": [{**ACCOUNT, "Currency": "CHF"}]},
        ),
        (
            Step("Run an Instant Sync: the account is not taken.", ran(outcome="failed"), SETTINGS),
            Step("Add the Swiss franc to the currencies, in Zoho Invoice.", currency("CHF"), CURRENCIES),
            Step("Retry the failed record.", ran(without="failed"), HISTORY),
            Step("See Larkspur Tools in Swiss francs.", customer(TOOLS, currency_code="CHF"), CUSTOMERS),
        ),
    ),
)
