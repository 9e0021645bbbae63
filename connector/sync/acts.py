"""What each kind of op does at Invoice; it runs in a sending thread and touches no database."""

from typing import Any

from connector import mapping
from connector.fields import NAME_FIELD
from connector.mapping import Values
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.before import Before
from connector.sync.crash import crash_point
from connector.sync.crm_side import changed_meanwhile, is_rounded
from connector.sync.noting import Note
from connector.sync.records import Result
from connector.sync.sending import Task, create_once
from connector.sync.sides import InvoiceRecords, records_of
from connector.sync.whole import EDITED, parts, print_of, whole


class InvoiceActs:
    """The acts at Invoice, for the entities of one run."""

    def __init__(self, peers: Peers, entities: dict[str, Entity]) -> None:
        self._peers = peers
        self._entities = entities

    def note(self, task: Task) -> Note | None:
        """What stands in the fields a task will write, or all of a record that it takes away."""
        if task.kind == "stamp" and not (task.crm_id and task.values):
            return None
        parent_id = None if task.kind == "release" else task.parent_id
        current = records_of(task.entity, self._peers.invoice).read(str(task.invoice_id), parent_id)
        if current is None:
            return None
        return {"stood": parts(task.entity, current, task.values) if task.values else whole(current)}

    def act(self, task: Task) -> Result:
        records = records_of(task.entity, self._peers.invoice)
        match task.kind:
            case "create":
                return self._create(records, task)
            case "update" | "link":
                return self._update(records, task)
            case "delete":
                return self._delete(records, task)
            case "release":
                return self._release(records, task)
            case "stamp":
                return self._stamp(records, task)
            case "unlink":
                if records.read(str(task.invoice_id), task.parent_id) is None:
                    return Result("skipped", "deleted in Invoice; it is not made again unasked")
                return Result("skipped", "it was not in the list of Invoice, but it is there", code="still-there")
        raise AssertionError(f"no act for {task.kind}")

    def _delete(self, records: InvoiceRecords, task: Task) -> Result:
        """Deletes a record; what it was is kept in the op, so that undo can make it again."""
        before = self._before(task)
        current = records.read(str(task.invoice_id), task.parent_id)
        if reason := self._stays(task, current and before.as_active_as_it_was(current)):
            return Result("skipped", reason, code="changed-meanwhile")
        crash_point("delete-found")
        said = records.remove(str(task.invoice_id))
        crash_point("delete-applied")
        stood = before.taken(current)
        return Result("deleted", f"deleted in CRM; in Invoice: {said}", invoice_id=task.invoice_id, stood=stood)

    def _release(self, records: InvoiceRecords, task: Task) -> Result:
        """The person of a contact that moved to another account goes, unless a transaction names it (C13)."""
        current = records.read(str(task.invoice_id), None)
        said = records.remove(str(task.invoice_id))
        stood = self._before(task).taken(current)
        is_ours = said == "deleted" or (current is None and stood is not None)
        why = f"moved to another account in CRM; in Invoice: {'deleted' if is_ours else said}"
        if not is_ours:
            return Result("skipped", why)
        return Result("deleted", why, invoice_id=task.invoice_id, stood=stood)

    def _stays(self, task: Task, current: dict[str, Any] | None) -> str | None:
        """Why a record is not deleted after all: a plan may have waited long for its confirmation."""
        if self._peers.crm.get_records_by_id(self._entities[task.entity].module, [task.crm_id], ["id"]):
            return "it is back in CRM; nothing was deleted"
        if current is None or not task.seen or not (edited := mapping.changed(task.seen, self._mapped(task, current))):
            return None
        return f"changed in Invoice while the sync was under way: {', '.join(sorted(edited))}; the next sync settles it"

    def _stamp(self, records: InvoiceRecords, task: Task) -> Result:
        """The record of Invoice is told which CRM record was made of it, and what was edited there before we knew."""
        if not task.crm_id:
            return Result("skipped", "its record in CRM was not reached")
        if task.values:
            return self._update(records, task)
        record = records.update(str(task.invoice_id), task.crm_id, {}, task.parent_id)
        return Result("updated", "", task.invoice_id, invoice_modified=str(record.get("last_modified_time", "")))

    def _create(self, records: InvoiceRecords, task: Task) -> Result:
        record, was_there = create_once(
            lambda: records.create(task.crm_id, task.values, task.parent_id),
            lambda: records.find(task.crm_id, task.parent_id),
        )
        after = self._mapped(task, record)
        differing = otherwise = self._otherwise(task, after)
        if was_there:  # but for a rounding, what differs is somebody's edit: the next run settles it, undo respects it
            otherwise = {name: kept for name, kept in differing.items() if is_rounded(task.values[name], kept)}
        is_edited = otherwise != differing
        return Result(
            "added",
            "",
            invoice_id=records.id_of(record),
            after=after,
            kept_otherwise=otherwise,
            invoice_modified=str(record.get("last_modified_time", "")),
            stands={"print": EDITED if is_edited else print_of(task.entity, record)},
        )

    def _update(self, records: InvoiceRecords, task: Task) -> Result:
        """Writes those mapped fields that differ; what stood there before is kept in the op (requirement C11)."""
        current = records.read(str(task.invoice_id), task.parent_id)
        if current is None:
            return Result("skipped", "gone in Invoice since it was listed", code="gone")
        now = self._mapped(task, current)
        if newer := changed_meanwhile(now, task):
            return newer
        earlier = self._before(task)
        before = earlier.values(now)
        differing = mapping.changed(before, task.values)
        if not differing and task.kind == "update":
            return Result("skipped", "the same in Invoice already", invoice_id=task.invoice_id)
        required = NAME_FIELD[task.entity]
        body = {required: task.values[required], **differing} if required in task.values else differing
        record = current
        if not earlier.is_done(current, now):
            record = records.update(str(task.invoice_id), task.crm_id, body, task.parent_id)
        return Result(
            "updated",
            "",
            invoice_id=task.invoice_id,
            before={name: before.get(name) for name in differing},
            after=differing,
            kept_otherwise=self._otherwise(task, self._mapped(task, record)),
            invoice_modified=str(record.get("last_modified_time", "")),
            stood=earlier.parts(dict(parts(task.entity, current, body)), now),
            stands=parts(task.entity, record, body),
        )

    @staticmethod
    def _otherwise(task: Task, kept: Values) -> Values:
        """The fields that Invoice keeps otherwise than they were sent (rounded, cut), without the link's suffix."""
        name = NAME_FIELD[task.entity]
        return {key: kept[key] for key, sent in task.values.items() if key != name and kept.get(key) != sent}

    @staticmethod
    def _before(task: Task) -> Before:
        return Before(task, (task.noted or {}).get("stood"))

    def _mapped(self, task: Task, record: dict[str, Any]) -> Values:
        return mapping.from_invoice(task.entity, self._entities[task.entity].mapping, record)
