"""The OpenAPI document of the CRM: each route is in it, in words that are valid, and on the page that shows it."""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask

from mock_crm.limits.counting import TooManyRequests
from mock_crm.openapi import VERSIONS, book_of
from simulator import openapi
from tests.crm.api import Crm

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def document(crm_app: Flask) -> Callable[[str], dict[str, Any]]:
    """What is served for a version."""

    @cache
    def read(version: str) -> dict[str, Any]:
        answer = crm_app.test_client().get(f"/_sim/openapi.json?version={version}")
        assert answer.status_code == 200
        return dict(answer.json or {})

    return read


def operations(document: dict[str, Any]) -> set[str]:
    return {f"{method.upper()} {path}" for path, found in document["paths"].items() for method in found}


def test_every_route_says_what_it_takes_and_answers(crm_app):
    assert openapi.undocumented(crm_app, book_of(VERSIONS[-1])) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_document_of_each_version_is_valid(document, version):
    found = document(version)

    schemathesis.openapi.from_dict(found).validate()

    assert found["openapi"].startswith("3.1")
    assert found["info"]["version"] == version


@pytest.mark.parametrize("version", VERSIONS)
def test_no_two_paths_of_a_document_are_the_same_but_for_names(document, version):
    paths = [re.sub(r"{\w+}", "{}", path) for path in document(version)["paths"]]

    assert len(paths) == len(set(paths))


def test_every_shape_that_is_named_is_there_and_every_one_that_is_there_is_named(document):
    found = document("v8")

    named = set(re.findall(r"'#/components/schemas/(\w+)'", str(found)))

    assert named == set(found["components"]["schemas"])


def test_the_newest_version_is_shown_where_none_or_an_unknown_one_is_asked_for(crm_app):
    client = crm_app.test_client()

    versions = [client.get(f"/_sim/openapi.json{query}").json["info"]["version"] for query in ("", "?version=v99")]

    assert versions == ["v8", "v8"]


def test_a_version_has_the_calls_it_had_at_the_vendor(document):
    had = {version: operations(document(version)) for version in ("v2", "v6", "v8")}

    assert {version for version in had if f"GET /crm/{version}/settings/fields" in had[version]} == {"v2", "v6", "v8"}
    assert {version for version in had if f"POST /crm/{version}/settings/fields" in had[version]} == {"v6", "v8"}
    assert {version for version in had if f"POST /crm/{version}/settings/custom_views" in had[version]} == {"v8"}


def test_what_only_refuses_is_no_part_of_the_document(document):
    assert "DELETE /crm/v8/settings/modules/{name}" not in operations(document("v8"))


def test_calls_that_need_a_token_say_how_they_are_refused_without_one_and_beyond_the_limits(document):
    for path, found in document("v8")["paths"].items():
        for operation in found.values():
            statuses = {str(TooManyRequests.status), "401", "403"}

            assert statuses <= set(operation["responses"]) or path.startswith("/oauth/")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_page_shows_each_call(crm_app, document, version):
    answer = crm_app.test_client().get(f"/_sim/docs?version={version}")
    shown = re.findall(r'<summary><span class="method \w+">(\w+)</span> <code>([^<]+)</code>', answer.text)

    assert {f"{method} {unescape(path)}" for method, path in shown} == operations(document(version))


#: Lists and details that look different from version to version.
READ = {
    "/settings/modules": "",
    "/settings/modules/{name}": "",
    "/settings/fields": "?module=Deals",
    "/settings/layouts": "?module=Deals",
    "/settings/related_lists": "?module=Accounts",
    "/settings/custom_views": "?module=Deals",
    "/settings/custom_views/{view_id}": "?module=Deals",
    "/settings/pipeline": "?layout_id={layout_id}",
    "/settings/profiles": "",
    "/settings/profiles/{profile_id}": "",
    "/settings/roles": "",
    "/users": "",
    "/org": "",
    "/{module}": "?fields=Deal_Name,Stage,Amount",
}


@pytest.fixture(scope="module")
def lived_in(new_world: Callable[..., Crm]) -> tuple[Crm, dict[str, str]]:
    """The demo company, and parts of addresses in it."""
    crm = new_world("demo")
    layout = crm.get("/settings/layouts?module=Deals").body["layouts"][0]["id"]
    ids = {
        "view_id": crm.view("Deals", "Closing This Month"),
        "profile_id": crm.profile("Standard"),
        "layout_id": layout,
    }
    return crm, {"name": "Deals", "module": "Deals", **ids}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_shows_fits_the_document_of_that_version(lived_in, document, version):
    crm, parts = lived_in
    schema = schemathesis.openapi.from_dict(document(version))

    answers = {path: crm.download(f"{path}{query}".format(**parts), version) for path, query in READ.items()}

    for path, answer in answers.items():
        assert answer.status_code == 200, (path, answer.data)
        schema[f"/crm/{version}{path}"]["GET"].validate_response(answer)


def test_the_readme_says_what_the_code_emulates():
    done = subprocess.run(
        [sys.executable, "scripts/emulated", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
