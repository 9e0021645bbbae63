"""Profiles and roles: what groups of users may do (crm-api.md §5.7, §5.8; requirements P1, P2)."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import func, select

from mock_crm import access, state, versions
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import body, by_version, id_of, items, metadata_info, nothing, outcomes, success
from mock_crm.errors import CrmError, DuplicateData, InvalidData, InvalidId, NotSupported
from mock_crm.organization import model
from mock_crm.organization.people import Profile, Role
from mock_crm.organization.permissions import ADMINISTRATOR, BY_NAME, MANAGE_PROFILES, SETUP
from mock_crm.records.values import shown_moment
from simulator import clock, wire

bp = Blueprint("profiles", __name__)

LONGEST_NAME = 50


@bp.get("/settings/profiles")
@needs("settings.profiles.READ")
def list_profiles() -> Response:
    profiles = [_head(profile) for profile in state.people().profiles.values()]
    return wire.reply({"profiles": profiles, "info": metadata_info(len(profiles), license_limit=200)})


@bp.get("/settings/profiles/<profile_id>")
@needs("settings.profiles.READ")
def show_profile(profile_id: str) -> Response:
    number = id_of(profile_id)
    if number is None:
        raise InvalidId({"resource_path_index": 2})
    profile = state.people().profiles.get(number)
    return wire.reply({"profiles": [_detail(profile)]}) if profile is not None else nothing()


@bp.put("/settings/profiles/<profile_id>")
@needs("settings.profiles.UPDATE", permission=MANAGE_PROFILES)
def update_profile(profile_id: str) -> Response:
    number = id_of(profile_id)
    row = db.session.execute(select(model.Profile).where(model.Profile.id == (number or 0))).scalar_one_or_none()
    if row is None:
        raise InvalidId(message="the id given seems to be invalid or already deleted")
    given = items(body(), "profiles", 1)[0]
    try:
        _update(row, given)
    except CrmError as error:
        return outcomes([error], "profiles")
    state.changed()
    return outcomes([success({"id": str(row.id)}, "profile updated successfully")], "profiles")


def _update(row: model.Profile, given: Any) -> None:
    """The Administrator profile is what it is: it may always do everything."""
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": "$.profiles[0]"})
    if row.name == ADMINISTRATOR:
        raise NotSupported({"id": str(row.id)}, "The Administrator profile cannot be changed")
    if "name" in given:
        row.name = _name(given["name"], row)
    if "permissions_details" in given:
        _tick(row, given["permissions_details"])
    row.modified_by = access.user().id
    row.modified_time = int(clock.now().timestamp())
    db.session.flush()


def _name(given: Any, row: model.Profile) -> str:
    located = {"api_name": "name", "json_path": "$.profiles[0].name"}
    if not isinstance(given, str) or not given.strip() or "\0" in given:
        raise InvalidData({"expected_data_type": "text", **located})
    name = given.strip()
    if len(name) > LONGEST_NAME:
        raise InvalidData({"maximum_length": LONGEST_NAME, **located})
    with db.session.no_autoflush:
        same = select(model.Profile.id).where(func.lower(model.Profile.name) == name.lower())
        taken = db.session.execute(same).scalars().first()
    if taken is not None and taken != row.id:
        raise DuplicateData({"api_name": "name", "id": str(taken)})
    return name


def _tick(row: model.Profile, given: Any) -> None:
    """Ticks boxes by their id or name; those of Setup belong to administrators (requirement P5)."""
    if not isinstance(given, list) or len(given) > 200:
        path = "$.profiles[0].permissions_details"
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": "permissions_details", "json_path": path})
    statement = select(model.ProfilePermission).where(model.ProfilePermission.profile_id == row.id)
    boxes = list(db.session.execute(statement).scalars())
    known: dict[Any, model.ProfilePermission] = {box.id: box for box in boxes} | {box.name: box for box in boxes}
    for place, item in enumerate(given):
        path = f"$.profiles[0].permissions_details[{place}]"
        if not isinstance(item, dict) or not isinstance(item.get("enabled"), bool):
            raise InvalidData({"expected_data_type": "boolean", "api_name": "enabled", "json_path": f"{path}.enabled"})
        named = item.get("name")
        box = known.get(id_of(item.get("id"))) or (known.get(named) if isinstance(named, str) else None)
        if box is None or (box.name in SETUP and item["enabled"]):
            raise InvalidData({"api_name": "id", "json_path": f"{path}.id"})
        box.enabled = item["enabled"]


def _head(profile: Profile) -> dict[str, Any]:
    people = state.people()
    modifier = people.users.get(profile.modified_by or 0)
    modified = profile.modified_time
    return {
        "id": str(profile.id),
        "name": profile.name,
        "display_label": profile.name,
        "api_name": profile.name,
        by_version("custom", "category", versions.V2_1): profile.is_custom,
        "type": "normal_profile",
        "description": profile.description,
        "created_time": None,
        "modified_time": shown_moment(modified, people.company.zone) if modified else None,
        "created_by": None,
        "modified_by": modifier.named() if modifier else None,
    }


def _detail(profile: Profile) -> dict[str, Any]:
    is_fixed = profile.name == ADMINISTRATOR
    details: list[dict[str, Any]] = [
        {
            "id": str(number),
            "name": name,
            "display_label": BY_NAME[name].label,
            "module": BY_NAME[name].module,
            "enabled": enabled,
            "customizable": not is_fixed and name not in SETUP,
            "parent_permissions": [],
        }
        for name, (number, enabled) in profile.permissions.items()
        if name in BY_NAME
    ]
    return {**_head(profile), "permissions_details": details, "sections": _sections(profile)}


def _sections(profile: Profile) -> list[dict[str, Any]]:
    """The boxes by section and category; the categories hold ids into the flat list (crm-api.md §5.7)."""
    sections: dict[str, dict[str, dict[str, Any]]] = {}
    for name, (number, _) in profile.permissions.items():
        box = BY_NAME.get(name)
        if box is None:
            continue
        label = "Zoho Invoice Permissions" if box.category == "ZohoInvoice" else box.module or box.category
        category = sections.setdefault(box.section, {}).setdefault(
            box.category,
            {"display_label": label, "module": box.module, "name": box.category, "permissions_details": []},
        )
        category["permissions_details"].append(str(number))
    return [{"name": name, "categories": list(categories.values())} for name, categories in sections.items()]


@bp.get("/settings/roles")
@needs("settings.roles.READ")
def list_roles() -> Response:
    return wire.reply({"roles": [_role(role) for role in state.people().roles.values()]})


@bp.get("/settings/roles/<role_id>")
@needs("settings.roles.READ")
def show_role(role_id: str) -> Response:
    role = state.people().roles.get(id_of(role_id) or 0)
    return wire.reply({"roles": [_role(role)]}) if role is not None else nothing()


def _role(role: Role) -> dict[str, Any]:
    above = state.people().roles.get(role.reporting_to or 0)
    return {
        "id": str(role.id),
        "name": role.name,
        "display_label": role.name,
        "description": None,
        "reporting_to": {"name": above.name, "id": str(above.id)} if above else None,
        "forecast_manager": None,
        "share_with_peers": True,
        "admin_user": above is None,
        "created_by__s": None,
        "modified_by__s": None,
        "created_time__s": None,
        "modified_time__s": None,
    }
