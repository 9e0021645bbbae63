"""Acts on many records of a module: by ids at once, or on all records of a view as a job (crm-api.md §4.8).

The vendor's jobs run in the background; here they are done when the call returns, and their counts are kept.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import insert, select

from mock_crm.database import db, searching_connection
from mock_crm.envelope import Outcome, id_of, items, success
from mock_crm.errors import CrmError, InvalidData, InvalidId
from mock_crm.metadata.catalog import FILE_TYPES, ROW_TYPES, Module
from mock_crm.organization.people import User
from mock_crm.records import deleting, store, views
from mock_crm.records.acts_model import mass_job
from mock_crm.records.drafts import Draft, read_draft, take_up
from mock_crm.records.model import record
from mock_crm.records.refusals import JobOfAnotherModule, NoRecordsFound, RecordLimitExceeded
from mock_crm.records.writing import Stamp, write
from simulator import ids

MOST_OF_VIEW = 50_000
#: So many records at once: each part is one write, and one call to the channels that watch it.
PART = 500
#: Fields that no mass update changes (the vendor's list), and how many one call may change.
LEFT_OUT = {"email", "lookup", "userlookup", "ownerlookup", "textarea", "layout", "autonumber"} | ROW_TYPES | FILE_TYPES
MOST_FIELDS = {"Deals": 3}

Act = Callable[[Sequence[int]], list[Outcome]]


def updates_in(given: dict[str, Any], module: Module) -> dict[str, Any]:
    """The fields that a mass update changes.

    Raises:
        InvalidData: when there are none, too many, or some that it may not change.
    """
    (values,) = items(given, most=1)
    if not isinstance(values, dict) or not values:
        raise InvalidData({"api_name": "data", "json_path": "$.data[0]"}, "No field found")
    most = MOST_FIELDS.get(module.api_name, 1)
    if len(values) > most:
        raise InvalidData({"api_name": "data", "json_path": "$.data[0]", "limit": most}, "Max field limit exceeded")
    for name in values:
        known = module.fields.get(name)
        if known is None or known.column or known.is_read_only or known.is_hidden or known.data_type in LEFT_OUT:
            place = {"api_name": name, "json_path": f"$.data[0].{name}"}
            raise InvalidData(place, "This field cannot be updated in the Mass Update")
    probe = read_draft(module, 0, values)
    if error := probe.error():
        raise error
    return values


def update_all(
    module: Module, numbers: Sequence[int], values: dict[str, Any], over_write: bool, stamp: Stamp
) -> list[Outcome]:
    """Writes the same values to many records; lists are added to, unless they are to be overwritten."""
    rows = store.rows_of(module, numbers)
    drafts = []
    for number in numbers:
        draft = read_draft(module, 0, values)
        if not over_write:
            draft.appended = frozenset(values)
        _aim(draft, number, rows)
        drafts.append(draft)
    return write(module, drafts, stamp)


def _aim(draft: Draft, number: int, rows: dict[int, Any]) -> None:
    if number in rows:
        take_up(draft, rows[number])
    else:
        draft.refuse(InvalidId({"id": str(number)}))


def delete_all(module: Module, numbers: Sequence[int], stamp: Stamp) -> list[Outcome]:
    gone = deleting.remove(module, numbers, stamp)
    return [
        success({"id": str(number)}, "record is deleted")
        if number in gone
        else InvalidId({"api_name": "ids", "json_path": f"$.ids[{place}]", "id": str(number)})
        for place, number in enumerate(numbers)
    ]


def give_all(module: Module, numbers: Sequence[int], owner: User, stamp: Stamp) -> list[Outcome]:
    """Gives records to another owner."""
    rows = store.rows_of(module, numbers)
    drafts = []
    for number in numbers:
        draft = Draft(module, 0, owner=owner.id)
        _aim(draft, number, rows)
        drafts.append(draft)
    done = write(module, drafts, stamp)
    return [
        result if isinstance(result, CrmError) else success({"id": str(number)}, "owner is successfully updated")
        for number, result in zip(numbers, done, strict=True)
    ]


def view_in(given: dict[str, Any], module: Module) -> views.ViewFilter:
    """The view named by `cvid` in a body.

    Raises:
        InvalidData: when there is no such view, or a territory is named (there are none).
    """
    if given.get("territory") is not None:
        raise InvalidData({"api_name": "id", "json_path": "$.territory.id"}, "the id given seems to be invalid")
    view = views.find(module, id_of(given["cvid"]))
    if view is None:
        details = {"api_name": "cvid", "json_path": "$.cvid", "id": str(given["cvid"])[:40]}
        raise InvalidData(details, "the cvid given seems to be invalid")
    return view


def ids_of_view(module: Module, conditions: Sequence[Any]) -> list[int]:
    """
    Raises:
        NoRecordsFound, RecordLimitExceeded: when there are none, or more than a job takes.
    """
    statement = select(record.c.id).where(*store.alive(module), *conditions).order_by(record.c.id)
    found = [row[0] for row in searching_connection().execute(statement.limit(MOST_OF_VIEW + 1))]
    if not found:
        raise NoRecordsFound
    if len(found) > MOST_OF_VIEW:
        raise RecordLimitExceeded({"limit": MOST_OF_VIEW})
    return found


def run(module: Module, kind: str, numbers: Sequence[int], act: Act) -> int:
    """Does the act part by part and keeps the counts; returns the job's id."""
    failed = 0
    for some in deleting.chunks(numbers, PART):
        failed += sum(isinstance(result, CrmError) for result in act(some))
    number = ids.new_id()
    counts = {"total": len(numbers), "done": len(numbers) - failed, "failed": failed}
    db.session.execute(insert(mass_job).values(id=number, module=module.api_name, kind=kind, **counts))
    return number


def job_of(module: Module, kind: str, number: int) -> Any:
    """
    Raises:
        JobOfAnotherModule: when the job is another module's.
    """
    row = db.session.execute(select(mass_job).where(mass_job.c.id == number, mass_job.c.kind == kind)).first()
    if row is not None and row.module != module.api_name:
        raise JobOfAnotherModule
    return row
