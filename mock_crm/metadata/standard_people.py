"""Leads, accounts and contacts as the vendor ships them (crm-api.md §6)."""

from mock_crm.metadata.standard import (
    DESCRIPTION,
    ENRICHED,
    LEAD_SOURCES,
    OWNED,
    RECORD_IMAGE,
    SYSTEM,
    Standard,
    StandardModule,
    address,
    currency,
    fields_of,
    lookup,
    names_in,
    picklist,
    text_field,
)
from mock_crm.versions import V4

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
SALUTATIONS = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.")
#: From memory, like the other lists of options.
LEAD_STATUSES = (
    "Attempted to Contact",
    "Contact in Future",
    "Contacted",
    "Junk Lead",
    "Lost Lead",
    "Not Contacted",
    "Pre-Qualified",
    "Not Qualified",
)
UNSUBSCRIBED = (
    *fields_of("picklist", "Unsubscribed_Mode", "Data_Source", read_only=True),
    *fields_of("datetime", "Unsubscribed_Time", read_only=True),
)

LEADS = StandardModule(
    "Leads",
    "Leads",
    "Lead",
    2175,
    "Full_Name",
    "Email",
    (
        *OWNED,
        text_field("Company", 200),
        text_field("First_Name", 40),
        text_field("Last_Name", 80, mandatory=True),
        text_field("Full_Name", 120, read_only=True),
        picklist("Salutation", *SALUTATIONS),
        text_field("Designation", 100, "Title"),
        *fields_of("email", "Email", "Secondary_Email"),
        *fields_of("phone", "Phone", "Mobile"),
        text_field("Fax", 30),
        *fields_of("website", "Website", length=255),
        picklist("Lead_Source", *LEAD_SOURCES),
        picklist("Lead_Status", *LEAD_STATUSES),
        picklist("Industry", *INDUSTRIES),
        picklist("Rating", *RATINGS),
        Standard("No_of_Employees", "No. of Employees", "integer", 9),
        currency("Annual_Revenue"),
        text_field("Street", 250),
        text_field("City", 100),
        text_field("State", 100),
        text_field("Zip_Code", 30),
        text_field("Country", 100),
        DESCRIPTION,
        text_field("Skype_ID", 50),
        text_field("Twitter", 50),
        *fields_of("boolean", "Email_Opt_Out"),
        Standard("Converted__s", "Is Converted", "boolean", 5, read_only=True, extra={"since": list(V4)}),
        *fields_of("datetime", "Converted_Date_Time", read_only=True),
        lookup("Converted_Account", "Accounts", read_only=True),
        lookup("Converted_Contact", "Contacts", read_only=True),
        lookup("Converted_Deal", "Deals", read_only=True),
        *UNSUBSCRIBED,
        *ENRICHED,
        RECORD_IMAGE,
        *SYSTEM,
    ),
    (
        (
            "Lead Information",
            names_in(
                "Owner Salutation First_Name Last_Name Company Designation Email Phone Mobile Fax Website Lead_Source "
                "Lead_Status Industry No_of_Employees Annual_Revenue Rating Email_Opt_Out Skype_ID Secondary_Email "
                "Twitter"
            ),
        ),
        ("Address Information", names_in("Street City State Zip_Code Country")),
        ("Description Information", ("Description",)),
    ),
)

ACCOUNTS = StandardModule(
    "Accounts",
    "Accounts",
    "Account",
    2177,
    "Account_Name",
    "Account_Name",
    (
        *OWNED,
        text_field("Account_Name", 200, mandatory=True),
        Standard("Account_Number", "Account Number", "bigint", 18),
        text_field("Account_Site", 80),
        picklist("Account_Type", "Analyst", "Competitor", "Customer", "Partner", "Prospect", "Supplier", "Vendor"),
        lookup("Parent_Account", "Accounts"),
        *fields_of("phone", "Phone"),
        text_field("Fax", 30),
        *fields_of("website", "Website"),
        text_field("Ticker_Symbol", 30),
        picklist("Ownership", "Private", "Public", "Subsidiary", "Partnership", "Government", "Other"),
        picklist("Industry", *INDUSTRIES),
        Standard("Employees", "Employees", "integer", 9),
        Standard("SIC_Code", "SIC Code", "integer", 9),
        currency("Annual_Revenue"),
        picklist("Rating", *RATINGS),
        *address("Billing"),
        *address("Shipping"),
        DESCRIPTION,
        *ENRICHED,
        RECORD_IMAGE,
        *SYSTEM,
    ),
    (
        (
            "Account Information",
            names_in(
                "Owner Account_Name Account_Site Parent_Account Account_Number Account_Type Industry Annual_Revenue "
                "Rating Phone Fax Website Ticker_Symbol Ownership Employees SIC_Code"
            ),
        ),
        (
            "Address Information",
            names_in(
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
        text_field("First_Name", 40),
        text_field("Last_Name", 80, mandatory=True),
        text_field("Full_Name", 120, read_only=True),
        picklist("Salutation", *SALUTATIONS),
        lookup("Account_Name", "Accounts"),
        lookup("Reporting_To", "Contacts"),
        picklist("Lead_Source", *LEAD_SOURCES),
        text_field("Title", 100),
        text_field("Department", 50),
        text_field("Assistant", 50),
        *fields_of("date", "Date_of_Birth"),
        *fields_of("email", "Email", "Secondary_Email"),
        *fields_of("boolean", "Email_Opt_Out"),
        *fields_of("phone", "Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone"),
        text_field("Fax", 30),
        text_field("Skype_ID", 50),
        text_field("Twitter", 50),
        *address("Mailing", "Zip"),
        *address("Other", "Zip"),
        DESCRIPTION,
        *UNSUBSCRIBED,
        RECORD_IMAGE,
        *SYSTEM,
    ),
    (
        (
            "Contact Information",
            names_in(
                "Owner Salutation First_Name Last_Name Account_Name Email Phone Mobile Title Department Lead_Source "
                "Reporting_To Home_Phone Other_Phone Fax Date_of_Birth Assistant Asst_Phone Email_Opt_Out "
                "Secondary_Email Skype_ID Twitter"
            ),
        ),
        (
            "Address Information",
            names_in(
                "Mailing_Street Mailing_City Mailing_State Mailing_Zip Mailing_Country "
                "Other_Street Other_City Other_State Other_Zip Other_Country"
            ),
        ),
        ("Description Information", ("Description",)),
    ),
)
