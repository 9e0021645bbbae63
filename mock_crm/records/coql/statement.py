"""A query as SQL: the records with what their lookups lead to, filtered, sorted and cut; or groups of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    null,
    select,
)

from mock_crm import state
from mock_crm.records import dialect
from mock_crm.records.coql.checks import Selected, Sorted
from mock_crm.records.coql.columns import USER_COLUMNS, Meaning, Path, Reach
from mock_crm.records.criteria import kept_value, sort_value
from mock_crm.records.model import RECORD_COLUMNS, record

#: Sums are taken in two parts, of which neither outgrows 64 bits: whole billions, and what is left of each value.
PART = 10**9


@dataclass(frozen=True)
class Source:
    """The records of the module, and beside each of them those that its lookups lead to."""

    tables: dict[Path, FromClause]
    joined: FromClause

    @classmethod
    def of(cls, reach: Reach) -> "Source":
        """A lookup to a record in the recycle bin leads nowhere."""
        tables: dict[Path, FromClause] = {(): record}
        joined: FromClause = record
        for place, (path, field) in enumerate(reach.joins(), start=1):
            target = tables[path] = record.alias(f"joined{place}")
            leads = and_(target.c.id == kept_value(field, tables[path[:-1]]), target.c.deleted_time.is_(None))
            joined = joined.outerjoin(target, leads)
        return cls(tables, joined)

    def value(self, meaning: Meaning) -> ColumnElement[Any]:
        kept = kept_value(meaning.field, self.tables[meaning.through])
        return func.coalesce(kept, 0) if meaning.field.data_type == "boolean" else kept


def of_records(
    source: Source, conditions: Sequence[ColumnElement[bool]], shown: Sequence[Path], order: Sequence[Sorted]
) -> Select[Any]:
    """Records, by id unless the query says otherwise; each row has `RECORD_COLUMNS` for every path in `shown`."""
    columns = [source.tables[path].c[column.name] for path in shown for column in RECORD_COLUMNS]
    clauses: list[Any] = []
    for sorting in order:
        value = _rank(source, sorting.meaning) if sorting.meaning.of_user else _sort_value(source, sorting.meaning)
        may_be_empty = not sorting.meaning.field.column or bool(sorting.meaning.through)
        clauses += _directed(value, sorting.descending, may_be_empty)
    named = [column.label(f"c{place}") for place, column in enumerate(columns)]
    return select(*named).select_from(source.joined).where(*conditions).order_by(*clauses, record.c.id)


def of_groups(
    source: Source,
    conditions: Sequence[ColumnElement[bool]],
    chosen: Sequence[Selected],
    groups: Sequence[Meaning],
    order: Sequence[Sorted],
) -> Select[Any]:
    """Groups of records: their common values, `g0` and on, and the aggregates (see `_aggregated`).

    What is grouped and counted is taken out of the JSON first, once for each record.
    """
    values = [source.value(meaning).label(f"g{place}") for place, meaning in enumerate(groups)]
    values += [source.value(one.meaning).label(f"v{place}") for place, one in enumerate(chosen) if one.column.aggregate]
    found = select(*values).select_from(source.joined).where(*conditions).cte("found").prefix_with("MATERIALIZED")
    common = [found.c[f"g{place}"] for place in range(len(groups))]
    aggregates = [
        part.label(f"a{place}_{name}")
        for place, one in enumerate(chosen)
        if one.column.aggregate
        for name, part in _aggregated(one.column.aggregate, found.c[f"v{place}"]).items()
    ]
    inner = select(*common, *aggregates).group_by(*common).subquery("grouped")
    clauses: list[Any] = []
    for sorting in order:
        for value in _group_sort_values(inner, sorting, chosen, groups):
            clauses += _directed(value, sorting.descending, True)
    for place in range(len(groups)):
        clauses += _directed(inner.c[f"g{place}"], False, True)
    return select(inner).order_by(*clauses)


def _aggregated(aggregate: str, value: ColumnElement[Any]) -> dict[str, ColumnElement[Any]]:
    """What SQL calculates of an aggregate: sums in two parts and with how many values they have."""
    if aggregate in ("SUM", "AVG"):
        return {
            "high": cast(func.sum(value // PART), BigInteger),
            "low": cast(func.sum(value % PART), BigInteger),
            "count": func.count(value),
        }
    return {"value": _MADE[aggregate](value)}


_MADE: dict[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    "MIN": func.min,
    "MAX": func.max,
    "COUNT": func.count,
}


def _group_sort_values(
    inner: FromClause, sorting: Sorted, chosen: Sequence[Selected], groups: Sequence[Meaning]
) -> list[ColumnElement[Any]]:
    """What stands for a group when groups are sorted; several values where one would not be exact."""
    if sorting.aggregate is None:
        value = inner.c[f"g{list(groups).index(sorting.meaning)}"]
        return [dialect.LowerAscii(value) if sorting.meaning.field.is_text else value]
    place = next(
        place
        for place, one in enumerate(chosen)
        if one.meaning == sorting.meaning and one.column.aggregate == sorting.aggregate
    )
    if sorting.aggregate not in ("SUM", "AVG"):
        return [inner.c[f"a{place}_value"]]
    high, low, count = (inner.c[f"a{place}_{part}"] for part in ("high", "low", "count"))
    if sorting.aggregate == "AVG":
        return [(cast(high, Float) * PART + low) / func.nullif(count, 0)]
    rest = ((low % PART) + PART) % PART
    return [high + (low - rest) // PART, rest]


def _sort_value(source: Source, meaning: Meaning) -> ColumnElement[Any]:
    if meaning.field.data_type == "boolean":
        return source.value(meaning)
    return sort_value(meaning.field, source.tables[meaning.through])


def _rank(source: Source, meaning: Meaning) -> ColumnElement[Any]:
    """The place of a user among all users sorted by what is asked of them; they are few."""
    shown = USER_COLUMNS[meaning.of_user or ""]
    by_value = sorted(state.people().users.values(), key=lambda user: str(shown(user)).lower())
    places: dict[str, int] = {}
    ranks = {user.id: places.setdefault(str(shown(user)).lower(), len(places)) for user in by_value}
    value = source.value(Meaning(meaning.field, meaning.through))
    return case(ranks, value=value, else_=null()) if ranks else value


def _directed(value: ColumnElement[Any], descending: bool, may_be_empty: bool) -> list[Any]:
    """Whatever the direction, what is empty comes last, as in lists (from memory)."""
    by_value = value.desc() if descending else value.asc()
    return [value.is_(None), by_value] if may_be_empty else [by_value]
