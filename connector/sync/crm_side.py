"""The records of Zoho CRM that a sync both ways writes: many in one call, each with an outcome of its own.

A create carries the op's key in the hidden unique field `Zoho_Invoice_ID`: sent once more after a lost answer it is
refused as a duplicate of the record it made, which is left as it is by now (sync.md §5).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connector import mapping
from connector.mapping import Values
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.records import Result
from connector.sync.sending import Task
from simulator.clients.crm import CrmClient

KEY_FIELD = "Zoho_Invoice_ID"
#: Tells undo whether somebody has edited a record since it was made, in whatever field.
CHANGED_AT = "Modified_Time"
AT_ONCE = 100
#: What may hang on a record of a module, and by which lookup.
BELONGING = {
    "Accounts": (("Contacts", "Account_Name"), ("Deals", "Account_Name")),
    "Contacts": (("Deals", "Contact_Name"),),
    "Products": (("Deals", "Product_Name"),),
}
Outcome = dict[str, Any]
Record = dict[str, Any]


def sync_key(connection_id: int, entity: str, invoice_id: str, incarnation: int) -> str:
    """What a CRM record made for a record of Invoice carries, the same at every attempt."""
    print_of = f"{connection_id}/{entity}/{invoice_id}/{incarnation}"
    return hashlib.sha256(print_of.encode()).hexdigest()[:40]


@dataclass(frozen=True)
class _Row:
    """An update of one record.

    Attributes:
        before, stood: what its fields held before the first try, as canonical values and as the CRM has them.
        differing: what the update changes in all.
        missing: what of it is still to be written; an earlier try that nobody heard of may have written some.
    """

    task: Task
    before: Values
    stood: Record
    differing: Values
    missing: Values


class CrmRecords:
    """One module of the CRM, written from canonical values."""

    def __init__(self, client: CrmClient, entity: Entity, is_gone_in_invoice: Callable[[str], bool]) -> None:
        self._client = client
        self._entity = entity
        self._is_gone_in_invoice = is_gone_in_invoice
        self._fields = sorted({CHANGED_AT, *(pair.crm for pair in entity.mapping)})

    def act(self, kind: str, tasks: list[Task]) -> list[Result]:
        """Carries out up to a hundred tasks of one kind; the results are in their order.

        Raises:
            PeerError: the CRM does not answer, or refuses the call as a whole.
        """
        match kind:
            case "create":
                return self._create(tasks)
            case "update" | "link":
                return self._update(tasks)
            case "delete":
                return self._delete(tasks)
        raise AssertionError(f"no act for {kind}")

    def notes(self, tasks: list[Task]) -> dict[int, dict[str, Any]]:
        """What stands in the fields that tasks will write; a record that is deleted comes back with all it had."""
        writing = [task for task in tasks if task.values and task.kind != "delete"]
        read = self._read([task.crm_id for task in writing])
        return {
            task.op_id: {"stood": self._raw(read[task.crm_id], task.values)} for task in writing if task.crm_id in read
        }

    def _create(self, tasks: list[Task]) -> list[Result]:
        rows = [{**self._body(task.values), **_under(task), KEY_FIELD: task.idem_key} for task in tasks]
        outcomes = self._client.create_records(self._entity.module, rows, repeatable=True)
        crash_point("reply-read")
        ids = [_id_of(outcome) for outcome in outcomes]
        made = self._read([crm_id for crm_id in ids if crm_id])
        return [
            self._written("added", task, outcome, crm_id, made, after=task.values)
            for task, outcome, crm_id in zip(tasks, outcomes, ids, strict=True)
        ]

    def _update(self, tasks: list[Task]) -> list[Result]:
        """Writes those fields that differ, unless somebody changed them since the plan (reliability.md F20)."""
        read = self._read([task.crm_id for task in tasks])
        results: dict[int, Result] = {}
        rows: list[_Row] = []
        for task in tasks:
            record = read.get(task.crm_id)
            if record is None:
                results[task.op_id] = Result("skipped", "gone in CRM since it was listed", code="gone")
                continue
            row = self._row(task, record)
            if newer := changed_meanwhile(self._values(record), task):
                results[task.op_id] = newer
            elif not row.differing:
                results[task.op_id] = Result("skipped", "the same in CRM already", invoice_id=task.invoice_id)
            elif not row.missing:
                results[task.op_id] = self._updated(row, task.crm_id, read)
            else:
                rows.append(row)
        if rows:
            bodies = [{"id": row.task.crm_id, **self._body(row.missing)} for row in rows]
            outcomes = self._client.update_records(self._entity.module, bodies)
            crash_point("reply-read")
            made = self._read([row.task.crm_id for row in rows])
            for row, outcome in zip(rows, outcomes, strict=True):
                crm_id = _id_of(outcome)
                done = self._updated(row, crm_id, made) if crm_id else _failed(outcome)
                results[row.task.op_id] = done
        return [results[task.op_id] for task in tasks]

    def _row(self, task: Task, record: Record) -> _Row:
        """How a record stood before the first try, and what of it is still to be written."""
        now, noted = self._values(record), (task.noted or {}).get("stood") or {}
        written = {pair.invoice: pair.crm for pair in self._entity.mapping if pair.crm in noted}
        is_ours = {name for name in written if name in task.values and now.get(name) == task.values[name]}
        before = {**now, **{name: value for name, value in self._values(noted).items() if name in is_ours}}
        differing = mapping.changed(before, task.values)
        stood = self._raw({**record, **{written[name]: noted[written[name]] for name in is_ours}}, differing)
        return _Row(
            task, {name: before.get(name) for name in differing}, stood, differing, mapping.changed(now, task.values)
        )

    def _updated(self, row: _Row, crm_id: str, made: dict[str, Record]) -> Result:
        result = self._written("updated", row.task, {}, crm_id, made, row.before, row.differing)
        return replace(result, stood=row.stood, stands=self._raw(made.get(crm_id, {}), row.differing))

    def _delete(self, tasks: list[Task]) -> list[Result]:
        """Deletes what Invoice, asked once more, no longer has, and what nobody has edited since the plan."""
        standing = self._read([task.crm_id for task in tasks])
        edited = {task.op_id for task in tasks if self._is_edited(task, standing.get(task.crm_id))}
        asked = [task for task in tasks if task.op_id not in edited]
        gone = [task for task in asked if self._is_gone_in_invoice(str(task.invoice_id))]
        crash_point("delete-found")
        outcomes = self._client.delete_records(self._entity.module, [task.crm_id for task in gone]) if gone else []
        crash_point("delete-applied")
        told = dict(zip([task.op_id for task in gone], outcomes, strict=True))
        newer = Result(
            "skipped", "changed in CRM since it was listed; the next sync settles it", code="changed-meanwhile"
        )
        return [newer if task.op_id in edited else self._deleted(task, told.get(task.op_id)) for task in tasks]

    def _is_edited(self, task: Task, record: Record | None) -> bool:
        return record is not None and bool(mapping.changed(task.seen or {}, self._values(record)))

    @staticmethod
    def _deleted(task: Task, outcome: Outcome | None) -> Result:
        if outcome is None:
            return Result("skipped", "it was not in the list of Invoice, but it is there", code="still-there")
        if outcome.get("code") in ("SUCCESS", "INVALID_DATA"):  # the second: gone already
            return Result("deleted", "deleted in Invoice; moved to the recycle bin of the CRM", crm_id=task.crm_id)
        return _failed(outcome)

    def _written(
        self,
        done: Any,
        task: Task,
        outcome: Outcome,
        crm_id: str | None,
        made: dict[str, Record],
        before: Values | None = None,
        after: Values | None = None,
    ) -> Result:
        """The outcome of one row; what differs in the record by now, but for a rounding, is somebody's edit."""
        if crm_id is None:
            return _failed(outcome)
        kept = self._values(made[crm_id]) if crm_id in made else {}
        sent = after or {}
        otherwise = {name: kept[name] for name in sent if name in kept and is_rounded(sent[name], kept[name])}
        return Result(
            done,
            "",
            invoice_id=task.invoice_id,
            crm_id=crm_id,
            before=before,
            after=after,
            kept_otherwise=otherwise,
            stands=made.get(crm_id),
        )

    def _raw(self, record: Record, names: Values) -> Record:
        """The written fields in the CRM's own words."""
        return {pair.crm: record.get(pair.crm) for pair in self._entity.mapping if pair.invoice in names}

    def _body(self, values: Values) -> Record:
        return mapping.to_crm(self._entity.mapping, values)

    def _values(self, record: Record) -> Values:
        return mapping.from_crm(self._entity.name, self._entity.mapping, record)

    def _read(self, crm_ids: list[str]) -> dict[str, Record]:
        if not crm_ids:
            return {}
        records = self._client.get_records_by_id(self._entity.module, crm_ids, self._fields)
        return {str(record["id"]): record for record in records}


def belonging(client: CrmClient, module: str) -> tuple[tuple[str, str], ...]:
    """What may hang on a record of a module; a lookup that somebody has taken away holds nothing."""
    if module != "Products":  # its lookup is the only one that can go
        return BELONGING[module]
    present = {(child, field["api_name"]) for child, _ in BELONGING[module] for field in client.fields(child)}
    return tuple(one for one in BELONGING[module] if one in present)


def changed_meanwhile(standing: Values, task: Task) -> Result | None:
    """Whether a field to be written holds something that neither the plan saw nor the sync writes."""
    seen = task.seen
    if seen is None:
        return None
    newer = [name for name, value in task.values.items() if standing.get(name) not in (seen.get(name, value), value)]
    if not newer:
        return None
    why = f"changed while the sync was under way: {', '.join(sorted(newer))}; the next sync settles it"
    return Result("skipped", why, code="changed-meanwhile")


def _failed(outcome: Outcome) -> Result:
    details = outcome.get("details") or {}
    field = f" ({details['api_name']})" if details.get("api_name") else ""
    return Result("failed", f"{outcome.get('message', 'refused')}{field}", code=str(outcome.get("code")))


def _under(task: Task) -> Record:
    """A contact is made under the account of its customer."""
    return {"Account_Name": {"id": task.parent_crm_id}} if task.parent_crm_id else {}


def _id_of(outcome: Outcome) -> str | None:
    """The record a row made or changed, or the one that an earlier try of it had made."""
    details = outcome.get("details") or {}
    if outcome.get("code") == "SUCCESS":
        return str(details["id"])
    errors = [outcome, *details.get("errors", [])]
    found = (one["details"] for one in errors if one.get("code") == "DUPLICATE_DATA")
    return next((str(told["id"]) for told in found if told.get("api_name") == KEY_FIELD), None)


def is_rounded(sent: Any, kept: Any) -> bool:
    """Whether a number is what was sent, as the side that keeps it rounds."""
    if not isinstance(sent, Decimal) or not isinstance(kept, Decimal) or sent == kept:
        return False
    places = min(int(kept.as_tuple().exponent), 0)
    return bool(sent.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP) == kept)
