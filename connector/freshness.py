"""When each side of a linked record was last seen to be as both agreed (requirement S5)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from connector.database import db
from connector.models import Link, Op, Run
from connector.settings import Extent, entities

#: So many syncs are looked back at; a record that failed in all of them was last seen when it was last written.
LOOKED_BACK = 50
#: An op that ends so has not left its pair equal.
UNEVEN_CODES = ("changed-meanwhile", "gone", "still-there")


def shown_links(connection_id: int, links: Sequence[Link]) -> list[dict[str, Any]]:
    """Links as the API answers them, each with when its sides were last seen equal."""
    written = _written([link.last_op_id for link in links if link.last_op_id])
    runs = _syncs(connection_id)
    uneven = _uneven([run.id for run in runs], [link.crm_id for link in links])
    return [_shown(link, written.get(link.last_op_id or 0), runs, uneven[link.entity, link.crm_id]) for link in links]


def _shown(link: Link, written: Op | None, runs: Sequence[Run], uneven: set[int]) -> dict[str, Any]:
    seen = {"crm": written.at if written else None, "invoice": written.at if written else None}
    if link.state == "linked" and (link.in_view or link.origin != "view"):
        for side in ("crm", "invoice"):
            at = next((run.started_at for run in runs if run.id not in uneven and _looked_at(run, link, side)), None)
            seen[side] = max((one for one in (seen[side], at) if one is not None), default=None)
    return {
        "id": link.id,
        "entity": link.entity,
        "name": link.name,
        "crm_id": link.crm_id,
        "invoice_id": link.invoice_id,
        "role": link.role,
        "state": link.state,
        "in_view": link.in_view,
        "origin": link.origin,
        "crm_seen_at": _text(seen["crm"]),
        "invoice_seen_at": _text(seen["invoice"]),
    }


def _looked_at(run: Run, link: Link, side: str) -> bool:
    """Whether a sync has compared that side of a pair; Fetch from CRM looks at Invoice only where it writes."""
    if run.section is not None and (link.entity == "product") != (run.section == "items"):
        return False
    entity = next((one for one in entities(run.settings) if one.name == link.entity), None)
    return entity is not None and (side == "crm" or entity.extent is Extent.BOTH)


def _written(op_ids: list[int]) -> dict[int, Op]:
    return {op.id: op for op in db.session.execute(select(Op).where(Op.id.in_(op_ids))).scalars()}


def _syncs(connection_id: int) -> list[Run]:
    """The latest syncs that took all records of their kinds, the newest first."""
    mine = (Run.connection_id == connection_id, Run.state == "done", Run.kind.in_(("auto", "instant")))
    statement = select(Run).where(*mine, Run.records.is_(None)).order_by(Run.id.desc()).limit(LOOKED_BACK)
    return list(db.session.execute(statement).scalars())


def _uneven(run_ids: list[int], crm_ids: list[str]) -> defaultdict[tuple[str, str], set[int]]:
    """By record, the syncs after which its sides were not equal."""
    ended_so = (Op.state == "failed") | Op.code.in_(UNEVEN_CODES)
    rows = db.session.execute(
        select(Op.entity, Op.crm_id, Op.run_id).where(Op.run_id.in_(run_ids), Op.crm_id.in_(crm_ids), ended_so)
    )
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for entity, crm_id, run_id in rows:
        found[entity, str(crm_id)].add(run_id)
    return found


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
