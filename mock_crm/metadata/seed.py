"""Writes the standard metadata and the standard organization into a fresh world."""

from typing import Any

from mock_crm.database import insert_rows
from mock_crm.metadata import model, standard_views
from mock_crm.metadata.standard import STAGES, Standard, StandardModule
from mock_crm.metadata.standard_modules import MODULES, SUBFORMS
from simulator import ids, wire

#: The vendor's ids of standard modules end like this in every organization (crm-api.md §5.1).
MODULE_ID_BASE = 5_725_767_000_000_000_000


def seed_metadata() -> None:
    """The standard modules, then those of rows within them."""
    for sequence, module in enumerate((*MODULES, *SUBFORMS), start=1):
        seed_module(module, MODULE_ID_BASE + module.id_ending, sequence)


def seed_module(module: StandardModule, number: int, sequence: int, **more: Any) -> None:
    """A module with its fields and options; where it has sections, its Standard layout and predefined views too."""
    insert_rows(model.ModuleRow, [_module_row(module, number, sequence) | more])
    _seed_fields(module)
    if module.sections:
        insert_rows(model.LayoutRow, [_layout_row(module)])
        insert_rows(model.ViewRow, _view_rows(module))


def _module_row(module: StandardModule, number: int, sequence: int) -> dict[str, Any]:
    return {
        "id": number,
        "api_name": module.api_name,
        "module_name": module.module_name,
        "singular_label": module.singular,
        "plural_label": module.plural or module.api_name,
        "name_field": module.name_field,
        "check_field": module.check_field,
        "sequence": sequence,
        "generated_type": module.generated_type,
    }


def _seed_fields(module: StandardModule) -> None:
    options: list[dict[str, Any]] = []
    rows = [
        field_row(module.api_name, field, number)
        for field, number in zip(module.fields, ids.new_ids(len(module.fields)), strict=True)
    ]
    for field, row in zip(module.fields, rows, strict=True):
        is_stage = module.api_name == "Deals" and field.api_name == "Stage"
        options += _stage_rows(row["id"]) if is_stage else option_rows(row["id"], field.options)
    insert_rows(model.FieldRow, rows)
    insert_rows(model.OptionRow, options)


def field_row(module: str, field: Standard, number: int, **more: Any) -> dict[str, Any]:
    """A row of the field table for a field that the vendor or this program defines."""
    return {
        "id": number,
        "module": module,
        "api_name": field.api_name,
        "label": field.label,
        "data_type": field.data_type,
        "length": field.length,
        "decimal_place": field.decimal_place,
        "column": field.column,
        "lookup_module": field.lookup_module,
        "is_custom": field.custom,
        "is_mandatory": field.mandatory,
        "is_read_only": field.read_only,
        "is_unique": False,
        "is_hidden": False,
        "extra": wire.dumps(field.extra).decode(),
        "created_time": None,
        **more,
    }


def option_rows(field_id: int, values: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "field_id": field_id,
            "display_value": value,
            "actual_value": value,
            "sequence": sequence,
            "probability": None,
            "forecast_type": None,
        }
        for sequence, (value, number) in enumerate(zip(values, ids.new_ids(len(values)), strict=True), start=1)
    ]


def _stage_rows(field_id: int) -> list[dict[str, Any]]:
    rows = option_rows(field_id, tuple(actual for _, actual, _, _ in STAGES))
    for row, (display, _, probability, forecast_type) in zip(rows, STAGES, strict=True):
        row.update(display_value=display, probability=probability, forecast_type=forecast_type)
    return rows


def _layout_row(module: StandardModule) -> dict[str, Any]:
    mandatory = {field.api_name for field in module.fields if field.mandatory}
    sections = [
        {
            "id": str(number),
            "name": name,
            "display_label": name,
            "fields": [{"api_name": field, "required": field in mandatory} for field in fields],
        }
        for (name, fields), number in zip(module.sections, ids.new_ids(len(module.sections)), strict=True)
    ]
    return {
        "id": ids.new_id(),
        "module": module.api_name,
        "name": "Standard",
        "api_name": "Standard__s",
        "sections": wire.dumps(sections).decode(),
    }


def _view_rows(module: StandardModule) -> list[dict[str, Any]]:
    views = standard_views.standard_views(module)
    columns = wire.dumps(standard_views.COLUMNS.get(module.api_name, (module.name_field, "Owner"))).decode()
    return [
        {
            "id": number,
            "module": module.api_name,
            "name": view.name,
            "system_name": view.system_name,
            "is_default": sequence == 0,
            "access_type": "public",
            "shared_to": "[]",
            "criteria": wire.dumps(view.criteria).decode() if view.criteria else None,
            "fields": columns,
            "sort_by": view.sort_by,
            "sort_order": view.sort_order,
            "sequence": sequence,
        }
        for sequence, (view, number) in enumerate(zip(views, ids.new_ids(len(views)), strict=True))
    ]
