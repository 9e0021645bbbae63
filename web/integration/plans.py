"""The plan of a sync that waits: record by record in its order, what it deletes, Confirm and Discard (S6, C12)."""

from itertools import groupby
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.integration.blueprint import bp, say
from web.session import connector

#: So many of the records a plan deletes are named above it; the list has all of them.
NAMED = 10

Record = dict[str, Any]


@bp.post("/runs/<key:run_id>/<any(confirm, discard):act>")
def runs_decide(run_id: str, act: str) -> ResponseReturnValue:
    """Confirm applies the very plan that stopped before its first write, Discard drops it (C12)."""
    try:
        connector().post(f"/connection/runs/{run_id}/{act}")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.runs_record", run_id=run_id), 303)


def grouped(ops: list[Record], plan: list[Record]) -> list[tuple[Record | None, list[Record]]]:
    """The records of a page under the line of the plan they belong to; without a plan they stand in one group."""
    if not plan:
        return [(None, ops)] if ops else []
    lines = {(line["entity"], line["direction"], line["kind"]): line for line in plan}
    return [(lines.get(key), list(found)) for key, found in groupby(ops, _line_of)]


def _line_of(op: Record) -> tuple[str, str, str]:
    return op["entity"], f"to {op['side']}", op["kind"]


def deleted_by(run: Record, plan: list[Record]) -> Record | None:
    """How many records a waiting plan would delete, and the names of the first; None when it deletes nothing."""
    count = sum(line["count"] for line in plan if line["kind"] == "delete")
    if run["state"] != "needs_confirmation" or not count:
        return None
    ops = connector().get(f"/connection/runs/{run['id']}/ops", kind="delete", per_page=NAMED)["ops"]
    return {"count": count, "names": [op["record_name"] for op in ops]}
