"""Pause points: a sync stops at a named step until a person lets it go on, so that he can change a side meanwhile.

It stops as it does before a dangerous plan: what is planned is stored, nobody holds the lease, and going on is what
taking over from a dead worker is.
"""

from connector.database import db
from connector.errors import RunStopped
from connector.models import Run
from connector.sync.lease import Lease
from simulator import switches
from simulator.switches import Switch, one_of
from simulator.worlds import Worlds

AFTER_READ = "after_read"
BEFORE_SEND = "before_send"
SAID = {
    AFTER_READ: "Paused after reading, as the control room asks: the plan stands, nothing was written. "
    "Change a side by hand, then go on.",
    BEFORE_SEND: "Paused before sending, as the control room asks: the first records are marked as sent, "
    "but no call has gone out. Change a side by hand, then go on.",
}

PAUSE_SYNC: Switch = one_of("pause_sync", ("off", *SAID), "off")


def pause_at(point: str, worlds: Worlds, world_id: str, lease: Lease) -> None:
    """Stops the run where the world's switch asks for it, once at each point.

    Raises:
        RunStopped: it waits to be let go.
    """
    with worlds.transaction(world_id, reads_only=True):
        if switches.read(PAUSE_SYNC.name) != point:
            return
    with worlds.transaction(world_id):
        lease.guard()
        run = db.session.get_one(Run, lease.run_id)
        counters = run.counters or {}
        if point in counters.get("paused", ()):
            return
        run.counters = {**counters, "paused": [*counters.get("paused", ()), point]}
    raise RunStopped(SAID[point], "needs_confirmation")


def paused_at(run: Run) -> str | None:
    """The point at which a run waits to be let go."""
    if run.state != "needs_confirmation" or run.kind == "dry":
        return None
    return next((point for point, said in SAID.items() if run.reason == said), None)
