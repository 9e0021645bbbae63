"""The standard modules and fields (crm-api.md §6), as the vendor ships them: tables that seed a fresh world.

Names are the vendor's; data types and lengths of Accounts, Contacts, Deals and Products are from memory. Lookups to
modules that are not emulated yet (Vendors, Campaigns) are left out, because clients read the fields of every module
that a lookup names. No module has more than 50 fields (crm-api.md §4.1).
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Standard:
    """A field to be seeded."""

    api_name: str
    label: str
    data_type: str
    length: int = 0
    decimal_place: int | None = None
    column: str | None = None
    lookup_module: str | None = None
    options: tuple[str, ...] = ()
    mandatory: bool = False
    read_only: bool = False
    custom: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StandardModule:
    """A module to be seeded; `check_field` is the vendor's default for finding duplicates (crm-api.md §4.6)."""

    api_name: str
    module_name: str
    singular: str
    id_ending: int
    name_field: str
    check_field: str
    fields: tuple[Standard, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]


LENGTHS = {"picklist": 120, "phone": 30, "email": 100, "website": 450, "boolean": 5, "date": 20, "datetime": 20}


def _text(api_name: str, length: int, label: str = "", **more: Any) -> Standard:
    return Standard(api_name, label or api_name.replace("_", " "), "text", length, **more)


def _of(data_type: str, *api_names: str, length: int = 0, **more: Any) -> tuple[Standard, ...]:
    size = length or LENGTHS.get(data_type, 120)
    return tuple(Standard(name, name.replace("_", " "), data_type, size, **more) for name in api_names)


def _picklist(api_name: str, *options: str, label: str = "") -> Standard:
    return Standard(api_name, label or api_name.replace("_", " "), "picklist", 120, options=options)


def _lookup(api_name: str, module: str, label: str = "", **more: Any) -> Standard:
    shown = label or api_name.replace("_", " ")
    return Standard(api_name, shown, "lookup", 120, lookup_module=module, **more)


def _currency(api_name: str, **more: Any) -> Standard:
    return Standard(api_name, api_name.replace("_", " "), "currency", 16, 2, **more)


def _address(prefix: str, code: str = "Code") -> tuple[Standard, ...]:
    sizes = {"Street": 250, "City": 100, "State": 100, code: 30, "Country": 100}
    return tuple(_text(f"{prefix}_{part}", size) for part, size in sizes.items())


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


DESCRIPTION = Standard("Description", "Description", "textarea", 32000)
OWNED = (
    Standard("id", "Record Id", "bigint", 120, column="id", read_only=True),
    Standard("Owner", "Owner", "ownerlookup", 120, column="owner"),
)
SYSTEM = (
    Standard("Created_By", "Created By", "ownerlookup", 120, column="created_by", read_only=True),
    Standard("Modified_By", "Modified By", "ownerlookup", 120, column="modified_by", read_only=True),
    Standard("Created_Time", "Created Time", "datetime", 120, column="created_time", read_only=True),
    Standard("Modified_Time", "Modified Time", "datetime", 120, column="modified_time", read_only=True),
    # From memory: both follow the last change as long as there are no activities.
    Standard("Last_Activity_Time", "Last Activity Time", "datetime", 120, column="modified_time", read_only=True),
    Standard("Change_Log_Time__s", "Change Log Time", "datetime", 120, column="modified_time", read_only=True),
    Standard("Record_Status__s", "Record Status", "picklist", 120, options=("Available",), read_only=True),
    Standard("Locked__s", "Locked", "boolean", 5, read_only=True),
    Standard("Tag", "Tag", "text", 2000, read_only=True),
)

LEAD_SOURCES = (
    "Advertisement",
    "Cold Call",
    "Employee Referral",
    "External Referral",
    "Online Store",
    "Partner",
    "Public Relations",
    "Trade Show",
    "Web Research",
)
INDUSTRIES = (
    "Communications",
    "Consulting",
    "Education",
    "Financial Services",
    "Government/Military",
    "Manufacturing",
    "Real Estate",
    "Technology",
    "Transportation",
    "Wholesale",
)
RATINGS = ("Acquired", "Active", "Market Failed", "Project Cancelled", "Shut Down")

ACCOUNTS = StandardModule(
    "Accounts",
    "Accounts",
    "Account",
    2177,
    "Account_Name",
    "Account_Name",
    (
        *OWNED,
        _text("Account_Name", 200, mandatory=True),
        Standard("Account_Number", "Account Number", "bigint", 18),
        _text("Account_Site", 80),
        _picklist("Account_Type", "Analyst", "Competitor", "Customer", "Partner", "Prospect", "Supplier", "Vendor"),
        _lookup("Parent_Account", "Accounts"),
        *_of("phone", "Phone"),
        _text("Fax", 30),
        *_of("website", "Website"),
        _text("Ticker_Symbol", 30),
        _picklist("Ownership", "Private", "Public", "Subsidiary", "Partnership", "Government", "Other"),
        _picklist("Industry", *INDUSTRIES),
        Standard("Employees", "Employees", "integer", 9),
        Standard("SIC_Code", "SIC Code", "integer", 9),
        _currency("Annual_Revenue"),
        _picklist("Rating", *RATINGS),
        *_address("Billing"),
        *_address("Shipping"),
        DESCRIPTION,
        *SYSTEM,
    ),
    (
        (
            "Account Information",
            _names(
                "Owner Account_Name Account_Site Parent_Account Account_Number Account_Type Industry Annual_Revenue "
                "Rating Phone Fax Website Ticker_Symbol Ownership Employees SIC_Code"
            ),
        ),
        (
            "Address Information",
            _names(
                "Billing_Street Billing_City Billing_State Billing_Code Billing_Country "
                "Shipping_Street Shipping_City Shipping_State Shipping_Code Shipping_Country"
            ),
        ),
        ("Description Information", ("Description",)),
    ),
)

CONTACTS = StandardModule(
    "Contacts",
    "Contacts",
    "Contact",
    2179,
    "Full_Name",
    "Email",
    (
        *OWNED,
        _text("First_Name", 40),
        _text("Last_Name", 80, mandatory=True),
        _text("Full_Name", 120, read_only=True),
        _picklist("Salutation", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."),
        _lookup("Account_Name", "Accounts"),
        _lookup("Reporting_To", "Contacts"),
        _picklist("Lead_Source", *LEAD_SOURCES),
        _text("Title", 100),
        _text("Department", 50),
        _text("Assistant", 50),
        *_of("date", "Date_of_Birth"),
        *_of("email", "Email", "Secondary_Email"),
        *_of("boolean", "Email_Opt_Out"),
        *_of("phone", "Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone"),
        _text("Fax", 30),
        _text("Skype_ID", 50),
        _text("Twitter", 50),
        *_address("Mailing", "Zip"),
        *_address("Other", "Zip"),
        DESCRIPTION,
        *_of("picklist", "Unsubscribed_Mode", "Data_Source", read_only=True),
        *_of("datetime", "Unsubscribed_Time", read_only=True),
        *SYSTEM,
    ),
    (
        (
            "Contact Information",
            _names(
                "Owner Salutation First_Name Last_Name Account_Name Email Phone Mobile Title Department Lead_Source "
                "Reporting_To Home_Phone Other_Phone Fax Date_of_Birth Assistant Asst_Phone Email_Opt_Out "
                "Secondary_Email Skype_ID Twitter"
            ),
        ),
        (
            "Address Information",
            _names(
                "Mailing_Street Mailing_City Mailing_State Mailing_Zip Mailing_Country "
                "Other_Street Other_City Other_State Other_Zip Other_Country"
            ),
        ),
        ("Description Information", ("Description",)),
    ),
)

#: Stages with probability and forecast type (crm-api.md §5.4); 20 to 90 are from memory.
STAGES: tuple[tuple[str, str, int, str], ...] = (
    ("Qualification", "Qualification", 10, "Open"),
    ("Needs Analysis", "Needs Analysis", 20, "Open"),
    ("Value Proposition", "Value Proposition", 40, "Open"),
    ("Identify Decision Makers", "Id. Decision Makers", 60, "Open"),
    ("Proposal/Price Quote", "Proposal/Price Quote", 75, "Open"),
    ("Negotiation/Review", "Negotiation/Review", 90, "Open"),
    ("Closed Won", "Closed Won", 100, "Closed Won"),
    ("Closed Lost", "Closed Lost", 0, "Closed Lost"),
    ("Closed-Lost to Competition", "Closed Lost to Competition", 0, "Closed Lost"),
)
FORECAST_CATEGORIES = {"Open": "Pipeline", "Closed Won": "Closed", "Closed Lost": "Omitted"}
PIPELINE = "Standard (Standard)"

DEALS = StandardModule(
    "Deals",
    "Potentials",
    "Deal",
    2181,
    "Deal_Name",
    "Deal_Name",
    (
        *OWNED,
        _text("Deal_Name", 120, mandatory=True),
        Standard("Stage", "Stage", "picklist", 120, mandatory=True),
        _picklist("Pipeline", PIPELINE),
        *_of("date", "Closing_Date"),
        _currency("Amount"),
        Standard("Probability", "Probability (%)", "integer", 3),
        _currency("Expected_Revenue", read_only=True),
        _lookup("Account_Name", "Accounts"),
        _lookup("Contact_Name", "Contacts"),
        # Ours: the vendor's Deals have no product of their own. A custom lookup, because the CSV import brings a
        # product for each potential and the trigger's invoice line needs it (requirement G9).
        _lookup("Product_Name", "Products", custom=True),
        _picklist("Type", "Existing Business", "New Business"),
        _picklist("Lead_Source", *LEAD_SOURCES),
        _text("Next_Step", 100),
        _picklist(
            "Reason_For_Loss__s",
            "Expectation Mismatch",
            "Price",
            "Unqualified Customer",
            "Lack of response",
            "Missed Follow Ups",
            "Wrong Target",
            "Competition",
            "Future Interest",
            "Other",
        ),
        DESCRIPTION,
        *_of("integer", "Lead_Conversion_Time", "Sales_Cycle_Duration", "Overall_Sales_Duration", read_only=True),
        *SYSTEM,
    ),
    (
        (
            "Deal Information",
            _names(
                "Owner Deal_Name Account_Name Contact_Name Product_Name Type Amount Closing_Date Pipeline Stage "
                "Probability Expected_Revenue Next_Step Lead_Source Reason_For_Loss__s"
            ),
        ),
        ("Description Information", ("Description",)),
    ),
)

PRODUCTS = StandardModule(
    "Products",
    "Products",
    "Product",
    2213,
    "Product_Name",
    "Product_Name",
    (
        *OWNED,
        _text("Product_Name", 200, mandatory=True),
        _text("Product_Code", 40),
        *_of("boolean", "Product_Active", extra={"default": True}),
        _picklist("Product_Category", "Hardware", "Software", "Services", "Furniture", "Accessories"),
        _picklist("Manufacturer", "Zylker", "AltVista Inc.", "LexPon Inc.", "MetBeat Corp."),
        _picklist("Usage_Unit", "Box", "Carton", "Dozen", "Each", "Hours", "Impressions", "Lb", "M", "Pack", "Pieces"),
        _currency("Unit_Price"),
        _currency("Commission_Rate"),
        *_of("boolean", "Taxable"),
        Standard("Tax", "Tax", "multiselectpicklist", 120),
        *_of("double", "Qty_in_Stock", "Qty_in_Demand", "Reorder_Level", "Qty_Ordered", length=16, decimal_place=2),
        Standard("Handler", "Handler", "userlookup", 120),
        *_of("date", "Sales_Start_Date", "Sales_End_Date", "Support_Start_Date", "Support_Expiry_Date"),
        DESCRIPTION,
        *SYSTEM,
    ),
    (
        (
            "Product Information",
            _names(
                "Owner Product_Name Product_Code Product_Active Manufacturer Product_Category Sales_Start_Date "
                "Sales_End_Date Support_Start_Date Support_Expiry_Date"
            ),
        ),
        ("Price Information", ("Unit_Price", "Commission_Rate", "Taxable", "Tax")),
        (
            "Stock Information",
            ("Usage_Unit", "Qty_Ordered", "Qty_in_Stock", "Reorder_Level", "Handler", "Qty_in_Demand"),
        ),
        ("Description Information", ("Description",)),
    ),
)

MODULES = (ACCOUNTS, CONTACTS, DEALS, PRODUCTS)
