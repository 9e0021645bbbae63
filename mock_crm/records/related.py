"""Related lists as acts: tying records together and untying them (crm-api.md §4.9)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import Outcome, success
from mock_crm.errors import CrmError, InvalidData, InvalidId, NotSupported
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.related_lists import RelatedList, related_list
from mock_crm.notifications import firing
from mock_crm.records import store
from mock_crm.records.drafts import Draft, take_up
from mock_crm.records.model import record, record_relation
from mock_crm.records.refusals import RelationNotFound
from mock_crm.records.relations import related_to
from mock_crm.records.writing import Stamp, write
from simulator import wire


def listed(module: Module, name: str) -> tuple[RelatedList, Module]:
    """A related list of a module, and the module of what it lists.

    Raises:
        InvalidData: when there is none of that name.
    """
    found = related_list(module.api_name, name)
    target = state.catalog().modules.get(found.target) if found is not None else None
    if found is None or target is None:
        raise InvalidData({"resource_path_index": 2}, "the relation name given seems to be invalid")
    return found, target


def link(
    module: Module,
    number: int,
    to: RelatedList,
    target: Module,
    wanted: Sequence[tuple[int, dict[str, Any]]],
    stamp: Stamp,
) -> list[Outcome]:
    """Ties records to one; each comes with what belongs to the tie.

    Raises:
        NotSupported: for lists whose ties are made by the records themselves, such as line items.
    """
    rows = store.rows_of(target, [other for other, _ in wanted])
    if to.can_link:
        return _tie(module, number, to, rows, wanted)
    if to.field is None or to.target in store.BESIDE:
        raise NotSupported({"resource_path_index": 2})
    return _name(to.field, number, target, rows, [other for other, _ in wanted], stamp, "relation added")


def unlink(
    module: Module, number: int, to: RelatedList, target: Module, others: Sequence[int], stamp: Stamp
) -> list[Outcome]:
    """Unties records; what is not tied is an error of its own. A lookup that ties is emptied."""
    if not to.can_link and (to.field is None or to.target in store.BESIDE):
        raise NotSupported({"resource_path_index": 2})
    tied = _tied(to, target, number, others)
    results: dict[int, Outcome] = {other: RelationNotFound({"id": str(other)}) for other in others if other not in tied}
    if to.relation is not None:
        for other in tied:
            db.session.execute(delete(record_relation).where(_tie_between(to, number, other)))
    if to.field is not None:
        rows = store.rows_of(target, tied)
        naming = [other for other in tied if wire.loads(rows[other].values).get(to.field) == number]
        done = _name(to.field, None, target, rows, naming, stamp, "relation removed")
        results |= dict(zip(naming, done, strict=True))
    if to.can_link:
        _tell(module, number, to, [other for other in tied if not isinstance(results.get(other), CrmError)])
    return [results.get(other) or success({"id": str(other)}, "relation removed") for other in others]


def _tied(to: RelatedList, target: Module, number: int, others: Sequence[int]) -> list[int]:
    statement = select(record.c.id).where(*store.alive(target), related_to(to, number), record.c.id.in_(others))
    return [row[0] for row in db.session.execute(statement)]


def _tie_between(to: RelatedList, number: int, other: int) -> Any:
    parent, child = (other, number) if to.is_child else (number, other)
    table = record_relation.c
    return (table.relation == to.relation) & (table.parent == parent) & (table.child == child)


def _tie(
    module: Module, number: int, to: RelatedList, rows: dict[int, Any], wanted: Sequence[tuple[int, dict[str, Any]]]
) -> list[Outcome]:
    results: list[Outcome] = []
    for place, (other, extra) in enumerate(wanted):
        if other not in rows:
            results.append(InvalidId({"api_name": "id", "json_path": f"$.data[{place}].id"}))
            continue
        between = _tie_between(to, number, other)
        known = db.session.execute(select(record_relation.c.extra).where(between)).first()
        kept = wire.dumps((wire.loads(known.extra) if known else {}) | extra).decode()
        if known is None:
            parent, child = (other, number) if to.is_child else (number, other)
            tie = {"relation": to.relation, "parent": parent, "child": child, "extra": kept}
            db.session.execute(insert(record_relation).values(tie))
        else:
            db.session.execute(update(record_relation).where(between).values(extra=kept))
        results.append(success({"id": str(other)}, "relation updated" if known and extra else "relation added"))
    _tell(module, number, to, [other for other, _ in wanted if other in rows])
    return results


def _tell(module: Module, number: int, to: RelatedList, others: Sequence[int]) -> None:
    """Neither record changes by a tie; channels that listen to related acts hear of it as an edit (from memory)."""
    if others:
        changed = {to.api_name: [{"id": other} for other in others]}
        firing.updated(module, {number: changed}, related=True)


def _name(
    field: str,
    value: int | None,
    target: Module,
    rows: dict[int, Any],
    others: Sequence[int],
    stamp: Stamp,
    message: str,
) -> list[Outcome]:
    """Writes a lookup of the related records, as a client would; one that is named twice is written once."""
    drafts: list[Draft] = []
    own: dict[int, int] = {}  # place of the draft by record
    for place, other in enumerate(others):
        if other in own:
            continue
        draft = Draft(target, place, changes={field: value})
        if other in rows:
            take_up(draft, rows[other])
        else:
            draft.refuse(InvalidId(draft.located("id")))
        own[other] = len(drafts)
        drafts.append(draft)
    done = write(target, drafts, stamp)
    results = [(other, done[own[other]]) for other in others]
    return [
        result if isinstance(result, CrmError) else success({"id": str(other)}, message) for other, result in results
    ]


def extras(to: RelatedList, number: int, others: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What belongs to the ties of a record, by the other record."""
    own, other = record_relation.c.parent, record_relation.c.child
    if to.is_child:
        own, other = other, own
    statement = select(other, record_relation.c.extra).where(
        own == number, record_relation.c.relation == to.relation, other.in_(others)
    )
    return {row[0]: wire.loads(row[1]) for row in db.session.execute(statement)}
