"""Potential linking: a potential on an estimate, sales order or invoice (guide: Potential Linking; L1 to L6).

The link is a field of the document in Invoice, read and written with the caller's own token; what the connector keeps
of it besides is for the dashboard, and for knowing which links a trigger made.
"""

from typing import Any

from connector import customers
from connector.asking import answered_by, working_connection
from connector.customers import LOOKUPS
from connector.database import db
from connector.documents import Kind
from connector.errors import Conflicting, ConnectorError, NotFound
from connector.linked import storing
from connector.linking_rules import LINKED_BY_TRIGGER, require_custom_modules
from connector.panel import NOT_FROM_CRM, Desk, crm_records, customer, desk_of
from connector.potentials import potentials_of, shown_potential

Record = dict[str, Any]

POTENTIAL_DELETED = "potential deleted"


def prerequisites(token: str) -> Record:
    """What is missing before potentials can be linked (requirement L1)."""
    try:
        desk = desk_of(working_connection(), token)
        require_custom_modules(desk.peers.crm)
    except ConnectorError as error:
        return {"available": False, "missing": [{"code": error.code, "message": error.message}]}
    return {"available": True, "missing": []}


def _ready(token: str) -> Desk:
    desk = desk_of(working_connection(), token)
    require_custom_modules(desk.peers.crm)
    return desk


def list_potentials(token: str, contact_id: str, q: str, page: int, per_page: int) -> Record:
    """The potentials that a transaction of this customer can be linked with (requirement L2)."""
    desk = _ready(token)
    customer(desk, contact_id)
    party, ids = crm_records(desk, contact_id)
    if not ids:
        context = {"page": page, "per_page": per_page, "has_more_page": False}
        return {"potentials": [], "page_context": context, "problem": NOT_FROM_CRM}
    with answered_by("crm"):
        found = potentials_of(desk.peers.crm, LOOKUPS[party], ids, q, page, per_page)
    return {**found, "problem": None}


def _document(desk: Desk, kind: Kind, document_id: str) -> Record:
    if not document_id.isascii() or not document_id.isdigit():
        raise kind.unknown(document_id)
    with answered_by("invoice"):
        found = desk.own.one(f"/{kind.path}/{document_id}", kind.entity)
    if found is None:
        raise kind.unknown(document_id)
    return found


def _potential(desk: Desk, crm_id: str) -> Record | None:
    """A potential as it is in the CRM now; None where it was deleted."""
    if not crm_id.isascii() or not crm_id.isdigit():
        return None
    with answered_by("crm"):
        found = desk.peers.crm.get_records_by_id("Deals", [crm_id], storing.POTENTIAL_FIELDS)
    return found[0] if found else None


def show_link(token: str, kind: Kind, document_id: str) -> Record:
    """The potential of a document, and whether it may be dissociated."""
    desk = desk_of(working_connection(), token)
    return _shown(desk, kind, _document(desk, kind, document_id))


def _shown(desk: Desk, kind: Kind, document: Record) -> Record:
    document_id, potential_id = kind.id_of(document), document["zcrm_potential_id"]
    link: Record = {"document_id": document_id, "kind": kind.path, "customer_id": document["customer_id"]}
    if not potential_id:
        return {**link, "potential": None, "state": None, "by_trigger": False, "can_dissociate": False}
    record = _potential(desk, potential_id)
    by_trigger = storing.is_by_trigger(desk.connection_id, document_id, potential_id)
    db.session.rollback()
    named = {"potential_id": potential_id, "name": document["zcrm_potential_name"]}
    return {
        **link,
        "potential": shown_potential(record) if record else named,
        "state": "linked" if record else POTENTIAL_DELETED,
        "by_trigger": by_trigger,
        "can_dissociate": not by_trigger or record is None,
    }


def link_potential(token: str, kind: Kind, document_id: str, potential_id: str) -> Record:
    """Links a document with one of its customer's potentials; a potential may have many documents (requirement L3)."""
    desk = _ready(token)
    document = _document(desk, kind, document_id)
    record = _potential(desk, potential_id)
    if record is None:
        raise NotFound(f"There is no potential {potential_id} in Zoho CRM.", field="potential_id")
    _require_same_customer(desk, document, record)
    if document["zcrm_potential_id"] not in ("", potential_id):
        _require_free(desk, kind, document)
    name = str(record.get("Deal_Name") or "")
    changed = _write(desk, kind, document_id, {"zcrm_potential_id": potential_id, "zcrm_potential_name": name})
    is_new = document["zcrm_potential_id"] != potential_id
    shown = _shown(desk, kind, changed)
    storing.keep_document(desk.connection_id, kind, changed, is_new)
    storing.keep_potential(desk.connection_id, record)
    return {
        **shown,
        "by_trigger": shown["by_trigger"] and not is_new,
        "can_dissociate": is_new or shown["can_dissociate"],
    }


def _require_same_customer(desk: Desk, document: Record, record: Record) -> None:
    found = customers.customer_of(desk.settings, "Deals", record)
    contact_id = customers.invoice_id_of(desk.connection_id, found) if found else None
    db.session.rollback()
    if contact_id != document["customer_id"]:
        message = f"Potential {record.get('Deal_Name')} belongs to another customer than this transaction."
        raise Conflicting("another_customer", message, field="potential_id")


def _require_free(desk: Desk, kind: Kind, document: Record) -> None:
    """A link made by a trigger stays, unless its potential was deleted (requirements L5, L6).

    Raises:
        Conflicting: it is such a link.
    """
    potential_id = document["zcrm_potential_id"]
    by_trigger = storing.is_by_trigger(desk.connection_id, kind.id_of(document), potential_id)
    db.session.rollback()
    if by_trigger and _potential(desk, potential_id) is not None:
        raise Conflicting("linked_by_trigger", LINKED_BY_TRIGGER)


def _write(desk: Desk, kind: Kind, document_id: str, change: Record) -> Record:
    with answered_by("invoice"):
        changed: Record = desk.own.ask("PUT", f"/{kind.path}/{document_id}", json=change, repeatable=True)[kind.entity]
    return changed


def dissociate(token: str, kind: Kind, document_id: str) -> Record:
    """Takes the potential off a document (requirement L5)."""
    desk = desk_of(working_connection(), token)
    document = _document(desk, kind, document_id)
    if not document["zcrm_potential_id"]:
        raise Conflicting("not_linked", f"This {kind.label} is not linked with a potential.")
    _require_free(desk, kind, document)
    changed = _write(desk, kind, document_id, {"zcrm_potential_id": "", "zcrm_potential_name": ""})
    storing.forget_document(desk.connection_id, document_id)
    return _shown(desk, kind, changed)


def change_customer(token: str, kind: Kind, document_id: str, contact_id: str, drop_link: bool) -> Record:
    """Another customer for a document; a link with a potential of the former one is dropped (requirement L6).

    Args:
        drop_link: the person was asked, and wants it so.

    Raises:
        Conflicting: there is a link, and nobody was asked.
    """
    desk = desk_of(working_connection(), token)
    document = _document(desk, kind, document_id)
    if contact_id == document["customer_id"]:
        return _shown(desk, kind, document)
    customer(desk, contact_id)
    if document["zcrm_potential_id"] and not drop_link:
        name = document["zcrm_potential_name"]
        message = f"This {kind.label} is linked with potential {name} of its customer; with another customer it is not."
        raise Conflicting("link_would_be_dropped", message, potential_id=document["zcrm_potential_id"])
    freed = {"zcrm_potential_id": "", "zcrm_potential_name": ""}
    changed = _write(desk, kind, document_id, {"customer_id": contact_id, **freed})
    storing.forget_document(desk.connection_id, document_id)
    return _shown(desk, kind, changed)
