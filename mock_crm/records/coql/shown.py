"""Results of queries as they go out, typed as in lists, under the names the query gives them (crm-api.md §4.11)."""

from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from typing import Any

from sqlalchemy import select

from mock_crm import state, versions
from mock_crm.database import db
from mock_crm.metadata.catalog import REFERENCE_TYPES, Field, Module
from mock_crm.records.coql.checks import Selected
from mock_crm.records.coql.columns import OLD_NAMES, USER_COLUMNS, USER_TYPES, Meaning, Path, Reach
from mock_crm.records.coql.statement import PART
from mock_crm.records.model import RECORD_COLUMNS, record
from mock_crm.records.present import presenter
from mock_crm.records.showing import SHOWN_APART, shower
from mock_crm.records.values import shown_amount
from simulator import wire

#: As many digits as the vendor's averages have.
_AVERAGE = Context(prec=17)


def records(
    rows: Sequence[Any], shown: Sequence[Path], chosen: Sequence[Selected], reach: Reach
) -> list[dict[str, Any]]:
    """Records from rows with `RECORD_COLUMNS` for each path of `shown`; each has its id, asked for or not."""
    width = len(RECORD_COLUMNS)
    found: list[dict[str, Any]] = [{} for _ in rows]
    for place, path in enumerate(shown):
        mine = [one for one in chosen if one.meaning.through == path]
        parts = [row[place * width : (place + 1) * width] for row in rows]
        there = [number for number, part in enumerate(parts) if part[0] is not None]
        names = [_known_as(one.meaning.field) for one in mine]
        presented = presenter(reach.modules[path], names).shown([parts[number] for number in there])
        by_number = dict(zip(there, presented, strict=True))
        for number, out in enumerate(found):
            for one in mine:
                out[one.column.key] = _taken(one.meaning, by_number.get(number, {}))
    for row, out in zip(rows, found, strict=True):
        out.setdefault("id", str(row[0]))
    return found


def _known_as(field: Field) -> str:
    """What the field is called in records of this version."""
    if versions.current() < field.since:
        return next(old for old, name in OLD_NAMES.items() if name == field.api_name)
    return field.api_name


def _taken(meaning: Meaning, presented: dict[str, Any]) -> Any:
    """One column of a record that was presented as lists do it; of none where the lookup leads nowhere."""
    value = presented.get(_known_as(meaning.field))
    if meaning.field.data_type not in REFERENCE_TYPES or value is None:
        return value
    if meaning.of_user:
        user = state.people().users.get(int(value["id"]))
        return USER_COLUMNS[meaning.of_user](user) if user is not None else None
    return _reference(meaning.field, value)


def _reference(field: Field, value: dict[str, Any]) -> dict[str, Any]:
    """A reference: the id alone before v7, then with the name; of users that is the last name."""
    if "module" in value:
        return {"module": value["module"], "id": value["id"]}
    if versions.current() < versions.V7:
        return {"id": value["id"]}
    if field.data_type in USER_TYPES:
        user = state.people().users.get(int(value["id"]))
        return {"name": user.last_name if user is not None else value["name"], "id": value["id"]}
    return {"name": value["name"], "id": value["id"]}


def groups(
    rows: Sequence[Any], chosen: Sequence[Selected], meanings: Sequence[Meaning], reach: Reach
) -> list[dict[str, Any]]:
    """Groups from rows as `statement.of_groups` gives them; they have no id."""
    names = _names_of(rows, meanings)
    showers = {place: _shower(meaning, reach.modules[meaning.through], names) for place, meaning in enumerate(meanings)}
    found = []
    for row in rows:
        values = row._mapping
        out: dict[str, Any] = {}
        for place, one in enumerate(chosen):
            if one.column.aggregate is None:
                group = list(meanings).index(one.meaning)
                out[one.column.key] = showers[group](values[f"g{group}"])
            else:
                out[one.column.key] = _aggregate(one, place, values, reach)
        found.append(out)
    return found


def _aggregate(one: Selected, place: int, values: Any, reach: Reach) -> Any:
    field = one.meaning.field
    if one.column.aggregate == "COUNT":
        return values[f"a{place}_value"]
    if one.column.aggregate in ("MIN", "MAX"):
        return _shower(one.meaning, reach.modules[one.meaning.through], {})(values[f"a{place}_value"])
    count = values[f"a{place}_count"]
    if not count:
        return None
    units = values[f"a{place}_high"] * PART + values[f"a{place}_low"]
    if one.column.aggregate == "SUM":
        return shown_amount(units, field.decimal_place)
    return _AVERAGE.divide(Decimal(units), Decimal(count * field.scale))


def _shower(meaning: Meaning, module: Module, names: dict[int, str]) -> Callable[[Any], Any]:
    field = meaning.field
    if field.data_type == "lookup":
        return lambda value: _reference(field, {"name": names[value], "id": str(value)}) if value in names else None
    if field.data_type == "multiselectpicklist":
        return lambda value: wire.loads(value) if value is not None else []
    if field.data_type not in SHOWN_APART:
        return lambda value: value
    show = shower(field, state.people(), module)
    if field.data_type in USER_TYPES:
        return lambda value: _reference(field, show(value)) if show(value) is not None else None
    return show


def _names_of(rows: Sequence[Any], meanings: Sequence[Meaning]) -> dict[int, str]:
    """Names of the records that groups have in common, in one query."""
    places = [place for place, meaning in enumerate(meanings) if meaning.field.data_type == "lookup"]
    wanted = {row._mapping[f"g{place}"] for row in rows for place in places} - {None}
    if not wanted:
        return {}
    statement = select(record.c.id, record.c.name).where(record.c.id.in_(wanted), record.c.deleted_time.is_(None))
    return {row[0]: row[1] for row in db.session.execute(statement)}
