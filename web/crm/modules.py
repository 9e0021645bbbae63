"""How the modules stand on screen: title, address, columns of the list and key figures of a record."""

from dataclasses import dataclass

from web.i18n import _


@dataclass(frozen=True)
class Module:
    """One CRM module as the workspace shows it."""

    key: str
    api_name: str
    title: str
    one: str
    name_field: str
    columns: tuple[str, ...]
    key_fields: tuple[str, ...]

    #: Whether records are made and edited here. Those with line items are only shown.
    is_editable: bool = True

    @property
    def endpoint(self) -> str:
        return f"crm.{self.key}"


MODULES = {
    module.key: module
    for module in (
        Module(
            "accounts",
            "Accounts",
            _("Accounts"),
            _("account"),
            "Account_Name",
            ("Account_Name", "Phone", "Website", "Industry", "Billing_City", "Owner"),
            ("Industry", "Phone", "Annual_Revenue", "Owner"),
        ),
        Module(
            "contacts",
            "Contacts",
            _("Contacts"),
            _("contact"),
            "Full_Name",
            ("Full_Name", "Account_Name", "Email", "Phone", "Title", "Owner"),
            ("Account_Name", "Email", "Phone", "Owner"),
        ),
        Module(
            "potentials",
            "Deals",
            _("Potentials"),
            _("potential"),
            "Deal_Name",
            ("Deal_Name", "Amount", "Stage", "Probability", "Closing_Date", "Account_Name", "Owner"),
            ("Amount", "Probability", "Closing_Date", "Account_Name", "Owner"),
        ),
        Module(
            "products",
            "Products",
            _("Products"),
            _("product"),
            "Product_Name",
            ("Product_Name", "Product_Code", "Unit_Price", "Product_Category", "Product_Active"),
            ("Product_Code", "Unit_Price", "Product_Active", "Owner"),
        ),
        Module(
            "leads",
            "Leads",
            _("Leads"),
            _("lead"),
            "Full_Name",
            ("Full_Name", "Company", "Email", "Phone", "Lead_Status", "Owner"),
            ("Company", "Email", "Lead_Status", "Owner"),
        ),
        Module(
            "quotes",
            "Quotes",
            _("Quotes"),
            _("quote"),
            "Subject",
            ("Subject", "Quote_Number", "Quote_Stage", "Account_Name", "Valid_Till", "Grand_Total", "Owner"),
            ("Quote_Stage", "Grand_Total", "Valid_Till", "Account_Name", "Owner"),
            is_editable=False,
        ),
        Module(
            "invoices",
            "Invoices",
            _("Invoices"),
            _("invoice"),
            "Subject",
            ("Subject", "Invoice_Number", "Status", "Account_Name", "Due_Date", "Grand_Total", "Owner"),
            ("Status", "Grand_Total", "Due_Date", "Account_Name", "Owner"),
            is_editable=False,
        ),
    )
}

#: CRM module -> key here, to make lookups links.
KEYS = {module.api_name: key for key, module in MODULES.items()}

#: Lookup fields whose target is always the same module, whatever the metadata call leaves out.
LOOKUPS = {
    "Account_Name": "Accounts",
    "Contact_Name": "Contacts",
    "Parent_Account": "Accounts",
    "Reporting_To": "Contacts",
    "Deal_Name": "Deals",
}

#: Labels and types of the columns, used before the metadata is read (a list needs no second call).
COLUMN_LABELS = {
    "Account_Name": _("Account name"),
    "Full_Name": _("Name"),
    "Deal_Name": _("Potential name"),
    "Product_Name": _("Product name"),
    "Product_Code": _("Product code"),
    "Unit_Price": _("Unit price"),
    "Product_Category": _("Category"),
    "Product_Active": _("Active"),
    "Billing_City": _("City"),
    "Closing_Date": _("Closing date"),
    "Annual_Revenue": _("Annual revenue"),
    "Valid_Till": _("Valid till"),
    "Due_Date": _("Due date"),
    "Grand_Total": _("Grand total"),
    "Quote_Number": _("Quote number"),
    "Invoice_Number": _("Invoice number"),
    "Quote_Stage": _("Quote stage"),
    "Lead_Status": _("Lead status"),
}
MONEY = {"Amount", "Unit_Price", "Annual_Revenue", "Expected_Revenue", "Commission_Rate", "Grand_Total"}
PERCENT = {"Probability"}
DATES = {"Closing_Date", "Valid_Till", "Due_Date"}


def label_of(field: str) -> str:
    return COLUMN_LABELS.get(field) or field.replace("_", " ").capitalize()
