"""What a connector keeps in step: which kinds of records, which of their fields, and whether it writes both sides.

The kinds here carry the fields that the vendor's guide maps unless one chooses otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_ADDRESS = {"Street": "address", "City": "city", "State": "state", "Code": "zip", "Country": "country"}


@dataclass(frozen=True)
class Kind:
    """One kind of record in both products.

    Attributes:
        module: its module in the CRM.
        listing: where it is in Invoice; contact persons are under the contacts.
        link: the field of Invoice that may hold the id of the CRM record.
        name: the CRM field and the Invoice field that name a record.
        fields: which CRM field and which Invoice field (a path such as `billing_address.city`) hold the same.
    """

    module: str
    listing: Literal["contacts", "contact_persons", "items"]
    link: str
    name: tuple[str, str]
    fields: Mapping[str, str] = field(hash=False)


_PERSON_FIELDS = {
    "Salutation": "salutation",
    "First_Name": "first_name",
    "Last_Name": "last_name",
    "Email": "email",
    "Phone": "phone",
    "Mobile": "mobile",
    "Title": "designation",
    "Department": "department",
    "Skype_ID": "skype",
}

ACCOUNTS = Kind(
    "Accounts",
    "contacts",
    "zcrm_account_id",
    ("Account_Name", "contact_name"),
    {
        "Account_Name": "contact_name",
        "Website": "website",
        "Description": "notes",
        "Phone": "billing_address.phone",
        "Fax": "billing_address.fax",
        **{f"Billing_{crm}": f"billing_address.{invoice}" for crm, invoice in _ADDRESS.items()},
        **{f"Shipping_{crm}": f"shipping_address.{invoice}" for crm, invoice in _ADDRESS.items()},
    },
)

#: CRM contacts as contact persons of their account's customer.
PERSONS = Kind("Contacts", "contact_persons", "zcrm_contact_id", ("Full_Name", "full_name"), _PERSON_FIELDS)

#: CRM contacts as customers of their own.
CUSTOMERS = Kind(
    "Contacts",
    "contacts",
    "zcrm_contact_id",
    ("Full_Name", "contact_name"),
    {"Full_Name": "contact_name", "Account_Name": "company_name", "Description": "notes"},
)

PRODUCTS = Kind(
    "Products",
    "items",
    "zcrm_product_id",
    ("Product_Name", "name"),
    {
        "Product_Name": "name",
        "Product_Code": "sku",
        "Unit_Price": "rate",
        "Description": "description",
        "Usage_Unit": "unit",
    },
)


@dataclass(frozen=True)
class Synced:
    """What a connector says it keeps in step; the assertions ask for no more than this.

    Attributes:
        both_ways: what is changed in Invoice comes to the CRM too, and new records there.
        shares_twins: CRM records of one name may share their partner in Invoice, or be merged.
        views: the custom view that says which records of a module are synced, by its id.
    """

    kinds: tuple[Kind, ...] = (ACCOUNTS,)
    both_ways: bool = False
    shares_twins: bool = False
    views: Mapping[str, str] = field(default_factory=dict)
