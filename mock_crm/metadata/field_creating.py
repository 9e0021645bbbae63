"""Creating custom fields (crm-api.md §5.2). No run-time DDL: a field is a row, its values live in the records' JSON."""

import re
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import update

from mock_crm import state, versions
from mock_crm.access import needs
from mock_crm.database import db, insert_rows
from mock_crm.envelope import Outcome, body, items, outcomes, success
from mock_crm.errors import CrmError, DuplicateData, InvalidData, InvalidMethod, LimitExceeded, MandatoryNotFound
from mock_crm.metadata.catalog import Field, Layout, Module
from mock_crm.metadata.model import FieldRow, LayoutRow, OptionRow
from mock_crm.metadata.params import module_param
from mock_crm.metadata.seed import field_row, option_rows
from mock_crm.metadata.standard import Standard
from mock_crm.organization.permissions import CUSTOMIZE
from simulator import clock, ids, wire

bp = Blueprint("field_creating", __name__)

MOST_AT_ONCE = 5
MOST_CUSTOM = 300  # of the Enterprise edition
MOST_UNIQUE = 2
MOST_OPTIONS = 200
LONGEST_LABEL = 50
#: Types that can be created, with the usual and the greatest length. The other types of the vendor come later.
LENGTHS = {
    "text": (255, 255),
    "textarea": (2000, 32000),
    "email": (100, 100),
    "phone": (30, 30),
    "website": (450, 450),
    "picklist": (120, 120),
    "multiselectpicklist": (120, 120),
    "integer": (9, 9),
    "bigint": (18, 18),
    "currency": (16, 16),
    "double": (16, 16),
    "percent": (5, 5),
    "boolean": (5, 5),
    "date": (20, 20),
    "datetime": (120, 120),
    "lookup": (120, 120),
}
SCALES = {"currency": 2, "double": 2, "percent": 2}
CAN_BE_UNIQUE = ("text", "email", "phone", "integer", "bigint")


@bp.post("/settings/fields")
@needs("settings.fields.CREATE", permission=CUSTOMIZE)
def create_fields() -> Response:
    if versions.current() < versions.V6:
        raise InvalidMethod  # fields are created from v6 on (crm-api.md §9)
    module = module_param()
    results: list[Outcome] = []
    for place, given in enumerate(items(body(), "fields", MOST_AT_ONCE)):
        try:
            results.append(_create(state.catalog().modules[module.api_name], given, f"$.fields[{place}]"))
        except CrmError as error:
            results.append(error)
    return outcomes(results, "fields", 201)


def _create(module: Module, given: Any, path: str) -> Outcome:
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": path})
    custom = [field for field in module.fields.values() if field.is_custom]
    if len(custom) >= MOST_CUSTOM:
        raise LimitExceeded({"limit": MOST_CUSTOM, "limit_due_to": [{"api_name": module.api_name}]})
    label = _label(given.get("field_label"), module, path)
    kind = _kind(given.get("data_type"), path)
    made = Standard(
        api_name=api_name_of(label, module.fields),
        label=label,
        data_type=kind,
        length=_length(given.get("length"), kind, path),
        decimal_place=SCALES.get(kind),
        lookup_module=_target(given.get("lookup"), path) if kind == "lookup" else None,
        options=_options(given.get("pick_list_values"), path) if "picklist" in kind else (),
        custom=True,
        extra=_extra(given),
    )
    number = ids.new_id()
    is_unique = _is_unique(given.get("unique"), kind, custom, path)
    now = int(clock.now().timestamp())
    insert_rows(FieldRow, [field_row(module.api_name, made, number, is_unique=is_unique, created_time=now)])
    insert_rows(OptionRow, option_rows(number, made.options))
    for layout in module.layouts:
        _place(layout, made.api_name)
    state.changed()
    return success({"id": str(number)}, "field created")


def _wrong(name: str, path: str, **more: Any) -> InvalidData:
    return InvalidData({"api_name": name, "json_path": f"{path}.{name}", **more})


def _label(given: Any, module: Module, path: str) -> str:
    if given is None or (isinstance(given, str) and not given.strip()):
        raise MandatoryNotFound({"api_name": "field_label", "json_path": f"{path}.field_label"})
    if not isinstance(given, str) or "\0" in given:
        raise _wrong("field_label", path, expected_data_type="text")
    label = given.strip()
    if len(label) > LONGEST_LABEL:
        raise _wrong("field_label", path, maximum_length=LONGEST_LABEL)
    for field in module.fields.values():
        if field.label.lower() == label.lower():
            details = {"api_name": "field_label", "json_path": f"{path}.field_label", "id": str(field.id)}
            raise DuplicateData(details)
    return label


def api_name_of(label: str, taken: dict[str, Field]) -> str:
    """The api_name of a label: letters, digits and single underscores; a clash gets a number (`Name1`)."""
    cleaned = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]", "", re.sub(r"\s+", "_", label))).strip("_")
    name = cleaned if cleaned[:1].isalpha() else f"Field_{cleaned}".rstrip("_")
    lowered = {known.lower() for known in taken}
    number = 0
    while f"{name}{number or ''}".lower() in lowered:
        number += 1
    return f"{name}{number or ''}"


def _kind(given: Any, path: str) -> str:
    if given is None:
        raise MandatoryNotFound({"api_name": "data_type", "json_path": f"{path}.data_type"})
    if not isinstance(given, str) or given not in LENGTHS:
        raise _wrong("data_type", path, supported_values=list(LENGTHS))
    return given


def _length(given: Any, kind: str, path: str) -> int:
    usual, most = LENGTHS[kind]
    if given is None:
        return usual
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        raise _wrong("length", path, maximum_length=most)
    return given


def _target(given: Any, path: str) -> str:
    """The module that a lookup leads to: `{"module": {"api_name"}}`."""
    named = given.get("module") if isinstance(given, dict) else None
    name = named.get("api_name") if isinstance(named, dict) else named
    if name is None:
        raise MandatoryNotFound({"api_name": "module", "json_path": f"{path}.lookup.module"})
    module = state.catalog().find(name) if isinstance(name, str) else None
    if module is None:
        raise InvalidData({"api_name": "module", "json_path": f"{path}.lookup.module"})
    return module.api_name


def _options(given: Any, path: str) -> tuple[str, ...]:
    if given in (None, []):
        raise MandatoryNotFound({"api_name": "pick_list_values", "json_path": f"{path}.pick_list_values"})
    if not isinstance(given, list) or len(given) > MOST_OPTIONS:
        raise _wrong("pick_list_values", path, expected_data_type="jsonarray")
    values: list[str] = []
    for place, option in enumerate(given):
        value = option.get("actual_value", option.get("display_value")) if isinstance(option, dict) else None
        located = f"{path}.pick_list_values[{place}].display_value"
        if not isinstance(value, str) or not 0 < len(value.strip()) <= LENGTHS["picklist"][1] or "\0" in value:
            raise InvalidData({"api_name": "display_value", "json_path": located})
        if value.strip() in values:
            raise DuplicateData({"api_name": "display_value", "json_path": located})
        values.append(value.strip())
    return tuple(values)


def _is_unique(given: Any, kind: str, custom: list[Field], path: str) -> bool:
    if not given:
        return False
    if kind not in CAN_BE_UNIQUE or not isinstance(given, dict):
        raise _wrong("unique", path)
    if sum(field.is_unique for field in custom) >= MOST_UNIQUE:
        raise LimitExceeded({"limit": MOST_UNIQUE, "limit_due_to": [{"api_name": "unique"}]})
    return True


def _extra(given: dict[str, Any]) -> dict[str, Any]:
    tooltip = given.get("tooltip")
    if isinstance(tooltip, dict) and isinstance(tooltip.get("value"), str):
        return {"tooltip": {"name": "static_text", "value": tooltip["value"][:255]}}
    return {}


def _place(layout: Layout, api_name: str) -> None:
    """A new field appears at the end of the layout's first section."""
    sections = [dict(section) for section in layout.sections]
    sections[0]["fields"] = [*sections[0]["fields"], {"api_name": api_name, "required": False}]
    db.session.execute(
        update(LayoutRow)
        .where(LayoutRow.id == layout.id)
        .values(sections=wire.dumps(sections).decode(), version=LayoutRow.version + 1)
        .execution_options(synchronize_session=False)
    )
