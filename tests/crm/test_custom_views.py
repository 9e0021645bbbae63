"""Views sorted, shared, locked and paged (crm-api.md §5.5); what they select is in test_views.py."""

from typing import Any

import pytest

from tests.crm.api import ADMIN, SALES, STANDARD, SUPPORT, Crm

PATH = "/settings/custom_views"


def make(crm: Crm, **view: Any) -> Any:
    return crm.post(f"{PATH}?module=Accounts", {"custom_views": [{"name": "Mine", **view}]})


def shown(crm: Crm, number: str, **more: Any) -> dict[str, Any]:
    (view,) = crm.get(f"{PATH}/{number}?module=Accounts", **more).body["custom_views"]
    return dict(view)


def sees(crm: Crm, email: str, number: str) -> bool:
    return crm.as_(email).get(f"{PATH}/{number}?module=Accounts").status == 200


def test_views_come_in_pages(still: Crm):
    whole = still.get(f"{PATH}?module=Accounts").body["custom_views"]

    page = still.get(f"{PATH}?module=Accounts&per_page=3&page=2").body

    assert page["custom_views"] == whole[3:6]
    assert (page["info"]["page"], page["info"]["count"], page["info"]["more_records"]) == (2, 3, True)
    assert still.get(f"{PATH}?module=Accounts&page=9").status == 204


def test_a_predefined_view_can_be_sorted_and_nothing_else(crm: Crm):
    view = crm.view("Accounts", "All Accounts")
    crm.add("Accounts", Account_Name="Beta")
    crm.add("Accounts", Account_Name="Alpha")

    sort = {"sort_by": {"api_name": "Account_Name"}, "sort_order": "asc"}
    answer = crm.put(f"{PATH}/{view}/actions/change_sort?module=Accounts", {"custom_views": [sort]})

    assert (answer.status, answer.outcome["message"]) == (200, "custom view updated")
    assert crm.names(f"/Accounts?fields=Account_Name&cvid={view}", "Account_Name") == ["Alpha", "Beta"]
    assert shown(crm, view)["system_defined"] is True


def test_several_views_are_sorted_at_once(crm: Crm):
    mine = make(crm).details["id"]
    wrong = {"id": mine, "sort_by": "Nope"}

    body = {"custom_views": [{"id": mine, "sort_by": "Phone", "sort_order": "desc"}, wrong, {"id": "5"}, {"id": mine}]}
    answer = crm.put(f"{PATH}/actions/change_sort?module=Accounts", body)

    assert [outcome["code"] for outcome in answer.outcomes] == [
        "SUCCESS",
        "INVALID_DATA",
        "INVALID_DATA",
        "MANDATORY_NOT_FOUND",
    ]
    assert answer.outcomes[1]["details"]["json_path"] == "$.custom_views[1].sort_by.api_name"
    assert (shown(crm, mine)["sort_by"]["api_name"], shown(crm, mine)["sort_order"]) == ("Phone", "desc")


@pytest.mark.parametrize(
    ("share", "seeing"),
    [
        (lambda crm: {"type": "users", "id": crm.user(SALES)}, {SALES}),
        (lambda crm: {"type": "profiles", "id": crm.profile("Support")}, {SUPPORT}),
        (lambda crm: {"type": "roles", "id": role(crm, "CEO")}, set()),
        (lambda crm: {"type": "roles", "id": role(crm, "CEO"), "subordinates": True}, {SALES, STANDARD, SUPPORT}),
    ],
    ids=["user", "profile", "role", "role and below"],
)
def test_a_shared_view_is_seen_by_those_it_names(crm: Crm, share: Any, seeing: set[str]):
    number = make(crm, access_type="shared", shared_to=[share(crm)]).details["id"]

    assert {email for email in (SALES, STANDARD, SUPPORT) if sees(crm, email, number)} == seeing
    assert sees(crm, ADMIN, number)


def role(crm: Crm, name: str) -> str:
    return str(next(one["id"] for one in crm.get("/settings/roles").body["roles"] if one["name"] == name))


def test_whom_a_view_is_shared_with_is_told_by_name(crm: Crm):
    share = {"type": "users", "id": crm.user(SALES)}
    number = make(crm, access_type="shared", shared_to=[share]).details["id"]

    assert shown(crm, number)["shared_to"] == [{**share, "subordinates": False, "name": "Carla Gomez"}]
    assert shown(crm.as_(SALES), number)["category"] == "shared_with_me"


@pytest.mark.parametrize(
    ("view", "code", "path"),
    [
        ({"access_type": "shared"}, "DEPENDENT_FIELD_MISSING", "shared_to"),
        ({"access_type": "shared", "shared_to": [{"type": "users", "id": "5"}]}, "INVALID_DATA", "shared_to[0].id"),
        ({"access_type": "shared", "shared_to": [{"type": "groups", "id": "5"}]}, "INVALID_DATA", "shared_to"),
        ({"locked": "yes"}, "INVALID_DATA", "locked"),
    ],
)
def test_sharing_that_makes_no_sense_is_refused(crm: Crm, view: dict[str, Any], code: str, path: str):
    answer = make(crm, **view)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.custom_views[0].{path}")


def test_a_locked_view_is_changed_by_its_maker_only(crm: Crm):
    number = make(crm.as_(SALES), access_type="public", locked=True).details["id"]
    body = {"custom_views": [{"name": "Other", "sort_by": "Phone"}]}

    refused = crm.put(f"{PATH}/{number}?module=Accounts", body)
    assert (refused.status, refused.code, refused.details) == (403, "NO_PERMISSION", {"resource_path_index": 2})
    assert crm.put(f"{PATH}/{number}/actions/change_sort?module=Accounts", body).code == "NO_PERMISSION"
    assert crm.as_(SALES).put(f"{PATH}/{number}?module=Accounts", body).status == 200
    assert shown(crm, number)["locked"] is True


def test_views_are_sorted_from_v8_on_with_a_module_and_a_view(crm: Crm):
    mine = make(crm).details["id"]
    body = {"custom_views": [{"sort_by": "Phone"}]}
    path = f"{PATH}/{mine}/actions/change_sort"

    assert crm.put(f"{path}?module=Accounts", body, version="v7").code == "INVALID_REQUEST_METHOD"
    assert crm.put(path, body).details == {"param_name": "module"}
    assert crm.put(f"{PATH}/5/actions/change_sort?module=Accounts", body).code == "INVALID_DATA"
    assert crm.as_(SALES).put(f"{path}?module=Accounts", body).code == "INVALID_DATA"


def test_a_view_of_one_world_is_unknown_in_another(crm: Crm, still: Crm):
    assert still.get(f"{PATH}/{make(crm).details['id']}?module=Accounts").status == 204
