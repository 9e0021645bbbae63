"""Values that are rows: subforms, line items, lookups of several records or users, files (crm-api.md §3.3, §4.4).

A row is kept as `{"id", <field>: <kept form>}` in the values of its record. On a write rows are told apart by their
id: a known one is changed, one with `_delete` goes, one without an id is added, those not mentioned stay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from mock_crm import state
from mock_crm.envelope import id_of
from mock_crm.errors import CrmError, InvalidData, InvalidId, LimitExceeded, MandatoryNotFound
from mock_crm.metadata.catalog import ROW_TYPES, Field
from mock_crm.records import line_shapes
from mock_crm.records.values import Unfit, default_of, taken
from simulator import ids

MOST_ROWS = 100  # of a subform; line items may have 500
MOST_LINES = 500  # from memory
FILE_ID = "File_Id__s"


@dataclass(frozen=True)
class RowChange:
    """What a client wants of one row; `number` is the id it gave."""

    path: str
    number: int | None
    values: dict[str, Any]
    is_removed: bool = False


def inner_fields(known: Field) -> dict[str, Field]:
    """The fields of the rows of a field."""
    if known.data_type == "subform":
        return state.catalog().modules[known.lookup_module or ""].fields
    if known.data_type in ("fileupload", "imageupload"):
        return {FILE_ID: replace(known, api_name=FILE_ID, data_type="text", length=255, is_mandatory=True)}
    single = "lookup" if known.data_type == "multiselectlookup" else "userlookup"
    return {known.api_name: replace(known, data_type=single, is_mandatory=True)}


def read_rows(known: Field, given: Any, path: str, errors: list[CrmError]) -> list[RowChange] | None:
    """The rows a client sent for a field; what does not fit becomes an error. None clears the field."""
    name = line_shapes.wire_name(known)
    located = {"api_name": name, "json_path": path}
    if given is None:
        return None
    if not isinstance(given, list):
        errors.append(InvalidData({"expected_data_type": "jsonarray", **located}))
        return None
    most = MOST_LINES if known.has_line_items else MOST_ROWS
    if len(given) > most:
        errors.append(LimitExceeded({"limit": most, **located}))
        return None
    fields = inner_fields(known)
    rows: list[RowChange] = []
    for place, item in enumerate(given):
        if isinstance(item, str) and FILE_ID in fields:
            item = {FILE_ID: item}  # the oldest clients send bare ids of files
        if not isinstance(item, dict):
            errors.append(InvalidData({"expected_data_type": "jsonobject", **located, "json_path": f"{path}[{place}]"}))
        elif (row := _read_row(known, fields, item, f"{path}[{place}]", errors)) is not None:
            rows.append(row)
    return rows


def _read_row(
    known: Field, fields: dict[str, Field], item: dict[str, Any], path: str, errors: list[CrmError]
) -> RowChange | None:
    number = id_of(item["id"]) if item.get("id") is not None else None
    if number is None and item.get("id") is not None:
        errors.append(InvalidData({"expected_data_type": "bigint", "api_name": "id", "json_path": f"{path}.id"}))
        return None
    if "_delete" in item:
        return RowChange(path, number, {}, is_removed=True)
    if known.has_line_items:
        item = line_shapes.renamed(item)
    values: dict[str, Any] = {}
    for name, value in item.items():
        inner = fields.get(name)
        if inner is None or inner.is_read_only or inner.column == "id" or name == "id":
            continue
        try:
            if known.has_line_items and name == "Discount":
                values |= line_shapes.discount(inner, value)
            else:
                values[name] = taken(inner, value)
        except Unfit as unfit:
            errors.append(_unfit(unfit, name, path))
    return RowChange(path, number, values)


def _unfit(unfit: Unfit, name: str, path: str) -> InvalidData:
    if unfit.details.get("of_id"):
        return InvalidData({"expected_data_type": "bigint", "api_name": "id", "json_path": f"{path}.{name}.id"})
    return InvalidData({**unfit.details, "api_name": name, "json_path": f"{path}.{name}"})


def references(known: Field, changes: Iterable[RowChange]) -> Iterator[tuple[Field, Any, str]]:
    """Every record or user that the rows name: the row's field, the value and its place."""
    fields = inner_fields(known)
    for change in changes:
        for name, value in change.values.items():
            inner = fields.get(name)
            if inner is not None and inner.data_type in ("lookup", "userlookup") and value is not None:
                yield inner, value, f"{change.path}.{name}"


def merged(
    known: Field, before: list[dict[str, Any]] | None, changes: list[RowChange] | None, errors: list[CrmError]
) -> list[dict[str, Any]] | None:
    """The rows after a write; new ones get their ids, and what they must have is asked of them."""
    if changes is None:
        return None
    rows = {row["id"]: dict(row) for row in before or ()}
    fields = inner_fields(known)
    for change in changes:
        if change.number is not None and change.number not in rows:
            errors.append(InvalidId({"api_name": "id", "json_path": f"{change.path}.id"}))
        elif change.is_removed:
            rows.pop(change.number or 0, None)
        elif change.number is not None:
            rows[change.number].update(change.values)
            _complain(fields, rows[change.number], change, errors)
        else:
            row = {"id": ids.new_id(), **_defaults(fields), **change.values}
            rows[row["id"]] = row
            _complain(fields, row, change, errors)
    kept = [{name: value for name, value in row.items() if value is not None} for row in rows.values()]
    return kept or None


def _defaults(fields: dict[str, Field]) -> dict[str, Any]:
    found = ((name, default_of(inner)) for name, inner in fields.items())
    return {name: default for name, default in found if default is not None}


def _complain(fields: dict[str, Field], row: dict[str, Any], change: RowChange, errors: list[CrmError]) -> None:
    for name, inner in fields.items():
        if (
            inner.is_mandatory
            and row.get(name) is None
            and not any(is_within(f"{change.path}.{name}", error) for error in errors)
        ):
            errors.append(MandatoryNotFound({"api_name": name, "json_path": f"{change.path}.{name}"}))


def is_within(path: str, error: CrmError) -> bool:
    """Whether an error is about the value at a place, or about a part of it."""
    found = str(error.details.get("json_path", ""))
    return found == path or found.startswith((f"{path}.", f"{path}["))


def targets_of(known: Field, rows: list[dict[str, Any]] | None) -> set[int]:
    """The records that kept rows name."""
    if not rows or known.data_type not in ROW_TYPES:
        return set()
    names = [name for name, inner in inner_fields(known).items() if inner.data_type == "lookup"]
    return {row[name] for row in rows for name in names if isinstance(row.get(name), int)}
