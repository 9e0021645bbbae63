"""Rows of acts on many records: mass updates, owners, tags (crm-api.md §4.8)."""

from tests.crm.endpoints.rows import (
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

EDIT, VIEW = "Crm_Implied_Edit_Accounts", "Crm_Implied_View_Accounts"
UNKNOWN_ID = {"resource_path_index": 1}
OWNER = {"owner": {"id": "$standard"}}
NO_OWNER = flat("MANDATORY_NOT_FOUND", {"api_name": "owner", "json_path": "$.owner"}, body={"ids": ["$account"]})
WRONG_OWNER = {"expected_data_type": "jsonobject", "api_name": "owner", "json_path": "$.owner"}
OWNED = looks("/Accounts/$account?fields=Owner", {"data.0.Owner.id": "$standard"})
WRONG_IDS = {"expected_data_type": "jsonarray", "api_name": "ids", "json_path": "$.ids"}
NO_IDS = {"api_name": "ids", "json_path": "$.ids", "expected_data_type": "jsonarray"}
WRONG_JOB = {"param_name": "job_id"}
BLUE = {"tags": [{"name": "Blue"}]}
RED = {"tags": [{"name": "Red"}]}
NO_TAGS = flat("MANDATORY_NOT_FOUND", {"api_name": "tags", "json_path": "$.tags"}, body={"ids": ["$account"]})
WRONG_TAG = {"expected_data_type": "text", "api_name": "name", "json_path": "$.tags[0].name"}
TAG = {"api_name": "id", "json_path": "$.tags[0].id"}
TAGS = "/settings/tags"
NO_SUCH_MODULE = flat("INVALID_MODULE", {}, at=f"{TAGS}?module=Nope")
NO_MODULE_NAMED = flat("REQUIRED_PARAM_MISSING", {"param": "module"}, at=TAGS)
MORE_EDIT = {"denied": refused("NO_PERMISSION", {"permissions": [EDIT]}, 403), "more": (EDIT,)}
MORE_VIEW = {"denied": refused("NO_PERMISSION", {"permissions": [VIEW]}, 403), "more": (VIEW,)}


def tags_are(*names: str) -> object:
    return looks("/Accounts/$account?fields=Tag", {"data.0.Tag.*.name": list(names)})


ROWS = (
    Row(
        "POST /{module}/actions/mass_update",
        "/Accounts/actions/mass_update",
        body={"data": [{"Billing_City": "Rome"}], "ids": ["$account", "$account2"]},
        works=gives(200, {"data.*.code": ["SUCCESS", "SUCCESS"]}),
        then=looks("/Accounts/$account2?fields=Billing_City", {"data.0.Billing_City": "Rome"}),
        missing=flat("MANDATORY_NOT_FOUND", {"api_name": "data", "json_path": "$.data"}, body={"ids": ["$account"]}),
        wrong=flat("INVALID_DATA", WRONG_IDS, body={"data": [{"Billing_City": "Rome"}], "ids": "x"}),
        unknown=told(
            "data",
            "INVALID_DATA",
            {"id": "$nobody"},
            body={"data": [{"Billing_City": "Rome"}], "ids": ["$nobody"]},
        ),
        denied=EDIT,
        elsewhere=Own(400, {"data.*.code": ["INVALID_DATA", "INVALID_DATA"]}),
    ),
    Row(
        "GET /{module}/actions/mass_update",
        "/Leads/actions/mass_update?job_id=$updating",
        works=gives(200, {"data.0.Status": "COMPLETED", "data.0.Total_Count": 1, "data.0.Updated_Count": 1}),
        missing=flat("REQUIRED_PARAM_MISSING", WRONG_JOB, at="/Leads/actions/mass_update"),
        wrong=flat("INVALID_DATA", WRONG_JOB, at="/Leads/actions/mass_update?job_id=x"),
        unknown=empty(at="/Leads/actions/mass_update?job_id=$nobody"),
        denied="Crm_Implied_View_Leads",
    ),
    Row(
        "POST /{module}/actions/mass_delete",
        "/Accounts/actions/mass_delete",
        body={"ids": ["$account"]},
        works=gives(200, {"data.0.message": "record is deleted", "data.0.details": {"id": "$account"}}),
        then=looks("/Accounts/$account", {"code": "INVALID_DATA"}, 400),
        missing=flat("MANDATORY_NOT_FOUND", NO_IDS, body={}),
        wrong=flat("INVALID_DATA", WRONG_IDS, body={"ids": "x"}),
        unknown=told(
            "data",
            "INVALID_DATA",
            {"api_name": "ids", "json_path": "$.ids[0]", "id": "$nobody"},
            body={"ids": ["$nobody"]},
        ),
        denied="Crm_Implied_Delete_Accounts",
    ),
    Row(
        "GET /{module}/actions/mass_delete",
        "/Leads/actions/mass_delete?job_id=$deleting",
        works=gives(200, {"data.0.Status": "COMPLETED", "data.0.Total_Count": 1, "data.0.Deleted_Count": 1}),
        missing=flat("MANDATORY_NOT_FOUND", WRONG_JOB, at="/Leads/actions/mass_delete"),
        wrong=flat("INVALID_DATA", WRONG_JOB, at="/Leads/actions/mass_delete?job_id=x"),
        unknown=flat("INVALID_DATA", WRONG_JOB, at="/Leads/actions/mass_delete?job_id=$nobody"),
        denied="Crm_Implied_View_Leads",
    ),
    Row(
        "POST /{module}/actions/change_owner",
        "/Accounts/actions/change_owner",
        body={"ids": ["$account"], **OWNER},
        works=gives(200, {"data.0.message": "owner is successfully updated", "data.0.details.id": "$account"}),
        then=OWNED,
        missing=NO_OWNER,
        wrong=flat("INVALID_DATA", WRONG_OWNER, body={"ids": ["$account"], "owner": 5}),
        unknown=told("data", "INVALID_DATA", {"id": "$nobody"}, body={"ids": ["$nobody"], **OWNER}),
        denied=EDIT,
    ),
    Row(
        "POST /{module}/{record_id}/actions/change_owner",
        "/Accounts/$account/actions/change_owner",
        body=OWNER,
        works=gives(200, {"data.0.message": "owner is successfully updated", "data.0.details.id": "$account"}),
        then=OWNED,
        missing=flat("MANDATORY_NOT_FOUND", {"api_name": "owner", "json_path": "$.owner"}, body={}),
        wrong=flat("INVALID_DATA", WRONG_OWNER, body={"owner": 5}),
        unknown=flat("INVALID_DATA", UNKNOWN_ID, at="/Accounts/$nobody/actions/change_owner"),
        denied=EDIT,
    ),
    Row(
        "POST /{module}/actions/mass_change_owner",
        "/Accounts/actions/mass_change_owner",
        body={"cvid": "$view", **OWNER},
        works=gives(202, {"data.0.code": "SCHEDULED", "data.0.status": "success"}),
        then=OWNED,
        missing=flat("MANDATORY_NOT_FOUND", {"api_name": "cvid", "json_path": "$.cvid"}, body=OWNER),
        wrong=flat("INVALID_DATA", WRONG_OWNER, body={"cvid": "$view", "owner": 5}),
        unknown=flat(
            "INVALID_DATA",
            {"api_name": "cvid", "json_path": "$.cvid", "id": "$nobody"},
            body={"cvid": "$nobody", **OWNER},
        ),
        denied=EDIT,
    ),
    Row(
        "GET /{module}/actions/mass_change_owner",
        "/Leads/actions/mass_change_owner?job_id=$giving",
        works=gives(200, {"data.0.Status": "COMPLETED", "data.0.Total_Count": 1, "data.0.Updated_Count": 1}),
        missing=flat("REQUIRED_PARAM_MISSING", WRONG_JOB, at="/Leads/actions/mass_change_owner"),
        wrong=flat("INVALID_DATA", WRONG_JOB, at="/Leads/actions/mass_change_owner?job_id=x"),
        unknown=empty(at="/Leads/actions/mass_change_owner?job_id=$nobody"),
        denied="Crm_Implied_View_Leads",
    ),
    Row(
        "POST /{module}/actions/add_tags",
        "/Accounts/actions/add_tags",
        body={"ids": ["$account"], **BLUE},
        works=gives(200, {"data.0.details.tags.*.name": ["Red", "Blue"], "success_count": "1"}),
        then=tags_are("Red", "Blue"),
        missing=NO_TAGS,
        wrong=flat("INVALID_DATA", WRONG_TAG, body={"ids": ["$account"], "tags": [{"name": 5}]}),
        unknown=told("data", "INVALID_DATA", {"id": "$nobody"}, body={"ids": ["$nobody"], **BLUE}),
        denied=EDIT,
        # a name that is no tag yet becomes one, whatever the records are
        elsewhere=Own(400, {"data.*.code": ["INVALID_DATA"]}),
    ),
    Row(
        "POST /{module}/{record_id}/actions/add_tags",
        "/Accounts/$account/actions/add_tags",
        body=BLUE,
        works=gives(200, {"data.0.details.id": "$account", "data.0.details.tags.*.name": ["Red", "Blue"]}),
        then=tags_are("Red", "Blue"),
        missing=without("tags"),
        wrong=flat("INVALID_DATA", WRONG_TAG, body={"tags": [{"name": 5}]}),
        unknown=flat("INVALID_DATA", UNKNOWN_ID, at="/Accounts/$nobody/actions/add_tags"),
        denied=EDIT,
    ),
    Row(
        "POST /{module}/actions/remove_tags",
        "/Accounts/actions/remove_tags",
        body={"ids": ["$account"], **RED},
        works=gives(200, {"data.0.details": {"id": "$account", "tags": []}, "success_count": "1"}),
        then=tags_are(),
        missing=NO_TAGS,
        wrong=flat("INVALID_DATA", WRONG_TAG, body={"ids": ["$account"], "tags": [{"name": 5}]}),
        unknown=told("data", "INVALID_DATA", {"id": "$nobody"}, body={"ids": ["$nobody"], **RED}),
        denied=EDIT,
    ),
    Row(
        "POST /{module}/{record_id}/actions/remove_tags",
        "/Accounts/$account/actions/remove_tags",
        body=RED,
        works=gives(200, {"data.0.details": {"id": "$account", "tags": []}}),
        then=tags_are(),
        missing=without("tags"),
        wrong=flat("INVALID_DATA", WRONG_TAG, body={"tags": [{"name": 5}]}),
        unknown=flat("INVALID_DATA", UNKNOWN_ID, at="/Accounts/$nobody/actions/remove_tags"),
        denied=EDIT,
    ),
    Row(
        "GET /settings/tags",
        f"{TAGS}?module=Accounts",
        works=gives(200, {"tags.*.id": ["$tag", "$tag2"], "tags.*.name": ["Red", "Blue"], "info.count": 2}),
        missing=NO_MODULE_NAMED,
        wrong=flat("INVALID_MODULE", {}, at=f"{TAGS}?module=5"),
        unknown=NO_SUCH_MODULE,
        elsewhere=empty(),
        **MORE_VIEW,
    ),
    Row(
        "POST /settings/tags",
        f"{TAGS}?module=Accounts",
        body={"tags": [{"name": "Green"}]},
        works=gives(201, {"tags.0.code": "SUCCESS", "tags.0.details.name": "Green"}),
        then=looks(f"{TAGS}?module=Accounts", {"tags.*.id": Has("$made")}),
        missing=lacking("tags", "name", body={"tags": [{}]}),
        wrong=wrong_type("tags", "name", "text", body={"tags": [{"name": 5}]}),
        unknown=NO_SUCH_MODULE,
        elsewhere=Own(201),
        **MORE_EDIT,
    ),
    Row(
        "PUT /settings/tags",
        f"{TAGS}?module=Accounts",
        body={"tags": [{"id": "$tag", "name": "Scarlet"}]},
        works=gives(200, {"tags.0.details.id": "$tag", "tags.0.details.name": "Scarlet"}),
        then=tags_are("Scarlet"),
        missing=lacking("tags", "id", body={"tags": [{"name": "Scarlet"}]}),
        wrong=wrong_type("tags", "name", "text", body={"tags": [{"id": "$tag", "name": 5}]}),
        unknown=told("tags", "INVALID_DATA", TAG, body={"tags": [{"id": "$nobody", "name": "Scarlet"}]}),
        **MORE_EDIT,
    ),
    Row(
        "PUT /settings/tags/{tag_id}",
        f"{TAGS}/$tag?module=Accounts",
        body={"tags": [{"name": "Scarlet"}]},
        works=gives(200, {"tags.0.details.id": "$tag", "tags.0.details.name": "Scarlet"}),
        then=tags_are("Scarlet"),
        missing=lacking("tags", "name", body={"tags": [{}]}),
        wrong=wrong_type("tags", "name", "text", body={"tags": [{"name": 5}]}),
        unknown=told("tags", "INVALID_DATA", TAG, at=f"{TAGS}/$nobody?module=Accounts"),
        **MORE_EDIT,
    ),
    Row(
        "DELETE /settings/tags/{tag_id}",
        f"{TAGS}/$tag",
        works=gives(200, {"tags.0.code": "SUCCESS", "tags.0.details": {"id": "$tag"}}),
        then=(looks(f"{TAGS}?module=Accounts", {"tags.*.id": Lacks("$tag")}), tags_are()),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"id": "x"}, at=f"{TAGS}/x"),
        unknown=flat("INVALID_DATA", {"id": "$nobody"}, at=f"{TAGS}/$nobody"),
        **MORE_EDIT,
    ),
    Row(
        "POST /settings/tags/{tag_id}/actions/merge",
        f"{TAGS}/$tag2/actions/merge",
        body={"tags": [{"conflict_id": "$tag"}]},
        works=gives(200, {"tags.0.code": "SUCCESS", "tags.0.details.id": "$tag2"}),
        then=tags_are("Blue"),
        missing=flat(
            "MANDATORY_NOT_FOUND",
            {"api_name": "conflict_id", "json_path": "$.tags[0].conflict_id"},
            body={"tags": [{}]},
        ),
        wrong=told(
            "tags",
            "INVALID_DATA",
            {"api_name": "conflict_id", "json_path": "$.tags[0].conflict_id"},
            body={"tags": [{"conflict_id": "x"}]},
        ),
        unknown=flat("INVALID_DATA", {"id": "$nobody"}, at=f"{TAGS}/$nobody/actions/merge"),
        **MORE_EDIT,
    ),
    Row(
        "GET /settings/tags/{tag_id}/actions/records_count",
        f"{TAGS}/$tag/actions/records_count?module=Accounts",
        works=gives(200, {"count": "1"}),
        missing=flat("REQUIRED_PARAM_MISSING", {"param": "module"}, at=f"{TAGS}/$tag/actions/records_count"),
        wrong=flat("INVALID_DATA", {"api_name": "id"}, at=f"{TAGS}/x/actions/records_count?module=Accounts"),
        unknown=flat("INVALID_DATA", {"api_name": "id"}, at=f"{TAGS}/$nobody/actions/records_count?module=Accounts"),
        **MORE_VIEW,
    ),
)
