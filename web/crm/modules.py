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
    )
}

#: CRM module -> key here, to make lookups links.
KEYS = {module.api_name: key for key, module in MODULES.items()}

#: Lookup fields whose target is always the same module, whatever the metadata call leaves out.
LOOKUPS = {"Account_Name": "Accounts", "Contact_Name": "Contacts", "Parent_Account": "Accounts"}

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
}
MONEY = {"Amount", "Unit_Price", "Annual_Revenue", "Expected_Revenue", "Commission_Rate"}
PERCENT = {"Probability"}
DATES = {"Closing_Date"}


def label_of(field: str) -> str:
    return COLUMN_LABELS.get(field) or field.replace("_", " ").capitalize()
