"""Sync history: what runs did, counted and told (requirement S5; reliability.md I4)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, func, select

from connector import tally
from connector.database import db
from connector.errors import NotFound
from connector.models import Connection, Op, Potential, Run
from connector.sync.pausing import paused_at
from simulator import clock

OUTCOMES = ("added", "updated", "deleted", "skipped", "unchanged", "failed")
PAGE_LIMIT = 200
#: Under which counter of a run the records stand that needed nothing, by the side they would be written to.
SIDES = {"invoice": "unchanged", "crm": "unchanged_in_invoice"}


def shown_run(run: Run) -> dict[str, Any]:
    """A run as the API answers it."""
    totals = totals_of(run)
    counts = {outcome: sum(row[outcome] for row in totals) for outcome in OUTCOMES}
    return {
        "id": run.id,
        "kind": run.kind,
        "about_run_id": run.about_run_id,
        "state": run.state,
        "phase": run.phase,
        "done": run.done,
        "total": run.total,
        "seconds_left": _left(run),
        "section": run.section,
        "readings": [
            {name: reading[name] for name in ("entity", "way", "reason")}
            for reading in (run.counters or {}).get("readings", ())
        ],
        "trace": run.trace,
        "paused_at": paused_at(run),
        "cost": {"estimated": (run.counters or {}).get("estimated"), "counted": (run.counters or {}).get("calls")},
        "started_by": run.started_by,
        "started_at": _moment(run.started_at or run.created_at),
        "ended_at": _moment(run.ended_at),
        "reason": run.reason,
        "counts": counts,
    }


def _left(run: Run) -> int | None:
    if run.state != "running" or run.writing_since is None:
        return None
    return seconds_left((clock.real_now() - run.writing_since).total_seconds(), run.done, run.total)


def seconds_left(seconds: float | None, done: int, total: int) -> int | None:
    """How long it will still take at the pace of its writing so far; None where that cannot be told."""
    return round(seconds / done * (total - done)) if seconds is not None and done else None


def took_section(section: str) -> Any:
    """A condition on runs: those that took records of a section, contacts or items (requirement S8)."""
    took_all = Run.kind.in_(("auto", "instant", "dry")) & Run.about_run_id.is_(None)
    is_item = Op.entity == "product"
    mine = is_item if section == "items" else ~is_item & (Op.entity != "potential")
    return (took_all & (func.coalesce(Run.section, section) == section)) | exists().where(Op.run_id == Run.id, mine)


def totals_of(run: Run) -> list[dict[str, Any]]:
    """Per kind of record and direction: fetched = added + updated + deleted + skipped + unchanged + failed."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for entity, side, outcome, count in tally.outcomes(run.id) if tally.is_tallied(run) else _outcomes(run):
        counted[entity, side][str(outcome)] += count
    for side in SIDES:
        for entity, reasons in _unchanged(run, side).items():
            counted[entity, side]["unchanged"] += sum(reasons.values())
    return [
        {
            "entity": entity,
            "direction": f"to {side}",
            "fetched": sum(counts.values()),
            **{outcome: counts[outcome] for outcome in OUTCOMES},
        }
        for (entity, side), counts in sorted(counted.items())
    ]


def _outcomes(run: Run) -> Iterable[Any]:
    what = (Op.entity, Op.side, Op.outcome)
    mine = select(*what, func.count()).where(Op.run_id == run.id, Op.outcome.is_not(None))
    return db.session.execute(mine.group_by(*what))


def plan_of(run: Run) -> list[dict[str, Any]]:
    """What a run has planned and not begun, by kind of record, direction and act."""
    return [
        {"entity": entity, "direction": f"to {side}", "kind": kind, "count": count}
        for entity, side, kind, count in (tally.waiting(run.id) if tally.is_tallied(run) else _waiting(run))
    ]


def _waiting(run: Run) -> Iterable[Any]:
    what = (Op.entity, Op.side, Op.kind)
    mine = select(*what, func.count()).where(Op.run_id == run.id, Op.state == "planned")
    return db.session.execute(mine.group_by(*what).order_by(func.min(Op.phase), func.min(Op.id)))


def reasons_of(run: Run) -> list[dict[str, Any]]:
    """What became of the records, grouped by reason, most frequent first."""
    found = [
        {"entity": entity, "outcome": outcome, "reason": reason, "count": count}
        for entity, outcome, reason, count in (tally.reasons(run.id) if tally.is_tallied(run) else _reasons(run))
    ]
    for side in SIDES:
        for entity, reasons in _unchanged(run, side).items():
            for reason, count in reasons.items():
                found.append({"entity": entity, "outcome": "unchanged", "reason": reason, "count": count})
    return sorted(found, key=lambda row: (-row["count"], row["reason"]))


def _reasons(run: Run) -> Iterable[Any]:
    what = (Op.entity, Op.outcome, Op.reason)
    mine = select(*what, func.count()).where(Op.run_id == run.id, Op.outcome.is_not(None))
    return db.session.execute(mine.group_by(*what))


def _unchanged(run: Run, side: str) -> dict[str, dict[str, int]]:
    """Records with nothing to do, by reason, counted for the side they would be written to.

    What triggers left as it is stands with the potentials themselves.
    """
    if run.kind != "trigger":
        found: dict[str, dict[str, int]] = (run.counters or {}).get(SIDES[side], {})
        return found
    if side == "crm":
        return {}
    told = select(Op.crm_id).where(Op.run_id == run.id, Op.entity == "potential")
    rows = db.session.execute(
        select(Potential.reason, func.count())
        .where(Potential.connection_id == run.connection_id, Potential.crm_id.not_in(told))
        .group_by(Potential.reason)
    )
    reasons = dict(rows.all())
    return {"potential": reasons} if reasons else {}


def shown_op(op: Op, *, whole: bool = False) -> dict[str, Any]:
    """An op as the API answers it; `whole` with what stood before and after, or would be written."""
    shown = {
        "id": op.id,
        "run_id": op.run_id,
        "entity": op.entity,
        "side": op.side,
        "kind": op.kind,
        "state": op.state,
        "outcome": op.outcome,
        "actor": op.actor,
        "record_name": op.record_name,
        "crm_id": op.crm_id,
        "invoice_id": op.invoice_id,
        "reason": op.reason,
        "target_name": op.target_name,
        "undoes_op_id": op.undoes_op_id,
        "code": op.code,
        "attempts": op.attempts,
        "at": _moment(op.at),
    }
    if whole:
        would = op.payload if op.state == "planned" else None
        shown |= {"before": op.before or {}, "after": op.after or {}, "conflicts": op.conflicts or {}}
        shown["would_write"] = would or {}
    return shown


def why(op: Op) -> str:
    """The reason of one op, with the other record that it is about."""
    return ": ".join(filter(None, (op.reason, op.target_name)))


def find_run(connection: Connection, run_id: int) -> Run:
    run = db.session.get(Run, run_id)
    if run is None or run.connection_id != connection.id:
        raise NotFound(f"There is no run {run_id}.")
    return run


def find_op(connection: Connection, op_id: int) -> Op:
    op = db.session.get(Op, op_id)
    if op is None:
        raise NotFound(f"There is no op {op_id}.")
    find_run(connection, op.run_id)
    return op


def page_of(statement: Any, page: int, per_page: int) -> tuple[list[Any], dict[str, Any]]:
    """The rows of one page of a select, and its page_context."""
    total = db.session.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one()
    rows = list(db.session.execute(statement.limit(per_page).offset((page - 1) * per_page)).scalars())
    context = {"page": page, "per_page": per_page, "has_more_page": page * per_page < total, "total": total}
    return rows, context


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
