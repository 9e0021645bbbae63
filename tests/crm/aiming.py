"""Turns generated calls towards what there is in a world, so that not all of them end at an unknown id.

What is put in where is chosen by what was generated, so that a run is like the one before.
"""

import zlib
from typing import Any

from schemathesis import Case

from tests.crm.lived_in import HEARD, RECORDS, LivedIn, zipped

#: What the ids below a key of a body are, as `LivedIn.ids` has them.
KEYS = {
    **{"fields": "field_id", "layouts": "layout_id", "custom_views": "own view_id", "users": "user_id"},
    **{"profiles": "profile_id", "profile": "profile_id", "roles": "role_id", "role": "role_id", "owner": "user_id"},
    **{"reporting_to": "role_id", "contact_roles": "role_id of contacts", "Contact_Role": "role_id of contacts"},
    **{"currencies": "currency_id", "pipeline": "pipeline_id", "maps": "stage_id", "stages": "stage_id"},
    **{"permissions_details": "box", "pick_list_values": "option", "sections": "section", "shared_to": "user_id"},
    **{"data": "record_id", "ids": "record_id", "cvid": "view_id", "file_id": "file_id", "channel_id": "channel_id"},
    **{"assign_to": "user_id", "conflict_id": "tag_id", "tags": "tag_id", "modules": "module_id", "zsc_key": "zsc_key"},
    **{"Accounts": "record_id Accounts", "Contacts": "record_id Contacts"},
    **{"related_list": "related_name", "module": "module"},
}
#: The same of parameters, and of `ids` and parts of a path by what the path names.
PARAMETERS = {"layout_id": "layout_id", "cvid": "view_id", "channel_ids": "channel_id", "X-CRM-ORG": "X-CRM-ORG"}
IN_PATH = (
    ("/read/", {"job_id": "job_id of read"}),
    ("/write/", {"job_id": "job_id of write"}),
    ("mass_update", {"job_id": "job_id of mass_update"}),
    ("mass_delete", {"job_id": "job_id of mass_delete"}),
    ("mass_change_owner", {"job_id": "job_id of mass_change_owner"}),
    ("/recycle_bin", {"record_id": "record_id in bin", "ids": "record_id in bin"}),
    ("/custom_views", {"ids": "own view_id", "view_id": "own view_id"}),
    ("/Contacts/roles", {"ids": "role_id of contacts", "role_id": "role_id of contacts"}),
    ("/users", {"ids": "user_id"}),
    ("/Notes", {"ids": "note_id", "data": "note_id"}),
    ("/zsc", {"email": "email"}),
    ("/Attachments", {"ids": "attachment_id"}),
    ("{related_name}", {"ids": "related_id", "data": "related_id"}),
    ("accept_invitation", {"user_id": "invited"}),
    ("/profiles", {"transfer_to": "profile_id"}),
    ("/stages", {"transfer_to": "stage_id"}),
    ("/roles", {"transfer_to_id": "role_id"}),
)
#: What stands there when something is deleted: the vendor's own cannot be.
DELETED = {"field_id": "own field_id", "profile_id": "own profile_id"}
#: Texts that must be of a certain form to get anywhere.
TEXTS = {
    "criteria": (
        "(id:not_equal:1)",
        "(Created_Time:greater_than:2020-01-01T00:00:00Z)",
        "(Owner:equals:1)or(id:equals:2)",
    ),
    "select_query": (
        "select Last_Name, Account_Name.Account_Name from Contacts where Email is not null order by id limit 20",
        "select Stage, COUNT(id), SUM(Amount) from Deals where id is not null group by Stage",
        "select id from Accounts where Account_Name like 'A%' limit 5, 5",
    ),
    "uri": ("/crm/v8/org", "/crm/v8/users", "/crm/v8/Accounts?fields=Account_Name", "/crm/v8/settings/modules/Deals"),
    "email": ("new@zylker.example", "gus@zylker.example"),
    "api_name": ("id", "Created_Time", "Owner"),
    "sort_by": ("id", "Created_Time", "Modified_Time"),
    **{"plural_label": ("Trips", "Cars"), "singular_label": ("Trip", "Car")},
    "fields": ("id", "id,Owner", "Created_Time,Modified_Time,Tag"),
    "comparator": ("equal", "not_equal", "greater_than", "in", "contains"),
    "events": ("Deals.all", "Accounts.create", "Contacts.edit"),
    "file_names": ("Accounts.csv",),
    "channel_expiry": ("2099-01-01T00:00:00Z",),
    "feature": ("bulk-write",),
    "notify_url": (HEARD,),
    "url": (HEARD,),
}
#: What need not be there and mostly does not fit when it is generated: it is left out three times of four.
HARD = {
    *("criteria", "filters", "page_token", "If-Modified-Since", "If-Unmodified-Since", "phone", "word", "approved"),
    *("trigger", "duplicate_check_fields", "notification_condition", "find_by", "field_mappings", "tag_names"),
    *("pick_list_values", "_delete", "shared_to", "lookup", "auto_number", "unique", "tooltip", "callback", "format"),
    *("display_field", "params", "headers", "body", "access_type", "character_encoding"),
}


def aim(case: Case, world: LivedIn) -> None:
    """Puts ids and names that are there into a call."""
    module = _module_of(case)
    kinds = _kinds(case)
    for name, given in list(case.path_parameters.items()):
        case.path_parameters[name] = _in_path(name, given, kinds.get(name, name), world, module)
    _aim_parameters(case, world, module, kinds)
    if case.media_type == "multipart/form-data":
        case.body = {"file": zipped() if case.path.endswith("/upload") else b"\x89PNG\r\n\x1a\n"}
    elif isinstance(case.body, dict) and case.media_type == "application/json":
        kept = {name: one for name, one in case.body.items() if not _is_left_out(name, one) or len(case.body) == 1}
        case.body = {name: _aimed(one, name, kinds.get(name, ""), world, module) for name, one in kept.items()}
        _complete(case, world, module)


def _number(given: Any) -> int:
    return zlib.crc32(repr(given).encode())


def _is_left_out(name: str, given: Any) -> bool:
    return name in HARD and _number(given) % 4 != 0


def _module_of(case: Case) -> str:
    """A module with records, chosen by what was generated."""
    for word, module in (("convert", "Leads"), ("mass_", "Leads"), ("pipeline", "Deals"), ("related_name", "Accounts")):
        if word in case.path:
            return module
    if "/bulk/" in case.path:
        return "Accounts"
    given = case.path_parameters.get("module", case.query.get("module", ""))
    return RECORDS[_number(given) % len(RECORDS)]


def _kinds(case: Case) -> dict[str, str]:
    """What stands under each name in this call."""
    kinds = {**KEYS, **PARAMETERS}
    if case.method == "DELETE":
        kinds |= DELETED
    if any(word in case.path for word in ("/Notes", "/Attachments", "/merge")):
        kinds["record_id"] = "record_id noted"
    if "{related_name}" in case.path:
        kinds["record_id"] = "record_id related"
    for word, more in IN_PATH:
        if word in case.path:
            kinds |= more
    return kinds


def _in_path(name: str, given: Any, kind: str, world: LivedIn, module: str) -> Any:
    if name in ("module", "name"):
        return given if _number(given) % 8 == 0 else module
    if name == "related_name":
        return given if _number(given) % 8 == 0 else "Contacts"
    return world.one_of(kind, given, module)


def _aim_parameters(case: Case, world: LivedIn, module: str, kinds: dict[str, str]) -> None:
    for values in (case.query, case.headers):
        for name, given in list(values.items()):
            if _is_left_out(name, given):
                del values[name]
            elif name in kinds:
                values[name] = module if name == "module" else world.one_of(kinds[name], given, module)
            else:
                values[name] = _aimed(given, name, "", world, module)
    if case.path.endswith("/search") and not {"criteria", "email", "word"} & case.query.keys():
        case.query["criteria"] = TEXTS["criteria"][0]
    if "cvid" in case.query:
        case.query.pop("sort_by", None)  # a view has an order of its own
    named = {parameter.name for parameter in case.operation.query}
    if {"fields", "ids"} <= named and "ids" not in case.query:
        case.query.setdefault("fields", "id,Owner")


def _aimed(given: Any, name: str, kind: str, world: LivedIn, module: str) -> Any:
    """A value with ids that are there in it; `kind` says what the ids below are."""
    if isinstance(given, dict):
        kept = {key: one for key, one in given.items() if not _is_left_out(key, one)}
        return {key: _aimed(one, key, KEYS.get(key, kind), world, module) for key, one in kept.items()}
    if isinstance(given, list):
        return [_aimed(one, name, kind, world, module) for one in given]
    if not isinstance(given, str) or _number(given) % 8 == 0:
        return given
    if kind == "module":
        return module
    if kind in ("related_name", "zsc_key", "email"):
        return world.one_of(kind, given, module)
    if name in TEXTS:
        return TEXTS[name][_number(given) % len(TEXTS[name])]
    return world.one_of(kind, given, module) if kind and given.isdigit() else given


def _complete(case: Case, world: LivedIn, module: str) -> None:
    """Gives most of what is sent what it needs."""
    if case.path.endswith("recycle_bin/actions/restore") and case.body:  # one way only
        name = sorted(case.body)[_number(case.body) % len(case.body)]
        case.body = {name: case.body[name]}
    elif {"ids", "cvid"} <= case.body.keys():
        del case.body["cvid"]
    for name, sent in case.body.items():
        for one in sent if isinstance(sent, list) else ():
            if isinstance(one, dict) and _number(one) % 8:
                _complete_one(one, name, case, world, module)


def _complete_one(one: dict[str, Any], name: str, case: Case, world: LivedIn, module: str) -> None:
    if case.method in ("PUT", "PATCH") and name in KEYS:
        one["id"] = world.one_of(_kinds(case).get(name, name), _number(one), module)
    if case.path.endswith(("/{module}", "/upsert")):
        one.update(world.mandatory[module])
    elif name == "pipeline" and case.method == "PUT":
        one["display_value"] = "Third"
    elif "/Notes" in case.path:
        one["Note_Content"] = "Seen again"
    elif case.path.endswith("/mass_update"):
        one.clear()
        one["City"] = "Rome"
    elif case.path.endswith("/actions/merge") and isinstance(one.get("data"), list):
        others = world.ids[f"record_id {module}"][1:]
        one["data"] = [{"id": number, "_fields": []} for number, _ in zip(others, one["data"], strict=False)]
