"""Items as the API shows them, and their list (invoice-api.md §4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, type_coerce
from sqlalchemy.types import BigInteger

from mock_invoice.access import current_organization
from mock_invoice.envelope import id_text, seconds_text, time_text, units_number
from mock_invoice.errors import InvalidValue
from mock_invoice.filters import NOBODY, Exact, IdFilter, Made, Numbers, Texts
from mock_invoice.items.model import Item
from mock_invoice.lists import Listing, Rows
from mock_invoice.settings.custom_fields import Shown, as_hash, values_of
from mock_invoice.settings.tax_model import Tax
from mock_invoice.settings.units import unit_ids

#: Keys of purchases and stock, which are not emulated.
NOT_EMULATED: dict[str, Any] = {
    "account_id": "",
    "account_name": "",
    "track_inventory": False,
    "has_attachment": False,
    "item_tax_preferences": [],
    "tags": [],
}
NOT_EMULATED_IN_DETAIL: dict[str, Any] = {
    **NOT_EMULATED,
    "group_id": "",
    "pricebook_rate": 0,
    "documents": [],
    "integration_references": [],
}


def item_detail(item: Item, custom_fields: Shown | None = None) -> dict[str, Any]:
    return item_details([item])[0] if custom_fields is None else _detail(item, custom_fields)


def item_details(items: Sequence[Item]) -> list[dict[str, Any]]:
    values = values_of("item", (item.id for item in items))
    return [_detail(item, values[item.id]) for item in items]


def _detail(item: Item, custom_fields: Shown) -> dict[str, Any]:
    zone = current_organization().time_zone
    tax = item.tax
    return {
        **NOT_EMULATED_IN_DETAIL,
        "item_id": str(item.id),
        "name": item.name,
        "item_name": item.name,
        "unit": item.unit,
        "status": item.status,
        "source": item.source,
        "is_linked_with_zohocrm": bool(item.zcrm_product_id),
        "zcrm_product_id": item.zcrm_product_id,
        "crm_owner_id": item.crm_owner_id,
        "description": item.description,
        "rate": item.rate,
        "sales_rate": item.rate,
        "is_taxable": item.is_taxable,
        "tax_id": id_text(item.tax_id),
        "tax_name": tax.tax_name if tax else "",
        "tax_percentage": tax.tax_percentage if tax else 0,
        "tax_type": tax.tax_type if tax else "",
        "purchase_rate": item.purchase_rate,
        "purchase_description": item.purchase_description,
        "item_type": item.item_type,
        "can_be_sold": item.item_type != "purchases",
        "can_be_purchased": item.is_purchased,
        "unit_id": unit_ids().get(item.unit, ""),
        "tax_exemption_id": id_text(item.tax_exemption_id),
        "hsn_or_sac": item.hsn_or_sac,
        "product_type": item.product_type,
        "sku": item.sku,
        "image_name": item.image_name,
        "created_time": time_text(item.created_time, zone),
        "created_at": time_text(item.created_time, zone),
        "last_modified_time": time_text(item.last_modified_time, zone),
        "custom_fields": custom_fields,
        "custom_field_hash": as_hash(custom_fields),
    }


COLUMNS = (
    Item.id, Item.name, Item.unit, Item.status, Item.source, Item.zcrm_product_id, Item.description, Item.sku,
    Item.image_name,
    Item.tax_id, Tax.tax_name, type_coerce(Tax.tax_percentage, BigInteger).label("tax_percentage"),
    Item.purchase_description, Item.item_type, Item.product_type,
    type_coerce(Item.rate, BigInteger).label("rate"),
    type_coerce(Item.purchase_rate, BigInteger).label("purchase_rate"),
    type_coerce(Item.created_time, BigInteger).label("created"),
    type_coerce(Item.last_modified_time, BigInteger).label("modified"),
)  # fmt: skip


def render(rows: Rows, _: None) -> list[dict[str, Any]]:
    zone = current_organization().time_zone
    return [
        {
            **NOT_EMULATED,
            "item_id": str(row.id),
            "name": row.name,
            "item_name": row.name,
            "unit": row.unit,
            "status": row.status,
            "source": row.source,
            "is_linked_with_zohocrm": bool(row.zcrm_product_id),
            "zcrm_product_id": row.zcrm_product_id,
            "description": row.description,
            "rate": units_number(row.rate),
            "tax_id": id_text(row.tax_id),
            "tax_name": row.tax_name or "",
            "tax_percentage": units_number(row.tax_percentage),
            "purchase_description": row.purchase_description,
            "purchase_rate": units_number(row.purchase_rate),
            "item_type": row.item_type,
            "can_be_sold": row.item_type != "purchases",
            "can_be_purchased": row.item_type != "sales",
            "product_type": row.product_type,
            "sku": row.sku,
            "image_name": row.image_name,
            "created_time": seconds_text(row.created, zone),
            "last_modified_time": seconds_text(row.modified, zone),
        }
        for row in rows
    ]


def _is_taxable(text: str) -> ColumnElement[bool]:
    if text not in ("true", "false"):
        raise InvalidValue("is_taxable")
    return Item.is_taxable.is_(text == "true")


ITEMS = Listing(
    key="items",
    report_name="Items",
    model=Item,
    columns=COLUMNS,
    render=render,
    joins=((Tax, Tax.id == Item.tax_id),),
    filters=(
        Texts({"name": Item.name, "description": Item.description, "tax_name": Tax.tax_name, "sku": Item.sku}),
        Numbers({"rate": Item.rate}),
        IdFilter({"tax_id": Item.tax_id}),
        Exact({"zcrm_product_id": Item.zcrm_product_id, "unit": Item.unit}),
        Made({"is_taxable": _is_taxable, "account_id": lambda _: NOBODY}),
    ),
    sorts={"name": Item.name, "rate": Item.rate, "tax_name": Tax.tax_name},
    sort_column="name",
    statuses={
        "Status.All": None,
        "Status.Active": Item.status == "active",
        "Status.Inactive": Item.status == "inactive",
    },
    search=(Item.name, Item.description, Item.sku),
    ids_parameter="item_ids",
)
