"""A run as a CSV file, safe to open in a spreadsheet (requirement S5)."""

import csv
import io
from typing import Any

from sqlalchemy import select

from connector.database import db
from connector.models import Op, Run
from simulator import wire

COLUMNS = (
    "record", "kind of record", "direction", "act", "outcome", "reason", "other record", "code",
    "CRM id", "Invoice id", "at", "before", "after",
)  # fmt: skip
#: What makes a spreadsheet take a cell for a formula; a tab or line end in front of one does not help.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
ROWS_AT_ONCE = 1000


def csv_of(run: Run) -> str:
    """One line for each record the run has an outcome of, in the order they were planned."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    ops = select(Op).where(Op.run_id == run.id, Op.outcome.is_not(None)).order_by(Op.id)
    for op in db.session.execute(ops.execution_options(yield_per=ROWS_AT_ONCE)).scalars():
        writer.writerow(safe(cell) for cell in _cells(op))
    return text.getvalue()


def safe(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe in front says that it is text."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _cells(op: Op) -> tuple[Any, ...]:
    at = op.at.isoformat(timespec="seconds")
    facts = (op.record_name, op.entity, f"to {op.side}", op.kind, op.outcome, op.reason, op.target_name, op.code)
    return (*facts, op.crm_id, op.invoice_id, at, _values(op.before), _values(op.after))


def _values(values: Any) -> str:
    return wire.dumps(values).decode() if values else ""
