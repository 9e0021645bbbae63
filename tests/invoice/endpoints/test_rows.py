"""The table holds what it says: a row for each operation, and each excuse true."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mock_invoice.openapi import PREFIX, book_of, shortened
from simulator import openapi
from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    MALFORMED,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_STATUS,
    NOTHING_MANDATORY,
    UNKNOWN,
    UNPREFIXED,
    Call,
    Own,
    Row,
    cases,
)
from tests.invoice.endpoints.table import OPEN, ROWS
from tests.invoice.endpoints.world import Place
from tests.support.answers import Excuse

MEANT_FOR = {
    "missing": (NOTHING_MANDATORY, NO_INPUT),
    "wrong": (NO_INPUT,),
    "unknown": (NO_ID,),
    "status": (NO_STATUS, ANY_STATUS),
}
#: A part of a path that stands for one of a few words.
WORDS = re.compile(r"<any\(([\w,]+)\):(\w+)>")
#: What only refuses is no part of the document.
NOT_IN_IT: dict[str, Any] = {"parameters": []}
PATH_PART = re.compile(r"<(?:[^<>]+:)?([^<>]+)>")
#: Settings that every organization has under the same addresses.
EVERYWHERE = ("/autoreminders/", "/manualreminders/", "/organizations/")


def each_row(is_meant: Callable[[Row], bool] = lambda _: True) -> Any:
    """The rows that are meant, by their name."""
    rows = [row for row in ROWS if is_meant(row)]
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows])


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, dict[str, Any]]:
    """The operations, by method and path."""
    paths = openapi.document(app, book_of("v3"))["paths"]
    return {
        f"{method.upper()} {shortened(path)}": operation
        for path, found in paths.items()
        for method, operation in found.items()
    }


def operations(app: Flask) -> set[str]:
    """Those of the URL map under one prefix, as the document writes them; those that only refuse are here too."""
    book, found = book_of("v3"), set()
    for rule in app.url_map.iter_rules():
        if (path := book.path_of(rule)) is not None:
            address = shortened(PATH_PART.sub(r"{\1}", path))
            found |= {f"{method} {address}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return found


def test_each_operation_of_the_url_map_has_its_row_and_each_row_its_operation(
    app: Flask, document: dict[str, Any]
) -> None:
    found = {row.operation for row in ROWS}

    assert set(document) - found == set(), "operations of the document without a row"
    assert operations(app) - found == set(), "operations without a row"
    assert found - operations(app) == set(), "rows without an operation"


def test_each_word_that_an_address_may_have_has_its_row(app: Flask) -> None:
    """Of `/status/<any(sent,void,draft):action>` each of the three."""
    wanted, found = set(), {f"{row.method} {_plain(row.at)}" for row in ROWS}
    for rule in app.url_map.iter_rules():
        words = WORDS.search(rule.rule)
        if words and rule.rule.startswith(f"{PREFIX}/"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                path = rule.rule.removeprefix(PREFIX)
                wanted |= {f"{method} {_plain(path.replace(words[0], word))}" for word in words[1].split(",")}

    assert len(wanted) > 30
    assert wanted - found == set()


def _plain(address: str) -> str:
    """An address without its query, its ids all alike."""
    return re.sub(r"<\w+>|\$\w+|\b\d{13}\b", "*", address.split("?")[0])


def test_no_two_rows_are_of_the_same_call() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@each_row()
def test_a_rows_address_leads_to_its_operation(app: Flask, row: Row) -> None:
    given = row.at.split("?")[0].replace("$", "")
    full = given if given.startswith(UNPREFIXED) else f"{PREFIX}{given}"

    rule, _ = app.url_map.bind("invoice.test").match(full, method=row.method, return_rule=True)

    path = book_of("v3").path_of(rule)
    assert path is not None
    assert shortened(PATH_PART.sub(r"{\1}", path)) == row.path


@each_row()
def test_an_excuse_is_one_for_its_case(row: Row) -> None:
    for case, excuses in MEANT_FOR.items():
        given = getattr(row, case)
        assert not isinstance(given, Excuse) or given in excuses, case


@each_row(lambda row: row.missing is NOTHING_MANDATORY)
def test_what_needs_nothing_mandatory_is_content_with_nothing(document: dict[str, Any], here: Place, row: Row) -> None:
    operation = document[row.operation]
    required = [one["name"] for one in operation["parameters"] if one["required"] and one["in"] != "path"]

    status, body, _ = here.send(row.method, Call(row.at.split("?")[0]), here.names)

    assert required == []
    assert status < 400 or body["code"] != MISSING, body


@each_row(lambda row: NO_INPUT in (row.missing, row.wrong))
def test_what_takes_no_input_reads_none(document: dict[str, Any], here: Place, row: Row) -> None:
    operation = document.get(row.operation, NOT_IN_IT)
    taken = {one["name"] for one in operation["parameters"] if one["in"] == "query"} - {"organization_id"}

    _, body, _ = here.send(row.method, Call(row.at, b'{"cut'), here.names)

    assert taken == set()
    assert "requestBody" not in operation
    assert not isinstance(body, dict) or body["code"] != MALFORMED


@each_row(lambda row: row.unknown is NO_ID)
def test_what_names_nothing_has_no_id(row: Row) -> None:
    words = {"{module}"}

    assert set(re.findall(r"{\w+}", row.path)) <= words
    assert "$" not in f"{row.at}{row.body}{row.headers}"


@each_row(lambda row: isinstance(row.elsewhere, Own) and "$" in row.at)
def test_an_address_with_an_id_leads_to_nothing_elsewhere(row: Row) -> None:
    """But for what every organization has under the same id, and where the id is one of the caller's organizations."""
    assert any(part in row.at for part in EVERYWHERE)


@each_row(lambda row: row not in OPEN and row.elsewhere == UNKNOWN)
def test_what_is_unknown_elsewhere_says_how_it_is_unknown(row: Row) -> None:
    assert cases(row.unknown)
