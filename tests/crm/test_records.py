"""Creating, reading, changing and deleting records."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, SUPPORT, Crm


def test_a_created_record_reads_back_as_it_was_sent(crm: Crm):
    parent = crm.add("Accounts", Account_Name="Holding")
    values = {
        "Account_Name": "Acme",
        "Account_Number": "123456789012345678",
        "Phone": "+1 (555) 010-0199",
        "Website": "https://acme.example",
        "Industry": "Manufacturing",
        "Employees": 40,
        "Annual_Revenue": 12345.67,
        "Description": "Ünïcode — and\nlines",
        "Parent_Account": {"id": parent},
    }

    record = crm.record("Accounts", crm.add("Accounts", **values))

    assert record["Parent_Account"] == {"name": "Holding", "id": parent}
    assert str(record["Annual_Revenue"]) == "12345.67"
    untouched = values.keys() - {"Parent_Account", "Annual_Revenue"}
    assert {name: record[name] for name in untouched} == {name: values[name] for name in untouched}


def test_an_outcome_names_id_authors_and_times(crm: Crm):
    answer = crm.create("Accounts", {"Account_Name": "Acme"})

    assert answer.status == 201
    outcome = answer.outcome
    assert (outcome["code"], outcome["message"], outcome["status"]) == ("SUCCESS", "record added", "success")
    assert outcome["details"].keys() == {
        "Modified_Time",
        "Modified_By",
        "Created_Time",
        "id",
        "Created_By",
        "$approval_state",
    }
    assert outcome["details"]["Created_By"].keys() == {"name", "id"}
    assert outcome["details"]["id"].isdigit()


def test_a_record_belongs_to_who_created_it_unless_told_otherwise(crm: Crm):
    sales = crm.as_(SALES)

    own = sales.add("Accounts", Account_Name="Own")
    given = sales.add("Accounts", Account_Name="Given", Owner={"id": crm.user(STANDARD)})

    assert crm.record("Accounts", own)["Owner"]["email"] == SALES
    assert crm.record("Accounts", given)["Owner"]["email"] == STANDARD
    assert crm.record("Accounts", given)["Created_By"]["email"] == SALES


def test_an_owner_must_be_an_active_user(crm: Crm):
    user = crm.user(SALES)
    crm.put(f"/users/{user}", {"users": [{"status": "inactive"}]})

    for owner in ({"id": user}, {"id": "5"}, {"name": "Carla Gomez"}):
        answer = crm.create("Accounts", {"Account_Name": "A", "Owner": owner})
        assert (answer.code, answer.details["api_name"]) == ("INVALID_DATA", "Owner")


def test_each_record_of_a_call_has_its_own_outcome(crm: Crm):
    answer = crm.create("Accounts", {"Account_Name": "Acme"}, {"Phone": "1"}, {"Account_Name": "Beta"})

    assert answer.status == 207
    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "MANDATORY_NOT_FOUND", "SUCCESS"]
    assert answer.outcomes[1]["details"] == {"api_name": "Account_Name", "json_path": "$.data[1].Account_Name"}
    assert crm.get("/Accounts/actions/count").body == {"count": 2}


def test_when_all_records_fail_nothing_is_kept(crm: Crm):
    answer = crm.create("Accounts", {"Phone": "1"}, {"Account_Name": " "})

    assert answer.status == 400
    assert crm.get("/Accounts/actions/count").body == {"count": 0}


def test_several_errors_of_one_record_come_together(crm: Crm):
    answer = crm.create("Accounts", {"Employees": "many", "Phone": 5})

    assert answer.code == "MULTIPLE_OR_MULTI_ERRORS"
    codes = [(error["code"], error["details"]["api_name"]) for error in answer.details["errors"]]
    assert codes == [
        ("INVALID_DATA", "Employees"),
        ("INVALID_DATA", "Phone"),
        ("MANDATORY_NOT_FOUND", "Account_Name"),
    ]


def test_at_most_a_hundred_records_are_written_at_once(crm: Crm):
    fine = crm.create("Accounts", *[{"Account_Name": f"A{n}"} for n in range(100)])
    answer = crm.create("Accounts", *[{"Account_Name": f"A{n}"} for n in range(101)])

    assert fine.status == 201
    assert (answer.status, answer.code) == (400, "LIMIT_EXCEEDED")


def test_unknown_and_read_only_fields_are_ignored(crm: Crm):
    record = crm.record("Accounts", crm.add("Accounts", Account_Name="A", Nope=1, Created_Time="x", id="7"))

    assert "Nope" not in record
    assert record["id"] != "7"


def test_ids_are_taken_as_numbers_and_as_strings(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    by_number = crm.put("/Accounts", {"data": [{"id": int(account), "Phone": "1"}]})
    by_text = crm.put("/Accounts", {"data": [{"id": account, "Fax": "2"}]})
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name=int(account))

    assert (by_number.status, by_text.status) == (200, 200)
    assert crm.record("Contacts", contact)["Account_Name"]["id"] == account


def test_an_update_changes_only_what_it_says(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme", Phone="1", Fax="2")

    answer = crm.put(f"/Accounts/{account}", {"data": [{"Phone": None, "Website": "https://a.example"}]})

    record = crm.record("Accounts", account)
    assert answer.outcome["message"] == "record updated"
    assert (record["Phone"], record["Fax"], record["Website"]) == (None, "2", "https://a.example")


def test_an_update_moves_the_modified_time_and_its_author(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    before = crm.record("Accounts", account)
    crm.advance(minutes=5)

    crm.as_(SALES).put(f"/Accounts/{account}", {"data": [{"Account_Name": "Acme"}]})

    after = crm.record("Accounts", account)
    assert after["Modified_Time"] > before["Modified_Time"]
    assert after["Created_Time"] == before["Created_Time"]
    assert after["Modified_By"]["email"] == SALES


def test_a_mandatory_field_cannot_be_cleared(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    assert crm.put(f"/Accounts/{account}", {"data": [{"Account_Name": ""}]}).code == "MANDATORY_NOT_FOUND"


@pytest.mark.parametrize(
    ("given", "code", "details"),
    [
        ({}, "MANDATORY_NOT_FOUND", {"api_name": "id", "json_path": "$.data[0].id"}),
        ({"id": "123"}, "INVALID_DATA", {"api_name": "id", "json_path": "$.data[0].id", "id": "123"}),
        ({"id": "x"}, "INVALID_DATA", {"api_name": "id", "json_path": "$.data[0].id", "id": "x"}),
    ],
    ids=["missing", "unknown", "not a number"],
)
def test_an_update_of_what_is_not_there_is_refused(crm: Crm, given, code: str, details):
    answer = crm.put("/Accounts", {"data": [given]})

    assert (answer.status, answer.code, answer.details) == (400, code, details)


def test_a_record_named_twice_in_a_call_is_updated_twice(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    answer = crm.put("/Accounts", {"data": [{"id": account, "Phone": "1"}, {"id": account, "Fax": "2"}]})

    record = crm.record("Accounts", account)
    assert answer.status == 200
    assert (record["Phone"], record["Fax"]) == ("1", "2")


def test_an_update_can_insist_on_the_record_being_unchanged(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    seen = crm.record("Accounts", account)["Modified_Time"]
    body = {"data": [{"Phone": "1"}]}

    fine = crm.put(f"/Accounts/{account}", body, If_Unmodified_Since=seen)
    crm.advance(minutes=1)
    crm.put(f"/Accounts/{account}", body)
    late = crm.put(f"/Accounts/{account}", body, If_Unmodified_Since=seen)

    assert fine.status == 200
    assert (late.status, late.code) == (412, "ALREADY_MODIFIED")


def test_a_deleted_record_is_gone_and_in_the_recycle_bin(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    answer = crm.delete(f"/Accounts/{account}")

    assert (answer.status, answer.outcome["message"]) == (200, "record deleted")
    assert crm.get(f"/Accounts/{account}").code == "INVALID_DATA"
    (gone,) = crm.get("/Accounts/deleted").body["data"]
    assert (gone["id"], gone["display_name"], gone["type"]) == (account, "Acme", "recycle")
    assert gone["deleted_by"]["name"] == "Asha Rao"


def test_deleting_what_is_gone_is_told_per_record(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    mixed = crm.delete(f"/Accounts?ids={account},123")
    again = crm.delete(f"/Accounts?ids={account}")

    assert mixed.status == 207
    assert mixed.outcomes[1] == {
        "code": "INVALID_DATA",
        "details": {"id": "123"},
        "message": "record not deleted",
        "status": "error",
    }
    assert (again.status, again.details) == (400, {"id": account})


def test_deleting_needs_ids(crm: Crm):
    answer = crm.delete("/Accounts")

    assert (answer.status, answer.code, answer.details) == (400, "REQUIRED_PARAM_MISSING", {"param_name": "ids"})


def test_the_recycle_bin_keeps_records_for_sixty_days(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    crm.delete(f"/Accounts/{account}")

    crm.advance(days=61)

    later = crm.as_("asha.rao@zylker.example")
    assert later.get("/Accounts/deleted?type=recycle").status == 204
    (gone,) = later.get("/Accounts/deleted?type=permanent").body["data"]
    assert (gone["id"], gone["display_name"], gone["type"]) == (account, None, "permanent")


def test_deleted_records_can_be_asked_for_since_a_moment(crm: Crm):
    crm.delete(f"/Accounts/{crm.add('Accounts', Account_Name='Acme')}")

    assert crm.get("/Accounts/deleted", If_Modified_Since="2000-01-01T00:00:00+00:00").status == 200
    assert crm.get("/Accounts/deleted", If_Modified_Since="2099-01-01T00:00:00+00:00").status == 304


def test_a_lookup_to_a_deleted_record_is_shown_empty(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": account})

    crm.delete(f"/Accounts/{account}")

    assert crm.record("Contacts", contact)["Account_Name"] is None


def test_a_lookup_shows_the_name_its_target_has_now(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": account})

    crm.put(f"/Accounts/{account}", {"data": [{"Account_Name": "Acme Ltd"}]})

    assert crm.record("Contacts", contact)["Account_Name"]["name"] == "Acme Ltd"


def test_a_lookup_must_lead_to_a_record_of_its_module(crm: Crm):
    contact = crm.add("Contacts", Last_Name="Doe")

    for target in (contact, "123"):
        answer = crm.create("Contacts", {"Last_Name": "X", "Account_Name": {"id": target}})
        assert (answer.code, answer.details["json_path"]) == ("INVALID_DATA", "$.data[0].Account_Name")


def test_an_account_given_by_name_is_found_or_made(crm: Crm):
    acme = crm.add("Accounts", Account_Name="Acme")

    answer = crm.create(
        "Contacts",
        {"Last_Name": "A", "Account_Name": {"name": "ACME "}},
        {"Last_Name": "B", "Account_Name": {"name": "New"}},
        {"Last_Name": "C", "Account_Name": {"name": "new"}},
    )

    accounts = [crm.record("Contacts", outcome["details"]["id"])["Account_Name"] for outcome in answer.outcomes]
    assert accounts[0]["id"] == acme
    assert accounts[1] == accounts[2]
    assert crm.get("/Accounts/actions/count").body == {"count": 2}


def test_other_lookups_given_by_name_are_refused(crm: Crm):
    answer = crm.create("Deals", {"Deal_Name": "D", "Stage": "Qualification", "Contact_Name": {"name": "Doe"}})

    assert (answer.code, answer.details["json_path"]) == ("MANDATORY_NOT_FOUND", "$.data[0].Contact_Name.id")


def test_the_full_name_of_a_contact_follows_its_parts(crm: Crm):
    contact = crm.add("Contacts", First_Name="Jo", Last_Name="Doe")

    crm.put(f"/Contacts/{contact}", {"data": [{"First_Name": None}]})

    assert crm.record("Contacts", contact)["Full_Name"] == "Doe"


def test_an_unknown_record_is_no_content_in_v2_and_an_error_later(crm: Crm):
    assert crm.get("/Accounts/123", version="v2").status == 204
    answer = crm.get("/Accounts/123")
    assert (answer.status, answer.code, answer.details) == (400, "INVALID_DATA", {"resource_path_index": 1})


def test_a_record_can_be_asked_for_if_it_changed(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    answer = crm.get(f"/Accounts/{account}", If_Modified_Since="2099-01-01T00:00:00+00:00")

    assert answer.status == 304
    assert "Content-Type" not in answer.headers


def test_a_product_is_active_unless_told_otherwise(crm: Crm):
    active, inactive = (
        crm.add("Products", Product_Name="A"),
        crm.add("Products", Product_Name="B", Product_Active=False),
    )

    assert crm.record("Products", active)["Product_Active"] is True
    assert crm.record("Products", inactive)["Product_Active"] is False


def test_details_have_no_json_path_before_v2_1(crm: Crm):
    assert crm.create("Accounts", {}, version="v2").details == {"api_name": "Account_Name"}
    assert crm.create("Accounts", {}, version="v2.1").details["json_path"] == "$.data[0].Account_Name"


@pytest.mark.parametrize(
    ("version", "records", "status"),
    [
        ("v2", [{}], 202),
        ("v2", [{"Account_Name": "Acme"}, {}], 202),
        ("v2", [{"Account_Name": "Acme"}], 201),
        ("v2.1", [{}], 400),
        ("v2.1", [{"Account_Name": "Acme"}, {}], 207),
    ],
)
def test_where_a_world_wants_it_v2_answers_failures_with_202(crm: Crm, version: str, records: list[Any], status: int):
    moved = crm.client.put(f"/_sim/worlds/{crm.world}/settings", json={"v2_failures_as_202": True})

    assert moved.status_code == 200
    assert crm.create("Accounts", *records, version=version).status == status


def test_a_missing_permission_is_no_failure_to_be_accepted(crm: Crm):
    crm.client.put(f"/_sim/worlds/{crm.world}/settings", json={"v2_failures_as_202": True})

    answer = crm.as_(SUPPORT).post("/Accounts/upsert", {"data": [{"Account_Name": "New"}]}, version="v2")

    assert (answer.status, answer.code) == (403, "NO_PERMISSION")
