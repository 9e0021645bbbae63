"""Tags as they stand on records: who bears which, for showing and for searching."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from mock_crm.database import db
from mock_crm.records.acts_model import record_tag, tag
from mock_crm.records.model import record
from mock_crm.records.values import key_of
from simulator.prepared import Prepared

_TAGS = (
    select(record_tag.c.record, tag.c.id, tag.c.name, tag.c.color_code)
    .join(tag, tag.c.id == record_tag.c.tag)
    .order_by(record_tag.c.record, tag.c.id)
)
_OF_SOME = _TAGS.where(record_tag.c.record.in_(bindparam("ids", expanding=True)))
_OF_ONE = Prepared(_TAGS.where(record_tag.c.record == bindparam("number")))


def tags_of(ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Tags by record, in the order in which they were made, in one query."""
    found: dict[int, list[dict[str, Any]]] = {}
    connection = db.session.connection()
    rows = (
        _OF_ONE.rows(connection, number=ids[0]) if len(ids) == 1 else connection.execute(_OF_SOME, {"ids": list(ids)})
    )
    for row in rows:
        found.setdefault(row[0], []).append({"name": row[2], "id": str(row[1]), "color_code": row[3]})
    return found


def tagged(module: str, names: Iterable[str]) -> ColumnElement[bool]:
    """The records of a module that bear one of the tags, by an index."""
    bearing = (
        select(record_tag.c.record)
        .join(tag, tag.c.id == record_tag.c.tag)
        .where(tag.c.module == module, tag.c.key.in_([key_of(name) for name in names]))
    )
    return record.c.id.in_(bearing)


def tagged_at_all() -> ColumnElement[bool]:
    return record.c.id.in_(select(record_tag.c.record))
