"""How a planned step becomes a row of the op table."""

from typing import Any

from connector import mapping
from connector.sync.records import Planned
from simulator import clock

#: Order of the phases: parents first, deletes last and children before parents (sync.md, Apply in phases).
PHASES = {"account": 1, "contact": 2, "product": 3}
DELETE_PHASES = {"contact": 11, "account": 12, "product": 13}


def op_row(step: Planned, run_id: int) -> dict[str, Any]:
    """The columns of a planned op. Its payload is what is written, its baseline what both sides then agree on."""
    phases = DELETE_PHASES if step.kind == "delete" else PHASES
    return {
        "run_id": run_id,
        "phase": phases[step.entity],
        "entity": step.entity,
        "side": "invoice",
        "kind": step.kind,
        "state": "planned",
        "actor": "sync",
        "record_name": step.name,
        "crm_id": step.crm_id,
        "invoice_id": step.invoice_id,
        "parent_crm_id": step.parent,
        "suffix": step.suffix,
        "payload": step.values,
        "baseline": mapping.without_suffix(step.entity, step.values, step.suffix),
        "reason": step.reason,
        "at": clock.real_now(),
    }
