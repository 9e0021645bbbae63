"""Related lists: reading, linking, unlinking; contact roles of potentials."""

from typing import Any

import pytest

from tests.crm.api import SUPPORT, Crm


@pytest.fixture
def deal(crm: Crm) -> str:
    return crm.add("Deals", Deal_Name="Big", Stage="Qualification")


@pytest.fixture
def products(crm: Crm) -> list[str]:
    return [crm.add("Products", Product_Name=name) for name in ("Chair", "Desk", "Lamp")]


def test_products_are_linked_to_a_potential_and_unlinked(crm: Crm, deal: str, products: list[str]):
    linked = crm.put(f"/Deals/{deal}/Products", {"data": [{"id": number} for number in products]})
    names = crm.names(f"/Deals/{deal}/Products?fields=Product_Name", "Product_Name")
    one = crm.delete(f"/Deals/{deal}/Products/{products[0]}")
    many = crm.delete(f"/Deals/{deal}/Products?ids={products[1]},{products[0]}")

    assert [outcome["message"] for outcome in linked.outcomes] == ["relation added"] * 3
    assert names == ["Lamp", "Desk", "Chair"]
    assert one.outcome["message"] == "relation removed"
    assert [(o["code"], o["message"]) for o in many.outcomes] == [
        ("SUCCESS", "relation removed"),
        ("INVALID_DATA", "relation not found"),
    ]
    assert crm.names(f"/Deals/{deal}/Products?fields=Product_Name", "Product_Name") == ["Lamp"]


def test_a_link_is_seen_from_both_ends(crm: Crm, products: list[str]):
    contact = crm.add("Contacts", Last_Name="Doe")

    crm.put(f"/Products/{products[0]}/Contacts/{contact}", {"data": [{}]})

    assert crm.names(f"/Contacts/{contact}/Products?fields=Product_Name", "Product_Name") == ["Chair"]
    assert crm.names(f"/Products/{products[0]}/Contacts?fields=Last_Name", "Last_Name") == ["Doe"]
    crm.delete(f"/Contacts/{contact}/Products/{products[0]}")
    assert crm.get(f"/Products/{products[0]}/Contacts?fields=Last_Name").status == 204


def test_linking_twice_is_linking_once(crm: Crm, deal: str, products: list[str]):
    for _ in range(2):
        assert crm.put(f"/Deals/{deal}/Products/{products[0]}", {"data": [{}]}).status == 200

    assert crm.names(f"/Deals/{deal}/Products?fields=Product_Name", "Product_Name") == ["Chair"]


def test_a_record_named_twice_in_one_call_is_linked_once(crm: Crm):
    account, contact = crm.add("Accounts", Account_Name="Acme"), crm.add("Contacts", Last_Name="Doe")

    answer = crm.put(f"/Accounts/{account}/Contacts", {"data": [{"id": contact}, {"id": contact}, {"id": "1"}]})

    assert answer.status == 207
    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "SUCCESS", "INVALID_DATA"]
    assert crm.record("Contacts", contact)["Account_Name"]["id"] == account


def test_a_list_by_lookup_is_linked_by_that_lookup(crm: Crm):
    account, contact = crm.add("Accounts", Account_Name="Acme"), crm.add("Contacts", Last_Name="Doe")

    added = crm.put(f"/Accounts/{account}/Contacts", {"data": [{"id": contact}]})
    named = crm.record("Contacts", contact)["Account_Name"]
    removed = crm.delete(f"/Accounts/{account}/Contacts/{contact}")

    assert (added.outcome["message"], named["id"]) == ("relation added", account)
    assert removed.outcome["message"] == "relation removed"
    assert crm.record("Contacts", contact)["Account_Name"] is None


def test_related_lists_page_sort_and_pick_like_lists(crm: Crm, deal: str, products: list[str]):
    crm.put(f"/Deals/{deal}/Products", {"data": [{"id": number} for number in products]})
    path = f"/Deals/{deal}/Products"

    first = crm.get(f"{path}?fields=Product_Name&per_page=2&sort_by=id&sort_order=asc").body
    token = first["info"]["next_page_token"]
    second = crm.get(f"{path}?fields=id&per_page=2&sort_by=id&sort_order=asc&page_token={token}").body

    assert [one["id"] for one in first["data"]] == products[:2]
    assert [one["id"] for one in second["data"]] == products[2:]
    assert [one["id"] for one in crm.get(f"{path}?ids={products[1]}").body["data"]] == [products[1]]
    assert crm.get(path).body["details"] == {"param_name": "fields"}
    assert crm.get(path, version="v2").status == 200
    assert crm.get(f"{path}/{products[0]}").body["data"][0]["Product_Name"] == "Chair"


def test_a_single_related_record_must_be_related(crm: Crm, deal: str, products: list[str]):
    for related in (products[0], "5", "x"):
        answer = crm.get(f"/Deals/{deal}/Products/{related}")
        assert (answer.code, answer.details) == ("INVALID_DATA", {"resource_path_index": 3})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_relation_or_record_is_told(crm: Crm, deal: str, method: str):
    body = {"data": [{"id": "5"}]} if method == "PUT" else None
    more = "?ids=5" if method == "DELETE" else "?fields=id"

    relation = crm.call(method, f"/Deals/{deal}/Nope{more}", body)
    record = crm.call(method, f"/Deals/5/Products{more}", body)

    assert (relation.code, relation.details) == ("INVALID_DATA", {"resource_path_index": 2})
    assert (record.code, record.details) == ("INVALID_DATA", {"resource_path_index": 1})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"data": "x"}, "INVALID_DATA"),
        ({"data": [{}]}, "MANDATORY_NOT_FOUND"),
        ({"data": ["x"]}, "MANDATORY_NOT_FOUND"),
        ({"data": [{"id": "x"}]}, "INVALID_DATA"),
        ({"data": [{"id": "5"}]}, "INVALID_DATA"),
    ],
)
def test_what_to_link_must_be_records(crm: Crm, deal: str, body: Any, code: str):
    answer = crm.put(f"/Deals/{deal}/Products", body)

    assert (answer.status, answer.code) == (400, code)


def test_ids_to_unlink_must_be_given(crm: Crm, deal: str):
    assert crm.delete(f"/Deals/{deal}/Products").code == "MANDATORY_NOT_FOUND"
    assert crm.delete(f"/Deals/{deal}/Products?ids=x").code == "UNABLE_TO_PARSE_DATA_TYPE"


def test_lines_of_documents_cannot_be_linked_from_outside(crm: Crm, products: list[str]):
    items = [{"Product_Name": {"id": products[0]}, "Quantity": 1, "List_Price": 1}]
    quote = crm.add("Quotes", Subject="Desks", Quoted_Items=items)

    assert crm.names(f"/Products/{products[0]}/Quotes?fields=Subject", "Subject") == ["Desks"]
    assert crm.put(f"/Products/{products[1]}/Quotes", {"data": [{"id": quote}]}).code == "NOT_SUPPORTED"
    assert crm.delete(f"/Products/{products[0]}/Quotes/{quote}").code == "NOT_SUPPORTED"


def test_both_modules_must_be_allowed(crm: Crm, deal: str, products: list[str]):
    support = crm.as_(SUPPORT)

    assert support.put(f"/Deals/{deal}/Products/{products[0]}", {"data": [{}]}).status == 403
    assert support.put(f"/Products/{products[0]}/Deals/{deal}", {"data": [{}]}).status == 403
    account = crm.add("Accounts", Account_Name="Acme")
    assert support.get(f"/Accounts/{account}/Deals/{deal}").status == 403


def test_the_records_of_related_lists_are_counted(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    for name, stage in (("A", "Qualification"), ("B", "Closed Won")):
        crm.add("Deals", Deal_Name=name, Stage=stage, Account_Name={"id": account})
    filters = {"comparator": "equal", "field": {"api_name": "Stage"}, "value": "Closed Won"}
    asked = [
        {"related_list": {"api_name": "Deals", "id": "5"}},
        {"related_list": {"api_name": "Deals", "id": "5"}, "params": {"filters": filters}},
        {"related_list": {"api_name": "Contacts", "id": "6"}},
    ]

    answer = crm.post(f"/Accounts/{account}/actions/get_related_records_count", {"get_related_records_count": asked})

    assert answer.body["get_related_records_count"] == [
        {"count": 2, "related_list": {"api_name": "Deals", "id": "5"}},
        {"count": 1, "related_list": {"api_name": "Deals", "id": "5"}},
        {"count": 0, "related_list": {"api_name": "Contacts", "id": "6"}},
    ]
    for wrong in ([], [5], [{"related_list": {"api_name": "Nope"}}]):
        body = {"get_related_records_count": wrong}
        assert crm.post(f"/Accounts/{account}/actions/get_related_records_count", body).status == 400


def test_the_vendors_contact_roles_are_there(still: Crm):
    roles = still.get("/Contacts/roles").body["contact_roles"]

    assert len(roles) == 7
    assert [role["sequence_number"] for role in roles] == list(range(1, 8))
    assert still.get(f"/Contacts/roles/{roles[0]['id']}").body["contact_roles"] == [roles[0]]
    assert still.get("/Contacts/roles/5").status == 204


def test_a_contact_has_a_role_in_a_potential(crm: Crm, deal: str):
    role, other = crm.get("/Contacts/roles").body["contact_roles"][:2]
    contact = crm.add("Contacts", Last_Name="Doe")
    path = f"/Deals/{deal}/Contact_Roles"

    added = crm.put(f"{path}/{contact}", {"data": [{"Contact_Role": {"id": role["id"]}}]})
    (shown,) = crm.get(f"{path}?fields=Last_Name").body["data"]
    changed = crm.put(path, {"data": [{"id": contact, "Contact_Role": {"name": other["name"]}}]})

    assert (added.outcome["message"], changed.outcome["message"]) == ("relation added", "relation updated")
    assert (shown["Last_Name"], shown["Contact_Role"]) == ("Doe", {"name": role["name"], "id": role["id"]})
    assert crm.get(f"{path}/{contact}").body["data"][0]["Contact_Role"]["id"] == other["id"]
    assert crm.names(f"/Contacts/{contact}/Deals?fields=Deal_Name", "Deal_Name") == ["Big"]
    assert crm.delete(f"{path}/{contact}").outcome["message"] == "relation removed"
    assert crm.get(f"{path}?fields=id").status == 204


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "MANDATORY_NOT_FOUND"),
        ({"Contact_Role": {}}, "INVALID_DATA"),
        ({"Contact_Role": {"id": "5"}}, "INVALID_DATA"),
        ({"Contact_Role": {"name": "King"}}, "INVALID_DATA"),
        ({"Contact_Role": 5}, "INVALID_DATA"),
    ],
)
def test_a_role_must_be_one(crm: Crm, deal: str, given: Any, code: str):
    contact = crm.add("Contacts", Last_Name="Doe")

    assert crm.put(f"/Deals/{deal}/Contact_Roles/{contact}", {"data": [given]}).code == code


def test_roles_are_made_changed_and_deleted(crm: Crm):
    made = crm.post(
        "/Contacts/roles", {"contact_roles": [{"name": "Sponsor", "sequence_number": 3}, {"name": "sponsor"}]}
    )
    number = made.outcomes[0]["details"]["id"]
    changed = crm.put(f"/Contacts/roles/{number}", {"contact_roles": [{"name": "Patron"}]})
    wrong = crm.put("/Contacts/roles", {"contact_roles": [{"name": "x"}, {"id": "5"}, {"id": number, "name": 5}]})
    gone = crm.delete(f"/Contacts/roles/{number}")

    assert (made.status, [o["code"] for o in made.outcomes]) == (207, ["SUCCESS", "DUPLICATE_DATA"])
    assert changed.outcome["message"] == "record updated"
    assert [o["code"] for o in wrong.outcomes] == ["MANDATORY_NOT_FOUND", "INVALID_DATA", "INVALID_DATA"]
    assert gone.outcome["message"] == "Contact role deleted successfully."
    assert crm.delete("/Contacts/roles").code == "REQUIRED_PARAM_MISSING"


def test_one_role_always_stays(crm: Crm):
    ids = [role["id"] for role in crm.get("/Contacts/roles").body["contact_roles"]]

    answer = crm.delete(f"/Contacts/roles?ids={','.join(ids)}")

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS"] * 6 + ["LOWER_LIMIT_REACHED"]
