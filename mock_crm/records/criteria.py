"""Criteria: one typed tree for views, searches and COQL, and how it becomes SQL.

Text is compared whatever its case: by the database's own lower() for ASCII words, by Unicode's rules for others. What
the databases say differently is in `dialect.py`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    FromClause,
    TableValuedAlias,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from mock_crm.metadata.catalog import REFERENCE_TYPES, SCALED_TYPES, Field
from mock_crm.records import dialect
from mock_crm.records.model import record, record_key, record_read, record_relation
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
    "include_any",
    "include_all",
    "exclude_any",
    "exclude_all",
]

TEXT: tuple[Comparator, ...] = ("equal", "not_equal", "contains", "not_contains", "starts_with", "ends_with")
LISTED: tuple[Comparator, ...] = ("in", "not_in")
#: Of lookups that name several records (crm-api.md §5.5); what they and `equal` mean exactly is from memory.
SEVERAL: tuple[Comparator, ...] = ("include_any", "include_all", "exclude_any", "exclude_all", "equal", "not_equal")
LARGEST = 2**63 - 1
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

    Attributes:
        through: the lookups that lead from the record to the one whose field is meant; none where it is its own.
    """

    field: Field
    comparator: Comparator
    values: tuple[Any, ...] = ()
    through: tuple[str, ...] = ()


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
#: The tables of the records that lookups lead to; under `()` stands that of the record itself.
Tables = Mapping[tuple[str, ...], FromClause]
ALONE: Tables = {(): record}


def comparators_of(field: Field) -> tuple[Comparator, ...]:
    """What a field of this type can be asked in a view."""
    if field.data_type == "boolean":
        return ("equal", "not_equal")
    if field.is_text or field.data_type in ("lookup", "ownerlookup", "userlookup", "multiselectpicklist"):
        return TEXT + LISTED
    return SEVERAL if field.data_type == "multiselectlookup" else ORDERED


def compiled(criteria: Criteria, tables: Tables = ALONE) -> ColumnElement[bool]:
    """The criteria as a condition on `record`. Trees are shallow: their parsers see to that."""
    if isinstance(criteria, Group):
        joined = and_ if criteria.operator == "and" else or_
        return joined(*(compiled(member, tables) for member in criteria.members))
    if isinstance(criteria, Unread):
        opened = select(record_read.c.record).where(record_read.c.user_id == criteria.user_id)
        return tables[()].c.id.not_in(opened)
    table = tables[criteria.through]
    if criteria.comparator in _NEGATIVE:
        positive = _NEGATIVE[criteria.comparator]
        return not_(func.coalesce(_positive(criteria.field, table, positive, criteria.values), false()))
    return _positive(criteria.field, table, criteria.comparator, criteria.values)


#: What says the opposite; a record without a value fulfils the negative one.
_NEGATIVE: dict[str, Comparator] = {
    "not_equal": "equal",
    "not_contains": "contains",
    "not_between": "between",
    "not_in": "in",
    "not_empty": "empty",
    "exclude_any": "include_any",
    "exclude_all": "include_all",
}


def kept_value(field: Field, table: FromClause = record) -> ColumnElement[Any]:
    """The kept form of a field's value as SQL sees it; the one place that reads the JSON of a record."""
    if field.column:
        return table.c[field.column]
    if field.api_name in CONSTANT_TEXTS:
        return case((table.c.id.is_not(None), literal(CONSTANT_TEXTS[field.api_name])))
    return dialect.kept(table.c["values"], field.api_name, _KEPT_AS.get(field.data_type, str))


#: What is the same for every record and stands in none.
CONSTANT_TEXTS = {"Record_Status__s": "Available"}


_KEPT_AS: dict[str, type[Any]] = {
    **dict.fromkeys((*SCALED_TYPES, *REFERENCE_TYPES, "integer", "bigint", "datetime"), int),
    "boolean": bool,
}


def sort_value(field: Field, table: FromClause = record) -> ColumnElement[Any]:
    """What a list sorted by a field is sorted by; references sort by their id."""
    value = kept_value(field, table)
    return dialect.LowerAscii(value) if field.is_text else value


def _positive(field: Field, table: FromClause, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    if field.data_type == "multiselectlookup":
        return _naming(field, table, comparator, values)
    value = kept_value(field, table)
    if comparator == "empty":
        return false() if field.data_type == "boolean" else value.is_(None)
    if field.data_type == "boolean":
        return func.coalesce(value, 0) == int(bool(values[0]))
    if field.data_type in SCALED_TYPES or field.data_type in ("integer", "bigint", "datetime"):
        return _number(value, comparator, values)
    if field.data_type == "date":
        return _ORDERED_SQL[comparator](value, values)
    if field.data_type in REFERENCE_TYPES:
        return _reference(field, value, comparator, values)
    if field.data_type == "multiselectpicklist":
        return _choices(dialect.each(table.c["values"], field.api_name), comparator, values)
    if comparator in ("equal", "in"):
        return _keyed(field, table, values) if field.is_keyed else _among(value, [str(given) for given in values])
    return or_(*(_matches(value, comparator, str(given)) for given in values))


_ORDERED_SQL: dict[str, Callable[[ColumnElement[Any], tuple[Any, ...]], ColumnElement[bool]]] = {
    "equal": lambda value, given: value.in_(given) if len(given) > 1 else value == given[0],
    "in": lambda value, given: value.in_(given),
    "less_than": lambda value, given: value < given[0],
    "less_equal": lambda value, given: value <= given[0],
    "greater_than": lambda value, given: value > given[0],
    "greater_equal": lambda value, given: value >= given[0],
    "between": lambda value, given: value.between(given[0], given[1]),
}


def _number(value: ColumnElement[Any], comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Whole units compared with whole units: an amount between two units goes to the side that keeps the meaning."""
    if comparator in ("equal", "in"):
        whole = [int(given) for given in values if given == int(given) and abs(given) <= LARGEST]
        return value.in_(whole) if whole else false()
    if comparator == "between":
        return value.between(_bounded(math.ceil(values[0])), _bounded(math.floor(values[1])))
    rounds = math.ceil if comparator in ("less_than", "greater_equal") else math.floor
    return _ORDERED_SQL[comparator](value, (_bounded(rounds(values[0])),))


def _bounded(number: int) -> int:
    """No kept number is larger, and no database compares larger ones."""
    return max(-LARGEST, min(number, LARGEST))


def _keyed(field: Field, table: FromClause, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """By the key table, without a scan."""
    keys = [key_of(value) for value in values]
    named = select(record_key.c.record).where(
        record_key.c.module == field.module, record_key.c.field == field.api_name, record_key.c.value.in_(keys)
    )
    return table.c.id.in_(named)


def _among(value: ColumnElement[Any], words: list[str]) -> ColumnElement[bool]:
    """One of several words: the value is taken out of the JSON once for all of them."""
    plain = [word.lower() for word in words if word.isascii()]
    others = [word.lower() for word in words if not word.isascii()]
    parts: list[ColumnElement[bool]] = []
    if plain:
        parts.append(dialect.LowerAscii(value).in_(plain))
    if others:
        parts.append(dialect.LowerUnicode(value).in_(others))
    return or_(*parts) if parts else false()


def _matches(value: ColumnElement[Any], comparator: Comparator, word: str) -> ColumnElement[bool]:
    """Without LIKE, whose wildcards and length limit would have to be fenced in."""
    lowered = lowercase(value, word)
    word = word.lower()
    if comparator == "contains":
        return dialect.PlaceIn(lowered, word) > 0
    if comparator == "starts_with":
        return func.substr(lowered, 1, len(word)) == word
    if comparator == "ends_with":
        return dialect.Ending(lowered, len(word)) == word if word else value.is_not(None)
    return lowered == word


def lowercase(value: ColumnElement[Any], word: str) -> ColumnElement[str]:
    return dialect.LowerAscii(value) if word.isascii() else dialect.LowerUnicode(value)


def _reference(
    field: Field, value: ColumnElement[Any], comparator: Comparator, values: tuple[Any, ...]
) -> ColumnElement[bool]:
    """References by id, or by what their target is called."""
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


def _naming(field: Field, table: FromClause, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Which records the rows of a record name, by the ties that stand for them (`relations.py`)."""
    tied = select(record_relation.c.parent).where(record_relation.c.relation == f"{field.module}.{field.api_name}")
    if comparator == "empty":
        return table.c.id.not_in(tied)
    if comparator == "include_all":
        return and_(*(table.c.id.in_(tied.where(record_relation.c.child == one)) for one in values))
    return table.c.id.in_(tied.where(record_relation.c.child.in_(values)))


def _choices(chosen: TableValuedAlias, comparator: Comparator, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Several chosen options: each is compared by itself."""
    matching = or_(*(_matches(chosen.c.value, comparator if comparator != "in" else "equal", str(v)) for v in values))
    return select(1).select_from(chosen).where(matching).exists()


def units_of(field: Field, number: Decimal) -> Decimal:
    """A number in the field's units, for comparing; it need not be whole."""
    return number * field.scale
