"""Rows of what contacts may be in potentials (crm-api.md §4.9)."""

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
    refused,
    told,
    without,
    wrong_type,
)
from tests.support.answers import Has, Lacks

KEY = "contact_roles"
LIST = "/Contacts/roles"
#: The roles are settings of their own: the vendor's page names no permission, ours is that of changing contacts.
DENIED = refused("NO_PERMISSION", {"permissions": ["Crm_Implied_Edit_Contacts"]}, 403)
MORE = ("Crm_Implied_Edit_Contacts",)
NAMED = {"api_name": "id", "json_path": "$.contact_roles[0].id"}
NAME = {"expected_data_type": "text", "maximum_length": 120, "api_name": "name"}
WRONG_NAME = {**NAME, "json_path": "$.contact_roles[0].name"}

ROWS = (
    Row(
        "GET /Contacts/roles",
        LIST,
        works=gives(200, {"contact_roles.*.id": Has("$contact_role"), "contact_roles.*.name": Has("Referee")}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"contact_roles.*.id": Lacks("$contact_role")}),
    ),
    Row(
        "POST /Contacts/roles",
        LIST,
        body={KEY: [{"name": "Gatekeeper"}]},
        works=gives(200, {"contact_roles.0.code": "SUCCESS"}),
        then=looks(f"{LIST}/$made", {"contact_roles.0.name": "Gatekeeper"}),
        missing=lacking(KEY, "name", body={KEY: [{}]}),
        wrong=told(KEY, "INVALID_DATA", WRONG_NAME, body={KEY: [{"name": 5}]}),
        unknown=NO_ID,
        denied=DENIED,
        more=MORE,
        elsewhere=Own(200),
    ),
    Row(
        "PUT /Contacts/roles",
        LIST,
        body={KEY: [{"id": "$contact_role", "name": "Gatekeeper"}]},
        works=gives(200, {"contact_roles.0.details.id": "$contact_role"}),
        then=looks(f"{LIST}/$contact_role", {"contact_roles.0.name": "Gatekeeper"}),
        missing=lacking(KEY, "id", body={KEY: [{"name": "x"}]}),
        wrong=told(KEY, "INVALID_DATA", WRONG_NAME, body={KEY: [{"id": "$contact_role", "name": 5}]}),
        unknown=told(KEY, "INVALID_DATA", NAMED, body={KEY: [{"id": "$nobody", "name": "x"}]}),
        denied=DENIED,
        more=MORE,
    ),
    Row(
        "DELETE /Contacts/roles",
        f"{LIST}?ids=$contact_role",
        works=gives(200, {"contact_roles.0.details": {"id": "$contact_role"}}),
        then=looks(f"{LIST}/$contact_role", status=204),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "ids"}, at=LIST),
        wrong=flat("UNABLE_TO_PARSE_DATA_TYPE", {}, at=f"{LIST}?ids=x"),
        unknown=told(KEY, "INVALID_DATA", {"id": "$nobody"}, at=f"{LIST}?ids=$nobody"),
        denied=DENIED,
        more=MORE,
    ),
    Row(
        "GET /Contacts/roles/{role_id}",
        f"{LIST}/$contact_role",
        works=gives(200, {"contact_roles.*.name": ["Referee"]}),
        missing=NOTHING_MANDATORY,
        wrong=empty(at=f"{LIST}/x"),
        unknown=empty(at=f"{LIST}/$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "PUT /Contacts/roles/{role_id}",
        f"{LIST}/$contact_role",
        body={KEY: [{"name": "Gatekeeper"}]},
        works=gives(200, {"contact_roles.0.details.id": "$contact_role"}),
        then=looks(f"{LIST}/$contact_role", {"contact_roles.0.name": "Gatekeeper"}),
        missing=without(KEY),
        wrong=wrong_type(KEY, "sequence_number", "integer", body={KEY: [{"sequence_number": "first"}]}),
        unknown=told(KEY, "INVALID_DATA", NAMED, at=f"{LIST}/$nobody"),
        denied=DENIED,
        more=MORE,
    ),
    Row(
        "DELETE /Contacts/roles/{role_id}",
        f"{LIST}/$contact_role",
        works=gives(200, {"contact_roles.0.details": {"id": "$contact_role"}}),
        then=looks(f"{LIST}/$contact_role", status=204),
        missing=NOTHING_MANDATORY,
        wrong=told(KEY, "INVALID_DATA", {"id": "0"}, at=f"{LIST}/x"),
        unknown=told(KEY, "INVALID_DATA", {"id": "$nobody"}, at=f"{LIST}/$nobody"),
        denied=DENIED,
        more=MORE,
    ),
)
