"""Notes beside records."""

from typing import Any

import pytest

from tests.crm.api import SALES, SUPPORT, Crm


@pytest.fixture
def account(crm: Crm) -> str:
    return crm.add("Accounts", Account_Name="Acme")


def add(crm: Crm, module: str, parent: str, content: str = "called", **values: Any) -> str:
    answer = crm.post(f"/{module}/{parent}/Notes", {"data": [{"Note_Content": content, **values}]})
    assert answer.status == 201, answer.body
    return str(answer.details["id"])


def test_a_note_is_added_to_a_record(crm: Crm, account: str):
    answer = crm.post(f"/Accounts/{account}/Notes", {"data": [{"Note_Title": "T", "Note_Content": "C"}]})

    assert (answer.status, answer.outcome["message"]) == (201, "record added")
    note = crm.record("Notes", answer.details["id"])
    assert (note["Note_Title"], note["Note_Content"]) == ("T", "C")
    assert note["Parent_Id"]["id"] == account
    assert (note["Parent_Id"]["name"], note["Parent_Id"]["module"]["api_name"]) == ("Acme", "Accounts")


@pytest.mark.parametrize(
    ("version", "shape"),
    [
        ("v8", lambda number: {"Parent_Id": {"module": {"api_name": "Accounts"}, "id": number}}),
        ("v4", lambda number: {"Parent_Id": number, "se_module": "Accounts"}),
        ("v2", lambda number: {"Parent_Id": {"id": number}, "se_module": "Accounts"}),
    ],
)
def test_notes_name_their_record_in_several_shapes(crm: Crm, account: str, version: str, shape: Any):
    answer = crm.post("/Notes", {"data": [{"Note_Content": "C", **shape(account)}]}, version=version)

    assert answer.status == 201, answer.body
    assert crm.names(f"/Accounts/{account}/Notes?fields=Note_Content", "Note_Content") == ["C"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"Note_Title": "T"}, "MANDATORY_NOT_FOUND"),
        ({"Note_Content": 5}, "INVALID_DATA"),
        ({"Note_Content": "x" * 32_001}, "INVALID_DATA"),
        ("x", "INVALID_DATA"),
    ],
)
def test_a_note_has_a_content(crm: Crm, account: str, given: Any, code: str):
    assert crm.post(f"/Accounts/{account}/Notes", {"data": [given]}).code == code


@pytest.mark.parametrize(
    "parent", [None, "5", {"id": "5"}, {"id": "x"}, {"id": "ACCOUNT", "module": {"api_name": "Contacts"}}]
)
def test_a_note_stands_beside_a_record(crm: Crm, account: str, parent: Any):
    if isinstance(parent, dict) and parent["id"] == "ACCOUNT":
        parent = {**parent, "id": account}

    answer = crm.post("/Notes", {"data": [{"Note_Content": "C", "Parent_Id": parent}]})

    assert answer.status == 400
    assert crm.get("/Notes?fields=id").status == 204


def test_notes_stand_beside_no_notes(crm: Crm, account: str):
    note = add(crm, "Accounts", account)

    assert crm.post(f"/Notes/{note}/Notes", {"data": [{"Note_Content": "x"}]}).code == "INVALID_MODULE"
    assert crm.post("/Notes", {"data": [{"Note_Content": "x", "Parent_Id": note}]}).code == "INVALID_DATA"


def test_an_unknown_record_has_no_notes(crm: Crm):
    for method in ("GET", "POST", "PUT", "DELETE"):
        body = {"data": [{"id": "5", "Note_Content": "x"}]} if method in ("POST", "PUT") else None
        answer = crm.call(method, "/Accounts/5/Notes?fields=id&ids=5", body)
        assert (answer.status, answer.details) == (400, {"resource_path_index": 1})


def test_notes_are_changed_and_deleted(crm: Crm, account: str):
    one, two = add(crm, "Accounts", account, "1"), add(crm, "Accounts", account, "2")

    crm.put(f"/Accounts/{account}/Notes/{one}", {"data": [{"Note_Content": "one"}]})
    crm.put("/Notes", {"data": [{"id": two, "Note_Content": "two"}]})
    names = crm.names(f"/Accounts/{account}/Notes?fields=Note_Content", "Note_Content")
    gone = crm.delete(f"/Accounts/{account}/Notes?ids={one},5")

    assert names == ["two", "one"]
    assert (gone.status, [o["message"] for o in gone.outcomes]) == (207, ["record deleted", "record not deleted"])
    assert crm.delete(f"/Accounts/{account}/Notes/{two}").status == 200
    assert crm.get(f"/Accounts/{account}/Notes?fields=id").status == 204
    assert crm.delete(f"/Accounts/{account}/Notes").code == "REQUIRED_PARAM_MISSING"


def test_a_note_is_reached_through_its_own_record_only(crm: Crm, account: str):
    other = crm.add("Accounts", Account_Name="Beta")
    note = add(crm, "Accounts", account)

    assert crm.put(f"/Accounts/{other}/Notes/{note}", {"data": [{"Note_Content": "x"}]}).code == "INVALID_DATA"
    assert crm.delete(f"/Accounts/{other}/Notes/{note}").code == "INVALID_DATA"
    assert crm.get(f"/Accounts/{other}/Notes/{note}").code == "INVALID_DATA"
    assert crm.get(f"/Accounts/{account}/Notes/{note}").status == 200


def test_a_note_stays_with_its_record(crm: Crm, account: str):
    other = crm.add("Accounts", Account_Name="Beta")
    note = add(crm, "Accounts", account)

    crm.put(f"/Notes/{note}", {"data": [{"Note_Content": "x", "Parent_Id": {"id": other}}]})

    assert crm.record("Notes", note)["Parent_Id"]["id"] == account


def test_only_administrators_list_all_notes(crm: Crm, account: str):
    add(crm, "Accounts", account)

    assert len(crm.get("/Notes?fields=Note_Content").body["data"]) == 1
    assert crm.as_(SALES).get("/Notes?fields=Note_Content").status == 403
    assert crm.as_(SALES).get(f"/Accounts/{account}/Notes?fields=Note_Content").status == 200


def test_who_may_not_see_a_record_sees_no_note_of_it(crm: Crm):
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    note = add(crm, "Deals", deal, "secret word")
    attached = crm.upload(f"/Notes/{note}/Attachments", b"x").details["id"]
    support = crm.as_(SUPPORT)

    assert support.get(f"/Deals/{deal}/Notes?fields=id").status == 403
    assert support.get(f"/Notes/{note}").code == "INVALID_DATA"
    assert support.get("/Notes/search?word=secret").status == 204
    assert support.get("/Notes/actions/count").body == {"count": 0}
    assert support.put(f"/Notes/{note}", {"data": [{"Note_Content": "x"}]}).code == "INVALID_DATA"
    refused = support.post("/Notes", {"data": [{"Note_Content": "x", "Parent_Id": {"id": deal}}]})
    assert (refused.status, refused.code) == (403, "NO_PERMISSION")
    assert support.get(f"/Attachments/{attached}").code == "INVALID_DATA"
    assert crm.get("/Notes/search?word=secret").status == 200


def test_notes_of_a_deleted_record_are_gone(crm: Crm, account: str):
    note = add(crm, "Accounts", account)

    crm.delete(f"/Accounts/{account}")

    assert crm.get(f"/Notes/{note}").code == "INVALID_DATA"
    assert crm.get("/Notes?fields=id").status == 204


def test_notes_of_another_world_are_not_here(crm: Crm, new_world, account: str):
    note = add(crm, "Accounts", account)

    assert new_world().get(f"/Notes/{note}").code == "INVALID_DATA"


def test_notes_are_neither_merged_nor_changed_in_masses(crm: Crm, account: str):
    note = add(crm, "Accounts", account)

    for path in ("upsert", "actions/mass_update", "actions/mass_delete", f"{note}/actions/clone"):
        assert crm.post(f"/Notes/{path}", {"data": [{}], "ids": [note]}).code == "INVALID_MODULE"


def test_a_note_named_twice_in_one_call_is_changed_twice(crm: Crm, account: str):
    number = add(crm, "Accounts", account)

    sent = {"data": [{"id": number, "Note_Content": "first"}, {"id": number, "Note_Content": "second"}]}
    answer = crm.put(f"/Accounts/{account}/Notes", sent)

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "SUCCESS"]
    assert crm.record("Notes", number)["Note_Content"] == "second"
