"""Parameters that lists and writes of records have: what they select, and what they say of automations."""

import json
from typing import Any

import pytest

from tests.crm.api import Crm


@pytest.fixture
def leads(crm: Crm) -> dict[str, str]:
    """An open lead and a converted one."""
    made = {name: crm.add("Leads", Last_Name=name, Company="Acme") for name in ("Open", "Converted")}
    answer = crm.post(f"/Leads/{made['Converted']}/actions/convert", {"data": [{}]})
    assert answer.status == 200, answer.body
    return made


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("", ["Open"]),
        ("&converted=false", ["Open"]),
        ("&converted=true", ["Converted"]),
        ("&converted=both", ["Converted", "Open"]),
        ("&approved=true", ["Open"]),
        ("&approved=both", ["Open"]),
        ("&approved=false", []),
    ],
)
def test_leads_are_listed_as_asked(crm: Crm, leads: dict[str, str], params: str, expected: list[str]):
    assert sorted(crm.names(f"/Leads?fields=Last_Name{params}", "Last_Name")) == expected
    assert crm.get(f"/Leads/actions/count?{params}").body == {"count": len(expected)}
    found = crm.get(f"/Leads/search?word=Acme{params}")
    assert len(found.body["data"] if found.body else []) == len(expected)


def test_views_say_whether_converted_leads_are_in_them(crm: Crm, leads: dict[str, str]):
    for view, expected in (("All Leads", ["Open"]), ("Converted Leads", ["Converted"])):
        path = f"/Leads?fields=Last_Name&cvid={crm.view('Leads', view)}"
        assert crm.names(path, "Last_Name") == expected


@pytest.mark.parametrize("param", ["converted=maybe", "approved=1", "territory_id=5"])
@pytest.mark.parametrize("path", ["/Leads?fields=id", "/Leads/actions/count?x=1", "/Leads/search?word=ab"])
def test_words_that_no_parameter_knows_are_refused(still: Crm, path: str, param: str):
    answer = still.get(f"{path}&{param}")

    assert (answer.status, answer.code, answer.body["details"]) == (
        400,
        "INVALID_DATA",
        {"param_name": param.partition("=")[0]},
    )


def test_a_page_token_is_bound_to_what_was_asked(crm: Crm):
    for number in range(3):
        crm.add("Leads", Last_Name=str(number), Company="Acme")
    token = crm.get("/Leads?fields=id&per_page=1").body["info"]["next_page_token"]

    assert crm.get(f"/Leads?fields=Last_Name,Company&per_page=1&page_token={token}").status == 200
    for more in ("converted=both", "approved=both", "sort_by=Created_Time", "per_page=2"):
        path = f"/Leads?fields=id&page_token={token}&" + (more if "per_page" in more else f"per_page=1&{more}")
        assert crm.get(path).code == "TOKEN_BOUND_DATA_MISMATCH"
    assert crm.get(f"/Contacts?fields=id&per_page=1&page_token={token}").code == "TOKEN_BOUND_DATA_MISMATCH"


def test_a_page_token_lives_a_day_of_the_worlds_time(crm: Crm):
    for number in range(2):
        crm.add("Accounts", Account_Name=str(number))
    token = crm.get("/Accounts?fields=id&per_page=1").body["info"]["next_page_token"]

    crm.advance(hours=23)
    early = Crm(crm.app, crm.world).get(f"/Accounts?fields=id&per_page=1&page_token={token}")
    crm.advance(hours=1, seconds=1)
    late = Crm(crm.app, crm.world).get(f"/Accounts?fields=id&per_page=1&page_token={token}")

    assert early.status == 200
    assert (late.code, late.details) == ("EXPIRED_VALUE", {"api_name": "page_token", "json_path": "$.query.page_token"})


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"trigger": "workflow"}, "$.trigger"),
        ({"trigger": ["workflow", "magic"]}, "$.trigger[1]"),
        ({"trigger": [5]}, "$.trigger[0]"),
        ({"apply_feature_execution": {}}, "$.apply_feature_execution"),
        ({"apply_feature_execution": [{"name": "magic"}]}, "$.apply_feature_execution[0].name"),
        ({"skip_feature_execution": ["cadences"]}, "$.skip_feature_execution[0].name"),
        ({"lar_id": "5725767000000123456"}, "$.lar_id"),
    ],
)
def test_what_a_write_says_of_automations_must_make_sense(crm: Crm, more: Any, place: str):
    account = crm.add("Accounts", Account_Name="Acme")
    body = {"data": [{"Account_Name": "Beta", "id": account}], **more}

    for method, path in (
        ("POST", "/Accounts"),
        ("PUT", "/Accounts"),
        ("PUT", f"/Accounts/{account}"),
        ("POST", "/Accounts/upsert"),
    ):
        answer = crm.call(method, path, body)
        assert (answer.status, answer.body["code"], answer.body["details"]["json_path"]) == (400, "INVALID_DATA", place)
    assert crm.record("Accounts", account)["Account_Name"] == "Acme"


def test_a_write_may_name_its_automations(crm: Crm):
    more = {
        "trigger": ["workflow", "approval", "blueprint", "pathfinder", "orchestration"],
        "apply_feature_execution": [{"name": "layout_rules"}],
        "skip_feature_execution": [{"name": "cadences"}],
    }

    assert crm.post("/Accounts", {"data": [{"Account_Name": "Acme"}], **more}).status == 201
    assert crm.post("/Accounts", {"data": [{"Account_Name": "Beta"}], "trigger": []}).status == 201


def test_a_deletion_may_say_whether_workflows_run(crm: Crm):
    one, two = (crm.add("Accounts", Account_Name=name) for name in "AB")

    assert crm.delete(f"/Accounts?ids={one}&wf_trigger=maybe").code == "INVALID_DATA"
    assert crm.delete(f"/Accounts/{one}?wf_trigger=false").status == 200
    assert crm.delete(f"/Accounts?ids={two}&wf_trigger=true").status == 200


def test_v8_counts_by_filters_in_the_body(crm: Crm):
    for name, phone in (("A", "1"), ("B", "1"), ("C", "2")):
        crm.add("Accounts", Account_Name=name, Phone=phone)
    filters = {"comparator": "equal", "field": {"api_name": "Phone"}, "value": "1"}

    assert crm.post("/Accounts/actions/count", {"filters": filters}).body == {"count": 2}
    assert crm.post("/Accounts/actions/count").body == {"count": 3}
    assert crm.post("/Accounts/actions/count?word=C").status == 400
    assert crm.post("/Accounts/actions/count", {"filters": "x"}).code == "INVALID_DATA"
    assert crm.post("/Accounts/actions/count", {"filters": filters}, version="v7").code == "API_NOT_SUPPORTED"


def test_a_count_is_by_view_or_by_search(crm: Crm):
    view = crm.view("Accounts", "All Accounts")

    answer = crm.get(f"/Accounts/actions/count?cvid={view}&word=ab")

    assert answer.code == "AMBIGUITY_DURING_PROCESSING"
    assert answer.body["details"] == {"ambiguity_due_to": [{"param_name": "cvid"}, {"param_name": "word"}]}
    assert json.dumps(answer.body["message"]).startswith('"Please use either Cvid or Search Params.')
