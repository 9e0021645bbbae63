"""Deals and products as the vendor ships them (crm-api.md §6)."""

from mock_crm.metadata.standard import (
    DESCRIPTION,
    LEAD_SOURCES,
    OWNED,
    PIPELINE,
    RECORD_IMAGE,
    SYSTEM,
    Standard,
    StandardModule,
    currency,
    fields_of,
    lookup,
    names_in,
    picklist,
    text_field,
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
        RECORD_IMAGE,
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
