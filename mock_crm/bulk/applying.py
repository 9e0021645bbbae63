"""Doing a bulk write: rows of a CSV file written as records, some at a time, each with what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mock_crm import state
from mock_crm.bulk.cells import value_of
from mock_crm.bulk.write_given import Asked, Mapping
from mock_crm.envelope import id_of
from mock_crm.errors import CrmError, DuplicateData, MandatoryNotFound, MultipleErrors
from mock_crm.metadata.catalog import Field
from mock_crm.records import store
from mock_crm.records.drafts import Draft, read_draft, take_up
from mock_crm.records.uniqueness import holders
from mock_crm.records.values import key_of
from mock_crm.records.writing import Stamp, write

AT_ONCE = 100
#: The columns of the file that stand in the result too, before what became of the row.
SHOWN_COLUMNS = 3
RESULT_COLUMNS = ("STATUS", "RECORD_ID", "ERRORS")


class RowNotFound(CrmError):
    """No record has the row's key."""

    code, status, message = "RESOURCE_NOT_FOUND", 400, "record not found"


@dataclass
class Row:
    """A row of the file on its way: the object a client would have sent, its key, and what became of it."""

    place: int
    given: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    status: str = "SKIPPED"
    record: int | None = None
    errors: str = ""


#: A row of the file with its place.
Cells = tuple[int, Sequence[str]]


def write_rows(asked: Asked, header: Sequence[str], cells: Sequence[Cells], stamp: Stamp) -> list[Row]:
    """Writes rows in waves: one ends before a row whose key an earlier one has."""
    module = state.catalog().modules[asked.module]
    given = _given(asked, cells)
    rows = [Row(place, values, _key(asked, values)) for (place, _), values in zip(cells, given, strict=True)]
    wave: list[Row] = []
    seen: set[str] = set()
    writing = _Writing(asked, list(header), module, stamp)
    for row in rows:
        if row.key is not None and row.key in seen:
            writing.write(wave)
            wave, seen = [], set()
        wave.append(row)
        seen |= {row.key} if row.key is not None else set()
    writing.write(wave)
    return rows


def _key(asked: Asked, values: dict[str, Any]) -> str | None:
    value = values.get(asked.find_by or "")
    return None if value in (None, "") or isinstance(value, dict | list) else key_of(value)


def _given(asked: Asked, cells: Sequence[Cells]) -> list[dict[str, Any]]:
    """The objects of these rows; records that lookups name by a key are found for all of them at once."""
    fields = state.catalog().modules[asked.module].fields
    mapped = [(mapping, fields[mapping.api_name]) for mapping in asked.mappings]
    texts = [{mapping.api_name: _text(mapping, row) for mapping, _ in mapped} for _, row in cells]
    found = {
        mapping.api_name: _targets(known, mapping, {row[mapping.api_name] for row in texts})
        for mapping, known in mapped
        if known.data_type == "lookup" and mapping.find_by not in (None, "id")
    }
    return [
        {
            mapping.api_name: _value(known, mapping, row[mapping.api_name], found)
            for mapping, known in mapped
            if row[mapping.api_name] or not asked.ignore_empty
        }
        for row in texts
    ]


def _text(mapping: Mapping, row: Sequence[str]) -> str:
    text = row[mapping.index].strip() if mapping.index is not None and mapping.index < len(row) else ""
    return text or (str(mapping.default_value["value"]) if mapping.default_value else "")


def _value(known: Field, mapping: Mapping, text: str, found: dict[str, dict[str, int]]) -> Any:
    if not text:
        return None
    if mapping.api_name in found:
        return {"id": str(found[mapping.api_name].get(key_of(text), ""))}
    return value_of(known, mapping, text)


def _targets(known: Field, mapping: Mapping, texts: Iterable[str]) -> dict[str, int]:
    """Records of a lookup's module by their key."""
    target, name = state.catalog().modules[known.lookup_module or ""], str(mapping.find_by)
    held = holders(target, ((name, key_of(text)) for text in texts if text))
    return {key: number for (_, key), number in held.items()}


@dataclass
class _Writing:
    """Waves of rows with nothing but their module and what is to be done in common."""

    asked: Asked
    header: list[str]
    module: Any
    stamp: Stamp

    def write(self, wave: Sequence[Row]) -> None:
        drafts = [read_draft(self.module, row.place, row.given) for row in wave]
        for row, draft, there in zip(wave, drafts, self._there(wave), strict=True):
            self._settle(row, draft, there)
        outcomes = write(self.module, drafts, self.stamp)
        for row, draft, outcome in zip(wave, drafts, outcomes, strict=True):
            if isinstance(outcome, CrmError):
                row.errors = self._told(outcome)
            else:
                row.status, row.record = "ADDED" if draft.is_new else "UPDATED", draft.record_id

    def _there(self, wave: Sequence[Row]) -> list[Any]:
        """The record that is there already for each row, if one is."""
        name = self.asked.find_by
        if name is None:
            return [None] * len(wave)
        if name == "id":
            numbers = [id_of(row.key) for row in wave]
        else:
            held = holders(self.module, ((name, row.key) for row in wave if row.key is not None))
            numbers = [held.get((name, row.key)) if row.key is not None else None for row in wave]
        rows = store.rows_of(self.module, {number for number in numbers if number is not None})
        return [rows.get(number or 0) for number in numbers]

    def _settle(self, row: Row, draft: Draft, there: Any) -> None:
        """Whether the row makes a record or changes one; an insert skips those that are there."""
        name = self.asked.find_by or ""
        if there is not None and self.asked.operation == "insert":
            draft.refuse(DuplicateData({"api_name": name, "id": str(there.id)}))
        elif there is not None:
            take_up(draft, there)
        elif self.asked.operation == "update":
            draft.refuse(RowNotFound({"api_name": name}) if row.key else MandatoryNotFound({"api_name": name}))
        elif name == "id" and row.key:
            draft.refuse(RowNotFound({"api_name": name}))

    def _told(self, error: CrmError) -> str:
        """`CODE-column`, several joined by colons, as the vendor's result has it."""
        errors = error.errors if isinstance(error, MultipleErrors) else [error]
        return ":".join(f"{one.code}-{self._column(one)}" for one in errors)

    def _column(self, error: CrmError) -> str:
        """The header of the column an error is about; where none is, the field's name."""
        path = str(error.details.get("json_path", "")).split(".")
        named = path[2] if len(path) > 2 else str(error.details.get("api_name", ""))
        index = next((mapping.index for mapping in self.asked.mappings if mapping.api_name == named), None)
        return self.header[index] if index is not None and index < len(self.header) else named
