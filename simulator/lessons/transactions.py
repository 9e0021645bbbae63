"""Working in one product with the other: transactions, permissions and potentials, as exercises."""

from simulator.lessons.cast import (
    ACCOUNT,
    ACCOUNTS,
    CRM_ACCOUNTS,
    ESTIMATES,
    JOINED,
    ORDER,
    PROFILES,
    TOOLS,
)
from simulator.lessons.looks import (
    all_of,
    called,
    customer,
    document,
    in_crm,
    permits,
    ran,
)
from simulator.lessons.model import Lesson, Start, Step

TRANSACTIONS: tuple[Lesson, ...] = (
    Lesson(
        "create-but-not-send",
        "Create estimates, but not send them",
        "Permission Triggers inside Zoho CRM",
        "The profile Standard has Create and Edit of estimates, but not Email.",
        "A profile's boxes under Zoho Invoice Permissions hold for each of its users at once.",
        JOINED,
        (
            Step(
                "Take Email of estimates from the profile Standard.",
                permits("Standard", Email_Estimates=False, Create_Edit_Estimates=True),
                PROFILES,
            ),
            Step(
                "As Ben Carter (Standard) create an estimate in the Zoho Invoice section of Larkspur Tools.",
                document("estimates", TOOLS),
                CRM_ACCOUNTS,
            ),
        ),
    ),
    Lesson(
        "summary",
        "Who sees the receivables",
        "Permission Triggers inside Zoho CRM",
        "What Larkspur Tools owes is seen on its page in Zoho CRM, but not with the profile Standard.",
        "The figures are Zoho Invoice's own, read at that moment; a box of the profile shows or hides them.",
        JOINED,
        (
            Step(
                "Raise an invoice for Larkspur Tools and mark it as sent.",
                document("invoices", TOOLS, status="sent"),
                "/invoice/invoices/new",
            ),
            Step(
                "Open Larkspur Tools in Zoho CRM and read its receivables.",
                called("connector", "GET", "/summary", "The account has not been opened in Zoho CRM since."),
                CRM_ACCOUNTS,
            ),
            Step(
                "Take the Receivables and Payables Summary from the profile Standard.",
                permits("Standard", Receivables_Payables_Summary=False),
                PROFILES,
            ),
        ),
    ),
    Lesson(
        "creating-transactions",
        "Create a transaction from within Zoho CRM",
        "Creating transactions from within Zoho CRM",
        "An estimate made on the account's page in Zoho CRM stands in Zoho Invoice.",
        "The section writes into Zoho Invoice itself; the CRM's own quotes are another thing.",
        JOINED,
        (
            Step(
                "Open Larkspur Tools in Zoho CRM and choose New estimate in the section Zoho Invoice; save it.",
                all_of(
                    called("connector", "POST", "/estimates", "No estimate was made in the section Zoho Invoice yet."),
                    document("estimates", TOOLS),
                ),
                CRM_ACCOUNTS,
            ),
            Step("Mark it as sent, in Zoho Invoice.", document("estimates", TOOLS, status="sent"), ESTIMATES),
        ),
    ),
    Lesson(
        "search-in-crm",
        "Search in Zoho CRM",
        "Search in Zoho CRM",
        "An account that the sync does not take is fetched while one raises an invoice for it.",
        "Choosing a CRM record as the customer fetches it alone; from then on it is linked.",
        Start(settings=ACCOUNTS, syncs=True, crm={}),
        (
            Step(
                "Add the account Larkspur Tools in Zoho CRM.",
                in_crm("Accounts", "Account_Name", TOOLS),
                CRM_ACCOUNTS,
            ),
            Step(
                "Raise an estimate in Zoho Invoice: as its customer, search Larkspur Tools in Zoho CRM.",
                all_of(ran("single"), customer(TOOLS)),
                "/invoice/estimates/new",
            ),
            Step("Save the estimate.", document("estimates", TOOLS), "/invoice/estimates/new"),
        ),
    ),
    Lesson(
        "view-crm-information",
        "See what Zoho CRM knows of a customer",
        "View contact information from Zoho CRM",
        "The account and its potentials are seen beside the customer in Zoho Invoice.",
        "What the panel shows is read from Zoho CRM at that moment; it is not synced.",
        Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT], "Deals": [ORDER]}, syncs=True),
        (
            Step(
                "Begin an invoice for Larkspur Tools and look at the panel of Zoho CRM beside it.",
                called("connector", "GET", "/panel/contacts/", "The panel of Zoho CRM has not been opened yet."),
                "/invoice/invoices/new",
            ),
        ),
    ),
    Lesson(
        "link-and-dissociate",
        "Link a potential, and dissociate it",
        "Potential Linking",
        "An estimate belongs to a potential, and then to none again.",
        "A potential can have many estimates and invoices; what a trigger has made stays linked.",
        Start(settings=ACCOUNTS, crm={"Accounts": [ACCOUNT], "Deals": [ORDER]}, syncs=True),
        (
            Step("Raise an estimate for Larkspur Tools.", document("estimates", TOOLS), "/invoice/estimates/new"),
            Step(
                "Link it to the potential Larkspur workshop.",
                document("estimates", TOOLS, potential="Larkspur workshop"),
                ESTIMATES,
            ),
            Step("Dissociate the potential.", document("estimates", TOOLS, potential=""), ESTIMATES),
        ),
    ),
)
