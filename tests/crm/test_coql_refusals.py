"""COQL: what a query may ask, and what is refused (crm-api.md §4.11)."""

from typing import Any

import pytest

from tests.crm.api import SUPPORT, Crm
from tests.crm.coql_world import ask, known, names

__all__ = ["known"]  # a fixture


@pytest.mark.parametrize(
    ("meta", "details"),
    [
        ("fields", {"expected_data_type": "jsonarray", "json_path": "$.include_meta"}),
        (["nope"], {"supported_values": ["fields"], "json_path": "$.include_meta[0]"}),
        ([1], {"expected_data_type": "text", "supported_values": ["fields"], "json_path": "$.include_meta[0]"}),
    ],
)
def test_other_metadata_is_refused(known: Crm, meta: Any, details: dict[str, Any]):
    query = "select id from Contacts where id is not null"

    answer = known.post("/coql", {"select_query": query, "include_meta": meta})

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
    assert answer.details == {"api_name": "include_meta", **details}


# what is refused


@pytest.mark.parametrize(
    ("body", "code", "details"),
    [
        ({}, "MANDATORY_NOT_FOUND", {"api_name": "select_query"}),
        ({"select_query": 5}, "INVALID_DATA", None),
        (b"[]", "INVALID_DATA", {"expected_data_type": "jsonobject"}),
        (b"{", "INVALID_DATA", {"expected_data_type": "jsonobject"}),
    ],
)
def test_a_body_without_a_query_is_refused(known: Crm, body: Any, code: str, details: Any):
    answer = known.post("/coql", body)

    assert (answer.status, answer.code) == (400, code)
    assert details is None or answer.details == details


BROKEN = [
    ("", {}),
    ("update Leads set Last_Name = 'x' where id = 1", {}),
    ("select Last_Name from Contacts", {"clause": "where"}),
    ("select Last_Name from Contacts limit 5", {"clause": "where"}),
    ("select Last_Name", {"clause": "from"}),
    ("select Last_Name where id is not null", {"clause": "from"}),
    ("select from Contacts where id > 1", {"line": 1, "column": 8, "near": "from"}),
    ("select Last_Name, from Contacts where id > 1", {"line": 1, "column": 19, "near": "from"}),
    ("select id from Contacts\nwhere id =", {"line": 2, "column": 11, "near": ""}),
    ("select id from Contacts where id = )", {"line": 1, "column": 36, "near": ")"}),
    ("select id from Contacts where (id = 1", {"line": 1, "column": 38, "near": ""}),
    ("select id from Contacts where id = 1)", {"line": 1, "column": 37, "near": ")"}),
    ("select id from Contacts where ()", {"line": 1, "column": 32, "near": ")"}),
    ("select id from Contacts where id = 1 and", {"line": 1, "column": 41, "near": ""}),
    ("select id from Contacts where id = 1 and id = 2 or id = 3", {"line": 1, "column": 49, "near": "or"}),
    ("select id from Contacts where id = 1 xor id = 2", {"line": 1, "column": 38, "near": "xor"}),
    ("select id from Contacts where id = 1 id = 2", {"line": 1, "column": 38, "near": "id"}),
    ("select id from Contacts where id in ()", {"line": 1, "column": 38, "near": ")"}),
    ("select id from Contacts where id in (1", {"line": 1, "column": 39, "near": ""}),
    ("select id from Contacts where id between 1", {"line": 1, "column": 43, "near": ""}),
    ("select id from Contacts where Last_Name = 'x", {"line": 1, "column": 43, "near": "'x"}),
    ("select id from Contacts where id is 5", {"line": 1, "column": 37, "near": "5"}),
    ("select id from Contacts where id <> 5", {"operator": "<>"}),
    ("select id from Contacts where id not 5", {"operator": "not"}),
    ("select id from Contacts where id in (select id from Leads where id > 1)", {}),
    ("select id from Contacts where id > 1 order by id group by id", {"line": 1, "column": 50, "near": "group"}),
    ("select id from Contacts where id > 1 limit", {"line": 1, "column": 43, "near": ""}),
    ("select id from Contacts where id > 1; drop table record", {"line": 1, "column": 39, "near": "drop"}),
]


@pytest.mark.parametrize(("query", "details"), BROKEN, ids=[query for query, _ in BROKEN])
def test_what_is_no_query_is_a_syntax_error(known: Crm, query: str, details: dict[str, Any]):
    answer = ask(known, query)

    assert (answer.status, answer.code, answer.details) == (400, "SYNTAX_ERROR", details)


SENSELESS = [
    ("Testing from Contacts where id > 1", {"column_name": "Testing", "clause": "select"}),
    ("id from Contacts where Testing = 1", {"column_name": "Testing", "clause": "where"}),
    ("id from Contacts where id > 1 order by Testing", {"column_name": "Testing", "clause": "order by"}),
    ("id from Contacts where id > 1 group by Testing", {"column_name": "Testing", "clause": "group by"}),
    ("* from Contacts where id > 1", {"column_name": "*", "clause": "select"}),
    ("Last_Name.x from Contacts where id > 1", {"column_name": "Last_Name.x", "clause": "select"}),
    ("Account_Name.Nope from Contacts where id > 1", {"column_name": "Account_Name.Nope", "clause": "select"}),
    ("Owner.password from Contacts where id > 1", {"column_name": "Owner.password", "clause": "select"}),
    ("!Leads.Last_Name from Contacts where id > 1", {"column_name": "!Leads.Last_Name", "clause": "select"}),
    ("id from Contacts where Tag = 'x'", {"column_name": "Tag", "clause": "where"}),
    ("Quoted_Items from Quotes where id > 1", {"column_name": "Quoted_Items", "clause": "select"}),
    ("id from Contacts where Last_Name > 'x'", {"column_name": "Last_Name", "operator": ">"}),
    ("id from Contacts where id like '1%'", {"column_name": "id", "operator": "like"}),
    ("id from Contacts where Email_Opt_Out != true", {"column_name": "Email_Opt_Out", "operator": "!="}),
    ("id from Contacts where Owner like '%a%'", {"column_name": "Owner", "operator": "like"}),
    ("id from Contacts where Owner.last_name > 'a'", {"column_name": "Owner.last_name", "operator": ">"}),
    ("id from Contacts where id = 'x'", {"column_name": "id", "operator": "=", "value": "x", "clause": "where"}),
    ("id from Contacts where Last_Name like 'a%b'", {"column_name": "Last_Name", "operator": "like"}),
    ("id from Contacts where Last_Name not like 'a%'", {"column_name": "Last_Name", "operator": "not like"}),
    ("id from Contacts where Created_Time > 'today'", {"column_name": "Created_Time", "operator": ">"}),
    ("id from Contacts where Email_Opt_Out = 'maybe'", {"column_name": "Email_Opt_Out", "operator": "="}),
    ("SUM(Last_Name) from Contacts where id > 1", {"column_name": "SUM(Last_Name)", "clause": "select"}),
    ("COUNT(id), Last_Name from Contacts where id > 1", {"column_name": "Last_Name", "clause": "group by"}),
    ("COUNT(id) from Contacts where id > 1 order by id", {"column_name": "id", "clause": "order by"}),
    ("id from Contacts where id > 1 order by COUNT(id)", {"column_name": "COUNT(id)", "clause": "order by"}),
    ("id from Contacts where id > 1 group by Owner.email", {"column_name": "id"}),
    ("COUNT(id) from Contacts where id > 1 group by Owner.email", {"column_name": "Owner.email"}),
    ("First_Name, Last_Name as First_Name from Contacts where id > 1", {"column_name": "Last_Name"}),
    ("id from Contacts where id > 1 limit ten", {"limit": "ten"}),
    ("id from Contacts where id > 1 limit 1 offset ten", {"offset": "ten"}),
]


@pytest.mark.parametrize(("query", "details"), SENSELESS, ids=[query for query, _ in SENSELESS])
def test_what_cannot_be_asked_is_an_invalid_query(known: Crm, query: str, details: dict[str, Any]):
    answer = ask(known, f"select {query}")

    assert (answer.status, answer.code) == (400, "INVALID_QUERY"), answer.body
    assert {**answer.details, **details} == answer.details or details == {"column_name": "id"}


REFUSED = [
    ("Last_Name, First_Name, Last_Name", "", "DUPLICATE_DATA", {"column_name": "Last_Name"}),
    ("MAX(id), MAX(id)", "", "DUPLICATE_DATA", {"column_name": "id", "aggregate": "MAX"}),
    ("id", "order by id, id", "DUPLICATE_DATA", {"column_name": "id"}),
    ("COUNT(id)", "group by Title, Title", "DUPLICATE_DATA", {"column_name": "Title"}),
    ("Last_Name as ' '", "", "INVALID_ALIAS", {"column_name": "Last_Name", "alias": ""}),
    (
        "Last_Name as a, First_Name as a",
        "",
        "DUPLICATE_ALIAS",
        {"referred_columns": ["Last_Name", "First_Name"], "alias": "a"},
    ),
    (
        "sum(id)",
        "",
        "INVALID_DATA",
        {"reason": "unsupported aggregate function", "column": "sum(id)"},
    ),
    ("id", "limit 0", "INVALID_DATA", {}),
    ("id", "limit -1", "INVALID_DATA", {}),
    ("id", "limit 2001", "LIMIT_EXCEEDED", {"clause": "limit", "limit": 2000}),
    ("id", "limit 99999999999999999999", "LIMIT_EXCEEDED", {"clause": "limit", "limit": 2000}),
    ("id", "limit 1 offset 100000", "LIMIT_EXCEEDED", {"limit": 100_000}),
    (", ".join(f"f{n}" for n in range(51)), "", "LIMIT_EXCEEDED", {"clause": "select", "limit": 50}),
    ("MIN(id), MAX(id), SUM(id), AVG(id), COUNT(id), COUNT(Owner)", "", "LIMIT_EXCEEDED", None),
    ("id", "order by " + ", ".join(f"f{n}" for n in range(11)), "LIMIT_EXCEEDED", None),
    ("id", "group by " + ", ".join(f"f{n}" for n in range(5)), "LIMIT_EXCEEDED", None),
    ("Account_Name.Parent_Account.Parent_Account.Account_Name", "", "LIMIT_EXCEEDED", {"clause": "join", "limit": 2}),
    (
        "Account_Name.Account_Name, Owner.email, Account_Name.Parent_Account.Account_Name",
        "",
        "LIMIT_EXCEEDED",
        {"clause": "join", "limit": 2},
    ),
]


@pytest.mark.parametrize(
    ("columns", "ending", "code", "details"), REFUSED, ids=[f"{c} {e}"[:60] for c, e, *_ in REFUSED]
)
def test_what_goes_too_far_is_refused_by_name(known: Crm, columns: str, ending: str, code: str, details: Any):
    answer = ask(known, f"select {columns} from Contacts where id > 1 {ending}")

    assert (answer.status, answer.code) == (400, code)
    assert details is None or answer.details == details


def test_fifty_values_and_twenty_five_conditions_are_allowed(known: Crm):
    listed = ",".join(str(number) for number in range(1, 51))
    conditions = "(" * 24 + "id = 1" + "".join(f" or id = {number})" for number in range(24))

    assert ask(known, f"select id from Contacts where id in ({listed})").status == 204
    assert ask(known, f"select id from Contacts where id in ({listed}, 51)").code == "LIMIT_EXCEEDED"
    assert ask(known, f"select id from Contacts where {conditions}").status == 204
    assert ask(known, f"select id from Contacts where ({conditions}) or id = 1").code == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("version", "limit", "reach"),
    [("v2", 200, 2_000), ("v6", 200, 10_000), ("v7", 200, 100_000), ("v8", 2_000, 100_000)],
)
def test_how_far_a_query_reaches_depends_on_the_version(known: Crm, version: str, limit: int, reach: int):
    def code(ending: str) -> str | None:
        answer = ask(known, f"select id from Contacts where id > 1 {ending}", version=version)
        return answer.code if answer.status == 400 else None

    assert code(f"limit {limit}") is None
    assert code(f"limit {limit + 1}") == "LIMIT_EXCEEDED"
    assert code(f"limit 100 offset {reach - 100}") is None
    assert code(f"limit 100 offset {reach - 99}") == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("module", ["Nope", "Quoted_Items", "Users"])
def test_modules_that_are_none_are_refused(known: Crm, module: str):
    answer = ask(known, f"select id from {module} where id is not null")

    assert (answer.status, answer.code, answer.details) == (400, "INVALID_MODULE", {})


# who may ask


def test_a_query_needs_the_scope_of_coql_and_of_every_module(known: Crm):
    plain = "select id from Contacts where id is not null"
    joined = "select id from Contacts where Account_Name.Account_Name = 'x'"

    assert ask(known.with_scopes("ZohoCRM.modules.ALL"), plain).code == "OAUTH_SCOPE_MISMATCH"
    assert ask(known.with_scopes("ZohoCRM.coql.READ"), plain).code == "OAUTH_SCOPE_MISMATCH"
    contacts = known.with_scopes("ZohoCRM.coql.READ", "ZohoCRM.modules.contacts.READ")
    assert ask(contacts, plain).status == 200
    assert ask(contacts, joined).code == "OAUTH_SCOPE_MISMATCH"


@pytest.mark.parametrize(
    "query",
    [
        "select id from Deals where id is not null",
        "select Nope from Deals where id is not null",
        "select Converted_Deal.Amount from Leads where id is not null",
        "select id from Leads where Converted_Deal.Amount > 1",
        "select id from Leads where id > 1 order by Converted_Deal.Amount",
    ],
)
def test_a_query_needs_the_permission_for_every_module(crm: Crm, query: str):
    crm.allow("Support", Crm_Implied_View_Leads=True)

    answer = ask(crm.as_(SUPPORT), query)

    assert (answer.status, answer.code) == (403, "NO_PERMISSION")
    assert answer.details == {"permissions": ["Crm_Implied_View_Potentials"]}


def test_notes_beside_records_that_one_may_not_see_are_not_found(crm: Crm):
    deal = crm.add("Deals", Deal_Name="A", Stage="Closed Won")
    assert crm.post(f"/Deals/{deal}/Notes", {"data": [{"Note_Content": "Secret"}]}).status == 201

    assert names(crm, "Notes", "id is not null", "Note_Content") == ["Secret"]
    assert names(crm.as_(SUPPORT), "Notes", "id is not null", "Note_Content") == []


def test_nothing_of_another_world_is_found(known: Crm, crm: Crm):
    assert names(crm, "Contacts", "id is not null") == []


def test_a_query_changes_nothing_and_needs_a_post(known: Crm):
    assert known.get("/coql").code in ("INVALID_REQUEST_METHOD", "INVALID_MODULE")
    assert known.app.view_functions["crm.coql.query_records"].reads_only is True  # type: ignore[attr-defined]
