"""Reads the catalog of modules from the world's database.

What is made of one row is kept: in the worlds of one template nearly all rows are alike, and after a change all are
read anew.
"""

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import select

from mock_crm.database import db
from mock_crm.metadata.catalog import Catalog, Field, Layout, Module, Option, Pipeline
from mock_crm.metadata.model import FieldRow, LayoutRow, ModuleRow, OptionRow, PipelineRow
from simulator import wire

ROWS_KEPT = 2_000


def load_catalog() -> Catalog:
    """Reads modules, fields, options and layouts from the world's database."""
    options: dict[int, list[Option]] = {}
    for row in _rows(OptionRow, OptionRow.sequence, OptionRow.id):
        options.setdefault(row.field_id, []).append(_option(row))
    fields: dict[str, dict[str, Field]] = {}
    for row in _rows(FieldRow, FieldRow.id):
        fields.setdefault(row.module, {})[row.api_name] = _field(row, tuple(options.get(row.id, ())))
    layouts: dict[str, list[Layout]] = {}
    for row in _rows(LayoutRow, LayoutRow.id):
        layouts.setdefault(row.module, []).append(_layout(row))
    modules = {
        row.api_name: Module(
            id=row.id,
            api_name=row.api_name,
            module_name=row.module_name,
            singular_label=row.singular_label,
            plural_label=row.plural_label,
            name_field=row.name_field,
            check_field=row.check_field,
            sequence=row.sequence,
            fields=fields.get(row.api_name, {}),
            layouts=tuple(layouts.get(row.api_name, ())),
            generated_type=row.generated_type,
            modified_by=row.modified_by,
            modified_time=row.modified_time,
        )
        for row in _rows(ModuleRow, ModuleRow.sequence)
    }
    return Catalog(modules, _pipelines(modules))


def _pipelines(modules: dict[str, Module]) -> tuple[Pipeline, ...]:
    """Pipelines as they were edited; one that never was has all stages, and is the default (`PipelineRow`)."""
    if "Deals" not in modules:
        return ()
    edited = {row.id: row for row in _rows(PipelineRow, PipelineRow.id)}
    stages = {stage.id: stage for stage in modules["Deals"].fields["Stage"].used_options}
    found = []
    for option in modules["Deals"].fields["Pipeline"].options:
        row = edited.get(option.id)
        chosen = [stages[n] for n in wire.loads(row.stages) if n in stages] if row else list(stages.values())
        by_name = {stage.actual_value: stage for stage in chosen}
        is_default = row.is_default if row else True
        found.append(Pipeline(option.id, option.display_value, option.actual_value, is_default, by_name))
    return tuple(found)


@lru_cache(ROWS_KEPT)
def _option(row: Any) -> Option:
    return Option(
        row.id,
        row.display_value,
        row.actual_value,
        row.sequence,
        row.probability,
        row.forecast_type,
        row.colour,
        row.is_used,
    )


@lru_cache(ROWS_KEPT)
def _layout(row: Any) -> Layout:
    return Layout(
        row.id,
        row.name,
        row.api_name,
        wire.loads(row.sections),
        row.modified_time,
        row.modified_by,
        tuple(wire.loads(row.hidden_from)),
        row.show_business_card,
    )


@lru_cache(ROWS_KEPT)
def _field(row: Any, options: tuple[Option, ...]) -> Field:
    return Field(
        id=row.id,
        module=row.module,
        api_name=row.api_name,
        label=row.label,
        data_type=row.data_type,
        length=row.length,
        decimal_place=row.decimal_place,
        column=row.column,
        lookup_module=row.lookup_module,
        is_custom=row.is_custom,
        is_mandatory=row.is_mandatory,
        is_read_only=row.is_read_only,
        is_unique=row.is_unique,
        is_hidden=row.is_hidden,
        extra=wire.loads(row.extra),
        created_time=row.created_time,
        options=options,
        is_unused=row.is_unused,
        modified_time=row.modified_time,
    )


def _rows(table: Any, *order: Any) -> Any:
    return db.session.execute(_all_of(table.__table__, order)).all()


@cache
def _all_of(table: Any, order: tuple[Any, ...]) -> Any:
    return select(*table.c).order_by(*order)
