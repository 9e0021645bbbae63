"""Criteria of views, searches and COQL against a plain reference: over many records SQL and Python agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mock_crm import state
from mock_crm.database import searching_connection
from mock_crm.errors import CrmError, InvalidData, InvalidQuery
from mock_crm.records import search, store, view_criteria
from mock_crm.records.asked import Asker, days_of
from mock_crm.records.coql.answering import results_of
from mock_crm.records.criteria import Criteria, compiled
from mock_crm.records.model import record
from simulator import wire
from tests.crm.api import Crm
from tests.crm.criteria_reference import (
    LETTERS,
    Asked,
    Question,
    Several,
    accounts,
    as_coql,
    as_search,
    as_view,
    contacts,
    holds,
    sorted_by,
)

COUNT = 120


@dataclass(frozen=True, repr=False)
class Ground:
    """A world that no example changes, open for reading; its records by module as they were sent, with their ids."""

    app: Flask
    records: dict[str, list[dict[str, Any]]]
    asker: Asker

    def found(self, module: str, tree: Criteria) -> set[str]:
        conditions = store.alive(state.catalog().modules[module])
        statement = select(record.c.id).where(*conditions, compiled(tree))
        return {str(row[0]) for row in searching_connection().execute(statement)}

    def expected(self, module: str, question: Question) -> set[str]:
        return {one["id"] for one in self.records[module] if holds(question, one)}

    def rows(self, query: str) -> list[dict[str, Any]]:
        return results_of(query, self.asker, lambda module: None).rows


@pytest.fixture(scope="module")
def ground(crm_app: Flask, new_world: Any) -> Iterator[Ground]:
    crm: Crm = new_world()
    records = {"Accounts": accounts(COUNT, 1), "Contacts": contacts(COUNT, 2)}
    _add(crm, "Accounts", records["Accounts"], [{} for _ in range(COUNT)])
    # every third contact has no account; of the others some share one
    beside = [records["Accounts"][place % 50] if place % 3 else {} for place in range(COUNT)]
    links = [{"Account_Name": {"id": account["id"]}} if account else {} for account in beside]
    _add(crm, "Contacts", records["Contacts"], links)
    for contact, account in zip(records["Contacts"], beside, strict=True):
        contact.update({f"Account_Name.{name}": value for name, value in account.items()})
    with crm_app.extensions["worlds"].transaction(crm.world, reads_only=True):
        g.user = state.people().administrator()
        yield Ground(crm_app, records, Asker.of(g.user))


def _add(crm: Crm, module: str, records: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    data = [{**one, **link} for one, link in zip(records, more, strict=True)]
    for start in range(0, len(data), 100):
        answer = crm.post(f"/{module}", wire.dumps({"data": data[start : start + 100]}))
        assert answer.status == 201, answer.body
        for one, outcome in zip(records[start : start + 100], answer.outcomes, strict=True):
            one["id"] = outcome["details"]["id"]


# what can be asked

WORDS = st.text(LETTERS, min_size=1, max_size=3).map(str.strip).filter(bool)
AMOUNTS = st.decimals("-5", "5", places=3)
WHOLE = st.integers(-4, 4)
DATES = st.dates(date(2025, 12, 30), date(2026, 1, 6)).map(date.isoformat)
OPTIONS = st.sampled_from(["Partner", "Show", "PARTNER", "Trade Show"])
EMAILS = st.sampled_from(["a@x.example", "B@x.example", "c@x.example"])
ORDER = ("less_than", "less_equal", "greater_than", "greater_equal")


def single(field: str, kind: str, comparators: tuple[str, ...], values: Any, negated: Any = st.just(False)) -> Any:
    return st.builds(
        lambda comparator, value, is_negated: Asked(field, kind, comparator, (value,), is_negated),
        st.sampled_from(comparators),
        values,
        negated,
    )


def listed(field: str, kind: str, values: Any, negated: Any = st.just(False)) -> Any:
    several = st.lists(values, min_size=1, max_size=4)
    return st.builds(lambda some, no: Asked(field, kind, "in", tuple(some), no), several, negated)


def ranges(field: str, kind: str, values: Any, negated: Any = st.just(False)) -> Any:
    ends = st.tuples(values, values)
    return st.builds(lambda pair, no: Asked(field, kind, "between", pair, no), ends, negated)


def empty(field: str, kind: str) -> Any:
    return st.booleans().map(lambda no: Asked(field, kind, "empty", (), no))


def grouped(conditions: Any, most: int = 6) -> Any:
    several = st.sampled_from(["and", "or"])
    return st.recursive(
        conditions,
        lambda inner: st.builds(
            lambda operator, members: Several(operator, tuple(members)),
            several,
            st.lists(inner, min_size=2, max_size=3),
        ),
        max_leaves=most,
    )


EITHER = st.booleans()
LIKE = ("contains", "starts_with", "ends_with")


def ordered_field(field: str, values: Any) -> Any:
    """Everything that views and COQL ask of numbers and dates."""
    return st.one_of(
        single(field, "number", ("equal",), values, EITHER),
        single(field, "number", ORDER, values),
        listed(field, "number", values, EITHER),
        ranges(field, "number", values, EITHER),
        empty(field, "number"),
    )


def view_text(field: str, words: Any = WORDS) -> Any:
    return st.one_of(
        single(field, "text", ("equal", "contains"), words, EITHER),
        single(field, "text", LIKE, words),
        listed(field, "text", words, EITHER),
        empty(field, "text"),
    )


VIEWS = {
    "Contacts": grouped(
        st.one_of(
            view_text("Title"),
            view_text("Last_Name"),
            view_text("Lead_Source", OPTIONS),
            single("Email", "text", ("equal",), EMAILS, EITHER),
            ordered_field("Date_of_Birth", DATES),
            single("Email_Opt_Out", "boolean", ("equal",), EITHER, EITHER),
        )
    ),
    "Accounts": grouped(
        st.one_of(
            ordered_field("Annual_Revenue", AMOUNTS),
            ordered_field("Employees", WHOLE),
            view_text("Account_Site"),
        )
    ),
}


def search_text(field: str) -> Any:
    return st.one_of(
        single(field, "text", ("contains", "starts_with"), WORDS),
        single(field, "text", ("equal",), WORDS, st.just(True)),
        listed(field, "text", WORDS),
    )


def search_number(field: str, values: Any) -> Any:
    return st.one_of(
        single(field, "number", ("equal",), values, EITHER),
        single(field, "number", ORDER, values),
        listed(field, "number", values),
        ranges(field, "number", values),
    )


SEARCHES = {
    "Contacts": grouped(
        st.one_of(
            search_text("Title"),
            search_text("Last_Name"),
            single("Lead_Source", "text", ("equal",), OPTIONS, EITHER),
            listed("Lead_Source", "text", OPTIONS),
            single("Email", "text", ("equal",), EMAILS, EITHER),
            search_number("Date_of_Birth", DATES),
            single("Email_Opt_Out", "boolean", ("equal",), EITHER, EITHER),
        )
    ),
    "Accounts": grouped(
        st.one_of(
            search_number("Annual_Revenue", AMOUNTS), search_number("Employees", WHOLE), search_text("Account_Site")
        )
    ),
}

PATTERNS = WORDS.filter(lambda word: "%" not in word)


def coql_text(field: str) -> Any:
    return st.one_of(
        single(field, "text", ("equal",), WORDS, EITHER),
        single(field, "text", LIKE, PATTERNS),
        single(field, "text", ("contains",), PATTERNS, EITHER),
        listed(field, "text", WORDS, EITHER),
        empty(field, "text"),
    )


QUERIES = {
    "Contacts": grouped(
        st.one_of(
            coql_text("Title"),
            coql_text("Last_Name"),
            coql_text("Account_Name.Account_Site"),
            listed("Lead_Source", "text", OPTIONS, EITHER),
            single("Email", "text", ("equal",), EMAILS, EITHER),
            ordered_field("Date_of_Birth", DATES),
            ordered_field("Account_Name.Annual_Revenue", AMOUNTS),
            single("Email_Opt_Out", "boolean", ("equal",), EITHER),
        )
    ),
    "Accounts": grouped(
        st.one_of(
            ordered_field("Annual_Revenue", AMOUNTS), ordered_field("Employees", WHOLE), coql_text("Account_Site")
        )
    ),
}
MODULES = pytest.mark.parametrize("module", ["Contacts", "Accounts"])
KEEP = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


# the three languages


@MODULES
@settings(max_examples=800, **KEEP)
@given(choice=st.data())
def test_views_select_what_the_reference_does(ground: Ground, module: str, choice: st.DataObject):
    question = choice.draw(VIEWS[module])

    tree = view_criteria.read(as_view(question), state.catalog().modules[module], ground.asker)

    assert ground.found(module, tree) == ground.expected(module, question)


@MODULES
@settings(max_examples=800, **KEEP)
@given(choice=st.data())
def test_searches_find_what_the_reference_does(ground: Ground, module: str, choice: st.DataObject):
    question = choice.draw(SEARCHES[module])

    tree = search.parse(as_search(question), state.catalog().modules[module], ground.asker)

    assert ground.found(module, tree) == ground.expected(module, question)


@MODULES
@settings(max_examples=800, **KEEP)
@given(choice=st.data())
def test_queries_find_what_the_reference_does(ground: Ground, module: str, choice: st.DataObject):
    question = choice.draw(QUERIES[module])

    found = ground.rows(f"select id from {module} where {as_coql(question)}")

    assert [row["id"] for row in found] == sorted(ground.expected(module, question), key=int)


COLUMNS = ["Last_Name", "Title", "Date_of_Birth", "Email_Opt_Out", "Account_Name.Annual_Revenue", "Lead_Source"]
ORDERS = st.lists(st.tuples(st.sampled_from(COLUMNS), st.booleans()), min_size=1, max_size=3, unique_by=lambda o: o[0])


@settings(max_examples=400, **KEEP)
@given(question=QUERIES["Contacts"], order=ORDERS, limit=st.integers(1, 60), offset=st.integers(0, 60))
def test_queries_sort_and_cut_as_the_reference_does(
    ground: Ground, question: Question, order: list[tuple[str, bool]], limit: int, offset: int
):
    sorting = ", ".join(f"{column} {'desc' if descending else 'asc'}" for column, descending in order)
    text = f"select Last_Name from Contacts where {as_coql(question)} order by {sorting} limit {limit} offset {offset}"

    found = ground.rows(text)

    wanted = sorted_by((one for one in ground.records["Contacts"] if holds(question, one)), order)
    assert [row["id"] for row in found] == [one["id"] for one in wanted[offset : offset + limit]]


AGGREGATES = "SUM({0}), MIN({0}), MAX({0}), COUNT({0}), AVG({0})"


@settings(max_examples=300, **KEEP)
@given(question=QUERIES["Contacts"], by=st.sampled_from(["Lead_Source", "Email_Opt_Out", "Account_Name.Employees"]))
def test_aggregates_are_what_the_reference_counts(ground: Ground, question: Question, by: str):
    amount = "Account_Name.Annual_Revenue"
    text = f"select {AGGREGATES.format(amount)}, {by} from Contacts where {as_coql(question)} group by {by}"

    found = wire.loads(wire.dumps(ground.rows(text)))

    groups: dict[Any, list[Decimal]] = {}
    for one in ground.records["Contacts"]:
        if holds(question, one):
            amounts = groups.setdefault(one.get(by), [])
            amounts += [one[amount]] if one.get(amount) is not None else []
    assert {row[by]: [row[f"{name}({amount})"] for name in ("SUM", "MIN", "MAX", "COUNT")] for row in found} == {
        value: [sum(amounts) if amounts else None, min(amounts, default=None), max(amounts, default=None), len(amounts)]
        for value, amounts in groups.items()
    }
    for row in found:
        amounts = groups[row[by]]
        mean = row[f"AVG({amount})"]
        assert mean is None if not amounts else abs(mean - sum(amounts) / len(amounts)) < Decimal("1e-12")


# whatever is asked

PIECES = ["(", ")", "and", "or", " ", ":", ",", "\\", "Account_Name", "Employees", "equals", "in", "between", "5", "a"]
PIECES += ["(Account_Name:equals:a)", "(Employees:in:1,2)", "((", "))", "$", ".", "é", "\0", "${TODAY}", "Owner"]
SEARCH_PIECES = st.sampled_from(PIECES)


@settings(max_examples=300, **KEEP)
@given(text=st.one_of(st.lists(SEARCH_PIECES, max_size=30).map("".join), st.text(max_size=60)))
def test_the_search_parser_raises_nothing_but_its_own_error(ground: Ground, text: str):
    module = state.catalog().modules["Accounts"]
    try:
        tree = search.parse(text, module, ground.asker)
    except InvalidQuery:
        return
    store.count(module, [compiled(tree)])


QUERY_PIECES = ["select", "from", "where", "group by", "order by", "limit", "offset", "and", "or", "is", "not", "null"]
QUERY_PIECES += ["in", "like", "between", "as", "(", ")", ",", "=", "!=", ">", "<=", "'a'", "'%a%'", "5", "-1.5", "*"]
QUERY_PIECES += ["Accounts", "Account_Name", "Employees", "id", "Parent_Account.Account_Name", "Owner.last_name", "é"]
QUERY_PIECES += ["SUM(Employees)", "COUNT(id)", "select id from Accounts where", "id is not null", "'", '"', "\0", "#1"]
MADE_UP = st.lists(st.sampled_from(QUERY_PIECES), max_size=20).map(" ".join)


@settings(max_examples=400, **KEEP)
@given(text=st.one_of(MADE_UP, MADE_UP.map("select id from Accounts where id > 1 ".__add__), st.text(max_size=60)))
def test_queries_are_refused_or_answered(ground: Ground, text: str):
    status = 400
    try:
        ground.rows(text)
    except CrmError as error:
        status = error.status

    assert status == 400


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["and", "equal", "${TODAY}"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["group", "group_operator", "field", "api_name", "comparator", "value", "id", "name"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=15,
)
FIELDS = ["Account_Name", "Employees", "Annual_Revenue", "Created_Time", "Owner", "Parent_Account", "Industry", "Nope"]
NEARLY = st.builds(
    lambda field, comparator, value: {"field": {"api_name": field}, "comparator": comparator, "value": value},
    st.sampled_from([*FIELDS, "Tag"]),
    st.sampled_from(["equal", "contains", "between", "in", "less_than", "not_in", "starts_with", "nope"]),
    JSON,
)
NEARLY_GROUPED = st.builds(
    lambda operator, members: {"group_operator": operator, "group": members},
    st.sampled_from(["and", "or", "AND", "OR"]),
    st.lists(NEARLY, min_size=1, max_size=3),
)


@settings(max_examples=300, **KEEP)
@given(criteria=st.one_of(JSON, NEARLY, NEARLY_GROUPED))
def test_the_criteria_of_a_view_are_refused_or_can_be_asked(ground: Ground, criteria: Any):
    module = state.catalog().modules["Accounts"]
    try:
        tree = view_criteria.read(criteria, module, ground.asker)
    except InvalidData:
        return
    store.count(module, [compiled(tree)])


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), count=st.integers(1, 60))
def test_spans_of_days_hang_together(day: date, count: int):
    last = days_of(f"${{LAST_N_DAYS:{count}}}", day)
    following = days_of(f"${{NEXT_N_DAYS:{count}}}", day)
    months = [days_of(f"${{{word}}}", day) for word in ("LASTMONTH", "THISMONTH", "NEXTMONTH")]
    weeks = [days_of(f"${{{word}}}", day) for word in ("LASTWEEK", "THISWEEK", "NEXTWEEK")]

    assert last == (day - timedelta(count), day)
    assert following == (day + timedelta(1), day + timedelta(count))
    for spans in (months, weeks):
        for before, after in pairwise(spans):
            assert before is not None
            assert after is not None
            assert before[1] + timedelta(1) == after[0]
        assert spans[1] is not None
        assert spans[1][0] <= day <= spans[1][1]
