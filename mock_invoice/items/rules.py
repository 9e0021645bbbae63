"""What holds for items: unique names and SKUs, one CRM product each, no deletion once used (invoice-api.md §4)."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mock_invoice import standing
from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.documents.attachment_model import attachments_of
from mock_invoice.errors import InUse, ItemExists, MissingValue, SkuTaken
from mock_invoice.find import find, refuse_taken_crm_id
from mock_invoice.items.model import Item
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from mock_invoice.settings.exemption_model import TaxExemption
from mock_invoice.settings.tax_model import Tax
from mock_invoice.settings.units import settle_unit

THING = "Item"
PLAIN_KEYS = (
    "description", "is_taxable", "purchase_rate", "purchase_description", "crm_owner_id", "rate", "hsn_or_sac",
)  # fmt: skip
DEFAULTED_KEYS = ("product_type", "item_type")


def create_item(body: dict[str, Any]) -> tuple[Item, Shown]:
    """A new item; name and rate are required.

    Raises:
        MissingValue, ItemExists, SkuTaken, CrmLinkTaken: as §4 says.
    """
    if "rate" not in body:
        raise MissingValue("rate")
    item = Item(name="", sku="", zcrm_product_id="", purchase_rate=Decimal(0))
    item.begin(current_organization().id)
    _apply(item, {"name": "", **body})
    db.session.add(item)
    db.session.flush()
    return item, first_values(item, "item", body.get("custom_fields"))


def update_item(item: Item, body: dict[str, Any]) -> None:
    _apply(item, body)
    item.touch()
    db.session.flush()
    save_values(item, "item", body.get("custom_fields"))


def _apply(item: Item, body: dict[str, Any]) -> None:
    for key in PLAIN_KEYS:
        if key in body:
            setattr(item, key, body[key])
    for key in DEFAULTED_KEYS:
        if body.get(key):
            setattr(item, key, body[key])
    if "name" in body:
        if not body["name"]:
            raise MissingValue("name")
        if _holder(Item.name, body["name"]) not in (None, item.id):
            raise ItemExists(body["name"])
        item.name = body["name"]
    if body.get("sku") and _holder(Item.sku, body["sku"]) not in (None, item.id):
        raise SkuTaken(body["sku"])
    item.sku = body.get("sku", item.sku)
    if "zcrm_product_id" in body:
        refuse_taken_crm_id(Item.zcrm_product_id, body["zcrm_product_id"], item.id)
        item.zcrm_product_id = body["zcrm_product_id"]
    if "unit" in body:
        item.unit = body["unit"]
        settle_unit(body["unit"])
    _take_tax(item, body)


def _take_tax(item: Item, body: dict[str, Any]) -> None:
    """A tax or a group of taxes, or the exemption that says why there is none."""
    if body.get("tax_id"):
        item.tax = find(Tax, body["tax_id"], "Tax")
    elif "tax_id" in body:
        item.tax = None
    if "tax_exemption_id" in body:
        wanted = body["tax_exemption_id"]
        item.tax_exemption_id = find(TaxExemption, wanted, "Tax exemption").id if wanted else None


def _holder(column: Any, value: str) -> int | None:
    statement = select(Item.id).where(Item.organization_id == current_organization().id, column == value)
    with db.session.no_autoflush:
        return db.session.scalar(statement)


def drop_picture(item: Item) -> None:
    for one in attachments_of(item.id) if item.image_name else ():
        db.session.delete(one)
    item.image_name = ""


def is_used(item_id: int) -> bool:
    return standing.any_of((table.item_id for table in standing.lines()), item_id)


def delete_item(item: Item) -> None:
    """Deletes an item that stands on no document.

    Raises:
        InUse: it does; it can be made inactive instead.
    """
    if is_used(item.id):
        raise InUse(f'"{item.name}" cannot be deleted as it is used in transactions. Mark the item as inactive.')
    drop_values(item.id)
    drop_picture(item)
    db.session.delete(item)
