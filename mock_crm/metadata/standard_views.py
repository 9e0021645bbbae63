"""Predefined views of each module (crm-api.md §5.5).

Verified for Leads; for these modules by analogy, from memory. What *Recently* means (30 days) is from memory too.
"""

from dataclasses import dataclass
from typing import Any

from mock_crm.metadata.standard import StandardModule

UNREAD = "UNREADVIEWS"
CURRENT_USER = {"name": "${CURRENTUSER}"}


@dataclass(frozen=True)
class StandardView:
    name: str
    system_name: str
    criteria: dict[str, Any] | None = None
    sort_by: str | None = None
    sort_order: str | None = None


COLUMNS = {
    "Accounts": ("Account_Name", "Phone", "Website", "Billing_City", "Owner"),
    "Contacts": ("Full_Name", "Account_Name", "Email", "Phone", "Owner"),
    "Deals": ("Deal_Name", "Amount", "Stage", "Probability", "Closing_Date", "Account_Name", "Contact_Name", "Owner"),
    "Products": ("Product_Name", "Product_Code", "Product_Active", "Unit_Price", "Owner"),
}


def _is(field: str, value: Any, comparator: str = "equal") -> dict[str, Any]:
    return {"comparator": comparator, "field": {"api_name": field}, "type": "value", "value": value}


def standard_views(module: StandardModule) -> list[StandardView]:
    """The predefined views of a module; the first one is its default."""
    plural = "Potentials" if module.api_name == "Deals" else module.api_name
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
        StandardView("New This Week", "NEWTHISWEEK", _is("Created_Time", "${THISWEEK}")),
        StandardView("New Last Week", "NEWLASTWEEK", _is("Created_Time", "${LASTWEEK}")),
    ]
    return common + OWN_VIEWS.get(module.api_name, [])


#: The placeholders of stages are ours: such a view follows the stages as they are added.
OWN_VIEWS = {
    "Deals": [
        StandardView("Open Potentials", "OPENVIEWS", _is("Stage", "${OPENSTAGES}", "in")),
        StandardView("Closed Won Potentials", "WONVIEWS", _is("Stage", "${WONSTAGES}", "in")),
        StandardView("Closed Lost Potentials", "LOSTVIEWS", _is("Stage", "${LOSTSTAGES}", "in")),
        StandardView("Closing This Month", "CLOSINGTHISMONTH", _is("Closing_Date", "${THISMONTH}")),
        StandardView("Closing Next Month", "CLOSINGNEXTMONTH", _is("Closing_Date", "${NEXTMONTH}")),
    ],
    "Products": [StandardView("Active Products", "ACTIVEVIEWS", _is("Product_Active", True))],
}
