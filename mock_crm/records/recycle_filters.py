"""Filters of the recycle bin: what was deleted, from which module, by whom and when."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from mock_crm import state
from mock_crm.envelope import id_of, seconds_of
from mock_crm.errors import InvalidData
from mock_crm.records.dialect import LowerUnicode, PlaceIn
from mock_crm.records.model import record

MOST_FILTERS = 10
_TEXT: dict[str, Callable[[Any, str], Any]] = {
    "equal": lambda value, word: value == word,
    "not_equal": lambda value, word: value != word,
    "contains": lambda value, word: PlaceIn(value, word) > 0,
    "not_contains": lambda value, word: PlaceIn(value, word) == 0,
    "starts_with": lambda value, word: PlaceIn(value, word) == 1,
}
_MOMENT: dict[str, Callable[[Any, int], Any]] = {
    "equal": lambda value, moment: value == moment,
    "greater_than": lambda value, moment: value > moment,
    "greater_equal": lambda value, moment: value >= moment,
    "less_than": lambda value, moment: value < moment,
    "less_equal": lambda value, moment: value <= moment,
}


def compiled(filters: Any) -> ColumnElement[bool]:
    """A single filter, or several in one group, as a condition.

    Raises:
        InvalidData: naming the key that does not fit.
    """
    if not isinstance(filters, dict):
        raise _wrong("filters", "$.filters", expected_data_type="jsonobject")
    if "group" not in filters and "group_operator" not in filters:
        return _one(filters, "$")
    group, operator = filters.get("group"), str(filters.get("group_operator", "")).lower()
    if not isinstance(group, list) or not 1 <= len(group) <= MOST_FILTERS:
        raise _wrong("group", "$.group", expected_data_type="jsonarray")
    if operator not in ("and", "or"):
        raise _wrong("group_operator", "$.group_operator")
    parts = [_one(one, f"$.group[{place}]") for place, one in enumerate(group)]
    return and_(*parts) if operator == "and" else or_(*parts)


def _one(given: Any, path: str) -> ColumnElement[bool]:
    if not isinstance(given, dict):
        raise _wrong("group", path, expected_data_type="jsonobject")
    field = given.get("field")
    name = field.get("api_name") if isinstance(field, dict) else None
    reader = _FIELDS.get(name) if isinstance(name, str) else None
    if reader is None:
        raise _wrong("api_name", f"{path}.field.api_name")
    return reader(str(given.get("comparator")), given.get("value"), path)


def _by_name(comparator: str, value: Any, path: str) -> ColumnElement[bool]:
    if comparator not in _TEXT:
        raise _bad_comparator(path)
    if not isinstance(value, str) or not value or "\0" in value:
        raise _wrong("value", f"{path}.value")
    found: ColumnElement[bool] = _TEXT[comparator](LowerUnicode(record.c.name), value.lower())
    return found


def _by_module(comparator: str, value: Any, path: str) -> ColumnElement[bool]:
    if comparator not in ("equal", "in", "not_equal"):
        raise _bad_comparator(path)
    words = value if isinstance(value, list) else [value]
    modules = [state.catalog().find(word) if isinstance(word, str) else None for word in words]
    names = [module.api_name for module in modules if module is not None]
    if not names or len(names) != len(words):
        raise _wrong("value", f"{path}.value")
    return record.c.module.not_in(names) if comparator == "not_equal" else record.c.module.in_(names)


def _by_user(comparator: str, value: Any, path: str) -> ColumnElement[bool]:
    if comparator not in ("equal", "in", "not_equal"):
        raise _bad_comparator(path)
    given = value if isinstance(value, list) else [value]
    ids = [id_of(one.get("id") if isinstance(one, dict) else one) for one in given]
    numbers = [number for number in ids if number is not None]
    if not numbers or len(numbers) != len(given):
        raise _wrong("value", f"{path}.value")
    return record.c.deleted_by.not_in(numbers) if comparator == "not_equal" else record.c.deleted_by.in_(numbers)


def _by_time(comparator: str, value: Any, path: str) -> ColumnElement[bool]:
    given = value if isinstance(value, list) else [value]
    moments = [seconds_of(one) if isinstance(one, str) else None for one in given]
    whole = [moment for moment in moments if moment is not None]
    if len(whole) != len(given) or len(whole) != (2 if comparator == "between" else 1):
        raise _wrong("value", f"{path}.value", expected_data_type="datetime")
    if comparator == "between":
        return record.c.deleted_time.between(whole[0], whole[1])
    if comparator not in _MOMENT:
        raise _bad_comparator(path)
    found: ColumnElement[bool] = _MOMENT[comparator](record.c.deleted_time, whole[0])
    return found


_FIELDS: dict[str, Callable[[str, Any, str], ColumnElement[bool]]] = {
    "display_name": _by_name,
    "module": _by_module,
    "deleted_by": _by_user,
    "deleted_time": _by_time,
}


def _wrong(name: str, path: str, **more: Any) -> InvalidData:
    return InvalidData({"api_name": name, "json_path": path, "param_name": "filters", **more})


def _bad_comparator(path: str) -> InvalidData:
    details = {"api_name": "comparator", "json_path": f"{path}.comparator", "param_name": "filters"}
    return InvalidData(details, "Please provide a valid comparator")
