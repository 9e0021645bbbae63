"""The composite API: several calls in one, with references between them (crm-api.md §7.3)."""

from typing import Any

import pytest

from tests.crm.api import SALES, SUPPORT, Answer, Crm
from tests.crm.test_notifications import owed, watch

PATH = "/__composite_requests"


def sub(method: str, uri: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"method": method, "uri": f"/crm/v8{uri}", **({"sub_request_id": name} if name else {}), **more}


def run(crm: Crm, *subs: Any, **flags: Any) -> Answer:
    return crm.post(PATH, {PATH[1:]: list(subs), **flags})


def create(module: str, name: str | None = None, **values: Any) -> dict[str, Any]:
    return sub("POST", f"/{module}", name, body={"data": [values]})


def codes(answer: Answer) -> list[str]:
    return [outcome["code"] for outcome in answer.outcomes]


def responses(answer: Answer) -> list[tuple[int, Any]]:
    found = [outcome["details"]["response"] for outcome in answer.outcomes]
    return [(response["status_code"], response["body"]) for response in found]


def names(crm: Crm, module: str = "Accounts", field: str = "Account_Name") -> list[str]:
    return sorted(crm.names(f"/{module}?fields={field}", field))


def test_sub_requests_are_carried_out_and_answered_each(crm: Crm):
    crm.add("Accounts", Account_Name="There")

    answer = run(
        crm,
        create("Accounts", Account_Name="Acme"),
        sub("GET", "/Accounts", params={"fields": "Account_Name", "sort_by": "id"}),
        sub("GET", "/Contacts?fields=id"),
        create("Accounts", Phone="1"),
    )

    assert (answer.status, codes(answer)) == (200, ["SUCCESS"] * 4)
    assert answer.outcomes[0]["message"] == "composite sub request executed successfully"
    (made, listed, none, refused) = responses(answer)
    assert (made[0], made[1]["data"][0]["code"]) == (201, "SUCCESS")
    assert [record["Account_Name"] for record in listed[1]["data"]] == ["Acme", "There"]
    assert none == (204, None)
    assert (refused[0], refused[1]["data"][0]["code"]) == (400, "MANDATORY_NOT_FOUND")
    assert names(crm) == ["Acme", "There"]


def test_an_answer_can_be_referred_to_in_body_address_and_parameters(crm: Crm):
    made = "@{1:$.data[0].details.id}"

    answer = run(
        crm,
        sub("GET", f"/Accounts/{made}", "read"),
        create("Contacts", "2", Last_Name="Doe", Account_Name={"id": made}),
        create("Accounts", "1", Account_Name="Acme"),
        sub("GET", "/Accounts", params={"ids": made, "fields": "id"}, headers={"X": made}),
        sub(
            "PUT",
            "/Contacts",
            body={"data": [{"id": "@{2:$['data'][0].details.id}", "Last_Name": "Of @{read:$.data[0].Account_Name}"}]},
        ),
    )

    assert (answer.status, [status for status, _ in responses(answer)]) == (200, [200, 201, 201, 200, 200])
    (contact,) = crm.get("/Contacts?fields=Last_Name,Account_Name").body["data"]
    assert (contact["Last_Name"], contact["Account_Name"]["name"]) == ("Of Acme", "Acme")


def test_a_reference_to_nothing_is_refused_and_the_others_are_carried_out(crm: Crm):
    answer = run(
        crm,
        create("Accounts", "1", Account_Name="Acme"),
        sub("GET", "/Accounts/@{1:$.data[5].details.id}"),
        sub("GET", "/Accounts/@{nobody:$.data}"),
        sub("GET", "/Accounts/@{1:$.data[x]}"),
    )

    assert (answer.status, codes(answer)) == (207, ["SUCCESS"] + ["INVALID_REFERENCE"] * 3)
    assert answer.outcomes[2]["details"]["reference"] == "@{nobody:$.data}"
    assert names(crm) == ["Acme"]


def test_nothing_carried_out_is_a_400(crm: Crm):
    answer = run(crm, sub("GET", "/Accounts/@{nobody:$.data}"))

    assert (answer.status, codes(answer)) == (400, ["INVALID_REFERENCE"])


def test_sub_requests_that_wait_for_each_other_are_a_loop(crm: Crm):
    answer = run(
        crm,
        create("Accounts", "0", Account_Name="Acme"),
        create("Accounts", "1", Account_Name="@{2:$.data}"),
        create("Accounts", "2", Account_Name="@{1:$.data}"),
    )

    assert (answer.status, answer.code) == (400, "LOOPING_FOUND")
    assert answer.details["dependent_data"] == [
        {"sub_request_id": "1", "referred_sub_request_ids": ["2"]},
        {"sub_request_id": "2", "referred_sub_request_ids": ["1"]},
    ]
    assert run(crm, create("Accounts", "1", Account_Name="@{1:$.data}")).code == "LOOPING_FOUND"
    assert crm.get("/Accounts?fields=id").status == 204


def test_with_rollback_all_is_undone_when_one_fails(crm: Crm):
    watch(crm, "Accounts.all")

    answer = run(
        crm,
        create("Accounts", Account_Name="First"),
        create("Accounts", Phone="no name"),
        create("Accounts", Account_Name="Last"),
        rollback_on_fail=True,
    )

    assert (answer.status, codes(answer)) == (400, ["ROLLBACK_PERFORMED", "SUCCESS", "PROCESSING_STOPPED"])
    assert answer.outcomes[0]["details"] == {"rollbacked_by_sub_request_index": 1}
    assert answer.outcomes[1]["details"]["response"]["status_code"] == 400
    assert crm.get("/Accounts?fields=id").status == 204
    assert owed(crm) == []


def test_with_rollback_a_part_that_fails_undoes_all_too(crm: Crm):
    both = sub("POST", "/Accounts", body={"data": [{"Account_Name": "A"}, {"Phone": "1"}]})

    answer = run(crm, create("Accounts", Account_Name="First"), both, rollback_on_fail=True)

    assert (answer.status, codes(answer)) == (400, ["ROLLBACK_PERFORMED", "SUCCESS"])
    assert crm.get("/Accounts?fields=id").status == 204


def test_with_rollback_all_is_done_when_none_fails(crm: Crm):
    answer = run(crm, create("Accounts", Account_Name="A"), create("Accounts", Account_Name="B"), rollback_on_fail=True)

    assert (answer.status, codes(answer)) == (200, ["SUCCESS"] * 2)
    assert names(crm) == ["A", "B"]


def test_a_sub_request_that_is_refused_leaves_nothing_behind(crm: Crm):
    watch(crm, "Accounts.all", "Contacts.all")
    named = {"Last_Name": "Doe", "Account_Name": {"name": "Made on the way"}, "Email": "none"}

    answer = run(crm, sub("POST", "/Contacts", body={"data": [named]}), create("Accounts", Account_Name="Acme"))

    assert answer.status == 200
    assert names(crm) == ["Acme"]
    assert [(body["module"], body["operation"]) for body in owed(crm)] == [("Accounts", "insert")]


def test_all_of_a_composite_request_is_told_in_one_call_for_each_module_and_operation(crm: Crm):
    watch(crm, "Accounts.all")

    run(
        crm,
        create("Accounts", "1", Account_Name="A"),
        create("Accounts", "2", Account_Name="B"),
        sub("PUT", "/Accounts/@{1:$.data[0].details.id}", body={"data": [{"Phone": "1"}]}),
    )

    assert [(body["operation"], len(body["ids"])) for body in owed(crm)] == [("insert", 2), ("update", 1)]


@pytest.mark.parametrize("flag", ["concurrent_execution", "parallel_execution"])
def test_both_flags_are_taken_and_neither_goes_with_rollback(crm: Crm, flag: str):
    assert run(crm, create("Accounts", Account_Name="A"), **{flag: True}).status == 200

    answer = run(crm, create("Accounts", Account_Name="B"), rollback_on_fail=True, **{flag: True})

    assert (answer.status, answer.code) == (400, "AMBIGUITY_DURING_PROCESSING")
    assert [place["api_name"] for place in answer.details["ambiguity_due_to"]] == ["rollback_on_fail", flag]


def test_a_sub_request_is_its_callers_own(crm: Crm, new_world: Any):
    account = crm.add("Accounts", Account_Name="Acme")
    support, stranger = crm.as_(SUPPORT), new_world()

    assert responses(run(support, sub("GET", "/Deals?fields=id")))[0][1]["code"] == "NO_PERMISSION"
    assert responses(run(stranger, sub("GET", f"/Accounts/{account}")))[0][0] == 400
    few = crm.with_scopes("ZohoCRM.composite_requests.CUSTOM", "ZohoCRM.modules.accounts.READ")
    mixed = run(few, sub("GET", "/Accounts?fields=id"), sub("GET", "/Deals?fields=id"))
    assert [status for status, _ in responses(mixed)] == [200, 401]
    assert crm.with_scopes("ZohoCRM.modules.ALL").post(PATH, {PATH[1:]: []}).code == "OAUTH_SCOPE_MISMATCH"
    made = run(crm.as_(SALES), create("Accounts", Account_Name="Mine"))
    assert responses(made)[0][1]["data"][0]["details"]["Created_By"]["id"] == crm.user(SALES)


def test_each_sub_request_has_the_version_of_its_address(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")
    subs = [{"method": "GET", "uri": f"/crm/{version}/Accounts"} for version in ("v2", "v8", "v9")]

    answer = run(crm, *subs)

    (old, new, none) = responses(answer)
    assert (old[0], old[1]["info"].keys()) == (200, {"per_page", "count", "page", "more_records"})
    assert (new[0], new[1]["code"]) == (400, "REQUIRED_PARAM_MISSING")
    assert (none[0], none[1]["code"]) == (404, "INVALID_URL_PATTERN")


@pytest.mark.parametrize(
    "given",
    [
        sub("POST", PATH, body={}),
        sub("DELETE", "/Accounts", params={"ids": "1"}),
        sub("POST", "/upload"),
        {"method": "POST", "uri": "/crm/bulk/v8/read", "body": {}},
        sub("GET", "/Accounts/1/Attachments"),
    ],
    ids=lambda value: value["uri"],
)
def test_what_cannot_be_a_part_is_not_supported(still: Crm, given: dict[str, Any]):
    answer = run(still, given)

    assert (answer.status, codes(answer)) == (400, ["NOT_SUPPORTED"])


@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        ({}, "MANDATORY_NOT_FOUND", PATH[1:]),
        ({PATH[1:]: []}, "MANDATORY_NOT_FOUND", PATH[1:]),
        ({PATH[1:]: 5}, "INVALID_DATA", PATH[1:]),
        ({PATH[1:]: [{}] * 6}, "INVALID_DATA", PATH[1:]),
        ({PATH[1:]: [5]}, "INVALID_DATA", None),
        ({PATH[1:]: [{"uri": "/crm/v8/org"}]}, "MANDATORY_NOT_FOUND", "method"),
        ({PATH[1:]: [{"method": "GET"}]}, "MANDATORY_NOT_FOUND", "uri"),
        ({PATH[1:]: [sub("HEAD", "/org")]}, "INVALID_DATA", "method"),
        ({PATH[1:]: [{"method": 5, "uri": "/crm/v8/org"}]}, "INVALID_DATA", "method"),
        ({PATH[1:]: [{"method": "GET", "uri": "/oauth/v2/auth"}]}, "INVALID_DATA", "uri"),
        ({PATH[1:]: [{"method": "GET", "uri": 5}]}, "INVALID_DATA", "uri"),
        ({PATH[1:]: [sub("GET", "/org", "a b")]}, "INVALID_DATA", "sub_request_id"),
        ({PATH[1:]: [sub("GET", "/org", "a"), sub("GET", "/org", "a")]}, "DUPLICATE_DATA", "sub_request_id"),
        ({PATH[1:]: [sub("GET", "/org", params=5)]}, "INVALID_DATA", "params"),
        ({PATH[1:]: [sub("GET", "/org", headers=[])]}, "INVALID_DATA", "headers"),
        ({PATH[1:]: [sub("GET", "/org", headers={"Authorization": "x"})]}, "INVALID_DATA", "headers"),
        ({PATH[1:]: [sub("POST", "/org", body=[])]}, "INVALID_DATA", "body"),
        ({PATH[1:]: [sub("GET", "/org")], "rollback_on_fail": "yes"}, "INVALID_DATA", "rollback_on_fail"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_makes_no_sense_is_refused_whole(still: Crm, body: dict[str, Any], code: str, name: str | None):
    answer = still.post(PATH, body)

    assert (answer.status, answer.code, answer.details.get("api_name")) == (400, code, name)
