"""Rows of profiles and roles (crm-api.md §5.7, §5.8)."""

from tests.crm.endpoints.rows import (
    EVERYBODY,
    NO_ID,
    NO_INPUT,
    NOTHING_MANDATORY,
    Own,
    Row,
    empty,
    flat,
    gives,
    lacking,
    looks,
    told,
    without,
    wrong_type,
)
from tests.support.answers import Has, Lacks

MANAGE_PROFILES = "Crm_Implied_Manage_Profiles"
MANAGE_ROLES = "Crm_Implied_Manage_Roles"
IN_PATH = {"resource_path_index": 2}
PROFILES = "/settings/profiles"
KEY = "profiles"
PROFILE_RENAMED = looks(f"{PROFILES}/$profile", {"profiles.0.name": "Visitors"})


def changes_profile(method: str) -> Row:
    return Row(
        f"{method} /settings/profiles/{{profile_id}}",
        f"{PROFILES}/$profile",
        body={KEY: [{"name": "Visitors"}]},
        works=gives(
            200, {"profiles.0.message": "profile updated successfully", "profiles.0.details": {"id": "$profile"}}
        ),
        then=PROFILE_RENAMED,
        missing=without(KEY),
        wrong=wrong_type(KEY, "name", "text", body={KEY: [{"name": 5}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{PROFILES}/$nobody"),
        denied=MANAGE_PROFILES,
    )


OF_PROFILES = (
    Row(
        "GET /settings/profiles",
        PROFILES,
        works=gives(200, {"profiles.*.id": Has("$profile"), "info.license_limit": 25, "info.more_records": False}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"profiles.*.id": Lacks("$profile")}),
    ),
    Row(
        "GET /settings/profiles/{profile_id}",
        f"{PROFILES}/$profile",
        works=gives(
            200, {"profiles.*.name": ["Guests"], "profiles.0.custom": True, "profiles.0.sections.0.name": "module"}
        ),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at=f"{PROFILES}/x"),
        unknown=empty(at=f"{PROFILES}/$nobody"),
        denied=EVERYBODY,
    ),
    changes_profile("PUT"),
    changes_profile("PATCH"),
    Row(
        "DELETE /settings/profiles/{profile_id}",
        f"{PROFILES}/$profile?transfer_to=$standard_profile",
        works=gives(200, {"code": "SUCCESS", "message": "Profile deleted", "details": {"id": "$profile"}}),
        then=looks(f"{PROFILES}/$profile", status=204),
        missing=flat("MANDATORY_NOT_FOUND", {"param": "transfer_to"}, at=f"{PROFILES}/$profile"),
        wrong=flat("INVALID_DATA", {"id": "x"}, at=f"{PROFILES}/$profile?transfer_to=x"),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{PROFILES}/$nobody?transfer_to=$standard_profile"),
        denied=MANAGE_PROFILES,
    ),
    Row(
        "POST /settings/profiles/{profile_id}/actions/clone",
        f"{PROFILES}/$profile/actions/clone",
        body={KEY: [{"name": "Visitors"}]},
        works=gives(201, {"profiles.0.message": "profile created successfully"}),
        then=looks(f"{PROFILES}/$made", {"profiles.0.name": "Visitors", "profiles.0.custom": True}),
        missing=lacking(KEY, "name", body={KEY: [{}]}),
        wrong=wrong_type(KEY, "name", "text", body={KEY: [{"name": 5}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{PROFILES}/$nobody/actions/clone"),
        denied=MANAGE_PROFILES,
    ),
)

ROLES = "/settings/roles"
ROLE = {"name": "Buyer", "reporting_to": {"id": "$manager"}}

OF_ROLES = (
    Row(
        "GET /settings/roles",
        ROLES,
        works=gives(200, {"roles.*.name": ["CEO", "Manager", "Seller"], "roles.0.admin_user": True}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"roles.*.name": ["CEO", "Manager"]}),
    ),
    Row(
        "GET /settings/roles/{role_id}",
        f"{ROLES}/$role",
        works=gives(200, {"roles.*.name": ["Seller"], "roles.0.reporting_to.id": "$manager"}),
        missing=NOTHING_MANDATORY,
        wrong=empty(at=f"{ROLES}/x"),
        unknown=empty(at=f"{ROLES}/$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "POST /settings/roles",
        ROLES,
        body={"roles": [ROLE]},
        works=gives(201, {"roles.0.code": "SUCCESS", "roles.0.message": "Role added"}),
        then=looks(f"{ROLES}/$made", {"roles.0.name": "Buyer"}),
        missing=lacking("roles", "reporting_to", body={"roles": [{"name": "Buyer"}]}),
        wrong=wrong_type("roles", "name", "text", body={"roles": [{**ROLE, "name": 5}]}),
        unknown=told(
            "roles",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.roles[0].reporting_to.id"},
            body={"roles": [{"name": "Buyer", "reporting_to": {"id": "$nobody"}}]},
        ),
        denied=MANAGE_ROLES,
        elsewhere=Own(201),
    ),
    Row(
        "PUT /settings/roles",
        ROLES,
        body={"roles": [{"id": "$role", "name": "Buyer"}]},
        works=gives(200, {"roles.0.code": "SUCCESS", "roles.0.details": {"id": "$role"}}),
        then=looks(f"{ROLES}/$role", {"roles.0.name": "Buyer"}),
        missing=lacking("roles", "id", body={"roles": [{"name": "Buyer"}]}),
        wrong=wrong_type("roles", "name", "text", body={"roles": [{"id": "$role", "name": 5}]}),
        unknown=told(
            "roles",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.roles[0].id"},
            body={"roles": [{"id": "$nobody", "name": "Buyer"}]},
        ),
        denied=MANAGE_ROLES,
    ),
    Row(
        "PUT /settings/roles/{role_id}",
        f"{ROLES}/$role",
        body={"roles": [{"name": "Buyer"}]},
        works=gives(200, {"roles.0.code": "SUCCESS", "roles.0.details": {"id": "$role"}}),
        then=looks(f"{ROLES}/$role", {"roles.0.name": "Buyer"}),
        missing=without("roles"),
        wrong=wrong_type("roles", "share_with_peers", "boolean", body={"roles": [{"share_with_peers": "x"}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{ROLES}/$nobody"),
        denied=MANAGE_ROLES,
    ),
    Row(
        "DELETE /settings/roles/{role_id}",
        f"{ROLES}/$role?transfer_to_id=$manager",
        works=gives(200, {"roles.0.message": "Role Deleted", "roles.0.details": {"id": "$role"}}),
        then=(
            looks(f"{ROLES}/$role", status=204),
            looks("/users/$idle", {"users.0.role.id": "$manager"}),
        ),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "transfer_to_id"}, at=f"{ROLES}/$role"),
        wrong=flat(
            "INVALID_DATA",
            {"role_status": "invalid", "param_name": "transfer_to_id"},
            at=f"{ROLES}/$role?transfer_to_id=x",
        ),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{ROLES}/$nobody?transfer_to_id=$manager"),
        denied=MANAGE_ROLES,
    ),
)

ROWS = (*OF_PROFILES, *OF_ROLES)
