"""Doors of the notes of a record; those of all notes are the doors of any module (`routes.py`)."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import Outcome, body, id_of, ids_param, items, outcomes
from mock_crm.errors import InvalidId, MandatoryNotFound, RequiredParamMissing
from mock_crm.metadata.catalog import Module
from mock_crm.openapi.parameters import IDS_NEEDED
from mock_crm.openapi.schemas import told
from mock_crm.records import deleting, notes, store
from mock_crm.records.asking import check_automations, refuse_beside
from mock_crm.records.drafts import Draft, read_draft, take_up
from mock_crm.records.model import record_lookup
from mock_crm.records.refusals import InvalidRelatedId
from mock_crm.records.writing import Stamp, write
from simulator.openapi import documented

bp = Blueprint("notes", __name__)


def _parent(module: Module, record_id: str) -> int:
    refuse_beside(module)
    try:
        return int(store.addressed(module, record_id).id)
    except InvalidId as error:
        raise InvalidRelatedId(error.details) from None


def _notes(act: str) -> Module:
    found = state.catalog().modules["Notes"]
    access.require_module(found, act)
    return found


@bp.post("/<module>/<record_id>/Notes")
@needs("modules.notes.CREATE", permission="View")
@documented(told(done=201), body="RecordsToWrite")
def add_notes(module: Module, record_id: str) -> Response:
    parent, target = _parent(module, record_id), _notes("Create")
    given = body()
    check_automations(given)
    wanted = [{**one, notes.PARENT: {"id": parent}} if isinstance(one, dict) else one for one in items(given)]
    drafts = [read_draft(target, place, one) for place, one in enumerate(wanted)]
    return outcomes(write(target, drafts, Stamp.now(access.user())), done=201)


@bp.put("/<module>/<record_id>/Notes")
@needs("modules.notes.UPDATE", permission="View")
@documented(told(), body="RecordsToWrite")
def change_notes(module: Module, record_id: str) -> Response:
    given = items(body())
    numbers = [id_of(one.get("id")) if isinstance(one, dict) else None for one in given]
    return _change(module, record_id, given, numbers)


@bp.put("/<module>/<record_id>/Notes/<note_id>")
@needs("modules.notes.UPDATE", permission="View")
@documented(told(), body="RecordToChange")
def change_note(module: Module, record_id: str, note_id: str) -> Response:
    return _change(module, record_id, items(body(), most=1), [id_of(note_id)])


def _change(module: Module, record_id: str, given: list[Any], numbers: list[int | None]) -> Response:
    parent, target = _parent(module, record_id), _notes("Edit")
    mine = _of_parent(target, parent, [number for number in numbers if number is not None])
    rows, stamp = store.rows_of(target, mine), Stamp.now(access.user())
    results: list[Outcome] = []
    drafts: list[Draft] = []
    for place, (one, number) in enumerate(zip(given, numbers, strict=True)):
        if number in rows and any(draft.record_id == number for draft in drafts):  # named twice: changed twice
            results += write(target, drafts, stamp)
            drafts, rows = [], store.rows_of(target, mine)
        draft = read_draft(target, place, notes.stays_in_place(target, one))
        if number is not None and number in rows:
            take_up(draft, rows[number])
        elif isinstance(one, dict):
            is_absent = number is None and one.get("id") is None
            draft.refuse(MandatoryNotFound(draft.located("id")) if is_absent else InvalidId(draft.located("id")))
        drafts.append(draft)
    return outcomes(results + write(target, drafts, stamp))


def _of_parent(target: Module, parent: int, numbers: list[int]) -> list[int]:
    """Those of the notes that stand beside this record."""
    beside = (record_lookup.c.target == parent) & (record_lookup.c.field == notes.PARENT)
    mine = record_lookup.c.module == target.api_name
    statement = select(record_lookup.c.record).where(beside, mine, record_lookup.c.record.in_(numbers))
    return [row[0] for row in db.session.execute(statement)]


@bp.delete("/<module>/<record_id>/Notes")
@needs("modules.notes.DELETE", permission="View")
@documented(IDS_NEEDED, told())
def delete_notes(module: Module, record_id: str) -> Response:
    numbers = ids_param()
    if not numbers:
        raise RequiredParamMissing({"param_name": "ids"})
    return outcomes(_delete(module, record_id, numbers))


@bp.delete("/<module>/<record_id>/Notes/<note_id>")
@needs("modules.notes.DELETE", permission="View")
@documented(told())
def delete_note(module: Module, record_id: str, note_id: str) -> Response:
    return outcomes(_delete(module, record_id, [id_of(note_id) or 0]))


def _delete(module: Module, record_id: str, numbers: list[int]) -> list[Outcome]:
    parent, target = _parent(module, record_id), _notes("Delete")
    mine = set(_of_parent(target, parent, numbers))
    stamp = Stamp.now(access.user())
    gone = deleting.remove(target, [number for number in numbers if number in mine], stamp)
    return deleting.told(numbers, gone)
