"""Merging duplicates into one record (crm-api.md §4.8): what may be merged, and what moves to the survivor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, update

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import id_of
from mock_crm.errors import CrmError, DuplicateData, InvalidData, InvalidId, MandatoryNotFound, NotAllowed
from mock_crm.metadata.catalog import Field, Module
from mock_crm.records import deleting, store
from mock_crm.records.acts_model import record_tag
from mock_crm.records.drafts import Draft, take_up
from mock_crm.records.model import record, record_lookup, record_relation
from mock_crm.records.present import VALUES
from mock_crm.records.refusals import ModuleNotSupported
from mock_crm.records.writing import Stamp, write

MODULES = ("Leads", "Contacts", "Accounts", "Deals", "Vendors")
MOST_CHILDREN = 2
#: Fields of potentials that follow from others, and what the vendor says when one is asked for.
_CALCULATED = "Probability and Expected Revenue fields will be automatically populated based on chosen Stage"
_FOLLOWING = {
    "Closing_Date": "Closing date will be automatically populated based on master record",
    "Probability": _CALCULATED,
    "Expected_Revenue": _CALCULATED,
}


@dataclass(frozen=True)
class Plan:
    """The master's row, its children's rows, and which child gives which field."""

    master: Any
    children: list[Any]
    chosen: dict[str, Any]

    @property
    def child_ids(self) -> list[int]:
        return [child.id for child in self.children]


def refuse_unmergeable(module: Module) -> None:
    """
    Raises:
        ModuleNotSupported: for modules that the vendor does not merge.
    """
    if module.api_name not in MODULES and not module.is_custom:
        raise ModuleNotSupported


def planned(module: Module, master: Any, given: Any) -> Plan:
    """What a merge asks for, looked at.

    Raises:
        CrmError: naming the place that does not fit.
    """
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "api_name": "merge", "json_path": "$.merge[0]"})
    children = _children(module, master, given.get("data"))
    for row in (master, *children):
        _refuse_closed(module, row, master)
    named: set[str] = set()
    kept = [field.api_name for field, _ in _fields(module, given, "master_record_fields", "$.merge[0]", named)]
    chosen: dict[str, Any] = {}
    for place, (child, one) in enumerate(zip(children, given["data"], strict=True)):
        for field, path in _fields(module, one, "_fields", f"$.merge[0].data[{place}]", named):
            if module.api_name == "Deals" and field.api_name in _FOLLOWING:
                raise NotAllowed({"api_name": "api_name", "json_path": path}, _FOLLOWING[field.api_name])
            chosen[field.api_name] = child
    _refuse_split_account(module, chosen, kept)
    return Plan(master, children, chosen)


def _children(module: Module, master: Any, given: Any) -> list[Any]:
    place: dict[str, Any] = {"api_name": "data", "json_path": "$.merge[0].data"}
    if given in (None, []):
        raise InvalidData({**place, "minimum_length": 1}, "Atleast one child record id is required to be merged.")
    if not isinstance(given, list):
        raise InvalidData({**place, "expected_data_type": "jsonarray"})
    if len(given) > MOST_CHILDREN:
        raise InvalidData({**place, "maximum_length": MOST_CHILDREN}, "More than 2 child record ids cannot be merged.")
    numbers: list[int] = []
    for at, one in enumerate(given):
        located = {"api_name": "id", "json_path": f"$.merge[0].data[{at}].id"}
        if not isinstance(one, dict) or one.get("id") in (None, ""):
            raise MandatoryNotFound(located, "required id not found")
        number = id_of(one["id"])
        if number == master.id or number in numbers:
            raise DuplicateData(located, "Valid record ids need to be given for merging")
        rows = store.rows_of(module, [number]) if number is not None else {}
        if not rows:
            raise InvalidId(located)
        numbers.append(next(iter(rows)))
    found = store.rows_of(module, numbers)
    return [found[number] for number in numbers]


def _refuse_closed(module: Module, row: Any, master: Any) -> None:
    """Only open potentials are merged, and no converted leads."""
    values = orjson.loads(row[VALUES])
    place: dict[str, Any] = {"api_name": "record", "resource_path_index": 1}
    if row.id != master.id:
        place = {"api_name": "id", "id": str(row.id)}
    if module.api_name == "Deals":
        stage = state.catalog().stages.get(values.get("Stage", ""))
        if stage is not None and stage.forecast_type != "Open":
            raise NotAllowed(place, "Only Open Deals can be merged")
    if values.get("Converted__s"):
        raise NotAllowed(place, "This record id is not allowed to be merged")


def _fields(module: Module, given: dict[str, Any], key: str, path: str, named: set[str]) -> Iterator[tuple[Field, str]]:
    """The fields that one record gives; each may be named once in all."""
    fields = given.get(key)
    if fields is None and key == "master_record_fields":
        return
    if not isinstance(fields, list):
        located = {"api_name": key, "json_path": f"{path}.{key}"}
        raise (
            MandatoryNotFound(located)
            if fields is None
            else InvalidData({"expected_data_type": "jsonarray", **located})
        )
    for at, one in enumerate(fields):
        here = f"{path}.{key}[{at}].api_name"
        located = {"api_name": "api_name", "json_path": here}
        name = one.get("api_name") if isinstance(one, dict) else None
        if not name:
            raise MandatoryNotFound(located, "API name of the field is not mentioned")
        known = module.fields.get(name) if isinstance(name, str) else None
        is_ours = known is not None and known.api_name not in ("id", "Full_Name") and known.counter is None
        is_following = module.api_name == "Deals" and name in _FOLLOWING
        if known is None or not is_ours or (known.is_read_only and not is_following):
            raise InvalidData(located)
        if name in named:
            raise DuplicateData(located, "When one field is mentioned more than once")
        named.add(name)
        yield known, here


def _refuse_split_account(module: Module, chosen: dict[str, Any], kept: Sequence[str]) -> None:
    """Account and superior of a contact must come from the same record."""
    if module.api_name != "Contacts" or "Reporting_To" not in chosen:
        return
    if chosen.get("Account_Name") is not chosen["Reporting_To"] or "Account_Name" in kept:
        place = {"api_name": "api_name", "json_path": "$.merge[0].data[0]._fields[0].api_name"}
        raise InvalidData(place, "Reporting to and account should belong to the same record")


def merge(module: Module, plan: Plan, stamp: Stamp) -> CrmError | None:
    """Merges: children go to the recycle bin, and all that named them or stood beside them is the master's.

    From memory: fields nobody was asked for stay the master's, tags add up, a photo is the master's own. Ours: records
    that named a child count as changed, so that whoever follows changes sees the move. Values of several lookups in
    one field (subforms, multi-select) keep naming the child.
    """
    ids = plan.child_ids
    _move_what_stands_beside(plan.master.id, ids)
    deleting.remove(module, ids, stamp)
    draft = Draft(module, 0)
    take_up(draft, store.rows_of(module, [plan.master.id])[plan.master.id])
    for name, child in plan.chosen.items():
        _take(draft, name, child)
    _forget_itself(draft, [plan.master.id, *ids])
    write(module, [draft], stamp)
    if draft.errors:
        return draft.error()
    _rename_in_others(plan.master.id, ids, stamp)
    return None


def _take(draft: Draft, name: str, child: Any) -> None:
    if draft.module.fields[name].column == "owner":
        draft.owner = child.owner
    else:
        draft.changes[name] = orjson.loads(child[VALUES]).get(name)


def _forget_itself(draft: Draft, merged: Sequence[int]) -> None:
    """A survivor that named one of those merged would name itself."""
    for known in draft.module.lookup_fields:
        value = draft.changes.get(known.api_name, draft.before.get(known.api_name))
        if value in merged:
            draft.changes[known.api_name] = None


def _move_what_stands_beside(master: int, children: Sequence[int]) -> None:
    """Notes, attachments, links and tags."""
    beside = select(record.c.id).where(record.c.module.in_(store.BESIDE), record.c.deleted_time.is_(None))
    statement = (
        select(record.c.id, record.c["values"])
        .join(record_lookup, record_lookup.c.record == record.c.id)
        .where(
            record_lookup.c.target.in_(children),
            record_lookup.c.field == "Parent_Id",
            record.c.id.in_(beside),
        )
    )
    for number, values in db.session.execute(statement).all():
        moved = orjson.dumps(orjson.loads(values) | {"Parent_Id": master}).decode()
        changed = {"values": moved, "version": record.c.version + 1}
        db.session.execute(update(record).where(record.c.id == number).values(changed))
        mine = (record_lookup.c.record == number) & (record_lookup.c.field == "Parent_Id")
        db.session.execute(update(record_lookup).where(mine).values(target=master))
    _move_links("parent", "child", master, children)
    _move_links("child", "parent", master, children)
    _move_tags(master, children)


def _move_links(end: str, other: str, master: int, children: Sequence[int]) -> None:
    """Links made by clients; those the master has already are dropped, and so is one to itself."""
    table = record_relation.c
    mine = {
        (row[0], row[1]) for row in db.session.execute(select(table.relation, table[other]).where(table[end] == master))
    }
    is_link = table.relation.not_like("%.%")
    for row in db.session.execute(select(record_relation).where(table[end].in_(children), is_link)).all():
        here = (table.relation == row.relation) & (table.parent == row.parent) & (table.child == row.child)
        key = (row.relation, getattr(row, other))
        if key in mine or key[1] == master:
            db.session.execute(delete(record_relation).where(here))
        else:
            mine.add(key)
            db.session.execute(update(record_relation).where(here).values({end: master}))


def _move_tags(master: int, children: Sequence[int]) -> None:
    borne = select(record_tag.c.tag).where(record_tag.c.record.in_([master, *children])).distinct()
    tags = [row[0] for row in db.session.execute(borne)]
    db.session.execute(delete(record_tag).where(record_tag.c.record.in_([master, *children])))
    if tags:
        db.session.execute(insert(record_tag), [{"record": master, "tag": one} for one in tags])


def _rename_in_others(master: int, children: Sequence[int], stamp: Stamp) -> None:
    """Living records that name a child by a lookup name the master; one write for each module."""
    naming = (
        select(record_lookup.c.module, record_lookup.c.record, record_lookup.c.field)
        .join(record, record.c.id == record_lookup.c.record)
        .where(record_lookup.c.target.in_(children), record.c.deleted_time.is_(None))
    )
    wanted: dict[str, dict[int, list[str]]] = {}
    for name, number, field in db.session.execute(naming):
        wanted.setdefault(name, {}).setdefault(number, []).append(field)
    for name, fields in wanted.items():
        module = state.catalog().modules[name]
        for some in deleting.chunks(list(fields), 500):
            drafts = []
            for number, row in store.rows_of(module, some).items():
                draft = Draft(module, 0, changes=dict.fromkeys(fields[number], None if number == master else master))
                take_up(draft, row)
                drafts.append(draft)
            write(module, drafts, stamp)
