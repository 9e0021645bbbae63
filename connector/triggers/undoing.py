"""Undo of what triggers made: a draft that nobody has edited is deleted, whatever was sent is only listed (S7)."""

from decimal import Decimal
from typing import Any

from sqlalchemy import delete

from connector.database import db
from connector.documents import BY_ENTITY
from connector.models import LinkedDocument, Op, Potential
from connector.sync.records import Result
from connector.sync.undo.rules import Done, Undoing
from connector.triggers import document
from connector.triggers.estimate_rules import BY_HAND as ESTIMATE_BY_HAND
from connector.triggers.rules import BY_HAND
from simulator.clients.invoice import InvoiceClient

#: A document that nobody outside has seen.
UNSENT = ("draft", "void")


def facts_of_document(connection_id: int, op: Op) -> dict[str, Any]:
    """What undo has to know of a document beside the op that made it: its kind, and what it carries by now."""
    potential = db.session.get(Potential, (connection_id, op.crm_id))
    carried = dict(potential.carried or {}) if potential else {}
    return {"kind": op.baseline.get("kind", "invoice"), "carried": carried}


def look_at_document(client: InvoiceClient, done: Done) -> Undoing:
    known = dict(done.stands or {})
    kind = known["kind"]
    record = client.document(BY_ENTITY[kind].path, kind, done.invoice_id)
    if record is None:
        return Undoing("relink", f"its {kind} is gone from Invoice")
    if record["status"] not in UNSENT:
        return Undoing("skip", f"its {kind} {record[f'{kind}_number']} is {record['status']}")
    current, carried = document.standing_values(record), known["carried"]
    edited = sorted(name for name, value in carried.items() if not _same(current.get(name), value))
    if edited:
        return Undoing("skip", f"its {kind} was edited in Invoice: {', '.join(edited)}")
    return Undoing("delete", f"its {kind} was made by a trigger")


def delete_document(client: InvoiceClient, done: Done) -> Result:
    kind = dict(done.stands or {})["kind"]
    client.delete_document(BY_ENTITY[kind].path, done.invoice_id)
    return Result("deleted", f"its {kind}, made by a trigger, was deleted", done.invoice_id)


def note_undone(connection_id: int, done: Done) -> None:
    """The potential stands as if a person had deleted its document: it is not made again unasked (requirement G11)."""
    potential = db.session.get(Potential, (connection_id, done.crm_id))
    if potential is not None and potential.document_id == done.invoice_id:
        rule = ESTIMATE_BY_HAND if potential.document_kind == "estimate" else BY_HAND
        potential.standing, potential.reason = rule.standing, rule.reason
    mine = (LinkedDocument.connection_id == connection_id, LinkedDocument.document_id == done.invoice_id)
    db.session.execute(delete(LinkedDocument).where(*mine))


def _same(one: Any, other: Any) -> bool:
    return one == other or (isinstance(one, Decimal) and one == Decimal(str(other)))
