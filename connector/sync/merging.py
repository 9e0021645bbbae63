"""Merges duplicates that are overwritten into one record: in the CRM by its own merge, in Invoice by Invoice's (C4).

A merge that waited is looked at again before it is done, and one whose answer was lost is known by the loser.
"""

from typing import Any

from connector import mapping
from connector.fields import CRM_NAME, PERSON_FIELDS
from connector.mapping import name_key
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.crash import crash_point
from connector.sync.records import Result
from connector.sync.sending import Task
from connector.sync.undo_merges import taken_in_crm, taken_in_invoice
from connector.sync.whole import person as person_of
from connector.sync.whole import whole

Record = dict[str, Any]

NOT_ANY_MORE = "they are no duplicates any more; nothing was merged"
EMPTY: tuple[Any, ...] = (None, "", [])


class Merges:
    """The merges of one run; they run in sending threads."""

    def __init__(self, peers: Peers, entities: dict[str, Entity]) -> None:
        self._peers = peers
        self._crm = peers.crm
        self._invoice = peers.invoice
        self._entities = entities

    def act(self, task: Task) -> Result:
        return self._in_crm(task) if task.side == "crm" else self._in_invoice(task)

    def _in_crm(self, task: Task) -> Result:
        """The loser's values fill what is empty in the survivor; what hung on it hangs on the survivor."""
        entity = self._entities[task.entity]
        survivor, loser = (self._crm.get_record(entity.module, str(one)) for one in (task.into, task.crm_id))
        if survivor is None:
            return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
        taken: Record | None = None
        if loser is not None:
            if not _is_duplicate(entity, survivor, loser):
                return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
            gaps = self._gaps(entity, survivor, loser)
            taken = taken_in_crm(self._peers, entity.module, survivor, loser, gaps)
            self._crm.merge_record(entity.module, str(task.into), task.crm_id, gaps)
            crash_point("delete-applied")
        why = f"merged into {survivor.get(CRM_NAME[task.entity])!r} in CRM; moved to the recycle bin"
        return Result("deleted", why, crm_id=task.crm_id, before=_told(entity, loser), stood=loser, stands=taken)

    def _gaps(self, entity: Entity, survivor: Record, loser: Record) -> list[str]:
        writable = {
            field["api_name"]
            for field in self._crm.fields(entity.module)
            if not field.get("field_read_only") and not field.get("read_only")
        }
        fields = sorted({pair.crm for pair in entity.mapping} & writable)
        return [name for name in fields if survivor.get(name) in EMPTY and loser.get(name) not in EMPTY]

    def _in_invoice(self, task: Task) -> Result:
        """The loser's transactions become the survivor's, its persons too; it becomes inactive."""
        survivor, loser = self._invoice.contact(str(task.into)), self._invoice.contact(str(task.invoice_id))
        if survivor is None or loser is None or survivor["status"] != "active":
            return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
        taken: Record | None = None
        if loser["status"] == "active":
            is_same = name_key(survivor["contact_name"]) == name_key(loser["contact_name"])
            if not is_same and not task.values.get("asked"):
                return Result("skipped", NOT_ANY_MORE, code="changed-meanwhile")
            taken = taken_in_invoice(self._peers, survivor, loser)
            for person in _missing_persons(survivor, loser):
                body = {name: person[name] for name in PERSON_FIELDS if person.get(name)}
                made = self._invoice.create_contact_person({**body, "contact_id": survivor["contact_id"]})
                taken["persons"].append(person_of(made))
            self._invoice.merge_contact(survivor["contact_id"], loser["contact_id"])
            crash_point("delete-applied")
        why = f"merged into {survivor['contact_name']!r} in Invoice; made inactive"
        before = mapping.from_invoice(task.entity, self._entities[task.entity].mapping, loser)
        return Result("deleted", why, invoice_id=task.invoice_id, before=before, stood=whole(loser), stands=taken)


def _is_duplicate(entity: Entity, survivor: Record, loser: Record) -> bool:
    """Persons are duplicates by email too, and only under one account."""
    name = CRM_NAME[entity.name]
    is_same = name_key(str(survivor.get(name) or "")) == name_key(str(loser.get(name) or ""))
    if entity.name != "contact":
        return is_same
    emails = {name_key(str(one.get("Email") or "")) for one in (survivor, loser)}
    return is_same or (len(emails) == 1 and "" not in emails)


def _told(entity: Entity, loser: Record | None) -> Record | None:
    return None if loser is None else mapping.from_crm(entity.name, entity.mapping, loser)


def _missing_persons(survivor: Record, loser: Record) -> list[Record]:
    """The loser's persons that the survivor has not got, by email, else by full name."""
    present = {key for person in survivor["contact_persons"] for key in _keys(person)}
    return [person for person in loser["contact_persons"] if not present & set(_keys(person))]


def _keys(person: Record) -> list[str]:
    full_name = name_key(f"{person['first_name']} {person['last_name']}")
    return [key for key in (name_key(person["email"]), full_name) if key]
