"""Tables of the bulk APIs: jobs, the files that go in and come out, and what became of each row of a bulk write."""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mock_crm.database import Id, Model, db

READ, WRITE = "read", "write"
ADDED, IN_PROGRESS, COMPLETED = "ADDED", "IN PROGRESS", "COMPLETED"
#: How a job that cannot be done ends: the two APIs have a word each.
FAILURE = {READ: "FAILURE", WRITE: "FAILED"}
UNFINISHED = (ADDED, IN_PROGRESS)


class Job(Model):
    """A job of one user.

    `given` is what was asked, checked, as JSON; `result` what came of it so far. `done` counts the rows of a bulk
    write that are written: it is committed with them, so that a job goes on where it was when the service stopped.
    """

    __tablename__ = "bulk_job"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    operation: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(Id)
    created_time: Mapped[int] = mapped_column(BigInteger)
    api_version: Mapped[str] = mapped_column(String(5))
    given: Mapped[str] = mapped_column(Text)
    callback_url: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text, default="{}")
    result_file: Mapped[int | None] = mapped_column(Id)
    done: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("bulk_job_state", "state", "id"),)
    __mapper_args__ = {"version_id_col": version}


class BulkFile(Model):
    """A zip of CSV files: uploaded for a bulk write, or the result of a job. Part of the world, as records are."""

    __tablename__ = "bulk_file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(Id)
    created_time: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


#: Kept until the job is completed and they stand in its result.
bulk_outcome = db.Table(
    "bulk_outcome",
    db.Column("job", Id, primary_key=True, autoincrement=False),
    db.Column("place", Integer, primary_key=True, autoincrement=False),
    db.Column("status", String(20), nullable=False),
    db.Column("record", Id),
    db.Column("errors", Text, nullable=False, default=""),
)
