"""What a merge took along, noted before it is done and given back by undo (requirements C4, S7).

A record that came back gets back what hung on it, as far as it still hangs on the survivor; in Invoice that are drafts
only, for documents that were sent stay as they are.
"""

from typing import Any

from connector.fields import PERSON_FIELDS
from connector.peers import Peers
from connector.sync.crm_side import belonging
from connector.sync.undo.rules import Done
from connector.sync.whole import person

Record = dict[str, Any]
#: The most children of one record that are looked for.
MOST = 2000
DOCUMENTS = (("estimates", "estimate"), ("salesorders", "salesorder"), ("invoices", "invoice"))


def taken_in_crm(peers: Peers, module: str, survivor: Record, loser: Record, gaps: list[str]) -> Record:
    """What hangs on a record that is about to be merged, and what the survivor takes over of it."""
    moved = {
        child: [
            str(row["id"])
            for row in peers.crm.coql(f"select id from {child} where {lookup} = '{loser['id']}' limit 0, {MOST}")
        ]
        for child, lookup in belonging(peers.crm, module)
    }
    return {"into": str(survivor["id"]), "moved": moved, "filled": {name: loser[name] for name in gaps}}


def taken_in_invoice(peers: Peers, survivor: Record, loser: Record, persons: list[Record]) -> Record:
    """The same of a customer: its documents, and what the copies of its persons are made with."""
    moved = {
        path: [
            str(row[f"{key}_id"]) for row in peers.invoice.iterate(f"/{path}", path, customer_id=loser["contact_id"])
        ]
        for path, key in DOCUMENTS
    }
    return {"into": str(survivor["contact_id"]), "moved": moved, "persons": persons}


def give_back_in_crm(peers: Peers, module: str, done: Done) -> None:
    """After the loser came back from the recycle bin."""
    taken = dict(done.stands or {})
    for child, lookup in belonging(peers.crm, module) if taken else ():
        ids = taken["moved"].get(child, [])
        for start in range(0, len(ids), 100):
            rows = peers.crm.get_records_by_id(child, ids[start : start + 100], [lookup])
            mine = [str(row["id"]) for row in rows if (row.get(lookup) or {}).get("id") == taken["into"]]
            if mine:
                peers.crm.update_records(child, [{"id": one, lookup: {"id": done.crm_id}} for one in mine])
    filled = taken.get("filled") or {}
    if filled:
        rows = peers.crm.get_records_by_id(module, [taken["into"]], sorted(filled))
        emptied = {name: None for row in rows for name, value in filled.items() if row.get(name) == value}
        if emptied:
            peers.crm.update_records(module, [{"id": taken["into"], **emptied}])


def give_back_person(peers: Peers, done: Done, person_id: str) -> None:
    """After a deleted contact person was made again: the documents that named it, as far as they name the survivor."""
    taken = dict(done.stands or {})
    for path, key in DOCUMENTS:
        for document_id in taken["moved"][path]:
            current = peers.invoice.document(path, key, document_id)
            named = (current or {}).get("contact_persons", ())
            if taken["into"] in named and person_id not in named:
                again = [person_id if one == taken["into"] else one for one in named]
                peers.invoice.update_document(path, key, document_id, {"contact_persons": again})


def empty_again(peers: Peers, done: Done) -> None:
    """Before a contact person is made again: the survivor gives back what it took over, for no email stands twice."""
    taken = dict(done.stands or {})
    survivor = peers.invoice.contact_person(taken["into"])
    kept = [name for name, value in taken["filled"].items() if survivor and survivor.get(name) == value]
    if kept:
        peers.invoice.update_contact_person(taken["into"], dict.fromkeys(kept, ""))


def person_again(peers: Peers, done: Done) -> Record | None:
    """The contact person that an earlier try of an undo has made again, if it has."""
    taken, stood = dict(done.stands or {}), dict(done.stood or {})
    customer = peers.invoice.contact(taken["home"]) or {"contact_persons": []}
    same = [one for one in customer["contact_persons"] if facts(one) == facts(stood)]
    return next((one for one in same if one["contact_person_id"] != taken["into"]), None)


def facts(person: Record) -> Record:
    """What tells a contact person from others."""
    return {name: person[name] for name in PERSON_FIELDS if person.get(name)}


def give_back_in_invoice(peers: Peers, done: Done) -> str:
    """After the loser is active again.

    Returns:
        what stays with the survivor, in words; nothing where all of it came back.
    """
    taken = dict(done.stands or {})
    staying = 0
    for path, key in DOCUMENTS if taken else ():
        for document_id in taken["moved"].get(path, []):
            current = peers.invoice.document(path, key, document_id)
            if current is None or current["customer_id"] != taken["into"]:
                continue
            if current["status"] == "draft":
                peers.invoice.update_document(path, key, document_id, {"customer_id": done.invoice_id})
            else:
                staying += 1
    _delete_copies(peers, taken)
    if not staying:
        return ""
    what = "1 sent document stays" if staying == 1 else f"{staying} sent documents stay"
    return f"; {what} with the other customer"


def _delete_copies(peers: Peers, taken: Record) -> None:
    """The persons that the survivor was given, as far as nobody has changed them; it had none of them before."""
    copies = [_facts(one) for one in taken.get("persons", [])]
    survivor = peers.invoice.contact(taken["into"]) if copies else None
    for one in survivor["contact_persons"] if survivor else []:
        if _facts(person(one)) in copies:
            peers.invoice.delete_contact_person(one["contact_person_id"])


def _facts(noted: Record) -> Record:
    return {name: value for name, value in noted.items() if name not in ("contact_person_id", "is_primary_contact")}
