"""Merging duplicates."""

from typing import Any

import pytest

from tests.crm.api import Crm


def merge(crm: Crm, module: str, master: str, *children: Any, **more: Any):
    data = [child if isinstance(child, dict) else {"id": child, "_fields": []} for child in children]
    return crm.post(f"/{module}/{master}/actions/merge", {"merge": [{"data": data, **more}]})


def test_the_chosen_fields_of_a_child_go_to_the_master(crm: Crm):
    master = crm.add("Accounts", Account_Name="Acme", Phone="1", Fax="11")
    child = crm.add("Accounts", Account_Name="Acme Inc", Phone="2", Fax="22")

    answer = merge(crm, "Accounts", master, {"id": child, "_fields": [{"api_name": "Phone"}]})

    assert (answer.status, answer.outcome["message"]) == (201, "The records have been merged successfully")
    assert answer.details == {"id": master}
    kept = crm.record("Accounts", master)
    assert (kept["Account_Name"], kept["Phone"], kept["Fax"]) == ("Acme", "2", "11")


def test_children_go_to_the_recycle_bin(crm: Crm):
    master, one, two = (crm.add("Accounts", Account_Name=name) for name in ("Acme", "Acme 1", "Acme 2"))

    merge(crm, "Accounts", master, one, two)

    assert crm.names("/Accounts?fields=Account_Name", "Account_Name") == ["Acme"]
    deleted = crm.get("/Accounts/deleted").body["data"]
    assert {(row["id"], row["type"]) for row in deleted} == {(one, "recycle"), (two, "recycle")}


def test_what_named_a_child_names_the_master(crm: Crm):
    master, child = crm.add("Accounts", Account_Name="Acme"), crm.add("Accounts", Account_Name="Acme Inc")
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": child})
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification", Account_Name={"id": child})
    crm.advance(minutes=1)

    merge(crm, "Accounts", master, child)

    assert crm.record("Contacts", contact)["Account_Name"] == {"name": "Acme", "id": master}
    assert crm.record("Deals", deal)["Account_Name"]["id"] == master
    assert crm.names(f"/Accounts/{master}/Contacts?fields=Last_Name", "Last_Name") == ["Doe"]
    record = crm.record("Contacts", contact)
    assert record["Modified_Time"] > record["Created_Time"]


def test_a_survivor_never_names_itself(crm: Crm):
    master = crm.add("Accounts", Account_Name="Acme")
    child = crm.add("Accounts", Account_Name="Acme Inc", Parent_Account={"id": master})
    other = crm.add("Accounts", Account_Name="Acme Ltd")
    crm.put(f"/Accounts/{master}", {"data": [{"Parent_Account": {"id": other}}]})

    merge(crm, "Accounts", master, {"id": child, "_fields": [{"api_name": "Parent_Account"}]}, other)

    assert crm.record("Accounts", master)["Parent_Account"] is None


def test_notes_attachments_tags_and_links_move_to_the_master(crm: Crm):
    master, child = crm.add("Contacts", Last_Name="Doe"), crm.add("Contacts", Last_Name="Do")
    product = crm.add("Products", Product_Name="Desk")
    crm.post(f"/Contacts/{child}/Notes", {"data": [{"Note_Content": "called"}]})
    crm.upload(f"/Contacts/{child}/Attachments", b"x", "a.txt")
    crm.post(f"/Contacts/{child}/actions/add_tags", {"tags": [{"name": "VIP"}]})
    crm.put(f"/Contacts/{child}/Products", {"data": [{"id": product}]})

    merge(crm, "Contacts", master, child)

    assert crm.names(f"/Contacts/{master}/Notes?fields=Note_Content", "Note_Content") == ["called"]
    assert crm.names(f"/Contacts/{master}/Attachments?fields=File_Name", "File_Name") == ["a.txt"]
    assert crm.names(f"/Contacts/{master}/Products?fields=Product_Name", "Product_Name") == ["Desk"]
    assert [tag["name"] for tag in crm.record("Contacts", master)["Tag"]] == ["VIP"]


def test_a_unique_value_may_pass_from_child_to_master(crm: Crm):
    field = {"field_label": "Code", "data_type": "text", "length": 20, "unique": {"case_sensitive": False}}
    assert crm.post("/settings/fields?module=Accounts", {"fields": [field]}).status == 201
    master = crm.add("Accounts", Account_Name="Acme")
    child = crm.add("Accounts", Account_Name="Acme Inc", Code="A1")

    answer = merge(crm, "Accounts", master, {"id": child, "_fields": [{"api_name": "Code"}]})

    assert answer.status == 201
    assert crm.record("Accounts", master)["Code"] == "A1"
    assert crm.create("Accounts", {"Account_Name": "New", "Code": "a1"}).code == "DUPLICATE_DATA"


@pytest.mark.parametrize(
    ("merged", "code"),
    [
        ([], "INVALID_DATA"),
        ({}, "INVALID_DATA"),
        ([{}, {}], "INVALID_DATA"),
        ([5], "INVALID_DATA"),
        ([{"data": []}], "INVALID_DATA"),
        ([{"data": "x"}], "INVALID_DATA"),
        ([{"data": [{"_fields": []}]}], "MANDATORY_NOT_FOUND"),
        ([{"data": [{"id": "5", "_fields": []}]}], "INVALID_DATA"),
        ([{"data": [{"id": "CHILD"}]}], "MANDATORY_NOT_FOUND"),
        ([{"data": [{"id": "CHILD", "_fields": [{}]}]}], "MANDATORY_NOT_FOUND"),
        ([{"data": [{"id": "CHILD", "_fields": [{"api_name": "Nope"}]}]}], "INVALID_DATA"),
        ([{"data": [{"id": "MASTER", "_fields": []}]}], "DUPLICATE_DATA"),
        ([{"data": [{"id": "CHILD", "_fields": []}, {"id": "CHILD", "_fields": []}]}], "DUPLICATE_DATA"),
        (
            [
                {
                    "data": [{"id": "CHILD", "_fields": [{"api_name": "Fax"}]}],
                    "master_record_fields": [{"api_name": "Fax"}],
                }
            ],
            "DUPLICATE_DATA",
        ),
        ([{"data": [{"id": "CHILD", "_fields": []}] * 3}], "INVALID_DATA"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(crm: Crm, merged: Any, code: str):
    master, child = crm.add("Accounts", Account_Name="Acme"), crm.add("Accounts", Account_Name="Acme Inc")
    for one in merged if isinstance(merged, list) else ():
        for part in one.get("data", ()) if isinstance(one, dict) and isinstance(one.get("data"), list) else ():
            if isinstance(part, dict):
                part["id"] = {"CHILD": child, "MASTER": master}.get(part.get("id"), part.get("id"))

    answer = crm.post(f"/Accounts/{master}/actions/merge", {"merge": merged})

    assert (answer.status, answer.code) == (400, code)
    assert crm.get("/Accounts/actions/count").body == {"count": 2}


def test_only_open_potentials_are_merged(crm: Crm):
    master = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    won = crm.add("Deals", Deal_Name="Big 2", Stage="Closed Won")

    assert merge(crm, "Deals", master, won).outcome["code"] == "NOT_ALLOWED"
    answer = merge(crm, "Deals", won, master)
    assert (answer.body["code"], answer.body["message"]) == ("NOT_ALLOWED", "Only Open Deals can be merged")


@pytest.mark.parametrize("name", ["Closing_Date", "Probability", "Expected_Revenue"])
def test_fields_that_follow_from_others_cannot_be_chosen(crm: Crm, name: str):
    master, child = (crm.add("Deals", Deal_Name=n, Stage="Qualification") for n in ("A", "B"))

    assert merge(crm, "Deals", master, {"id": child, "_fields": [{"api_name": name}]}).code == "NOT_ALLOWED"


def test_account_and_superior_come_from_the_same_contact(crm: Crm):
    master, child = (crm.add("Contacts", Last_Name=name) for name in ("A", "B"))

    answer = merge(crm, "Contacts", master, {"id": child, "_fields": [{"api_name": "Reporting_To"}]})

    assert answer.outcome["message"] == "Reporting to and account should belong to the same record"


def test_modules_that_the_vendor_does_not_merge_are_refused(crm: Crm):
    one, two = (crm.add("Products", Product_Name=name) for name in ("A", "B"))

    assert merge(crm, "Products", one, two).code == "INVALID_MODULE"


def test_an_unknown_master_is_told_apart(crm: Crm):
    child = crm.add("Accounts", Account_Name="Acme")

    answer = merge(crm, "Accounts", "123456", child)

    assert (answer.code, answer.details) == ("INVALID_DATA", {"resource_path_index": 1})
    assert answer.body["message"] == "Master record id is not available"


def test_no_merge_is_ever_waiting(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    assert crm.get(f"/Accounts/{account}/actions/merge").status == 204
