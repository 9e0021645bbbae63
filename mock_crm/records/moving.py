"""Moving potentials from one stage or pipeline to another, when the one they are in goes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mock_crm import state
from mock_crm.database import searching_connection
from mock_crm.organization.people import User
from mock_crm.records import store
from mock_crm.records.criteria import Condition, compiled
from mock_crm.records.drafts import read_draft, take_up
from mock_crm.records.model import record
from mock_crm.records.writing import Stamp, write

BATCH = 100


def potentials_in(stage: str | None = None, pipeline: str | None = None) -> list[int]:
    """Ids of the living potentials in a stage, a pipeline, or a stage of a pipeline."""
    module = state.catalog().modules["Deals"]
    wanted = {"Stage": stage, "Pipeline": pipeline}
    conditions = [
        compiled(Condition(module.fields[name], "equal", (value,)))
        for name, value in wanted.items()
        if value is not None
    ]
    statement = select(record.c.id).where(*store.alive(module), *conditions).order_by(record.c.id)
    return [row[0] for row in searching_connection().execute(statement)]


def move(ids: Sequence[int], values: dict[str, Any], user: User) -> None:
    """Writes the values into these potentials, as a user would: probabilities follow, channels are notified."""
    module = state.catalog().modules["Deals"]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        rows = store.rows_of(module, batch)
        drafts = []
        for place, number in enumerate(batch):
            draft = read_draft(module, place, values)
            take_up(draft, rows[number])
            drafts.append(draft)
        write(module, drafts, Stamp.now(user))
