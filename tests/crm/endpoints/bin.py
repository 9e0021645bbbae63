"""Rows of the recycle bin (crm-api.md §4.8)."""

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
    looks,
    refused,
    told,
)
from tests.support.answers import Has, Lacks

BIN = "/settings/recycle_bin"
IN_PATH = {"resource_path_index": 2}
BACK = looks("/Leads/$gone", {"data.0.Last_Name": "Gone"})
PURGED = (looks(f"{BIN}/$gone", status=204), looks("/Leads/deleted?type=permanent", {"data.*.id": Has("$gone")}))
WAYS = [{"api_name": name, "json_path": f"$.{name}"} for name in ("ids", "filters", "restore_all_records")]
WRONG_IDS = {"expected_data_type": "jsonarray", "api_name": "ids", "json_path": "$.ids"}
#: Who is no administrator finds in the bin what he may see and deleted himself or owns: to others it is not there.
NOT_HIS = told("recycle_bin", "INVALID_DATA", {"id": "$gone"}).answer

ROWS = (
    Row(
        "GET /settings/recycle_bin",
        f"{BIN}?ids=$gone,$gone2",
        works=gives(200, {"recycle_bin.*.id": Has("$gone"), "recycle_bin.*.module.api_name": ["Leads", "Leads"]}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"param_name": "ids"}, at=f"{BIN}?ids=x"),
        unknown=empty(at=f"{BIN}?ids=$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "DELETE /settings/recycle_bin",
        f"{BIN}?ids=$gone",
        works=gives(200, {"recycle_bin.0.code": "SUCCESS", "recycle_bin.0.details": {"id": "$gone"}}),
        then=PURGED,
        missing=flat("EXPECTED_PARAM_MISSING", {"param_names": ["filters", "ids"]}, at=BIN),
        wrong=flat("UNABLE_TO_PARSE_DATA_TYPE", {}, at=f"{BIN}?ids=x"),
        unknown=told("recycle_bin", "INVALID_DATA", {"id": "$nobody"}, at=f"{BIN}?ids=$nobody"),
        denied=NOT_HIS,
    ),
    Row(
        "GET /settings/recycle_bin/{record_id}",
        f"{BIN}/$gone",
        works=gives(200, {"recycle_bin.*.id": ["$gone"], "recycle_bin.0.display_name": "Gone"}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at=f"{BIN}/x"),
        unknown=empty(at=f"{BIN}/$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "DELETE /settings/recycle_bin/{record_id}",
        f"{BIN}/$gone",
        works=gives(200, {"recycle_bin.0.code": "SUCCESS", "recycle_bin.0.details": {"id": "$gone"}}),
        then=PURGED,
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at=f"{BIN}/x"),
        unknown=told("recycle_bin", "INVALID_DATA", {"id": "$nobody"}, at=f"{BIN}/$nobody"),
        denied=NOT_HIS,
    ),
    Row(
        "POST /settings/recycle_bin/{record_id}/actions/restore",
        f"{BIN}/$gone/actions/restore",
        works=gives(200, {"recycle_bin.0.code": "SUCCESS", "recycle_bin.0.details": {"id": "$gone"}}),
        then=BACK,
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", IN_PATH, at=f"{BIN}/x/actions/restore"),
        unknown=told("recycle_bin", "INVALID_DATA", {"id": "$nobody"}, at=f"{BIN}/$nobody/actions/restore"),
        denied=NOT_HIS,
    ),
    Row(
        "GET /settings/recycle_bin/actions/count",
        f"{BIN}/actions/count",
        works=gives(200, {"count": 3}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"count": 0}),
    ),
    Row(
        "POST /settings/recycle_bin/actions/empty",
        f"{BIN}/actions/empty",
        works=gives(200, {"code": "SUCCESS", "message": "recyclebin is cleared"}),
        then=looks(BIN, status=204),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=refused("AUTHORIZATION_FAILED", {}),
        elsewhere=Own(200),
    ),
    Row(
        "POST /settings/recycle_bin/actions/restore",
        f"{BIN}/actions/restore",
        body={"ids": ["$gone"]},
        works=gives(200, {"recycle_bin.0.code": "SUCCESS", "recycle_bin.0.details": {"id": "$gone"}}),
        then=(BACK, looks(BIN, {"recycle_bin.*.id": Lacks("$gone")})),
        missing=flat("EXPECTED_FIELD_MISSING", {"expected_fields": WAYS}, body={}),
        wrong=flat("INVALID_DATA", WRONG_IDS, body={"ids": "x"}),
        unknown=told("recycle_bin", "INVALID_DATA", {"id": "$nobody"}, body={"ids": ["$nobody"]}),
        denied=NOT_HIS,
    ),
)
