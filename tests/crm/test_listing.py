"""Lists of records: fields, pages by number and by token, ids, sorting, changes since (crm-api.md §4.1)."""

import base64
import json
from typing import Any

import pytest

from tests.crm.api import SALES, Crm


@pytest.fixture
def many(crm: Crm) -> list[str]:
    """Twenty-five accounts, the oldest first."""
    answer = crm.create("Accounts", *[{"Account_Name": f"A{n:02d}", "Phone": str(n % 3)} for n in range(25)])
    return [outcome["details"]["id"] for outcome in answer.outcomes]


def walk(crm: Crm, path: str, token: str | None = None, **more: Any) -> list[str]:
    """All ids of a list by its tokens."""
    found: list[str] = []
    for _ in range(100):
        answer = crm.get(path + (f"&page_token={token}" if token else ""), **more)
        found += [record["id"] for record in answer.body["data"]]
        token = answer.body["info"]["next_page_token"]
        if token is None:
            assert answer.body["info"]["more_records"] is False
            return found
    raise AssertionError("the list does not end")


def test_lists_must_say_their_fields_from_v3_on(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")

    answer = crm.get("/Accounts")

    assert (answer.status, answer.code) == (400, "REQUIRED_PARAM_MISSING")
    assert (answer.details, answer.body["message"]) == ({"param_name": "fields"}, "required param is missing")
    assert crm.get("/Accounts", version="v2.1").body["data"][0]["Account_Name"] == "Acme"


def test_only_the_fields_asked_for_come_and_the_id_always(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")

    (record,) = crm.get("/Accounts?fields=Account_Name,Nope,$approval_state").body["data"]

    assert record.keys() == {"id", "Account_Name", "$approval_state"}


def test_at_most_fifty_fields_can_be_asked_for(crm: Crm):
    answer = crm.get("/Accounts?fields=" + ",".join(f"F{n}" for n in range(51)))

    assert (answer.code, answer.details) == ("LIMIT_EXCEEDED", {"limit": 50, "param_name": "fields"})


def test_no_module_has_more_standard_fields_than_can_be_asked_for(crm: Crm):
    for module in ("Accounts", "Contacts", "Deals", "Products"):
        assert len(crm.get(f"/settings/fields?module={module}").body["fields"]) <= 50


def test_an_empty_fields_parameter_means_all(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")

    assert "Modified_Time" in crm.get("/Accounts?fields=").body["data"][0]


def test_no_records_are_no_content_without_a_content_type(crm: Crm):
    answer = crm.get("/Accounts?fields=id")

    assert (answer.status, answer.body) == (204, None)
    assert "Content-Type" not in answer.headers


def test_the_newest_come_first_unless_asked_otherwise(crm: Crm, many: list[str]):
    assert [r["id"] for r in crm.get("/Accounts?fields=id").body["data"]] == many[::-1]
    assert [r["id"] for r in crm.get("/Accounts?fields=id&sort_by=id&sort_order=asc").body["data"]] == many


def test_pages_by_number(crm: Crm, many: list[str]):
    pages = [crm.get(f"/Accounts?fields=id&per_page=10&page={page}") for page in (1, 2, 3, 4)]

    assert [page.status for page in pages] == [200, 200, 200, 204]
    assert [record["id"] for page in pages[:3] for record in page.body["data"]] == many[::-1]
    info = pages[1].body["info"]
    assert (info["page"], info["per_page"], info["count"], info["more_records"]) == (2, 10, 10, True)
    assert pages[2].body["info"]["more_records"] is False


def test_the_paging_object_is_short_in_the_old_versions(crm: Crm, many: list[str]):
    assert crm.get("/Accounts?per_page=10", version="v2").body["info"] == {
        "per_page": 10,
        "count": 10,
        "page": 1,
        "more_records": True,
    }


@pytest.mark.parametrize("sort", ["", "&sort_by=Modified_Time", "&sort_by=Created_Time&sort_order=asc"])
def test_a_walk_by_tokens_sees_each_record_once(crm: Crm, many: list[str], sort: str):
    assert sorted(walk(crm, f"/Accounts?fields=id&per_page=4{sort}")) == many


def test_a_walk_misses_nothing_when_records_come_and_go_meanwhile(crm: Crm, many: list[str]):
    first = crm.get("/Accounts?fields=id&per_page=10")
    crm.delete(f"/Accounts/{many[-1]}")
    crm.add("Accounts", Account_Name="New")

    rest = walk(crm, "/Accounts?fields=id&per_page=10", first.body["info"]["next_page_token"])

    assert [record["id"] for record in first.body["data"]] + rest == many[::-1]


def test_a_token_leads_back_to_the_page_before(crm: Crm, many: list[str]):
    first = crm.get("/Accounts?fields=id&per_page=10")
    second = crm.get(f"/Accounts?fields=id&per_page=10&page_token={first.body['info']['next_page_token']}")

    back = crm.get(f"/Accounts?fields=id&per_page=10&page_token={second.body['info']['previous_page_token']}")

    assert back.body["data"] == first.body["data"]
    assert back.body["info"]["page"] == 1


def test_a_token_is_bound_to_user_module_and_filters_but_not_to_the_fields(crm: Crm, many: list[str]):
    token = crm.get("/Accounts?fields=id&per_page=10").body["info"]["next_page_token"]

    other_fields = crm.get(f"/Accounts?fields=Phone&per_page=10&page_token={token}")
    refused = [
        crm.get(f"/Accounts?fields=id&per_page=5&page_token={token}"),
        crm.get(f"/Contacts?fields=id&per_page=10&page_token={token}"),
        crm.get(f"/Accounts?fields=id&per_page=10&sort_by=Created_Time&page_token={token}"),
        crm.get(f"/Accounts?fields=id&per_page=10&cvid={crm.view('Accounts', 'My Accounts')}&page_token={token}"),
        crm.as_(SALES).get(f"/Accounts?fields=id&per_page=10&page_token={token}"),
    ]

    assert other_fields.status == 200
    assert {answer.code for answer in refused} == {"TOKEN_BOUND_DATA_MISMATCH"}


@pytest.mark.parametrize("token", ["x", "%%%", "W10", "WzEsMiwzLDQsNSw2XQ", "bnVsbA", "é", "A" * 4000])
def test_a_spoilt_token_is_refused(crm: Crm, token: str):
    answer = crm.get(f"/Accounts?fields=id&page_token={token}")

    assert (answer.status, answer.code) == (400, "TOKEN_BOUND_DATA_MISMATCH")


@pytest.mark.parametrize("sorted_by", ["id", "Created_Time", "Employees", "Phone"])
def test_a_forged_token_with_a_value_of_the_wrong_kind_is_refused(crm: Crm, many: list[str], sorted_by: str):
    path = f"/Accounts?fields=id&per_page=10&cvid={_view_sorted_by(crm, sorted_by)}"
    token = crm.get(path).body["info"]["next_page_token"]
    wrong = [True, 2**63, 1.5, [], {}, "a\0b", 5 if sorted_by == "Phone" else "5"]

    answers = [crm.get(f"{path}&page_token={_forged(token, value)}") for value in wrong]

    assert {(answer.status, answer.code) for answer in answers} == {(400, "TOKEN_BOUND_DATA_MISMATCH")}


def _view_sorted_by(crm: Crm, field: str) -> str:
    view = {"name": "Mine", "access_type": "public", "fields": [{"api_name": "Account_Name"}]}
    sorting = {"sort_by": {"api_name": field}, "sort_order": "asc"}
    answer = crm.post("/settings/custom_views?module=Accounts", {"custom_views": [{**view, **sorting}]})
    assert answer.status == 201, answer.body
    return str(answer.details["id"])


def _forged(token: str, value: Any) -> str:
    """The token with another value to go on from."""
    parts = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return base64.urlsafe_b64encode(json.dumps([*parts[:2], value, *parts[3:]]).encode()).decode().rstrip("=")


def test_a_token_ends_after_a_day(crm: Crm, many: list[str]):
    token = crm.get("/Accounts?fields=id&per_page=10").body["info"]["next_page_token"]
    crm.advance(hours=25)

    answer = crm.as_("asha.rao@zylker.example").get(f"/Accounts?fields=id&per_page=10&page_token={token}")

    assert (answer.code, answer.details["api_name"]) == ("EXPIRED_VALUE", "page_token")


def test_pages_by_number_end_at_two_thousand_records(crm: Crm):
    assert crm.get("/Accounts?fields=id&page=10").status == 204
    answer = crm.get("/Accounts?fields=id&page=11")
    assert (answer.code, answer.details) == ("DISCRETE_PAGINATION_LIMIT_EXCEEDED", {"limit": 2000})
    assert crm.get("/Accounts?page=11", version="v2").status == 204


@pytest.mark.parametrize(
    ("query", "code", "details"),
    [
        ("page=0", "INVALID_DATA", {"param_name": "page"}),
        ("page=x", "INVALID_DATA", {"param_name": "page"}),
        ("per_page=-1", "INVALID_DATA", {"param_name": "per_page"}),
        ("sort_by=Phone", "INVALID_DATA", {"param_name": "sort_by"}),
        ("sort_by=id&sort_order=up", "INVALID_DATA", {"param_name": "sort_order"}),
        ("cvid=1", "INVALID_DATA", {"param_name": "cvid"}),
        ("cvid=x", "INVALID_DATA", {"param_name": "cvid"}),
        ("ids=x", "INVALID_DATA", {"param_name": "ids"}),
        ("ids=" + ",".join(map(str, range(1, 102))), "LIMIT_EXCEEDED", {"limit": 100, "param_name": "ids"}),
    ],
)
def test_parameters_out_of_range_are_refused(crm: Crm, query: str, code: str, details: dict[str, Any]):
    answer = crm.get(f"/Accounts?fields=id&{query}")

    assert (answer.status, answer.code, answer.details) == (400, code, details)


def test_parameters_that_exclude_each_other_are_refused(crm: Crm, many: list[str]):
    token = crm.get("/Accounts?fields=id&per_page=10").body["info"]["next_page_token"]
    view = crm.view("Accounts", "All Accounts")

    for query in (f"page=2&page_token={token}", f"cvid={view}&sort_by=id"):
        assert crm.get(f"/Accounts?fields=id&per_page=10&{query}").code == "AMBIGUITY_DURING_PROCESSING"


def test_records_can_be_asked_for_by_id_without_naming_fields(crm: Crm, many: list[str]):
    answer = crm.get(f"/Accounts?ids={many[3]},{many[1]},123,{many[3]}")

    assert [record["id"] for record in answer.body["data"]] == [many[3], many[1]]
    assert crm.get("/Accounts?ids=123").status == 204


def test_changes_since_a_moment_include_that_moment(crm: Crm):
    old = crm.add("Accounts", Account_Name="Old")
    crm.advance(minutes=30)
    new = crm.add("Accounts", Account_Name="New")
    moment = crm.record("Accounts", new)["Modified_Time"]

    fresh = crm.as_("asha.rao@zylker.example")
    assert [r["id"] for r in fresh.get("/Accounts?fields=id", If_Modified_Since=moment).body["data"]] == [new]
    crm.advance(seconds=5)
    fresh.put(f"/Accounts/{old}", {"data": [{"Phone": "1"}]})
    assert len(fresh.get("/Accounts?fields=id", If_Modified_Since=moment).body["data"]) == 2


def test_nothing_newer_is_not_modified(crm: Crm, many: list[str]):
    answer = crm.get("/Accounts?fields=id", If_Modified_Since="2099-01-01T00:00:00+05:30")

    assert (answer.status, answer.body) == (304, None)
    assert "Content-Type" not in answer.headers


def test_a_header_that_is_no_iso_time_is_refused(crm: Crm):
    answer = crm.get("/Accounts?fields=id", If_Modified_Since="Wed, 21 Oct 2015 07:28:00 GMT")

    assert (answer.status, answer.code) == (400, "INVALID_DATA")


def test_a_walk_through_many_changes_since_a_moment_is_complete(crm: Crm):
    for start in range(0, 600, 100):
        crm.create("Accounts", *[{"Account_Name": f"A{n}"} for n in range(start, start + 100)])

    found = walk(crm, "/Accounts?fields=id", If_Modified_Since="2001-01-01T00:00:00+00:00")

    assert len(set(found)) == len(found) == 600


def test_related_records_are_listed_from_either_side(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": account})
    deal = {"Deal_Name": "Big", "Stage": "Qualification", "Account_Name": account, "Contact_Name": contact}
    potential = crm.add("Deals", **deal)

    assert crm.names(f"/Accounts/{account}/Contacts?fields=Full_Name", "id") == [contact]
    assert crm.names(f"/Accounts/{account}/Deals?fields=Deal_Name", "id") == [potential]
    assert crm.names(f"/Contacts/{contact}/Potentials?fields=Deal_Name", "id") == [potential]
    assert crm.get(f"/Accounts/{account}/Contacts").code == "REQUIRED_PARAM_MISSING"


def test_related_records_follow_the_lookup(crm: Crm):
    one, two = crm.add("Accounts", Account_Name="One"), crm.add("Accounts", Account_Name="Two")
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": one})

    crm.put(f"/Contacts/{contact}", {"data": [{"Account_Name": {"id": two}}]})

    assert crm.names(f"/Accounts/{one}/Contacts?fields=id", "id") == []
    assert crm.names(f"/Accounts/{two}/Contacts?fields=id", "id") == [contact]


@pytest.mark.parametrize(
    ("path", "details"),
    [
        ("/Accounts/{}/Nope?fields=id", {"resource_path_index": 2}),
        ("/Accounts/1/Contacts?fields=id", {"resource_path_index": 1}),
    ],
)
def test_unknown_relations_and_parents_are_refused(crm: Crm, path: str, details: dict[str, Any]):
    answer = crm.get(path.format(crm.add("Accounts", Account_Name="Acme")))

    assert (answer.code, answer.details) == ("INVALID_DATA", details)
