"""Searches and queries that nobody means well: they are read no further than a real one could reach, and refused."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from mock_crm import state
from mock_crm.errors import CrmError
from mock_crm.records import search
from mock_crm.records.asked import Asker
from mock_crm.records.coql import grammar, tokens
from mock_crm.records.criteria import Group
from tests.crm.api import Crm

MANY = 200_000
WHERE = "select id from Accounts where "


class Counting:
    """A pattern that counts how often it is tried."""

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern
        self.tried = 0

    def match(self, *given: Any) -> Any:
        self.tried += 1
        return self._pattern.match(*given)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting(tokens._TOKENS)
    monkeypatch.setattr(tokens, "_TOKENS", made)
    return made


@pytest.fixture
def counting_search(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting(search._TOKENS)
    monkeypatch.setattr(search, "_TOKENS", made)
    return made


@pytest.fixture
def within(still: Crm) -> Iterator[Flask]:
    with still.app.extensions["worlds"].transaction(still.world, reads_only=True):
        yield still.app


QUERIES = {
    "opening brackets": WHERE + "(" * MANY,
    "closing brackets": WHERE + ")" * MANY,
    "brackets apart": WHERE + "( " * MANY,
    "brackets and a condition": WHERE + "(" * MANY + "id = 1" + ")" * MANY,
    "a long word in quotes": WHERE + "Account_Name = '" + "x" * MANY + "'",
    "a quote without end": WHERE + "Account_Name = '" + "x" * MANY,
    "backslashes": WHERE + "Account_Name = '" + "\\" * MANY,
    "escaped quotes": WHERE + "Account_Name = '" + "\\'" * MANY + "'",
    "quotes": WHERE + "'" * MANY,
    "spaces": WHERE + " " * MANY,
    "conditions": WHERE + "id = 1 and " * MANY,
    "nested conditions": WHERE + "(id = 1 or " * MANY,
    "one operator": WHERE + "id " + "=" * MANY,
    "operators": WHERE + "id " + "= " * MANY,
    "one word": WHERE + "a" * MANY,
    "dots": WHERE + "a." * MANY + "a = 1",
    "a number": WHERE + "id = " + "9" * MANY,
    "percent signs": WHERE + "Account_Name like '" + "%" * MANY + "'",
    "NULs": "\0" * MANY,
    "smileys": WHERE + "\U0001f600" * MANY,
    "columns": "select " + "a, " * MANY + "a from Accounts where id = 1",
    "values": WHERE + "id in (" + "1, " * MANY + "1)",
    "a view": "select id from Accounts#" + "1" * MANY + " where id = 1",
    "a limit": WHERE + "id = 1 limit " + "9" * MANY,
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_is_read_no_further_than_one_could_reach(counting: Counting, query: str):
    with pytest.raises(CrmError) as refused:
        grammar.parse(query)

    assert (refused.value.code, refused.value.status) == ("SYNTAX_ERROR", 400)
    assert counting.tried <= 2 * tokens.MOST_TOKENS + 2


def test_brackets_by_the_thousand_make_no_deeper_a_tree(counting: Counting):
    deep = grammar.parse(WHERE + "(" * 2_000 + "id = 1" + ")" * 2_000)
    chained = grammar.parse(WHERE + "(" * 23 + "id = 1" + " or id = 1)" * 23 + " or id = 1")

    assert not isinstance(deep.conditions, Group)
    assert (chained.compared, depth_of(chained.conditions)) == (25, 2)


def test_a_tree_is_no_deeper_than_it_has_conditions():
    text = WHERE + "(" * 24 + "id = 1" + "".join(f" {'and' if n % 2 else 'or'} id = {n})" for n in range(24))

    query = grammar.parse(text)

    assert query.compared == grammar.MOST_CONDITIONS
    assert depth_of(query.conditions) == grammar.MOST_CONDITIONS


def depth_of(tree: Any) -> int:
    return 1 + max(depth_of(member) for member in tree.members) if isinstance(tree, Group) else 1


CRITERIA = {
    "opening brackets": "(" * MANY,
    "closing brackets": ")" * MANY,
    "brackets apart": "( " * MANY,
    "brackets and words": "(a" * MANY,
    "conditions without end": "(Account_Name:equals:" * MANY,
    "brackets and a condition": "(" * MANY + "(Account_Name:equals:a)" + ")" * MANY,
    "conditions": "(Account_Name:equals:a)and" * MANY,
    "a bare word": "Account_Name:equals:" + "x" * MANY,
    "backslashes": "Account_Name:equals:" + "\\" * MANY,
    "escaped brackets": "Account_Name:equals:" + "\\(" * MANY,
    "spaces": " " * MANY,
    "joining words": "and" * MANY,
    "joining brackets": "and(" * MANY,
    "a name": "(" + "a" * MANY + ":equals:a)",
    "values": "(Account_Name:in:" + "a," * (MANY // 4) + "a)",
    "commas": "(Account_Name:in:" + "," * (MANY // 2) + ")",
    "a number": "(Employees:equals:" + "9" * (MANY // 2) + ")",
    "colons": ":" * MANY,
    "a NUL": "(Account_Name:equals:\0)",
}


@pytest.mark.parametrize("criteria", CRITERIA.values(), ids=CRITERIA)
def test_criteria_are_read_no_further_than_they_could_reach(within: Flask, counting_search: Counting, criteria: str):
    module = state.catalog().modules["Accounts"]

    with pytest.raises(CrmError) as refused:
        search.parse(criteria, module, Asker.of(state.people().administrator()))

    assert (refused.value.code, refused.value.status) == ("INVALID_QUERY", 400)
    assert counting_search.tried <= 2 * search.MOST_TOKENS + 2


VALUES = [
    "\0",
    "\\",
    "%",
    "%" * 900,
    "\U0001f600" * 500,
    "\u0130" * 900,
    ";" * 900,
    "9" * 900,
    "-" * 900,
    "1e999999",
    "-1e18",
    "9223372036854775808",
    "NaN",
    "${CURRENTUSER}",
    "9999-12-31",
    "0000-00-00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "true",
    "''",
    "ﬀ",
]
FIELDS = ["Account_Name", "Annual_Revenue", "Employees", "id", "Owner", "Parent_Account", "Created_Time", "Locked__s"]


@pytest.mark.parametrize("value", VALUES, ids=[ascii(value)[:20] for value in VALUES])
def test_no_value_is_a_fault_of_ours(still: Crm, value: str):
    written = value.replace("\\", "\\\\").replace("'", "\\'")
    for field in [*FIELDS, "Owner.last_name", "Parent_Account.Created_Time"]:
        for operator in (f"= '{written}'", f"not in ('{written}')", f"like '%{written}'", f">= '{written}'"):
            answer = still.post("/coql", {"select_query": f"{WHERE}{field} {operator}"})
            assert answer.status in (200, 204, 400), (field, operator, answer.body)
    for field in FIELDS:
        for operator in ("equals", "not_equal", "less_than", "in", "starts_with", "between"):
            answer = still.get(f"/Accounts/search?criteria={quote(f'({field}:{operator}:{value})')}")
            assert answer.status in (200, 204, 400), (field, operator, answer.body)


def test_half_a_surrogate_pair_is_refused(still: Crm):
    answer = still.post("/coql", b'{"select_query": "select id from Accounts where Account_Name = \'\\ud800\'"}')

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
