"""The doors of items (invoice-api.md §4). Their scope is `settings` (§1.2)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from mock_invoice import tables
from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue
from mock_invoice.find import find
from mock_invoice.items.model import Item
from mock_invoice.items.render import ITEMS, item_detail, item_details
from mock_invoice.items.rules import THING, create_item, delete_item, update_item
from mock_invoice.items.schema import ITEM
from mock_invoice.lists import LARGEST_PAGE, answer_list
from mock_invoice.openapi.parameters import UPSERTED, many, of_list
from mock_invoice.openapi.words import DONE, FIELDS_SENT, also_as_file, page, sent, told
from mock_invoice.parsing import id_list, json_array, json_body, offers
from mock_invoice.settings.custom_fields import save_values
from mock_invoice.upsert import holder_by_header
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("items", __name__)


@bp.get("/items")
@offers(*tables.FORMATS)
@documented(*of_list(ITEMS), _200=also_as_file(page("items", "ItemRow", "ListContext")))
@needs("settings.READ")
def list_items() -> Response:
    return answer_list(ITEMS)


@bp.get("/items/<item_id>")
@documented(_200=told(item="Item"))
@needs("settings.READ")
def get_item(item_id: str) -> Response:
    return success(item=item_detail(find(Item, item_id, THING)))


@bp.get("/itemdetails")
@documented(many("item_ids", LARGEST_PAGE), _200=told(items=array_of("Item", least=1)))
@needs("settings.READ")
def get_items() -> Response:
    wanted = id_list(request.args.get("item_ids", ""), "item_ids", LARGEST_PAGE)
    statement = select(Item).where(Item.id.in_(wanted), Item.organization_id == current_organization().id)
    found = db.session.scalars(statement.order_by(Item.id)).unique().all()
    if not found:
        raise InvalidValue("item_ids")
    return success(items=item_details(found))


@bp.post("/items")
@documented(body=sent(ITEM, "name", "rate"), _201=told(item="Item"))
@needs("settings.CREATE")
def add_item() -> Response:
    return _create(json_body())


@bp.put("/items/<item_id>")
@documented(body=sent(ITEM), _200=told(item="Item"))
@needs("settings.UPDATE")
def save_item(item_id: str) -> Response:
    return _update(item_id, json_body())


@bp.put("/items")
@documented(*UPSERTED, body=sent(ITEM), _200=told(item="Item"), _201=told(item="Item"))
@needs("settings.UPDATE")
def upsert_item() -> Response:
    body = json_body()
    holder_id = holder_by_header("item", body, THING)
    return _create(body) if holder_id is None else _update(holder_id, body)


def _create(body: dict[str, Any]) -> Response:
    item, custom_fields = create_item(ITEM.load(body))
    return created("The item has been added.", "items", item.id, item=item_detail(item, custom_fields))


def _update(item_id: str | int, body: dict[str, Any]) -> Response:
    item = find(Item, item_id, THING)
    update_item(item, ITEM.load(body))
    return success("Item details have been saved.", item=item_detail(item))


@bp.put("/item/<item_id>/customfields")
@documented(body=FIELDS_SENT, _200=DONE)
@needs("settings.UPDATE")
def save_custom_fields(item_id: str) -> Response:
    item = find(Item, item_id, THING)
    save_values(item, "item", json_array())
    item.touch()
    return success("Custom Fields Updated Successfully")


@bp.delete("/items/<item_id>")
@documented(_200=DONE)
@needs("settings.DELETE")
def remove_item(item_id: str) -> Response:
    delete_item(find(Item, item_id, THING))
    return success("The item has been deleted.")


@bp.post("/items/<item_id>/active")
@documented(_200=DONE)
@needs("settings.CREATE")
def mark_active(item_id: str) -> Response:
    return _mark(item_id, "active")


@bp.post("/items/<item_id>/inactive")
@documented(_200=DONE)
@needs("settings.CREATE")
def mark_inactive(item_id: str) -> Response:
    return _mark(item_id, "inactive")


def _mark(item_id: str, status: str) -> Response:
    item = find(Item, item_id, THING)
    if item.status != status:
        item.status = status
        item.touch()
    db.session.flush()
    return success(f"The item has been marked as {status}.")
