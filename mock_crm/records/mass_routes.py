"""Doors of acts on many records: mass update, mass delete, change of owner."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from mock_crm import access, state, versions
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import body, id_of, nothing, outcomes, success
from mock_crm.errors import ApiNotSupported, InvalidData, MandatoryNotFound, RequiredParamMissing
from mock_crm.metadata.catalog import Module
from mock_crm.openapi.parameters import JOB_ID
from mock_crm.openapi.schemas import listed, told
from mock_crm.organization.people import User
from mock_crm.records import mass, store, view_criteria
from mock_crm.records.asked import Asker
from mock_crm.records.asking import flag_in, ids_in, owner_in, refuse_beside
from mock_crm.records.criteria import compiled
from mock_crm.records.model import record, record_lookup
from mock_crm.records.refusals import AmbiguousKeys
from mock_crm.records.writing import Stamp
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("mass", __name__)

UPDATE, DELETE, GIVE = "mass_update", "mass_delete", "mass_change_owner"
RELATED_MODULES = ("Tasks", "Events", "Calls", "Contacts", "Deals")


@bp.post("/<module>/actions/mass_update")
@needs("mass_update.{module}.UPDATE", permission="Edit")
@documented(told(), body="ToUpdate")
def mass_update(module: Module) -> Response:
    refuse_beside(module)
    given, stamp = body(), Stamp.now(access.user())
    values, over_write = mass.updates_in(given, module), flag_in(given, "over_write")
    if not _is_by_view(given):
        return outcomes(mass.update_all(module, ids_in(given), values, over_write, stamp))
    numbers = mass.ids_of_view(module, mass.view_in(given, module).conditions)
    job = mass.run(module, UPDATE, numbers, lambda some: mass.update_all(module, some, values, over_write, stamp))
    return outcomes([success({"job_id": str(job)}, "mass update scheduled successfully")])


@bp.post("/<module>/actions/mass_delete")
@needs("modules.{module}.DELETE", permission="Delete")
@documented(told(), body="ToDelete")
def mass_delete(module: Module) -> Response:
    refuse_beside(module)
    given, stamp = body(), Stamp.now(access.user())
    if not _is_by_view(given):
        return outcomes(mass.delete_all(module, ids_in(given), stamp))
    numbers = mass.ids_of_view(module, mass.view_in(given, module).conditions)
    job = mass.run(module, DELETE, numbers, lambda some: mass.delete_all(module, some, stamp))
    return outcomes([success({"job_id": str(job)}, "mass delete scheduled successfully")])


def _is_by_view(given: dict[str, Any]) -> bool:
    if given.get("cvid") is not None and given.get("ids") is not None:
        raise AmbiguousKeys("cvid", "ids")
    return given.get("cvid") is not None


@bp.get("/<module>/actions/mass_update")
@needs("mass_update.{module}.READ", permission="View")
@documented(JOB_ID, _200=listed("data", "Job"), _204=None, _404="Error")
def show_mass_update(module: Module) -> Response:
    return _job(module, UPDATE, "Updated_Count")


@bp.get("/<module>/actions/mass_delete")
@needs("modules.{module}.READ", permission="View")
@documented(JOB_ID, _200=listed("data", "Job"), _404="Error")
def show_mass_delete(module: Module) -> Response:
    return _job(module, DELETE, "Deleted_Count")


@bp.get("/<module>/actions/mass_change_owner")
@needs("change_owner.READ", permission="View")
@documented(JOB_ID, _200=listed("data", "Job"), _204=None, _404="Error")
def show_mass_change_owner(module: Module) -> Response:
    return _job(module, GIVE, "Updated_Count")


def _job(module: Module, kind: str, done: str) -> Response:
    """A job is complete when it can be asked for (see `mass.py`)."""
    text = request.args.get("job_id", "")
    if not text:
        if kind == DELETE:
            raise MandatoryNotFound({"param_name": "job_id"}, "mandatory param missing")
        raise RequiredParamMissing({"param_name": "job_id"})
    number = id_of(text)
    row = mass.job_of(module, kind, number) if number is not None else None
    if row is None and (number is None or kind == DELETE):
        raise InvalidData({"param_name": "job_id"}, "The jobid given seems to be invalid")
    if row is None:
        return nothing()
    shown = {"Status": "COMPLETED", "Failed_Count": row.failed, done: row.done, "Total_Count": row.total}
    not_updated = {} if kind == DELETE else {"Not_Updated_Count": 0}
    return wire.reply({"data": [shown | not_updated]})


@bp.post("/<module>/actions/change_owner")
@needs("change_owner.CREATE", permission="Edit")
@documented(told(), body="ToGive", since="v3")
def change_owner(module: Module) -> Response:
    refuse_beside(module)
    given = body()
    return _give(module, given, lambda: ids_in(given))


@bp.post("/<module>/<record_id>/actions/change_owner")
@needs("change_owner.CREATE", permission="Edit")
@documented(told(), body="ToGiveOne", since="v3")
def change_owner_of_one(module: Module, record_id: str) -> Response:
    refuse_beside(module)
    return _give(module, body(), lambda: [store.addressed(module, record_id).id])


def _give(module: Module, given: dict[str, Any], numbers: Any) -> Response:
    """The record, then what is related to it. No mail goes out, whatever `notify` says."""
    if versions.current() < versions.V3:
        raise ApiNotSupported(versions.V3)
    owner, stamp, ids = owner_in(given, module), Stamp.now(access.user()), numbers()
    flag_in(given, "notify")
    related = _related_modules(given)
    results = mass.give_all(module, ids, owner, stamp)
    for other in related:
        _give_related(other, ids, owner, stamp)
    return outcomes(results)


def _related_modules(given: dict[str, Any]) -> list[Module]:
    related = given.get("related_modules") or []
    if not isinstance(related, list) or len(related) > len(RELATED_MODULES):
        located = {"api_name": "related_modules", "json_path": "$.related_modules"}
        raise InvalidData({"expected_data_type": "jsonarray", **located})
    found = []
    for place, one in enumerate(related):
        name = one.get("api_name") if isinstance(one, dict) else None
        module = state.catalog().find(name) if isinstance(name, str) and name in RELATED_MODULES else None
        if module is None:
            raise InvalidData({"api_name": "api_name", "json_path": f"$.related_modules[{place}].api_name"})
        access.require_module(module, "Edit")
        found.append(module)
    return found


def _give_related(module: Module, targets: list[int], owner: User, stamp: Stamp) -> None:
    """Records of a module that name the given ones. From memory: whoever owned them."""
    naming = select(record_lookup.c.record).where(
        record_lookup.c.target.in_(targets), record_lookup.c.module == module.api_name
    )
    statement = select(record.c.id).where(*store.alive(module), record.c.id.in_(naming)).order_by(record.c.id)
    numbers = [row[0] for row in db.session.execute(statement)]
    if numbers:
        mass.give_all(module, numbers, owner, stamp)


@bp.post("/<module>/actions/mass_change_owner")
@needs("change_owner.CREATE", permission="Edit")
@documented(told(done=202), body="ToGiveByView")
def mass_change_owner(module: Module) -> Response:
    refuse_beside(module)
    given, stamp = body(), Stamp.now(access.user())
    if given.get("cvid") is None:
        raise MandatoryNotFound({"api_name": "cvid", "json_path": "$.cvid"})
    owner = owner_in(given, module)
    conditions = list(mass.view_in(given, module).conditions)
    if given.get("criteria") is not None:
        criteria = view_criteria.read(given["criteria"], module, Asker.of(access.user()), "$.criteria")
        conditions.append(compiled(criteria))
    numbers = mass.ids_of_view(module, conditions)
    job = mass.run(module, GIVE, numbers, lambda some: mass.give_all(module, some, owner, stamp))
    scheduled = success({"job_id": str(job)}, "change owner is successfully scheduled") | {"code": "SCHEDULED"}
    return outcomes([scheduled], done=202)
