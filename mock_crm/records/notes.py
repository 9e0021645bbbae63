"""Notes: records of their own beside a record of another module (crm-api.md §4.10)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mock_crm import access, state
from mock_crm.database import db
from mock_crm.errors import InvalidData, InvalidId, NoPermission, NotSupported
from mock_crm.metadata.catalog import Module
from mock_crm.organization.permissions import module_permission
from mock_crm.records import store
from mock_crm.records.drafts import Draft
from mock_crm.records.model import record

PARENT = "Parent_Id"


def refuse_bare_attachments(module: Module) -> None:
    """
    Raises:
        NotSupported: attachments come as files of a record, and stay as they came.
    """
    if module.api_name == "Attachments":
        raise NotSupported({"resource_path_index": 0})


def stays_in_place(module: Module, given: Any) -> Any:
    """A note stays with its record, whatever an update says (from memory)."""
    if module.api_name != "Notes" or not isinstance(given, dict):
        return given
    return {name: value for name, value in given.items() if name != PARENT}


def check_parents(drafts: Sequence[Draft], given: Sequence[Any]) -> None:
    """Refuses new notes whose record is none, is of another module than was said, or may not be seen."""
    numbers = [draft.changes.get(PARENT) for draft in drafts]
    modules = _modules_of([number for number in numbers if isinstance(number, int)])
    for draft, number, one in zip(drafts, numbers, given, strict=True):
        if not isinstance(number, int) or draft.is_refused:
            continue
        module = modules.get(number)
        if module is None:
            draft.refuse(InvalidId({"api_name": "id", "json_path": f"{draft.path(PARENT)}.id"}))
        elif (named := _module_named(one)) is not None and state.catalog().find(named) != module:
            draft.refuse(InvalidData({"api_name": "module", "json_path": f"{draft.path(PARENT)}.module"}))
        elif not access.may(needed := module_permission(module.api_name, "View")):
            draft.refuse(NoPermission(needed))


def _modules_of(numbers: Sequence[int]) -> dict[int, Module]:
    statement = select(record.c.id, record.c.module).where(record.c.id.in_(numbers), record.c.deleted_time.is_(None))
    modules = state.catalog().modules
    return {row[0]: modules[row[1]] for row in db.session.execute(statement) if row[1] not in store.BESIDE}


def _module_named(given: dict[str, Any]) -> str | None:
    """`Parent_Id.module` is an object; before v5 the module was a key of its own (from memory)."""
    parent = given.get(PARENT)
    module = parent.get("module") if isinstance(parent, dict) else None
    named = module.get("api_name") if isinstance(module, dict) else module
    named = named if named is not None else given.get("se_module")
    return None if named is None else str(named)
