"""Insert or update by what is there already (crm-api.md §4.6)."""

from collections.abc import Sequence
from typing import Any

from mock_crm import access
from mock_crm.envelope import Outcome, id_of
from mock_crm.errors import CrmError, InvalidData, InvalidId, NoPermission
from mock_crm.metadata.catalog import Field, Module
from mock_crm.organization.permissions import module_permission
from mock_crm.records import store
from mock_crm.records.drafts import Draft, read_draft, take_up
from mock_crm.records.uniqueness import holders
from mock_crm.records.values import ByName, key_of
from mock_crm.records.writing import Stamp, write


def check_fields(module: Module, given: Any) -> list[Field]:
    """The fields in which duplicates are looked for, in order.

    Raises:
        InvalidData: when one is neither the module's own check field nor unique.
    """
    own = module.fields[module.check_field]
    unique = [known for known in module.fields.values() if known.is_unique]
    if given is None:
        return [own, *unique]
    if not isinstance(given, list):
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": "duplicate_check_fields"})
    chosen: list[Field] = []
    for place, name in enumerate(given):
        known = module.fields.get(name) if isinstance(name, str) else None
        if known is None or (known != own and not known.is_unique):
            raise InvalidData({"api_name": name, "json_path": f"$.duplicate_check_fields[{place}]"})
        chosen.append(known)
    return chosen + [known for known in unique if known not in chosen]


def upsert(module: Module, items: Sequence[Any], fields: Sequence[Field], stamp: Stamp) -> list[Outcome]:
    """Writes the objects in order; one that equals an earlier one of the same call updates what that one made.

    They are written in waves: a wave ends before an object that has a key with an earlier one in common.
    """
    results: list[Outcome] = []
    wave: list[tuple[Draft, Any]] = []
    seen: set[tuple[str, str]] = set()
    for place, given in enumerate(items):
        draft = read_draft(module, place, given)
        keys = set(_keys(draft, fields))
        if keys & seen:
            results += _write_wave(module, wave, fields, stamp)
            wave, seen = [], set()
        wave.append((draft, given))
        seen |= keys
    return results + _write_wave(module, wave, fields, stamp)


def _keys(draft: Draft, fields: Sequence[Field]) -> list[tuple[str, str]]:
    """Keys in the order of the check fields; empty values match nothing."""
    values = ((known, draft.changes.get(known.api_name)) for known in fields)
    return [
        (known.api_name, key_of(value))
        for known, value in values
        if value is not None and not isinstance(value, ByName)
    ]


def _write_wave(
    module: Module, wave: Sequence[tuple[Draft, Any]], fields: Sequence[Field], stamp: Stamp
) -> list[Outcome]:
    """Finds what is there by id or key, then writes; each outcome says what was done and by which field."""
    keyed = [(draft, _keys(draft, fields)) for draft, _ in wave]
    held = holders(module, (key for _, keys in keyed for key in keys))
    found_by: list[str | None] = []
    targets: list[int | None] = []
    for (draft, given), (_, keys) in zip(wave, keyed, strict=True):
        key = next((key for key in keys if key in held), None)
        forced = _forced_id(draft, given)
        targets.append(forced if forced is not None else held[key] if key else None)
        found_by.append(key[0] if key and forced is None else None)
    rows = store.rows_of(module, [target for target in targets if target is not None])
    for (draft, _), target in zip(wave, targets, strict=True):
        if target in rows:
            take_up(draft, rows[target])
        elif target is not None:
            draft.refuse(InvalidId(draft.located("id")))
        if not draft.is_refused:
            _check_permission(draft)
    written = write(module, [draft for draft, _ in wave], stamp)
    return [
        outcome
        if isinstance(outcome, CrmError)
        else {**outcome, "action": "insert" if draft.is_new else "update", "duplicate_field": field}
        for (draft, _), outcome, field in zip(wave, written, found_by, strict=True)
    ]


def _forced_id(draft: Draft, given: Any) -> int | None:
    """An `id` in the object forces an update of that record (from memory)."""
    if not isinstance(given, dict) or given.get("id") is None:
        return None
    return id_of(given["id"]) or 0


def _check_permission(draft: Draft) -> None:
    needed = module_permission(draft.module.api_name, "Create" if draft.is_new else "Edit")
    if not access.may(needed):
        draft.refuse(NoPermission(needed))
