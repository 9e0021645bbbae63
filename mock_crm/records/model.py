"""Tables of the record store. They are read and written by Core statements only, since a page has 200 rows."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Text

from mock_crm.database import Id, db

#: `values` is a JSON object of stored forms (see `values.py`) without the empty ones. `deleted_time` is null while the
#: record lives; a deleted one keeps everything, for the recycle bin.
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
    Column("version", Integer, nullable=False),
    Index("record_module_id", "module", "deleted_time", "id"),
    Index("record_module_modified", "module", "deleted_time", "modified_time", "id"),
    Index("record_module_created", "module", "deleted_time", "created_time", "id"),
)

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
    postgresql_where=record_key.c.is_unique,
)

#: Who has opened which record, for the *Unread* views.
record_read = db.Table(
    "record_read",
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("record", Id, primary_key=True, autoincrement=False),
)
