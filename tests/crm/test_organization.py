"""The company: its users, profiles, roles and currency (crm-api.md §5.7 to §5.11)."""

from typing import Any

import pytest

from tests.crm.api import ADMIN, SALES, STANDARD, SUPPORT, Crm

INVOICE_BOXES = 10


@pytest.mark.requirement("P1")
def test_every_user_has_a_profile_and_a_role(crm: Crm):
    users = crm.get("/users").body["users"]

    assert {user["email"]: user["profile"]["name"] for user in users} == {
        "asha.rao@zylker.example": "Administrator",
        "ben.carter@zylker.example": "Standard",
        "carla.gomez@zylker.example": "Sales",
        "dmitri.petrov@zylker.example": "Marketing",
        "emma.li@zylker.example": "Support",
    }
    assert {user["role"]["name"] for user in users} == {"CEO", "Manager"}


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("AllUsers", 5),
        ("ActiveUsers", 4),
        ("DeactiveUsers", 1),
        ("ActiveConfirmedUsers", 4),
        ("AdminUsers", 1),
        ("ActiveConfirmedAdmins", 1),
        ("CurrentUser", 1),
        ("DeletedUsers", 0),
    ],
)
def test_users_are_listed_and_counted_by_type(crm: Crm, kind: str, count: int):
    crm.put(f"/users/{crm.user(SUPPORT)}", {"users": [{"status": "inactive"}]})

    answer = crm.get(f"/users?type={kind}")

    assert len(answer.body["users"] if answer.body else []) == count
    assert crm.get(f"/users/actions/count?type={kind}").body == {"count": count}


def test_the_current_user_is_the_one_whose_token_it_is(crm: Crm):
    (user,) = crm.as_(SALES).get("/users?type=CurrentUser").body["users"]

    assert user["email"] == SALES
    assert user["offset"] in (-28_800_000, -25_200_000)


def test_users_have_pages_and_can_be_asked_for_by_id(crm: Crm):
    assert crm.get("/users?per_page=2&page=3").body["info"] == {
        "per_page": 2,
        "count": 1,
        "page": 3,
        "more_records": False,
    }
    sales = crm.user(SALES)
    assert [user["id"] for user in crm.get(f"/users?ids={sales}").body["users"]] == [sales]
    assert crm.get(f"/users/{sales}").body["users"][0]["email"] == SALES
    assert crm.get("/users/123").status == 204
    assert crm.get("/users?type=Nope").details == {"param_name": "type"}


@pytest.mark.requirement("P1")
def test_an_administrator_gives_a_user_another_profile(crm: Crm):
    support = crm.as_(SUPPORT)
    assert support.get("/Deals?fields=id").code == "NO_PERMISSION"

    crm.put(f"/users/{crm.user(SUPPORT)}", {"users": [{"profile": {"id": crm.profile("Standard")}}]})

    assert support.get("/Deals?fields=id").status == 204


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"status": "gone"}, "status"),
        ({"profile": {"id": "1"}}, "profile"),
        ({"role": "x"}, "role"),
        ({"first_name": 5}, "first_name"),
        ({"last_name": " "}, "last_name"),
    ],
)
def test_a_change_of_a_user_that_makes_no_sense_is_refused(crm: Crm, change: dict[str, Any], path: str):
    answer = crm.put(f"/users/{crm.user(SALES)}", {"users": [change]})

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, "INVALID_DATA", f"$.users[0].{path}")


def test_there_is_always_an_administrator(crm: Crm):
    own = crm.user(ADMIN)

    for change in ({"status": "inactive"}, {"profile": {"id": crm.profile("Sales")}}):
        assert crm.put(f"/users/{own}", {"users": [change]}).code == "INVALID_REQUEST"
    assert crm.get("/users?type=AdminUsers").status == 200


def detail(crm: Crm, name: str) -> Any:
    return crm.get(f"/settings/profiles/{crm.profile(name)}").body["profiles"][0]


@pytest.mark.requirement("P2")
def test_a_profile_has_the_zoho_invoice_permissions(crm: Crm):
    profile = detail(crm, "Sales")

    (tool,) = (section for section in profile["sections"] if section["name"] == "tool")
    (category,) = tool["categories"]
    by_id = {box["id"]: box for box in profile["permissions_details"]}
    labels = [by_id[number]["display_label"] for number in category["permissions_details"]]
    assert category["display_label"] == "Zoho Invoice Permissions"
    assert len(labels) == INVOICE_BOXES
    assert {"Create and Edit Estimate", "View Sales Order", "Email Invoice"} <= set(labels)
    assert "Receivables and Payables Summary" in labels


def test_the_boxes_of_a_module_stand_under_its_internal_name(crm: Crm):
    profile = detail(crm, "Sales")

    (section,) = (section for section in profile["sections"] if section["name"] == "module")
    names = [(category["module"], category["name"]) for category in section["categories"]]
    assert ("Deals", "Potentials") in names


@pytest.mark.requirement("P1", "P2")
def test_an_administrator_changes_what_a_profile_may_do(crm: Crm):
    box = next(b for b in detail(crm, "Support")["permissions_details"] if b["name"] == "Crm_Implied_View_Potentials")
    support = crm.as_(SUPPORT)

    body = {"profiles": [{"permissions_details": [{"id": box["id"], "enabled": True}]}]}
    answer = crm.put(f"/settings/profiles/{crm.profile('Support')}", body)

    assert (answer.status, answer.outcome["message"]) == (200, "profile updated successfully")
    assert support.get("/Deals?fields=id").status == 204
    crm.allow("Support", Crm_Implied_View_Accounts=False)
    assert support.get("/Accounts?fields=id").code == "NO_PERMISSION"


@pytest.mark.requirement("P5")
def test_setup_belongs_to_administrators(crm: Crm):
    answer = crm.put(
        f"/settings/profiles/{crm.profile('Standard')}",
        {"profiles": [{"permissions_details": [{"name": "Crm_Implied_Manage_Users", "enabled": True}]}]},
    )
    fixed = crm.put(f"/settings/profiles/{crm.profile('Administrator')}", {"profiles": [{"name": "Boss"}]})

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
    assert (fixed.status, fixed.code) == (400, "NOT_SUPPORTED")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "INVALID_DATA"),
        ({"name": "Sales"}, "DUPLICATE_DATA"),
        ({"permissions_details": 5}, "INVALID_DATA"),
        ({"permissions_details": [{"id": "1", "enabled": True}]}, "INVALID_DATA"),
        ({"permissions_details": [{"name": "Crm_Implied_View_Accounts", "enabled": "yes"}]}, "INVALID_DATA"),
        (5, "INVALID_DATA"),
    ],
)
def test_a_change_of_a_profile_that_makes_no_sense_is_refused(crm: Crm, change: Any, code: str):
    answer = crm.put(f"/settings/profiles/{crm.profile('Support')}", {"profiles": [change]})

    assert (answer.status, answer.code) == (400, code)


def test_unknown_profiles_and_roles(crm: Crm):
    assert crm.get("/settings/profiles/123").status == 204
    assert crm.get("/settings/roles/123").status == 204
    assert crm.put("/settings/profiles/123", {"profiles": [{}]}).code == "INVALID_DATA"


def test_the_flag_of_a_custom_profile_had_another_name_in_v2(crm: Crm):
    new = {p["name"]: p["custom"] for p in crm.get("/settings/profiles").body["profiles"]}
    old = {p["name"]: p["category"] for p in crm.get("/settings/profiles", version="v2").body["profiles"]}

    assert new == old
    assert (new["Administrator"], new["Sales"]) == (False, True)


def test_the_organization_and_its_home_currency(crm: Crm):
    (org,) = crm.get("/org").body["org"]

    assert (org["company_name"], org["iso_code"], org["mc_status"]) == ("Zylker", "USD", False)
    assert org["zgid"].isdigit()


def test_the_people_of_a_world_can_be_listed_for_signing_in(crm: Crm):
    people = crm.client.get(f"/_sim/worlds/{crm.world}/people").get_json()["people"]

    assert {(p["email"], p["profile"], p["is_admin"]) for p in people} >= {
        (ADMIN, "Administrator", True),
        (STANDARD, "Standard", False),
    }
