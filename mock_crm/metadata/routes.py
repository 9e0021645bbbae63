"""Metadata to be read: fields and related lists (crm-api.md §5.2, §5.6)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import state, versions
from mock_crm.access import field_permission, needs
from mock_crm.envelope import by_version, choice_param, id_of, nothing
from mock_crm.errors import InvalidData
from mock_crm.metadata.params import module_param
from mock_crm.metadata.related_lists import RelatedList, lists_of
from mock_crm.metadata.shapes import is_known_then, shown_field
from mock_crm.openapi.parameters import LAYOUT_ID, MODULE
from mock_crm.openapi.schemas import listed
from simulator import wire
from simulator.openapi import Parameter, documented
from simulator.shapes import choice

bp = Blueprint("metadata", __name__)

KINDS = ("used", "unused", "all")
KIND = Parameter("type", "Those on a layout (the default), those off it, or all.", choice(*KINDS))


@bp.get("/settings/fields")
@needs("settings.fields.READ")
@documented(MODULE, KIND, _200=listed("fields", "Field"), _204=None)
def list_fields() -> Response:
    """`unused` ones were taken off the layout, or are a connected product's own; a profile may not see all."""
    module = module_param()
    kind = choice_param("type", KINDS, "used")
    fields = [
        field
        for field in module.fields.values()
        if (kind == "all" or field.is_shown == (kind == "used"))
        and is_known_then(field)
        and field_permission(field) != "hidden"
    ]
    return wire.reply({"fields": [shown_field(field, module) for field in fields]}) if fields else nothing()


@bp.get("/settings/fields/<field_id>")
@needs("settings.fields.READ")
@documented(MODULE, _200=listed("fields", "Field"), _204=None)
def show_field(field_id: str) -> Response:
    module = module_param()
    number = id_of(field_id)
    found = [field for field in module.fields.values() if field_id == field.api_name or number == field.id]
    if not found:
        return nothing()
    return wire.reply({"fields": [shown_field(found[0], module)]})


@bp.get("/settings/related_lists")
@needs("settings.related_lists.READ")
@documented(MODULE, LAYOUT_ID, _200=listed("related_lists", "RelatedList"), _204=None)
def list_related_lists() -> Response:
    """A module has one layout, so that `layout_id` need only be one of the module's."""
    module = module_param()
    given = request.args.get("layout_id")
    if given and id_of(given) not in [layout.id for layout in module.layouts]:
        raise InvalidData({"param_name": "layout_id"})
    lists = lists_of(module)
    return wire.reply({"related_lists": [shown_related_list(related) for related in lists]}) if lists else nothing()


def shown_related_list(related: RelatedList) -> dict[str, Any]:
    """`sequence_number` really is a string; the module is a plain string in the oldest versions (crm-api.md §5.6)."""
    target = state.catalog().modules[related.target]
    return {
        "id": str(target.id + related.sequence),
        "api_name": related.api_name,
        "name": related.api_name,
        "display_label": related.label,
        "module": by_version(target.reference(), target.api_name, versions.V3),
        "href": f"{related.module}/{{ENTITYID}}/{related.api_name}",
        "type": "default",
        "sequence_number": str(related.sequence),
        "action": None,
        "customize_sort": True,
        "customize_fields": True,
        "customize_display_label": False,
        "connectedmodule": None,
        "linkingmodule": None,
        "status": "visible",
    }
