"""The procedures of the guide as exercises, in its order."""

from simulator.lessons.cast import (
    ACCOUNT,
    ACCOUNTS,
    CRM_ACCOUNTS,
    CUSTOMERS,
    DUPLICATES,
    HISTORY,
    INVOICE_TRIGGER,
    INVOICES,
    ITEMS,
    JOINED,
    LINKS,
    ORDER,
    POTENTIALS,
    PRODUCTS,
    SETTINGS,
    SYNC,
    TOOLS,
    ZOHO_APPS,
)
from simulator.lessons.contacts import CONTACTS
from simulator.lessons.looks import (
    called,
    connected,
    customer,
    document,
    has_key,
    in_crm,
    in_state,
    item,
    ran,
    set_to,
)
from simulator.lessons.model import Lesson, Start, Step
from simulator.lessons.transactions import TRANSACTIONS

GUIDE: tuple[Lesson, ...] = (
    Lesson(
        "connecting",
        "Connect Zoho Invoice to Zoho CRM",
        "Connecting to Zoho CRM",
        "Both products are joined by an email address and a ZSC key.",
        "The key stands for a person of Zoho CRM: he owns whatever Zoho Invoice sends there.",
        Start(),
        (
            Step("Generate a ZSC key in Zoho CRM.", has_key, "/crm/setup/developer-space/apis"),
            Step("Connect in Zoho Invoice with your email address and the key.", connected, ZOHO_APPS),
        ),
    ),
    *CONTACTS,
    Lesson(
        "sync-items",
        "Sync items and products",
        "Sync items",
        "The product Spirit level is an item in Zoho Invoice, the item Site visit a product in Zoho CRM.",
        "Items go to Zoho CRM first; with Sync both ways duplicates fall there.",
        Start(
            settings={"items": {"enabled": False}},
            crm={"Products": [{"Product_Name": "Spirit level", "Unit_Price": 35, "Product_Code": "LV-1"}]},
            items=[{"name": "Site visit", "rate": 90, "sku": "SV-1"}],
        ),
        (
            Step("Switch the sync of items on.", set_to("items", enabled=True), "/integration/settings/items"),
            Step("Let items sync both ways.", set_to("items", extent="both"), "/integration/settings/items"),
            SYNC,
            Step("Find Spirit level among the items.", item("Spirit level"), ITEMS),
            Step("Find Site visit among the products.", in_crm("Products", "Product_Name", "Site visit"), PRODUCTS),
        ),
    ),
    Lesson(
        "invoice-trigger",
        "An invoice for every potential that is won",
        "Entity Triggers",
        "Winning Larkspur workshop makes its invoice; losing it voids the invoice.",
        "Won is a probability of 100 %, lost one of 0 %; the stage's name does not matter.",
        Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT], "Deals": [ORDER]}, syncs=True),
        (
            Step(
                "Set the trigger to Invoice.", set_to("triggers", document="invoice"), "/integration/settings/triggers"
            ),
            Step(
                "Win the potential Larkspur workshop.",
                in_crm("Deals", "Deal_Name", "Larkspur workshop", Probability=100),
                POTENTIALS,
            ),
            Step("Find its invoice.", document("invoices", TOOLS), INVOICES),
            Step(
                "Lose the potential after all.",
                in_crm("Deals", "Deal_Name", "Larkspur workshop", Probability=0),
                POTENTIALS,
            ),
            Step("See its invoice void.", document("invoices", TOOLS, status="void"), INVOICES),
        ),
        needs=INVOICE_TRIGGER,
    ),
    Lesson(
        "instant-sync",
        "Instant Sync",
        "Auto-Sync and other options",
        "A change in Zoho CRM is in Zoho Invoice without waiting for the auto sync.",
        "Auto sync runs every two hours; Instant Sync is for whoever cannot wait.",
        JOINED,
        (
            Step(
                "Change the billing city of Larkspur Tools to Eugene, in Zoho CRM.",
                in_crm("Accounts", "Account_Name", TOOLS, Billing_City="Eugene"),
                CRM_ACCOUNTS,
            ),
            Step("Run an Instant Sync.", ran(outcome="updated"), SETTINGS),
            Step("See Eugene in Zoho Invoice.", customer(TOOLS, billing_address__city="Eugene"), CUSTOMERS),
        ),
    ),
    Lesson(
        "fetch-this-contact",
        "Fetch this contact from Zoho CRM",
        "Auto-Sync and other options",
        "One customer is brought up to date, no other record is touched.",
        "Fetching one contact runs no sync: the history shows it as a run of its own kind.",
        JOINED,
        (
            Step(
                "Change the billing city of Larkspur Tools to Bend, in Zoho CRM.",
                in_crm("Accounts", "Account_Name", TOOLS, Billing_City="Bend"),
                CRM_ACCOUNTS,
            ),
            Step("Fetch this contact on its page in Zoho Invoice.", ran("single"), CUSTOMERS),
            Step("See Bend in Zoho Invoice.", customer(TOOLS, billing_address__city="Bend"), CUSTOMERS),
        ),
    ),
    Lesson(
        "edit-settings",
        "Edit the settings",
        "Auto-Sync and other options",
        "Duplicates are skipped from the next sync on.",
        "New settings are stored for the next sync, automatic or manual; a sync under way keeps its own.",
        Start(settings={"contacts": {"duplicates": "clone"}, "items": {"enabled": False}}),
        (
            Step(
                "Change the handling of duplicates from Clone to Skip.",
                set_to("contacts", duplicates="skip"),
                DUPLICATES,
            ),
            SYNC,
        ),
    ),
    Lesson(
        "pause-and-resume",
        "Pause and resume the sync",
        "Auto-Sync and other options",
        "The sync has stood still and goes on.",
        "Pausing stops auto sync and Instant Sync; what is under way is completed first.",
        JOINED,
        (
            Step("Pause the sync.", in_state("paused"), SETTINGS),
            Step("Resume it.", in_state("active"), SETTINGS),
            SYNC,
        ),
    ),
    Lesson(
        "show-sync-history",
        "Show sync history",
        "Auto-Sync and other options",
        "A failed record is found by its reason, mended and taken once more.",
        "The history says of each record what became of it and why; a retry takes the failed ones only.",
        Start(
            settings={"contacts": {"module": "accounts"}, "items": {"extent": "fetch"}},
            crm={"Products": [{"Product_Name": f"Level {'with a very long name ' * 5}", "Unit_Price": 35}]},
            syncs=True,
        ),
        (
            Step(
                "Open the failed sync in the history and read why the product failed.",
                called("connector", "GET", "/ops", "No sync has been opened in the history yet."),
                HISTORY,
            ),
            Step("Name the product Level, in Zoho CRM.", in_crm("Products", "Product_Name", "Level"), PRODUCTS),
            Step("Retry the failed record.", ran(without="failed"), HISTORY),
            Step("Find Level among the items.", item("Level"), ITEMS),
        ),
    ),
    *TRANSACTIONS,
    Lesson(
        "disable",
        "Disable the integration and reactivate it",
        "Disable Integration",
        "Nothing is synced while it is disabled; afterwards links and settings are as they were.",
        "Disabling forgets nothing: the linked records stay linked.",
        JOINED,
        (
            Step("Disable the integration.", in_state("disabled"), SETTINGS),
            Step("Reactivate it.", in_state("active"), SETTINGS),
            SYNC,
            Step("See Larkspur Tools still linked.", customer(TOOLS), LINKS),
        ),
    ),
)
