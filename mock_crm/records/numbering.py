"""Numbers that the CRM counts: a record gets the next one when it is made."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update

from mock_crm.database import db
from mock_crm.metadata.catalog import Field
from mock_crm.records.drafts import Draft
from mock_crm.records.model import auto_number


def number(drafts: Sequence[Draft]) -> None:
    """Gives new records of one module their numbers, in order; the counter waits for whoever counts beside us."""
    for known in drafts[0].module.counters if drafts else ():
        counter = known.counter or {}
        first = _take(known, int(counter.get("start_number") or 1), len(drafts))
        for draft, count in zip(drafts, range(first, first + len(drafts)), strict=True):
            text = f"{counter.get('prefix') or ''}{count}{counter.get('suffix') or ''}"
            draft.after[known.api_name] = text if known.data_type == "autonumber" else count


def _take(known: Field, start: int, count: int) -> int:
    mine = auto_number.c.field == known.id
    ahead = update(auto_number).where(mine).values(next=auto_number.c.next + count)
    if db.session.connection().execute(ahead).rowcount == 0:
        db.session.execute(insert(auto_number).values(field=known.id, next=start + count))
        return start
    return int(db.session.execute(select(auto_number.c.next).where(mine)).scalar_one()) - count
