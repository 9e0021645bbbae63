"""What a tester does to calls a service owes: hold them, send them again or twice, change their order."""

from typing import Any

from sqlalchemy import insert, select, update

from simulator import clock, journal, settings
from simulator.database import session
from simulator.outbox import HOLDING, outbox
from simulator.worlds import WorldError

#: What a call can be before it has gone out.
OWED = ("pending", "held")
ACTS = ("resend", "duplicate", "hold", "earlier")


def listed(limit: int) -> list[dict[str, Any]]:
    """The newest calls first, secrets in their bodies masked."""
    rows = session().execute(select(outbox).order_by(outbox.c.id.desc()).limit(limit)).mappings()
    return [{**row, "body": journal.masked(row["body"])} for row in rows]


def hold_all(is_on: bool) -> None:
    """From now on what is owed waits, what waits now too; or all of it may go."""
    settings.write(HOLDING, is_on)
    before, after = ("pending", "held") if is_on else ("held", "pending")
    moment = clock.real_now().isoformat()
    session().execute(update(outbox).where(outbox.c.state == before).values(state=after, next_at=moment))


def act(number: int, what: str) -> None:
    """Does one of the acts to one call.

    Raises:
        WorldError: when there is no such call, or its state does not allow it.
    """
    row = session().execute(select(outbox).where(outbox.c.id == number)).mappings().first()
    if row is None:
        raise WorldError(f"There is no call {number} in this outbox.", 404)
    if what in ("hold", "earlier") and row["state"] not in OWED:
        raise WorldError(f"Call {number} has gone out already ({row['state']}).", 409)
    if what == "earlier":
        return _swap(dict(row))
    moment = clock.real_now().isoformat()
    if what == "duplicate":
        copy = {"queue": row["queue"], "url": row["url"], "body": row["body"], "posted_at": moment, "next_at": moment}
        session().execute(insert(outbox).values(copy))
        return
    changed = {"state": "held"} if what == "hold" else {"state": "pending", "next_at": moment}
    session().execute(update(outbox).where(outbox.c.id == number).values(**changed))


def _swap(row: dict[str, Any]) -> None:
    """The call changes places with the one owed before it in its queue; a number is a place."""
    before = (
        session()
        .execute(
            select(outbox)
            .where(outbox.c.queue == row["queue"], outbox.c.id < row["id"], outbox.c.state.in_(OWED))
            .order_by(outbox.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if before is None:
        raise WorldError(f"Call {row['id']} is the first of its queue already.", 409)
    for place, call in ((before["id"], row), (row["id"], dict(before))):
        moved = {name: value for name, value in call.items() if name != "id"}
        session().execute(update(outbox).where(outbox.c.id == place).values(**moved))
