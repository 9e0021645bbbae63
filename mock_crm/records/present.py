"""Records as they go out: fields picked, references named, amounts and moments in the wire's form (crm-api.md §3)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import orjson
from flask import g
from sqlalchemy import select

from mock_crm import state, versions
from mock_crm.access import field_permission
from mock_crm.database import db
from mock_crm.metadata.catalog import ROW_TYPES, Field, Module
from mock_crm.metadata.standard_beside import ANY_MODULE
from mock_crm.organization.people import User
from mock_crm.records.model import RECORD_COLUMNS, VALUES, record
from mock_crm.records.row_present import show_rows
from mock_crm.records.showing import LONGEST_RICH_TEXT, SHOWN_APART, Show, is_cut, shower
from mock_crm.records.system_values import constant_values, varying_values
from mock_crm.records.tags import tags_of
from mock_crm.records.values import shown_moment
from simulator import wire

#: Choices of fields that are kept ready for a world; clients that never ask twice alike must not fill the memory.
MOST_KEPT = 200
#: Pages whose JSON is kept for whoever asks again, of some 400 KB at most: lists are polled more than they change.
PAGES_KEPT = 32
CONSTANTS: dict[str, Any] = {"Record_Status__s": "Available", "Locked__s": False, "Tag": []}
_PLACES = {column.name: place for place, column in enumerate(RECORD_COLUMNS)}


def presenter(module: Module, names: Sequence[str] | None = None, whole: bool = False) -> "Presenter":
    """What shows records of a module with a choice of fields to the caller; made once under a state of the world."""
    kept = state.current().shown
    caller: User | None = g.get("user")
    key = (
        module.api_name,
        None if names is None else tuple(names),
        whole,
        versions.current(),
        caller and caller.profile.id,
    )
    found: Presenter | None = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[key] = Presenter(module, names, whole)
    return found


@lru_cache(maxsize=PAGES_KEPT)
def _written(by: "Presenter", rows: tuple[Any, ...]) -> orjson.Fragment:
    """The records of these rows as JSON: the rows themselves are the key, so that no other page can be met here."""
    return orjson.Fragment(wire.dumps(by.shown(rows)))


class Presenter:
    """Shows records of one module with one choice of fields."""

    def __init__(self, module: Module, names: Sequence[str] | None = None, whole: bool = False) -> None:
        """
        Args:
            names: the fields asked for, unknown ones dropped; None for all that are not hidden.
            whole: whether this is a record by itself, which has its rows and its `$` fields too.
        """
        version = versions.current()
        asked = module.shown_fields if names is None else [module.fields[n] for n in names if n in module.fields]
        fields = [field for field in asked if field.since <= version and field_permission(field) != "hidden"]
        self._module = module
        self._people = state.people()
        self._referred = {user.id: user.referred for user in self._people.users.values()}
        self._rows = [field for field in fields if whole and field.data_type in ROW_TYPES]
        fields = [field for field in fields if field.data_type not in ROW_TYPES]
        self._system, self._varying = self._system_values(names, whole)
        self._constants = [field.api_name for field in fields if field.api_name in CONSTANTS]
        self._columns = [
            (field.api_name, _PLACES[field.column], self._column_shower(field))
            for field in fields
            if field.column and field.api_name != "id"
        ]
        in_values = [field for field in fields if not field.column and field.api_name not in CONSTANTS]
        self._lookups = [field.api_name for field in in_values if field.data_type == "lookup"]
        self._anywhere = [field.api_name for field in in_values if field.lookup_module == ANY_MODULE]
        self._plain = [field.api_name for field in in_values if field.data_type not in SHOWN_APART]
        self._cut = [] if whole else [field.api_name for field in in_values if is_cut(field)]
        self._apart = [
            (field.api_name, shower(field, self._people, module))
            for field in in_values
            if field.data_type in SHOWN_APART and field.data_type != "lookup"
        ]

    def written(self, rows: Sequence[Any]) -> orjson.Fragment | list[dict[str, Any]]:
        """As `shown`, for an answer that is written at once; what the rows alone decide is written once."""
        return _written(self, tuple(rows)) if self._is_by_rows_alone else self.shown(rows)

    def shown(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """The records of these rows, which have `RECORD_COLUMNS`."""
        pairs = [(row, orjson.loads(row[VALUES])) for row in rows]
        names = self._names_of({kept[name] for _, kept in pairs for name in self._lookups if name in kept})
        shown = [self._one(row, kept, names) for row, kept in pairs]
        if self._anywhere:
            self._name_modules(shown)
        if "Tag" in self._constants and shown:
            tags = tags_of([row[0] for row, _ in pairs])
            for (row, _), one in zip(pairs, shown, strict=True):
                one["Tag"] = tags.get(row[0], [])
        if self._rows:
            show_rows(self._module, self._rows, pairs, shown)
        return shown

    @property
    def _is_by_rows_alone(self) -> bool:
        """Whether nothing of what is shown stands elsewhere: names of other records, tags, rows of a subform."""
        return not (self._lookups or self._anywhere or self._rows or "Tag" in self._constants)

    def _one(self, row: Any, kept: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
        get = kept.get
        out: dict[str, Any] = dict(zip(self._plain, map(get, self._plain), strict=True))
        out["id"] = str(row[0])
        for name in self._lookups:
            target = get(name)
            out[name] = {"name": names[target], "id": str(target)} if target in names else None
        for name, show in self._apart:
            out[name] = show(get(name))
        for name, place, show in self._columns:
            out[name] = show(row[place])
        for name in self._constants:
            out[name] = CONSTANTS[name]
        for name in self._cut:
            out[name] = out[name] and out[name][:LONGEST_RICH_TEXT]
        if self._system:
            out.update(self._system)
        for name, show in self._varying:
            out[name] = show(kept)
        return out

    def _column_shower(self, field: Field) -> Show:
        if field.data_type == "datetime":
            zone = self._people.company.zone
            return lambda value: shown_moment(value, zone)
        return self._referred.get

    def _names_of(self, targets: set[int]) -> dict[int, str]:
        """Names of the records that are named, in one query; a target in the recycle bin is not named any more.

        From memory: the vendor too shows a lookup to a deleted record as empty.
        """
        if not targets:
            return {}
        statement = select(record.c.id, record.c.name).where(record.c.id.in_(targets), record.c.deleted_time.is_(None))
        return {row[0]: row[1] for row in db.session.execute(statement)}

    def _name_modules(self, shown: list[dict[str, Any]]) -> None:
        """What a note or an attachment belongs to is named with its module (§4.10); since v5, from memory."""
        parents = [(one, one[name]) for one in shown for name in self._anywhere if one[name] is not None]
        statement = select(record.c.id, record.c.module).where(
            record.c.id.in_([int(found["id"]) for _, found in parents])
        )
        modules = {str(row[0]): state.catalog().modules[row[1]] for row in db.session.execute(statement)}
        for one, found in parents:
            module = modules[found["id"]]
            if versions.current() >= versions.V5:
                found["module"] = module.reference()
            else:
                one["$se_module"] = module.api_name

    def _system_values(self, names: Sequence[str] | None, whole: bool) -> tuple[dict[str, Any], list[tuple[str, Show]]]:
        """From v3 on `$` fields come only when asked for or on a record by itself; v2 always has them."""
        constant, varying = constant_values(self._people), varying_values(self._module, self._people, whole)
        if names is not None:
            constant = {name: constant[name] for name in names if name in constant}
            varying = {name: varying[name] for name in names if name in varying}
        elif not whole and versions.current() >= versions.V3:
            return {}, []
        return {name: value for name, value in constant.items() if name not in varying}, list(varying.items())
