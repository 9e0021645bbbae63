"""Roles: list, get, create, change, delete with transfer (crm-api.md §5.8). Each but the first reports to another."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import delete, select, update

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import Outcome, body, id_of, items, nothing, outcomes, success
from mock_crm.errors import DuplicateData, InvalidData, InvalidId, MandatoryNotFound, RequiredParamMissing
from mock_crm.metadata.input import a_flag, a_text, an_id, an_object, located, outcome, wrong
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization import model
from mock_crm.organization.people import Role
from mock_crm.organization.permissions import MANAGE_ROLES
from mock_crm.records.values import shown_moment
from simulator import clock, ids, wire
from simulator.openapi import Parameter, documented
from simulator.shapes import ID

bp = Blueprint("roles", __name__)

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 2000
MOST_AT_ONCE = 10
TRANSFER = Parameter("transfer_to_id", "The role that takes over users and subordinates.", ID, required=True)


@bp.get("/settings/roles")
@needs("settings.roles.READ")
@documented(_200=listed("roles", "Role"))
def list_roles() -> Response:
    return wire.reply({"roles": [_shown(role) for role in state.people().roles.values()]})


@bp.get("/settings/roles/<role_id>")
@needs("settings.roles.READ")
@documented(_200=listed("roles", "Role"), _204=None)
def show_role(role_id: str) -> Response:
    role = state.people().roles.get(id_of(role_id) or 0)
    return wire.reply({"roles": [_shown(role)]}) if role is not None else nothing()


@bp.post("/settings/roles")
@needs("settings.roles.CREATE", permission=MANAGE_ROLES)
@documented(told("roles", 201), body=sent("roles", "RoleToMake", MOST_AT_ONCE))
def create_roles() -> Response:
    given = items(body(), "roles", MOST_AT_ONCE)
    return outcomes([outcome(_create, item, f"$.roles[{n}]") for n, item in enumerate(given)], "roles", 201)


@bp.put("/settings/roles")
@needs("settings.roles.UPDATE", permission=MANAGE_ROLES)
@documented(told("roles"), body=sent("roles", "RoleToChange", MOST_AT_ONCE))
def update_roles() -> Response:
    given = items(body(), "roles", MOST_AT_ONCE)
    return outcomes([outcome(_change, item, None, f"$.roles[{n}]") for n, item in enumerate(given)], "roles")


@bp.put("/settings/roles/<role_id>")
@needs("settings.roles.UPDATE", permission=MANAGE_ROLES)
@documented(told("roles"), body=sent("roles", "RoleToChange"))
def update_role(role_id: str) -> Response:
    role = _of_address(role_id)
    return outcomes([outcome(_change, items(body(), "roles", 1)[0], role, "$.roles[0]")], "roles")


@bp.delete("/settings/roles/<role_id>")
@needs("settings.roles.DELETE", permission=MANAGE_ROLES)
@documented(TRANSFER, told("roles"))
def delete_role(role_id: str) -> Response:
    role = _of_address(role_id)
    _delete(role, _successor(role))
    return outcomes([success({"id": str(role.id)}, "Role Deleted")], "roles")


def _of_address(role_id: str) -> Role:
    role = state.people().roles.get(id_of(role_id) or 0)
    if role is None:
        raise InvalidId({"resource_path_index": 2})
    return role


def _shown(role: Role) -> dict[str, Any]:
    people = state.people()
    above = people.roles.get(role.reporting_to or 0)
    zone = people.company.zone
    return {
        "id": str(role.id),
        "name": role.name,
        "display_label": role.name,
        "description": role.description,
        "reporting_to": {"name": above.name, "id": str(above.id)} if above else None,
        "forecast_manager": None,
        "share_with_peers": role.shares_with_peers,
        "admin_user": above is None,
        "created_by__s": people.named(role.created_by),
        "modified_by__s": people.named(role.modified_by),
        "created_time__s": shown_moment(role.created_time, zone) if role.created_time else None,
        "modified_time__s": shown_moment(role.modified_time, zone) if role.modified_time else None,
    }


def _create(given: Any, path: str) -> Outcome:
    asked = an_object(given, path)
    if asked.get("reporting_to") is None:
        raise MandatoryNotFound(located("reporting_to", path))
    now = int(clock.now().timestamp())
    row = model.Role(id=ids.new_id(), created_by=access.user().id, created_time=now)
    row.name = _name(asked.get("name"), path, None)
    _fill_in(row, asked, path)
    db.session.add(row)
    db.session.flush()
    state.changed()
    return success({"id": str(row.id)}, "Role added")


def _change(given: Any, role: Role | None, path: str) -> Outcome:
    asked = an_object(given, path)
    if role is None:
        role = state.people().roles.get(an_id(asked.get("id"), path))
        if role is None:
            raise wrong("id", path, "the id given seems to be invalid")
    row: model.Role = db.session.execute(select(model.Role).where(model.Role.id == role.id)).scalar_one()
    if "name" in asked:
        row.name = _name(asked["name"], path, role)
    _fill_in(row, asked, path)
    db.session.flush()
    state.changed()
    return success({"id": str(role.id)}, "Role updated")


def _name(given: Any, path: str, own: Role | None) -> str:
    name = a_text(given, "name", path, LONGEST_NAME)
    for role in state.people().roles.values():
        if role.name.lower() == name.lower() and (own is None or role.id != own.id):
            raise DuplicateData({**located("name", path), "id": str(role.id)})
    return name


def _fill_in(row: model.Role, asked: dict[str, Any], path: str) -> None:
    if "description" in asked:
        text = a_text(asked["description"], "description", path, LONGEST_DESCRIPTION, may_be_empty=True)
        row.description = text or None
    if "share_with_peers" in asked:
        row.shares_with_peers = a_flag(asked["share_with_peers"], "share_with_peers", path)
    if asked.get("reporting_to") is not None:
        row.reporting_to = _superior(row, asked["reporting_to"], path)
    row.modified_by = access.user().id
    row.modified_time = int(clock.now().timestamp())


def _superior(row: model.Role, given: Any, path: str) -> int:
    """A role that does not report to this one itself; the first role reports to nobody."""
    people = state.people()
    number = id_of(given.get("id") if isinstance(given, dict) else given)
    if number is None or number not in people.roles:
        raise wrong("id", f"{path}.reporting_to", "the id given seems to be invalid")
    is_first = row.id in people.roles and people.roles[row.id].reporting_to is None
    if is_first or number == row.id or number in people.below(row.id):
        raise wrong("id", f"{path}.reporting_to")
    return number


def _successor(role: Role) -> Role:
    """The role that takes over users and subordinates; `transfer_to` is an older name (from memory)."""
    name = "transfer_to_id" if "transfer_to" not in request.args else "transfer_to"
    given = request.args.get(name)
    if not given:
        raise RequiredParamMissing({"param_name": name})
    people = state.people()
    successor = people.roles.get(id_of(given) or 0)
    status = None
    if successor is None:
        status = "invalid"
    elif successor.id == role.id:
        status = "same_role"
    elif successor.id in people.below(role.id):
        status = "subordinate"
    if successor is None or status is not None:
        raise InvalidData({"role_status": status, "param_name": name}, "invalid transferToId")
    if role.reporting_to is None:
        raise InvalidId({"resource_path_index": 2}, "This role cannot be deleted")
    return successor


def _delete(role: Role, successor: Role) -> None:
    for table, column in ((model.User, "role_id"), (model.Role, "reporting_to")):
        there = getattr(table, column) == role.id
        statement = update(table).where(there).values({column: successor.id, "version": table.version + 1})
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.execute(delete(model.Role).where(model.Role.id == role.id))
    state.changed()
