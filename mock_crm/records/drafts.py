"""What a client wants written: each object of a write read through the module's fields (crm-api.md §4.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select

from mock_crm import state
from mock_crm.database import db
from mock_crm.errors import CrmError, InvalidData, InvalidId, MandatoryNotFound, MultipleErrors
from mock_crm.metadata.catalog import Field, Module
from mock_crm.records.model import record
from mock_crm.records.present import VALUES
from mock_crm.records.values import ByName, Unfit, default_of, taken


@dataclass
class Draft:
    """One object of a write on its way into the store.

    `changes` holds kept forms (None clears); `before` what the record was, when there is one.
    """

    module: Module
    place: int
    changes: dict[str, Any] = field(default_factory=dict)
    owner: int | None = None
    errors: list[CrmError] = field(default_factory=list)
    record_id: int | None = None
    row: Any = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    is_refused: bool = False

    def refuse(self, error: CrmError) -> None:
        """The object cannot be written at all, so what else may be wrong with it does not matter."""
        self.errors = [error]
        self.is_refused = True

    @property
    def is_new(self) -> bool:
        return self.row is None

    def path(self, name: str) -> str:
        return f"$.data[{self.place}].{name}"

    def located(self, name: str) -> dict[str, Any]:
        return {"api_name": name, "json_path": self.path(name)}

    def error(self) -> CrmError | None:
        """What is wrong with the object, one error or all of them in one."""
        if len(self.errors) > 1:
            return MultipleErrors(self.errors)
        return self.errors[0] if self.errors else None


def read_draft(module: Module, place: int, given: Any) -> Draft:
    """An object of a write; unknown and read-only fields are ignored, what does not fit becomes an error."""
    draft = Draft(module, place)
    if not isinstance(given, dict):
        draft.refuse(InvalidData({"expected_data_type": "jsonobject", "json_path": f"$.data[{place}]"}))
        return draft
    fields = module.fields
    for name, value in given.items():
        known = fields.get(name)
        if known is None or known.is_read_only:
            continue
        try:
            kept = taken(known, value)
        except Unfit as unfit:
            draft.errors.append(_unfit(draft, known, unfit))
            continue
        if known.column == "owner":
            draft.owner = _owner(draft, known, kept)
        else:
            draft.changes[name] = kept
    return draft


def _unfit(draft: Draft, known: Field, unfit: Unfit) -> CrmError:
    if unfit.details.get("of_id"):
        place = {"api_name": "id", "json_path": f"{draft.path(known.api_name)}.id"}
        return InvalidData({"expected_data_type": "bigint", **place})
    return InvalidData({**unfit.details, **draft.located(known.api_name)})


def _owner(draft: Draft, known: Field, kept: Any) -> int | None:
    """An active user, by id; by name he is not found, as with other lookups."""
    if kept is None:
        return None
    user = state.people().users.get(kept) if isinstance(kept, int) else None
    if user is None or not user.is_active:
        draft.errors.append(InvalidData(draft.located(known.api_name)))
        return None
    return user.id


def take_up(draft: Draft, row: Any) -> None:
    """Makes the draft a change of the record in this row."""
    draft.row = row
    draft.record_id = row.id
    draft.before = orjson.loads(row[VALUES])


def complete(drafts: Iterable[Draft]) -> None:
    """Adds defaults to new records, then looks whether everything that must be there is."""
    for draft in drafts:
        merged = dict(draft.before)
        if draft.is_new:
            for known in draft.module.fields.values():
                if known.api_name not in draft.changes and (default := default_of(known)) is not None:
                    merged[known.api_name] = default
        merged.update(draft.changes)
        draft.after = {name: value for name, value in merged.items() if value is not None}
        refused = {error.details.get("api_name") for error in draft.errors}
        for known in draft.module.fields.values():
            is_asked = draft.is_new or known.api_name in draft.changes
            if known.is_mandatory and is_asked and known.api_name not in draft.after and known.api_name not in refused:
                draft.errors.append(MandatoryNotFound(draft.located(known.api_name)))


def check_references(drafts: Sequence[Draft]) -> None:
    """Looks up all records that the drafts name, one query for each target module; users from memory."""
    wanted: dict[str, set[int]] = {}
    for draft in drafts:
        for known in draft.module.lookup_fields:
            value = draft.changes.get(known.api_name)
            if isinstance(value, ByName):
                _refuse_name(draft, known)
            elif value is not None and known.lookup_module:
                wanted.setdefault(known.lookup_module, set()).add(value)
    found = {module: _living(module, ids) for module, ids in wanted.items()}
    users = state.people().users
    for draft in drafts:
        for name, value in draft.changes.items():
            known = draft.module.fields[name]
            if value is None or known.data_type not in ("lookup", "userlookup"):
                continue
            targets = users if known.data_type == "userlookup" else found.get(known.lookup_module or "", ())
            if not isinstance(value, ByName) and value not in targets:
                draft.errors.append(InvalidId(draft.located(name)))
            elif isinstance(value, ByName) and known.data_type == "userlookup":
                _refuse_name(draft, known)


def _refuse_name(draft: Draft, known: Field) -> None:
    """Only accounts are found and made by name; other lookups want an id (crm-api.md §3.3)."""
    place = {"api_name": "id", "json_path": f"{draft.path(known.api_name)}.id"}
    draft.errors.append(MandatoryNotFound(place))


def _living(module: str, ids: set[int]) -> set[int]:
    statement = select(record.c.id).where(
        record.c.module == module, record.c.deleted_time.is_(None), record.c.id.in_(ids)
    )
    return {row[0] for row in db.session.execute(statement)}
