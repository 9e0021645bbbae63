"""Rows of notifications, bulk jobs, composite requests, features (crm-api.md §7)."""

import io
import zipfile
from typing import Any
from urllib.parse import quote

from tests.crm.endpoints.rows import (
    EVERYBODY,
    NOTHING_MANDATORY,
    Own,
    Row,
    answers,
    empty,
    flat,
    gives,
    lacking,
    looks,
    refused,
    refused_in,
    told,
    wrong_type,
)
from tests.crm.lived_in import HEARD, zipped
from tests.support.answers import Answer, Fits, Has

WATCH = "/actions/watch"
CHANNEL = {"channel_id": "1002", "events": ["Deals.all"], "notify_url": HEARD}
SEE_DEALS, SEE_ACCOUNTS = "Crm_Implied_View_Potentials", "Crm_Implied_View_Accounts"
NOT_SUBSCRIBED = {"channel_id": "9999"}
#: Channels and jobs are their makers': to others they are not there.
NOT_HIS = refused_in("watch", "NOT_SUBSCRIBED", {"channel_id": "1001"})
NOT_FOUND = refused("RESOURCE_NOT_FOUND", {}, 404)
EVENTS = {"expected_data_type": "jsonarray", "api_name": "events", "json_path": "$.watch[0].events"}
WATCHED = {"watch.0.details.events.0.channel_id": "1001", "watch.0.details.events.0.resource_name": "Contacts"}

OF_CHANNELS = (
    Row(
        "GET /actions/watch",
        f"{WATCH}?channel_id=1001",
        works=gives(200, {"watch.*.channel_id": ["1001"], "watch.0.events": ["Deals.all"], "info.count": 1}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"param_name": "channel_id"}, at=f"{WATCH}?channel_id=x"),
        unknown=empty(at=f"{WATCH}?channel_id=9999"),
        denied=EVERYBODY,
    ),
    Row(
        "POST /actions/watch",
        WATCH,
        body={"watch": [CHANNEL]},
        works=gives(
            201,
            {
                "watch.0.code": "SUCCESS",
                "watch.0.message": "Successfully subscribed for actions-watch of the given module",
                "watch.0.details.events.0.resource_name": "Deals",
            },
        ),
        then=looks(f"{WATCH}?channel_id=1002", {"watch.0.notify_url": HEARD}),
        missing=lacking("watch", "notify_url", body={"watch": [{**CHANNEL, "notify_url": None}]}),
        wrong=told("watch", "INVALID_DATA", EVENTS, body={"watch": [{**CHANNEL, "events": "Deals.all"}]}),
        unknown=told(
            "watch",
            "INVALID_DATA",
            {"api_name": "events", "json_path": "$.watch[0].events"},
            body={"watch": [{**CHANNEL, "events": ["Nope.all"]}]},
        ),
        denied=refused_in("watch", "NO_PERMISSION", {"permissions": [SEE_DEALS]}, 403),
        more=(SEE_DEALS,),
        elsewhere=Own(201),
    ),
    Row(
        "PUT /actions/watch",
        WATCH,
        body={"watch": [{**CHANNEL, "channel_id": "1001", "events": ["Contacts.edit"]}]},
        works=gives(200, {**WATCHED, "watch.0.message": "Successfully updated the subscribe details"}),
        then=looks(f"{WATCH}?channel_id=1001", {"watch.*.events": [["Contacts.edit"]]}),
        missing=lacking("watch", "channel_id", body={"watch": [{**CHANNEL, "channel_id": None}]}),
        wrong=wrong_type("watch", "channel_id", "bigint", body={"watch": [{**CHANNEL, "channel_id": "x"}]}),
        unknown=told("watch", "NOT_SUBSCRIBED", NOT_SUBSCRIBED, body={"watch": [{**CHANNEL, "channel_id": "9999"}]}),
        denied=NOT_HIS,
    ),
    Row(
        "PATCH /actions/watch",
        WATCH,
        body={"watch": [{"channel_id": "1001", "events": ["Deals.delete"], "_delete_events": True}]},
        works=gives(
            200, {"watch.0.code": "SUCCESS", "watch.0.message": "Successfully un-subscribed from actions-watch"}
        ),
        then=looks(f"{WATCH}?channel_id=1001", {"watch.*.events": [["Deals.create", "Deals.edit"]]}),
        missing=lacking("watch", "channel_id", body={"watch": [{"events": ["Deals.delete"]}]}),
        wrong=wrong_type("watch", "channel_id", "bigint", body={"watch": [{"channel_id": "x"}]}),
        unknown=told(
            "watch",
            "NOT_SUBSCRIBED",
            NOT_SUBSCRIBED,
            body={"watch": [{"channel_id": "9999", "events": ["Deals.delete"], "_delete_events": True}]},
        ),
        denied=NOT_HIS,
    ),
    Row(
        "DELETE /actions/watch",
        f"{WATCH}?channel_ids=1001",
        works=gives(
            200,
            {
                "watch.0.message": "Successfully un-subscribed from actions-watch",
                "watch.0.details.channel_id": "1001",
            },
        ),
        then=looks(WATCH, status=204),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "channel_ids"}, at=WATCH),
        wrong=flat("UNABLE_TO_PARSE_DATA_TYPE", {}, at=f"{WATCH}?channel_ids=x"),
        unknown=told("watch", "NOT_SUBSCRIBED", NOT_SUBSCRIBED, at=f"{WATCH}?channel_ids=9999"),
        denied=NOT_HIS,
    ),
)

READ = {"query": {"module": {"api_name": "Accounts"}, "fields": ["Account_Name"]}}
RESOURCE = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": "$file"}
WRITE = {"operation": "insert", "resource": [RESOURCE]}
UPLOAD = {"feature": "bulk-write", "X-CRM-ORG": "$org"}
SUB = {"sub_request_id": "1", "method": "GET", "uri": "/crm/v8/Accounts/$account"}
COMPOSITE = "/__composite_requests"
KEY = "__composite_requests"
SUB_STATUS = f"{KEY}.0.details.response.status_code"
SUB_BODY = f"{KEY}.0.details.response.body"


def _unzipped(content: Any) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def shows_job(operation: str, at: str, *, works: Answer) -> Row:
    """A job of the caller's."""
    path = at[: at.index("$")]
    return Row(
        operation,
        at,
        works=works,
        missing=NOTHING_MANDATORY,
        wrong=flat("RESOURCE_NOT_FOUND", {}, 404, at=f"{path}x"),
        unknown=flat("RESOURCE_NOT_FOUND", {}, 404, at=at.replace(at.split("/")[3], "$nobody")),
        denied=NOT_FOUND,
    )


OF_BULK = (
    Row(
        "POST /bulk/read",
        "/bulk/read",
        body=READ,
        works=gives(
            201,
            {
                "data.0.code": "ADDED_SUCCESSFULLY",
                "data.0.details.state": "ADDED",
                "data.0.details.operation": "read",
            },
        ),
        then=looks("/bulk/read/$made", {"data.0.query.fields": ["Account_Name"]}),
        missing=flat("MISSING_REQUIRED_KEY", {"json_path": "$.query"}, body={}),
        wrong=flat("REQUEST_BODY_NOT_SUPPORTED", {}, body={"query": 5}),
        unknown=flat("MODULE_NOT_AVAILABLE", {"module": "Nope"}, body={"query": {"module": {"api_name": "Nope"}}}),
        denied=refused("NO_PERMISSION", {"permissions": [SEE_ACCOUNTS]}, 403),
        more=(SEE_ACCOUNTS,),
        elsewhere=Own(201),
    ),
    shows_job(
        "GET /bulk/read/{job_id}",
        "/bulk/read/$reading",
        works=gives(200, {"data.0.state": "COMPLETED", "data.0.result.page": 1, "data.0.result.more_records": False}),
    ),
    shows_job(
        "GET /bulk/read/{job_id}/result",
        "/bulk/read/$reading/result",
        works=gives(200, {"": Fits(lambda content: "Yarrow Botanicals" in _unzipped(content))}),
    ),
    Row(
        "POST /upload",
        "/upload",
        headers=UPLOAD,
        file=zipped(),
        works=gives(200, {"code": "FILE_UPLOAD_SUCCESS", "details.file_id": Fits(str.isdigit), "status": "success"}),
        missing=flat("INVALID_DATA", {"header_name": "X-CRM-ORG"}, headers={"feature": "bulk-write"}),
        wrong=flat("FILE_NOT_SUPPORTED", {}, file=b"no zip"),
        unknown=flat("INVALID_DATA", {"header_name": "X-CRM-ORG"}, headers={**UPLOAD, "X-CRM-ORG": "5"}),
        denied=EVERYBODY,
        elsewhere=Own(200),
    ),
    Row(
        "POST /bulk/write",
        "/bulk/write",
        body=WRITE,
        works=gives(201, {"code": "SUCCESS", "status": "success"}),
        then=looks("/bulk/write/$made", {"status": "ADDED", "operation": "insert"}),
        missing=flat(
            "MANDATORY_NOT_FOUND", {"api_name": "operation", "json_path": "$.operation"}, body={"resource": [RESOURCE]}
        ),
        wrong=flat(
            "INVALID_DATA",
            {"expected_data_type": "jsonarray", "api_name": "resource", "json_path": "$.resource"},
            body={**WRITE, "resource": 5},
        ),
        unknown=flat(
            "INVALID_FILE_ID",
            {"json_path": "$.resource[0].file_id"},
            body={**WRITE, "resource": [{**RESOURCE, "file_id": "$nobody"}]},
        ),
        denied=refused("NO_PERMISSION", {"permissions": ["Crm_Implied_Create_Accounts"]}, 403),
        more=("Crm_Implied_Create_Accounts",),
    ),
    shows_job(
        "GET /bulk/write/{job_id}",
        "/bulk/write/$writing",
        works=gives(200, {"status": "COMPLETED", "resource.0.file.added_count": 1, "resource.0.file.total_count": 1}),
    ),
    shows_job(
        "GET /bulk/write/{job_id}/result",
        "/bulk/write/$writing/result",
        works=gives(200, {"": Fits(lambda content: "ADDED" in _unzipped(content))}),
    ),
)


def path_filter(path: str) -> str:
    return quote(f'{{"field":{{"api_name":"path"}},"comparator":"equals","value":"{path}"}}')


OF_THE_API = (
    Row(
        "POST /__composite_requests",
        COMPOSITE,
        body={KEY: [SUB]},
        works=gives(200, {f"{KEY}.0.code": "SUCCESS", SUB_STATUS: 200, f"{SUB_BODY}.data.*.id": ["$account"]}),
        missing=flat(
            "MANDATORY_NOT_FOUND",
            {"api_name": "uri", "json_path": f"$.{KEY}[0].uri"},
            body={KEY: [{**SUB, "uri": None}]},
        ),
        wrong=flat(
            "INVALID_DATA",
            {"expected_data_type": "boolean", "api_name": "rollback_on_fail", "json_path": "$.rollback_on_fail"},
            body={KEY: [SUB], "rollback_on_fail": "x"},
        ),
        unknown=told(
            KEY,
            "INVALID_REFERENCE",
            {"json_path": f"$.{KEY}[0]", "reference": "@{7:$.data[0].id}"},
            body={KEY: [{**SUB, "uri": "/crm/v8/Accounts/@{7:$.data[0].id}"}]},
        ),
        denied=Answer(200, {SUB_STATUS: 403, f"{SUB_BODY}.code": "NO_PERMISSION"}),
        more=(SEE_ACCOUNTS,),
        elsewhere=answers(200, {SUB_STATUS: 400, f"{SUB_BODY}.code": "INVALID_DATA"}),
    ),
    Row(
        "GET /__features",
        "/__features?module=Accounts&api_names=tags",
        works=gives(200, {"__features.*.api_name": ["tags"], "__features.0.details.used_count.total": 2}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"param_name": "page"}, at="/__features?page=x"),
        unknown=empty(at="/__features?api_names=nope"),
        denied=EVERYBODY,
        elsewhere=Own(200, {"__features.0.details.used_count.total": 0}),
    ),
    Row(
        "GET /__features/{api_name}",
        "/__features/tags?module=Accounts",
        works=gives(200, {"__features.*.api_name": ["tags"], "__features.0.details.used_count.total": 2}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_MODULE", {}, at="/__features/tags?module=5"),
        unknown=empty(at="/__features/nope"),
        denied=EVERYBODY,
        elsewhere=Own(200, {"__features.0.details.used_count.total": 0}),
    ),
    Row(
        "GET /__apis",
        f"/__apis?filters={path_filter('/crm/v8/org')}",
        works=gives(
            200,
            {"__apis.*.path": ["/crm/v8/org"], "__apis.0.operation_types.*.oauth_scope": ["ZohoCRM.org.READ"]},
        ),
        missing=flat(
            "MANDATORY_NOT_FOUND", {"api_name": "field", "param_name": "filters"}, at="/__apis?filters=%7B%7D"
        ),
        wrong=flat(
            "INVALID_DATA", {"param_name": "filters", "expected_data_type": "jsonobject"}, at="/__apis?filters=x"
        ),
        unknown=empty(at=f"/__apis?filters={path_filter('/crm/v8/nope')}"),
        denied=EVERYBODY,
        elsewhere=Own(200, {"__apis.*.path": Has("/crm/v8/org")}),
    ),
)

ROWS = (*OF_CHANNELS, *OF_BULK, *OF_THE_API)
