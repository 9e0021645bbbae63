"""Roles (crm-api.md §5.8)."""

from typing import Any

import pytest

from tests.crm.api import ADMIN, SALES, STANDARD, Crm

PATH = "/settings/roles"


def role(crm: Crm, name: str) -> dict[str, Any]:
    return next(one for one in crm.get(PATH).body["roles"] if one["name"] == name)


def make(crm: Crm, name: str = "Team Lead", under: str = "Manager", **more: Any) -> Any:
    given = {"name": name, "reporting_to": {"id": role(crm, under)["id"]}, **more}
    return crm.post(PATH, {"roles": [given]})


def test_a_role_is_made_under_another_and_given_to_a_user(crm: Crm):
    answer = make(crm, description="Leads.", share_with_peers=False)

    assert (answer.status, answer.outcome["message"]) == (201, "Role added")
    shown = role(crm, "Team Lead")
    assert (shown["reporting_to"]["name"], shown["share_with_peers"]) == ("Manager", False)
    assert (shown["description"], shown["created_by__s"]["name"]) == ("Leads.", "Asha Rao")
    crm.put(f"/users/{crm.user(SALES)}", {"users": [{"role": {"id": shown["id"]}}]})
    assert crm.get(f"/users/{crm.user(SALES)}").body["users"][0]["role"]["name"] == "Team Lead"


def test_a_role_is_changed(crm: Crm):
    number = make(crm).details["id"]

    answer = crm.put(f"{PATH}/{number}", {"roles": [{"name": "Head", "reporting_to": role(crm, "CEO")["id"]}]})
    both = crm.put(PATH, {"roles": [{"id": number, "description": "x"}, {"id": "5"}]})

    assert (answer.status, answer.outcome["message"]) == (200, "Role updated")
    assert [outcome["code"] for outcome in both.outcomes] == ["SUCCESS", "INVALID_DATA"]
    shown = role(crm, "Head")
    assert (shown["reporting_to"]["name"], shown["description"]) == ("CEO", "x")


def test_users_and_subordinates_of_a_deleted_role_get_another(crm: Crm):
    make(crm)
    gone, ceo = role(crm, "Manager")["id"], role(crm, "CEO")["id"]

    answer = crm.delete(f"{PATH}/{gone}?transfer_to_id={ceo}")

    assert (answer.status, answer.outcome["message"]) == (200, "Role Deleted")
    assert {user["role"]["name"] for user in crm.get("/users").body["users"]} == {"CEO"}
    assert role(crm, "Team Lead")["reporting_to"]["name"] == "CEO"
    assert crm.get(f"{PATH}/{gone}").status == 204


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": None}, "MANDATORY_NOT_FOUND", "name"),
        ({"name": 5}, "INVALID_DATA", "name"),
        ({"name": "x" * 201}, "INVALID_DATA", "name"),
        ({"name": "ceo"}, "DUPLICATE_DATA", "name"),
        ({"reporting_to": None}, "MANDATORY_NOT_FOUND", "reporting_to"),
        ({"reporting_to": {"id": "5"}}, "INVALID_DATA", "reporting_to.id"),
        ({"share_with_peers": "yes"}, "INVALID_DATA", "share_with_peers"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, path: str):
    answer = make(crm, **given)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.roles[0].{path}")


def test_no_role_reports_to_itself(crm: Crm):
    lead = make(crm).details["id"]
    manager = role(crm, "Manager")["id"]

    for above in (manager, lead):
        assert crm.put(f"{PATH}/{manager}", {"roles": [{"reporting_to": {"id": above}}]}).code == "INVALID_DATA"
    ceo = role(crm, "CEO")["id"]
    assert crm.put(f"{PATH}/{ceo}", {"roles": [{"reporting_to": {"id": lead}}]}).code == "INVALID_DATA"


@pytest.mark.parametrize(
    ("successor", "status"), [("5", "invalid"), ("Manager", "same_role"), ("Team Lead", "subordinate")]
)
def test_a_role_is_deleted_only_with_a_successor(crm: Crm, successor: str, status: str):
    make(crm)
    number = successor if successor == "5" else role(crm, successor)["id"]

    answer = crm.delete(f"{PATH}/{role(crm, 'Manager')['id']}?transfer_to_id={number}")

    assert (answer.status, answer.details) == (400, {"role_status": status, "param_name": "transfer_to_id"})
    assert crm.delete(f"{PATH}/{role(crm, 'Manager')['id']}").code == "REQUIRED_PARAM_MISSING"
    assert crm.delete(f"{PATH}/5?transfer_to_id=5").details == {"resource_path_index": 2}


def test_the_first_role_stays(crm: Crm):
    make(crm, "Founder", "CEO")
    answer = crm.delete(f"{PATH}/{role(crm, 'CEO')['id']}?transfer_to_id={role(crm, 'Founder')['id']}")

    assert answer.code == "INVALID_DATA"
    assert crm.get(f"/users/{crm.user(ADMIN)}").body["users"][0]["role"]["name"] == "CEO"


def test_roles_are_managed_by_administrators(crm: Crm):
    number = role(crm, "Manager")["id"]

    for method, path in (("POST", PATH), ("PUT", PATH), ("PUT", f"{PATH}/{number}"), ("DELETE", f"{PATH}/{number}")):
        assert crm.as_(STANDARD).call(method, path, {"roles": [{}]}).code == "NO_PERMISSION"


def test_a_role_of_one_world_is_unknown_in_another(crm: Crm, still: Crm):
    number = make(crm).details["id"]

    assert still.get(f"{PATH}/{number}").status == 204
