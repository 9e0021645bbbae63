"""The connector's tables (sync.md, Tables): connections, links with their baseline, runs, ops, potentials."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from connector.database import Model
from simulator import wire
from simulator.money import Money

LIVE_RUN = text("kind IN ('auto','instant','dry','undo') AND state IN ('queued','running','needs_confirmation')")
LINKED_PRIMARY = "role = 'primary' AND state = 'linked'"


class Json(TypeDecorator[Any]):
    """A JSON value as text, its numbers exact."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else wire.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else wire.loads(value)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment as sortable text, the same on both engines."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Connection(Model):
    """One CRM joined to one Invoice organization, with the settings of its sync."""

    __tablename__ = "connection"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))  # active, paused, disabled, reconnect_needed
    problem: Mapped[str | None] = mapped_column(Text)
    #: The run whose failures somebody has to look at (requirement S9).
    attention_run_id: Mapped[int | None] = mapped_column(Integer, nullable=True)
    generation: Mapped[int] = mapped_column(default=1)
    email: Mapped[str] = mapped_column(String(100))
    owner_id: Mapped[str] = mapped_column(String(30))
    owner_name: Mapped[str] = mapped_column(String(100))
    crm_org_id: Mapped[str] = mapped_column(String(30))
    crm_org_name: Mapped[str] = mapped_column(String(100))
    organization_id: Mapped[str] = mapped_column(String(30))
    organization_name: Mapped[str] = mapped_column(String(100))
    edition: Mapped[str] = mapped_column(String(10))
    currency_code: Mapped[str] = mapped_column(String(3))
    zsc_key_ends: Mapped[str] = mapped_column(String(4))
    crm_grant: Mapped[Any] = mapped_column(Json)
    channel: Mapped[Any] = mapped_column(Json)
    hook_secret: Mapped[str] = mapped_column(String(64))
    settings: Mapped[Any] = mapped_column(Json)
    is_configured: Mapped[bool] = mapped_column(default=False)
    triggers_since: Mapped[datetime | None] = mapped_column(Moment)
    #: Each time that the integration was disabled, [from, until], the latter null while it is: what changed then is
    #: listed (G8).
    times_disabled: Mapped[Any] = mapped_column(Json, nullable=True)
    connected_at: Mapped[datetime] = mapped_column(Moment)
    last_sync_at: Mapped[datetime | None] = mapped_column(Moment)
    next_sync_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Link(Model):
    """A pair row: one CRM record and one Invoice record that are kept in step, and what both agreed on last."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    entity: Mapped[str] = mapped_column(String(20))  # account, contact, product
    crm_id: Mapped[str] = mapped_column(String(30))
    invoice_id: Mapped[str] = mapped_column(String(30))
    parent_link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    role: Mapped[str] = mapped_column(String(10), default="primary")  # primary, alias
    state: Mapped[str] = mapped_column(String(12), default="linked")  # linked, detached, merged, tombstone
    name: Mapped[str] = mapped_column(String(250))
    base: Mapped[Any] = mapped_column(Json)
    #: By side, the fields that it keeps otherwise than was agreed (rounded, cut): they are no edits of anybody.
    as_kept: Mapped[Any] = mapped_column(Json, nullable=True)
    #: By side, what an update sent whose answer was lost: a side that holds it may have it from us.
    unheard: Mapped[Any] = mapped_column(Json, nullable=True)
    mapping_version: Mapped[str] = mapped_column(String(16))
    crm_hash: Mapped[str] = mapped_column(String(64), default="")
    invoice_hash: Mapped[str] = mapped_column(String(64), default="")
    crm_modified: Mapped[str] = mapped_column(String(40), default="")
    invoice_modified: Mapped[str] = mapped_column(String(40), default="")
    #: Of a customer: up to which modified time his persons were looked at and found to agree.
    persons_noted: Mapped[str] = mapped_column(String(40), default="")
    in_view: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[str] = mapped_column(String(12), default="view")  # view, invoice, single
    incarnation: Mapped[int] = mapped_column(default=1)
    suffix: Mapped[str] = mapped_column(String(10), default="")
    last_op_id: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("link_crm", "connection_id", "entity", "crm_id"),
        Index("link_invoice", "connection_id", "entity", "invoice_id"),
        Index(
            "link_one_per_crm_record",
            "connection_id",
            "entity",
            "crm_id",
            unique=True,
            sqlite_where=text("state = 'linked'"),
        ),
        Index(
            "link_one_primary_per_invoice_record",
            "connection_id",
            "entity",
            "invoice_id",
            unique=True,
            sqlite_where=text(LINKED_PRIMARY),
        ),
    )


class Choice(Model):
    """What a person has chosen for two records: that they are one (`link`), or are none (`apart`)."""

    __tablename__ = "choice"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(20), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    invoice_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    choice: Mapped[str] = mapped_column(String(6))


class Cursor(Model):
    """How far one stream of changes has been read; the watermark is the server's time, never ours."""

    __tablename__ = "cursor"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(20), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    stream: Mapped[str] = mapped_column(String(10), primary_key=True)  # changed, deleted
    modified_after: Mapped[str] = mapped_column(String(40))
    #: What reading only changes relies on: it is read in full again once any of it is otherwise.
    facts: Mapped[Any] = mapped_column(Json)
    last_full_at: Mapped[datetime | None] = mapped_column(Moment)


class Run(Model):
    """One sync. `fencing` rises with each owner, so that a former one cannot commit any more."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[str] = mapped_column(String(10))  # auto, instant, single, dry, undo, trigger
    #: The run that an undo takes back, or whose failed records a run takes once more.
    about_run_id: Mapped[int | None] = mapped_column(Integer, nullable=True)
    #: What alone a run takes, if not everything: a section (contacts, items), or records, each [entity, CRM id,
    #: Invoice id].
    section: Mapped[str | None] = mapped_column(String(10), nullable=True)
    records: Mapped[Any] = mapped_column(Json, nullable=True)
    state: Mapped[str] = mapped_column(String(20))  # queued, running, done, failed, aborted, needs_confirmation
    started_by: Mapped[str] = mapped_column(String(100))
    settings: Mapped[Any] = mapped_column(Json)
    generation: Mapped[int] = mapped_column()
    phase: Mapped[str] = mapped_column(String(60), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    counters: Mapped[Any] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(Text)
    lease_owner: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    fencing: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    #: In real time, as all measuring is: since when it writes, for the time left.
    writing_since: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("run_history", "connection_id", "id"),
        Index("run_one_at_a_time", "connection_id", unique=True, sqlite_where=LIVE_RUN),
    )

    @property
    def trace(self) -> str:
        """The id of the trace all calls of this run carry, whoever works on it and however often."""
        return hashlib.sha256(f"{self.connection_id}/{self.id}/{self.created_at.isoformat()}".encode()).hexdigest()[:32]


class Op(Model):
    """One act on one record, planned, then sent, then done: plan, journal, history and undo log in one."""

    __tablename__ = "op"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    phase: Mapped[int] = mapped_column()
    entity: Mapped[str] = mapped_column(String(20))
    side: Mapped[str] = mapped_column(String(10))  # the side that is written
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))  # planned, sent, done, failed, skipped, deferred
    outcome: Mapped[str | None] = mapped_column(String(10))  # added, updated, deleted, skipped, failed
    actor: Mapped[str] = mapped_column(String(10))  # user, sync, trigger
    record_name: Mapped[str] = mapped_column(String(250))
    crm_id: Mapped[str | None] = mapped_column(String(30))
    invoice_id: Mapped[str | None] = mapped_column(String(30))
    parent_crm_id: Mapped[str | None] = mapped_column(String(30))
    #: Of a merge, the record of its side that stays; of a duplicate, the record it was settled with.
    target_id: Mapped[str | None] = mapped_column(String(30))
    target_name: Mapped[str] = mapped_column(String(250), default="")
    #: Of a person, the customer he stands under (`homes`).
    home: Mapped[str] = mapped_column(String(40), default="")
    idem_key: Mapped[str | None] = mapped_column(String(80))
    suffix: Mapped[str] = mapped_column(String(10), default="")
    payload: Mapped[Any] = mapped_column(Json, nullable=True)
    baseline: Mapped[Any] = mapped_column(Json, nullable=True)
    conflicts: Mapped[Any] = mapped_column(Json, nullable=True)
    before: Mapped[Any] = mapped_column(Json, nullable=True)
    after: Mapped[Any] = mapped_column(Json, nullable=True)
    #: What undo needs: the written fields as they stood before (of a deleted record all of it), as they stand since in
    #: the words of their side, and the link as it was ({}: there was none).
    stood: Mapped[Any] = mapped_column(Json, nullable=True)
    stands: Mapped[Any] = mapped_column(Json, nullable=True)
    link_before: Mapped[Any] = mapped_column(Json, nullable=True)
    undoes_op_id: Mapped[int | None] = mapped_column(Integer, nullable=True, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        Index("op_of_run", "run_id", "state", "phase", "id"),
        Index("op_of_record", "entity", "crm_id"),
    )


class Mail(Model):
    """A mail the connector has sent; it stays here, for nothing leaves the simulator."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    to: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(Moment)


class Notice(Model):
    """A change notice of the CRM (or of our own catching up), kept until each of its records has an outcome."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    operation: Mapped[str] = mapped_column(String(10))
    crm_ids: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="waiting")  # waiting, done
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("notice_waiting", "connection_id", "state", "id"),)


class Potential(Model):
    """What the connector knows of one potential, and where its trigger stands with it."""

    __tablename__ = "potential"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    name: Mapped[str] = mapped_column(String(250))
    stage: Mapped[str] = mapped_column(String(120))
    probability: Mapped[int | None] = mapped_column(Integer)
    amount: Mapped[Any] = mapped_column(Money)
    outcome: Mapped[str] = mapped_column(String(10))  # won, lost, open, deleted
    account_id: Mapped[str | None] = mapped_column(String(30))
    #: The one it hung on before: where that is gone, it may have been merged (C14).
    former_account_id: Mapped[str | None] = mapped_column(String(30), nullable=True)
    account_name: Mapped[str | None] = mapped_column(String(250))
    crm_modified: Mapped[str] = mapped_column(String(40))
    standing: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text, default="")
    document_kind: Mapped[str | None] = mapped_column(String(10))
    document_id: Mapped[str | None] = mapped_column(String(30))
    carried: Mapped[Any] = mapped_column(Json, nullable=True)
    voided_by_trigger: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The answer a trigger has given its estimate; another one is a person's.
    answer_by_trigger: Mapped[str | None] = mapped_column(String(10), nullable=True)
    #: Rises when a person asks for its document to be made again.
    incarnation: Mapped[int] = mapped_column(default=1, server_default="1")
    evaluated_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("potential_standing", "connection_id", "standing"),)


class LinkedDocument(Model):
    """A document of Invoice that belongs to a potential, as last seen; the dashboard reads these, not lists."""

    __tablename__ = "linked_document"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # estimate, salesorder, invoice
    potential_id: Mapped[str] = mapped_column(String(30), index=True)
    number: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20))
    total: Mapped[Any] = mapped_column(Money)
    balance: Mapped[Any] = mapped_column(Money)
    by_trigger: Mapped[bool] = mapped_column(default=False)
    day: Mapped[date | None] = mapped_column(Date)
    customer_id: Mapped[str | None] = mapped_column(String(30))
    customer_name: Mapped[str | None] = mapped_column(String(250))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    as_of: Mapped[datetime] = mapped_column(Moment)
