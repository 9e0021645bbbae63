"""Contact persons and items of Invoice, which its API cannot merge: what takes the place of a merge for them (C4).

A person goes from the documents that name it to the one that stays, which takes over what it lacks; then it is deleted,
unless a document that names it can no longer be edited. An item becomes inactive: the lines of documents are copies of
their own and stay, but one that recurring invoices make invoices with is kept.
"""

from typing import Any

from connector import mapping
from connector.fields import PERSON_FIELDS
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.merging.duplicates import (
    MERGED_AND_DELETED,
    MERGED_IN_INVOICE,
    NOT_ANY_MORE,
    are_duplicates,
)
from connector.sync.merging.taken import DOCUMENTS
from connector.sync.noting import Note
from connector.sync.reading.invoice import target_of
from connector.sync.records import Result, Target
from connector.sync.sending import Task
from connector.sync.whole import whole
from simulator.clients.base import Refusal

Record = dict[str, Any]

OTHER_EMAIL = "both have an email address of their own; nothing was merged"
IS_NAMED = "{} {} names the person and cannot be edited any more, so the person stays"
RECURS = "recurring invoice {!r} makes invoices with it, so it stays"
ENDED = ("stopped", "expired")


class Persons:
    """Merges contact persons of one customer."""

    def __init__(self, peers: Peers, entity: Entity) -> None:
        self._invoice = peers.invoice
        self._entity = entity

    def note(self, task: Task) -> Note | None:
        survivor, loser = self._two(task)
        return self._noted(survivor, loser) if survivor and loser else None

    def act(self, task: Task) -> Result:
        survivor, loser = self._two(task)
        noted = task.noted
        if survivor is None or (loser is None and noted is None):
            return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
        if loser is not None:
            if not are_duplicates(self._entity, _target(survivor), _target(loser)):
                return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
            if survivor["email"] and loser["email"]:
                return Result("skipped", OTHER_EMAIL)
            noted = noted or self._noted(survivor, loser)
            if reason := self._take_over_documents(noted["stands"]):
                return Result("skipped", reason)
            if loser["is_primary_contact"]:
                self._invoice.update_contact_person(survivor["contact_person_id"], {"is_primary_contact": True})
            self._invoice.delete_contact_person(loser["contact_person_id"])
            crash_point("delete-applied")
        assert noted is not None
        lacking = {name: value for name, value in noted["stands"]["filled"].items() if not survivor.get(name)}
        if lacking:
            self._invoice.update_contact_person(survivor["contact_person_id"], lacking)
        before = mapping.from_invoice(self._entity.name, self._entity.mapping, noted["stood"])
        return Result("deleted", MERGED_AND_DELETED, invoice_id=task.invoice_id, before=before, **noted)

    def _two(self, task: Task) -> tuple[Record | None, Record | None]:
        return self._invoice.contact_person(str(task.into)), self._invoice.contact_person(str(task.invoice_id))

    def _noted(self, survivor: Record, loser: Record) -> Note:
        loser_id, home = loser["contact_person_id"], loser["contact_id"]
        naming = {path: self._naming(path, key, home, loser_id) for path, key in DOCUMENTS}
        filled = {name: loser[name] for name in PERSON_FIELDS if loser.get(name) and not survivor.get(name)}
        stands = {"into": survivor["contact_person_id"], "loser": loser_id, "home": home, "moved": naming}
        return {"stood": whole(loser), "stands": {**stands, "filled": filled}}

    def _naming(self, path: str, key: str, customer_id: str, person_id: str) -> list[str]:
        """The documents of one kind that name a person of a customer."""
        ids = [str(row[f"{key}_id"]) for row in self._invoice.iterate(f"/{path}", path, customer_id=customer_id)]
        read = {one: self._invoice.document(path, key, one) or {} for one in ids}
        return [one for one, document in read.items() if person_id in document.get("contact_persons", ())]

    def _take_over_documents(self, taken: Record) -> str | None:
        """The documents that named the loser name the survivor; what is in the way of that, if anything is."""
        for path, key in DOCUMENTS:
            for document_id in taken["moved"][path]:
                document = self._invoice.document(path, key, document_id)
                named = (document or {}).get("contact_persons", ())
                if document is None or taken["loser"] not in named:
                    continue
                instead = list(dict.fromkeys(taken["into"] if one == taken["loser"] else one for one in named))
                try:
                    self._invoice.update_document(path, key, document_id, {"contact_persons": instead})
                except Refusal:
                    return IS_NAMED.format(key, document[f"{key}_number"])
        return None


class Items:
    """Merges items."""

    def __init__(self, peers: Peers, entity: Entity) -> None:
        self._invoice = peers.invoice
        self._entity = entity

    def note(self, task: Task) -> Note | None:
        loser = self._invoice.item(str(task.invoice_id))
        return None if loser is None or loser["status"] != "active" else self._noted(task, loser)

    def act(self, task: Task) -> Result:
        survivor, loser = self._invoice.item(str(task.into)), self._invoice.item(str(task.invoice_id))
        if survivor is None or loser is None or survivor["status"] != "active":
            return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
        noted = task.noted or self._noted(task, loser)
        if loser["status"] == "active":
            if not are_duplicates(self._entity, target_of(self._entity, survivor), target_of(self._entity, loser)):
                return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
            if recurring := self._recurring(str(task.invoice_id)):
                return Result("skipped", RECURS.format(recurring))
            self._invoice.mark_item(str(task.invoice_id), "inactive")
            crash_point("delete-applied")
        before = mapping.from_invoice(self._entity.name, self._entity.mapping, noted["stood"])
        return Result("deleted", MERGED_IN_INVOICE, invoice_id=task.invoice_id, before=before, **noted)

    def _recurring(self, item_id: str) -> str | None:
        """The name of a recurring invoice that goes on making invoices with an item."""
        rows = self._invoice.iterate("/recurringinvoices", "recurring_invoices", item_id=item_id)
        return next((str(row["recurrence_name"]) for row in rows if row["status"] not in ENDED), None)

    @staticmethod
    def _noted(task: Task, loser: Record) -> Note:
        return {"stood": whole(loser), "stands": {"into": str(task.into)}}


def _target(person: Record) -> Target:
    return Target(person["contact_person_id"], _name(person), email=person["email"], home=person["contact_id"])


def _name(person: Record) -> str:
    return f"{person['first_name']} {person['last_name']}".strip()
