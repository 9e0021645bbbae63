"""Predefined views of each module (crm-api.md §5.5).

Verified for Leads; for the others by analogy, from memory. What *Recently* means (30 days) is from memory too. Views of
shared records and co-owners are left out: sharing single records is not emulated.
"""

from dataclasses import dataclass
from typing import Any

from mock_crm.metadata.standard import StandardModule

UNREAD = "UNREADVIEWS"
#: Views that show converted leads, which other lists leave out.
CONVERTED = ("CONVERTEDVIEWS", "MYCONVERTEDVIEWS")
CURRENT_USER = {"name": "${CURRENTUSER}"}


@dataclass(frozen=True)
class StandardView:
    name: str
    system_name: str
    criteria: dict[str, Any] | None = None
    sort_by: str | None = None
    sort_order: str | None = None


COLUMNS = {
    "Leads": ("Full_Name", "Company", "Email", "Phone", "Lead_Source", "Owner"),
    "Accounts": ("Account_Name", "Phone", "Website", "Billing_City", "Owner"),
    "Contacts": ("Full_Name", "Account_Name", "Email", "Phone", "Owner"),
    "Deals": ("Deal_Name", "Amount", "Stage", "Probability", "Closing_Date", "Account_Name", "Contact_Name", "Owner"),
    "Products": ("Product_Name", "Product_Code", "Product_Active", "Unit_Price", "Owner"),
    "Quotes": ("Subject", "Quote_Stage", "Deal_Name", "Account_Name", "Contact_Name", "Valid_Till", "Owner"),
    "Sales_Orders": ("Subject", "Status", "Quote_Name", "Account_Name", "Contact_Name", "Grand_Total", "Owner"),
    "Invoices": ("Subject", "Status", "Invoice_Date", "Account_Name", "Contact_Name", "Grand_Total", "Owner"),
    "Notes": ("Note_Title", "Note_Content", "Parent_Id", "Owner"),
    "Attachments": ("File_Name", "Size", "Parent_Id", "Owner"),
}


def _is(field: str, value: Any, comparator: str = "equal") -> dict[str, Any]:
    return {"comparator": comparator, "field": {"api_name": field}, "type": "value", "value": value}


def _both(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"group_operator": "and", "group": list(conditions)}


#: Where a lead has been given up; *Open Leads* are all others.
CLOSED_LEADS = ("Junk Lead", "Lost Lead", "Not Qualified")


def standard_views(module: StandardModule) -> list[StandardView]:
    """The predefined views of a module; the first one is its default."""
    plural = "Potentials" if module.api_name == "Deals" else module.plural or module.api_name
    common = [
        StandardView(f"All {plural}", "ALLVIEWS"),
        StandardView(f"My {plural}", "MYVIEWS", _is("Owner", CURRENT_USER)),
        StandardView(f"Unread {plural}", UNREAD),
        StandardView(
            f"Recently Created {plural}",
            "RECENTLYCREATED",
            _is("Created_Time", "${LAST_N_DAYS:30}"),
            "Created_Time",
            "desc",
        ),
        StandardView(
            f"Recently Modified {plural}",
            "RECENTLYMODIFIED",
            _is("Modified_Time", "${LAST_N_DAYS:30}"),
            "Modified_Time",
            "desc",
        ),
    ]
    weekly = [
        StandardView("New This Week", "NEWTHISWEEK", _is("Created_Time", "${THISWEEK}")),
        StandardView("New Last Week", "NEWLASTWEEK", _is("Created_Time", "${LASTWEEK}")),
    ]
    return common + (weekly if module.api_name != "Leads" else []) + OWN_VIEWS.get(module.api_name, [])


#: The placeholders of stages are ours: such a view follows the stages as they are added.
OWN_VIEWS = {
    "Leads": [
        StandardView("Today's Leads", "today", _is("Created_Time", "${TODAY}")),
        StandardView("Converted Leads", "CONVERTEDVIEWS", _is("Converted__s", True)),
        StandardView(
            "My Converted Leads", "MYCONVERTEDVIEWS", _both(_is("Converted__s", True), _is("Owner", CURRENT_USER))
        ),
        StandardView("Junk Leads", "JUNKLEADVIEWS", _is("Lead_Status", "Junk Lead")),
        StandardView("Not Qualified Leads", "NOTQUALIFIEDLEADVIEWS", _is("Lead_Status", "Not Qualified")),
        StandardView("Open Leads", "OPENLEADVIEWS", _is("Lead_Status", list(CLOSED_LEADS), "not_in")),
        StandardView("Mailing Labels", "ALLVIEWS"),
        StandardView("Unsubscribed Leads", "UNSUBSCRIBED", _is("Email_Opt_Out", True)),
    ],
    "Contacts": [
        StandardView("Mailing Labels", "ALLVIEWS"),
        StandardView("Unsubscribed Contacts", "UNSUBSCRIBED", _is("Email_Opt_Out", True)),
    ],
    "Deals": [
        StandardView("Open Potentials", "OPENVIEWS", _is("Stage", "${OPENSTAGES}", "in")),
        StandardView("Closed Won Potentials", "WONVIEWS", _is("Stage", "${WONSTAGES}", "in")),
        StandardView("Closed Lost Potentials", "LOSTVIEWS", _is("Stage", "${LOSTSTAGES}", "in")),
        StandardView("Closing This Month", "CLOSINGTHISMONTH", _is("Closing_Date", "${THISMONTH}")),
        StandardView("Closing Next Month", "CLOSINGNEXTMONTH", _is("Closing_Date", "${NEXTMONTH}")),
    ],
    "Products": [StandardView("Active Products", "ACTIVEVIEWS", _is("Product_Active", True))],
}
