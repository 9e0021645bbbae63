"""Keys of records: unique fields refused when taken, records found by the fields that duplicates are looked for in."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, tuple_

from mock_crm import state
from mock_crm.database import db
from mock_crm.errors import DuplicateData
from mock_crm.metadata.catalog import Field, Module
from mock_crm.records.drafts import Draft
from mock_crm.records.model import record, record_key
from mock_crm.records.values import key_of


def keys_of(draft: Draft) -> list[tuple[Field, str]]:
    """The keys a record has after the write."""
    return [
        (known, key_of(draft.after[known.api_name]))
        for known in draft.module.keyed_fields
        if known.api_name in draft.after
    ]


def holders(module: Module, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which living record holds a value of a keyed field; the oldest, where several do."""
    pairs = list(dict.fromkeys(wanted))
    if not pairs:
        return {}
    statement = (
        select(record_key.c.field, record_key.c.value, record_key.c.record)
        .where(record_key.c.module == module.api_name, tuple_(record_key.c.field, record_key.c.value).in_(pairs))
        .order_by(record_key.c.record.desc())
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(statement)}


def check_unique(module: Module, drafts: Sequence[Draft]) -> None:
    """Refuses values of unique fields that another record holds, or an earlier object of the same call."""
    wanted = [
        (draft, known, key)
        for draft in drafts
        for known, key in keys_of(draft)
        if known.is_unique and draft.after[known.api_name] != draft.before.get(known.api_name)
    ]
    held = holders(module, ((known.api_name, key) for _, known, key in wanted))
    for draft, known, key in wanted:
        holder = held.setdefault((known.api_name, key), draft.record_id or 0)
        if holder != draft.record_id:
            draft.errors.append(_duplicate(draft, known, holder))


def _duplicate(draft: Draft, known: Field, holder: int) -> DuplicateData:
    row: Any = db.session.execute(select(record.c.owner).where(record.c.id == holder)).first()
    owner = state.people().users.get(row.owner) if row else None
    duplicate = {
        "Owner": {**owner.named(), "zuid": owner.zuid} if owner else None,
        "module": draft.module.reference(),
        "id": str(holder),
    }
    details = {**draft.located(known.api_name), "id": str(holder), "duplicate_record": duplicate}
    return DuplicateData({**details, "more_records": False})
