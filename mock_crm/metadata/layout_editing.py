"""Editing a layout: sections made, renamed, moved and removed; fields put into them, moved, required, taken off (§5.3).

The shapes are the vendor's but for `required`, which his documents do not name: from memory. A field that is taken off
is unused from then on and keeps its values; putting it into a section brings it back.
"""

from typing import Any

from mock_crm import state
from mock_crm.envelope import Outcome, success
from mock_crm.errors import DependentFieldMissing, DuplicateData, ExpectedFieldMissing, LimitExceeded, NotAllowed
from mock_crm.metadata import field_changing, layout_writing
from mock_crm.metadata.catalog import Field, Layout, Module
from mock_crm.metadata.field_creating import create
from mock_crm.metadata.input import (
    a_flag,
    a_list,
    a_number,
    a_text,
    an_id,
    an_object,
    is_deleted,
    located,
    one_of,
    wrong,
)
from mock_crm.metadata.layout_shapes import TRAVERSALS
from mock_crm.metadata.layout_writing import Sections
from simulator import ids, wire

PATH = "$.layouts[0]"
MOST_SECTIONS = 5
MOST_FIELDS = 5
MOST_ON_LAYOUT = 100
LONGEST_LABEL = 50


def change(module_name: str, layout_id: int, given: Any) -> Outcome:
    """Makes all changes of one call to a layout, or none.

    Raises:
        CrmError: naming the first thing that does not fit.
    """
    asked = an_object(given, PATH)
    module, layout = _now(module_name, layout_id)
    if asked.get("name", layout.name) != layout.name:
        raise NotAllowed(located("name", PATH), "The Standard layout cannot be renamed")
    more: dict[str, Any] = {}
    if "show_business_card" in asked:
        more["show_business_card"] = a_flag(asked["show_business_card"], "show_business_card", PATH)
    if "profiles" in asked:
        more["hidden_from"] = wire.dumps(_hidden_from(layout, asked["profiles"])).decode()
    layout_writing.write(layout, layout_writing.copied(layout), **more)
    sections = a_list(asked.get("sections", []), "sections", PATH, MOST_SECTIONS)
    if sum(_fields_in(section) for section in sections) > MOST_FIELDS:
        raise LimitExceeded({"limit": MOST_FIELDS, **located("fields", f"{PATH}.sections")})
    for place, section in enumerate(sections):
        _change_section(module.api_name, layout_id, section, f"{PATH}.sections[{place}]")
    return success({"id": str(layout_id)}, "layout updated")


def _fields_in(section: Any) -> int:
    fields = section.get("fields") if isinstance(section, dict) else None
    return len(fields) if isinstance(fields, list) else 0


def _now(module_name: str, layout_id: int) -> tuple[Module, Layout]:
    """Module and layout as they are after what was changed so far."""
    module = state.catalog().modules[module_name]
    return module, next(layout for layout in module.layouts if layout.id == layout_id)


def _hidden_from(layout: Layout, given: Any) -> list[int]:
    """Which profiles may not use the layout; one at least always may."""
    profiles = state.people().profiles
    hidden = set(layout.hidden_from)
    for place, item in enumerate(a_list(given, "profiles", PATH, 50)):
        where = f"{PATH}.profiles[{place}]"
        asked = an_object(item, where)
        number = an_id(asked.get("id"), where)
        if number not in profiles:
            raise wrong("id", where, "the id given seems to be invalid")
        (hidden.add if is_deleted(asked) else hidden.discard)(number)
    if hidden >= set(profiles):
        raise NotAllowed(located("profiles", PATH), "At least one profile needed")
    return sorted(hidden)


def _change_section(module_name: str, layout_id: int, given: Any, path: str) -> None:
    asked = an_object(given, path)
    module, layout = _now(module_name, layout_id)
    sections = layout_writing.copied(layout)
    section = _section(sections, asked, path)
    if is_deleted(asked):
        if section is None:
            raise DependentFieldMissing(path, "api_name", "_delete", "section id or api_name is missing")
        _remove_section(module, layout, sections, section, path)
        return
    if section is None:
        section = {"id": str(ids.new_id()), "name": "", "display_label": "", "fields": [], "generated_type": "custom"}
        sections.append(section)
    _describe(sections, section, asked, path)
    layout_writing.write(layout, sections)
    for place, field in enumerate(a_list(asked.get("fields", []), "fields", path, 25)):
        _change_field(module_name, layout_id, section["id"], field, f"{path}.fields[{place}]")


def _section(sections: Sections, asked: dict[str, Any], path: str) -> dict[str, Any] | None:
    """The section that is meant, by id or api_name; None for a new one."""
    if asked.get("id") is not None:
        number = str(an_id(asked["id"], path))
        found = next((known for known in sections if known["id"] == number), None)
        if found is None:
            raise wrong("id", path, "the id given seems to be invalid")
        return found
    if isinstance(asked.get("api_name"), str):
        name = asked["api_name"]
        found = next((known for known in sections if known["name"].replace(" ", "_") == name), None)
        if found is not None:
            return found
    if asked.get("display_label") is None and not is_deleted(asked):
        raise ExpectedFieldMissing(path, "id", "display_label")
    return None


def _describe(sections: Sections, section: dict[str, Any], asked: dict[str, Any], path: str) -> None:
    """Takes label, columns and place of a section from what was asked."""
    if "display_label" in asked:
        label = a_text(asked["display_label"], "display_label", path, LONGEST_LABEL)
        if any(known is not section and known["display_label"].lower() == label.lower() for known in sections):
            raise DuplicateData(located("display_label", path))
        section["display_label"] = label
        section["name"] = section["name"] or a_text(asked.get("name", label), "name", path, LONGEST_LABEL)
    if "column_count" in asked:
        section["column_count"] = a_number(asked["column_count"], "column_count", path, 1, 2)
    if "tab_traversal" in asked:
        if not isinstance(asked["tab_traversal"], str):
            raise wrong("tab_traversal", path, expected_data_type="text")
        section["tab_traversal"] = one_of(asked["tab_traversal"], "tab_traversal", path, TRAVERSALS)
    if asked.get("sequence_number") is not None:
        place = a_number(asked["sequence_number"], "sequence_number", path, 1, MOST_ON_LAYOUT)
        sections.remove(section)
        sections.insert(place - 1, section)


def _remove_section(module: Module, layout: Layout, sections: Sections, section: dict[str, Any], path: str) -> None:
    """A section goes with its fields; the vendor's mandatory fields hold theirs, and one section always stays."""
    placed = [module.fields[item["api_name"]] for item in section["fields"] if item["api_name"] in module.fields]
    if len(sections) == 1 or any(field.is_mandatory for field in placed):
        raise NotAllowed(located("_delete", path), "The section cannot be deleted")
    sections.remove(section)
    layout_writing.write(layout, sections)
    for field in placed:
        layout_writing.mark_used(module, field.api_name, False)


def _change_field(module_name: str, layout_id: int, section_id: str, given: Any, path: str) -> None:
    """One field of a section: made new, put in, moved, required or not, taken off."""
    asked = an_object(given, path)
    if asked.get("element_type", "field") != "field" or asked.get("association_details") is not None:
        key = "association_details" if asked.get("association_details") is not None else "element_type"
        raise wrong(key, path, "This operation is not supported")
    module, layout = _now(module_name, layout_id)
    place = None
    if asked.get("sequence_number") is not None:
        place = a_number(asked["sequence_number"], "sequence_number", path, 1, MOST_ON_LAYOUT) - 1
    if asked.get("id") is None:
        if asked.get("field_label") is None:
            raise ExpectedFieldMissing(path, "id", "field_label")
        number = create(module, asked, path, section_id, place)
        module, layout = _now(module_name, layout_id)
        field, place = _field(module, number, path), None
    else:
        field = _field(module, an_id(asked["id"], path), path)
        if is_deleted(asked):
            _take_off(module, field, asked["_delete"], path)
            return
        if "field_label" in asked and asked["field_label"] != field.label:
            field_changing.change(module_name, {"field_label": asked["field_label"]}, field.id, path)
            module, layout = _now(module_name, layout_id)
    _put(module, layout, section_id, field, place, asked, path)


def _field(module: Module, number: int, path: str) -> Field:
    found = next((field for field in module.fields.values() if field.id == number and not field.is_hidden), None)
    if found is None:
        raise wrong("id", path, "the id given seems to be invalid")
    return found


def _take_off(module: Module, field: Field, how: Any, path: str) -> None:
    """Off the layout, where `permanent` asks for it for good; a mandatory field stays."""
    if field.is_mandatory:
        raise NotAllowed(located("_delete", path), "A mandatory field cannot be removed")
    if isinstance(how, dict) and how.get("permanent") is True:
        field_changing.remove(module, field, located("id", path))
        return
    layout_writing.take_off(module, field.api_name)
    layout_writing.mark_used(state.catalog().modules[module.api_name], field.api_name, False)


def _put(
    module: Module,
    layout: Layout,
    section_id: str,
    field: Field,
    place: int | None,
    asked: dict[str, Any],
    path: str,
) -> None:
    """Puts a field into a section, where it was or at the place asked for, required if it is to be."""
    sections = layout_writing.copied(layout)
    section = next(known for known in sections if known["id"] == section_id)
    item = {"api_name": field.api_name, "required": False}
    for known in sections:
        for spot, placed in enumerate(known["fields"]):
            if placed["api_name"] == field.api_name:
                item = known["fields"].pop(spot)
                if place is None and known is section:
                    place = spot
                break
    if "required" in asked:
        item["required"] = a_flag(asked["required"], "required", path)
        if (field.is_mandatory and not item["required"]) or (item["required"] and field.data_type == "boolean"):
            raise NotAllowed(located("required", path))
    section["fields"].insert(len(section["fields"]) if place is None else place, item)
    layout_writing.write(layout, sections)
    layout_writing.mark_used(state.catalog().modules[module.api_name], field.api_name, True)
