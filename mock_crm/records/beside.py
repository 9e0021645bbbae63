"""What notes and attachments show beside their fields (crm-api.md §4.10)."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import select

from mock_crm.database import db
from mock_crm.metadata.catalog import Module
from mock_crm.records.acts_model import stored_file
from mock_crm.records.model import record, record_lookup

FILE, LINK = "File", "Link URL"


def dresses(module: Module) -> bool:
    """Whether records of a module show more than their fields."""
    return module.api_name in ("Attachments", "Notes")


def dress(module: Module, shown: Sequence[dict[str, Any]]) -> None:
    """Adds the `$` fields that notes and attachments always have."""
    if module.api_name == "Attachments":
        _add_files(shown)
    elif module.api_name == "Notes":
        _add_attachments(shown)


def files_of(numbers: Sequence[int]) -> dict[int, Any]:
    """What is known of files, without their contents."""
    columns = (stored_file.c.record, stored_file.c.file_id, stored_file.c.kind, stored_file.c.link_url)
    statement = select(*columns).where(stored_file.c.record.in_(numbers))
    return {row.record: row for row in db.session.execute(statement)}


def _add_files(shown: Sequence[dict[str, Any]]) -> None:
    files = files_of([int(one["id"]) for one in shown])
    modules = _modules_of_parents([int(one["id"]) for one in shown])
    for one in shown:
        row = files.get(int(one["id"]))
        one["$se_module"] = modules.get(int(one["id"]))
        one["$file_id"] = row.file_id if row is not None and row.kind == FILE else None
        one["$type"] = row.kind if row is not None else FILE
        if row is not None and row.kind == LINK:
            one["$link_url"] = row.link_url
        one.setdefault("$editable", True)
        one.setdefault("$state", "save")


def _modules_of_parents(numbers: Sequence[int]) -> dict[int, str]:
    statement = (
        select(record_lookup.c.record, record.c.module)
        .join(record, record.c.id == record_lookup.c.target)
        .where(record_lookup.c.record.in_(numbers), record_lookup.c.field == "Parent_Id")
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _add_attachments(shown: Sequence[dict[str, Any]]) -> None:
    """What is attached to notes, in one query. Voice notes and client portals are not emulated."""
    statement = (
        select(record_lookup.c.target, record.c.id, record.c.name, record.c["values"])
        .join(record, record.c.id == record_lookup.c.record)
        .where(
            record_lookup.c.target.in_([int(one["id"]) for one in shown]),
            record_lookup.c.module == "Attachments",
            record.c.deleted_time.is_(None),
        )
        .order_by(record.c.id)
    )
    rows = db.session.execute(statement).all()
    files = files_of([row.id for row in rows])
    attached: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        size = str(orjson.loads(row[3]).get("Size", 0))
        file_id = files[row.id].file_id if row.id in files else None
        item = {"$file_id": file_id, "File_Name": row.name, "Size": size, "id": str(row.id)}
        attached.setdefault(row.target, []).append(item)
    for one in shown:
        one["$attachments"] = attached.get(int(one["id"]))
        one.setdefault("$editable", True)
        one.update({"$voice_note": False, "$size": None, "$is_shared_to_client": False})
