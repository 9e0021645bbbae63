"""What goes wrong in the real product and its cousins (sync.md), each as an exercise."""

from typing import Any

from simulator.lessons.cast import (
    ACCOUNT,
    ACCOUNTS,
    CRM_ACCOUNTS,
    CUSTOMERS,
    DUPLICATES,
    FOODS,
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
)
from simulator.lessons.looks import (
    all_of,
    customer,
    document,
    in_crm,
    in_state,
    item,
    linked,
    one_customer,
    person_of,
    ran,
    set_to,
)
from simulator.lessons.model import Lesson, Start, Step

CHAPTER = "What goes wrong"
THISTLE, THISTLE_LIMITED = "Thistle & Sons Ltd", "Thistle & Sons Limited"
LONG_NAME = f"Plumb line {'of the very long kind ' * 5}".strip()
WON: dict[str, Any] = {"Probability": 100}
LOST: dict[str, Any] = {"Probability": 0}

FAILURES: tuple[Lesson, ...] = (
    Lesson(
        "nearly-the-same-name",
        "Nearly the same name",
        CHAPTER,
        "Thistle & Sons Ltd and Thistle & Sons Limited are one pair after the first sync.",
        "Records are paired by exactly the same name; what looks the same only is made twice.",
        Start(
            settings=ACCOUNTS,
            crm={"Accounts": [{"Account_Name": THISTLE}]},
            customers=[{"contact_name": THISTLE_LIMITED}],
        ),
        (
            Step("Preview the sync: a second customer would be made.", ran("dry"), SETTINGS),
            Step(f"Name the customer {THISTLE} too, in Zoho Invoice.", customer(THISTLE), CUSTOMERS),
            Step("Choose Overwrite for duplicates.", set_to("contacts", duplicates="overwrite"), DUPLICATES),
            SYNC,
            Step("See one customer, linked.", all_of(one_customer(THISTLE), linked(THISTLE, THISTLE)), LINKS),
        ),
    ),
    Lesson(
        "overlap-at-the-first-run",
        "Overlap at the first run",
        CHAPTER,
        "Larkspur Tools, which both products know, is one linked pair and stays one customer.",
        "With Skip the twin stays as it is and unlinked; Overwrite links the two. The preview tells it before.",
        Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT]}, customers=[{"contact_name": TOOLS}]),
        (
            Step("Preview the sync: the duplicate would be skipped.", ran("dry"), SETTINGS),
            Step(
                "Choose Overwrite for duplicates.",
                set_to("contacts", duplicates="overwrite"),
                DUPLICATES,
            ),
            SYNC,
            Step("See one customer, linked.", all_of(one_customer(TOOLS), linked(TOOLS, TOOLS)), LINKS),
        ),
    ),
    Lesson(
        "reconnected",
        "Disconnected and connected again",
        CHAPTER,
        "After the integration was off and on again, Larkspur Tools is still one customer.",
        "The links outlive the connection. Where they are thrown away, every record is doubled.",
        JOINED,
        (
            Step("Disable the integration.", in_state("disabled"), SETTINGS),
            Step("Reactivate it.", in_state("active"), SETTINGS),
            SYNC,
            Step("See one customer, linked.", all_of(one_customer(TOOLS), linked(TOOLS, TOOLS)), LINKS),
        ),
    ),
    Lesson(
        "edit-overwritten",
        "An edit in Zoho Invoice is overwritten",
        CHAPTER,
        "The city somebody entered in Zoho Invoice was overwritten by a sync, and is brought back.",
        "With Fetch from CRM the CRM's value wins. The history keeps the old one, so the sync can be undone.",
        JOINED,
        (
            Step(
                "Enter Bend as the billing city of Larkspur Tools, in Zoho Invoice.",
                customer(TOOLS, billing_address__city="Bend"),
                CUSTOMERS,
            ),
            Step(
                "Enter Eugene in Zoho CRM.",
                in_crm("Accounts", "Account_Name", TOOLS, Billing_City="Eugene"),
                CRM_ACCOUNTS,
            ),
            Step("Run an Instant Sync.", ran(outcome="updated"), SETTINGS),
            Step("Undo that sync, from its page in the history.", ran("undo"), HISTORY),
            Step("See Bend again.", customer(TOOLS, billing_address__city="Bend"), CUSTOMERS),
        ),
    ),
    Lesson(
        "customer-not-there-yet",
        "The customer does not exist yet",
        CHAPTER,
        "A potential of a brand new account is won, and its invoice is made before any sync.",
        "The trigger brings the account along; it does not wait two hours for the auto sync.",
        Start(settings={**ACCOUNTS, **INVOICE_TRIGGER}, syncs=True),
        (
            Step(
                "Add the account Marigold Foods in Zoho CRM.",
                in_crm("Accounts", "Account_Name", FOODS),
                CRM_ACCOUNTS,
            ),
            Step(
                "Add its potential Marigold kitchen and win it.",
                in_crm("Deals", "Deal_Name", "Marigold kitchen", **WON),
                POTENTIALS,
            ),
            Step("Find the customer and the invoice in Zoho Invoice.", document("invoices", FOODS), INVOICES),
        ),
        needs=INVOICE_TRIGGER,
    ),
    Lesson(
        "required-field-missing",
        "A required field is missing",
        CHAPTER,
        "A contact person without a last name fails; with one he arrives in Zoho CRM.",
        "Zoho CRM wants a last name, Zoho Invoice does not. The reason says which record and field.",
        Start(
            settings={"contacts": {"module": "accounts_and_contacts", "extent": "both"}, "items": {"enabled": False}},
            customers=[
                {"contact_name": FOODS, "contact_persons": [{"first_name": "Rosa", "email": "rosa@marigold.example"}]}
            ],
        ),
        (
            Step("Run an Instant Sync: one record fails.", ran(outcome="failed"), SETTINGS),
            Step("Give Rosa the last name Quince, in Zoho Invoice.", person_of(FOODS, "Quince"), CUSTOMERS),
            Step("Sync or retry until nothing fails.", ran(without="failed"), HISTORY),
            Step("Find Rosa Quince in Zoho CRM.", in_crm("Contacts", "Last_Name", "Quince"), "/crm/contacts"),
        ),
    ),
    Lesson(
        "name-too-long",
        "A name that the other side does not take",
        CHAPTER,
        "A product whose name is too long for Zoho Invoice is shortened and arrives.",
        "Each side has limits of its own; the sync tells them record by record and goes on with the others.",
        Start(
            settings={"contacts": {"module": "accounts"}},
            crm={"Products": [{"Product_Name": LONG_NAME, "Unit_Price": 12}]},
        ),
        (
            Step("Run an Instant Sync: one record fails.", ran(outcome="failed"), SETTINGS),
            Step("Name it Plumb line, in Zoho CRM.", in_crm("Products", "Product_Name", "Plumb line"), PRODUCTS),
            Step("Sync or retry until nothing fails.", ran(without="failed"), HISTORY),
            Step("Find Plumb line among the items.", item("Plumb line"), ITEMS),
        ),
    ),
    Lesson(
        "no-email",
        "Contacts without an email address",
        CHAPTER,
        "A contact person without an address is there once, however often one syncs.",
        "An empty key matches nothing: what was synced is known by its link, not by its address.",
        Start(
            settings={"contacts": {"module": "accounts_and_contacts"}, "items": {"enabled": False}},
            crm={"Accounts": [ACCOUNT], "Contacts": [{"Last_Name": "Fennel", "Account_Name": {"name": TOOLS}}]},
        ),
        (
            Step("Run an Instant Sync.", ran(outcome="added"), SETTINGS),
            Step(
                "Sync once more.",
                lambda sight: None if len(sight.runs("instant")) > 1 else "Only one sync has run yet.",
                SETTINGS,
            ),
            Step("Find Fennel once under Larkspur Tools.", person_of(TOOLS, "Fennel"), CUSTOMERS),
        ),
    ),
    Lesson(
        "lost-answer",
        "A lost answer",
        CHAPTER,
        "Zoho Invoice makes the customer, its answer is lost, and there is still only one.",
        "Each create carries a key; before it is sent again the connector looks for what the first try has made.",
        Start(
            settings=ACCOUNTS,
            crm={"Accounts": [ACCOUNT]},
            faults={"invoice": {"kind": "cut", "when": "after", "method": "POST", "path": "/contacts$", "times": 1}},
        ),
        (
            Step("Run an Instant Sync while the fault is on.", ran(), SETTINGS),
            Step("See one customer, linked.", all_of(one_customer(TOOLS), linked(TOOLS, TOOLS)), LINKS),
        ),
    ),
    Lesson(
        "no-longer-managed",
        "An invoice that was sent",
        CHAPTER,
        "An invoice that was marked as sent stays as it is, whatever becomes of its potential.",
        "From Sent on the trigger lets go: the customer may hold the paper already.",
        Start(settings={**ACCOUNTS, **INVOICE_TRIGGER}, crm={"Accounts": [ACCOUNT], "Deals": [ORDER]}, syncs=True),
        (
            Step(
                "Win the potential Larkspur workshop.",
                in_crm("Deals", "Deal_Name", "Larkspur workshop", **WON),
                POTENTIALS,
            ),
            Step("Mark its invoice as sent.", document("invoices", TOOLS, status="sent"), INVOICES),
            Step("Lose the potential.", in_crm("Deals", "Deal_Name", "Larkspur workshop", **LOST), POTENTIALS),
            Step("See the invoice still sent.", document("invoices", TOOLS, status="sent"), INVOICES),
        ),
        needs=INVOICE_TRIGGER,
    ),
    Lesson(
        "rate-limit",
        "Too many calls",
        CHAPTER,
        "Zoho CRM says 429 to some calls of a sync, and the sync ends well.",
        "Who is told to wait waits as long as he was told, and asks again.",
        Start(
            settings=ACCOUNTS,
            crm={"Accounts": [ACCOUNT]},
            faults={"crm": {"kind": "rate_limit", "retry_after": 1, "method": "GET", "path": "/Accounts$", "times": 1}},
        ),
        (
            Step("Run an Instant Sync while the fault is on.", ran(without="failed"), SETTINGS),
            Step("Find Larkspur Tools in Zoho Invoice.", customer(TOOLS), CUSTOMERS),
        ),
    ),
)
