"""Creating custom fields (crm-api.md §5.2). No run-time DDL: a field is a row, its values live in the records' JSON."""

import re
from typing import Any

from flask import Blueprint, Response

from mock_crm import state, versions
from mock_crm.access import needs
from mock_crm.database import insert_rows
from mock_crm.envelope import Outcome, body, items, outcomes, success
from mock_crm.errors import DuplicateData, InvalidData, InvalidMethod, LimitExceeded, MandatoryNotFound
from mock_crm.metadata import field_types, layout_writing, multi_currency, options
from mock_crm.metadata.catalog import Field, Module
from mock_crm.metadata.input import a_text, an_object, located, outcome, wrong
from mock_crm.metadata.model import FieldRow, OptionRow
from mock_crm.metadata.params import module_param
from mock_crm.metadata.related_lists import lists_of
from mock_crm.metadata.seed import field_row, option_rows
from mock_crm.metadata.standard import Standard
from mock_crm.openapi.parameters import MODULE
from mock_crm.openapi.schemas import sent, told
from mock_crm.organization.permissions import CUSTOMIZE
from simulator import clock, ids
from simulator.openapi import documented

bp = Blueprint("field_creating", __name__)

MOST_AT_ONCE = 5
MOST_CUSTOM = 300  # of the Enterprise edition
MOST_UNIQUE = 2
MOST_AUTO_NUMBERS = 1
LONGEST_LABEL = 50


@bp.post("/settings/fields")
@needs("settings.fields.CREATE", permission=CUSTOMIZE)
@documented(MODULE, told("fields", 201), body=sent("fields", "FieldToMake", MOST_AT_ONCE), since="v6")
def create_fields() -> Response:
    if versions.current() < versions.V6:
        raise InvalidMethod  # fields are created from v6 on (crm-api.md §9)
    name = module_param().api_name
    given = items(body(), "fields", MOST_AT_ONCE)
    results: list[Outcome] = [outcome(_created, name, item, f"$.fields[{place}]") for place, item in enumerate(given)]
    return outcomes(results, "fields", 201)


def _created(module: str, given: Any, path: str) -> Outcome:
    made = create(state.catalog().modules[module], given, path)
    return success({"id": str(made)}, "field created")


def create(module: Module, given: Any, path: str, section: str | None = None, place: int | None = None) -> int:
    """Makes a custom field and puts it on the layouts; returns its id.

    Args:
        section: the section's id; without one the field goes to the end of the first section.
        place: where in the section, from 0 on; without one at its end.

    Raises:
        CrmError: naming the first thing that does not fit.
    """
    asked = an_object(given, path)
    if module.is_subform:
        raise InvalidData({"param_name": "module"})
    custom = [field for field in module.fields.values() if field.is_custom]
    _refuse_beyond(MOST_CUSTOM, len(custom), module.api_name)
    label = label_of(asked.get("field_label"), module, path)
    kind = _kind(asked.get("data_type"), path)
    if kind == "autonumber":
        _refuse_beyond(MOST_AUTO_NUMBERS, sum(field.data_type == kind for field in custom), kind)
    is_unique = field_types.is_unique(asked.get("unique"), kind, path)
    if is_unique:
        refuse_another_unique(module)
    extra = field_types.properties(asked, kind, path, state.people().profiles)
    made = Standard(
        api_name=api_name_of(label, module.fields),
        label=label,
        data_type=kind,
        length=_length(asked, kind, extra, path),
        decimal_place=field_types.scale(asked.get("decimal_place"), kind, path),
        lookup_module=_target(asked.get(_LOOKUPS[kind]), _LOOKUPS[kind], path) if kind in _LOOKUPS else None,
        options=options.new_values(asked.get("pick_list_values"), path) if "picklist" in kind else (),
        read_only=kind == "autonumber",
        custom=True,
        extra=extra,
    )
    if made.lookup_module is not None and kind == "lookup":
        extra |= _related_list(asked["lookup"], made.lookup_module, module, path)
    number = _insert(module, made, is_unique)
    layout_writing.place_field(module, made.api_name, section, place)
    if kind == "currency" and state.people().company.is_multi_currency:
        multi_currency.add_fields(module)
    state.changed()
    return number


#: The key that names the target of each kind of lookup.
_LOOKUPS = {"lookup": "lookup", "multiselectlookup": "multiselectlookup"}


def _insert(module: Module, made: Standard, is_unique: bool) -> int:
    number = ids.new_id()
    now = int(clock.now().timestamp())
    row = field_row(module.api_name, made, number, is_unique=is_unique, created_time=now, modified_time=now)
    insert_rows(FieldRow, [row])
    insert_rows(OptionRow, option_rows(number, made.options))
    return number


def _refuse_beyond(limit: int, there: int, name: str) -> None:
    if there >= limit:
        raise LimitExceeded({"limit": limit, "limit_due_to": [{"api_name": name}]})


def refuse_another_unique(module: Module) -> None:
    """Two unique fields a module; the hidden one of a connected product does not count."""
    there = sum(field.is_unique for field in module.fields.values() if not field.is_hidden)
    _refuse_beyond(MOST_UNIQUE, there, "unique")


def label_of(given: Any, module: Module, path: str, own: Field | None = None) -> str:
    """A label that no other field of the module has."""
    label = a_text(given, "field_label", path, LONGEST_LABEL)
    for field in module.fields.values():
        if field.label.lower() == label.lower() and (own is None or field.id != own.id):
            raise DuplicateData({**located("field_label", path), "id": str(field.id)})
    return label


def api_name_of(label: str, taken: Any, fallback: str = "Field") -> str:
    """The api_name of a label: letters, digits and single underscores; a clash gets a number (`Name1`)."""
    cleaned = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]", "", re.sub(r"\s+", "_", label))).strip("_")
    name = cleaned if cleaned[:1].isalpha() else f"{fallback}_{cleaned}".rstrip("_")
    lowered = {known.lower() for known in taken}
    number = 0
    while f"{name}{number or ''}".lower() in lowered:
        number += 1
    return f"{name}{number or ''}"


def _kind(given: Any, path: str) -> str:
    if given is None:
        raise MandatoryNotFound(located("data_type", path))
    if not isinstance(given, str) or given not in field_types.TYPES:
        raise wrong("data_type", path, supported_values=list(field_types.TYPES))
    return given


def _length(asked: dict[str, Any], kind: str, extra: dict[str, Any], path: str) -> int:
    """A text area is as long as its kind says, unless it is given a length itself."""
    if kind == "textarea" and asked.get("length") is None and "textarea" in extra:
        return field_types.TEXTAREAS[extra["textarea"]["type"]]
    found = field_types.length(asked.get("length"), kind, path)
    if kind == "textarea" and "textarea" not in extra:
        fitting = next(name for name, most in field_types.TEXTAREAS.items() if found <= most)
        extra["textarea"] = {"type": fitting}
    return found


def _target(given: Any, key: str, path: str) -> str:
    """The module that a lookup leads to: `{"module": {"api_name"}}`."""
    named = given.get("module", given.get("connected_module")) if isinstance(given, dict) else None
    name = named.get("api_name") if isinstance(named, dict) else named
    if name is None:
        raise MandatoryNotFound({"api_name": "module", "json_path": f"{path}.{key}.module"})
    module = state.catalog().find(name) if isinstance(name, str) else None
    if module is None or module.is_subform:
        raise InvalidData({"api_name": "module", "json_path": f"{path}.{key}.module"})
    return module.api_name


def _related_list(given: dict[str, Any], target: str, module: Module, path: str) -> dict[str, str]:
    """What the list is called in which the target's records show those that name them."""
    label = module.plural_label
    if given.get("display_label") is not None:
        label = a_text(given["display_label"], "display_label", f"{path}.lookup", LONGEST_LABEL)
    taken = [related.api_name for related in lists_of(state.catalog().modules[target])]
    return {"related_list": label, "related_list_name": api_name_of(label, taken, "Related")}
