"""The recycle bin: what lies in it, bringing it back, removing it for good."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.crm.api import SALES, SUPPORT, Crm

BIN = "/settings/recycle_bin"


def deleted(crm: Crm, module: str = "Accounts", **values: Any) -> str:
    number = crm.add(module, **(values or {"Account_Name": "Acme"}))
    assert crm.delete(f"/{module}/{number}").status == 200
    return number


def named(crm: Crm, filters: Any) -> list[str]:
    answer = crm.get(f"{BIN}?filters={quote(json.dumps(filters))}")
    assert answer.status in (200, 204), answer.body
    return sorted(row["display_name"] for row in answer.body["recycle_bin"]) if answer.body else []


def test_a_deleted_record_lies_in_the_bin(crm: Crm):
    assert crm.get(BIN).status == 204

    account = deleted(crm)

    answer = crm.get(BIN)
    (row,) = answer.body["recycle_bin"]
    assert (row["id"], row["display_name"], row["module"]["api_name"]) == (account, "Acme", "Accounts")
    assert row.keys() == {"display_name", "deleted_time", "owner", "module", "deleted_by", "id"}
    assert answer.body["info"] == {"per_page": 200, "count": 1, "page": 1, "more_records": False}
    assert crm.get(f"{BIN}/{account}").body["recycle_bin"] == [row]
    assert crm.get(f"{BIN}/actions/count").body == {"count": 1}


def test_a_restored_record_is_as_it_was(crm: Crm):
    crm.client.put(
        f"/_sim/worlds/{crm.world}/clock", json={"freeze": True}
    )  # the restore itself is a change, with its time
    account = crm.add("Accounts", Account_Name="Acme")
    contact = crm.add("Contacts", Last_Name="Doe", Email="doe@acme.example", Account_Name={"id": account})
    before = crm.record("Contacts", contact)
    crm.delete(f"/Contacts/{contact}")

    answer = crm.post(f"{BIN}/{contact}/actions/restore")

    assert (answer.outcome["message"], answer.details) == ("record restored", {"id": contact})
    assert crm.record("Contacts", contact) == before
    assert crm.names(f"/Accounts/{account}/Contacts?fields=Last_Name", "Last_Name") == ["Doe"]
    assert crm.get("/Contacts/search?email=doe@acme.example").status == 200
    assert crm.get(BIN).status == 204
    assert crm.get("/Contacts/deleted").status == 204


def test_a_record_is_not_restored_when_its_unique_value_was_taken(crm: Crm):
    field = {"field_label": "Code", "data_type": "text", "length": 20, "unique": {"case_sensitive": False}}
    assert crm.post("/settings/fields?module=Accounts", {"fields": [field]}).status == 201
    old = deleted(crm, Account_Name="Old", Code="A1")
    new = crm.add("Accounts", Account_Name="New", Code="a1")

    answer = crm.post(f"{BIN}/actions/restore", {"ids": [old]})

    assert (answer.status, answer.code, answer.details["id"]) == (400, "DUPLICATE_DATA", new)
    crm.delete(f"/Accounts/{new}")
    assert crm.post(f"{BIN}/actions/restore", {"ids": [old]}).status == 200
    assert crm.post(f"{BIN}/actions/restore", {"ids": [new]}).code == "DUPLICATE_DATA"


def test_of_two_with_one_unique_value_the_first_comes_back(crm: Crm):
    field = {"field_label": "Code", "data_type": "text", "length": 20, "unique": {"case_sensitive": False}}
    crm.post("/settings/fields?module=Accounts", {"fields": [field]})
    one = deleted(crm, Account_Name="One", Code="A1")
    two = deleted(crm, Account_Name="Two", Code="A1")

    answer = crm.post(f"{BIN}/actions/restore", {"ids": [one, two]})

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "DUPLICATE_DATA"]


def test_notes_and_attachments_go_and_come_back_with_their_record(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    kept, dropped = (
        crm.post(f"/Accounts/{account}/Notes", {"data": [{"Note_Content": text}]}).details["id"] for text in ("a", "b")
    )
    crm.upload(f"/Accounts/{account}/Attachments", b"x", "a.txt")
    crm.delete(f"/Notes/{dropped}")
    crm.delete(f"/Accounts/{account}")
    gone = [crm.get(f"/Notes/{kept}").code, crm.get(f"{BIN}/actions/count").body]

    crm.post(f"{BIN}/{account}/actions/restore")

    assert gone == ["INVALID_DATA", {"count": 2}]
    assert crm.names(f"/Accounts/{account}/Notes?fields=Note_Content", "Note_Content") == ["a"]
    assert crm.names(f"/Accounts/{account}/Attachments?fields=File_Name", "File_Name") == ["a.txt"]


def test_sixty_days_later_a_record_is_gone_for_good(crm: Crm):
    account = deleted(crm)
    crm.advance(days=59)
    crm = Crm(crm.app, crm.world)
    assert crm.get(BIN).status == 200

    crm.advance(days=1, seconds=1)
    crm = Crm(crm.app, crm.world)

    assert crm.get(BIN).status == 204
    assert crm.post(f"{BIN}/{account}/actions/restore").code == "INVALID_DATA"
    (row,) = crm.get("/Accounts/deleted?type=permanent").body["data"]
    assert (row["id"], row["display_name"], row["type"]) == (account, None, "permanent")


def test_a_purged_record_is_only_remembered_as_deleted(crm: Crm):
    account = deleted(crm)

    answer = crm.delete(f"{BIN}/{account}")

    assert answer.outcome["message"] == "record deleted"
    assert crm.get(BIN).status == 204
    assert crm.post(f"{BIN}/{account}/actions/restore").code == "INVALID_DATA"
    assert crm.get("/Accounts/deleted?type=recycle").status == 204
    (row,) = crm.get("/Accounts/deleted").body["data"]
    assert (row["type"], row["display_name"], row["deleted_by"]) == ("permanent", None, None)
    assert crm.delete(f"{BIN}/{account}").code == "INVALID_DATA"


def test_several_are_purged_by_ids_or_filters(crm: Crm):
    one, _ = deleted(crm, Account_Name="One"), deleted(crm, "Contacts", Last_Name="Doe")

    by_ids = crm.delete(f"{BIN}?ids={one},5")
    filters = {"field": {"api_name": "module"}, "comparator": "equal", "value": "Contacts"}
    by_filters = crm.delete(f"{BIN}?filters={quote(json.dumps(filters))}")

    assert (by_ids.status, [outcome["code"] for outcome in by_ids.outcomes]) == (207, ["SUCCESS", "INVALID_DATA"])
    assert (by_filters.status, by_filters.outcome["code"]) == (202, "SCHEDULED")
    assert crm.get(BIN).status == 204


def test_the_bin_is_emptied_by_an_administrator(crm: Crm):
    deleted(crm)

    refused = crm.as_(SALES).post(f"{BIN}/actions/empty")
    answer = crm.post(f"{BIN}/actions/empty")

    assert (refused.status, refused.code) == (400, "AUTHORIZATION_FAILED")
    assert (answer.status, answer.body["message"]) == (200, "recyclebin is cleared")
    assert crm.get(BIN).status == 204


def test_all_or_some_are_restored_at_once(crm: Crm):
    deleted(crm, Account_Name="Amazon")
    deleted(crm, Account_Name="Acme")
    deleted(crm, "Contacts", Last_Name="Amazon")
    filters = {
        "group_operator": "AND",
        "group": [
            {"field": {"api_name": "display_name"}, "comparator": "contains", "value": "maz"},
            {"field": {"api_name": "module"}, "comparator": "equal", "value": "Accounts"},
        ],
    }

    some = crm.post(f"{BIN}/actions/restore", {"filters": filters})
    left = crm.get(f"{BIN}/actions/count").body
    everything = crm.post(f"{BIN}/actions/restore", {"restore_all_records": True})

    assert (some.status, some.outcome["code"], left) == (202, "SCHEDULED", {"count": 2})
    assert (everything.status, crm.get(f"{BIN}/actions/count").body) == (202, {"count": 0})
    assert crm.get("/Accounts/actions/count").body == {"count": 2}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (("display_name", "equal", "acme"), ["Acme"]),
        (("display_name", "starts_with", "B"), ["Beta"]),
        (("display_name", "not_contains", "acme"), ["Beta"]),
        (("module", "in", ["Contacts", "Accounts"]), ["Acme", "Beta"]),
        (("module", "not_equal", "Contacts"), ["Acme"]),
        (("deleted_time", "greater_than", "2000-01-01T00:00:00Z"), ["Acme", "Beta"]),
        (("deleted_time", "between", ["2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z"]), []),
        (("deleted_by", "equal", "ME"), ["Acme", "Beta"]),
        (("deleted_by", "not_equal", "ME"), []),
    ],
)
def test_the_bin_is_filtered(crm: Crm, filters: tuple[str, str, Any], expected: list[str]):
    deleted(crm, Account_Name="Acme")
    deleted(crm, "Contacts", Last_Name="Beta")
    field, comparator, value = filters
    value = crm.get("/users?type=CurrentUser").body["users"][0]["id"] if value == "ME" else value

    found = named(crm, {"field": {"api_name": field}, "comparator": comparator, "value": value})

    assert found == expected


@pytest.mark.parametrize(
    "filters",
    [
        5,
        {},
        {"group": []},
        {"group_operator": "xor", "group": [{}]},
        {"group_operator": "and", "group": [5]},
        {"field": "module", "comparator": "equal", "value": "Leads"},
        {"field": {"api_name": "Nope"}, "comparator": "equal", "value": "x"},
        {"field": {"api_name": "module"}, "comparator": "contains", "value": "Leads"},
        {"field": {"api_name": "module"}, "comparator": "equal", "value": "Nope"},
        {"field": {"api_name": "display_name"}, "comparator": "between", "value": "x"},
        {"field": {"api_name": "display_name"}, "comparator": "equal", "value": 5},
        {"field": {"api_name": "deleted_by"}, "comparator": "equal", "value": "me"},
        {"field": {"api_name": "deleted_time"}, "comparator": "equal", "value": "yesterday"},
        {"field": {"api_name": "deleted_time"}, "comparator": "between", "value": ["2000-01-01T00:00:00Z"]},
    ],
)
def test_filters_that_make_no_sense_are_refused(still: Crm, filters: Any):
    assert still.get(f"{BIN}?filters={quote(json.dumps(filters))}").code == "INVALID_DATA"
    assert still.post(f"{BIN}/actions/restore", {"filters": filters}).status == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "EXPECTED_FIELD_MISSING"),
        ({"restore_all_records": False}, "EXPECTED_FIELD_MISSING"),
        ({"restore_all_records": "yes"}, "INVALID_DATA"),
        ({"ids": ["5"], "restore_all_records": True}, "AMBIGUITY_DURING_PROCESSING"),
        ({"ids": "5"}, "INVALID_DATA"),
        ({"ids": ["x"]}, "INVALID_DATA"),
        ({"ids": [str(n) for n in range(1, 202)]}, "LIMIT_EXCEEDED"),
        ({"ids": ["5"]}, "INVALID_DATA"),
    ],
)
def test_what_to_restore_must_be_said_in_one_way(still: Crm, body: Any, code: str):
    answer = still.post(f"{BIN}/actions/restore", body)

    assert (answer.status, answer.code) == (400, code)


def test_pages_and_orders_of_the_bin(crm: Crm):
    for name in ("B", "C", "A"):
        deleted(crm, Account_Name=name)
        crm.advance(seconds=1)

    first = crm.get(f"{BIN}?sort_by=display_name&sort_order=asc&per_page=2").body
    second = crm.get(f"{BIN}?sort_by=display_name&sort_order=asc&per_page=2&page=2").body

    assert [row["display_name"] for row in first["recycle_bin"]] == ["A", "B"]
    assert first["info"]["more_records"] is True
    assert [row["display_name"] for row in second["recycle_bin"]] == ["C"]
    assert [row["display_name"] for row in crm.get(BIN).body["recycle_bin"]] == ["A", "C", "B"]
    assert crm.get(f"{BIN}?sort_by=Owner").code == "INVALID_DATA"


def test_others_see_what_they_owned_of_modules_they_may_see(crm: Crm):
    own = deleted(crm, Account_Name="Own", Owner={"id": crm.user(SUPPORT)})
    deal = deleted(crm, "Deals", Deal_Name="Big", Stage="Qualification", Owner={"id": crm.user(SUPPORT)})
    foreign = deleted(crm, Account_Name="Foreign")
    support = crm.as_(SUPPORT)

    assert [row["id"] for row in support.get(BIN).body["recycle_bin"]] == [own]
    answer = support.post(f"{BIN}/actions/restore", {"ids": [own, deal, foreign]})
    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "INVALID_DATA", "INVALID_DATA"]


def test_the_bin_of_another_world_is_another_one(crm: Crm, new_world):
    account = deleted(crm)

    assert new_world().get(BIN).status == 204
    assert new_world().post(f"{BIN}/{account}/actions/restore").code == "INVALID_DATA"


def test_the_bin_needs_its_scopes(crm: Crm):
    reader = crm.with_scopes("ZohoCRM.settings.recycle_bin.READ")

    assert reader.get(BIN).status == 204
    assert reader.post(f"{BIN}/actions/restore", {"restore_all_records": True}).code == "OAUTH_SCOPE_MISMATCH"
    assert reader.delete(f"{BIN}?ids=5").code == "OAUTH_SCOPE_MISMATCH"


def test_what_to_purge_must_be_said(still: Crm):
    assert still.delete(BIN).code == "EXPECTED_PARAM_MISSING"
    assert still.delete(f"{BIN}?ids=5&filters=x").code == "AMBIGUITY_DURING_PROCESSING"
    assert still.delete(f"{BIN}?filters=x").code == "INVALID_DATA"
    assert still.get(f"{BIN}/x").code == "INVALID_DATA"
