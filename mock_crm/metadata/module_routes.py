"""Modules: list, detail, custom ones made and changed (crm-api.md §5.1). The vendor's API deletes no module."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import access, state, versions
from mock_crm.access import needs
from mock_crm.envelope import Outcome, body, by_version, items, moment_header, nothing, outcomes
from mock_crm.errors import ApiNotSupported, InvalidData, InvalidMethod, InvalidModule
from mock_crm.metadata import module_writing
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.input import outcome
from mock_crm.metadata.layout_shapes import shown_layout
from mock_crm.metadata.related_lists import lists_of
from mock_crm.metadata.routes import shown_related_list
from mock_crm.metadata.shapes import shown_field
from mock_crm.metadata.standard_views import COLUMNS
from mock_crm.openapi.parameters import MODIFIED_SINCE
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization.permissions import ACTS, CUSTOMIZE, module_permission
from mock_crm.records.values import shown_moment
from simulator import wire
from simulator.openapi import Parameter, documented, no_part

bp = Blueprint("modules", __name__)

STATUSES = ("visible", "user_hidden", "system_hidden", "scheduled_for_deletion")
MOST_AT_ONCE = 10
STATUS = Parameter("status", f"Comma list of {', '.join(STATUSES)} (from v5 on).")


@bp.get("/settings/modules")
@needs("settings.modules.READ")
@documented(STATUS, MODIFIED_SINCE, _200=listed("modules", "Module"), _204=None, _304=None)
def list_modules() -> Response:
    """With `If-Modified-Since` only those changed since then; standard ones mostly never were."""
    since = moment_header("If-Modified-Since")
    wanted = _statuses()
    modules = [module for module in state.catalog().modules.values() if _status(module) in wanted]
    if since is not None:
        modules = [module for module in modules if (module.modified_time or 0) >= since]
        if not modules:
            return nothing(304)
    return wire.reply({"modules": [shown_module(module) for module in modules]}) if modules else nothing()


def _statuses() -> list[str]:
    """`?status=` came with v5; what came before it is shown whole."""
    if versions.current() < versions.V5:
        return list(STATUSES)
    given = request.args.get("status", "visible").split(",")
    for index, status in enumerate(given):
        if status not in STATUSES:
            details = {"index": index, "supported_values": list(STATUSES), "param_name": "status"}
            raise InvalidData(details, "The status given is invalid.")
    return given


def _status(module: Module) -> str:
    """Rows within records are modules too, which no tab shows (from memory: hidden by the system)."""
    return "system_hidden" if module.is_subform else "visible"


@bp.get("/settings/modules/<name>")
@needs("settings.modules.READ")
@documented(MODIFIED_SINCE, _200=listed("modules", "ModuleDetail"), _304=None)
def show_module(name: str) -> Response:
    module = state.catalog().module(name)
    since = moment_header("If-Modified-Since")
    if since is not None and (module.modified_time or 0) < since:
        return nothing(304)
    return wire.reply({"modules": [_detail(module)]})


@bp.post("/settings/modules")
@needs("settings.modules.CREATE", permission=CUSTOMIZE)
@documented(told("modules", 201), body=sent("modules", "ModuleToMake", MOST_AT_ONCE), since="v6")
def create_modules() -> Response:
    _require_v6()
    given = items(body(), "modules", MOST_AT_ONCE)
    results: list[Outcome] = [outcome(module_writing.create, item, f"$.modules[{n}]") for n, item in enumerate(given)]
    return outcomes(results, "modules", 201)


@bp.put("/settings/modules")
@needs("settings.modules.UPDATE", permission=CUSTOMIZE)
@documented(told("modules"), body=sent("modules", "ModuleToChange", MOST_AT_ONCE), since="v6")
def update_modules() -> Response:
    _require_v6()
    given = items(body(), "modules", MOST_AT_ONCE)
    results: list[Outcome] = [
        outcome(module_writing.change, item, None, f"$.modules[{n}]") for n, item in enumerate(given)
    ]
    return outcomes(results, "modules")


@bp.put("/settings/modules/<name>")
@needs("settings.modules.UPDATE", permission=CUSTOMIZE)
@documented(told("modules"), body=sent("modules", "ModuleToChange"), since="v6")
def update_module(name: str) -> Response:
    _require_v6()
    module = state.catalog().find(name)
    if module is None:
        raise InvalidModule({"resource_path_index": 2})
    given = items(body(), "modules", 1)
    return outcomes([outcome(module_writing.change, given[0], module, "$.modules[0]")], "modules")


@bp.delete("/settings/modules/<name>")
@needs("settings.modules.DELETE", permission=CUSTOMIZE)
@no_part
def delete_module(name: str) -> Response:
    """Said here, as the address would else be taken for that of a record."""
    raise InvalidMethod


def _require_v6() -> None:
    if versions.current() < versions.V6:
        raise ApiNotSupported(versions.V6)


def shown_module(module: Module) -> dict[str, Any]:
    """A module, with what the caller may do in it."""
    people = state.people()
    view, create, edit, remove = (
        not module.is_subform and access.may(module_permission(module.api_name, act)) for act in ACTS
    )
    profiles = [
        {"name": profile.name, "id": str(profile.id)}
        for profile in people.profiles.values()
        if profile.allows(module_permission(module.api_name, "View"))
    ]
    modifier = people.users.get(module.modified_by or 0)
    modified = module.modified_time
    is_tab = not module.is_subform
    return {
        "api_name": module.api_name,
        "module_name": module.module_name,
        "singular_label": module.singular_label,
        "plural_label": module.plural_label,
        "actual_singular_label": module.singular_label,
        "actual_plural_label": module.plural_label,
        "id": str(module.id),
        "generated_type": module.generated_type,
        "api_supported": True,
        "viewable": view,
        "creatable": create,
        "editable": edit,
        "deletable": remove,
        "convertable": module.api_name == "Leads",
        "quick_create": is_tab,
        "show_as_tab": is_tab,
        "visibility": int(is_tab),
        **_visibility(module),
        "sequence_number": module.sequence,
        "modified_time": shown_moment(modified, people.company.zone) if modified else None,
        "modified_by": modifier.named() if modifier else None,
        "parent_module": {},
        "profiles": profiles,
        "profile_count": len(profiles),
        "feeds_required": True,
        "arguments": [],
        "web_link": None,
        "business_card_field_limit": 5,
        "presence_sub_menu": True,
        **by_version({"sub_menu_available": True}, {}, versions.V5),
        "has_more_profiles": False,
        "access_type": "org_based",
        "private_profile": None,
        "description": None,
        **by_version({"recycle_bin_on_delete": True}, {}, versions.V6),
    }


def _visibility(module: Module) -> dict[str, Any]:
    """Unknown to v2, a boolean up to v4, a status from v5 on (crm-api.md §5.1)."""
    if versions.current() >= versions.V5:
        return {"status": _status(module)}
    if versions.current() >= versions.V2_1:
        return {"visible": _status(module) == "visible"}
    return {}


def _detail(module: Module) -> dict[str, Any]:
    fields = [shown_field(field, module) for field in module.shown_fields]
    by_name = {field["api_name"]: field for field in fields}
    cards = [name for name in COLUMNS.get(module.api_name, (module.name_field, "Owner")) if name in by_name]
    return {
        **shown_module(module),
        "display_field": by_version(by_name.get(module.name_field), module.name_field, versions.V3),
        "fields": fields,
        "layouts": [shown_layout(layout, module) for layout in module.layouts],
        "related_lists": [shown_related_list(related) for related in lists_of(module)],
        "search_layout_fields": cards,
        "business_card_fields": cards[:5],
        "per_page": 10,
        "$properties": [],
        "lookup_field_properties": None,
    }
