"""Criteria against a plain reference: whatever the records and the criteria, SQL and Python agree."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_crm import state
from mock_crm.errors import CrmError, InvalidData, InvalidQuery
from mock_crm.records import search, store, view_criteria
from mock_crm.records.asked import Asker
from mock_crm.records.criteria import Condition, Criteria, Group, Unread, compiled
from mock_crm.records.drafts import read_draft
from mock_crm.records.writing import Stamp, check, insert_records
from tests.crm.conftest import credentials

# Letters whose lower case is one letter of the same alphabet: the rule is str.lower, and ASCII words compare as ASCII.
LETTERS = "abAB zÄä%_\\'\"é1"
TEXTS = st.one_of(st.none(), st.text(LETTERS, min_size=1, max_size=6).filter(str.strip))
AMOUNTS = st.one_of(st.none(), st.decimals("-5", "5", places=2))
WHOLE = st.one_of(st.none(), st.integers(-3, 3))
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 5)).map(date.isoformat))

CONTACTS = st.lists(
    st.fixed_dictionaries(
        {
            "Last_Name": st.text(LETTERS, min_size=1, max_size=6).filter(str.strip),
            "Title": TEXTS,
            "Lead_Source": st.sampled_from([None, "Partner", "partner", "Trade Show"]),
            "Email": st.sampled_from([None, "a@x.example", "A@x.example", "b@x.example"]),
            "Date_of_Birth": DAYS,
            "Email_Opt_Out": st.booleans(),
        }
    ),
    max_size=6,
)
ACCOUNTS = st.lists(
    st.fixed_dictionaries(
        {"Account_Name": st.just("A"), "Annual_Revenue": AMOUNTS, "Employees": WHOLE, "Account_Site": TEXTS}
    ),
    max_size=6,
)

WORDS = st.text(LETTERS, min_size=1, max_size=3)
TEXT_COMPARATORS = ["equal", "not_equal", "contains", "not_contains", "starts_with", "ends_with"]
NUMBER_COMPARATORS = ["equal", "not_equal", "less_than", "less_equal", "greater_than", "greater_equal"]


def condition(field: str, comparators: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    single = st.builds(
        lambda comparator, value: {"field": {"api_name": field}, "comparator": comparator, "value": value},
        st.sampled_from(comparators),
        values,
    )
    listed = st.builds(
        lambda comparator, value: {"field": {"api_name": field}, "comparator": comparator, "value": value},
        st.sampled_from(["in", "not_in"]),
        st.lists(values, min_size=1, max_size=3),
    )
    empty = st.sampled_from(["${EMPTY}", "${NOTEMPTY}"]).map(
        lambda value: {"field": {"api_name": field}, "comparator": "equal", "value": value}
    )
    return st.one_of(single, listed, empty)


def ranges(field: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda comparator, ends: {"field": {"api_name": field}, "comparator": comparator, "value": list(ends)},
        st.sampled_from(["between", "not_between"]),
        st.tuples(values, values),
    )


def grouped(conditions: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        conditions,
        lambda inner: st.builds(
            lambda operator, members: {"group_operator": operator, "group": members},
            st.sampled_from(["and", "or", "AND", "OR"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        max_leaves=6,
    )


FINE_AMOUNTS = st.decimals("-5", "5", places=3)
DATES = st.dates(date(2025, 12, 30), date(2026, 1, 6)).map(date.isoformat)
CONTACT_CRITERIA = grouped(
    st.one_of(
        condition("Title", TEXT_COMPARATORS, WORDS),
        condition("Last_Name", TEXT_COMPARATORS, WORDS),
        condition("Lead_Source", TEXT_COMPARATORS, st.sampled_from(["Partner", "Show", "PARTNER"])),
        condition("Email", ["equal", "not_equal"], st.sampled_from(["a@x.example", "B@x.example", "c"])),
        condition("Date_of_Birth", NUMBER_COMPARATORS, DATES),
        ranges("Date_of_Birth", DATES),
        st.booleans().map(lambda v: {"field": {"api_name": "Email_Opt_Out"}, "comparator": "equal", "value": v}),
    )
)
ACCOUNT_CRITERIA = grouped(
    st.one_of(
        condition("Annual_Revenue", NUMBER_COMPARATORS, FINE_AMOUNTS),
        ranges("Annual_Revenue", FINE_AMOUNTS),
        condition("Employees", NUMBER_COMPARATORS, st.integers(-4, 4)),
        ranges("Employees", st.integers(-4, 4)),
        condition("Account_Site", TEXT_COMPARATORS, WORDS),
    )
)


@pytest.fixture(scope="module")
def ground(crm_app: Flask) -> Flask:
    """A world whose records each example makes and rolls back."""
    world = "crmprops"
    body = {"id": world, "scenario": "empty", "credentials": credentials(world)}
    assert crm_app.test_client().post("/_sim/worlds", json=body).status_code == 201
    return crm_app


class Undone(Exception):
    """Ends an example, and with it what it wrote."""


def both_ways(app: Flask, module_name: str, records: list[dict[str, Any]], criteria: Any) -> tuple[set[int], set[int]]:
    """Places of the records that the SQL finds, and of those that the reference finds."""
    result: list[tuple[set[int], set[int]]] = []
    try:
        with app.extensions["worlds"].transaction("crmprops"):
            user = state.people().administrator()
            module = state.catalog().modules[module_name]
            drafts = [read_draft(module, place, record) for place, record in enumerate(records)]
            check(module, drafts)
            assert not any(draft.errors for draft in drafts)
            insert_records(drafts, Stamp.now(user))
            tree = view_criteria.read(criteria, module, Asker.of(user))
            rows = {draft.record_id: place for place, draft in enumerate(drafts)}
            ids = [draft.record_id for draft in drafts]
            statement = store.rows_of(module, ids)
            found = {rows[number] for number in statement if store.exists(module, [_is(number), compiled(tree)])}
            expected = {place for place, record in enumerate(records) if holds(tree, record)}
            result.append((found, expected))
            raise Undone
    except Undone:
        pass
    return result[0]


def _is(number: int) -> Any:
    from mock_crm.records.model import record

    return record.c.id == number


def holds(tree: Criteria, record: dict[str, Any]) -> bool:
    """The reference: the same question in plain Python over what was sent."""
    match tree:
        case Group(operator, members):
            return (all if operator == "and" else any)(holds(member, record) for member in members)
        case Unread():
            return True
        case Condition(field, comparator, values):
            value = record.get(field.api_name)
            if comparator == "empty":
                return value is None and field.data_type != "boolean"
            if comparator == "not_empty":
                return value is not None or field.data_type == "boolean"
            negative = {"not_equal": "equal", "not_contains": "contains", "not_between": "between", "not_in": "in"}
            if comparator in negative:
                return not compared(field, negative[comparator], value, values)
            return compared(field, comparator, value, values)
    raise AssertionError(tree)


def compared(field: Any, comparator: str, value: Any, values: tuple[Any, ...]) -> bool:
    if field.data_type == "boolean":
        return bool(value) == values[0]
    if value is None:
        return False
    if field.data_type == "currency":
        return ordered(comparator, Decimal(value), [Decimal(given) / 100 for given in values])
    if field.data_type in ("integer", "date"):
        return ordered(comparator, value, list(values))
    trimmed = field.data_type == "email"
    words = [str(given).strip().lower() if trimmed else str(given).lower() for given in values]
    text = value.lower()
    tests = {
        "equal": text.__eq__,
        "in": text.__eq__,
        "contains": text.__contains__,
        "starts_with": text.startswith,
        "ends_with": text.endswith,
    }
    return any(tests[comparator](word) for word in words)


def ordered(comparator: str, value: Any, values: list[Any]) -> bool:
    first = values[0]
    return {
        "equal": lambda: value in values,
        "in": lambda: value in values,
        "less_than": lambda: value < first,
        "less_equal": lambda: value <= first,
        "greater_than": lambda: value > first,
        "greater_equal": lambda: value >= first,
        "between": lambda: first <= value <= values[-1],
    }[comparator]()


COMMON = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@COMMON
@given(records=CONTACTS, criteria=CONTACT_CRITERIA)
def test_criteria_over_contacts_agree_with_the_reference(ground: Flask, records: Any, criteria: Any):
    found, expected = both_ways(ground, "Contacts", records, criteria)

    assert found == expected


@COMMON
@given(records=ACCOUNTS, criteria=ACCOUNT_CRITERIA)
def test_criteria_over_accounts_agree_with_the_reference(ground: Flask, records: Any, criteria: Any):
    found, expected = both_ways(ground, "Accounts", records, criteria)

    assert found == expected


PIECES = ["(", ")", "and", "or", " ", ":", ",", "\\", "Account_Name", "Employees", "equals", "in", "between", "5", "a"]
PIECES += ["(Account_Name:equals:a)", "(Employees:in:1,2)", "((", "))", "$", ".", "é", "\0", "${TODAY}", "Owner"]
SEARCH_PIECES = st.sampled_from(PIECES)


@COMMON
@given(text=st.one_of(st.lists(SEARCH_PIECES, max_size=30).map("".join), st.text(max_size=60)))
def test_the_search_parser_raises_nothing_but_its_own_error(ground: Flask, text: str):
    with ground.extensions["worlds"].transaction("crmprops", reads_only=True):
        module = state.catalog().modules["Accounts"]
        try:
            tree = search.parse(text, module, Asker.of(state.people().administrator()))
        except InvalidQuery:
            return
        store.count(module, [compiled(tree)])


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
FIELDS = st.sampled_from(
    [
        "Account_Name",
        "Employees",
        "Annual_Revenue",
        "Created_Time",
        "Owner",
        "Parent_Account",
        "Industry",
        "Nope",
        "Tag",
    ]
)
NEARLY = st.builds(
    lambda field, comparator, value: {"field": {"api_name": field}, "comparator": comparator, "value": value},
    FIELDS,
    st.sampled_from(["equal", "contains", "between", "in", "less_than", "not_in", "starts_with", "nope"]),
    JSON,
)


@COMMON
@given(criteria=st.one_of(JSON, NEARLY, grouped(NEARLY)))
def test_the_criteria_of_a_view_are_refused_or_can_be_asked(ground: Flask, criteria: Any):
    with ground.extensions["worlds"].transaction("crmprops", reads_only=True):
        module = state.catalog().modules["Accounts"]
        try:
            tree = view_criteria.read(criteria, module, Asker.of(state.people().administrator()))
        except InvalidData:
            return
        except CrmError as error:
            raise AssertionError("another error than its own") from error
        store.count(module, [compiled(tree)])


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), count=st.integers(1, 60))
def test_spans_of_days_hang_together(day: date, count: int):
    from mock_crm.records.asked import days_of

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
