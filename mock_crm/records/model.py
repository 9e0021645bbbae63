"""Tables of the record store. They are read and written by Core statements only, since a page has 200 rows."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Text

from mock_crm.database import Id, db

#: The mark of a converted lead in `values`.
CONVERTED = "Converted__s"

#: `values` is a JSON object of stored forms (see `values.py`) without the empty ones. `deleted_time` is null while the
#: record lives; a deleted one keeps everything, for the recycle bin. Rows of subforms and line items stand in `values`
#: too: they are read with their record, written with it and under its version, and never searched by themselves. A
#: table of rows would cost each write a second comparison and each single GET another query, and buy nothing. A lead
#: that was converted leaves the lists; the mark is in `values` as well, but lists must not open every JSON for it.
record = db.Table(
    "record",
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("module", String(50), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Id, nullable=False),
    Column("created_by", Id, nullable=False),
    Column("created_time", BigInteger, nullable=False),
    Column("modified_by", Id, nullable=False),
    Column("modified_time", BigInteger, nullable=False),
    Column("deleted_by", Id),
    Column("deleted_time", BigInteger),
    Column("values", Text, nullable=False),
    Column("is_converted", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False),
    Index("record_module_id", "module", "deleted_time", "id"),
    Index("record_module_modified", "module", "deleted_time", "modified_time", "id"),
    Index("record_module_created", "module", "deleted_time", "created_time", "id"),
)

#: What is read of a record to show it.
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

#: Which record names which: kept beside the ids in `values`, to be asked from the other end.
record_lookup = db.Table(
    "record_lookup",
    Column("record", Id, primary_key=True, autoincrement=False),
    Column("field", String(60), primary_key=True),
    Column("module", String(50), nullable=False),
    Column("target", Id, nullable=False),
    Index("record_lookup_target", "target", "module", "field"),
)

#: Normalised values of fields that are found without a scan: unique fields, emails, names, duplicate checks.
#: Records in the recycle bin have none.
record_key = db.Table(
    "record_key",
    Column("record", Id, primary_key=True, autoincrement=False),
    Column("field", String(60), primary_key=True),
    Column("module", String(50), nullable=False),
    Column("value", String(255), nullable=False),
    Column("is_unique", Boolean, nullable=False),
    Index("record_key_value", "module", "field", "value"),
)
Index(
    "record_key_unique",
    record_key.c.module,
    record_key.c.field,
    record_key.c.value,
    unique=True,
    sqlite_where=record_key.c.is_unique,
)

#: Ties between two records that no lookup holds. What clients link (products of a potential, contact roles) stands
#: only here, with what belongs to the tie in `extra` as JSON; such relations are named in `metadata/related_lists.py`.
#: What rows of a record name (line items their product, multi-select lookups their targets) stands here beside the
#: record's values, to be asked from the other end; these relations are named `<module>.<field>`.
record_relation = db.Table(
    "record_relation",
    Column("relation", String(120), primary_key=True),
    Column("parent", Id, primary_key=True, autoincrement=False),
    Column("child", Id, primary_key=True, autoincrement=False),
    Column("extra", Text, nullable=False, default="{}"),
    Index("record_relation_child", "child", "relation"),
    Index("record_relation_parent", "parent", "relation"),
)

#: The number that an automatic number field gives next.
auto_number = db.Table(
    "auto_number",
    Column("field", Id, primary_key=True, autoincrement=False),
    Column("next", BigInteger, nullable=False),
)

#: Who has opened which record, for the *Unread* views.
record_read = db.Table(
    "record_read",
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("record", Id, primary_key=True, autoincrement=False),
)
