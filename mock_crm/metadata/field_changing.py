"""Changing and deleting fields (crm-api.md §5.2). One that a view's criteria name is not deleted, as at the vendor."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import delete, select, update

from mock_crm import state, versions
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import Outcome, body, id_of, items, outcomes, success
from mock_crm.errors import DuplicateData, InvalidId, InvalidMethod, NotAllowed
from mock_crm.metadata import field_types, field_values, layout_writing, options, stages
from mock_crm.metadata.catalog import Field, Module
from mock_crm.metadata.field_creating import label_of, refuse_another_unique
from mock_crm.metadata.input import a_text, an_id, an_object, located, outcome, wrong
from mock_crm.metadata.model import FieldRow, OptionRow, ViewRow
from mock_crm.metadata.params import module_param
from mock_crm.openapi.parameters import MODULE
from mock_crm.openapi.schemas import sent, told
from mock_crm.organization.permissions import CUSTOMIZE
from simulator import clock, wire
from simulator.openapi import documented

bp = Blueprint("field_changing", __name__)

MOST_AT_ONCE = 25


@bp.route("/settings/fields", methods=["PATCH", "PUT"])
@needs("settings.fields.UPDATE", permission=CUSTOMIZE)
@documented(MODULE, told("fields"), body=sent("fields", "FieldToChange", MOST_AT_ONCE), since="v6")
def update_fields() -> Response:
    _require_v6()
    name = module_param().api_name
    given = items(body(), "fields", MOST_AT_ONCE)
    results: list[Outcome] = [outcome(change, name, item, None, f"$.fields[{n}]") for n, item in enumerate(given)]
    return outcomes(results, "fields")


@bp.route("/settings/fields/<field_id>", methods=["PATCH", "PUT"])
@needs("settings.fields.UPDATE", permission=CUSTOMIZE)
@documented(MODULE, told("fields"), body=sent("fields", "FieldToChange"), since="v6")
def update_field(field_id: str) -> Response:
    _require_v6()
    module = module_param()
    field = _of_address(module, field_id)
    given = items(body(), "fields", 1)
    return outcomes([outcome(change, module.api_name, given[0], field.id, "$.fields[0]")], "fields")


@bp.delete("/settings/fields/<field_id>")
@needs("settings.fields.DELETE", permission=CUSTOMIZE)
@documented(MODULE, told("fields"), since="v6")
def delete_field(field_id: str) -> Response:
    _require_v6()
    module = module_param()
    field = _of_address(module, field_id)
    remove(module, field)
    return outcomes([success({"id": str(field.id)}, "field deleted")], "fields")


def _require_v6() -> None:
    if versions.current() < versions.V6:
        raise InvalidMethod  # from memory: fields are changed from the version on in which they can be created


def _of_address(module: Module, field_id: str) -> Field:
    number = id_of(field_id)
    for field in module.fields.values():
        if field.id == number or field.api_name == field_id:
            return field
    raise InvalidId({"resource_path_index": 2})


def change(module_name: str, given: Any, number: int | None, path: str) -> Outcome:
    """Changes one field; what is not given stays, and what cannot change is refused when it is given as another."""
    module = state.catalog().modules[module_name]
    asked = an_object(given, path)
    number = number or an_id(asked.get("id"), path)
    field = next((known for known in module.fields.values() if known.id == number), None)
    if field is None:
        raise wrong("id", path, "the id given seems to be invalid")
    if field.is_hidden:
        raise NotAllowed(located("id", path))
    if asked.get("data_type", field.data_type) != field.data_type:
        raise wrong("data_type", path)
    values: dict[str, Any] = {"modified_time": int(clock.now().timestamp()), "version": FieldRow.version + 1}
    if "field_label" in asked:
        values["label"] = label_of(asked["field_label"], module, path, field)
    values |= _sizes(field, asked, path)
    values["extra"] = wire.dumps(_extra(field, asked, path)).decode()
    if "unique" in asked:
        values["is_unique"] = _switch_unique(module, field, asked["unique"], path)
    statement = update(FieldRow).where(FieldRow.id == field.id).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))
    if "pick_list_values" in asked:
        _change_options(field, asked["pick_list_values"], path)
    state.changed()
    return success({"id": str(field.id)}, "field updated")


def _sizes(field: Field, asked: dict[str, Any], path: str) -> dict[str, Any]:
    """A new length. Decimal places stay: amounts are kept as whole units of the last one.

    Of fields that the vendor made the length stays too (from memory).
    """
    found: dict[str, Any] = {}
    if asked.get("length") is not None and asked["length"] != field.length:
        if not field.is_custom:
            raise NotAllowed(located("length", path))
        found["length"] = field_types.length(asked["length"], field.data_type, path)
    if asked.get("decimal_place") is not None and asked["decimal_place"] != field.decimal_place:
        raise NotAllowed(located("decimal_place", path))
    return found


def _extra(field: Field, asked: dict[str, Any], path: str) -> dict[str, Any]:
    given = {key: value for key, value in asked.items() if key != "auto_number"}
    if field.data_type == "autonumber" and field.is_custom:
        given["auto_number"] = asked.get("auto_number", field.extra.get("auto_number"))
    kind = field.data_type if field.is_custom or field.data_type != "autonumber" else "text"
    found = {**field.extra, **field_types.properties(given, kind, path, state.people().profiles)}
    counted, before = found.get("auto_number") or {}, field.extra.get("auto_number") or {}
    if counted.get("start_number") != before.get("start_number"):
        field_values.restart_numbers(field)
    lookup = asked.get("lookup")
    if isinstance(lookup, dict) and lookup.get("display_label") is not None and "related_list" in field.extra:
        found["related_list"] = a_text(lookup["display_label"], "display_label", f"{path}.lookup", 50)
    return found


def _switch_unique(module: Module, field: Field, given: Any, path: str) -> bool:
    """Switching uniqueness on is refused while two records share a value."""
    wanted = field_types.is_unique(given, field.data_type, path)
    if wanted and not field.is_unique:
        if field.is_read_only or field.column:
            raise wrong("unique", path)
        refuse_another_unique(module)
        if not field_values.make_unique(field):
            raise DuplicateData(located("unique", path), "Duplicate values are found for this field")
    elif field.is_unique and not wanted:
        looked_up = field.data_type == "email" or field.api_name in (module.name_field, module.check_field)
        field_values.end_uniqueness(field, looked_up)
    return wanted


def _change_options(field: Field, given: Any, path: str) -> None:
    if "picklist" not in field.data_type or field.is_read_only:
        raise wrong("pick_list_values", path)
    if field.module == "Deals" and field.api_name == "Pipeline":
        raise NotAllowed(located("pick_list_values", path), "Pipelines have calls of their own")
    if field.is_closed_list:
        stages.change(field, given, path)
    else:
        options.change(field, given, path)


def remove(module: Module, field: Field, details: dict[str, Any] | None = None) -> None:
    """Deletes a custom field: off layouts and out of views, and its values out of the records.

    Raises:
        NotAllowed: for a field that the vendor made, and for one that the criteria of a view name.
    """
    where = details or {"resource_path_index": 2}
    if not field.is_custom or field.api_name == module.name_field:
        raise NotAllowed(where, "System fields cannot be deleted")
    views = list(db.session.execute(select(ViewRow).where(ViewRow.module == module.api_name)).scalars())
    if any(view.criteria and field.api_name in names_in(wire.loads(view.criteria)) for view in views):
        raise NotAllowed(where, "The custom field has already used in other places")
    for view in views:
        _leave(view, field.api_name)
    db.session.flush()
    layout_writing.take_off(module, field.api_name)
    field_values.forget(field)
    db.session.execute(delete(OptionRow).where(OptionRow.field_id == field.id))
    db.session.execute(delete(FieldRow).where(FieldRow.id == field.id))
    state.changed()


def names_in(criteria: dict[str, Any]) -> set[str]:
    """The fields that criteria of a view name."""
    if "group" in criteria:
        return {name for member in criteria["group"] for name in names_in(member)}
    named = criteria["field"]
    return {named["api_name"] if isinstance(named, dict) else named}


def _leave(view: ViewRow, api_name: str) -> None:
    """A view without a field that is gone: neither a column nor what it is sorted by."""
    columns = wire.loads(view.fields)
    if api_name in columns:
        view.fields = wire.dumps([name for name in columns if name != api_name]).decode()
    if view.sort_by == api_name:
        view.sort_by = None
