"""Profiles cloned, changed and deleted (crm-api.md §5.7; requirements P1, P2, P5)."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, Crm

PATH = "/settings/profiles"


def clone(crm: Crm, of: str = "Sales", **given: Any) -> Any:
    return crm.post(f"{PATH}/{crm.profile(of)}/actions/clone", {"profiles": [given]})


def boxes(crm: Crm, name: str) -> dict[str, bool]:
    (profile,) = crm.get(f"{PATH}/{crm.profile(name)}").body["profiles"]
    return {box["name"]: box["enabled"] for box in profile["permissions_details"]}


@pytest.mark.requirement("P1", "P2")
def test_a_clone_may_do_what_its_original_may(crm: Crm):
    answer = clone(crm, name="Juniors", description="They learn.")

    assert (answer.status, answer.outcome["message"]) == (201, "profile created successfully")
    assert boxes(crm, "Juniors") == boxes(crm, "Sales")
    (shown,) = (p for p in crm.get(PATH).body["profiles"] if p["name"] == "Juniors")
    assert (shown["custom"], shown["description"], shown["created_by"]["name"]) == (True, "They learn.", "Asha Rao")
    crm.allow("Juniors", Crm_Implied_Zoho_Invoice_Email_Estimates=True)
    assert boxes(crm, "Sales")["Crm_Implied_Zoho_Invoice_Email_Estimates"] is False


@pytest.mark.requirement("P5")
def test_a_clone_of_the_administrators_gets_no_setup(crm: Crm):
    clone(crm, "Administrator", name="Almost")

    assert boxes(crm, "Almost")["Crm_Implied_Customize_Zoho_CRM"] is False
    assert boxes(crm, "Almost")["Crm_Implied_Delete_Accounts"] is True


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"name": "sales"}, "DUPLICATE_DATA"),
        ({"name": "a#b"}, "INVALID_DATA"),
        ({"name": "x" * 51}, "INVALID_DATA"),
        ({"name": "X", "description": 5}, "INVALID_DATA"),
    ],
)
def test_a_clone_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str):
    answer = clone(crm, **given)

    assert (answer.status, answer.code) == (400, code)


def test_users_of_a_deleted_profile_get_another(crm: Crm):
    answer = crm.delete(f"{PATH}/{crm.profile('Sales')}?transfer_to={crm.profile('Support')}")

    assert (answer.status, answer.body["code"], answer.body["message"]) == (200, "SUCCESS", "Profile deleted")
    assert "Sales" not in [profile["name"] for profile in crm.get(PATH).body["profiles"]]
    assert crm.get(f"/users/{crm.user(SALES)}").body["users"][0]["profile"]["name"] == "Support"
    assert crm.as_(SALES).get("/Deals?fields=id").code == "NO_PERMISSION"


def test_profiles_of_the_system_stay(crm: Crm):
    other = crm.profile("Sales")

    for name in ("Administrator", "Standard"):
        answer = crm.delete(f"{PATH}/{crm.profile(name)}?transfer_to={other}")
        assert (answer.code, answer.details) == ("NOT_ALLOWED", {"resource_path_index": 2})
    assert crm.put(f"{PATH}/{crm.profile('Standard')}", {"profiles": [{"name": "X"}]}).code == "NOT_ALLOWED"


def test_a_profile_is_deleted_only_with_a_successor(crm: Crm):
    path = f"{PATH}/{crm.profile('Sales')}"

    assert crm.delete(path).details == {"param": "transfer_to"}
    assert crm.delete(f"{path}?transfer_to=5").details == {"id": "5"}
    assert crm.delete(f"{path}?transfer_to={crm.profile('Sales')}").code == "INVALID_DATA"
    assert crm.delete(f"{PATH}/5?transfer_to=5").details == {"resource_path_index": 2}


def test_profiles_are_managed_by_administrators(crm: Crm):
    standard = crm.as_(STANDARD)
    number = crm.profile("Sales")

    for method, path in (("POST", f"{PATH}/{number}/actions/clone"), ("DELETE", f"{PATH}/{number}")):
        answer = standard.call(method, path, {"profiles": [{}]})
        assert answer.body["details"] == {"permissions": ["Crm_Implied_Manage_Profiles"]}


def test_a_profile_is_patched_too(crm: Crm):
    answer = crm.patch(f"{PATH}/{crm.profile('Sales')}", {"profiles": [{"name": "Sellers", "description": "All"}]})

    assert answer.status == 200
    assert crm.profile("Sellers")


def test_a_profile_of_one_world_is_unknown_in_another(crm: Crm, still: Crm):
    number = clone(crm, name="Juniors").details["id"]

    assert still.get(f"{PATH}/{number}").status == 204
