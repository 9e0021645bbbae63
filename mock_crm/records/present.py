"""Records as they go out: fields picked, references named, amounts and moments in the wire's form (crm-api.md §3)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import select

from mock_crm import state, versions
from mock_crm.database import db
from mock_crm.metadata.catalog import SCALED_TYPES, Field, Module
from mock_crm.records.model import record
from mock_crm.records.values import shown_amount, shown_moment

#: System fields on every record (crm-api.md §3.4); those that depend on the record are not emulated.
SYSTEM_VALUES: dict[str, Any] = {
    "$approved": True,
    "$approval": {"delegate": False, "approve": False, "reject": False, "resubmit": False},
    "$approval_state": "approved",
    "$editable": True,
    "$process_flow": False,
    "$review": None,
    "$review_process": {"approve": False, "reject": False, "resubmit": False},
    "$orchestration": False,
    "$pathfinder": False,
    "$in_merge": False,
    "$state": "save",
    "$field_states": None,
    "$zia_owner_assignment": "owner_recommendation_unavailable",
    "$locked_for_me": False,
    "$sharing_permission": "full_access",
}
CONSTANTS: dict[str, Any] = {"Record_Status__s": "Available", "Locked__s": False, "Tag": []}
RECORD_COLUMNS = (
    record.c.id,
    record.c.owner,
    record.c.created_by,
    record.c.created_time,
    record.c.modified_by,
    record.c.modified_time,
    record.c["values"],
)

#: Where the values stand in a row of `RECORD_COLUMNS`; readers may ask for more columns after these.
VALUES = 6

_PLACES = {column.name: place for place, column in enumerate(RECORD_COLUMNS)}

Show = Callable[[Any], Any]


class Presenter:
    """Shows records of one module with one choice of fields."""

    def __init__(self, module: Module, names: Sequence[str] | None = None, whole: bool = False) -> None:
        """
        Args:
            names: the fields asked for, unknown ones dropped; None for all that are not hidden.
            whole: whether this is a record by itself, which has its `$` fields too.
        """
        fields = module.shown_fields if names is None else [module.fields[n] for n in names if n in module.fields]
        self._people = state.people()
        self._referred = {user.id: user.referred for user in self._people.users.values()}
        self._system = self._system_values(names, whole)
        self._constants = [field.api_name for field in fields if field.api_name in CONSTANTS]
        self._columns = [
            (field.api_name, _PLACES[field.column], self._column_shower(field))
            for field in fields
            if field.column and field.api_name != "id"
        ]
        in_values = [field for field in fields if not field.column and field.api_name not in CONSTANTS]
        self._lookups = [field.api_name for field in in_values if field.data_type == "lookup"]
        self._plain = [field.api_name for field in in_values if field.data_type not in _SHOWN_APART]
        self._apart = [
            (field.api_name, self._shower(field))
            for field in in_values
            if field.data_type in _SHOWN_APART and field.data_type != "lookup"
        ]

    def shown(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """The records of these rows, which have `RECORD_COLUMNS`."""
        pairs = [(row, orjson.loads(row[VALUES])) for row in rows]
        names = self._names_of({kept[name] for _, kept in pairs for name in self._lookups if name in kept})
        return [self._one(row, kept, names) for row, kept in pairs]

    def _one(self, row: Any, kept: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
        get = kept.get
        out: dict[str, Any] = {name: get(name) for name in self._plain}
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
        if self._system:
            out.update(self._system)
        return out

    def _column_shower(self, field: Field) -> Show:
        if field.data_type == "datetime":
            zone = self._people.company.zone
            return lambda value: shown_moment(value, zone)
        return self._referred.get

    def _shower(self, field: Field) -> Show:
        zone = self._people.company.zone
        if field.data_type in SCALED_TYPES:
            places = field.decimal_place
            return lambda value: None if value is None else shown_amount(value, places)
        if field.data_type == "boolean":
            return bool
        if field.data_type == "multiselectpicklist":
            return lambda value: value or []
        if field.data_type == "bigint":
            return lambda value: None if value is None else str(value)
        if field.data_type == "datetime":
            return lambda value: None if value is None else shown_moment(value, zone)
        return self._referred.get

    def _names_of(self, targets: set[int]) -> dict[int, str]:
        """Names of the records that are named, in one query; a target in the recycle bin is not named any more.

        From memory: the vendor too shows a lookup to a deleted record as empty.
        """
        if not targets:
            return {}
        statement = select(record.c.id, record.c.name).where(record.c.id.in_(targets), record.c.deleted_time.is_(None))
        return {row[0]: row[1] for row in db.session.execute(statement)}

    def _system_values(self, names: Sequence[str] | None, whole: bool) -> dict[str, Any]:
        """From v3 on `$` fields come only when asked for or on a record by itself; v2 always has them."""
        known = {**SYSTEM_VALUES, "$currency_symbol": self._people.company.currency_symbol}
        if names is None:
            return known if whole or versions.current() < versions.V3 else {}
        return {name: known[name] for name in names if name in known}


_SHOWN_APART = SCALED_TYPES | {
    "lookup",
    "ownerlookup",
    "userlookup",
    "boolean",
    "multiselectpicklist",
    "bigint",
    "datetime",
}
