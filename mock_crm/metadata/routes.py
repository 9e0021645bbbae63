"""Metadata: modules, fields, layouts and related lists, to be read (crm-api.md §5.1 to §5.3, §5.6)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import state, versions
from mock_crm.access import needs
from mock_crm.envelope import by_version, choice_param, id_of, moment_header, nothing
from mock_crm.errors import InvalidData, InvalidModule
from mock_crm.metadata.catalog import Field, Layout, Module
from mock_crm.metadata.params import module_param
from mock_crm.metadata.related_lists import RELATED_LISTS, RelatedList
from mock_crm.metadata.shapes import shown_field, shown_module
from mock_crm.metadata.standard_views import COLUMNS
from mock_crm.records.values import shown_moment
from simulator import wire

bp = Blueprint("metadata", __name__)


@bp.get("/settings/modules")
@needs("settings.modules.READ")
def list_modules() -> Response:
    """All modules; standard ones never changed, so with `If-Modified-Since` there is nothing newer."""
    if moment_header("If-Modified-Since") is not None:
        return nothing(304)
    wanted = request.args.get("status", "visible").split(",")
    if "visible" not in wanted:
        return nothing()
    return wire.reply({"modules": [shown_module(module) for module in state.catalog().modules.values()]})


@bp.get("/settings/modules/<name>")
@needs("settings.modules.READ")
def show_module(name: str) -> Response:
    module = state.catalog().find(name)
    if module is None:
        raise InvalidModule
    fields = [shown_field(field, module) for field in module.shown_fields]
    by_name = {field["api_name"]: field for field in fields}
    cards = [by_name[field] for field in COLUMNS.get(module.api_name, ())]
    return wire.reply(
        {
            "modules": [
                {
                    **shown_module(module),
                    "display_field": by_name[module.name_field],
                    "fields": fields,
                    "layouts": [shown_layout(layout, module) for layout in module.layouts],
                    "related_lists": [_related_list(related) for related in RELATED_LISTS.get(module.api_name, ())],
                    "search_layout_fields": [card["api_name"] for card in cards],
                    "business_card_fields": [card["api_name"] for card in cards[:5]],
                    "per_page": 10,
                    "$properties": [],
                    "lookup_field_properties": None,
                }
            ]
        }
    )


@bp.get("/settings/fields")
@needs("settings.fields.READ")
def list_fields() -> Response:
    """`type=all` and `unused` show the hidden field of the connected product too."""
    module = module_param()
    kind = choice_param("type", ("used", "unused", "all"), "used")
    fields = [
        field
        for field in module.fields.values()
        if (kind == "all" or field.is_hidden == (kind == "unused")) and _is_field_then(field)
    ]
    return wire.reply({"fields": [shown_field(field, module) for field in fields]}) if fields else nothing()


def _is_field_then(field: Field) -> bool:
    """`id` is a field of the metadata from v4 on (crm-api.md §9)."""
    return field.api_name != "id" or versions.current() >= versions.V4


@bp.get("/settings/fields/<name>")
@needs("settings.fields.READ")
def show_field(name: str) -> Response:
    module = module_param()
    number = id_of(name)
    found = [field for field in module.fields.values() if name == field.api_name or number == field.id]
    if not found:
        return nothing()
    return wire.reply({"fields": [shown_field(found[0], module)]})


@bp.get("/settings/layouts")
@needs("settings.layouts.READ")
def list_layouts() -> Response:
    module = module_param("param")
    return wire.reply({"layouts": [shown_layout(layout, module) for layout in module.layouts]})


@bp.get("/settings/layouts/<layout_id>")
@needs("settings.layouts.READ")
def show_layout(layout_id: str) -> Response:
    module = module_param("param")
    number = id_of(layout_id)
    if number is None:
        raise InvalidData({"id": layout_id[:40]}, "the id given seems to be invalid")
    found = [layout for layout in module.layouts if layout.id == number]
    if not found:
        return nothing()
    return wire.reply({"layouts": [shown_layout(found[0], module)]})


def shown_layout(layout: Layout, module: Module) -> dict[str, Any]:
    people = state.people()
    modifier = people.users.get(layout.modified_by or 0)
    return {
        "id": str(layout.id),
        "name": layout.name,
        "api_name": layout.api_name,
        "display_label": layout.name,
        "visible": True,
        "status": "active",
        "source": "crm",
        "mode": None,
        "generated_type": "default",
        "created_time": None,
        "modified_time": shown_moment(layout.modified_time, people.company.zone) if layout.modified_time else None,
        "created_by": None,
        "modified_by": modifier.named() if modifier else None,
        "show_business_card": True,
        "has_more_profiles": False,
        "profiles": [
            {"default": True, "name": profile.name, "id": str(profile.id), "_default_view": None}
            for profile in people.profiles.values()
        ],
        "convert_mapping": None,
        "sections": [_section(section, place, module) for place, section in enumerate(layout.sections, start=1)],
        "actions_allowed": {
            "edit": True,
            "rename": False,
            "clone": False,
            "downgrade": False,
            "delete": False,
            "deactivate": False,
            "set_layout_permissions": False,
        },
    }


def _section(section: dict[str, Any], place: int, module: Module) -> dict[str, Any]:
    fields = [
        {
            **shown_field(module.fields[placed["api_name"]], module),
            "required": placed["required"],
            "sequence_number": sequence,
            "section_id": place,
        }
        for sequence, placed in enumerate(section["fields"], start=1)
        if placed["api_name"] in module.fields
    ]
    return {
        "id": section["id"],
        "display_label": section["display_label"],
        "name": section["name"],
        "api_name": section["name"].replace(" ", "_"),
        "sequence_number": place,
        "column_count": 2,
        "tab_traversal": 2,
        "isSubformSection": False,
        "generated_type": "default",
        "type": "used",
        "fields": fields,
    }


@bp.get("/settings/related_lists")
@needs("settings.related_lists.READ")
def list_related_lists() -> Response:
    module = module_param()
    lists = RELATED_LISTS.get(module.api_name, ())
    return wire.reply({"related_lists": [_related_list(related) for related in lists]}) if lists else nothing()


def _related_list(related: RelatedList) -> dict[str, Any]:
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
