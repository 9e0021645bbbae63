"""What a client wants written: each object of a write read through the module's fields (crm-api.md §4.3)."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select

from mock_crm import state
from mock_crm.access import field_permission
from mock_crm.database import db
from mock_crm.errors import CrmError, InvalidData, InvalidId, MandatoryNotFound, MultipleErrors
from mock_crm.metadata.catalog import ROW_TYPES, Field, Module
from mock_crm.metadata.standard_beside import ANY_MODULE
from mock_crm.records.line_shapes import OLD_NAME, is_old, wire_name
from mock_crm.records.model import VALUES, record
from mock_crm.records.row_values import is_within, merged, read_rows, references
from mock_crm.records.values import HEADER_TAX, ByName, Unfit, default_of, taken, taxes


@dataclass
class Draft:
    """One object of a write on its way into the store.

    `changes` holds kept forms (None clears), for fields of rows the changes of the rows; `appended` names lists that
    are added to. `before` is what the record was, when there is one.
    """

    module: Module
    place: int
    changes: dict[str, Any] = field(default_factory=dict)
    appended: frozenset[str] = frozenset()
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

    def is_refused_at(self, path: str) -> bool:
        """Whether something is wrong already with the value at this place, or within it."""
        return any(is_within(path, error) for error in self.errors)

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
    draft.appended = _appended(given)
    for name, value in given.items():
        known = _known(module, name)
        if known is None or known.is_read_only or known.counter is not None or field_permission(known) != "read_write":
            _read_header_tax(draft, name, value)
        elif known.data_type in ROW_TYPES:
            path = draft.path(wire_name(known))
            draft.changes[known.api_name] = read_rows(known, value, path, draft.errors)
        else:
            _read_value(draft, known, value)
    return draft


def _known(module: Module, name: str) -> Field | None:
    """The field of this name; in version 2 line items have another one (crm-api.md §9)."""
    if module.line_items is not None and is_old() and name in (OLD_NAME, module.line_items.api_name):
        return module.line_items if name == OLD_NAME else None
    return module.fields.get(name)


def _appended(given: dict[str, Any]) -> frozenset[str]:
    """`"$append_values": {"Languages": true}` adds to a list instead of replacing it (crm-api.md §4.4)."""
    named = given.get("$append_values")
    return frozenset(name for name, is_so in named.items() if is_so is True) if isinstance(named, dict) else frozenset()


def _read_value(draft: Draft, known: Field, value: Any) -> None:
    try:
        kept = taken(known, value)
    except Unfit as unfit:
        draft.errors.append(_unfit(draft, known, unfit))
        return
    if known.column == "owner":
        draft.owner = _owner(draft, known, kept)
    elif known.data_type == "layout" and kept not in (None, *(layout.id for layout in draft.module.layouts)):
        draft.errors.append(InvalidId({"api_name": "id", "json_path": f"{draft.path(known.api_name)}.id"}))
    else:
        draft.changes[known.api_name] = kept


def _read_header_tax(draft: Draft, name: str, value: Any) -> None:
    if name != HEADER_TAX or draft.module.line_items is None:
        return
    try:
        draft.changes[HEADER_TAX] = None if value is None else taxes(None, value)
    except Unfit as unfit:
        draft.errors.append(InvalidData({**unfit.details, **draft.located(HEADER_TAX)}))


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
        after = dict(draft.before)
        if draft.is_new:
            for known in draft.module.fields.values():
                if known.api_name not in draft.changes and (default := default_of(known)) is not None:
                    after[known.api_name] = default
        after.update((name, _changed(draft, name, change)) for name, change in draft.changes.items())
        draft.after = {name: value for name, value in after.items() if value is not None}
        for name in filter(draft.module.required_names.__contains__, draft.module.fields):
            is_asked = draft.is_new or name in draft.changes
            shown = wire_name(draft.module.fields[name])
            if is_asked and name not in draft.after and not draft.is_refused_at(draft.path(shown)):
                draft.errors.append(MandatoryNotFound(draft.located(shown)))


def _changed(draft: Draft, name: str, change: Any) -> Any:
    """What a field holds after its change."""
    known = draft.module.fields.get(name)
    before = draft.before.get(name)
    if known is not None and known.data_type in ROW_TYPES:
        return merged(known, before, change, draft.errors)
    if name in draft.appended and isinstance(before, list) and isinstance(change, list):
        return before + [item for item in change if item not in before]
    return change


@dataclass(frozen=True)
class _Named:
    """A record or a user that a draft names, and where it does."""

    draft: Draft
    known: Field
    value: Any
    path: str

    def located(self) -> dict[str, Any]:
        return {"api_name": self.known.api_name, "json_path": self.path}


def _named_by(draft: Draft) -> Iterator[_Named]:
    for name, value in draft.changes.items():
        known = draft.module.fields.get(name)
        if known is None or value is None:
            continue
        if known.data_type in ROW_TYPES:
            yield from (_Named(draft, inner, target, path) for inner, target, path in references(known, value))
        elif known.data_type in ("lookup", "userlookup"):
            yield _Named(draft, known, value, draft.path(name))


def check_references(drafts: Sequence[Draft]) -> None:
    """Looks up all records that the drafts name, one query for each target module; users from memory."""
    named = [one for draft in drafts for one in _named_by(draft)]
    wanted: dict[str, set[int]] = {}
    for one in named:
        if one.known.data_type == "lookup" and one.known.lookup_module and isinstance(one.value, int):
            wanted.setdefault(one.known.lookup_module, set()).add(one.value)
    found: dict[str, Container[int]] = {module: _living(module, ids) for module, ids in wanted.items()}
    users = state.people().users
    for one in named:
        if isinstance(one.value, ByName):
            _refuse_name(one)
            continue
        targets = users if one.known.data_type == "userlookup" else found.get(one.known.lookup_module or "", ())
        if one.value not in targets:
            one.draft.errors.append(InvalidId(one.located()))


def _refuse_name(one: _Named) -> None:
    """Only accounts are found and made by name; other lookups want an id (crm-api.md §3.3)."""
    one.draft.errors.append(MandatoryNotFound({"api_name": "id", "json_path": f"{one.path}.id"}))


def _living(module: str, ids: set[int]) -> set[int]:
    """The living records among these; notes and attachments belong to a record of whatever module."""
    statement = select(record.c.id).where(record.c.deleted_time.is_(None), record.c.id.in_(ids))
    if module != ANY_MODULE:
        statement = statement.where(record.c.module == module)
    return {row[0] for row in db.session.execute(statement)}
