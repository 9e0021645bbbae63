"""Layouts: list, detail, editing (crm-api.md §5.3). Each module has its Standard layout only; it cannot be deleted."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm.access import needs
from mock_crm.envelope import body, id_of, items, nothing, outcomes
from mock_crm.errors import InvalidData, InvalidId, NotAllowed, RequiredParamMissing
from mock_crm.metadata import layout_editing
from mock_crm.metadata.catalog import Layout, Module
from mock_crm.metadata.input import outcome
from mock_crm.metadata.layout_shapes import shown_layout
from mock_crm.metadata.params import module_param
from mock_crm.openapi.parameters import MODULE, TRANSFER_TO
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization.permissions import CUSTOMIZE
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("layouts", __name__)


@bp.get("/settings/layouts")
@needs("settings.layouts.READ")
@documented(MODULE, _200=listed("layouts", "Layout"), _204=None)
def list_layouts() -> Response:
    module = module_param("param")
    layouts = [shown_layout(layout, module) for layout in module.layouts]
    return wire.reply({"layouts": layouts}) if layouts else nothing()


@bp.get("/settings/layouts/<layout_id>")
@needs("settings.layouts.READ")
@documented(MODULE, _200=listed("layouts", "Layout"), _204=None)
def show_layout(layout_id: str) -> Response:
    module = module_param("param")
    number = id_of(layout_id)
    if number is None:
        raise InvalidData({"id": layout_id[:40]}, "the id given seems to be invalid")
    layout = _find(module, number)
    return wire.reply({"layouts": [shown_layout(layout, module)]}) if layout is not None else nothing()


@bp.route("/settings/layouts/<layout_id>", methods=["PATCH", "PUT"])
@needs("settings.layouts.UPDATE", permission=CUSTOMIZE)
@documented(MODULE, told("layouts"), body=sent("layouts", "LayoutToChange"))
def update_layout(layout_id: str) -> Response:
    """`PATCH` is the vendor's; `PUT` does the same here."""
    module = module_param()
    layout = _of_address(module, layout_id)
    given: list[Any] = items(body(), "layouts", 1)
    return outcomes([outcome(layout_editing.change, module.api_name, layout.id, given[0])], "layouts")


@bp.delete("/settings/layouts/<layout_id>")
@needs("settings.layouts.DELETE", permission=CUSTOMIZE)
@documented(MODULE, TRANSFER_TO)
def delete_layout(layout_id: str) -> Response:
    module = module_param()
    _of_address(module, layout_id)
    if not request.args.get("transfer_to"):
        raise RequiredParamMissing({"param_name": "transfer_to"})
    raise NotAllowed({"resource_path_index": 2}, "The Standard layout cannot be deleted")


def _of_address(module: Module, layout_id: str) -> Layout:
    layout = _find(module, id_of(layout_id))
    if layout is None:
        raise InvalidId({"resource_path_index": 2})
    return layout


def _find(module: Module, number: int | None) -> Layout | None:
    return next((layout for layout in module.layouts if layout.id == number), None)
