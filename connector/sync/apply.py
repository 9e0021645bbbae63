"""Applies planned ops to Invoice, phase by phase, and keeps the links true to what happened."""

import functools
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update

from connector import mapping
from connector.database import db
from connector.mapping import Values
from connector.models import Link, Op
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.crm_side import AT_ONCE, CrmRecords, changed_meanwhile
from connector.sync.records import Result, Settled
from connector.sync.sending import Desk, Task, create_once
from connector.sync.sides import InvoiceRecords, records_of

#: Kinds of op that make no call: they only change a link or say why nothing was done.
SILENT = ("skip", "alias", "leave_view", "return_to_view", "drop", "promote")


class Applier:
    """Applies the ops of one run, entity by entity."""

    def __init__(self, desk: Desk, peers: Peers, entities: list[Entity]) -> None:
        self._desk = desk
        self._peers = peers
        self._client = peers.invoice
        self._entities = {entity.name: entity for entity in entities}

    def apply_all(self) -> None:
        """Carries out whatever is planned, in the order of its phases."""
        while (phase := self._next_phase()) is not None:
            with self._desk.worlds.transaction(self._desk.world_id, reads_only=True):
                tasks = [self._task(op) for op in self._planned(phase)]
            acting = [task for task in tasks if task.kind not in SILENT and not self._lacks_parent(task)]
            self._desk.carry_out([task for task in acting if task.side == "invoice"], self.act, self.store)
            self._write_crm([task for task in acting if task.side == "crm"])
            self._settle_silently([task for task in tasks if task not in acting])  # an alias needs its primary

    def _write_crm(self, tasks: list[Task]) -> None:
        """Writes to the CRM, up to a hundred records of one entity and kind in a call."""
        for (entity, kind), together in itertools.groupby(sorted(tasks, key=_by_kind), key=_by_kind):
            records = CrmRecords(self._peers.crm, self._entities[entity], self._is_gone(entity))
            act = functools.partial(records.act, kind)
            self._desk.carry_out_together(list(together), act, self.store, AT_ONCE)

    def _is_gone(self, entity: str) -> Callable[[str], bool]:
        records = records_of(entity, self._client)
        return lambda invoice_id: records.read(invoice_id, None) is None

    def _next_phase(self) -> int | None:
        with self._desk.worlds.transaction(self._desk.world_id, reads_only=True):
            return db.session.execute(
                select(Op.phase)
                .where(Op.run_id == self._desk.lease.run_id, Op.state == "planned")
                .order_by(Op.phase)
                .limit(1)
            ).scalar()

    def _planned(self, phase: int) -> list[Op]:
        statement = (
            select(Op)
            .where(Op.run_id == self._desk.lease.run_id, Op.state == "planned", Op.phase == phase)
            .order_by(Op.id)
        )
        return list(db.session.execute(statement).scalars())

    def _task(self, op: Op) -> Task:
        parent_id = self.linked_to("account", op.parent_crm_id) if op.entity == "contact" and op.parent_crm_id else None
        return Task(
            op_id=op.id,
            kind=op.kind,
            entity=op.entity,
            crm_id=op.crm_id or "",
            name=op.record_name,
            invoice_id=op.invoice_id,
            values=op.payload or {},
            parent_id=parent_id,
            lane=op.parent_crm_id or f"{op.entity}/{op.crm_id or op.invoice_id}",
            idem_key=op.idem_key,
            side=op.side,  # type: ignore[arg-type]
            seen=op.before,
        )

    def linked_to(self, entity: str, crm_id: str) -> str | None:
        """The Invoice record a CRM record is linked to."""
        link = self._link(entity, crm_id)
        return link.invoice_id if link is not None and link.state == "linked" else None

    def _link(self, entity: str, crm_id: str) -> Link | None:
        return db.session.execute(
            select(Link).where(
                Link.connection_id == self._desk.connection_id, Link.entity == entity, Link.crm_id == crm_id
            )
        ).scalar()

    @staticmethod
    def _lacks_parent(task: Task) -> bool:
        return task.entity == "contact" and task.parent_id is None

    def _settle_silently(self, tasks: list[Task]) -> None:
        """Ops without a call: their link changes and their row is closed, all in one transaction."""
        if not tasks:
            return
        with self._desk.worlds.transaction(self._desk.world_id):
            self._desk.lease.guard()
            for task in tasks:
                result = Result("skipped", "")
                if task.kind not in SILENT:
                    crash_point("child-before-link")
                    result = Result("skipped", "its account has no customer in Invoice; it is tried again then")
                self._desk.close_op(task.op_id, result)
                self.store(task, result)
            self._desk.count_done(len(tasks))

    # what each kind of op does at Invoice; runs in a sending thread

    def act(self, task: Task) -> Result:
        records = records_of(task.entity, self._client)
        match task.kind:
            case "create":
                return self._create(records, task)
            case "update" | "link":
                return self._update(records, task)
            case "delete":
                if reason := self._stays(records, task):
                    return Result("skipped", reason, code="changed-meanwhile")
                crash_point("delete-found")
                said = records.remove(str(task.invoice_id))
                crash_point("delete-applied")
                return Result("deleted", f"deleted in CRM; in Invoice: {said}", invoice_id=task.invoice_id)
            case "stamp":
                return self._stamp(records, task)
            case "unlink":
                if records.read(str(task.invoice_id), task.parent_id) is None:
                    return Result("skipped", "deleted in Invoice; it is not made again unasked")
                return Result("skipped", "it was not in the list of Invoice, but it is there", code="still-there")
        raise AssertionError(f"no act for {task.kind}")

    def _stays(self, records: InvoiceRecords, task: Task) -> str | None:
        """Why a record is not deleted after all: a plan may have waited long for its confirmation."""
        if self._peers.crm.get_records_by_id(self._entities[task.entity].module, [task.crm_id], ["id"]):
            return "it is back in CRM; nothing was deleted"
        current = records.read(str(task.invoice_id), task.parent_id) if task.seen else None
        if current is None or not (edited := mapping.changed(task.seen or {}, self._mapped(task, current))):
            return None
        return f"changed in Invoice while the sync was under way: {', '.join(sorted(edited))}; the next sync settles it"

    def _stamp(self, records: InvoiceRecords, task: Task) -> Result:
        """The record of Invoice is told which CRM record was made of it."""
        if not task.crm_id:
            return Result("skipped", "its record in CRM was not made")
        record = records.update(str(task.invoice_id), task.crm_id, {}, task.parent_id)
        return Result("updated", "", task.invoice_id, invoice_modified=str(record.get("last_modified_time", "")))

    def _create(self, records: InvoiceRecords, task: Task) -> Result:
        record = create_once(
            lambda: records.create(task.crm_id, task.values, task.parent_id),
            lambda: records.find(task.crm_id, task.parent_id),
        )
        after = self._mapped(task, record)
        return Result(
            "added",
            "",
            invoice_id=records.id_of(record),
            after=after,
            kept_otherwise=self._otherwise(task, after),
            invoice_modified=str(record.get("last_modified_time", "")),
        )

    def _update(self, records: InvoiceRecords, task: Task) -> Result:
        """Writes those mapped fields that differ; what stood there before is kept in the op (requirement C11)."""
        current = records.read(str(task.invoice_id), task.parent_id)
        if current is None:
            return Result("skipped", "gone in Invoice since it was listed", code="gone")
        before = self._mapped(task, current)
        differing = mapping.changed(before, task.values)
        if newer := changed_meanwhile(before, task):
            return newer
        if not differing and task.kind == "update":
            return Result("skipped", "the same in Invoice already", invoice_id=task.invoice_id)
        required = mapping.NAME_FIELD[task.entity]
        body = {required: task.values[required], **differing} if required in task.values else differing
        record = records.update(str(task.invoice_id), task.crm_id, body, task.parent_id)
        return Result(
            "updated",
            "",
            invoice_id=task.invoice_id,
            before={name: before.get(name) for name in differing},
            after=differing,
            kept_otherwise=self._otherwise(task, self._mapped(task, record)),
            invoice_modified=str(record.get("last_modified_time", "")),
        )

    @staticmethod
    def _otherwise(task: Task, kept: Values) -> Values:
        """The fields that Invoice keeps otherwise than they were sent (rounded, cut), without the link's suffix."""
        name = mapping.NAME_FIELD[task.entity]
        return {key: kept[key] for key, sent in task.values.items() if key != name and kept.get(key) != sent}

    def _mapped(self, task: Task, record: dict[str, Any]) -> Values:
        return mapping.from_invoice(task.entity, self._entities[task.entity].mapping, record)

    # what each outcome does to the link; runs in the transaction that stores the outcome

    def store(self, task: Task, result: Result) -> None:
        op = db.session.get_one(Op, task.op_id)
        link = self._link(task.entity, task.crm_id) if task.crm_id else None
        if task.side == "crm":
            return self._store_crm(op, self._link_of_invoice(task) or link, task, result)
        if task.kind == "stamp":
            return self._stamped(link, result)
        if task.kind == "alias" and op.parent_crm_id:
            result = Result(result.outcome, result.reason, invoice_id=self.linked_to(task.entity, op.parent_crm_id))
        if result.outcome in ("added", "updated") or (task.kind == "alias" and result.invoice_id):
            self._join(op, link, result)
        elif link is None or result.outcome == "failed":
            return
        elif task.kind == "update" and result.code is None:
            link.base, link.mapping_version = {**link.base, **op.baseline}, self._version(op.entity)
        elif task.kind == "drop" or (task.kind == "delete" and result.outcome == "deleted"):
            link.state = "tombstone"
        elif task.kind == "promote":
            link.role = "primary"
        elif task.kind == "unlink" and result.code is None:
            link.state = "tombstone" if link.role == "alias" else "detached"
        elif task.kind in ("leave_view", "return_to_view"):
            link.in_view = task.kind == "return_to_view"

    def _store_crm(self, op: Op, link: Link | None, task: Task, result: Result) -> None:
        """What a write to the CRM does to the link of its pair."""
        if result.outcome == "deleted" and link is not None:
            link.state = "tombstone"
        elif result.outcome in ("added", "updated") or (result.outcome == "skipped" and result.invoice_id):
            if link is None:
                link = Link(
                    connection_id=self._desk.connection_id,
                    entity=op.entity,
                    invoice_id=task.invoice_id,
                    role="primary",
                    origin="invoice",
                    incarnation=1,
                    base={},
                )
                db.session.add(link)
            elif result.crm_id and result.crm_id != link.crm_id:
                link.incarnation += 1
            link.crm_id = result.crm_id or task.crm_id
            link.state, link.name, link.in_view = "linked", op.record_name, True
            link.base = {**link.base, **(op.baseline or {})}
            link.as_kept = _kept(link.as_kept, "crm", op.baseline or {}, result.kept_otherwise)
            link.mapping_version, link.last_op_id = self._version(op.entity), op.id
            self._tell_stamp(op, link.crm_id)

    def _tell_stamp(self, op: Op, crm_id: str) -> None:
        """The op that will tell Invoice of the record learns its id."""
        waiting = (Op.run_id == op.run_id, Op.kind == "stamp", Op.entity == op.entity, Op.invoice_id == op.invoice_id)
        db.session.execute(update(Op).where(*waiting, Op.state == "planned").values(crm_id=crm_id))

    def _link_of_invoice(self, task: Task) -> Link | None:
        return db.session.execute(
            select(Link).where(
                Link.connection_id == self._desk.connection_id,
                Link.entity == task.entity,
                Link.invoice_id == task.invoice_id,
                Link.state == "linked",
                Link.role == "primary",
            )
        ).scalar()

    @staticmethod
    def _stamped(link: Link | None, result: Result) -> None:
        if link is not None and result.outcome == "updated":
            link.invoice_modified = ""

    def _join(self, op: Op, link: Link | None, result: Result) -> None:
        """Makes or renews the link of a pair that agrees now."""
        parent = self._link("account", op.parent_crm_id) if op.entity == "contact" and op.parent_crm_id else None
        if link is None:
            link = Link(
                connection_id=self._desk.connection_id,
                entity=op.entity,
                crm_id=op.crm_id,
                role="alias" if op.kind == "alias" else "primary",
                state="linked",
                parent_link_id=parent.id if parent else None,
                incarnation=1,
            )
            db.session.add(link)
        link.invoice_id = str(result.invoice_id or op.invoice_id)
        link.name = op.record_name
        link.incarnation += link.state == "detached"
        link.state = "linked"
        link.base = {**(link.base or {}), **op.baseline}
        link.as_kept = _kept(link.as_kept, "invoice", op.baseline, result.kept_otherwise)
        link.mapping_version = self._version(op.entity)
        link.suffix = op.suffix
        link.invoice_modified = ""  # somebody else may have edited it meanwhile: the next run reads it
        link.in_view = True
        link.last_op_id = op.id
        crash_point("child-linked" if parent else "outcome-stored")

    def _version(self, entity: str) -> str:
        return mapping.version_of(self._entities[entity].mapping)


def _by_kind(task: Task) -> tuple[str, str]:
    return task.entity, task.kind


def _kept(
    before: Mapping[str, Values] | None, side: str, agreed: Mapping[str, Any], otherwise: Mapping[str, Any]
) -> dict[str, Values]:
    """What each side keeps otherwise than agreed, after these fields were agreed on anew."""
    found = {name: dict(values) for name, values in (before or {}).items()}
    for values in found.values():
        for name in agreed:
            values.pop(name, None)
    if otherwise:
        found[side] = {**found.get(side, {}), **otherwise}
    return {name: values for name, values in found.items() if values}


def note_settled(settled: Settled) -> None:
    """Notes of a pair what it agrees on without a write, and up to when Invoice's record was looked at."""
    link = db.session.get_one(Link, settled.link_id)
    link.base = {**link.base, **settled.agreed}
    link.as_kept = _kept(link.as_kept, "", settled.agreed, {})
    link.mapping_version = settled.mapping_version
    link.invoice_modified = settled.invoice_modified
