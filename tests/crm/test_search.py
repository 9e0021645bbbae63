"""Searching by criteria, email, phone and word; counting (crm-api.md §4.7, §4.8)."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.crm.api import ADMIN, STANDARD, SUPPORT, Crm


def found(crm: Crm, module: str, criteria: str, field: str, **more: Any) -> list[str]:
    answer = crm.get(f"/{module}/search?criteria={quote(criteria)}&fields={field}", **more)
    assert answer.status in (200, 204), answer.body
    return sorted(str(record[field]) for record in answer.body["data"]) if answer.body else []


@pytest.fixture
def accounts(crm: Crm) -> Crm:
    crm.create(
        "Accounts",
        {"Account_Name": "ABC Inc", "Phone": "+1 (555) 010-0100", "Annual_Revenue": 100, "Industry": "Education"},
        {"Account_Name": "abc West", "Phone": "555-0101", "Annual_Revenue": 199.9, "Employees": 5},
        {"Account_Name": "Smith and Sons (UK), Ltd", "Annual_Revenue": 0.01, "Description": "Trade show lead"},
        {"Account_Name": "Ünïcorn", "Billing_City": "Zürich", "Industry": "Technology", "Employees": 50},
    )
    return crm


ABC = ["ABC Inc", "abc West"]
SMITH = ["Smith and Sons (UK), Ltd"]


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ("(Account_Name:equals:abc)", ABC),
        ("Account_Name:equals:abc", ABC),
        ("((Account_Name:equals:abc))", ABC),
        ("(Account_Name:starts_with:ABC)", ABC),
        ("(Account_Name:starts_with:Inc)", []),
        ("(Account_Name:in:ABC Inc,Ünïcorn)", ["ABC Inc", "Ünïcorn"]),
        ("(Account_Name:not_equal:ABC Inc)", [*SMITH, "abc West", "Ünïcorn"]),
        ("(Account_Name:equals:ÜNÏC)", ["Ünïcorn"]),
        ("(Billing_City:equals:zürich)", ["Ünïcorn"]),
        (r"(Account_Name:equals:Smith and Sons \(UK\)\, Ltd)", SMITH),
        (r"(Account_Name:in:Smith and Sons \(UK\)\, Ltd,x)", SMITH),
        ("(Account_Name:equals: and )", SMITH),
        ("((Account_Name:equals:abc)and(Employees:equals:5))", ["abc West"]),
        ("((Account_Name:equals:abc) and (Employees:equals:5))", ["abc West"]),
        ("(Account_Name:equals:abc)and(Employees:equals:5)", ["abc West"]),
        ("((Employees:equals:50)or(Account_Name:equals:inc))", ["ABC Inc", "Ünïcorn"]),
        ("((Employees:equals:50)or(Account_Name:equals:inc)and(Employees:equals:1))", ["Ünïcorn"]),
        ("((Employees:equals:1)and(Account_Name:equals:inc)or(Employees:equals:50))", ["Ünïcorn"]),
        ("(((Employees:equals:50)or(Account_Name:equals:inc))and(Employees:equals:1))", []),
        ("(Annual_Revenue:equals:199.9)", ["abc West"]),
        ("(Annual_Revenue:equals:199.901)", []),
        ("(Annual_Revenue:less_than:0.011)", SMITH),
        ("(Annual_Revenue:less_equal:0.01)", SMITH),
        ("(Annual_Revenue:greater_than:100)", ["abc West"]),
        ("(Annual_Revenue:greater_equal:100)", ABC),
        ("(Annual_Revenue:between:0,100)", ["ABC Inc", *SMITH]),
        ("(Annual_Revenue:not_equal:100)", [*SMITH, "abc West", "Ünïcorn"]),
        ("(Annual_Revenue:in:100,0.01)", ["ABC Inc", *SMITH]),
        ("(Industry:equals:Education)", ["ABC Inc"]),
        ("(Industry:equals:Educ)", []),
        ("(Industry:in:Education,Technology)", ["ABC Inc", "Ünïcorn"]),
        ("(Created_Time:greater_than:2000-01-01T00:00:00+00:00)", [*ABC[:1], *SMITH, "abc West", "Ünïcorn"]),
        ("(Created_Time:less_than:2000-01-01)", []),
        ("(Owner:equals:Asha Rao)", [*ABC[:1], *SMITH, "abc West", "Ünïcorn"]),
        ("(Owner:equals:nobody)", []),
    ],
)
def test_criteria_select_what_they_say(accounts: Crm, criteria: str, names: list[str]):
    assert found(accounts, "Accounts", criteria, "Account_Name") == sorted(names)


def test_lookups_are_searched_by_id_and_by_the_name_of_their_target(crm: Crm):
    acme, other = crm.add("Accounts", Account_Name="Acme"), crm.add("Accounts", Account_Name="Acme West")
    crm.add("Contacts", Last_Name="Doe", Account_Name={"id": acme})
    crm.add("Contacts", Last_Name="Roe", Account_Name={"id": other})
    crm.add("Contacts", Last_Name="Poe")

    assert found(crm, "Contacts", f"(Account_Name:equals:{acme})", "Last_Name") == ["Doe"]
    assert found(crm, "Contacts", f"(Account_Name.id:equals:{acme})", "Last_Name") == ["Doe"]
    assert found(crm, "Contacts", f"(Account_Name:in:{acme},{other})", "Last_Name") == ["Doe", "Roe"]
    assert found(crm, "Contacts", "(Account_Name.name:equals:ACME)", "Last_Name") == ["Doe"]
    assert found(crm, "Contacts", f"(Account_Name:not_equal:{acme})", "Last_Name") == ["Poe", "Roe"]


@pytest.mark.parametrize(
    "criteria",
    [
        "(",
        ")",
        "()",
        "(())",
        "((Account_Name:equals:a)",
        "(Account_Name:equals:a))",
        "(Account_Name:equals:a)and",
        "and(Account_Name:equals:a)",
        "(Account_Name:equals:a)(Phone:equals:b)",
        "(Account_Name:equals:a)xor(Phone:equals:b)",
        "(Account_Name:equals)",
        "(Account_Name)",
        "(Account_Name:equals:a(b)",
        "(Nope:equals:a)",
        "(Account_Name:like:a)",
        "(Account_Name:greater_than:a)",
        "(Employees:equals:many)",
        "(Employees:between:1)",
        "(Employees:starts_with:1)",
        "(Created_Time:equals:yesterday)",
        "(Account_Name.name:equals:a)",
        "(Tag:equals:a)",
        "(Annual_Revenue:equals:NaN)",
        "(Annual_Revenue:equals:1e999)",
        "(" * 2000,
        " and ".join(["(Account_Name:equals:a)"] * 16),
        "(Account_Name:in:" + ",".join("a" * 101) + ")",
    ],
)
def test_criteria_that_are_not_well_formed_are_refused(still: Crm, criteria: str):
    answer = still.get(f"/Accounts/search?criteria={quote(criteria)}")

    assert (answer.status, answer.code) == (400, "INVALID_QUERY")
    assert answer.details["reason"]


def test_the_refusal_names_field_and_operator(crm: Crm):
    answer = crm.get("/Accounts/search?criteria=(Industry:starts_with:E)")

    assert answer.details == {
        "api_name": "Industry",
        "operator": "starts_with",
        "reason": "the operator is not supported by the field",
    }


def test_the_old_versions_know_two_operators(crm: Crm):
    assert crm.get("/Accounts/search?criteria=(Employees:equals:1)", version="v2.1").status == 204
    assert crm.get("/Accounts/search?criteria=(Employees:less_than:1)", version="v2.1").code == "INVALID_QUERY"


def test_ten_criteria_are_allowed_and_fifteen_from_v8_on(crm: Crm):
    eleven = quote(" and ".join(["(Account_Name:equals:a)"] * 11))

    assert crm.get(f"/Accounts/search?criteria={eleven}", version="v7").code == "INVALID_QUERY"
    assert crm.get(f"/Accounts/search?criteria={eleven}").status == 204


def test_an_email_is_found_in_any_email_field_and_only_whole(crm: Crm):
    crm.add("Contacts", Last_Name="Doe", Email="jo@x.example")
    crm.add("Contacts", Last_Name="Roe", Secondary_Email="JO@x.example")

    assert sorted(crm.names("/Contacts/search?email=Jo@X.example", "Last_Name")) == ["Doe", "Roe"]
    assert crm.names("/Contacts/search?email=jo@x", "Last_Name") == []


@pytest.mark.parametrize(
    ("phone", "names"),
    [
        ("15550100100", ["ABC Inc"]),
        ("555 010 0100", ["ABC Inc"]),
        ("(555)010-0100", ["ABC Inc"]),
        ("5550101", ["abc West"]),
        ("5550199", []),
    ],
)
def test_a_phone_number_is_found_however_it_is_punctuated(accounts: Crm, phone: str, names: list[str]):
    assert accounts.names(f"/Accounts/search?phone={quote(phone)}", "Account_Name") == names


@pytest.mark.parametrize(
    ("word", "names"),
    [("trade", SMITH), ("ZÜRICH", ["Ünïcorn"]), ("abc", ["abc West", "ABC Inc"]), ("Account_Name", []), ('"', None)],
)
def test_a_word_is_looked_for_in_all_text_fields(accounts: Crm, word: str, names: list[str] | None):
    answer = accounts.get(f"/Accounts/search?word={quote(word)}")

    if names is None:
        assert (answer.status, answer.code, answer.details) == (400, "INVALID_DATA", {"param_name": "word"})
    else:
        assert [record["Account_Name"] for record in (answer.body or {"data": []})["data"]] == names


def test_the_first_way_of_searching_that_is_given_counts(accounts: Crm):
    assert accounts.names("/Accounts/search?criteria=(Account_Name:equals:abc)&word=trade", "Account_Name") == ABC[::-1]


def test_a_search_must_say_what_for(crm: Crm):
    answer = crm.get("/Accounts/search?fields=id")

    assert (answer.status, answer.code) == (400, "EXPECTED_PARAM_MISSING")
    assert answer.details == {"param_names": ["criteria", "email", "phone", "word"]}


def test_a_search_has_pages_and_no_tokens(accounts: Crm):
    answer = accounts.get("/Accounts/search?criteria=(Account_Name:equals:abc)&per_page=1")

    assert answer.body["info"] == {
        "per_page": 1,
        "count": 1,
        "sort_by": "id",
        "page": 1,
        "sort_order": "desc",
        "more_records": True,
    }


def test_a_search_reaches_two_thousand_records(crm: Crm):
    assert crm.get("/Accounts/search?word=ab&page=11").code == "LIMIT_REACHED"


def test_deleted_records_are_not_found(accounts: Crm):
    (record,) = accounts.get("/Accounts/search?criteria=(Account_Name:equals:inc)").body["data"]

    accounts.delete(f"/Accounts/{record['id']}")

    assert accounts.get("/Accounts/search?criteria=(Account_Name:equals:inc)").status == 204


def test_records_are_counted_by_view_or_search(accounts: Crm):
    view = accounts.view("Accounts", "My Accounts")

    assert accounts.get("/Accounts/actions/count").body == {"count": 4}
    assert accounts.get("/Accounts/actions/count?criteria=(Account_Name:equals:abc)").body == {"count": 2}
    assert accounts.get(f"/Accounts/actions/count?cvid={view}").body == {"count": 4}
    assert accounts.as_(STANDARD).get(f"/Accounts/actions/count?cvid={view}").body == {"count": 0}
    answer = accounts.get(f"/Accounts/actions/count?cvid={view}&word=abc")
    assert answer.code == "AMBIGUITY_DURING_PROCESSING"


def test_ids_of_nineteen_digits_are_compared_as_numbers(accounts: Crm):
    ids = [record["id"] for record in accounts.get("/Accounts?fields=id&sort_order=asc").body["data"]]

    assert found(accounts, "Accounts", f"(id:equals:{ids[0]})", "Account_Name") == ["ABC Inc"]
    assert found(accounts, "Accounts", f"(id:in:{ids[0]},{ids[1]})", "Account_Name") == ABC
    assert found(accounts, "Accounts", f"(id:greater_than:{ids[2]})", "Account_Name") == ["Ünïcorn"]


def test_a_plus_sign_stands_for_a_space(accounts: Crm):
    criteria = "((Account_Name:equals:smith+and)+and+(Annual_Revenue:less_than:1))"

    assert accounts.names(f"/Accounts/search?criteria={criteria}", "Account_Name") == SMITH


def test_a_bare_condition_may_hold_escaped_brackets(accounts: Crm):
    assert found(accounts, "Accounts", r"Account_Name:equals:\(UK\)\, Ltd", "Account_Name") == SMITH


def test_a_search_within_a_view_finds_what_is_in_both(accounts: Crm):
    mine = accounts.view("Accounts", "My Accounts")
    accounts.as_(STANDARD).add("Accounts", Account_Name="ABC of Ben")

    assert len(found(accounts, "Accounts", "(Account_Name:equals:abc)", "Account_Name")) == 3
    both = accounts.get(f"/Accounts/search?criteria=(Account_Name:equals:abc)&cvid={mine}&fields=Account_Name").body
    assert sorted(record["Account_Name"] for record in both["data"]) == ABC


def test_a_search_finds_converted_leads_when_asked(crm: Crm):
    lead = crm.add("Leads", Last_Name="Old", Company="Acme")
    crm.add("Leads", Last_Name="Older")
    assert crm.post(f"/Leads/{lead}/actions/convert", {"data": [{}]}).status == 200
    path = "/Leads/search?criteria=(Last_Name:equals:old)"

    assert crm.names(path, "Last_Name") == ["Older"]
    assert crm.names(f"{path}&converted=true", "Last_Name") == ["Old"]
    assert sorted(crm.names(f"{path}&converted=both", "Last_Name")) == ["Old", "Older"]


def test_fields_of_later_versions_cannot_be_searched(crm: Crm):
    assert crm.get("/Leads/search?criteria=(Converted__s:equals:false)", version="v4").status == 204
    assert crm.get("/Leads/search?criteria=(Converted__s:equals:false)", version="v3").code == "INVALID_QUERY"


def test_a_search_needs_its_scope_the_modules_and_the_permission(crm: Crm):
    path = "/Accounts/search?word=ab"

    assert crm.with_scopes("ZohoCRM.modules.ALL").get(path).code == "OAUTH_SCOPE_MISMATCH"
    assert crm.with_scopes("ZohoSearch.securesearch.READ").get(path).code == "OAUTH_SCOPE_MISMATCH"
    assert crm.with_scopes("ZohoCRM.modules.accounts.READ", "ZohoSearch.securesearch.READ").get(path).status == 204
    assert crm.as_(SUPPORT).get("/Deals/search?word=ab").code == "NO_PERMISSION"


def test_nothing_of_another_world_is_found(accounts: Crm, still: Crm):
    assert still.get("/Accounts/search?word=ABC%20Inc").status == 204


@pytest.mark.parametrize(
    ("query", "emails"),
    [
        ("criteria=(last_name:equals:rao)", [ADMIN]),
        ("criteria=((first_name:starts_with:a)or(first_name:equals:emma))", [ADMIN, SUPPORT]),
        (f"email={ADMIN}", [ADMIN]),
        ("email=asha", []),
        ("word=carter", [STANDARD]),
        ("word=carter&type=AdminUsers", []),
    ],
)
def test_users_are_searched_too(still: Crm, query: str, emails: list[str]):
    for module in ("users", "Users"):
        answer = still.get(f"/{module}/search?{query}")

        assert [user["email"] for user in (answer.body or {"users": []})["users"]] == emails


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "EXPECTED_PARAM_MISSING"),
        ("word=a", "INVALID_DATA"),
        ("phone=555", "INVALID_DATA"),
        ("word=asha&type=Nobody", "INVALID_DATA"),
        ("criteria=(nope:equals:a)", "INVALID_QUERY"),
        ("word=asha&page=11", "LIMIT_REACHED"),
    ],
)
def test_users_are_searched_by_what_is_known_of_them_only(still: Crm, query: str, code: str):
    assert still.get(f"/users/search?{query}").code == code
