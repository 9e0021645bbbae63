"""Making, changing and merging tags, and putting them on records or taking them off (crm-api.md §4.8)."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import Outcome, id_of, success
from mock_crm.errors import CrmError, DuplicateData, InvalidData, InvalidId, LicenseLimitExceeded, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from mock_crm.notifications import firing
from mock_crm.records import store
from mock_crm.records.acts_model import record_tag, tag
from mock_crm.records.model import record
from mock_crm.records.refusals import ModuleNotSupported, TagsNotFound
from mock_crm.records.tags import tags_of
from mock_crm.records.values import key_of, shown_moment
from mock_crm.records.writing import Stamp
from simulator import ids

LONGEST_NAME = 25
LONGEST_COLOR = 7
MOST_OF_MODULE = 100  # from memory, like the ten that a record may bear
MOST_OF_RECORD = 10
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def refuse_untaggable(module: Module) -> None:
    """
    Raises:
        ModuleNotSupported: for modules whose records bear no tags.
    """
    if "Tag" not in module.fields:
        raise ModuleNotSupported


def tag_of(number: int | None) -> Any:
    statement = select(tag).where(tag.c.id == number)
    return db.session.execute(statement).first() if number is not None else None


def tags_of_module(module: Module) -> list[Any]:
    return list(db.session.execute(select(tag).where(tag.c.module == module.api_name).order_by(tag.c.id)))


def checked(given: Any, place: int, *, needs_name: bool) -> tuple[str | None, str | None]:
    """Name and colour as given.

    Raises:
        InvalidData, MandatoryNotFound: when they are absent, no text, or too long.
    """
    path = f"$.tags[{place}]"
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "api_name": "tags", "json_path": path})
    name, color = given.get("name"), given.get("color_code")
    if needs_name and (name is None or (isinstance(name, str) and not name.strip())):
        raise MandatoryNotFound({"api_name": "name", "json_path": f"{path}.name"})
    for key, value, longest in (("name", name, LONGEST_NAME), ("color_code", color, LONGEST_COLOR)):
        if value is not None and (not isinstance(value, str) or "\0" in value):
            raise InvalidData({"expected_data_type": "text", "api_name": key, "json_path": f"{path}.{key}"})
        if value is not None and len(value.strip()) > longest:
            raise InvalidData({"maximum_length": longest, "api_name": key, "json_path": f"{path}.{key}"})
    if color is not None and not _COLOR.fullmatch(color):
        raise InvalidData({"api_name": "color_code", "json_path": f"{path}.color_code"})
    return (name.strip() if name else None), color


def create(module: Module, given: Any, place: int, stamp: Stamp) -> Outcome:
    try:
        name, color = checked(given, place, needs_name=True)
        _refuse_taken(module, str(name), place, None)
        return success(_details(_insert(module, str(name), color, stamp)), "tags created successfully")
    except CrmError as error:
        return error


def _refuse_taken(module: Module, name: str, place: int, own: int | None) -> None:
    holder = select(tag.c.id).where(tag.c.module == module.api_name, tag.c.key == key_of(name))
    taken = db.session.execute(holder).scalar()
    if taken is not None and taken != own:
        details = {"api_name": "name", "json_path": f"$.tags[{place}].name", "id": str(taken)}
        raise DuplicateData(details)


def _insert(module: Module, name: str, color: str | None, stamp: Stamp) -> Any:
    used = db.session.execute(select(func.count()).where(tag.c.module == module.api_name)).scalar_one()
    if used >= MOST_OF_MODULE:
        raise LicenseLimitExceeded({}, "tags edition limit exceeded")
    number = ids.new_id()
    row = {
        "id": number,
        "module": module.api_name,
        "name": name,
        "key": key_of(name),
        "color_code": color,
        "created_by": stamp.user.id,
        "created_time": stamp.time,
        "modified_by": stamp.user.id,
        "modified_time": stamp.time,
        "version": 1,
    }
    db.session.execute(insert(tag).values(row))
    return tag_of(number)


def change(module: Module, number: int | None, given: Any, place: int, stamp: Stamp) -> Outcome:
    """Another name or colour; the records that bear the tag show it from then on."""
    try:
        row = tag_of(number)
        if row is None or row.module != module.api_name:
            raise InvalidId({"api_name": "id", "json_path": f"$.tags[{place}].id"})
        name, color = checked(given, place, needs_name="color_code" not in given if isinstance(given, dict) else True)
        values: dict[str, Any] = {"modified_by": stamp.user.id, "modified_time": stamp.time, "version": row.version + 1}
        if name is not None:
            _refuse_taken(module, name, place, row.id)
            values |= {"name": name, "key": key_of(name)}
        if "color_code" in given:
            values["color_code"] = color
        db.session.execute(update(tag).where(tag.c.id == row.id).values(values))
        return success(_details(tag_of(row.id)), "tags updated successfully")
    except CrmError as error:
        return error


def remove(row: Any) -> None:
    db.session.execute(delete(record_tag).where(record_tag.c.tag == row.id))
    db.session.execute(delete(tag).where(tag.c.id == row.id))


def merge(row: Any, conflicting: Any, stamp: Stamp) -> Any:
    """Puts the records of the conflicting tag under this one; the other is gone. Returns the tag as it is then."""
    has_already = select(record_tag.c.record).where(record_tag.c.tag == row.id)
    other = record_tag.c.tag == conflicting.id
    db.session.execute(delete(record_tag).where(other, record_tag.c.record.in_(has_already.scalar_subquery())))
    db.session.execute(update(record_tag).where(other).values(tag=row.id))
    remove(conflicting)
    values = {"modified_by": stamp.user.id, "modified_time": stamp.time, "version": row.version + 1}
    db.session.execute(update(tag).where(tag.c.id == row.id).values(values))
    return tag_of(row.id)


def count_of(row: Any) -> int:
    """How many living records bear the tag."""
    bearing = select(func.count()).select_from(record_tag).join(record, record.c.id == record_tag.c.record)
    alive = bearing.where(record_tag.c.tag == row.id, record.c.deleted_time.is_(None))
    return int(db.session.execute(alive).scalar_one())


def shown(row: Any) -> dict[str, Any]:
    """A tag as lists show it."""
    return _details(row)


def _details(row: Any) -> dict[str, Any]:
    people = state.people()
    creator, modifier = people.users.get(row.created_by), people.users.get(row.modified_by)
    return {
        "created_time": shown_moment(row.created_time, people.company.zone),
        "modified_time": shown_moment(row.modified_time, people.company.zone),
        "name": row.name,
        "modified_by": modifier.named() if modifier else None,
        "id": str(row.id),
        "created_by": creator.named() if creator else None,
        "color_code": row.color_code,
    }


def named_tags(module: Module, given: Sequence[Any], stamp: Stamp | None) -> list[Any]:
    """The tags given by id or by name; an id counts more. With a stamp, names that no tag has become new tags.

    Raises:
        CrmError: for what is neither, or an id that is no tag of the module.
    """
    found = []
    by_key = {row.key: row for row in tags_of_module(module)}
    for place, one in enumerate(given):
        name, color = checked(one, place, needs_name=one.get("id") is None if isinstance(one, dict) else True)
        if one.get("id") is not None:
            row = tag_of(id_of(one["id"]))
            if row is None or row.module != module.api_name:
                raise TagsNotFound({"api_name": "id", "json_path": f"$.tags[{place}].id"})
        else:
            row = by_key.get(key_of(name))
            if row is None and stamp is not None:
                row = by_key[key_of(name)] = _insert(module, str(name), color, stamp)
        if row is not None:
            found.append(row)
    return list({row.id: row for row in found}.values())


def add(module: Module, numbers: Sequence[int], tags: Sequence[Any], over_write: bool, stamp: Stamp) -> list[Outcome]:
    """Puts tags on records, beside those they bear or in their place."""
    rows = store.rows_of(module, numbers)
    borne = {number: {int(one["id"]) for one in ones} for number, ones in tags_of(list(rows)).items()}
    new = {row.id for row in tags}
    wanted = {number: new if over_write else borne.get(number, set()) | new for number in rows}
    return _set(module, numbers, rows, borne, wanted, stamp)


def take_off(module: Module, numbers: Sequence[int], tags: Sequence[Any], stamp: Stamp) -> list[Outcome]:
    rows = store.rows_of(module, numbers)
    borne = {number: {int(one["id"]) for one in ones} for number, ones in tags_of(list(rows)).items()}
    gone = {row.id for row in tags}
    wanted = {number: borne.get(number, set()) - gone for number in rows}
    return _set(module, numbers, rows, borne, wanted, stamp)


def _set(
    module: Module,
    numbers: Sequence[int],
    rows: dict[int, Any],
    borne: dict[int, set[int]],
    wanted: dict[int, set[int]],
    stamp: Stamp,
) -> list[Outcome]:
    """Writes what changes. From memory: a record whose tags changed counts as changed, and channels hear of it."""
    fine = [number for number in rows if len(wanted[number]) <= MOST_OF_RECORD]
    changed = [number for number in fine if wanted[number] != borne.get(number, set())]
    if changed:
        db.session.execute(delete(record_tag).where(record_tag.c.record.in_(changed)))
        ties = [{"record": number, "tag": one} for number in changed for one in sorted(wanted[number])]
        if ties:
            db.session.execute(insert(record_tag), ties)
        values = {"modified_by": stamp.user.id, "modified_time": stamp.time, "version": record.c.version + 1}
        db.session.execute(update(record).where(record.c.id.in_(changed)).values(values))
    after = tags_of(list(rows))
    firing.updated(module, {number: {"Tag": [one["name"] for one in after.get(number, [])]} for number in changed})
    results: list[Outcome] = []
    for number in numbers:
        if number not in rows:
            results.append(InvalidId({"id": str(number)}))
        elif number not in fine:
            details = {"id": str(number), "limit": MOST_OF_RECORD}
            results.append(LicenseLimitExceeded(details, "tags limit of the record exceeded"))
        else:
            results.append(success({"id": str(number), "tags": after.get(number, [])}, "tags updated successfully"))
    return results
