"""Shapes of notifications, bulk jobs, composite requests, and what the API says of itself."""

from mock_crm import versions
from mock_crm.openapi.schemas import listed
from mock_crm.versions import Version
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    OBJECT,
    OBJECT_0,
    TEXT,
    TEXT_0,
    WHOLE,
    WORDS,
    Shape,
    an_object,
    array_of,
    choice,
    keyed,
    or_null,
    ref,
)

_STATES = ("ADDED", "QUEUED", "IN PROGRESS", "COMPLETED", "FAILED")


def shapes(version: Version) -> dict[str, Shape]:
    return {**_coql(), **_channels(), **_bulk_read(version), **_bulk_write(version), **_composite(), **_told()}


def _channels() -> dict[str, Shape]:
    event = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_]*\.(create|edit|delete|all)$"}
    also: dict[str, Shape | str] = {
        "token": {"type": "string", "maxLength": 50},
        "channel_expiry": MOMENT,
        "return_affected_field_values": FLAG,
        "notify_on_related_action": FLAG,
        "notification_condition": array_of(OBJECT),
    }
    url: Shape = {"type": "string", "format": "uri", "maxLength": 500, "examples": ["http://localhost:9000/heard"]}
    return {
        "Channel": an_object(
            "One module of a channel.",
            channel_id=ID,
            channel_expiry=MOMENT,
            resource_uri=TEXT,
            resource_id=ID,
            resource_name=TEXT,
            events=array_of(TEXT),
            notify_url=TEXT,
            token=TEXT_0,
            return_affected_field_values=FLAG,
            notify_on_related_action=FLAG,
            notification_condition=or_null(array_of(OBJECT)),
        ),
        "ChannelToOpen": an_object(channel_id=ID, events=array_of(event, 100, 1), notify_url=url, also=also),
        "ChannelToChange": an_object(
            channel_id=ID, also={"events": array_of(event, 100, 1), "notify_url": url, "_delete_events": FLAG, **also}
        ),
    }


def _coql() -> dict[str, Shape]:
    select: Shape = {**WORDS, "examples": ["select Last_Name, Email from Contacts where Email is not null limit 10"]}
    rows, info = array_of(OBJECT), an_object(count=COUNT, more_records=FLAG)
    fields: Shape = {"type": "object", "additionalProperties": ref("Field")}
    return {
        "Query": an_object(select_query=select, also={"include_meta": array_of(choice("fields"), 1, 1)}),
        "QueryAnswer": an_object(
            "The columns asked for; `fields` has their metadata by their names.",
            data=rows,
            info=info,
            also={"fields": fields},
        ),
    }


def _module_named(version: Version) -> Shape:
    """A module of a job: an object, in v2 a string."""
    return an_object(api_name=TEXT) if version >= versions.V2_1 else TEXT


def _callback() -> Shape:
    return an_object(url={**WORDS, "examples": ["http://localhost:9000/done"]}, method=choice("post"))


def _bulk_read(version: Version) -> dict[str, Shape]:
    query = an_object(
        module=an_object(api_name=WORDS) if version >= versions.V2_1 else WORDS,
        also={
            "fields": array_of(WORDS),
            "criteria": ref("CriteriaToSend"),
            "cvid": ID,
            "page": {"type": "integer", "minimum": 1, "maximum": 500},
            "page_token": WORDS,
        },
    )
    result = an_object(
        also={"page": WHOLE, "count": COUNT, "download_url": TEXT, "per_page": WHOLE, "more_records": FLAG}
    )
    return {
        "ReadJob": an_object(
            "A job; `result` comes with its end.",
            id=ID,
            operation=choice("read"),
            state=choice(*_STATES, "FAILURE"),
            query=an_object(module=_module_named(version)),
            created_by=_id_and_name(),
            created_time=MOMENT,
            file_type=choice("csv"),
            also={"result": result},
        ),
        "ReadJobAdded": an_object(data=array_of("Outcome"), info=OBJECT),
        "ToRead": an_object(query=query, also={"callback": _callback(), "file_type": choice("csv")}),
    }


def _id_and_name() -> Shape:
    return an_object(id=ID, name=TEXT)


def _bulk_write(version: Version) -> dict[str, Shape]:
    mapping = an_object(
        api_name=WORDS, also={"index": COUNT, "format": WORDS, "find_by": WORDS, "default_value": OBJECT}
    )
    to_write = an_object(
        type=choice("data"),
        module=an_object(api_name=WORDS) if version >= versions.V2_1 else WORDS,
        file_id=ID,
        also={
            "file_names": array_of(WORDS, 1),
            "find_by": WORDS,
            "ignore_empty": FLAG,
            "field_mappings": array_of(mapping),
        },
    )
    counts = dict.fromkeys(("added_count", "skipped_count", "updated_count", "total_count"), COUNT)
    written = an_object(
        status=TEXT,
        type=choice("data"),
        module=_module_named(version),
        code=TEXT,
        find_by=TEXT_0,
        field_mappings=array_of(OBJECT),
        file=an_object(status=TEXT, name=TEXT, **counts),
    )
    return {
        "WriteJob": an_object(
            "A job with what became of its file.",
            id=ID,
            status=choice(*_STATES),
            operation=choice("insert", "update", "upsert"),
            character_encoding=TEXT,
            resource=array_of(written),
            created_by=_id_and_name(),
            created_time=MOMENT,
            also={"result": an_object(download_url=TEXT), "callback": OBJECT},
        ),
        "ToImport": an_object(
            operation=choice("insert", "update", "upsert"),
            resource=array_of(to_write, 1, 1),
            also={"callback": _callback(), "character_encoding": WORDS},
        ),
    }


def _composite() -> dict[str, Shape]:
    call = an_object(
        uri={"type": "string", "pattern": r"^/crm/v[2-8](\.1)?/[A-Za-z0-9_/]+$", "examples": ["/crm/v8/org"]},
        method=choice("GET", "POST", "PUT", "PATCH", "DELETE"),
        also={
            "sub_request_id": {"type": "string", "pattern": "^[a-zA-Z0-9][a-zA-Z0-9_]{0,20}$"},
            "params": OBJECT,
            "headers": {"type": "object", "additionalProperties": TEXT},
            "body": OBJECT,
        },
    )
    return {
        "SubRequests": an_object(
            also={"rollback_on_fail": FLAG, "concurrent_execution": FLAG, "parallel_execution": FLAG},
            __composite_requests=array_of(call, 5, 1),
        ),
        "SubAnswers": {
            **listed("__composite_requests", "Outcome"),
            "description": "`details.response` of each has status_code, headers and body of its answer.",
        },
    }


def _told() -> dict[str, Shape]:
    counted = or_null(an_object(also={"limits": OBJECT, "used_count": OBJECT, "available_count": OBJECT}))
    part: dict[str, Shape | str] = {
        "api_name": TEXT,
        "feature_label": TEXT,
        "module_supported": FLAG,
        "details": counted,
    }
    operation = an_object(method=TEXT, oauth_scope=TEXT, max_credits=WHOLE, min_credits=WHOLE)
    return {
        "Feature": keyed({**part, "parent_feature": OBJECT_0, "components": or_null(array_of(keyed(part)))}),
        "Api": an_object(path=TEXT, operation_types=array_of(operation)),
    }
