"""Criteria of views: JSON of groups and conditions turned into the typed tree (crm-api.md §5.5)."""

from collections.abc import Iterable
from typing import Any

from mock_crm import state
from mock_crm.errors import InvalidData
from mock_crm.metadata.catalog import ROW_TYPES, Field, Module
from mock_crm.records.asked import Asker, Unasked, days_of, expanded, value_of
from mock_crm.records.criteria import Comparator, Condition, Criteria, Group, comparators_of

MOST_IN_GROUP = 25
DEEPEST = 5
MOST_CONDITIONS = 100
PATH = "$.custom_views[0].criteria"

#: Rows within a record, but for those that name other records.
_UNASKABLE = ROW_TYPES - {"multiselectlookup"}

#: Ours: the stages of a forecast type as they are now (`metadata/standard_views.py`).
STAGE_PLACEHOLDERS = {"${OPENSTAGES}": "Open", "${WONSTAGES}": "Closed Won", "${LOSTSTAGES}": "Closed Lost"}


def read(criteria: Any, module: Module, asker: Asker, path: str = PATH) -> Criteria:
    """The tree of criteria, of a view or of another call that takes the like at `path`.

    Raises:
        InvalidData: naming the place that does not fit.
    """
    budget = [MOST_CONDITIONS]
    return _read(criteria, module, asker, path, DEEPEST, budget)


def _read(given: Any, module: Module, asker: Asker, path: str, depth: int, budget: list[int]) -> Criteria:
    """Recursion ends after `DEEPEST` levels, however deep the JSON is."""
    name = path.rpartition(".")[2].partition("[")[0]
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "api_name": name, "json_path": path})
    if "group_operator" not in given and "group" not in given:
        budget[0] -= 1
        if budget[0] < 0:
            raise InvalidData({"api_name": name, "json_path": path, "maximum_length": MOST_CONDITIONS})
        return _condition(given, module, asker, path)
    operator = str(given.get("group_operator")).lower()
    if operator not in ("and", "or"):
        supported = ["and", "or", "AND", "OR"]
        raise InvalidData(
            {"api_name": "group_operator", "json_path": f"{path}.group_operator", "supported_values": supported}
        )
    members = given.get("group")
    if not isinstance(members, list) or not 1 <= len(members) <= MOST_IN_GROUP or depth == 0:
        raise InvalidData({"api_name": "group", "json_path": f"{path}.group", "maximum_length": MOST_IN_GROUP})
    read_members = tuple(
        _read(member, module, asker, f"{path}.group[{place}]", depth - 1, budget)
        for place, member in enumerate(members)
    )
    return Group("and" if operator == "and" else "or", read_members)


def _condition(given: dict[str, Any], module: Module, asker: Asker, path: str) -> Condition:
    # Bulk reads of version 2 name it by `api_name`, beside the comparator, as the official SDK sends it.
    named = given.get("field", given.get("api_name"))
    name = named.get("api_name") if isinstance(named, dict) else named
    field = module.fields.get(name) if isinstance(name, str) else None
    if field is None or field.api_name == "Tag" or field.data_type in _UNASKABLE:
        raise InvalidData({"api_name": "api_name", "json_path": f"{path}.field.api_name"})
    comparator = given.get("comparator")
    supported = comparators_of(field)
    if comparator not in supported:
        raise InvalidData(
            {"api_name": "comparator", "json_path": f"{path}.comparator", "supported_values": list(supported)}
        )
    value = given.get("value")
    try:
        return _compared(field, comparator, value, asker)
    except Unasked:
        raise InvalidData({"api_name": "value", "json_path": f"{path}.value"}) from None


def _compared(field: Field, comparator: Comparator, value: Any, asker: Asker) -> Condition:
    """The condition, with its placeholders resolved for the one who asks, now."""
    is_negative = comparator.startswith(("not_", "exclude_"))
    if value == "${EMPTY}" or value is None:
        return Condition(field, "not_empty" if is_negative else "empty")
    if value == "${NOTEMPTY}":
        return Condition(field, "empty" if is_negative else "not_empty")
    if isinstance(value, str) and value in STAGE_PLACEHOLDERS:
        return Condition(field, "not_in" if is_negative else "in", tuple(stages_of(STAGE_PLACEHOLDERS[value])))
    if isinstance(value, str) and field.data_type in ("date", "datetime"):
        days = days_of(value, asker.today)
        if days is not None:
            return _within(field, comparator, days, asker)
    listed = [one for given in (value if isinstance(value, list) else [value]) for one in expanded(field, given, asker)]
    if not 1 <= len(listed) <= MOST_CONDITIONS:
        raise Unasked
    values = tuple(value_of(field, item, asker) for item in listed)
    is_between = comparator in ("between", "not_between")
    is_single = comparator in ("less_than", "less_equal", "greater_than", "greater_equal")
    if (is_between and len(values) != 2) or (is_single and len(values) != 1):
        raise Unasked
    return Condition(field, comparator, values)


def _within(field: Field, comparator: Comparator, days: tuple[Any, Any], asker: Asker) -> Condition:
    """A date placeholder means a span of days: equal is within, less is before its first, greater after its last."""
    first, last = days
    start: Any = first.isoformat()
    end: Any = last.isoformat()
    if field.data_type == "datetime":
        start, end = asker.midnight(first), asker.midnight(_next(last)) - 1
    if comparator in ("equal", "in", "between"):
        return Condition(field, "between", (start, end))
    if comparator in ("not_equal", "not_in", "not_between"):
        return Condition(field, "not_between", (start, end))
    return Condition(field, comparator, (start if comparator in ("less_than", "greater_equal") else end,))


def _next(day: Any) -> Any:
    return day.fromordinal(day.toordinal() + 1)


def stages_of(forecast_type: str) -> Iterable[str]:
    """Actual values of the stages of a forecast type."""
    stages = state.catalog().stages
    return [name for name, stage in stages.items() if stage.forecast_type == forecast_type]
