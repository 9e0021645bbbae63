"""Tags: those of a module, and those of its records."""

from typing import Any

import pytest

from tests.crm.api import SUPPORT, Crm


def tag(crm: Crm, name: str, module: str = "Accounts", **more: Any) -> str:
    answer = crm.post(f"/settings/tags?module={module}", {"tags": [{"name": name, **more}]})
    assert answer.status == 201, answer.body
    return str(answer.details["id"])


def test_a_tag_is_made_listed_changed_and_deleted(crm: Crm):
    number = tag(crm, "VIP", color_code="#AAFE62")

    listed = crm.get("/settings/tags?module=Accounts").body["tags"]
    assert [(one["id"], one["name"], one["color_code"]) for one in listed] == [(number, "VIP", "#AAFE62")]
    assert listed[0].keys() == {
        "id",
        "name",
        "color_code",
        "created_by",
        "created_time",
        "modified_by",
        "modified_time",
    }

    changed = crm.put(f"/settings/tags/{number}?module=Accounts", {"tags": [{"name": "Key"}]})
    assert (changed.outcome["message"], changed.details["name"]) == ("tags updated successfully", "Key")
    both = crm.put("/settings/tags?module=Accounts", {"tags": [{"id": number, "color_code": "#000000"}, {"name": "x"}]})
    assert (both.status, both.outcomes[1]["code"]) == (207, "MANDATORY_NOT_FOUND")

    assert crm.delete(f"/settings/tags/{number}").outcome["message"] == "tags deleted successfully"
    assert crm.get("/settings/tags?module=Accounts").status == 204


def test_tags_belong_to_their_module(crm: Crm):
    tag(crm, "VIP")

    assert crm.get("/settings/tags?module=Contacts").status == 204
    assert tag(crm, "VIP", "Contacts")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"name": " "}, "MANDATORY_NOT_FOUND"),
        ({"name": 5}, "INVALID_DATA"),
        ({"name": "x" * 26}, "INVALID_DATA"),
        ({"name": "x", "color_code": "red"}, "INVALID_DATA"),
        ({"name": "x", "color_code": "#1234567"}, "INVALID_DATA"),
        ({"name": "vip"}, "DUPLICATE_DATA"),
        ("x", "INVALID_DATA"),
    ],
)
def test_a_tag_that_does_not_fit_is_refused(crm: Crm, given: Any, code: str):
    tag(crm, "VIP")

    answer = crm.post("/settings/tags?module=Accounts", {"tags": [given]})

    assert (answer.status, answer.code) == (400, code)


def test_a_module_must_be_named(still: Crm):
    assert still.get("/settings/tags").body["details"] == {"param": "module"}
    assert still.get("/settings/tags?module=Nope").code == "INVALID_MODULE"
    assert still.get("/settings/tags?module=Notes").code == "INVALID_MODULE"


def test_tags_are_put_on_many_records(crm: Crm):
    known = tag(crm, "VIP", color_code="#F17574")
    one, two = (crm.add("Accounts", Account_Name=name) for name in "AB")

    body = {"tags": [{"name": "wrong", "id": known}, {"name": "New"}], "ids": [one, two, "5"]}
    answer = crm.post("/Accounts/actions/add_tags", body)

    assert (answer.status, answer.body["success_count"], answer.body["locked_count"]) == (207, "2", "0")
    assert [t["name"] for t in answer.outcomes[0]["details"]["tags"]] == ["VIP", "New"]
    assert answer.outcomes[2]["code"] == "INVALID_DATA"
    shown = crm.record("Accounts", one)["Tag"]
    assert shown[0] == {"name": "VIP", "id": known, "color_code": "#F17574"}
    listed = crm.get("/Accounts?fields=Tag").body["data"]
    assert [[t["name"] for t in record["Tag"]] for record in listed] == [["VIP", "New"]] * 2


def test_tags_add_up_unless_they_are_overwritten(crm: Crm):
    account = crm.add("Accounts", Account_Name="A")
    path = f"/Accounts/{account}/actions/add_tags"

    crm.post(path, {"tags": [{"name": "One"}]})
    crm.post(path, {"tags": [{"name": "Two"}]})
    added = [t["name"] for t in crm.record("Accounts", account)["Tag"]]
    crm.post(path, {"tags": [{"name": "Three"}], "over_write": True})

    assert added == ["One", "Two"]
    assert [t["name"] for t in crm.record("Accounts", account)["Tag"]] == ["Three"]


def test_tags_are_taken_off(crm: Crm):
    one, two = (crm.add("Accounts", Account_Name=name) for name in "AB")
    crm.post("/Accounts/actions/add_tags", {"tags": [{"name": "X"}, {"name": "Y"}], "ids": [one, two]})

    single = crm.post(f"/Accounts/{one}/actions/remove_tags", {"tags": [{"name": "x"}]})
    many = crm.post("/Accounts/actions/remove_tags", {"tags": [{"name": "Y"}, {"name": "never"}], "ids": [one, two]})

    assert [t["name"] for t in single.details["tags"]] == ["Y"]
    assert many.outcomes[0]["details"]["tags"] == []
    assert [t["name"] for t in crm.record("Accounts", two)["Tag"]] == ["X"]


def test_older_versions_name_tags_in_the_address(crm: Crm):
    account = crm.add("Accounts", Account_Name="A")

    one = crm.post(f"/Accounts/{account}/actions/add_tags?tag_names=X,Y", version="v2")
    many = crm.post(f"/Accounts/actions/add_tags?ids={account}&tag_names=Z&over_write=true", version="v2")

    assert one.details["tags"] == ["X", "Y"]
    assert many.outcomes[0]["details"]["tags"] == ["Z"]
    assert crm.post(f"/Accounts/{account}/actions/add_tags?tag_names=Z&over_write=no").code == "INVALID_DATA"


def test_a_record_bears_few_tags(crm: Crm):
    account = crm.add("Accounts", Account_Name="A")
    names = [{"name": f"T{n}"} for n in range(11)]

    answer = crm.post(f"/Accounts/{account}/actions/add_tags", {"tags": names})

    assert (answer.status, answer.code) == (400, "LICENSE_LIMIT_EXCEEDED")
    assert crm.get("/settings/tags?module=Accounts").status == 204


def test_a_record_whose_tags_change_counts_as_changed(crm: Crm):
    account = crm.add("Accounts", Account_Name="A")
    crm.advance(minutes=5)

    crm.post(f"/Accounts/{account}/actions/add_tags", {"tags": [{"name": "X"}]})

    record = crm.record("Accounts", account)
    assert record["Modified_Time"] > record["Created_Time"]


def test_merged_tags_keep_the_records_of_both(crm: Crm):
    keep, lose = tag(crm, "VIP"), tag(crm, "V.I.P.")
    one, two = (crm.add("Accounts", Account_Name=name) for name in "AB")
    crm.post("/Accounts/actions/add_tags", {"tags": [{"id": keep}, {"id": lose}], "ids": [one]})
    crm.post("/Accounts/actions/add_tags", {"tags": [{"id": lose}], "ids": [two]})

    answer = crm.post(f"/settings/tags/{keep}/actions/merge", {"tags": [{"conflict_id": lose}]})

    assert answer.outcome["message"] == "tags merged successfully"
    assert [[t["id"] for t in crm.record("Accounts", account)["Tag"]] for account in (one, two)] == [[keep], [keep]]
    assert crm.get(f"/settings/tags/{keep}/actions/records_count?module=Accounts").body == {"count": "2"}
    assert len(crm.get("/settings/tags?module=Accounts").body["tags"]) == 1


@pytest.mark.parametrize("given", [{}, {"conflict_id": "5"}, {"conflict_id": "x"}, {"conflict_id": "SELF"}, "x"])
def test_a_tag_is_merged_with_another_of_its_module(crm: Crm, given: Any):
    keep = tag(crm, "VIP")
    if given == {"conflict_id": "SELF"}:
        given = {"conflict_id": keep}

    assert crm.post(f"/settings/tags/{keep}/actions/merge", {"tags": [given]}).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tags": []},
        {"tags": "x"},
        {"tags": [5]},
        {"tags": [{"id": "5"}]},
        {"tags": [{"name": "X"}], "over_write": 1},
    ],
)
def test_what_is_no_tag_is_not_put_on_records(crm: Crm, body: Any):
    account = crm.add("Accounts", Account_Name="A")

    assert crm.post(f"/Accounts/{account}/actions/add_tags", body).status == 400
    assert crm.post("/Accounts/actions/add_tags", {**body, "ids": [account]}).status == 400


def test_who_may_not_edit_a_module_does_not_make_its_tags(crm: Crm):
    number = tag(crm, "VIP", "Products")
    support = crm.as_(SUPPORT)

    assert support.get("/settings/tags?module=Products").status == 200
    assert support.post("/settings/tags?module=Products", {"tags": [{"name": "x"}]}).status == 403
    assert support.delete(f"/settings/tags/{number}").status == 403
    assert support.get("/settings/tags?module=Deals").status == 403


def test_deleted_records_do_not_count_and_bear_their_tags_again_when_restored(crm: Crm):
    number = tag(crm, "VIP")
    account = crm.add("Accounts", Account_Name="A")
    crm.post(f"/Accounts/{account}/actions/add_tags", {"tags": [{"id": number}]})
    crm.delete(f"/Accounts/{account}")
    gone = crm.get(f"/settings/tags/{number}/actions/records_count?module=Accounts").body

    crm.post(f"/settings/recycle_bin/{account}/actions/restore")

    assert gone == {"count": "0"}
    assert [t["id"] for t in crm.record("Accounts", account)["Tag"]] == [number]
