"""Items: made, edited, set active or inactive, deleted."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.invoice.api import bp, delete, get, post, put, taxes
from web.invoice.custom_fields import custom_body, custom_section, custom_values
from web.invoice.inputs import Input, Section, showing
from web.invoice.saving import act, save_form, show_form

SIDE = "invoice.items"
TYPES = (("goods", _("Goods")), ("service", _("Service")), ("digital_service", _("Digital service")))


@bp.get("/items/new")
def items_new() -> ResponseReturnValue:
    return show_form(_("New item"), _crumbs(), _sections(), side=SIDE)


@bp.post("/items/new")
def items_create() -> ResponseReturnValue:
    return save_form(
        _("New item"),
        _crumbs(),
        _sections(),
        side=SIDE,
        send=lambda body: post("/items", _wire(body)),
        then=lambda answer: _at(answer["item"]["item_id"]),
    )


@bp.get("/items/<key:record_id>/edit")
def items_edit(record_id: str) -> ResponseReturnValue:
    item = get(f"/items/{record_id}")["item"]
    return show_form(
        _title(item), _crumbs(item), showing(_sections(), {**item, "custom": custom_values(item)}), side=SIDE
    )


@bp.post("/items/<key:record_id>/edit")
def items_update(record_id: str) -> ResponseReturnValue:
    item = get(f"/items/{record_id}")["item"]
    return save_form(
        _title(item),
        _crumbs(item),
        _sections(),
        side=SIDE,
        send=lambda body: put(f"/items/{record_id}", _wire(body)),
        then=lambda _answer: _at(record_id),
    )


@bp.post("/items/<key:record_id>/<any(active, inactive):status>")
def items_status(record_id: str, status: str) -> ResponseReturnValue:
    return act(lambda: post(f"/items/{record_id}/{status}"), _at(record_id))


@bp.post("/items/<key:record_id>/delete")
def items_delete(record_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/items/{record_id}"), url_for(SIDE), otherwise=_at(record_id))


def _sections() -> list[Section]:
    return [
        Section(
            _("Details"),
            [
                Input("name", _("Name"), is_required=True),
                Input("rate", _("Rate"), "number", is_required=True),
                Input("sku", _("SKU")),
                Input("unit", _("Unit")),
                Input("product_type", _("Type"), "select", TYPES),
                Input("tax_id", _("Tax"), "select", taxes()),
                Input("description", _("Description"), "area"),
            ],
        ),
        *custom_section("item"),
    ]


def _wire(body: dict[str, Any]) -> dict[str, Any]:
    """An empty choice is left to the API; no tax is a choice of its own."""
    kind = {"product_type": body["product_type"]} if body.get("product_type") else {}
    return {
        **{key: value for key, value in body.items() if key not in ("product_type", "custom")},
        **kind,
        **custom_body(body.get("custom", {})),
        "tax_id": body["tax_id"] or None,
    }


def _title(item: Mapping[str, Any]) -> str:
    return _("Edit %(name)s", name=item["name"])


def _crumbs(item: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    first = [(_("Items"), url_for(SIDE))]
    return [*first, (item["name"], _at(item["item_id"]))] if item else first


def _at(record_id: str) -> str:
    return url_for("invoice.items_record", record_id=record_id)
