"""What all bodies have in common: they are objects, and hold a list of no more things than a call may have (§4.3)."""

from typing import Any

import pytest

from tests.crm.endpoints.rows import Call, Row
from tests.crm.endpoints.table import ROWS
from tests.crm.endpoints.world import Place

WITH_BODY = [row for row in ROWS if isinstance(row.body, dict) and not row.path.startswith("/oauth/")]


def key_of(row: Row) -> str:
    """The key under which a body has its list of things; empty where it has none."""
    return next(
        (key for key, value in row.body.items() if isinstance(value, list) and key not in ("ids", "events")), ""
    )


WITH_LIST = [row for row in WITH_BODY if key_of(row)]
#: A call without a body is right here.
OPTIONAL = ("POST /{module}/{record_id}/actions/clone", "POST /{module}/actions/count")
#: These take one thing, or five, and say so in words of their own (crm-api.md §4.8, §7.2, §7.3).
OTHER_WORDS = ("POST /{module}/{record_id}/actions/merge", "POST /bulk/write", "POST /__composite_requests")
USUAL = [row for row in WITH_LIST if row.operation not in OTHER_WORDS]


def each(rows: list[Row]) -> Any:
    return pytest.mark.parametrize("row", rows, ids=[row.operation.replace("/", "_") for row in rows])


def refused(row: Row, body: Any, here: Place) -> tuple[int, Any]:
    status, shown = here.send(row.method, Call(row.at, body), here.crm.token, here.names)
    assert here.changes == {}
    return status, shown


@each(WITH_BODY)
@pytest.mark.parametrize("body", [[{}], "x", None], ids=["list", "text", "nothing"])
def test_a_body_must_be_an_object(row: Row, body: Any, here: Place) -> None:
    if body is None and row.operation in OPTIONAL:
        return

    status, shown = refused(row, body, here)

    bulk = ("REQUEST_BODY_NOT_SUPPORTED", {})
    usual = ("INVALID_DATA", {"expected_data_type": "jsonobject"})
    assert (status, (shown["code"], shown["details"])) == (400, bulk if row.path.startswith("/bulk/") else usual)


@each(WITH_LIST)
def test_what_must_be_a_list_is_one(row: Row, here: Place) -> None:
    key = key_of(row)

    status, shown = refused(row, {**row.body, key: {}}, here)

    details = {"expected_data_type": "jsonarray", "api_name": key, "json_path": f"$.{key}"}
    assert (status, shown["code"], shown["details"]) == (400, "INVALID_DATA", details)


@each([row for row in WITH_LIST if "merge" not in row.body])
def test_an_empty_list_is_none(row: Row, here: Place) -> None:
    key = key_of(row)

    status, shown = refused(row, {**row.body, key: []}, here)

    assert (status, shown["code"]) == (400, "MANDATORY_NOT_FOUND")
    assert shown["details"] == {"api_name": key, "json_path": f"$.{key}"}


@each(USUAL)
def test_there_may_be_only_so_many(row: Row, here: Place) -> None:
    key = key_of(row)

    status, shown = refused(row, {**row.body, key: row.body[key] * 501}, here)

    limit = shown["details"].get("limit")
    assert (status, shown["code"]) == (400, "LIMIT_EXCEEDED")
    assert shown["details"] == {"limit": limit, "api_name": key, "json_path": f"$.{key}"}
    assert 1 <= limit <= 500
