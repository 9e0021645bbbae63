"""The standard modules as the vendor ships them (crm-api.md §6): tables that seed a fresh world."""

from mock_crm.metadata.standard import (
    DESCRIPTION,
    OWNED,
    PIPELINE,
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
        picklist("Salutation", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."),
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
        *fields_of("picklist", "Unsubscribed_Mode", "Data_Source", read_only=True),
        *fields_of("datetime", "Unsubscribed_Time", read_only=True),
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

DEALS = StandardModule(
    "Deals",
    "Potentials",
    "Deal",
    2181,
    "Deal_Name",
    "Deal_Name",
    (
        *OWNED,
        text_field("Deal_Name", 120, mandatory=True),
        Standard("Stage", "Stage", "picklist", 120, mandatory=True),
        picklist("Pipeline", PIPELINE),
        *fields_of("date", "Closing_Date"),
        currency("Amount"),
        Standard("Probability", "Probability (%)", "integer", 3),
        currency("Expected_Revenue", read_only=True),
        lookup("Account_Name", "Accounts"),
        lookup("Contact_Name", "Contacts"),
        # Ours: the vendor's Deals have no product of their own. A custom lookup, because the CSV import brings a
        # product for each potential and the trigger's invoice line needs it (requirement G9).
        lookup("Product_Name", "Products", custom=True),
        picklist("Type", "Existing Business", "New Business"),
        picklist("Lead_Source", *LEAD_SOURCES),
        text_field("Next_Step", 100),
        picklist(
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
        *fields_of("integer", "Lead_Conversion_Time", "Sales_Cycle_Duration", "Overall_Sales_Duration", read_only=True),
        *SYSTEM,
    ),
    (
        (
            "Deal Information",
            names_in(
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
        text_field("Product_Name", 200, mandatory=True),
        text_field("Product_Code", 40),
        *fields_of("boolean", "Product_Active", extra={"default": True}),
        picklist("Product_Category", "Hardware", "Software", "Services", "Furniture", "Accessories"),
        picklist("Manufacturer", "Zylker", "AltVista Inc.", "LexPon Inc.", "MetBeat Corp."),
        picklist("Usage_Unit", "Box", "Carton", "Dozen", "Each", "Hours", "Impressions", "Lb", "M", "Pack", "Pieces"),
        currency("Unit_Price"),
        currency("Commission_Rate"),
        *fields_of("boolean", "Taxable"),
        Standard("Tax", "Tax", "multiselectpicklist", 120),
        *fields_of(
            "double", "Qty_in_Stock", "Qty_in_Demand", "Reorder_Level", "Qty_Ordered", length=16, decimal_place=2
        ),
        Standard("Handler", "Handler", "userlookup", 120),
        *fields_of("date", "Sales_Start_Date", "Sales_End_Date", "Support_Start_Date", "Support_Expiry_Date"),
        DESCRIPTION,
        *SYSTEM,
    ),
    (
        (
            "Product Information",
            names_in(
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
