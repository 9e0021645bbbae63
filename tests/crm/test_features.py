"""What the organization may have how many of, and which addresses are served (crm-api.md §7.4)."""

import json
from typing import Any

import pytest

from tests.crm.api import SUPPORT, Crm
from tests.crm.test_notifications import watch


def feature(crm: Crm, name: str, query: str = "") -> dict[str, Any]:
    answer = crm.get(f"/__features/{name}{query}")
    assert answer.status == 200, answer.body
    return dict(answer.body["__features"][0])


def test_all_features_are_listed_with_their_limits(still: Crm):
    answer = still.get("/__features")

    assert answer.status == 200
    features = {found["api_name"]: found for found in answer.body["__features"]}
    assert {"custom_fields", "custom_views", "notification_channels", "users"} <= features.keys()
    assert answer.body["info"] == {"per_page": 200, "count": len(features), "page": 1, "more_records": False}
    fields = features["custom_fields"]
    assert fields["details"] == {"limits": {"total": 300, "edition_limit": 300}}
    assert fields["module_supported"] is True
    assert [part["api_name"] for part in fields["components"]] == ["unique_fields", "auto_number_fields"]
    assert features["users"]["details"]["limits"]["total"] == 10


def test_what_is_used_is_counted(crm: Crm):
    before = feature(crm, "custom_fields", "?module=Accounts")["details"]["used_count"]["total"]
    field = {"field_label": "Region", "data_type": "text", "length": 10}

    crm.post("/settings/fields?module=Accounts", {"fields": [field]})
    watch(crm, "Deals.all")

    details = feature(crm, "custom_fields", "?module=Accounts")["details"]
    assert (details["used_count"], details["available_count"]) == ({"total": before + 1}, {"total": 299 - before})
    assert feature(crm, "notification_channels")["details"] == {"used_count": {"total": 1}}
    crm.advance(hours=2)
    later = crm.as_("asha.rao@zylker.example")
    assert feature(later, "notification_channels")["details"] == {"used_count": {"total": 0}}


def test_features_are_chosen_by_module_and_by_name_and_paged(still: Crm):
    of_module = still.get("/__features?module=Contacts").body["__features"]
    assert all(found["module_supported"] for found in of_module)
    assert of_module[0]["details"]["used_count"]["total"] >= 0
    named = still.get("/__features?api_names=users,tags").body["__features"]
    assert [found["api_name"] for found in named] == ["tags", "users"]
    second = still.get("/__features?per_page=2&page=2").body
    assert (second["info"]["count"], second["info"]["more_records"]) == (2, True)


def test_unknown_features_are_none_and_unknown_modules_refused(still: Crm):
    assert still.get("/__features/teleport").status == 204
    assert still.get("/__features?api_names=teleport").status == 204
    assert still.get("/__features?page=99").status == 204
    assert still.get("/__features?module=Nope").code == "INVALID_MODULE"
    assert still.get("/__features?page=x").code == "INVALID_DATA"


def test_features_need_their_scope_and_no_permission(still: Crm):
    assert still.with_scopes("ZohoCRM.settings.ALL").get("/__features").code == "OAUTH_SCOPE_MISMATCH"
    assert still.with_scopes("ZohoCRM.features.READ").get("/__features").status == 200
    assert still.as_(SUPPORT).get("/__features").status == 200


def test_the_served_addresses_are_listed_from_the_map(still: Crm):
    found = {api["path"]: api["operation_types"] for api in still.get("/__apis", version="v7").body["__apis"]}

    assert found["/crm/v7/{module}/upsert"] == [
        {
            "method": "POST",
            "oauth_scope": "ZohoCRM.modules.{module}.CREATE,ZohoCRM.modules.{module}.UPDATE",
            "max_credits": 10,
            "min_credits": 1,
        }
    ]
    assert [operation["method"] for operation in found["/crm/v7/actions/watch"]] == [
        "DELETE",
        "GET",
        "PATCH",
        "POST",
        "PUT",
    ]
    assert "/crm/bulk/v7/read/{job_id}/result" in found
    assert not any(path.startswith(("/_sim", "/oauth")) for path in found)


def filtered(crm: Crm, given: Any) -> Any:
    text = given if isinstance(given, str) else json.dumps(given)
    return crm.get(f"/__apis?filters={text.replace('{', '%7B').replace('}', '%7D')}")


def test_one_address_can_be_asked_for(still: Crm):
    wanted = {"field": {"api_name": "path"}, "comparator": "equals", "value": "/crm/v8/org"}

    assert [api["path"] for api in filtered(still, wanted).body["__apis"]] == ["/crm/v8/org"]
    assert filtered(still, {**wanted, "value": "/nowhere"}).status == 204


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("{", "INVALID_DATA"),
        ("5", "INVALID_DATA"),
        ({}, "MANDATORY_NOT_FOUND"),
        ({"field": 5, "comparator": "equals", "value": "x"}, "INVALID_DATA"),
        ({"field": {"api_name": "method"}, "comparator": "equals", "value": "GET"}, "INVALID_DATA"),
    ],
    ids=str,
)
def test_a_filter_that_makes_no_sense_is_refused(still: Crm, given: Any, code: str):
    assert (filtered(still, given).status, filtered(still, given).code) == (400, code)


def test_the_list_of_addresses_needs_its_scope(still: Crm):
    assert still.with_scopes("ZohoCRM.modules.ALL").get("/__apis").code == "OAUTH_SCOPE_MISMATCH"
