"""The table holds what it says: a row for each operation, and each excuse true."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mock_crm.openapi import VERSIONS, book_of, shortened
from simulator import openapi
from tests.crm.endpoints.rows import EVERYBODY, NO_ID, NO_INPUT, NO_TOKEN, NOTHING_MANDATORY, UNKNOWN, Case, Own, Row
from tests.crm.endpoints.table import BY_OPERATION, ROWS
from tests.support.answers import Excuse

#: Parameters that name something which may not be there; the parts of a path do so too.
NAMING = {"module", "ids", "cvid", "job_id", "layout_id", "channel_id", "channel_ids", "transfer_to", "transfer_to_id"}
CASES = ("missing", "wrong", "unknown", "denied", "elsewhere")
MEANT_FOR = {
    "missing": (NOTHING_MANDATORY,),
    "wrong": (NO_INPUT,),
    "unknown": (NO_ID,),
    "denied": (EVERYBODY, NO_TOKEN),
    "elsewhere": (NO_TOKEN,),
}


def each_row(is_meant: Callable[[Row], bool] = lambda _: True) -> Any:
    """The rows that are meant, by their operation."""
    rows = [row for row in ROWS if is_meant(row)]
    return pytest.mark.parametrize("row", rows, ids=[row.operation.replace("/", "_") for row in rows])


@pytest.fixture(scope="module")
def document(crm_app: Flask) -> dict[str, dict[str, Any]]:
    """The newest version's operations, by method and path."""
    paths = openapi.document(crm_app, book_of(VERSIONS[-1]))["paths"]
    return {
        f"{method.upper()} {shortened(path)}": operation
        for path, found in paths.items()
        for method, operation in found.items()
    }


def test_each_operation_of_the_url_map_has_its_row_and_each_row_its_operation(document: dict[str, Any]) -> None:
    assert set(document) - set(BY_OPERATION) == set(), "operations without a row"
    assert set(BY_OPERATION) - set(document) == set(), "rows without an operation"
    assert len(ROWS) == len(BY_OPERATION), "an operation with two rows"


@each_row()
def test_a_rows_address_leads_to_its_operation(crm_app: Flask, row: Row) -> None:
    given = row.at.split("?")[0].replace("$", "")
    full = given if given.startswith("/oauth/") else f"/crm/v8{given}"
    full = full.replace("/crm/v8/bulk/", "/crm/bulk/v8/")

    rule, _ = crm_app.url_map.bind("crm.test").match(full, method=row.method, return_rule=True)

    documented = re.sub(r"<(?:[^<>]+:)?([^<>]+)>", r"{\1}", rule.rule.replace("<version>", VERSIONS[-1]))
    assert shortened(documented) == row.path


@each_row()
def test_an_excuse_is_one_for_its_case(row: Row) -> None:
    for case in CASES:
        given = getattr(row, case)
        assert not isinstance(given, Excuse) or given in MEANT_FOR[case], case


@each_row(lambda row: row.missing is NOTHING_MANDATORY)
def test_what_needs_nothing_mandatory_says_so_in_the_document(document: dict[str, Any], row: Row) -> None:
    operation = document[row.operation]

    required = [one["name"] for one in operation["parameters"] if one["required"] and one["in"] != "path"]

    assert required == []
    assert not operation.get("requestBody", {}).get("required"), "its body is mandatory"


@each_row(lambda row: row.wrong is NO_INPUT)
def test_what_takes_no_input_takes_none(document: dict[str, Any], row: Row) -> None:
    assert document[row.operation]["parameters"] == []
    assert "requestBody" not in document[row.operation]


@each_row(lambda row: row.unknown is NO_ID)
def test_what_names_nothing_has_no_id(document: dict[str, Any], row: Row) -> None:
    taken = {one["name"] for one in document[row.operation]["parameters"]}

    assert taken & NAMING == set()
    assert "{" not in row.path
    assert "$" not in str(row.body).replace("$$", ""), "its body names something of the world"


@each_row(lambda row: NO_TOKEN in (row.denied, row.elsewhere))
def test_what_needs_no_token_is_where_tokens_come_from(row: Row) -> None:
    assert row.path.startswith("/oauth/")


@each_row(lambda row: row.elsewhere is not NO_TOKEN and "$" in row.at.split("?")[0])
def test_an_address_with_an_id_is_tried_with_another_worlds_token(row: Row) -> None:
    """Only of what every world has of its own may that call come to something."""
    is_refused = row.elsewhere == UNKNOWN or isinstance(row.elsewhere, Case)
    assert is_refused or (isinstance(row.elsewhere, Own) and "/layouts/" in row.path)


@each_row()
def test_a_wrong_call_is_not_the_right_one(row: Row) -> None:
    for case in ("missing", "wrong", "unknown"):
        given = getattr(row, case)
        assert isinstance(given, Excuse) or row.call_of(given) != row.right, case


@each_row()
def test_what_works_shows_something(row: Row) -> None:
    """More than a status: a fact of the answer, or of what is seen afterwards."""
    assert row.works.facts or row.looks
