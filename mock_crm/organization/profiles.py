"""Profiles: what groups of users may do (crm-api.md §5.7; requirements P1, P2)."""

import re
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import delete, select, update

from mock_crm import access, state, versions
from mock_crm.access import needs
from mock_crm.database import db, insert_rows
from mock_crm.envelope import Outcome, body, by_version, id_of, items, metadata_info, nothing, outcomes, success
from mock_crm.errors import (
    DuplicateData,
    InvalidData,
    InvalidId,
    LicenseLimitExceeded,
    MandatoryNotFound,
    NotAllowed,
    NotSupported,
)
from mock_crm.metadata.input import a_text, an_object, located, outcome, wrong
from mock_crm.openapi.parameters import TRANSFER_TO
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization import model
from mock_crm.organization.people import Profile
from mock_crm.organization.permissions import (
    ADMINISTRATOR,
    BY_NAME,
    MANAGE_PROFILES,
    SETUP,
    Permission,
    module_permissions,
)
from mock_crm.records.values import shown_moment
from simulator import clock, ids, wire
from simulator.openapi import documented

bp = Blueprint("profiles", __name__)

LONGEST_NAME = 50
LONGEST_DESCRIPTION = 250
LICENSED_PROFILES = 25
MOST_BOXES = 1_000
_SPECIAL = re.compile(r"[#%&()*^]")


@bp.get("/settings/profiles")
@needs("settings.profiles.READ")
@documented(_200=listed("profiles", "Profile", info=True))
def list_profiles() -> Response:
    profiles = [_head(profile) for profile in state.people().profiles.values()]
    return wire.reply({"profiles": profiles, "info": metadata_info(len(profiles), license_limit=LICENSED_PROFILES)})


@bp.get("/settings/profiles/<profile_id>")
@needs("settings.profiles.READ")
@documented(_200=listed("profiles", "ProfileDetail"), _204=None)
def show_profile(profile_id: str) -> Response:
    number = id_of(profile_id)
    if number is None:
        raise InvalidId({"resource_path_index": 2})
    profile = state.people().profiles.get(number)
    return wire.reply({"profiles": [_detail(profile)]}) if profile is not None else nothing()


@bp.route("/settings/profiles/<profile_id>", methods=["PUT", "PATCH"])
@needs("settings.profiles.UPDATE", permission=MANAGE_PROFILES)
@documented(told("profiles"), body=sent("profiles", "ProfileToChange"))
def update_profile(profile_id: str) -> Response:
    profile = _of_address(profile_id)
    row = db.session.execute(select(model.Profile).where(model.Profile.id == profile.id)).scalar_one()
    return outcomes([outcome(_update, row, items(body(), "profiles", 1)[0])], "profiles")


@bp.post("/settings/profiles/<profile_id>/actions/clone")
@needs("settings.profiles.CREATE", permission=MANAGE_PROFILES)
@documented(told("profiles", 201), body=sent("profiles", "ProfileToMake"))
def clone_profile(profile_id: str) -> Response:
    profile = _of_address(profile_id)
    return outcomes([outcome(_clone, profile, items(body(), "profiles", 1)[0])], "profiles", 201)


@bp.delete("/settings/profiles/<profile_id>")
@needs("settings.profiles.DELETE", permission=MANAGE_PROFILES)
@documented(TRANSFER_TO, _200="Outcome")
def delete_profile(profile_id: str) -> Response:
    """The vendor answers this one with a flat object."""
    profile = _of_address(profile_id)
    if not profile.is_custom:
        raise NotAllowed({"resource_path_index": 2}, "System profile cannot be deleted")
    _delete(profile, _successor(profile))
    return wire.reply(success({"id": str(profile.id)}, "Profile deleted"))


def _of_address(profile_id: str) -> Profile:
    profile = state.people().profiles.get(id_of(profile_id) or 0)
    if profile is None:
        raise InvalidId({"resource_path_index": 2}, "the id given seems to be invalid or already deleted")
    return profile


def _update(row: model.Profile, given: Any) -> Outcome:
    """The Administrator profile is what it is: it may always do everything. Standard keeps its name."""
    an_object(given, "$.profiles[0]")
    if row.name == ADMINISTRATOR:
        raise NotSupported({"id": str(row.id)}, "The Administrator profile cannot be changed")
    if "name" in given and given["name"] != row.name:
        if not row.is_custom:
            raise NotAllowed(located("name", "$.profiles[0]"), "System profile cannot be renamed")
        row.name = _name(given["name"], row)
    if "description" in given:
        row.description = _description(given["description"])
    if "permissions_details" in given:
        _tick(row, given["permissions_details"])
    row.modified_by = access.user().id
    row.modified_time = int(clock.now().timestamp())
    db.session.flush()
    state.changed()
    return success({"id": str(row.id)}, "profile updated successfully")


def _name(given: Any, row: model.Profile | None) -> str:
    path = "$.profiles[0]"
    if not isinstance(given, str) or not given.strip() or "\0" in given:
        raise wrong("name", path, expected_data_type="text")
    name = given.strip()
    if len(name) > LONGEST_NAME:
        raise wrong("name", path, maximum_length=LONGEST_NAME)
    if _SPECIAL.search(name):
        words = "Profile name should not contain the following special character(s) : #, %, &, (, ), *, ^"
        raise wrong("name", path, words)
    for profile in state.people().profiles.values():
        if profile.name.lower() == name.lower() and (row is None or profile.id != row.id):
            raise DuplicateData({**located("name", path), "id": str(profile.id)})
    return name


def _description(given: Any) -> str:
    return a_text(given, "description", "$.profiles[0]", LONGEST_DESCRIPTION, may_be_empty=True)


def _clone(profile: Profile, given: Any) -> Outcome:
    """A new profile with the boxes of another one; those of Setup stay with administrators (requirement P5)."""
    asked = an_object(given, "$.profiles[0]")
    if asked.get("name") is None:
        raise MandatoryNotFound(located("name", "$.profiles[0]"))
    if len(state.people().profiles) >= LICENSED_PROFILES:
        raise LicenseLimitExceeded({"limit": LICENSED_PROFILES})
    now, author = int(clock.now().timestamp()), access.user().id
    made = {
        "id": ids.new_id(),
        "name": _name(asked["name"], None),
        "description": _description(asked.get("description")),
        "is_custom": True,
        "created_time": now,
        "created_by": author,
        "modified_time": now,
        "modified_by": author,
    }
    insert_rows(model.Profile, [made])
    boxes = [
        {"id": ids.new_id(), "profile_id": made["id"], "name": name, "enabled": enabled and name not in SETUP}
        for name, (_, enabled) in profile.permissions.items()
    ]
    insert_rows(model.ProfilePermission, boxes)
    state.changed()
    return success({"id": str(made["id"])}, "profile created successfully")


def _successor(profile: Profile) -> Profile:
    """The profile that the users get; from memory, it must be named even where there are none."""
    given = request.args.get("transfer_to")
    if not given:
        words = "Users in the profile need to be transferred. transfer_to param is mandatory."
        raise MandatoryNotFound({"param": "transfer_to"}, words)
    successor = state.people().profiles.get(id_of(given) or 0)
    if successor is None or successor.id == profile.id:
        raise InvalidData({"id": given[:40]}, "the id given seems to be invalid or already deleted")
    return successor


def _delete(profile: Profile, successor: Profile) -> None:
    values = {"profile_id": successor.id, "version": model.User.version + 1}
    moved = update(model.User).where(model.User.profile_id == profile.id).values(values)
    db.session.execute(moved.execution_options(synchronize_session=False))
    db.session.execute(delete(model.ProfilePermission).where(model.ProfilePermission.profile_id == profile.id))
    db.session.execute(delete(model.Profile).where(model.Profile.id == profile.id))
    state.changed()


def _tick(row: model.Profile, given: Any) -> None:
    """Ticks boxes by their id or name; those of Setup belong to administrators (requirement P5)."""
    if not isinstance(given, list) or len(given) > MOST_BOXES:
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
    zone = people.company.zone
    return {
        "id": str(profile.id),
        "name": profile.name,
        "display_label": profile.name,
        "api_name": profile.name,
        by_version("custom", "category", versions.V2_1): profile.is_custom,
        "type": "normal_profile",
        "description": profile.description,
        "created_time": shown_moment(profile.created_time, zone) if profile.created_time else None,
        "modified_time": shown_moment(profile.modified_time, zone) if profile.modified_time else None,
        "created_by": people.named(profile.created_by),
        "modified_by": people.named(profile.modified_by),
    }


def _detail(profile: Profile) -> dict[str, Any]:
    boxes = _boxes()
    details: list[dict[str, Any]] = [
        {
            "id": str(number),
            "name": name,
            "display_label": boxes[name].label,
            "module": boxes[name].module,
            "enabled": enabled,
            "customizable": not profile.is_administrator and name not in SETUP,
            "parent_permissions": [],
        }
        for name, (number, enabled) in profile.permissions.items()
        if name in boxes
    ]
    return {**_head(profile), "permissions_details": details, "sections": _sections(profile, boxes)}


def _boxes() -> dict[str, Permission]:
    """All boxes by name: the standard ones, and those of the custom modules there are."""
    custom = [
        permission
        for module in state.catalog().modules.values()
        if module.is_custom
        for permission in module_permissions(module.api_name, module.api_name)
    ]
    return BY_NAME | {permission.name: permission for permission in custom}


def _sections(profile: Profile, boxes: dict[str, Permission]) -> list[dict[str, Any]]:
    """The boxes by section and category; the categories hold ids into the flat list (crm-api.md §5.7)."""
    sections: dict[str, dict[str, dict[str, Any]]] = {}
    for name, (number, _) in profile.permissions.items():
        box = boxes.get(name)
        if box is None:
            continue
        label = "Zoho Invoice Permissions" if box.category == "ZohoInvoice" else box.module or box.category
        category = sections.setdefault(box.section, {}).setdefault(
            box.category,
            {"display_label": label, "module": box.module, "name": box.category, "permissions_details": []},
        )
        category["permissions_details"].append(str(number))
    return [{"name": name, "categories": list(categories.values())} for name, categories in sections.items()]
