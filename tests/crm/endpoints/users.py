"""Rows of users (crm-api.md §4.7, §5.9)."""

from tests.crm.endpoints.rows import (
    EVERYBODY,
    NO_ID,
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

MANAGE_USERS = "Crm_Implied_Manage_Users"
IN_PATH = {"resource_path_index": 1}
HEIDI = {"email": "heidi@zylker.example", "last_name": "Heidi", "profile": "$profile", "role": "$role"}
WAYS = {"param_names": ["criteria", "email", "phone", "word"]}


def searches(path: str) -> Row:
    return Row(
        f"GET {path}",
        f"{path}?email=fay@zylker.example",
        works=gives(200, {"users.*.id": ["$invited"], "info.count": 1}),
        missing=flat("EXPECTED_PARAM_MISSING", WAYS, at=path),
        wrong=flat("INVALID_DATA", {"param_name": "page"}, at=f"{path}?word=fay&page=x"),
        unknown=empty(at=f"{path}?email=nobody@zylker.example"),
        denied=EVERYBODY,
    )


ROWS = (
    searches("/users/search"),
    searches("/Users/search"),
    Row(
        "GET /users",
        "/users?type=NotConfirmedUsers",
        works=gives(200, {"users.*.id": ["$invited"], "users.0.confirm": False, "info.count": 1}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"param_name": "type"}, at="/users?type=x"),
        unknown=empty(at="/users?ids=$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "GET /users/actions/count",
        "/users/actions/count",
        works=gives(200, {"count": 7}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"param_name": "type"}, at="/users/actions/count?type=x"),
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"count": 5}),
    ),
    Row(
        "GET /users/{user_id}",
        "/users/$invited",
        works=gives(200, {"users.*.email": ["fay@zylker.example"], "users.0.profile.name": "Standard"}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at="/users/x"),
        unknown=empty(at="/users/$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "POST /users",
        "/users",
        body={"users": [HEIDI]},
        works=gives(201, {"users.0.message": "User added"}),
        then=looks("/users/$made", {"users.0.email": "heidi@zylker.example", "users.0.role.id": "$role"}),
        missing=lacking("users", "role", body={"users": [{**HEIDI, "role": None}]}),
        wrong=wrong_type("users", "last_name", "text", body={"users": [{**HEIDI, "last_name": 5}]}),
        unknown=told(
            "users",
            "INVALID_DATA",
            {"api_name": "profile", "json_path": "$.users[0].profile"},
            body={"users": [{**HEIDI, "profile": "$nobody"}]},
        ),
        denied=MANAGE_USERS,
        elsewhere=told("users", "INVALID_DATA", {"api_name": "profile", "json_path": "$.users[0].profile"}),
    ),
    Row(
        "PUT /users",
        "/users",
        body={"users": [{"id": "$invited", "last_name": "Faye"}]},
        works=gives(200, {"users.0.message": "User updated", "users.0.details": {"id": "$invited"}}),
        then=looks("/users/$invited", {"users.0.last_name": "Faye"}),
        missing=lacking("users", "id", body={"users": [{"last_name": "Faye"}]}),
        wrong=wrong_type("users", "last_name", "text", body={"users": [{"id": "$invited", "last_name": 5}]}),
        unknown=told(
            "users",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.users[0].id"},
            body={"users": [{"id": "$nobody", "last_name": "Faye"}]},
        ),
        denied=MANAGE_USERS,
    ),
    Row(
        "PUT /users/{user_id}",
        "/users/$invited",
        body={"users": [{"last_name": "Faye"}]},
        works=gives(200, {"users.0.message": "User updated", "users.0.details": {"id": "$invited"}}),
        then=looks("/users/$invited", {"users.0.last_name": "Faye"}),
        missing=without("users"),
        wrong=wrong_type("users", "last_name", "text", body={"users": [{"last_name": 5}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at="/users/$nobody"),
        denied=MANAGE_USERS,
    ),
    Row(
        "DELETE /users/{user_id}",
        "/users/$invited",
        works=gives(200, {"users.0.message": "User deleted", "users.0.details": {"id": "$invited"}}),
        then=looks("/users?type=DeletedUsers", {"users.*.id": ["$invited"]}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at="/users/x"),
        unknown=flat("INVALID_DATA", IN_PATH, at="/users/$nobody"),
        denied=MANAGE_USERS,
    ),
    Row(
        "POST /users/{user_id}/actions/accept_invitation",
        "/users/$invited/actions/accept_invitation",
        works=gives(200, {"users.0.code": "SUCCESS", "users.0.details": {"id": "$invited"}}),
        then=looks("/users/$invited", {"users.0.confirm": True}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at="/users/x/actions/accept_invitation"),
        unknown=flat("INVALID_DATA", IN_PATH, at="/users/$nobody/actions/accept_invitation"),
        denied=MANAGE_USERS,
    ),
)
