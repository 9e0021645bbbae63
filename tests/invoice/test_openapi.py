"""The OpenAPI document of Invoice: each route is in it, in words that are valid, and on the page that shows it."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.openapi.checks import JsonSchemaError

from mock_invoice.openapi import PREFIX, VERSIONS, book_of
from simulator import openapi
from tests.invoice.closing import closed
from tests.invoice.conftest import Invoice
from tests.invoice.lived_in import DOCUMENTS as KINDS
from tests.invoice.lived_in import LivedIn


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    """What is served."""
    answer = app.test_client().get("/_sim/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json or {})


def operations(document: dict[str, Any]) -> set[str]:
    return {f"{method.upper()} {path}" for path, found in document["paths"].items() for method in found}


def test_every_route_says_what_it_takes_and_answers(app):
    assert openapi.undocumented(app, book_of(VERSIONS[-1])) == []


def test_the_document_is_valid(document):
    schemathesis.openapi.from_dict(document).validate()

    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "v3"


def test_one_of_the_three_addresses_is_shown_and_all_of_it(app, document):
    served = {
        f"{method} {re.sub('<[^<>]+>', '{}', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/_sim/", "/api/v3/", "/books/v3/"))
        and openapi.doc_of(app.view_functions[rule.endpoint]) is not openapi.NO_PART
    }

    assert {re.sub(r"{\w+}", "{}", operation) for operation in operations(document)} == served


def test_what_only_refuses_is_no_part_of_the_document(document):
    assert f"POST {PREFIX}/estimates/{{estimate_id}}/{{action}}" not in operations(document)
    assert f"POST {PREFIX}/crm/vendor/{{record_id}}/import" not in operations(document)


def test_no_two_paths_are_the_same_but_for_names(document):
    paths = [re.sub(r"{\w+}", "{}", path) for path in document["paths"]]

    assert len(paths) == len(set(paths))


def test_every_shape_that_is_named_is_there_and_every_one_that_is_there_is_named(document):
    named = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))

    assert named == set(document["components"]["schemas"])


def test_calls_that_need_a_token_name_the_organization_and_say_how_they_are_refused(document):
    for path, found in document["paths"].items():
        for operation in found.values():
            taken = {parameter["name"] for parameter in operation["parameters"]}

            assert not path.startswith(PREFIX) or {"400", "401", "406", "429"} <= set(operation["responses"])
            assert not path.startswith(PREFIX) or "organization_id" in taken


def test_the_page_shows_each_call(app, document):
    answer = app.test_client().get("/_sim/docs")
    shown = re.findall(r'<summary><span class="method \w+">(\w+)</span> <code>([^<]+)</code>', answer.text)

    assert {f"{method} {unescape(path)}" for method, path in shown} == operations(document)


@pytest.fixture(scope="module")
def lived_in(new_world: Callable[..., Invoice]) -> LivedIn:
    """The demo company with something of each kind in it."""
    return LivedIn(new_world("demo"))


#: What some reads need in their query, by the end of their address.
ASKED = {
    "/itemdetails": "item_ids={item_id}",
    **{f"/{kind}s/{end}": f"{kind}_ids={{{kind}_id}}" for kind in KINDS for end in ("pdf", "print")},
}


def test_all_that_is_read_fits_the_document(lived_in, document):
    schema = schemathesis.openapi.from_dict(closed(document))
    reads = [path for path, found in document["paths"].items() if "get" in found and path.startswith(PREFIX)]

    answers = {path: lived_in.read(path, ASKED.get(path.removeprefix(PREFIX), "")) for path in reads}

    for path, answer in answers.items():
        assert answer.status_code == 200, (path, answer.data)
        schema[path]["GET"].validate_response(answer)


def test_what_is_not_said_does_not_fit(lived_in, document):
    """Rows with a key too many, and with one that is left out."""
    schema = schemathesis.openapi.from_dict(closed(document))
    path = f"{PREFIX}/settings/units"
    rows = lived_in.invoice.get("/settings/units")["units"]

    for spoilt in ([{**rows[0], "unit_name": "box"}], [{"unit_id": rows[0]["unit_id"]}]):
        answer = lived_in.read(path, "")
        answer.set_data(json.dumps({"code": 0, "message": "success", "units": spoilt}))
        with pytest.raises(JsonSchemaError):
            schema[path]["GET"].validate_response(answer)
