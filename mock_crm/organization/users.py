"""Users: list, get, change (crm-api.md §5.9)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import (
    LARGEST_PAGE,
    Outcome,
    body,
    id_of,
    ids_param,
    items,
    nothing,
    number_param,
    outcomes,
    success,
)
from mock_crm.errors import CrmError, InvalidData, InvalidId
from mock_crm.organization import zsc_key
from mock_crm.organization.model import User as UserRow
from mock_crm.organization.people import User
from mock_crm.organization.permissions import MANAGE_USERS
from mock_crm.records.values import shown_moment
from simulator import clock, wire

bp = Blueprint("users", __name__)

#: Types of `?type=` (crm-api.md §5.9); everybody here has confirmed his invitation, and nobody is deleted.
TYPES = {
    "AllUsers": lambda user: True,
    "ActiveUsers": lambda user: user.is_active,
    "DeactiveUsers": lambda user: not user.is_active,
    "ConfirmedUsers": lambda user: True,
    "NotConfirmedUsers": lambda user: False,
    "DeletedUsers": lambda user: False,
    "ActiveConfirmedUsers": lambda user: user.is_active,
    "AdminUsers": lambda user: user.is_admin,
    "ActiveConfirmedAdmins": lambda user: user.is_admin and user.is_active,
    "CurrentUser": lambda user: user.id == access.user().id,
}


@bp.get("/users")
@needs("users.READ")
def list_users() -> Response:
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    found = _of_type()
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
def count_users() -> Response:
    return wire.reply({"count": len(_of_type())})


def _of_type() -> list[User]:
    kind = TYPES.get(request.args.get("type", "AllUsers"))
    if kind is None:
        raise InvalidData({"param_name": "type"})
    return [user for user in state.people().users.values() if kind(user)]


@bp.get("/users/<user_id>")
@needs("users.READ")
def show_user(user_id: str) -> Response:
    number = id_of(user_id)
    if number is None:
        raise InvalidId({"resource_path_index": 1})
    user = state.people().users.get(number)
    return wire.reply({"users": [shown_user(user)]}) if user is not None else nothing()


@bp.put("/users")
@needs("users.UPDATE", permission=MANAGE_USERS)
def update_users() -> Response:
    given = items(body(), "users", 10)
    results = [
        _outcome(item, place, item.get("id") if isinstance(item, dict) else None) for place, item in enumerate(given)
    ]
    return outcomes(results, "users")


@bp.put("/users/<user_id>")
@needs("users.UPDATE", permission=MANAGE_USERS)
def update_user(user_id: str) -> Response:
    return outcomes([_outcome(item, 0, user_id) for item in items(body(), "users", 1)], "users")


def _outcome(item: Any, place: int, user_id: Any) -> Outcome:
    try:
        return _update(item, place, user_id)
    except CrmError as error:
        return error


def _update(item: Any, place: int, user_id: Any) -> Outcome:
    """Changes names, profile, role or status. Somebody deactivated takes his ZSC key with him (requirement K3)."""
    if not isinstance(item, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": f"$.users[{place}]"})
    number = id_of(user_id)
    row = db.session.execute(select(UserRow).where(UserRow.id == (number or 0))).scalar_one_or_none()
    if row is None:
        raise InvalidId({"api_name": "id", "json_path": f"$.users[{place}].id"})
    people = state.people()
    path = f"$.users[{place}]"
    for name, length in (("first_name", 40), ("last_name", 80)):
        if name in item:
            setattr(row, name, _text(item[name], name, path, length))
    if "profile" in item:
        row.profile_id = _one_of(item["profile"], people.profiles, "profile", path)
    if "role" in item:
        row.role_id = _one_of(item["role"], people.roles, "role", path)
    if "status" in item:
        if item["status"] not in ("active", "inactive"):
            raise _wrong("status", path, supported_values=["active", "inactive"])
        row.is_active = item["status"] == "active"
    _keep_an_administrator(row, path)
    row.modified_time = int(clock.now().timestamp())
    db.session.flush()
    if not row.is_active:
        zsc_key.end_key_of(row.id)
    state.changed()
    return success({"id": str(row.id)}, "User updated")


def _wrong(name: str, path: str, **more: Any) -> InvalidData:
    return InvalidData({"api_name": name, "json_path": f"{path}.{name}", **more})


def _text(given: Any, name: str, path: str, length: int) -> str:
    if not isinstance(given, str) or "\0" in given:
        raise _wrong(name, path, expected_data_type="text")
    if len(given) > length or (name == "last_name" and not given.strip()):
        raise _wrong(name, path, maximum_length=length)
    return given.strip()


def _one_of(given: Any, known: dict[int, Any], name: str, path: str) -> int:
    number = id_of(given.get("id") if isinstance(given, dict) else given)
    if number is None or number not in known:
        raise _wrong(name, path)
    return number


def _keep_an_administrator(row: UserRow, path: str) -> None:
    """The last active administrator stays one, and nobody deactivates himself (from memory)."""
    people = state.people()
    is_admin = row.is_active and people.profiles[row.profile_id].name == "Administrator"
    others = [user for user in people.users.values() if user.id != row.id and user.is_active and user.is_admin]
    if (not is_admin and not others) or (row.id == access.user().id and not row.is_active):
        raise InvalidData({"api_name": "status", "json_path": f"{path}.status"}, "Cannot deactivate this user")


def shown_user(user: User) -> dict[str, Any]:
    """A user; the mixed case of the keys is the vendor's."""
    people = state.people()
    zone = people.company.zone
    offset = clock.now().astimezone(zone).utcoffset()
    return {
        "id": str(user.id),
        "zuid": user.zuid,
        "full_name": user.full_name,
        "first_name": user.first_name or None,
        "last_name": user.last_name,
        "email": user.email,
        "status": "active" if user.is_active else "inactive",
        "confirm": True,
        "role": {"name": user.role.name, "id": str(user.role.id)},
        "profile": {"name": user.profile.name, "id": str(user.profile.id)},
        "created_time": shown_moment(user.created_time, zone),
        "created_by": people.administrator().named(),
        "Modified_Time": shown_moment(user.modified_time, zone),
        "Modified_By": people.administrator().named(),
        "Reporting_To": None,
        "time_zone": zone.key,
        "offset": int(offset.total_seconds() * 1000) if offset is not None else 0,
        "locale": "en_US",
        "language": "en_US",
        "country": "US",
        "country_locale": "en_US",
        "date_format": "MM/dd/yyyy",
        "time_format": "hh:mm a",
        "decimal_separator": "Period",
        "number_separator": "Comma",
        "name_format__s": "Salutation,First Name,Last Name",
        "sort_order_preference__s": "First Name,Last Name",
        "type__s": "Regular User",
        "Isonline": False,
        "microsoft": False,
        "personal_account": False,
        "customize_info": {
            "notes_desc": None,
            "show_right_panel": None,
            "bc_view": None,
            "show_home": False,
            "show_detail_view": True,
            "unpin_recent_item": None,
        },
        "theme": {
            "normal_tab": {"font_color": "#FFFFFF", "background": "#222222"},
            "selected_tab": {"font_color": "#FFFFFF", "background": "#222222"},
            "new_background": None,
            "background": "#F3F0EB",
            "screen": "fixed",
            "type": "default",
        },
        "default_tab_group": "0",
        "sandboxDeveloper": False,
        "Currency": None,
        **dict.fromkeys(
            ("alias", "phone", "mobile", "fax", "website", "street", "city", "state", "zip", "dob", "signature")
        ),
        "$current_shift": None,
        "$next_shift": None,
        "$shift_effective_from": None,
    }
