"""The doors of users and their roles (invoice-api.md §8.4)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import func, select

from mock_invoice.access import current_organization, current_user, needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success, time_text
from mock_invoice.errors import InUse, InvalidValue, MissingValue, NameTaken, NotFound, StatusRefused
from mock_invoice.fields import BodySchema, Choice, Text
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED, SORT_ORDER
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.user_model import ROLES, User
from mock_invoice.state import UserFacts
from simulator import ids
from simulator.openapi import Parameter, documented
from simulator.shapes import array_of, choice

bp = Blueprint("users", __name__)

SORTS = {"name": User.name, "email": User.email, "user_role": User.user_role, "status": User.status}
STATUSES = ("All", "Active", "Inactive", "Invited", "Deleted")


LISTED = (
    Parameter("filter_by", "Status.All unless given.", choice(*(f"Status.{one}" for one in STATUSES))),
    Parameter("sort_column", "name unless given.", choice(*SORTS)),
    SORT_ORDER,
)


class UserSchema(BodySchema):
    name = Text(100)
    email = Text(100)
    user_role = Choice(ROLES)
    role_id = Choice(ROLES)


USER = UserSchema()


def create_user(body: dict[str, Any]) -> User:
    """A new user, a member of the staff unless said otherwise; role ids are the roles' own names. He is taken to
    have accepted his invitation at once, and who was deleted comes back as the same user. [DESIGN]"""
    name, email = body.get("name", ""), body.get("email", "").lower()
    if not name:
        raise MissingValue("name")
    if "@" not in email:
        raise InvalidValue("email") if email else MissingValue("email")
    organization_id = current_organization().id
    user = db.session.scalars(
        select(User).where(User.organization_id == organization_id, User.email == email)
    ).one_or_none()
    if user is not None and user.status != "deleted":
        raise NameTaken("user", email)
    if user is None:
        user = User(id=ids.new_id(), organization_id=organization_id, email=email)
        db.session.add(user)
    user.name, user.status = name, "active"
    user.user_role = body.get("user_role") or body.get("role_id") or "staff"
    db.session.flush()
    return user


def user_row(user: User | UserFacts) -> dict[str, Any]:
    return {
        "user_id": str(user.id),
        "role_id": user.user_role,
        "name": user.name,
        "email": user.email,
        "user_role": user.user_role,
        "status": user.status,
        "is_current_user": user.id == current_user().id,
        "photo_url": "",
    }


def user_detail(user: User | UserFacts) -> dict[str, Any]:
    return {
        **user_row(user),
        "email_ids": [{"email": user.email, "is_selected": True}],
        "created_time": time_text(user.created_time, current_organization().time_zone),
    }


@bp.get("/users")
@documented(*PAGED, *LISTED, _200=page("users", "UserRow"))
@needs("settings.READ")
def list_users() -> Response:
    page, per_page = paging()
    status = (request.args.get("filter_by") or "Status.All").removeprefix("Status.")
    sort_column, sort_order = request.args.get("sort_column") or "name", request.args.get("sort_order") or "A"
    if status not in STATUSES:
        raise InvalidValue("filter_by")
    if sort_column not in SORTS:
        raise InvalidValue("sort_column")
    if sort_order not in ("A", "D"):
        raise InvalidValue("sort_order")
    statement = select(User).where(User.organization_id == current_organization().id)
    is_wanted = User.status != "deleted" if status == "All" else User.status == status.lower()
    statement = statement.where(is_wanted)
    column = SORTS[sort_column]
    statement = statement.order_by(column.asc() if sort_order == "A" else column.desc(), User.id)
    rows = db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "report_name": "Users",
        "applied_filter": f"Status.{status}",
        "sort_column": sort_column,
        "sort_order": sort_order,
    }
    return success(users=[user_row(one) for one in rows[:per_page]], page_context=context)


@bp.get("/users/me")
@documented(_200=told(user="User"))
@needs("settings.READ")
def get_me() -> Response:
    return success(user=user_detail(current_user()))


@bp.get("/users/<user_id>")
@documented(_200=told(user="User"))
@needs("settings.READ")
def get_user(user_id: str) -> Response:
    return success(user=user_detail(find(User, user_id, "User")))


@bp.post("/users")
@documented(body=sent(USER, "name", "email"), _201=told(user="User"))
@needs("settings.CREATE", admin=True)
def add_user() -> Response:
    user = create_user(USER.load(json_body()))
    return created("Your invitation has been sent.", "users", user.id, user=user_detail(user))


@bp.put("/users/<user_id>")
@documented(body=sent(USER), _200=told(user="User"))
@needs("settings.UPDATE", admin=True)
def save_user(user_id: str) -> Response:
    """Name and role; the email is who he is and stays."""
    user = _present(user_id)
    body = USER.load(json_body())
    user.name = body.get("name") or user.name
    role = body.get("user_role") or body.get("role_id") or user.user_role
    if user.is_admin and role != "admin":
        _refuse_last_admin(user)
    user.user_role = role
    db.session.flush()
    return success("The user information has been updated.", user=user_detail(user))


@bp.post("/users/<user_id>/active")
@documented(_200=DONE)
@needs("settings.CREATE", admin=True)
def mark_active(user_id: str) -> Response:
    _present(user_id).status = "active"
    return success("The user has been marked as active.")


@bp.post("/users/<user_id>/inactive")
@documented(_200=DONE)
@needs("settings.CREATE", admin=True)
def mark_inactive(user_id: str) -> Response:
    user = _present(user_id)
    _refuse_last_admin(user)
    user.status = "inactive"
    return success("The user has been marked as inactive.")


@bp.post("/users/<user_id>/invite")
@documented(_200=DONE)
@needs("settings.CREATE", admin=True)
def invite(user_id: str) -> Response:
    """Asks somebody who is not active to come (back): he is one of the invited until he is marked as active."""
    user = _present(user_id)
    if user.status == "active":
        raise StatusRefused("The user is active already.")
    user.status = "invited"
    return success("Your invitation has been sent.")


@bp.delete("/users/<user_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_user(user_id: str) -> Response:
    """What he made stays his, so he is kept among the deleted ones."""
    user = _present(user_id)
    if user.id == current_user().id:
        raise InUse("You cannot delete yourself.")
    _refuse_last_admin(user)
    user.status = "deleted"
    return success("The user has been deleted.")


@bp.get("/settings/roles")
@documented(_200=told(roles=array_of("Role")))
@needs("settings.READ")
def list_roles() -> Response:
    """Ours: the roles that users can have, by their ids."""
    return success(roles=[{"role_id": role, "role_name": role.title(), "is_admin": role == "admin"} for role in ROLES])


def _present(user_id: str) -> User:
    user = find(User, user_id, "User")
    if user.status == "deleted":
        raise NotFound("User")
    return user


def _refuse_last_admin(user: User) -> None:
    """Somebody has to be left who may change things. [DESIGN]"""
    others = select(func.count()).where(
        User.organization_id == user.organization_id,
        User.user_role == "admin",
        User.status == "active",
        User.id != user.id,
    )
    if user.is_admin and not db.session.scalar(others):
        raise InUse("The last administrator of an organization has to stay one.")
