"""What a change of a field does to the records that have it: keys of unique fields, values of deleted ones."""

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from mock_crm.database import db
from mock_crm.metadata.catalog import Field
from mock_crm.records.model import auto_number, record, record_key, record_lookup, record_relation
from mock_crm.records.values import key_of
from simulator import wire

BATCH = 1_000


def make_unique(field: Field) -> bool:
    """Writes unique keys for the values there are; says no, and writes none, when two records share one."""
    keys: dict[str, int] = {}
    for row in _having(field):
        if row.deleted_time is None:
            key = key_of(orjson.loads(row[2])[field.api_name])
            if keys.setdefault(key, row.id) != row.id:
                return False
    remove_keys(field)
    rows = [
        {"record": number, "field": field.api_name, "module": field.module, "value": key, "is_unique": True}
        for key, number in keys.items()
    ]
    if rows:
        db.session.execute(insert(record_key), rows)
    return True


def end_uniqueness(field: Field, stays_keyed: bool) -> None:
    """Keys of a field that is unique no more: plain ones where its values are looked up, else none."""
    if not stays_keyed:
        remove_keys(field)
        return
    mine = (record_key.c.module == field.module, record_key.c.field == field.api_name)
    db.session.execute(update(record_key).where(*mine).values(is_unique=False))


def remove_keys(field: Field) -> None:
    mine = (record_key.c.module == field.module, record_key.c.field == field.api_name)
    db.session.execute(delete(record_key).where(*mine))


_STRIP = (
    update(record)
    .where(record.c.id == bindparam("b_id"))
    .values({"values": bindparam("b_values"), "version": record.c.version + 1})
)


def restart_numbers(field: Field) -> None:
    """The next record gets the first number of an automatic number field again."""
    db.session.execute(delete(auto_number).where(auto_number.c.field == field.id))


def forget(field: Field) -> None:
    """Takes the values of a deleted field out of all records, those in the recycle bin too, with keys and links.

    Else a later field of the same name would show them as its own.
    """
    remove_keys(field)
    restart_numbers(field)
    links = (record_lookup.c.module == field.module, record_lookup.c.field == field.api_name)
    db.session.execute(delete(record_lookup).where(*links))
    relation = f"{field.module}.{field.api_name}"
    db.session.execute(delete(record_relation).where(record_relation.c.relation == relation))
    batch: list[dict[str, Any]] = []
    for row in _having(field):
        kept = orjson.loads(row[2])
        del kept[field.api_name]
        batch.append({"b_id": row.id, "b_values": wire.dumps(kept).decode()})
    for start in range(0, len(batch), BATCH):
        db.session.connection().execute(_STRIP, batch[start : start + BATCH])


def _having(field: Field) -> Iterator[Any]:
    """Records with a value in the field: id, when deleted, values."""
    columns = (record.c.id, record.c.deleted_time, record.c["values"])
    statement = select(*columns).where(
        record.c.module == field.module, record.c["values"].contains(f'"{field.api_name}":', autoescape=True)
    )
    for row in db.session.execute(statement):
        if field.api_name in orjson.loads(row[2]):
            yield row
