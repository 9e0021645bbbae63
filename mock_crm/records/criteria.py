"""Criteria: one typed tree for views, searches and later COQL, and how it becomes SQL.

Text is compared whatever its case: by SQLite's own lower() for ASCII words, by Unicode's rules for others.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from mock_crm.metadata.catalog import SCALED_TYPES, Field
from mock_crm.records.model import record, record_key, record_read
from mock_crm.records.values import key_of

Comparator = Literal[
    "equal",
    "not_equal",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "less_than",
    "less_equal",
    "greater_than",
    "greater_equal",
    "between",
    "not_between",
    "in",
    "not_in",
    "empty",
    "not_empty",
]

TEXT: tuple[Comparator, ...] = ("equal", "not_equal", "contains", "not_contains", "starts_with", "ends_with")
LISTED: tuple[Comparator, ...] = ("in", "not_in")
ORDERED: tuple[Comparator, ...] = (
    "equal",
    "not_equal",
    "less_than",
    "less_equal",
    "greater_than",
    "greater_equal",
    "between",
    "not_between",
    "in",
    "not_in",
)


@dataclass(frozen=True)
class Condition:
    """One field compared with one or several values in their kept form (`values.py`).

    Values of references are ids, or names as strings. `Decimal` stands for an amount between two units.
    """

    field: Field
    comparator: Comparator
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Records that this user has not opened."""

    user_id: int


@dataclass(frozen=True)
class Group:
    """Conditions joined by one operator; at least one member."""

    operator: Literal["and", "or"]
    members: tuple["Criteria", ...]


Criteria = Condition | Unread | Group


def comparators_of(field: Field) -> tuple[Comparator, ...]:
    """What a field of this type can be asked in a view."""
    if field.data_type == "boolean":
        return ("equal", "not_equal")
    if field.is_text or field.data_type in ("lookup", "ownerlookup", "userlookup", "multiselectpicklist"):
        return TEXT + LISTED
    return ORDERED


def compiled(criteria: Criteria) -> ColumnElement[bool]:
    """The criteria as a condition on `record`. Trees are shallow: their parsers see to that."""
    if isinstance(criteria, Group):
        joined = and_ if criteria.operator == "and" else or_
        return joined(*(compiled(member) for member in criteria.members))
    if isinstance(criteria, Unread):
        opened = select(record_read.c.record).where(record_read.c.user_id == criteria.user_id)
        return record.c.id.not_in(opened)
    if criteria.comparator in _NEGATIVE:
        positive = _NEGATIVE[criteria.comparator]
        return not_(func.coalesce(_positive(criteria.field, positive, criteria.values), false()))
    return _positive(criteria.field, criteria.comparator, criteria.values)


#: What says the opposite; a record without a value fulfils the negative one.
_NEGATIVE: dict[str, Comparator] = {
    "not_equal": "equal",
    "not_contains": "contains",
    "not_between": "between",
    "not_in": "in",
    "not_empty": "empty",
}


def kept_value(field: Field) -> ColumnElement[Any]:
    """The kept form of a field's value as SQL sees it; the one place that reads the JSON of a record."""
    if field.column:
        return record.c[field.column]
    return func.json_extract(record.c["values"], f"$.{field.api_name}")


def sort_value(field: Field) -> ColumnElement[Any]:
    """What a list sorted by a field is sorted by; references sort by their id."""
    value = kept_value(field)
    return func.lower(value) if field.is_text else value


def _positive(field: Field, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    if comparator == "empty":
        return _is_empty(field)
    if field.data_type == "boolean":
        return func.coalesce(kept_value(field), 0) == int(bool(values[0]))
    if field.data_type in SCALED_TYPES or field.data_type in ("integer", "bigint", "datetime"):
        return _number(field, comparator, values)
    if field.data_type == "date":
        return _ORDERED_SQL[comparator](kept_value(field), values)
    if field.data_type in ("lookup", "ownerlookup", "userlookup"):
        return _reference(field, comparator, values)
    if field.data_type == "multiselectpicklist":
        return _choices(field, comparator, values)
    return _text(field, comparator, values)


def _is_empty(field: Field) -> ColumnElement[bool]:
    if field.data_type == "boolean":
        return false()
    return kept_value(field).is_(None)


_ORDERED_SQL: dict[str, Callable[[ColumnElement[Any], tuple[Any, ...]], ColumnElement[bool]]] = {
    "equal": lambda value, given: value.in_(given) if len(given) > 1 else value == given[0],
    "in": lambda value, given: value.in_(given),
    "less_than": lambda value, given: value < given[0],
    "less_equal": lambda value, given: value <= given[0],
    "greater_than": lambda value, given: value > given[0],
    "greater_equal": lambda value, given: value >= given[0],
    "between": lambda value, given: value.between(given[0], given[1]),
}


def _number(field: Field, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Whole units compared with whole units: an amount between two units goes to the side that keeps the meaning."""
    value = kept_value(field)
    if comparator in ("equal", "in"):
        whole = [int(given) for given in values if given == int(given)]
        return value.in_(whole) if whole else false()
    if comparator == "between":
        return value.between(math.ceil(values[0]), math.floor(values[1]))
    rounds = math.ceil if comparator in ("less_than", "greater_equal") else math.floor
    return _ORDERED_SQL[comparator](value, (rounds(values[0]),))


def _text(field: Field, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    if comparator in ("equal", "in") and field.is_keyed:
        keys = [key_of(value) for value in values]
        named = select(record_key.c.record).where(
            record_key.c.module == field.module, record_key.c.field == field.api_name, record_key.c.value.in_(keys)
        )
        return record.c.id.in_(named)
    return or_(*(_matches(kept_value(field), comparator, str(value)) for value in values))


def _matches(value: ColumnElement[Any], comparator: Comparator, word: str) -> ColumnElement[bool]:
    """Without LIKE, whose wildcards and length limit would have to be fenced in."""
    lowered = lowercase(value, word)
    word = word.lower()
    if comparator == "contains":
        return func.instr(lowered, word) > 0
    if comparator == "starts_with":
        return func.substr(lowered, 1, len(word)) == word
    if comparator == "ends_with":
        return func.substr(lowered, -len(word)) == word if word else true()
    return lowered == word


def lowercase(value: ColumnElement[Any], word: str) -> ColumnElement[str]:
    return func.lower(value) if word.isascii() else func.unicode_lower(value)


def _reference(field: Field, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """References by id, or by what their target is called."""
    value = kept_value(field)
    by_id = [given for given in values if isinstance(given, int)]
    by_name = [given for given in values if isinstance(given, str)]
    parts: list[ColumnElement[bool]] = []
    if by_id:
        parts.append(value.in_(by_id) if len(by_id) > 1 else value == by_id[0])
    if by_name:
        exact: Comparator = "equal" if comparator == "in" else comparator
        named = or_(*(_matches(record_named.c.name, exact, name) for name in by_name))
        targets = select(record_named.c.id).where(
            record_named.c.module == field.lookup_module, record_named.c.deleted_time.is_(None), named
        )
        parts.append(value.in_(targets))
    return or_(*parts) if parts else false()


record_named = record.alias("named")


def _choices(field: Field, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Several chosen options: each is compared by itself."""
    chosen = func.json_each(kept_value(field)).table_valued("value")
    matching = or_(*(_matches(chosen.c.value, comparator if comparator != "in" else "equal", str(v)) for v in values))
    return select(1).select_from(chosen).where(matching).exists()


def units_of(field: Field, number: Decimal) -> Decimal:
    """A number in the field's units, for comparing; it need not be whole."""
    return number * field.scale
