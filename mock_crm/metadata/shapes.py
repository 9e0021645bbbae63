"""How fields and their options look in answers (crm-api.md §5.2, §5.4)."""

from typing import Any

from mock_crm import state, versions
from mock_crm.envelope import by_version
from mock_crm.metadata.catalog import Field, Module, Option
from mock_crm.metadata.standard import FORECAST_CATEGORIES
from mock_crm.records.line_shapes import wire_name
from mock_crm.records.values import shown_moment

JSON_TYPES = {
    "integer": "integer",
    "double": "double",
    "currency": "double",
    "percent": "double",
    "boolean": "boolean",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "userlookup": "jsonobject",
    "layout": "jsonobject",
    "multiselectpicklist": "jsonarray",
    "multiselectlookup": "jsonarray",
    "multiuserlookup": "jsonarray",
    "subform": "jsonarray",
    "fileupload": "jsonarray",
    "imageupload": "jsonarray",
    "line_tax": "jsonarray",
}
UI_TYPES = {
    "text": 1,
    "textarea": 3,
    "email": 25,
    "phone": 33,
    "website": 21,
    "picklist": 2,
    "integer": 32,
    "bigint": 34,
    "double": 38,
    "currency": 36,
    "boolean": 301,
    "date": 24,
    "datetime": 200,
    "lookup": 4,
    "ownerlookup": 8,
    "userlookup": 786,
    "multiselectpicklist": 100,
    "percent": 35,
    "autonumber": 111,
}


def is_known_then(field: Field) -> bool:
    """Whether this version knows the field; `id` is one of the metadata from v4 on (crm-api.md §9)."""
    since = versions.V4 if field.api_name == "id" else field.since
    return versions.current() >= since


def shown_field(field: Field, module: Module) -> dict[str, Any]:
    """A field of the metadata; the keys that no emulated function stands behind have the vendor's usual values."""
    is_editable = not field.is_read_only
    layouts = [
        {"api_name": lay.api_name, "name": lay.name, "id": str(lay.id)} for lay in module.layouts if field.is_shown
    ]
    return {
        "api_name": wire_name(field),
        "field_label": field.label,
        "display_label": field.label,
        "id": str(field.id),
        "data_type": field.data_type,
        "json_type": "jsonarray" if field.api_name == "Tag" else JSON_TYPES.get(field.data_type, "string"),
        "length": field.length,
        "decimal_place": field.decimal_place,
        "custom_field": field.is_custom,
        "system_mandatory": field.is_mandatory,
        "read_only": field.is_read_only,
        "field_read_only": field.is_read_only,
        "visible": not field.is_hidden,
        "type": "used" if field.is_shown else "unused",
        "pick_list_values": [shown_option(option) for option in field.options],
        "pick_list_values_sorted_lexically": field.extra.get("sorted", False),
        "lookup": _lookup(field),
        "multiselectlookup": _multi_lookup(field),
        "multi_module_lookup": {},
        "formula": {},
        "rollup_summary": {},
        "currency": _currency(field),
        "auto_number": _auto_number(field),
        "unique": {"casesensitive": "false", "case_sensitive": False} if field.is_unique else {},
        "external": None,
        "private": None,
        "crypt": None,
        "tooltip": field.extra.get("tooltip"),
        "operation_type": {
            "web_update": is_editable,
            "api_create": is_editable,
            "web_create": is_editable,
            "api_update": is_editable,
        },
        "view_type": {"view": True, "edit": is_editable, "quick_create": field.is_mandatory, "create": is_editable},
        "profiles": _profiles(field),
        "created_source": "crm" if field.is_custom else "default",
        "created_time": _moment(field.created_time),
        "modified_time": _moment(field.modified_time or field.created_time),
        "webhook": True,
        "filterable": field.api_name != "Tag",
        "searchable": field.api_name != "Tag",
        "sortable": field.data_type not in ("textarea", "multiselectpicklist"),
        "mass_update": is_editable,
        "separator": False,
        "virtual_field": False,
        "display_field": field.api_name == module.name_field,
        "display_type": -1,
        "ui_type": UI_TYPES.get(field.data_type, 1),
        "enable_colour_code": False,
        "colour_code_enabled_by_system": False,
        "businesscard_supported": True,
        "convert_mapping": None,
        "associated_module": _rows(field),
        "association_details": None,
        "history_tracking": None,
        "global_picklist": None,
        "hipaa_compliance": None,
        "hipaa_compliance_enabled": False,
        "blueprint_supported": False,
        "layout_associations": layouts,
        "email_parser": {"fields_update_supported": is_editable, "record_operations_supported": is_editable},
        "customizable_properties": None,
        "quick_sequence_number": None,
        **({"textarea": field.extra["textarea"]} if "textarea" in field.extra else {}),
    }


def shown_option(option: Option) -> dict[str, Any]:
    """An option of a picklist; from v2.1 on stages say what they mean for the forecast too (crm-api.md §5.4, §9)."""
    shown: dict[str, Any] = {
        "display_value": option.display_value,
        "actual_value": option.actual_value,
        "reference_value": option.actual_value,
        "sequence_number": option.sequence,
        "id": str(option.id),
        "colour_code": option.colour,
        "type": "used" if option.is_used else "unused",
    }
    if option.forecast_type is not None and versions.current() >= versions.V2_1:
        shown |= {
            "probability": option.probability,
            "forecast_type": option.forecast_type,
            "deal_category": option.forecast_type,
            "forecast_category": forecast_category(option.forecast_type),
            "sys_ref_name": option.actual_value.upper().replace(" ", "_"),
            "expected_data_type": "text",
            "maps": [],
        }
    return shown


def forecast_category(forecast_type: str) -> Any:
    """`{name, id}` from v7 on, a plain number before (crm-api.md §9); the numbers are ours."""
    number = list(FORECAST_CATEGORIES).index(forecast_type) + 1
    return by_version({"name": FORECAST_CATEGORIES[forecast_type], "id": str(number)}, number, versions.V7)


def _lookup(field: Field) -> dict[str, Any]:
    """The target is a plain string for the oldest clients, an object from v3 on (the switch is from memory)."""
    if field.data_type != "lookup" or field.lookup_module is None:
        return {}
    module = state.catalog().modules.get(field.lookup_module)
    anywhere = {"api_name": field.lookup_module, "id": None}  # the parent of a note or an attachment
    return {
        "display_label": field.extra.get("related_list"),
        "api_name": None,
        "module": by_version(module.reference() if module else anywhere, field.lookup_module, versions.V3),
        "id": None,
        "query_details": {},
        "revalidate_filter_during_edit": False,
    }


def _rows(field: Field) -> dict[str, Any] | None:
    """The module that says which fields the rows of a subform have; the shape is from memory."""
    if field.data_type != "subform" or field.lookup_module is None:
        return None
    return {"module": field.lookup_module, "id": str(state.catalog().modules[field.lookup_module].id)}


def _multi_lookup(field: Field) -> dict[str, Any]:
    """The linking module that the vendor makes for such a field is not emulated; its keys are empty."""
    if field.data_type != "multiselectlookup" or field.lookup_module is None:
        return {}
    module = state.catalog().modules[field.lookup_module]
    return {
        "display_label": field.label,
        "linking_module": None,
        "lookup_apiname": field.api_name,
        "api_name": field.api_name,
        "id": str(field.id),
        "connectedlookup_apiname": None,
        "connected_module": module.api_name,
    }


def _auto_number(field: Field) -> dict[str, Any]:
    found = field.extra.get("auto_number")
    if not found:
        return {}
    return {"prefix": found["prefix"], "suffix": found["suffix"], "start_number": found["start_number"]}


def _currency(field: Field) -> dict[str, Any]:
    if field.data_type != "currency":
        return {}
    return {"rounding_option": "normal", "precision": field.decimal_place, **field.extra.get("currency", {})}


def _profiles(field: Field) -> list[dict[str, Any]]:
    usual = "read_only" if field.is_read_only else "read_write"
    given: dict[str, str] = field.extra.get("profiles", {})
    return [
        {"permission_type": given.get(str(number), usual), "name": profile.name, "id": str(number)}
        for number, profile in state.people().profiles.items()
    ]


def _moment(seconds: int | None) -> str | None:
    return None if seconds is None else shown_moment(seconds, state.people().company.zone)
