"""Carries out what undo does about single records, on either side; no database here."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from connector.fields import PERSON_FIELDS
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.crm_side import CHANGED_AT, belonging
from connector.sync.merging.taken import (
    empty_again,
    give_back_in_crm,
    give_back_in_invoice,
    give_back_person,
    person_again,
)
from connector.sync.records import Result
from connector.sync.sending import Task, create_once
from connector.sync.sides import InvoiceRecords, records_of
from connector.sync.undo.rules import Done, Undoing, at_crm, at_invoice
from connector.sync.whole import CRM_KEY, PRIMARY, body_of, without_persons
from connector.triggers.undoing import delete_document, look_at_document

Record = dict[str, Any]
#: In what history says of a record made again: the new ids of its persons by their former ones.
RENAMED = "ids_now"
NONE: frozenset[str] = frozenset()


class UndoActs:
    """The acts of an undo; each looks once more before it writes."""

    def __init__(self, peers: Peers, entities: dict[str, Entity], done: Callable[[Task], Done]) -> None:
        self._peers = peers
        self._entities = entities
        self._done = done

    # Zoho Invoice, one record at a time

    def look_in_invoice(self, done: Done, parent_id: str | None, going: frozenset[str] = NONE) -> Undoing:
        if done.entity == "potential":
            return look_at_document(self._peers.invoice, done)
        record = records_of(done.entity, self._peers.invoice).read(done.invoice_id, parent_id)
        return at_invoice(done, record, going)

    def act_in_invoice(self, task: Task) -> Result:
        done = self._done(task)
        undoing = self.look_in_invoice(done, task.parent_id)
        if stopped := _stopped(undoing, task):
            return stopped
        if done.entity == "potential":
            return delete_document(self._peers.invoice, done)
        records = records_of(done.entity, self._peers.invoice)
        match undoing.act:
            case "delete":
                return self._delete(records, done, task.parent_id)
            case "update":
                self._put_back_fields(records, done, task.parent_id)
                return Result("updated", "", done.invoice_id, before=done.stands, after=done.stood)
            case "activate":
                return Result("updated", f"made active again{self._activate(done)}", done.invoice_id)
            case "create":
                return self._make_again(records, done, task.parent_id)
        raise AssertionError(f"no act for {undoing.act}")

    def _activate(self, done: Done) -> str:
        """Makes a record active again, with what a merge took of it; what stays with the other, in words."""
        if done.entity == "product":
            self._peers.invoice.mark_item(done.invoice_id, "active")
        elif done.entity == "contact":  # persons are always active: the merge did not come as far as deleting it
            empty_again(self._peers, done)
            give_back_person(self._peers, done, done.invoice_id)
        else:
            self._peers.invoice.mark_contact(done.invoice_id, "active")
            return give_back_in_invoice(self._peers, done) if done.kind == "merge" else ""
        return ""

    def _put_back_fields(self, records: InvoiceRecords, done: Done, parent_id: str | None) -> None:
        stood = dict(done.stood or {})
        key = str(stood.pop(CRM_KEY[done.entity]))
        if stood.pop(PRIMARY, None) == "":  # the person was made by that run
            made = str((done.stands or {})[PRIMARY])
            if self._peers.invoice.contact_person(made) is not None:
                self._peers.invoice.delete_contact_person(made)
            stood = {name: value for name, value in stood.items() if name not in PERSON_FIELDS}
        cleared = {name: "" if value is None else value for name, value in stood.items()}
        records.update(done.invoice_id, key, cleared, parent_id)

    @staticmethod
    def _delete(records: InvoiceRecords, done: Done, parent_id: str | None) -> Result:
        said = records.remove(done.invoice_id)
        if "inactive" in said:  # it stays without a partner, so it must not claim one
            records.update(done.invoice_id, "", {}, parent_id)
        return Result("deleted", f"made by that run; in Invoice: {said}", done.invoice_id)

    def _make_again(self, records: InvoiceRecords, done: Done, parent_id: str | None) -> Result:
        """Makes a deleted record of what was kept of it; its persons get new ids along with it."""
        stood = dict(done.stood or {})
        client = self._peers.invoice
        if done.kind == "merge":
            return self._make_person_again(done)
        body = {**body_of(stood), "contact_id": parent_id} if "contact_person_id" in stood else body_of(stood)
        create = client.create_item if done.entity == "product" else client.create_contact
        if "contact_person_id" in stood:
            create = client.create_contact_person
        record = create_once(lambda: create(body), lambda: records.find(done.crm_id, parent_id)).record
        if "contact_id" in record and create == client.create_contact:
            self._add_beside(str(record["contact_id"]), stood)
        new_id = records.id_of(record)
        if stood.get("status") == "inactive":
            (client.mark_item if done.entity == "product" else client.mark_contact)(new_id, "inactive")
        former = [one["contact_person_id"] for one in stood.get("contact_persons", [])]
        since = [one["contact_person_id"] for one in record.get("contact_persons", [])]
        renamed = dict(zip(former, since, strict=False))
        return Result("added", "", new_id, after={**without_persons(stood), RENAMED: renamed})

    def _make_person_again(self, done: Done) -> Result:
        """Makes a contact person of Invoice again that was merged; the documents that named it name it again."""
        stood = dict(done.stood or {})
        empty_again(self._peers, done)
        body = {**body_of(stood), "contact_id": (done.stands or {})["home"]}
        made = person_again(self._peers, done) if done.is_repeated else None
        if made is None:
            create = self._peers.invoice.create_contact_person
            made = create_once(lambda: create(body), lambda: person_again(self._peers, done)).record
        give_back_person(self._peers, done, str(made["contact_person_id"]))
        return Result("added", "", str(made["contact_person_id"]), after=stood)

    def _add_beside(self, contact_id: str, stood: Record) -> None:
        client = self._peers.invoice
        there = len((client.contact(contact_id) or {}).get("addresses", []))
        for address in stood.get("addresses", [])[there:]:
            client.add_address(contact_id, address)
        if stood.get("payment_reminder_enabled") is False:
            client.remind(contact_id, "disable")

    # Zoho CRM, up to a hundred records at a time

    def look_in_crm(self, done: list[Done], going: frozenset[str] = NONE) -> list[Undoing]:
        """What is to be done about records of one entity; `going` are records deleted before them."""
        module = self._entities[done[0].entity].module
        ids = sorted({one.crm_id for one in done})
        written = [one for one in done if one.kind != "merge"]
        fields = {CHANGED_AT, *(name for one in written for name in (one.stands or {}) if name != "id")}
        rows = self._peers.crm.get_records_by_id(module, ids, sorted(fields))
        found = {str(row["id"]): row for row in rows}
        made = [one.crm_id for one in done if one.outcome == "added" and one.crm_id in found]
        hanging = self._belonging(module, made, going)
        return [at_crm(one, found.get(one.crm_id), hanging.get(one.crm_id, 0)) for one in done]

    def _belonging(self, module: str, ids: list[str], going: frozenset[str]) -> dict[str, int]:
        counted: Counter[str] = Counter()
        wanted = ", ".join(f"'{crm_id}'" for crm_id in ids)
        for child, lookup in belonging(self._peers.crm, module) if ids else ():
            rows = self._peers.crm.coql(f"select {lookup} from {child} where {lookup} in ({wanted})")
            counted.update(str(row[lookup]["id"]) for row in rows if str(row["id"]) not in going)
        return counted

    def act_in_crm(self, tasks: list[Task]) -> list[Result]:
        """Looks at all once more, then writes those of each act together."""
        done = {task.op_id: self._done(task) for task in tasks}
        undoings = dict(zip(done, self.look_in_crm(list(done.values())), strict=True))
        results = {
            task.op_id: stopped for task in tasks if (stopped := _stopped(undoings[task.op_id], task)) is not None
        }
        for act, write in (("update", self._put_back), ("delete", self._bin), ("restore", self._restore)):
            wanted = [one for one in tasks if one.op_id not in results and undoings[one.op_id].act == act]
            if wanted:
                outcomes = write([done[task.op_id] for task in wanted])
                for task, outcome in zip(wanted, outcomes, strict=True):
                    results[task.op_id] = _told(act, done[task.op_id], outcome)
        return [results[task.op_id] for task in tasks]

    def _put_back(self, done: list[Done]) -> list[Record]:
        rows = [{**(one.stood or {}), "id": one.crm_id} for one in done]
        return self._peers.crm.update_records(self._entities[done[0].entity].module, rows)

    def _bin(self, done: list[Done]) -> list[Record]:
        return self._peers.crm.delete_records(self._entities[done[0].entity].module, [one.crm_id for one in done])

    def _restore(self, done: list[Done]) -> list[Record]:
        """Back from the recycle bin, unless they are; what hung on merged ones is given back to them."""
        module = self._entities[done[0].entity].module
        there = {str(row["id"]) for row in self._peers.crm.get_records_by_id(module, _ids(done), ["id"])}
        gone = [crm_id for crm_id in _ids(done) if crm_id not in there]
        told = dict(zip(gone, self._peers.crm.restore_records(gone) if gone else [], strict=True))
        outcomes = [told.get(one.crm_id, {"code": "SUCCESS"}) for one in done]
        for one, outcome in zip(done, outcomes, strict=True):
            if one.kind == "merge" and outcome.get("code") == "SUCCESS":
                give_back_in_crm(self._peers, module, one)
        return outcomes


def _ids(done: list[Done]) -> list[str]:
    return [one.crm_id for one in done]


def _stopped(undoing: Undoing, task: Task) -> Result | None:
    """Nothing to write: it is listed, or only its link is put back. What was planned counts, unless it is needless."""
    if undoing.act == "relink":
        return Result("skipped", undoing.reason)
    if undoing.act == "skip":
        return Result("skipped", f"{undoing.reason}; it was left as it is", code="changed-meanwhile")
    if undoing.act != task.kind:
        return Result("skipped", f"it stands otherwise by now ({undoing.reason}); undo again", code="changed-meanwhile")
    return None


def _told(act: str, done: Done, outcome: Record) -> Result:
    if outcome.get("code") != "SUCCESS":
        return Result("failed", str(outcome.get("message", "refused")), code=str(outcome.get("code")))
    if act == "update":
        return Result("updated", "", crm_id=done.crm_id, before=done.stands, after=done.stood)
    if act == "delete":
        return Result("deleted", "made by that run; moved to the recycle bin of the CRM", crm_id=done.crm_id)
    return Result("added", "back from the recycle bin of the CRM", crm_id=done.crm_id)
