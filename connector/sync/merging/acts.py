"""Merges duplicates that are overwritten into one record: in the CRM by its own merge, in Invoice by Invoice's (C4).

What they do not merge (products; contact persons and items) is merged step by step by `products` and `stepwise`. A
merge that waited is looked at again before it is done, and one whose answer was lost is known by the loser. What it
takes along is noted before, for undo.
"""

from typing import Any

from connector import mapping
from connector.fields import PERSON_FIELDS
from connector.mapping import Values, name_key
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.merging.duplicates import MERGED_IN_CRM, MERGED_IN_INVOICE, NOT_ANY_MORE, are_duplicates
from connector.sync.merging.products import bin_product
from connector.sync.merging.stepwise import Items, Persons
from connector.sync.merging.taken import taken_in_crm, taken_in_invoice
from connector.sync.noting import Note
from connector.sync.reading.crm import source_of
from connector.sync.reading.invoice import target_of
from connector.sync.records import Result
from connector.sync.sending import Task
from connector.sync.whole import whole
from simulator.clients.base import Refusal

Record = dict[str, Any]
EMPTY: tuple[Any, ...] = (None, "", [])


class Merges:
    """The merges of one run; they run in sending threads."""

    def __init__(self, peers: Peers, entities: dict[str, Entity]) -> None:
        self._peers = peers
        self._crm = peers.crm
        self._invoice = peers.invoice
        self._entities = entities

    def note(self, task: Task) -> Note | None:
        """What a merge is about to take along, and the loser as it stands; None where there is nothing to merge."""
        if task.side == "crm":
            return self._note_in_crm(task)
        stepwise = self._stepwise(task)
        return stepwise.note(task) if stepwise else self._note_in_invoice(task)

    def act(self, task: Task) -> Result:
        if task.side == "crm":
            return self._in_crm(task)
        stepwise = self._stepwise(task)
        return stepwise.act(task) if stepwise else self._in_invoice(task)

    def _stepwise(self, task: Task) -> Persons | Items | None:
        """What merges records of Invoice that it does not merge itself."""
        merges: dict[str, type[Persons] | type[Items]] = {"contact": Persons, "product": Items}
        return merges[task.entity](self._peers, self._entities[task.entity]) if task.entity in merges else None

    def _note_in_crm(self, task: Task) -> Note | None:
        entity = self._entities[task.entity]
        survivor, loser = self._two_of_crm(entity, task)
        if survivor is None or loser is None:
            return None
        gaps = self._gaps(entity, survivor, loser)
        return {"stood": loser, "stands": taken_in_crm(self._peers, entity.module, survivor, loser, gaps)}

    def _in_crm(self, task: Task) -> Result:
        """The loser's values fill what is empty in the survivor; what hung on it hangs on the survivor."""
        entity = self._entities[task.entity]
        survivor, loser = self._two_of_crm(entity, task)
        if survivor is None:
            return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
        noted = task.noted or {}
        if loser is not None:
            if not are_duplicates(entity, source_of(entity, survivor), source_of(entity, loser)):
                return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
            noted = task.noted or self._note_in_crm(task) or {}
            gaps = self._gaps(entity, survivor, loser)
            before = noted["stands"]["filled"]  # an earlier try may have filled some of it
            filled = {name: value for name, value in before.items() if survivor.get(name) == value}
            filled |= {name: loser[name] for name in gaps}
            noted = {"stood": loser, "stands": {**noted["stands"], "filled": filled}}
            if entity.name == "product":
                bin_product(self._crm, str(task.into), task.crm_id, {name: loser[name] for name in gaps})
            else:
                self._crm.merge_record(entity.module, str(task.into), task.crm_id, gaps)
            crash_point("delete-applied")
        before = _told(entity, noted.get("stood"))
        return Result("deleted", MERGED_IN_CRM, crm_id=task.crm_id, before=before, **noted)

    def _two_of_crm(self, entity: Entity, task: Task) -> tuple[Record | None, Record | None]:
        return self._of_crm(entity, str(task.into)), self._of_crm(entity, task.crm_id)

    def _of_crm(self, entity: Entity, crm_id: str) -> Record | None:
        """A record with all its fields; None where it is gone, which the CRM calls an invalid id."""
        try:
            return self._crm.get_record(entity.module, crm_id)
        except Refusal as refusal:
            if refusal.code != "INVALID_DATA":
                raise
            return None

    def _gaps(self, entity: Entity, survivor: Record, loser: Record) -> list[str]:
        writable = {
            field["api_name"]
            for field in self._crm.fields(entity.module)
            if not field.get("field_read_only") and not field.get("read_only")
        }
        fields = sorted({pair.crm for pair in entity.mapping} & writable)
        return [name for name in fields if survivor.get(name) in EMPTY and loser.get(name) not in EMPTY]

    def _note_in_invoice(self, task: Task) -> Note | None:
        survivor, loser = self._two_of_invoice(task)
        if survivor is None or loser is None or loser["status"] != "active":
            return None
        persons = [_facts(person) for person in _missing_persons(survivor, loser)]
        return {"stood": whole(loser), "stands": taken_in_invoice(self._peers, survivor, loser, persons)}

    def _in_invoice(self, task: Task) -> Result:
        """The loser's transactions become the survivor's, its persons too; it becomes inactive."""
        survivor, loser = self._two_of_invoice(task)
        if survivor is None or loser is None or survivor["status"] != "active":
            return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
        entity = self._entities[task.entity]
        noted = task.noted or {"stood": whole(loser)}
        if loser["status"] == "active":
            is_same = are_duplicates(entity, target_of(entity, survivor), target_of(entity, loser))
            if not is_same and not task.values.get("asked"):
                return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
            noted = task.noted or self._note_in_invoice(task) or noted
            for person in _missing_persons(survivor, loser):
                self._invoice.create_contact_person({**_facts(person), "contact_id": survivor["contact_id"]})
            self._invoice.merge_contact(survivor["contact_id"], loser["contact_id"])
            crash_point("delete-applied")
        before = mapping.from_invoice(task.entity, entity.mapping, loser)
        return Result("deleted", MERGED_IN_INVOICE, invoice_id=task.invoice_id, before=before, **noted)

    def _two_of_invoice(self, task: Task) -> tuple[Record | None, Record | None]:
        return self._invoice.contact(str(task.into)), self._invoice.contact(str(task.invoice_id))


def _told(entity: Entity, loser: Record | None) -> Values | None:
    return None if loser is None else mapping.from_crm(entity.name, entity.mapping, loser)


def _facts(person: Record) -> Record:
    """What the survivor's copy of a person is made with."""
    return {name: person[name] for name in PERSON_FIELDS if person.get(name)}


def _missing_persons(survivor: Record, loser: Record) -> list[Record]:
    """The loser's persons that the survivor has not got, by email, else by full name."""
    present = {key for person in survivor["contact_persons"] for key in _keys(person)}
    return [person for person in loser["contact_persons"] if not present & set(_keys(person))]


def _keys(person: Record) -> list[str]:
    full_name = name_key(f"{person['first_name']} {person['last_name']}")
    return [key for key in (name_key(person["email"]), full_name) if key]
