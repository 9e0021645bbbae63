"""What a query must be beyond its grammar: columns named once, aggregates of what can be counted, within its limits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mock_crm import versions
from mock_crm.errors import InvalidQuery, LimitExceeded
from mock_crm.metadata.catalog import REFERENCE_TYPES, SCALED_TYPES
from mock_crm.records.coql.columns import Meaning, Reach
from mock_crm.records.coql.errors import (
    DuplicateAlias,
    duplicate,
    invalid_column,
    too_many,
    unsupported_column,
)
from mock_crm.records.coql.grammar import Column, Query

USUAL_LIMIT = 200
LARGEST_LIMIT = 200
LARGEST_LIMIT_V8 = 2_000  # from memory
NUMBERS = (*SCALED_TYPES, "integer", "bigint")
_MOMENTS = ("date", "datetime")
_COUNTED = (*NUMBERS, *REFERENCE_TYPES, "picklist")
#: What each aggregate can be made of; dates of MIN and MAX are from memory.
AGGREGATED: dict[str, tuple[str, ...]] = {
    "SUM": NUMBERS,
    "AVG": NUMBERS,
    "MIN": (*NUMBERS, *_MOMENTS),
    "MAX": (*NUMBERS, *_MOMENTS),
    "COUNT": _COUNTED,
}


@dataclass(frozen=True)
class Selected:
    """A column of a query with what it means."""

    column: Column
    meaning: Meaning


@dataclass(frozen=True)
class Sorted:
    """What a query is sorted by; `column` where it is one of those selected."""

    meaning: Meaning
    descending: bool
    aggregate: str | None = None


def farthest() -> int:
    """How many records a query can reach, by version (from memory)."""
    version = versions.current()
    return 2_000 if version < versions.V3 else 10_000 if version < versions.V7 else 100_000


def limit_of(query: Query) -> int:
    """How many records are wanted.

    Raises:
        LimitExceeded: for more than a call gives, or than a query reaches.
    """
    most = LARGEST_LIMIT_V8 if versions.current() >= versions.V8 else LARGEST_LIMIT
    limit = USUAL_LIMIT if query.limit is None else query.limit
    if limit > most:
        raise too_many("limit", most)
    if query.offset + limit > farthest():
        raise LimitExceeded({"limit": farthest()}, "Max records limit exceeded")
    return limit


def selected(query: Query, reach: Reach) -> list[Selected]:
    """The columns of `select`.

    Raises:
        CrmError: for columns or aliases that are given twice, that are none, or that cannot be aggregated.
    """
    found = [Selected(column, reach.meaning(column.name, "select")) for column in query.columns]
    for one in found:
        _check_aggregate(one)
    columns = query.columns
    for (name, aggregate), count in Counter((column.name, column.aggregate) for column in columns).items():
        if count > 1:
            raise duplicate(name, "select", aggregate)
    for alias, count in Counter(column.alias for column in columns if column.alias).items():
        if count > 1:
            raise DuplicateAlias(
                {"referred_columns": [column.name for column in columns if column.alias == alias], "alias": alias}
            )
    plain = {column.written for column in columns if not column.alias}
    for column in columns:
        if column.alias in plain:
            message = (
                "column name or property name given in select columns without alias name cannot be an alias name "
                "for other select columns"
            )
            raise InvalidQuery({"column_name": column.name, "alias": column.alias}, message)
    return found


def _check_aggregate(one: Selected) -> None:
    if one.column.aggregate is None:
        return
    is_countable = one.meaning.field.data_type in AGGREGATED[one.column.aggregate]
    if one.meaning.of_user or not is_countable:
        raise unsupported_column(one.column.written, "select")


def grouped(query: Query, chosen: Sequence[Selected], reach: Reach) -> list[Meaning] | None:
    """What the query groups by; None where it does not and has no aggregates.

    Raises:
        CrmError: for columns given twice, and selected ones that are not grouped by.
    """
    if not query.grouped and not any(one.column.aggregate for one in chosen):
        return None
    meanings = [reach.meaning(name, "group by") for name in query.grouped]
    for name, meaning in zip(query.grouped, meanings, strict=True):
        if meaning.of_user:
            raise unsupported_column(name, "group by")
        if meanings.count(meaning) > 1:
            raise duplicate(name, "group by")
    for one in chosen:
        if one.column.aggregate is None and one.meaning not in meanings:
            details = {"column_name": one.column.name, "clause": "group by"}
            raise InvalidQuery({"reason": "column given is not in the group by clause", **details})
    return meanings


def ordered(query: Query, chosen: Sequence[Selected], groups: Sequence[Meaning] | None, reach: Reach) -> list[Sorted]:
    """What the query is sorted by: columns, what they are called in `select`, or aggregates that stand there."""
    found: list[Sorted] = []
    called = {one.column.alias: one for one in chosen if one.column.alias}
    for sorting in query.ordered:
        column = sorting.column
        one = called.get(column.name) if column.aggregate is None else None
        meaning = one.meaning if one is not None else reach.meaning(column.name, "order by")
        aggregate = one.column.aggregate if one is not None else column.aggregate
        is_there = any(c.meaning == meaning and c.column.aggregate == aggregate for c in chosen)
        if (aggregate and not is_there) or (groups is not None and not aggregate and meaning not in groups):
            raise invalid_column(column.written, "order by")
        if any(other.meaning == meaning and other.aggregate == aggregate for other in found):
            raise duplicate(column.name, "order by")
        found.append(Sorted(meaning, sorting.descending, aggregate))
    return found
