"""Tables of what acts on records need beside the records: tags, files, jobs, roles, and what became of deleted ones."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Text

from mock_crm.database import Id, db

#: Deleted records of which there is more to say. Notes and attachments go and come back `along_with` their record;
#: a `purged_time` is there once a record was removed from the recycle bin for good.
record_fate = db.Table(
    "record_fate",
    Column("record", Id, primary_key=True, autoincrement=False),
    Column("along_with", Id),
    Column("purged_time", BigInteger),
    Index("record_fate_along_with", "along_with"),
)

#: Tags by module; `key` is the name as names are compared.
tag = db.Table(
    "tag",
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("module", String(50), nullable=False),
    Column("name", String(25), nullable=False),
    Column("key", String(25), nullable=False),
    Column("color_code", String(7)),
    Column("created_by", Id, nullable=False),
    Column("created_time", BigInteger, nullable=False),
    Column("modified_by", Id, nullable=False),
    Column("modified_time", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Index("tag_name", "module", "key", unique=True),
)

#: Which record bears which tag. A table, so that an index finds a tag's records and a page of records asks once.
record_tag = db.Table(
    "record_tag",
    Column("record", Id, primary_key=True, autoincrement=False),
    Column("tag", Id, primary_key=True, autoincrement=False),
    Index("record_tag_tag", "tag", "record"),
)

#: Contents of attachments (`record` is the attachment) and photos (`record` is the record itself). They are kept in the
#: world's database, so that snapshots and restores carry them; lists never read `content`.
stored_file = db.Table(
    "stored_file",
    Column("record", Id, primary_key=True, autoincrement=False),
    Column("file_id", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("link_url", Text),
    Column("content", LargeBinary),
)

#: Jobs over all records of a view. They are done when the call returns; the counts are kept for who asks later.
mass_job = db.Table(
    "mass_job",
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("module", String(50), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
)

#: What a contact can be in a potential.
contact_role = db.Table(
    "contact_role",
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("sequence", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
