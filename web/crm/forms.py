"""What stands on the form of a record and what is read off it, by the layout's metadata. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from web.crm.modules import KEYS, LOOKUPS
from web.i18n import _

#: The kind of input by the field's data type; what is not named is not entered by hand.
KINDS = {
    "text": "text",
    "textarea": "area",
    "email": "email",
    "phone": "tel",
    "website": "text",
    "integer": "number",
    "bigint": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
    "date": "date",
    "datetime": "datetime-local",
    "boolean": "check",
    "picklist": "select",
    "multiselectpicklist": "checks",
    "lookup": "lookup",
    "ownerlookup": "user",
    "userlookup": "user",
}
NONE = "-None-"
NO_NUMBER = _("This is not a number.")

Option = tuple[str, str]
Form = MultiDict[str, str]


@dataclass(frozen=True)
class Input:
    """A field as it stands on the form.

    Attributes:
        value: as it is entered; of a set of boxes the chosen ones, by a line each.
        record_id: of a lookup, the record whose name the value is.
        module: of a lookup, the key of the module it leads to.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    options: Sequence[Option] = ()
    is_required: bool = False
    error: str = ""
    hint: str = ""
    record_id: str = ""
    module: str = ""

    @property
    def chosen(self) -> list[str]:
        return self.value.splitlines()


@dataclass(frozen=True)
class Section:
    """A section of the layout with what is entered in it."""

    title: str
    inputs: Sequence[Input]


def sections_of(
    layout: Mapping[str, Any], record: Mapping[str, Any], users: Sequence[Option], act: str
) -> list[Section]:
    """The sections of a form.

    Args:
        users: the active users, by id and name.
        act: `create` or `edit`.
    """
    found = []
    for section in layout["sections"]:
        inputs = [_input(field, record.get(field["api_name"]), users) for field in _entered(section["fields"], act)]
        if inputs:
            found.append(Section(_potential(section["display_label"]), inputs))
    return found


def _entered(fields: Iterable[Mapping[str, Any]], act: str) -> Iterator[Mapping[str, Any]]:
    for field in fields:
        is_open = not (field.get("read_only") or field.get("field_read_only"))
        if is_open and field["view_type"].get(act) and field["data_type"] in KINDS and _leads_somewhere(field):
            yield field


def _leads_somewhere(field: Mapping[str, Any]) -> bool:
    return field["data_type"] != "lookup" or _module_of(field) != ""


def _module_of(field: Mapping[str, Any]) -> str:
    module = (field.get("lookup") or {}).get("module") or {}
    return KEYS.get(str(module.get("api_name") or LOOKUPS.get(field["api_name"])), "")


def _input(field: Mapping[str, Any], value: Any, users: Sequence[Option]) -> Input:
    kind = KINDS[field["data_type"]]
    choices: Sequence[Option] = ()
    if kind in ("select", "checks"):
        choices = [(one["actual_value"], one["display_value"]) for one in field["pick_list_values"]]
        choices = [one for one in choices if one[0] != NONE]
    elif kind == "user":
        choices = users
    return Input(
        name=field["api_name"],
        label=_potential(field.get("display_label") or field["field_label"]),
        kind=kind,
        value=_as_entered(kind, value),
        options=choices,
        is_required=bool(field.get("required") or field.get("system_mandatory")),
        record_id=str(value["id"]) if kind == "lookup" and isinstance(value, Mapping) else "",
        module=_module_of(field) if kind == "lookup" else "",
    )


def _potential(label: str) -> str:
    """The API says Deal where the screens say Potential."""
    return str(label).replace("Deal", "Potential")


def _as_entered(kind: str, value: Any) -> str:
    if kind == "check":
        return "on" if value else ""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value["id"] if kind == "user" else value.get("name") or "")
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    if kind == "datetime-local":
        return str(value)[:16]
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def entered(sections: Iterable[Section], form: Form) -> list[Section]:
    """The sections with what somebody has entered in place of what stood there."""
    return [replace(section, inputs=[_filled(one, form) for one in section.inputs]) for section in sections]


def _filled(one: Input, form: Form) -> Input:
    if one.kind == "checks":
        return replace(one, value="\n".join(form.getlist(one.name)))
    value = form.get(one.name, "").strip()
    if one.kind != "lookup":
        return replace(one, value=value)
    picked = form.get(f"{one.name}.id", "")
    is_same = value == one.value
    return replace(one, value=value, record_id=picked or (one.record_id if is_same else ""))


def changes(before: Iterable[Section], now: Iterable[Section]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is to be written: the fields that were entered otherwise, and what is wrong with some.

    A lookup is written by its record's id; one that has none yet is left to whoever finds it.
    """
    stood = {one.name: one for section in before for one in section.inputs}
    written: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in (one for section in now for one in section.inputs):
        former = stood[one.name]
        if (one.value, one.record_id) == (former.value, former.record_id):
            continue
        try:
            written[one.name] = _to_write(one)
        except ValueError as error:
            errors[one.name] = str(error)
    return written, errors


def _to_write(one: Input) -> Any:
    if one.kind == "check":
        return one.value == "on"
    if one.kind == "checks":
        return one.chosen
    if not one.value:
        return None
    if one.kind == "number":
        return _number(one.value)
    if one.kind in ("lookup", "user"):
        return {"id": one.record_id if one.kind == "lookup" else one.value}
    return f"{one.value}:00+00:00" if one.kind == "datetime-local" else one.value


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(NO_NUMBER) from None
    if not found.is_finite():
        raise ValueError(NO_NUMBER)
    return found


def unresolved(sections: Iterable[Section], written: Mapping[str, Any]) -> list[Input]:
    """The lookups of which only a name was entered."""
    lookups = (one for section in sections for one in section.inputs if one.kind == "lookup")
    return [one for one in lookups if one.name in written and one.value and not one.record_id]


def with_errors(sections: Iterable[Section], errors: Mapping[str, str]) -> list[Section]:
    return [
        replace(section, inputs=[replace(one, error=errors.get(one.name, one.error)) for one in section.inputs])
        for section in sections
    ]


def with_candidates(sections: Iterable[Section], candidates: Mapping[str, Sequence[Option]]) -> list[Section]:
    """The sections, with several records to choose from where a lookup's name is that of several."""
    return [
        replace(section, inputs=[replace(one, options=candidates.get(one.name, one.options)) for one in section.inputs])
        for section in sections
    ]


def told(code: str, message: str, details: Mapping[str, Any]) -> str:
    """What the CRM has against a field, in words."""
    if code == "MANDATORY_NOT_FOUND":
        return _("This is required.")
    if code == "DUPLICATE_DATA":
        return _("Another record has this already.")
    if code == "INVALID_DATA" and "maximum_length" in details:
        return _("At most %(count)s characters.", count=details["maximum_length"])
    if code == "INVALID_DATA":
        return _("This is not valid here.")
    return message
