"""Loads what a scenario says of the integration: a connection whose access has ended, and the history of its syncs.

Access cannot come with a scenario, for each world has tokens of its own: `reconnect_needed` is where such a connection
stands until somebody enters an email address and a ZSC key. `scripts/make_half_broken` writes the files from real runs.
"""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from connector.connections import new_channel
from connector.database import db
from connector.models import Connection, Op, Run
from connector.settings import DEFAULT_SETTINGS, merged
from simulator import clock
from simulator.scenarios import load_folder

Record = dict[str, Any]

#: What of an op stands in the file as the history's API tells it.
OP_FIELDS = (
    *("entity", "side", "kind", "state", "outcome", "actor", "record_name"),
    *("crm_id", "invoice_id", "reason", "target_name", "code", "attempts"),
)


def load_scenario(folder: Path) -> None:
    """Fills the world in context from `<folder>/connector/{connection,runs}.json`; most scenarios have neither."""
    files = load_folder(folder / "connector", clock.now().date())
    if "connection" not in files:
        return
    connection = _connection(files["connection"])
    db.session.add(connection)
    db.session.flush()
    for given in files.get("runs", []):
        run = _run(connection, given)
        db.session.add(run)
        db.session.flush()
        db.session.add_all(_op(run, op) for op in given["ops"])
        if run.kind != "trigger":
            connection.attention_run_id = run.id
    db.session.flush()


def _connection(given: Record) -> Connection:
    fields = {name: given[name] for name in given if name not in ("settings", "connected_at", "last_sync_at")}
    return Connection(
        **fields,
        state="reconnect_needed",
        generation=1,
        settings=merged(DEFAULT_SETTINGS, given["settings"]),
        is_configured=True,
        crm_grant={},
        channel=new_channel(),
        hook_secret=secrets.token_hex(24),
        connected_at=datetime.fromisoformat(given["connected_at"]),
        triggers_since=datetime.fromisoformat(given["connected_at"]),
        last_sync_at=datetime.fromisoformat(given["last_sync_at"]),
    )


def _run(connection: Connection, given: Record) -> Run:
    begun, ended = (datetime.fromisoformat(given[name]) for name in ("started_at", "ended_at"))
    names = ("kind", "state", "started_by", "reason", "phase", "done", "total")
    return Run(
        connection_id=connection.id,
        settings=connection.settings,
        generation=connection.generation,
        counters={},
        created_at=begun,
        started_at=begun,
        ended_at=ended,
        **{name: given[name] for name in names},
    )


def _op(run: Run, given: Record) -> Op:
    return Op(run_id=run.id, phase=0, at=run.ended_at, **{name: given[name] for name in OP_FIELDS})
