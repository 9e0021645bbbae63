"""Inviting, changing and deleting users, with what depends on them: their tokens, and a ZSC key they made (§2.6, §5.9).

Access tokens need no revoking: every call looks whether its user is still active.
"""

import re
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select

from mock_crm import access, state
from mock_crm.database import db
from mock_crm.envelope import Outcome, id_of, success
from mock_crm.errors import (
    AlreadyActive,
    AlreadyDeactivated,
    AlreadyDeleted,
    DuplicateData,
    EmailUpdateNotAllowed,
    FeatureNotEnabled,
    InvalidData,
    InvalidRequest,
    LicenseLimitExceeded,
    MandatoryNotFound,
    NotAllowed,
    NotSupported,
)
from mock_crm.metadata.input import a_text, an_id, an_object, located, one_of, wrong
from mock_crm.organization import zsc_key
from mock_crm.organization.model import User as UserRow
from mock_crm.organization.people import User
from mock_crm.organization.seed import short_number
from mock_crm.organization.user_shapes import DETAILS, status_of
from simulator import clock, ids, wire

LICENSED_USERS = 10
LENGTHS = {"first_name": 40, "last_name": 80, "email": 100}
LONGEST_DETAIL = 250
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@[^@\s\"(),:;<>\[\]\\]+\.[^@\s\"(),:;<>\[\]\\.]+")
_SPECIAL = re.compile(r"[<>\"%;\\{}|^]")
#: Details of which the vendor knows some values only.
CHOICES = {
    "decimal_separator": ("Comma", "Period"),
    "number_separator": ("Comma", "Period", "Space"),
    "time_format": ("hh:mm a", "HH:mm"),
}


def invite(given: Any) -> Outcome:
    """Adds a user who is not confirmed until he accepts the invitation; no mail is sent."""
    path = "$.users[0]"
    asked = an_object(given, path)
    email = a_text(asked.get("email"), "email", path, LENGTHS["email"])
    if not _EMAIL.fullmatch(email):
        raise InvalidData({"api_name": "email"}, "Invalid Email Id. Please choose a different email id")
    if state.people().by_email(email) is not None:
        raise DuplicateData(message="Failed to add user since same email id is already present")
    for name in ("profile", "role"):
        if asked.get(name) is None:
            raise MandatoryNotFound(located(name, path))
    _refuse_beyond_license()
    number, now = ids.new_id(), int(clock.now().timestamp())
    row = UserRow(
        id=number,
        zuid=short_number(number),
        email=email,
        first_name="",
        last_name=email.split("@")[0],
        is_active=True,
        is_confirmed=False,
        details="{}",
        created_time=now,
        created_by=access.user().id,
    )
    _fill_in(row, asked, path)
    db.session.add(row)
    db.session.flush()
    state.changed()
    return success({"id": str(number)}, "User added")


def _refuse_beyond_license() -> None:
    active = sum(user.is_switched_on for user in state.people().present)
    if active >= LICENSED_USERS:
        message = "Request exceeds your license limit. Need to upgrade in order to add a user"
        raise LicenseLimitExceeded(message=message)


def change(given: Any, user: User | None, path: str) -> Outcome:
    """Changes a user. Somebody deactivated takes his ZSC key with him (requirement K3)."""
    asked = an_object(given, path)
    if user is None:
        user = state.people().users.get(an_id(asked.get("id"), path))
        if user is None:
            raise wrong("id", path, "the id given seems to be invalid")
    if user.is_deleted:
        raise NotAllowed({"resource_path_index": 1}, "the id given seems to be invalid")
    row = _row_of(user)
    if "email" in asked and asked["email"] != user.email:
        row.email = _new_email(user, asked["email"], path)
    if "status" in asked:
        row.is_active = _switched(user, asked["status"], path)
    _fill_in(row, asked, path)
    _keep_an_administrator(row)
    db.session.flush()
    if not row.is_active:
        zsc_key.end_key_of(row.id)
    state.changed()
    return success({"id": str(row.id)}, "User updated")


def _row_of(user: User) -> UserRow:
    row: UserRow = db.session.execute(select(UserRow).where(UserRow.id == user.id)).scalar_one()
    return row


def _new_email(user: User, given: Any, path: str) -> str:
    """Only who has not confirmed yet can be given another address."""
    email = a_text(given, "email", path, LENGTHS["email"])
    if user.is_confirmed:
        raise EmailUpdateNotAllowed({"api_name": "email"})
    if not _EMAIL.fullmatch(email):
        raise InvalidData({"api_name": "email"}, "Invalid Email Id. Please choose a different email id")
    other = state.people().by_email(email)
    if other is not None and other.id != user.id:
        raise DuplicateData({"api_name": "email", "id": str(other.id)})
    return email


def _switched(user: User, given: Any, path: str) -> bool:
    """The new status; asking for the one he has is an error of its own."""
    wanted = one_of(given, "status", path, ("active", "inactive"))
    details = {"id": str(user.id), "json_path": f"{path}.id"}
    if wanted == status_of(user):
        raise AlreadyActive(details) if wanted == "active" else AlreadyDeactivated(details)
    if wanted == "active":
        _refuse_beyond_license()
    elif user.id == access.user().id:
        raise InvalidRequest(message="You can't perform this action over logged in user")
    return wanted == "active"


def _fill_in(row: UserRow, asked: dict[str, Any], path: str) -> None:
    """Takes names, profile, role and details from what was asked."""
    people = state.people()
    for name in ("created_by", "Modified_By", "type__s"):
        if name in asked:
            raise NotSupported(located(name, path), f"{name} is cannot be updated by api")
    if asked.get("Reporting_To") is not None:
        raise FeatureNotEnabled(message="ReportingTo Feature is not enabled")
    for name in ("first_name", "last_name"):
        if name in asked:
            setattr(row, name, _name(asked[name], name, path))
    if "profile" in asked:
        row.profile_id = _one_of(asked["profile"], people.profiles, "profile", path)
    if "role" in asked:
        row.role_id = _one_of(asked["role"], people.roles, "role", path)
    row.details = wire.dumps({**wire.loads(row.details), **_details(asked, path)}).decode()
    row.modified_by = access.user().id
    row.modified_time = int(clock.now().timestamp())


def _name(given: Any, name: str, path: str) -> str:
    if not isinstance(given, str) or "\0" in given:
        raise wrong(name, path, expected_data_type="text")
    if len(given) > LENGTHS[name] or (name == "last_name" and not given.strip()):
        raise wrong(name, path, maximum_length=LENGTHS[name])
    if _SPECIAL.search(given):
        raise wrong(name, path, "Special Characters Found")
    return given.strip()


def _one_of(given: Any, known: dict[int, Any], name: str, path: str) -> int:
    number = id_of(given.get("id") if isinstance(given, dict) else given)
    if number is None or number not in known:
        raise wrong(name, path)
    return number


def _details(asked: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in DETAILS:
        if name in asked:
            text = a_text(asked[name], name, path, LONGEST_DETAIL, may_be_empty=True)
            if name in CHOICES:
                text = one_of(text, name, path, CHOICES[name])
            found[name] = text or None
    if "time_zone" in asked:
        if not isinstance(asked["time_zone"], str) or asked["time_zone"] not in available_timezones():
            raise wrong("time_zone", path, "Give a proper time zone value")
        found["time_zone"] = asked["time_zone"]
    return found


def _keep_an_administrator(row: UserRow) -> None:
    """The last active administrator stays one (from memory; the vendor protects his primary contact so)."""
    people = state.people()
    is_admin = row.is_active and row.is_confirmed and people.profiles[row.profile_id].is_administrator
    others = [user for user in people.present if user.id != row.id and user.is_active and user.is_admin]
    if not is_admin and not others:
        raise InvalidRequest({"id": str(row.id), "json_path": "$.users[0].id"}, "Primary Contact cannot be deactivated")


def delete(user: User) -> Outcome:
    """Deletes a user; the records he owns keep his name (from memory)."""
    if user.is_deleted:
        raise AlreadyDeleted({"json_path": "$.users[0].id", "id": str(user.id)})
    if user.id == access.user().id:
        raise InvalidRequest(message="You can't perform this action over logged in user")
    row = _row_of(user)
    row.deleted_time = row.modified_time = int(clock.now().timestamp())
    row.modified_by = access.user().id
    row.is_active = False
    db.session.flush()
    zsc_key.end_key_of(user.id)
    state.changed()
    return success({"id": str(user.id)}, "User deleted")


def confirm(user: User) -> Outcome:
    if user.is_deleted or user.is_confirmed:
        raise InvalidRequest({"api_name": "id"}, "There is no invitation for this user")
    _row_of(user).is_confirmed = True
    db.session.flush()
    state.changed()
    return success({"id": str(user.id)}, "User updated")
