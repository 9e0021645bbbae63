"""Figures of the history (requirement D3): syncs over time, records by outcome, failures by reason, down to records."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, func, literal_column, select, type_coerce

from connector.database import db
from connector.history import OUTCOMES, SIDES, page_of, shown_op
from connector.models import Op, Run

Record = dict[str, Any]

REASONS_SHOWN = 50


def history_figures(connection_id: int, until: datetime, days: int) -> Record:
    """What the syncs of some days did, by day of the world's time (UTC), today among them."""
    first = (until - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    runs, outcomes = _runs(connection_id, first), _outcomes(connection_id, first)
    shown = []
    for number in range(days):
        day = (first + timedelta(days=number)).date().isoformat()
        counted = {outcome: outcomes[day][outcome] for outcome in OUTCOMES}
        shown.append({"date": day, "runs": dict(runs[day]), "outcomes": counted})
    totals: Counter[str] = sum(outcomes.values(), Counter())
    return {
        "from": first.date().isoformat(),
        "to": until.date().isoformat(),
        "days": shown,
        "outcomes": {outcome: totals[outcome] for outcome in OUTCOMES},
        "failures": _failures(connection_id, first),
    }


def _day_of(column: Any) -> Any:
    # Written out: as parameters they would make another expression of each place where it stands (PostgreSQL).
    return func.substr(type_coerce(column, String), literal_column("1"), literal_column("10"))


def _runs(connection_id: int, first: datetime) -> dict[str, Counter[str]]:
    """Syncs by day and how they ended; the rolling one of triggers is none."""
    day = _day_of(Run.created_at)
    statement = (
        select(day, Run.state, func.count())
        .where(Run.connection_id == connection_id, Run.created_at >= first, Run.kind != "trigger")
        .group_by(day, Run.state)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for on, state, count in db.session.execute(statement):
        found[on][state] += count
    return found


def _outcomes(connection_id: int, first: datetime) -> dict[str, Counter[str]]:
    """Records by day and outcome; those with nothing to do are counted in their runs only."""
    day = _day_of(Op.at)
    statement = (
        select(day, Op.outcome, func.count())
        .join(Run, Run.id == Op.run_id)
        .where(Run.connection_id == connection_id, Op.at >= first, Op.outcome.is_not(None))
        .group_by(day, Op.outcome)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for on, outcome, count in db.session.execute(statement):
        found[on][outcome] += count
    counters = select(_day_of(Run.created_at), Run.counters).where(
        Run.connection_id == connection_id, Run.created_at >= first, Run.kind != "trigger"
    )
    for on, counted in db.session.execute(counters):
        for name in SIDES.values():
            found[on]["unchanged"] += sum(sum(reasons.values()) for reasons in (counted or {}).get(name, {}).values())
    return found


def _failures(connection_id: int, first: datetime) -> list[Record]:
    """Reasons of failures, the most frequent first."""
    columns = (Op.entity, Op.code, Op.reason)
    count = func.count()
    statement = (
        select(*columns, count, func.max(type_coerce(Op.at, String)))
        .join(Run, Run.id == Op.run_id)
        .where(Run.connection_id == connection_id, Op.at >= first, Op.outcome == "failed")
        .group_by(*columns)
        .order_by(count.desc(), Op.reason)
        .limit(REASONS_SHOWN)
    )
    return [
        {"entity": entity, "code": code, "reason": reason, "count": number, "last_at": last}
        for entity, code, reason, number, last in db.session.execute(statement)
    ]


def list_records(connection_id: int, wanted: Record) -> Record:
    """The records behind a figure, newest first."""
    rows, page_context = page_of(_matching(connection_id, wanted), wanted["page"], wanted["per_page"])
    return {"ops": [shown_op(op) for op in rows], "page_context": page_context}


def _matching(connection_id: int, wanted: Record) -> Select[Any]:
    statement = (
        select(Op)
        .join(Run, Run.id == Op.run_id)
        .where(Run.connection_id == connection_id, Op.outcome.is_not(None))
        .order_by(Op.id.desc())
    )
    for name in ("outcome", "entity", "reason"):
        if wanted[name] is not None:
            statement = statement.where(getattr(Op, name) == wanted[name])
    if wanted["since"] is not None:
        statement = statement.where(_day_of(Op.at) >= wanted["since"].isoformat())
    if wanted["date"] is not None:
        statement = statement.where(_day_of(Op.at) == wanted["date"].isoformat())
    return statement
