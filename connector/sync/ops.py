"""How a planned step becomes a row of the op table."""

from typing import Any

from sqlalchemy import select

from connector import mapping
from connector.database import db
from connector.mapping import Values
from connector.models import Op
from connector.sync.crm_side import sync_key
from connector.sync.records import Planned
from simulator import clock

#: Order of the phases: parents first, deletes last and children before parents (sync.md, Apply in phases). Accounts go
#: from the CRM to Invoice first, products both ways from Invoice to the CRM first (requirement I2); what was made in
#: the CRM is noted on the Invoice record afterwards.
PHASES = {
    ("account", "invoice"): 10,
    ("account", "crm"): 11,
    ("customer", "invoice"): 10,
    ("customer", "crm"): 11,
    ("contact", "invoice"): 20,
    ("contact", "crm"): 21,
    ("product", "crm"): 30,
    ("product", "invoice"): 31,
}
STAMP_PHASES = {"account": 12, "customer": 12, "contact": 22, "product": 32}
RELEASE_PHASE = 19
#: Twins are merged before anything is made of the one that stays.
MERGE_PHASE = 5
DELETE_PHASES = {"contact": 91, "account": 92, "customer": 92, "product": 93}


def phase_of(step: Planned) -> int:
    if step.kind == "delete":
        return DELETE_PHASES[step.entity]
    if step.kind == "merge":
        return MERGE_PHASE
    if step.kind == "release":
        return RELEASE_PHASE
    if step.kind == "stamp":
        return STAMP_PHASES[step.entity]
    return PHASES[step.entity, step.side]


def sent_with(keys: set[str]) -> dict[str, Values]:
    """What the last create with each of these keys sent to the CRM."""
    rows = select(Op.idem_key, Op.payload).where(Op.idem_key.in_(keys), Op.kind == "create").order_by(Op.id)
    return dict(db.session.execute(rows).all()) if keys else {}


def op_row(step: Planned, run_id: int, connection_id: int) -> dict[str, Any]:
    """The columns of a planned op. Its payload is what is written, its baseline what both sides then agree on."""
    is_made_in_crm = step.side == "crm" and step.kind == "create"
    key = sync_key(connection_id, step.entity, str(step.invoice_id), step.incarnation) if is_made_in_crm else None
    agreed = (
        step.baseline if step.baseline is not None else mapping.without_suffix(step.entity, step.values, step.suffix)
    )
    return {
        "run_id": run_id,
        "phase": phase_of(step),
        "entity": step.entity,
        "side": step.side,
        "kind": step.kind,
        "state": "planned",
        "actor": "sync",
        "record_name": step.name,
        "crm_id": step.crm_id or None,
        "invoice_id": step.invoice_id,
        "parent_crm_id": step.parent,
        "home": step.home,
        "target_id": step.into or (step.twin if step.twin and step.twin.isdigit() else None),
        "target_name": step.target_name,
        "idem_key": key,
        "suffix": step.suffix,
        "payload": dict(step.values),
        "baseline": dict(agreed),
        "before": None if step.seen is None else dict(step.seen),
        "conflicts": dict(step.conflicts) or None,
        "reason": step.reason,
        "at": clock.real_now(),
    }
