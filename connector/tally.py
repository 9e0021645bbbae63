"""What became of the ops of a run, counted as they are stored: a look at a run of 100,000 records counts nothing anew.

Counters are written in the transaction of what they count, so that they are true whenever a worker dies (I4). Runs of
single records and of triggers have few ops and are counted at each look.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Integer, String, Text, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from connector.database import Model, db
from connector.models import Op, Run

#: Among the counters of a run: that its ops are tallied.
MARK = "tallied"
#: In place of an outcome: all ops of the run, whatever became of them.
ALL = ""


class Tally(Model):
    """How many ops of one run have an entity, a side, a kind, an outcome and a reason."""

    __tablename__ = "tally"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    #: A print of what is counted: a reason may be too long for an index.
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    entity: Mapped[str] = mapped_column(String(20))
    side: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    #: Of all ops of a kind, the phase they are carried out in.
    phase: Mapped[int] = mapped_column()
    count: Mapped[int] = mapped_column(Integer)


class _Counted(NamedTuple):
    entity: str
    side: str
    kind: str
    outcome: str
    reason: str
    phase: int


def is_tallied(run: Run) -> bool:
    return bool((run.counters or {}).get(MARK))


def count_planned(run_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Counts ops that are inserted; some have their outcome already."""
    found: Counter[_Counted] = Counter()
    for row in rows:
        what = (row["entity"], row["side"], row["kind"])
        found[_Counted(*what, ALL, "", row["phase"])] += 1
        if row.get("outcome"):
            found[_Counted(*what, row["outcome"], row["reason"], 0)] += 1
    _add(run_id, found)


def count_closed(run_id: int, ops: Iterable[Op]) -> None:
    """Counts ops that have got their outcome."""
    _add(run_id, Counter(_Counted(op.entity, op.side, op.kind, str(op.outcome), op.reason, 0) for op in ops))


def _add(run_id: int, found: Counter[_Counted]) -> None:
    rows = [
        {"run_id": run_id, "mark": _mark(counted), **counted._asdict(), "count": count}
        for counted, count in found.items()
    ]
    if rows:
        db.session.execute(_upsert(db.session.get_bind().dialect.name), rows)


def _mark(counted: _Counted) -> str:
    return hashlib.sha256("\0".join(map(str, counted)).encode()).hexdigest()[:32]


@cache
def _upsert(dialect: str) -> Any:
    table: Any = Tally.__table__
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    more = {"count": table.c.count + insert.excluded.count}
    return insert.on_conflict_do_update(index_elements=("run_id", "mark"), set_=more)


def outcomes(run_id: int) -> list[Any]:
    """Entity, side, outcome and how many."""
    what = (Tally.entity, Tally.side, Tally.outcome)
    mine = select(*what, func.sum(Tally.count)).where(Tally.run_id == run_id, Tally.outcome != ALL)
    return list(db.session.execute(mine.group_by(*what)))


def reasons(run_id: int) -> list[Any]:
    """Entity, outcome, reason and how many."""
    what = (Tally.entity, Tally.outcome, Tally.reason)
    mine = select(*what, func.sum(Tally.count)).where(Tally.run_id == run_id, Tally.outcome != ALL)
    return list(db.session.execute(mine.group_by(*what)))


def waiting(run_id: int) -> list[Any]:
    """Entity, side, kind and how many ops have not been begun, in the order of their phases."""
    what = (Op.entity, Op.side, Op.kind)
    under_way = select(*what, func.count()).where(Op.run_id == run_id, Op.state == "sent").group_by(*what)
    begun = {(entity, side, kind): count for entity, side, kind, count in db.session.execute(under_way)}
    of = (Tally.entity, Tally.side, Tally.kind)
    is_all = Tally.outcome == ALL
    left = func.sum(case((is_all, Tally.count), else_=-Tally.count))
    phase = func.min(case((is_all, Tally.phase)))
    rows = db.session.execute(select(*of, left).where(Tally.run_id == run_id).group_by(*of).order_by(phase, *of))
    counted = [(*row[:3], int(row[3]) - begun.get(tuple(row[:3]), 0)) for row in rows]
    return [row for row in counted if row[3]]
