"""Users invited, changed and deleted, and what depends on them (crm-api.md §2.6, §5.9)."""

from typing import Any

import pytest

from tests.crm.api import ADMIN, SALES, STANDARD, SUPPORT, Crm

NEW = "frida.weber@zylker.example"


def role(crm: Crm) -> str:
    return str(crm.get("/settings/roles").body["roles"][-1]["id"])


def invite(crm: Crm, **more: Any) -> Any:
    given = {"email": NEW, "first_name": "Frida", "last_name": "Weber", "profile": crm.profile("Sales")}
    return crm.post("/users", {"users": [{**given, "role": {"id": role(crm)}, **more}]})


def shown(crm: Crm, number: str) -> dict[str, Any]:
    return dict(crm.get(f"/users/{number}").body["users"][0])


def listed(crm: Crm, kind: str) -> list[str]:
    answer = crm.get(f"/users?type={kind}")
    return [user["email"] for user in answer.body["users"]] if answer.body else []


def change(crm: Crm, whom: str, **values: Any) -> Any:
    return crm.put(f"/users/{crm.user(whom)}", {"users": [values]})


def test_somebody_invited_is_a_user_who_has_not_confirmed(crm: Crm):
    answer = invite(crm, phone="123", time_zone="Europe/Berlin")

    assert (answer.status, answer.outcome["message"]) == (201, "User added")
    user = shown(crm, answer.details["id"])
    assert (user["full_name"], user["confirm"], user["status"]) == ("Frida Weber", False, "active")
    assert (user["phone"], user["time_zone"], user["profile"]["name"]) == ("123", "Europe/Berlin", "Sales")
    assert user["created_by"]["name"] == "Asha Rao"
    assert listed(crm, "NotConfirmedUsers") == [NEW]
    assert NEW not in listed(crm, "ActiveConfirmedUsers")
    assert NEW in listed(crm, "AllUsers")


def test_only_who_accepted_his_invitation_gets_in_and_owns_records(crm: Crm):
    number = invite(crm).details["id"]
    refused = crm.client.post(f"/_sim/worlds/{crm.world}/sign-in", json={"email": NEW})
    assert refused.status_code >= 400
    assert crm.create("Accounts", {"Account_Name": "A", "Owner": {"id": number}}).code == "INVALID_DATA"

    assert crm.post(f"/users/{number}/actions/accept_invitation").status == 200

    assert shown(crm, number)["confirm"] is True
    assert crm.as_(NEW).create("Accounts", {"Account_Name": "A"}).status == 201
    assert crm.post(f"/users/{number}/actions/accept_invitation").code == "INVALID_REQUEST"


def test_an_email_address_belongs_to_one_user(crm: Crm):
    answer = invite(crm, email=SALES.upper())

    assert (answer.status, answer.code, answer.details) == (400, "DUPLICATE_DATA", {})


def test_the_license_has_an_end(crm: Crm):
    answers = [invite(crm, email=f"u{number}@zylker.example") for number in range(6)]

    assert [answer.status for answer in answers] == [201] * 5 + [400]
    assert answers[-1].code == "LICENSE_LIMIT_EXCEEDED"
    change(crm, SUPPORT, status="inactive")
    assert invite(crm).status == 201
    assert change(crm, SUPPORT, status="active").code == "LICENSE_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("given", "code", "name"),
    [
        ({"email": None}, "MANDATORY_NOT_FOUND", "email"),
        ({"email": "nobody"}, "INVALID_DATA", "email"),
        ({"email": 5}, "INVALID_DATA", "email"),
        ({"profile": None}, "MANDATORY_NOT_FOUND", "profile"),
        ({"profile": {"id": "5"}}, "INVALID_DATA", "profile"),
        ({"role": "x"}, "INVALID_DATA", "role"),
        ({"last_name": "<b>"}, "INVALID_DATA", "last_name"),
        ({"time_zone": "Mars"}, "INVALID_DATA", "time_zone"),
        ({"decimal_separator": "Dot"}, "INVALID_DATA", "decimal_separator"),
        ({"created_by": "5"}, "NOT_SUPPORTED", "created_by"),
        ({"type__s": "Support User"}, "NOT_SUPPORTED", "type__s"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, name: str):
    answer = invite(crm, **given)

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, code, name)
    assert NEW not in listed(crm, "AllUsers")


def test_one_user_is_invited_a_call(crm: Crm):
    assert crm.post("/users", {"users": [{}, {}]}).details["maximum_length"] == 1
    assert invite(crm, Reporting_To={"id": crm.user(ADMIN)}).code == "FEATURE_NOT_ENABLED"


def test_a_user_says_more_of_himself(crm: Crm):
    answer = change(crm, SALES, mobile="5", city="Bonn", decimal_separator="Comma", number_separator="Period")

    assert (answer.status, answer.outcome["message"]) == (200, "User updated")
    user = shown(crm, crm.user(SALES))
    assert (user["mobile"], user["city"], user["decimal_separator"]) == ("5", "Bonn", "Comma")
    assert user["Modified_By"]["name"] == "Asha Rao"


def test_an_address_changes_only_before_it_is_confirmed(crm: Crm):
    number = invite(crm).details["id"]

    assert crm.put(f"/users/{number}", {"users": [{"email": "f@zylker.example"}]}).status == 200
    assert shown(crm, number)["email"] == "f@zylker.example"
    assert crm.put(f"/users/{number}", {"users": [{"email": SALES}]}).code == "DUPLICATE_DATA"
    assert change(crm, SALES, email="c@zylker.example").code == "EMAIL_UPDATE_NOT_ALOWED"


def test_a_status_that_is_there_already_is_an_error(crm: Crm):
    assert change(crm, SALES, status="active").code == "ID_ALREADY_ACTIVE"
    assert change(crm, SALES, status="inactive").status == 200
    assert change(crm, SALES, status="inactive").code == "ID_ALREADY_DEACTIVATED"
    assert listed(crm, "DeactiveUsers") == [SALES]


def test_nobody_puts_himself_out(crm: Crm):
    own = crm.user(ADMIN)

    assert change(crm, ADMIN, status="inactive").code == "INVALID_REQUEST"
    assert crm.delete(f"/users/{own}").code == "INVALID_REQUEST"
    assert change(crm, ADMIN, profile={"id": crm.profile("Sales")}).code == "INVALID_REQUEST"
    change(crm, STANDARD, profile={"id": crm.profile("Administrator")})
    assert change(crm, ADMIN, profile={"id": crm.profile("Sales")}).status == 200
    assert change(crm.as_(STANDARD), SALES, status="inactive").status == 200


def test_a_deleted_user_is_gone_but_named_on_his_records(crm: Crm):
    sales, number = crm.as_(SALES), crm.user(SALES)
    account = sales.add("Accounts", Account_Name="Acme")

    answer = crm.delete(f"/users/{number}")

    assert (answer.status, answer.outcome["message"]) == (200, "User deleted")
    assert sales.get("/org").code == "INVALID_TOKEN"
    assert (SALES in listed(crm, "AllUsers"), listed(crm, "DeletedUsers")) == (False, [SALES])
    assert crm.record("Accounts", account)["Owner"]["name"] == "Carla Gomez"
    assert shown(crm, number)["status"] == "deleted"
    again = crm.delete(f"/users/{number}")
    assert (again.code, again.details["id"]) == ("ID_ALREADY_DELETED", number)
    assert crm.put(f"/users/{number}", {"users": [{"first_name": "X"}]}).code == "NOT_ALLOWED"
    assert invite(crm, email=SALES).status == 201
    people = crm.client.get(f"/_sim/worlds/{crm.world}/people").get_json()["people"]
    assert [person["is_active"] for person in people if person["email"] == SALES] == [False]


@pytest.mark.requirement("K3")
def test_the_zsc_key_of_a_deleted_user_is_dead(crm: Crm):
    change(crm, STANDARD, profile={"id": crm.profile("Administrator")})
    crm.as_(STANDARD).post("/settings/zsc_key")
    assert crm.get("/settings/zsc_key").body["zsc_key"] is not None

    crm.delete(f"/users/{crm.user(STANDARD)}")

    assert crm.get("/settings/zsc_key").body["zsc_key"] is None


def test_users_are_managed_by_administrators(crm: Crm):
    number = crm.user(SUPPORT)

    for method, path in (
        ("POST", "/users"),
        ("PUT", f"/users/{number}"),
        ("DELETE", f"/users/{number}"),
        ("POST", f"/users/{number}/actions/accept_invitation"),
    ):
        answer = crm.as_(STANDARD).call(method, path, {"users": [{}]})
        assert answer.body["details"] == {"permissions": ["Crm_Implied_Manage_Users"]}


def test_unknown_users(crm: Crm, still: Crm):
    assert crm.get("/users/123").status == 204
    assert crm.put("/users/123", {"users": [{}]}).details == {"resource_path_index": 1}
    assert crm.delete("/users/123").details == {"resource_path_index": 1}
    assert crm.put("/users", {"users": [{"id": "123"}, {}]}).outcomes[1]["code"] == "MANDATORY_NOT_FOUND"
    assert still.get(f"/users/{invite(crm).details['id']}").status == 204
