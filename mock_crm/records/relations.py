"""Ties between records as conditions and rows: what a related list lists, which rows of a record name which others."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select

from mock_crm.database import db
from mock_crm.metadata.related_lists import RelatedList
from mock_crm.records.drafts import Draft
from mock_crm.records.model import record, record_lookup, record_relation
from mock_crm.records.row_values import targets_of


def related_to(listed: RelatedList, number: int) -> ColumnElement[bool]:
    """The records of a related list of the record with this id, whichever tie holds them."""
    parts: list[ColumnElement[bool]] = []
    if listed.field is not None:
        naming = select(record_lookup.c.record).where(
            record_lookup.c.target == number,
            record_lookup.c.module == listed.target,
            record_lookup.c.field == listed.field,
        )
        parts.append(record.c.id.in_(naming))
    if listed.relation is not None:
        own, other = record_relation.c.parent, record_relation.c.child
        if listed.is_child:
            own, other = other, own
        tied = select(other).where(own == number, record_relation.c.relation == listed.relation)
        parts.append(record.c.id.in_(tied))
    return or_(*parts)


def insert_row_ties(drafts: Iterable[Draft]) -> None:
    """Writes which records the rows of these drafts name, for their related lists."""
    ties: list[dict[str, Any]] = [
        {"relation": f"{draft.module.api_name}.{known.api_name}", "parent": draft.record_id, "child": target}
        for draft in drafts
        for known in draft.module.row_fields
        for target in targets_of(known, draft.after.get(known.api_name))
    ]
    if ties:
        db.session.execute(insert(record_relation), ties)


def replace_row_ties(drafts: Sequence[Draft]) -> None:
    """As `insert_row_ties`, in place of what stood there; only for drafts whose rows changed."""
    changed = [
        draft
        for draft in drafts
        if any(
            targets_of(known, draft.before.get(known.api_name)) != targets_of(known, draft.after.get(known.api_name))
            for known in draft.module.row_fields
        )
    ]
    if not changed:
        return
    names = {f"{draft.module.api_name}.{known.api_name}" for draft in changed for known in draft.module.row_fields}
    mine = record_relation.c.parent.in_([draft.record_id for draft in changed])
    db.session.execute(delete(record_relation).where(mine, record_relation.c.relation.in_(names)))
    insert_row_ties(changed)
