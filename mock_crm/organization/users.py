"""Users: list, count, get, invite, change, delete (crm-api.md §5.9)."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.envelope import (
    LARGEST_PAGE,
    body,
    id_of,
    ids_param,
    items,
    nothing,
    number_param,
    outcomes,
)
from mock_crm.errors import InvalidData, InvalidId
from mock_crm.metadata.input import outcome
from mock_crm.openapi.parameters import IDS, PAGED
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization import user_writing
from mock_crm.organization.people import User
from mock_crm.organization.permissions import MANAGE_USERS
from mock_crm.organization.user_shapes import shown_user
from simulator import wire
from simulator.openapi import Parameter, documented
from simulator.shapes import choice

bp = Blueprint("users", __name__)

MOST_AT_ONCE = 10

#: Types of `?type=` (crm-api.md §5.9); deleted users are asked for by their own type only.
TYPES: dict[str, Callable[[User], bool]] = {
    "AllUsers": lambda user: not user.is_deleted,
    "ActiveUsers": lambda user: not user.is_deleted and user.is_switched_on,
    "DeactiveUsers": lambda user: not user.is_deleted and not user.is_switched_on,
    "ConfirmedUsers": lambda user: not user.is_deleted and user.is_confirmed,
    "NotConfirmedUsers": lambda user: not user.is_deleted and not user.is_confirmed,
    "DeletedUsers": lambda user: user.is_deleted,
    "ActiveConfirmedUsers": lambda user: user.is_active,
    "AdminUsers": lambda user: not user.is_deleted and user.is_admin,
    "ActiveConfirmedAdmins": lambda user: user.is_admin and user.is_active,
    "CurrentUser": lambda user: user.id == access.user().id,
}

TYPE = Parameter("type", "Which users.", choice(*TYPES))


@bp.get("/users")
@needs("users.READ")
@documented(TYPE, IDS, *PAGED, _200=listed("users", "User", info=True), _204=None)
def list_users() -> Response:
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    found = of_type()
    if "ids" in request.args:
        wanted = set(ids_param())
        found = [user for user in found if user.id in wanted]
    page = found[(number - 1) * size : number * size]
    if not page:
        return nothing()
    info = {"per_page": size, "count": len(page), "page": number, "more_records": len(found) > number * size}
    return wire.reply({"users": [shown_user(user) for user in page], "info": info})


@bp.get("/users/actions/count")
@needs("users.READ")
@documented(TYPE, _200="Count")
def count_users() -> Response:
    return wire.reply({"count": len(of_type())})


def of_type() -> list[User]:
    kind = TYPES.get(request.args.get("type", "AllUsers"))
    if kind is None:
        raise InvalidData({"param_name": "type"})
    return [user for user in state.people().users.values() if kind(user)]


@bp.get("/users/<user_id>")
@needs("users.READ")
@documented(_200=listed("users", "User"), _204=None)
def show_user(user_id: str) -> Response:
    number = id_of(user_id)
    if number is None:
        raise InvalidId({"resource_path_index": 1})
    user = state.people().users.get(number)
    return wire.reply({"users": [shown_user(user)]}) if user is not None else nothing()


@bp.post("/users")
@needs("users.CREATE", permission=MANAGE_USERS)
@documented(told("users", 201), body=sent("users", "UserToInvite"))
def invite_user() -> Response:
    return outcomes([outcome(user_writing.invite, _only())], "users", 201)


@bp.put("/users")
@needs("users.UPDATE", permission=MANAGE_USERS)
@documented(told("users"), body=sent("users", "UserToChange", MOST_AT_ONCE))
def update_users() -> Response:
    given = items(body(), "users", MOST_AT_ONCE)
    results = [outcome(user_writing.change, item, None, f"$.users[{n}]") for n, item in enumerate(given)]
    return outcomes(results, "users")


@bp.put("/users/<user_id>")
@needs("users.UPDATE", permission=MANAGE_USERS)
@documented(told("users"), body=sent("users", "UserToChange"))
def update_user(user_id: str) -> Response:
    user = _of_address(user_id)
    return outcomes([outcome(user_writing.change, _only(), user, "$.users[0]")], "users")


@bp.delete("/users/<user_id>")
@needs("users.DELETE", permission=MANAGE_USERS)
@documented(told("users"))
def delete_user(user_id: str) -> Response:
    return outcomes([outcome(user_writing.delete, _of_address(user_id))], "users")


@bp.post("/users/<user_id>/actions/accept_invitation")
@needs("users.UPDATE", permission=MANAGE_USERS)
@documented(told("users"))
def accept_invitation(user_id: str) -> Response:
    """Ours: at the vendor the invited person does it, by the link in a mail."""
    return outcomes([outcome(user_writing.confirm, _of_address(user_id))], "users")


def _only() -> Any:
    """One user a call; otherwise only the change of many takes more."""
    found = items(body(), "users")
    if len(found) > 1:
        raise InvalidData({"maximum_length": 1, "api_name": "users", "json_path": "$.users"})
    return found[0]


def _of_address(user_id: str) -> User:
    user = state.people().users.get(id_of(user_id) or 0)
    if user is None:
        raise InvalidId({"resource_path_index": 1})
    return user
