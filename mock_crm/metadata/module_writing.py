"""Custom modules: made with their name field, layout, views and permissions; labels and profiles changed (§5.1)."""

import re
from typing import Any

from sqlalchemy import update

from mock_crm import access, state
from mock_crm.database import db, insert_rows
from mock_crm.envelope import Outcome, success
from mock_crm.errors import (
    DependentFieldMissing,
    DuplicateData,
    LimitExceeded,
    MandatoryNotFound,
    MinimumDataNotFound,
    NotAllowed,
    NotSupported,
    ReservedKeyword,
)
from mock_crm.metadata import custom_modules, field_types, seed
from mock_crm.metadata.catalog import ALIASES, Module
from mock_crm.metadata.field_creating import api_name_of
from mock_crm.metadata.input import a_list, a_text, an_id, an_object, is_deleted, located, one_of, wrong
from mock_crm.metadata.model import ModuleRow
from mock_crm.metadata.standard import OWNED, SYSTEM, Standard, StandardModule, fields_of
from mock_crm.organization.model import ProfilePermission
from mock_crm.organization.people import Profile
from mock_crm.organization.permissions import ACTS, ADMINISTRATOR, module_permission
from simulator import clock, ids

LONGEST_LABEL = 25
LONGEST_CHANGED_LABEL = 50
LONGEST_NAME = 50
MOST_CUSTOM = 200  # of the Enterprise edition (from memory)
MOST_PROFILES = 50
_LABEL = re.compile(r"[^\W_]+(?: +[^\W_]+)*")
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")
#: Words that the addresses of the API use themselves, or that mean something in them.
RESERVED = frozenset(
    ("settings", "users", "org", "coql", "actions", "search", "deleted", "upsert", "files", "bulk", "read", "write")
)


def create(given: Any, path: str) -> Outcome:
    """Makes a custom module."""
    asked = an_object(given, path)
    custom_modules.require_enabled()
    catalog = state.catalog()
    if sum(module.is_custom for module in catalog.modules.values()) >= MOST_CUSTOM:
        raise LimitExceeded({"limit": MOST_CUSTOM})
    if asked.get("access_type", "org_based") != "org_based":
        raise NotSupported(located("access_type", path), "Modules of teams are not supported")
    plural = _label(asked, "plural_label", path, None, LONGEST_LABEL)
    singular = _label(asked, "singular_label", path, None, LONGEST_LABEL)
    api_name = _api_name(asked, plural, path)
    profiles, _ = _profiles(asked, path)
    number, sequence = ids.new_id(), max(module.sequence for module in catalog.modules.values()) + 1
    made = _standard(asked, api_name, singular, plural, path)
    now = {"modified_by": access.user().id, "modified_time": int(clock.now().timestamp())}
    seed.seed_module(made, number, sequence, **now)
    _insert_boxes(api_name, profiles)
    state.changed()
    return success({"id": str(number)}, "module created successfully")


def _standard(asked: dict[str, Any], api_name: str, singular: str, plural: str, path: str) -> StandardModule:
    """What the vendor gives every custom module: its name, an owner, email addresses, the system's fields."""
    name = _name_field(asked.get("display_field"), singular, f"{path}.display_field")
    custom = sum(module.is_custom for module in state.catalog().modules.values())
    emails = (*fields_of("email", "Email", "Secondary_Email"), *fields_of("boolean", "Email_Opt_Out"))
    placed = ("Name", "Owner", "Email", "Secondary_Email", "Email_Opt_Out")
    return StandardModule(
        api_name,
        f"CustomModule{custom + 1}",
        singular,
        0,
        "Name",
        "Name",
        (*OWNED, name, *emails, *SYSTEM),
        ((f"{singular} Information", placed),),
        plural=plural,
        generated_type="custom",
    )


def _name_field(given: Any, singular: str, path: str) -> Standard:
    if given is None:
        return Standard("Name", f"{singular} Name", "text", 120, mandatory=True)
    asked = an_object(given, path)
    label = a_text(asked.get("field_label"), "field_label", path, LONGEST_NAME)
    kind = one_of(asked.get("data_type", "text"), "data_type", path, ("text", "autonumber"))
    if kind == "text":
        return Standard("Name", label, kind, 120, mandatory=True)
    if "auto_number" not in asked:
        raise DependentFieldMissing(path, "auto_number", "data_type", "autonumber data is not found")
    extra = {"auto_number": field_types.auto_number(asked["auto_number"], path)}
    return Standard("Name", label, kind, 120, read_only=True, extra=extra)


def change(given: Any, module: Module | None, path: str) -> Outcome:
    """Changes labels and profiles; standard modules can be renamed too, but not taken from profiles here."""
    asked = an_object(given, path)
    if module is None:
        number = an_id(asked.get("id"), path)
        module = state.catalog().find(str(number))
        if module is None:
            raise wrong("id", path, "the id given seems to be invalid")
    if module.is_subform:
        raise NotAllowed(located("id", path))
    if asked.get("api_name", module.api_name) != module.api_name:
        raise NotAllowed(located("api_name", path), "Api name update not allowed")
    if asked.get("access_type", "org_based") != "org_based":
        raise NotAllowed(located("access_type", path), "access type update not allowed")
    values: dict[str, Any] = {
        "modified_by": access.user().id,
        "modified_time": int(clock.now().timestamp()),
        "version": ModuleRow.version + 1,
    }
    for name in ("plural_label", "singular_label"):
        if name in asked:
            values[name] = _label(asked, name, path, module, LONGEST_CHANGED_LABEL)
    if "profiles" in asked:
        _change_profiles(module, asked, path)
    statement = update(ModuleRow).where(ModuleRow.id == module.id).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))
    state.changed()
    return success({"id": str(module.id)}, "module updated successfully")


def _label(asked: dict[str, Any], name: str, path: str, own: Module | None, longest: int) -> str:
    """A label of letters, digits and spaces that no other module has."""
    label = a_text(asked.get(name), name, path, longest)
    if not _LABEL.fullmatch(label):
        raise wrong(name, path, f"Special characters in module {name.split('_')[0]} name")
    for module in state.catalog().modules.values():
        is_own = own is not None and module.id == own.id
        if not is_own and label.lower() == str(getattr(module, name)).lower():
            raise DuplicateData(located(name, path), f"Module {name.split('_')[0]} name duplicate")
    return label


def _api_name(asked: dict[str, Any], plural: str, path: str) -> str:
    """The name given, or one made of the label."""
    taken = {name.lower() for name in state.catalog().modules} | set(ALIASES)
    if "api_name" not in asked:
        return api_name_of(plural, taken | RESERVED, "CustomModule")
    given = asked["api_name"]
    if not isinstance(given, str) or not _NAME.fullmatch(given) or len(given) > LONGEST_NAME:
        message = "The api_name format is invalid. It must follow CRM naming conventions."
        raise wrong("api_name", path, message)
    if given.lower() in RESERVED:
        raise ReservedKeyword(located("api_name", path))
    if given.lower() in taken:
        message = "A module with the provided api_name already exists. Please use a unique api_name."
        raise DuplicateData(located("api_name", path), message)
    return given


def _profiles(asked: dict[str, Any], path: str) -> tuple[list[Profile], list[Profile]]:
    """The profiles that get the module, and those that lose it."""
    given = asked.get("profiles")
    if given is None:
        raise MandatoryNotFound(located("profiles", path))
    found: tuple[list[Profile], list[Profile]] = ([], [])
    for place, item in enumerate(a_list(given, "profiles", path, MOST_PROFILES)):
        where = f"{path}.profiles[{place}]"
        profile = an_object(item, where)
        known = state.people().profiles.get(an_id(profile.get("id"), where))
        if known is None:
            raise wrong("id", where, "The provided profile ID is invalid or does not exist.")
        found[is_deleted(profile)].append(known)
    if not found[0] and not found[1]:
        raise MinimumDataNotFound(located("profiles", path), "At least one profile needed")
    return found


def _insert_boxes(api_name: str, profiles: list[Profile]) -> None:
    """Every profile has the module's boxes; they are ticked for those named, and always for administrators."""
    chosen = {profile.id for profile in profiles}
    boxes = [
        {
            "id": ids.new_id(),
            "profile_id": profile.id,
            "name": module_permission(api_name, act),
            "enabled": profile.id in chosen or profile.name == ADMINISTRATOR,
        }
        for profile in state.people().profiles.values()
        for act in ACTS
    ]
    insert_rows(ProfilePermission, boxes)


def _change_profiles(module: Module, asked: dict[str, Any], path: str) -> None:
    if not module.is_custom:
        raise NotAllowed(located("profiles", path))
    added, dropped = _profiles(asked, path)
    names = [module_permission(module.api_name, act) for act in ACTS]
    for profiles, enabled in ((added, True), (dropped, False)):
        chosen = [profile.id for profile in profiles if enabled or profile.name != ADMINISTRATOR]
        statement = (
            update(ProfilePermission)
            .where(ProfilePermission.profile_id.in_(chosen), ProfilePermission.name.in_(names))
            .values(enabled=enabled, version=ProfilePermission.version + 1)
        )
        db.session.execute(statement.execution_options(synchronize_session=False))
