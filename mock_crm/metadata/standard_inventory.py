"""Quotes, sales orders and the CRM's own invoices as the vendor ships them, with their lines (crm-api.md §4.3, §6).

Line items are subforms: a field of the module, and a module of its own that says which fields a row has.
"""

from mock_crm.metadata.standard import (
    DESCRIPTION,
    OWNED,
    SYSTEM,
    Standard,
    StandardModule,
    address,
    currency,
    fields_of,
    lookup,
    names_in,
    picklist,
    plain_label,
    text_field,
    totals,
)

TOTALS = names_in("Sub_Total Discount Tax Adjustment Grand_Total")
ADDRESSES = names_in(
    "Billing_Street Billing_City Billing_State Billing_Code Billing_Country "
    "Shipping_Street Shipping_City Shipping_State Shipping_Code Shipping_Country"
)
CARRIERS = ("FedEX", "UPS", "USPS", "DHL", "BlueDart")
STATUSES = ("Created", "Approved", "Delivered", "Cancelled")


def _numbered(api_name: str) -> Standard:
    """A number that the CRM counts up. From memory: a big integer, with the vendor as long as an id."""
    return Standard(api_name, plain_label(api_name), "bigint", 18, read_only=True, extra={"auto_number": {}})


def _line_items(api_name: str) -> Standard:
    """The field of the lines. The oldest version has another shape of its own (crm-api.md §4.3)."""
    extra = {"line_items": True}
    label = plain_label(api_name)
    return Standard(api_name, label, "subform", 0, lookup_module=api_name, mandatory=True, extra=extra)


#: What all three documents end with.
_COMMON = (
    lookup("Contact_Name", "Contacts"),
    lookup("Account_Name", "Accounts"),
    picklist("Carrier", *CARRIERS),
    *totals("Sub_Total"),
    currency("Discount"),
    *totals("Tax"),
    currency("Adjustment"),
    *totals("Grand_Total"),
    *address("Billing"),
    *address("Shipping"),
    Standard("Terms_and_Conditions", "Terms and Conditions", "textarea", 32000),
    DESCRIPTION,
)


def _sections(title: str, names: str, items: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (f"{title} Information", names_in(names)),
        ("Address Information", ADDRESSES),
        (plain_label(items), (items, *TOTALS)),
        ("Terms and Conditions", ("Terms_and_Conditions",)),
        ("Description Information", ("Description",)),
    )


QUOTES = StandardModule(
    "Quotes",
    "Quotes",
    "Quote",
    2219,
    "Subject",
    "Subject",
    (
        *OWNED,
        _numbered("Quote_Number"),
        text_field("Subject", 120, mandatory=True),
        picklist(
            "Quote_Stage", "Draft", "Negotiation", "Delivered", "On Hold", "Confirmed", "Closed Won", "Closed Lost"
        ),
        *fields_of("date", "Valid_Till"),
        text_field("Team", 100),
        lookup("Deal_Name", "Deals"),
        *_COMMON,
        _line_items("Quoted_Items"),
        *SYSTEM,
    ),
    _sections(
        "Quote",
        "Owner Quote_Number Subject Quote_Stage Valid_Till Team Carrier Deal_Name Contact_Name Account_Name",
        "Quoted_Items",
    ),
)

SALES_ORDERS = StandardModule(
    "Sales_Orders",
    "SalesOrders",
    "Sales Order",
    2221,
    "Subject",
    "Subject",
    (
        *OWNED,
        _numbered("SO_Number"),
        text_field("Subject", 120, mandatory=True),
        text_field("Purchase_Order", 120),
        text_field("Customer_No", 120),
        *fields_of("date", "Due_Date"),
        text_field("Pending", 120),
        picklist("Status", *STATUSES),
        currency("Excise_Duty"),
        currency("Sales_Commission"),
        lookup("Deal_Name", "Deals"),
        lookup("Quote_Name", "Quotes"),
        *_COMMON,
        _line_items("Ordered_Items"),
        *SYSTEM,
    ),
    _sections(
        "Sales Order",
        "Owner SO_Number Subject Status Due_Date Purchase_Order Customer_No Pending Carrier Excise_Duty "
        "Sales_Commission Deal_Name Quote_Name Contact_Name Account_Name",
        "Ordered_Items",
    ),
    plural="Sales Orders",
)

INVOICES = StandardModule(
    "Invoices",
    "Invoices",
    "Invoice",
    2225,
    "Subject",
    "Subject",
    (
        *OWNED,
        _numbered("Invoice_Number"),
        text_field("Subject", 120, mandatory=True),
        *fields_of("date", "Invoice_Date", "Due_Date"),
        text_field("Purchase_Order", 120),
        picklist("Status", *STATUSES),
        currency("Excise_Duty"),
        currency("Sales_Commission"),
        lookup("Sales_Order", "Sales_Orders"),
        *_COMMON,
        _line_items("Invoiced_Items"),
        *SYSTEM,
    ),
    _sections(
        "Invoice",
        "Owner Invoice_Number Subject Status Invoice_Date Due_Date Purchase_Order Carrier Excise_Duty "
        "Sales_Commission Sales_Order Contact_Name Account_Name",
        "Invoiced_Items",
    ),
)


def _rows_of(api_name: str, singular: str, number: int) -> StandardModule:
    """The module of a document's lines; names of its fields are the vendor's, the rest from memory."""
    fields = (
        Standard("id", "Record Id", "bigint", 120, read_only=True),
        Standard("Sequence_Number", "S.NO", "integer", 9, read_only=True),
        lookup("Product_Name", "Products", mandatory=True),
        Standard("Quantity", "Quantity", "double", 16, 4),
        currency("List_Price"),
        *totals("Total"),
        currency("Discount"),
        *totals("Total_After_Discount", "Tax"),
        Standard("Line_Tax", "Line Tax", "line_tax", 120),
        *totals("Net_Total"),
        DESCRIPTION,
    )
    label = plain_label(api_name)
    return StandardModule(
        api_name, api_name, singular, number, "Product_Name", "id", fields, (), plural=label, generated_type="subform"
    )


#: Their ids are ours, beside those of the vendor's modules.
LINE_ITEMS = (
    _rows_of("Quoted_Items", "Quoted Item", 2301),
    _rows_of("Ordered_Items", "Ordered Item", 2303),
    _rows_of("Invoiced_Items", "Invoiced Item", 2305),
)
