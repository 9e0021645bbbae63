"""Acts on many records: mass update, mass delete, change of owner."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, SUPPORT, Crm


@pytest.fixture
def accounts(crm: Crm) -> list[str]:
    return [crm.add("Accounts", Account_Name=name, Phone="1") for name in ("A", "B", "C")]


def own_view(crm: Crm, module: str, field: str, value: Any) -> str:
    criteria = {"comparator": "equal", "field": {"api_name": field}, "value": value}
    made = {"name": "Mine", "access_type": "public", "criteria": criteria, "fields": [{"api_name": "id"}]}
    answer = crm.post(f"/settings/custom_views?module={module}", {"custom_views": [made]})
    assert answer.status == 201, answer.body
    return str(answer.details["id"])


def test_a_mass_update_changes_the_records_that_are_named(crm: Crm, accounts: list[str]):
    answer = crm.post("/Accounts/actions/mass_update", {"data": [{"Phone": "9"}], "ids": accounts[:2]})

    assert (answer.status, [outcome["message"] for outcome in answer.outcomes]) == (200, ["record updated"] * 2)
    assert {crm.record("Accounts", account)["Phone"] for account in accounts[:2]} == {"9"}
    assert crm.record("Accounts", accounts[2])["Phone"] == "1"


def test_an_unknown_record_of_a_mass_update_fails_alone(crm: Crm, accounts: list[str]):
    answer = crm.post("/Accounts/actions/mass_update", {"data": [{"Phone": "9"}], "ids": [accounts[0], "5"]})

    assert (answer.status, answer.outcomes[1]["code"], answer.outcomes[1]["details"]) == (
        207,
        "INVALID_DATA",
        {"id": "5"},
    )


def test_a_mass_update_of_a_view_is_a_job(crm: Crm, accounts: list[str]):
    view = own_view(crm, "Accounts", "Phone", "1")

    answer = crm.post("/Accounts/actions/mass_update", {"data": [{"Phone": "9"}], "cvid": view})

    assert answer.outcome["message"] == "mass update scheduled successfully"
    job = crm.get(f"/Accounts/actions/mass_update?job_id={answer.details['job_id']}").body["data"]
    assert job == [
        {"Status": "COMPLETED", "Failed_Count": 0, "Updated_Count": 3, "Not_Updated_Count": 0, "Total_Count": 3}
    ]
    assert {crm.record("Accounts", account)["Phone"] for account in accounts} == {"9"}


def test_lists_are_added_to_unless_they_are_overwritten(crm: Crm):
    field = {
        "field_label": "Languages",
        "data_type": "multiselectpicklist",
        "pick_list_values": [{"display_value": word, "actual_value": word} for word in ("Tamil", "English", "Spanish")],
    }
    assert crm.post("/settings/fields?module=Accounts", {"fields": [field]}).status == 201
    account = crm.add("Accounts", Account_Name="A", Languages=["Tamil"])

    crm.post("/Accounts/actions/mass_update", {"data": [{"Languages": ["English"]}], "ids": [account]})
    added = crm.record("Accounts", account)["Languages"]
    body = {"data": [{"Languages": ["Spanish"]}], "ids": [account], "over_write": True}
    crm.post("/Accounts/actions/mass_update", body)

    assert added == ["Tamil", "English"]
    assert crm.record("Accounts", account)["Languages"] == ["Spanish"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"data": [{"Phone": "9"}]}, "MANDATORY_NOT_FOUND"),
        ({"data": [{"Phone": "9"}], "ids": []}, "MANDATORY_NOT_FOUND"),
        ({"data": [{"Phone": "9"}], "ids": "5"}, "INVALID_DATA"),
        ({"data": [{"Phone": "9"}], "ids": ["x"]}, "INVALID_DATA"),
        ({"data": [{"Phone": "9"}], "ids": [str(n) for n in range(1, 502)]}, "LIMIT_EXCEEDED"),
        ({"data": [{"Phone": "9"}], "ids": ["5"], "cvid": "5"}, "AMBIGUITY_DURING_PROCESSING"),
        ({"data": [{"Phone": "9"}], "cvid": "5"}, "INVALID_DATA"),
        ({"data": [{}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Phone": "9", "Fax": "9"}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Nope": "9"}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Parent_Account": {"id": "5"}}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Description": "x"}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Created_Time": "x"}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Employees": "many"}], "ids": ["5"]}, "INVALID_DATA"),
        ({"data": [{"Phone": "9"}], "ids": ["5"], "over_write": "yes"}, "INVALID_DATA"),
    ],
)
def test_a_mass_update_that_makes_no_sense_is_refused(still: Crm, body: Any, code: str):
    answer = still.post("/Accounts/actions/mass_update", body)

    assert (answer.status, answer.code) == (400, code)


def test_potentials_take_three_fields_at_once(crm: Crm):
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    values = {"Stage": "Needs Analysis", "Type": "New Business", "Next_Step": "call"}

    assert crm.post("/Deals/actions/mass_update", {"data": [values], "ids": [deal]}).status == 200
    assert crm.record("Deals", deal)["Probability"] == 20
    four = values | {"Lead_Source": "Partner"}
    assert crm.post("/Deals/actions/mass_update", {"data": [four], "ids": [deal]}).code == "INVALID_DATA"


def test_an_empty_view_has_nothing_to_update(crm: Crm, accounts: list[str]):
    view = own_view(crm, "Accounts", "Phone", "77")

    answer = crm.post("/Accounts/actions/mass_update", {"data": [{"Phone": "9"}], "cvid": view})

    assert (answer.status, answer.code) == (400, "NO_RECORDS_FOUND")


def test_a_mass_delete_by_ids_and_by_view(crm: Crm, accounts: list[str]):
    by_ids = crm.post("/Accounts/actions/mass_delete", {"ids": [accounts[0], "5"]})
    by_view = crm.post("/Accounts/actions/mass_delete", {"cvid": crm.view("Accounts", "All Accounts")})

    assert (by_ids.status, by_ids.outcomes[0]["message"], by_ids.outcomes[1]["code"]) == (
        207,
        "record is deleted",
        "INVALID_DATA",
    )
    job = crm.get(f"/Accounts/actions/mass_delete?job_id={by_view.details['job_id']}").body["data"]
    assert job == [{"Status": "COMPLETED", "Failed_Count": 0, "Deleted_Count": 2, "Total_Count": 2}]
    assert crm.get("/Accounts/actions/count").body == {"count": 0}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/Accounts/actions/mass_delete", 400, "MANDATORY_NOT_FOUND"),
        ("/Accounts/actions/mass_delete?job_id=x", 400, "INVALID_DATA"),
        ("/Accounts/actions/mass_update", 400, "REQUIRED_PARAM_MISSING"),
        ("/Accounts/actions/mass_change_owner?job_id=x", 400, "INVALID_DATA"),
        ("/Accounts/actions/mass_change_owner?job_id=5", 204, None),
    ],
)
def test_unknown_jobs_are_told(still: Crm, path: str, status: int, code: str | None):
    answer = still.get(path)

    assert answer.status == status
    assert code is None or answer.code == code


def test_a_job_belongs_to_its_module(crm: Crm, accounts: list[str]):
    answer = crm.post("/Accounts/actions/mass_delete", {"cvid": crm.view("Accounts", "All Accounts")})

    assert crm.get(f"/Contacts/actions/mass_delete?job_id={answer.details['job_id']}").status == 404


def test_records_are_given_to_another_owner(crm: Crm, accounts: list[str]):
    owner = crm.user(SALES)

    many = crm.post("/Accounts/actions/change_owner", {"ids": accounts[:2], "owner": {"id": owner}, "notify": True})
    one = crm.post(f"/Accounts/{accounts[2]}/actions/change_owner", {"owner": {"id": owner}})

    assert {outcome["message"] for outcome in (*many.outcomes, one.outcome)} == {"owner is successfully updated"}
    assert {crm.record("Accounts", account)["Owner"]["email"] for account in accounts} == {SALES}


def test_what_is_related_goes_along_when_asked(crm: Crm, accounts: list[str]):
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": accounts[0]})
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification", Account_Name={"id": accounts[0]})

    body = {"owner": {"id": crm.user(SALES)}, "related_modules": [{"api_name": "Contacts"}]}
    crm.post(f"/Accounts/{accounts[0]}/actions/change_owner", body)

    assert crm.record("Contacts", contact)["Owner"]["email"] == SALES
    assert crm.record("Deals", deal)["Owner"]["email"] != SALES


def test_all_records_of_a_view_change_their_owner(crm: Crm, accounts: list[str]):
    crm.put(f"/Accounts/{accounts[0]}", {"data": [{"Phone": "2"}]})
    criteria = {"comparator": "equal", "field": {"api_name": "Phone"}, "value": "1"}
    body = {"cvid": crm.view("Accounts", "All Accounts"), "owner": {"id": crm.user(STANDARD)}, "criteria": criteria}

    answer = crm.post("/Accounts/actions/mass_change_owner", body)

    assert (answer.status, answer.outcome["code"]) == (202, "SCHEDULED")
    job = crm.get(f"/Accounts/actions/mass_change_owner?job_id={answer.details['job_id']}").body["data"][0]
    assert (job["Updated_Count"], job["Total_Count"]) == (2, 2)
    assert crm.record("Accounts", accounts[0])["Owner"]["email"] != STANDARD
    assert crm.record("Accounts", accounts[1])["Owner"]["email"] == STANDARD


@pytest.mark.parametrize(
    ("owner", "code"),
    [(None, "MANDATORY_NOT_FOUND"), ({}, "MANDATORY_NOT_FOUND"), ("5", "INVALID_DATA"), ({"id": "5"}, "INVALID_DATA")],
)
def test_an_owner_must_be_a_user(crm: Crm, accounts: list[str], owner: Any, code: str):
    for path, more in (
        (f"/Accounts/{accounts[0]}/actions/change_owner", {}),
        ("/Accounts/actions/change_owner", {"ids": accounts}),
        ("/Accounts/actions/mass_change_owner", {"cvid": crm.view("Accounts", "All Accounts")}),
    ):
        assert crm.post(path, {"owner": owner, **more}).code == code


def test_an_owner_must_be_active_and_see_the_module(crm: Crm):
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    blind, gone = crm.user(SUPPORT), crm.user(SALES)
    crm.put(f"/users/{gone}", {"users": [{"status": "inactive"}]})

    refused = crm.post(f"/Deals/{deal}/actions/change_owner", {"owner": {"id": blind}})
    inactive = crm.post(f"/Deals/{deal}/actions/change_owner", {"owner": {"id": gone}})

    assert (refused.status, refused.code) == (403, "CANNOT_ASSIGN")
    assert inactive.details["owner_status"] == "inactive"


def test_owners_are_changed_from_v3_on(crm: Crm, accounts: list[str]):
    answer = crm.post(f"/Accounts/{accounts[0]}/actions/change_owner", {"owner": {"id": "5"}}, version="v2")

    assert (answer.code, answer.details) == ("API_NOT_SUPPORTED", {"supported_version": 3})
