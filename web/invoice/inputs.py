"""Forms of Invoice's records: what is entered, how it is read, and where a refusal is told. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from web.errors import Refused
from web.formats import plain
from web.i18n import _

Option = tuple[str, str]


@dataclass(frozen=True)
class Input:
    """A field as it stands on the form.

    Attributes:
        name: the API's, `a.b` for b within a.
        kind: one of components/form.html.
    """

    name: str
    label: str
    kind: str = "text"
    options: Sequence[Option] = ()
    is_required: bool = False
    hint: str = ""
    value: str = ""
    error: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    inputs: Sequence[Input]


Sections = Sequence[Section]


def showing(sections: Sections, values: Mapping[str, Any]) -> list[Section]:
    """The sections with what a record has in them."""
    return _each(sections, lambda field: replace(field, value=_shown(field, values)))


def _shown(field: Input, values: Mapping[str, Any]) -> str:
    place: Any = values
    for part in field.name.split("."):
        place = place.get(part) if isinstance(place, Mapping) else None
    if field.kind == "check":
        return "1" if place in (True, "true", "1") else ""
    return plain(place) if field.kind == "number" else "" if place is None else str(place)


def read(sections: Sections, form: Mapping[str, str]) -> dict[str, Any]:
    """What was entered, in the API's own form."""
    body: dict[str, Any] = {}
    for field in _all(sections):
        *way, last = field.name.split(".")
        place = body
        for part in way:
            place = place.setdefault(part, {})
        place[last] = _given(field, form)
    return body


def _given(field: Input, form: Mapping[str, str]) -> str | bool:
    if field.kind == "check":
        return field.name in form
    given = form.get(field.name, "").strip()
    return given.replace(",", "") if field.kind == "number" else given


def entered(sections: Sections, form: Mapping[str, str]) -> list[Section]:
    """The sections as they were sent, for the form to be shown again."""
    return _each(sections, lambda field: replace(field, value=_as_sent(field, form)))


def _as_sent(field: Input, form: Mapping[str, str]) -> str:
    if field.kind == "check":
        return "1" if field.name in form else ""
    return form.get(field.name, "")


def _each(sections: Sections, change: Callable[[Input], Input]) -> list[Section]:
    return [replace(one, inputs=[change(field) for field in one.inputs]) for one in sections]


def _all(sections: Sections) -> Iterable[Input]:
    return (field for section in sections for field in section.inputs)


def missing(sections: Sections) -> dict[str, str]:
    needed = (one for one in _all(sections) if one.is_required and not one.value.strip())
    return {one.name: _("%(what)s is needed.", what=one.label) for one in needed}


_ABOUT = re.compile(r'(?:passed for |Please ensure that the ")(\w+)')


def refused(sections: Sections, error: Refused) -> tuple[dict[str, str], str]:
    """A refusal as errors beside the fields that it names, else as a word about the whole."""
    found = _ABOUT.search(error.message)
    named = [one.name for one in _all(sections) if found and found[1] == one.name.split(".")[-1]]
    if not named:
        return {}, error.message
    return {named[0]: _("Zoho Invoice does not take this: %(why)s", why=error.message)}, ""


def told(sections: Sections, errors: Mapping[str, str]) -> list[Section]:
    """The sections with the errors beside their fields."""
    return _each(sections, lambda field: replace(field, error=errors.get(field.name, "")))
