"""Questions in Python: what views, searches and COQL ask, written in each language, and answered without SQL."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

# Letters whose lower case is one letter of the same alphabet: the rule is str.lower, and ASCII words compare as ASCII.
LETTERS = "abAB zÄä%_\\'\"é1(),;:"

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A condition: `comparator` is one of the typed tree's, without its `not_`."""

    field: str
    kind: str
    comparator: str
    values: tuple[Any, ...] = ()
    is_negated: bool = False


@dataclass(frozen=True)
class Several:
    operator: str
    members: tuple[Any, ...]


Question = Asked | Several


def holds(question: Question, record: Record) -> bool:
    """The reference: the question in plain Python over what was sent; dotted fields stand in the record too."""
    if isinstance(question, Several):
        return (all if question.operator == "and" else any)(holds(member, record) for member in question.members)
    return _fulfils(question, record.get(question.field)) != question.is_negated


def _fulfils(asked: Asked, value: Any) -> bool:
    if asked.kind == "boolean":
        return bool(value) == asked.values[0] if asked.comparator != "empty" else False
    if asked.comparator == "empty" or value is None:
        return asked.comparator == "empty" and value is None
    if asked.kind == "text":
        words = [word.lower() for word in asked.values]
        return any(_TEXT[asked.comparator](value.lower(), word) for word in words)
    return _ORDERED[asked.comparator](value, asked.values)


_TEXT: dict[str, Callable[[str, str], bool]] = {
    "equal": str.__eq__,
    "in": str.__eq__,
    "contains": str.__contains__,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "equal": lambda value, given: value in given,
    "in": lambda value, given: value in given,
    "less_than": lambda value, given: value < given[0],
    "less_equal": lambda value, given: value <= given[0],
    "greater_than": lambda value, given: value > given[0],
    "greater_equal": lambda value, given: value >= given[0],
    "between": lambda value, given: given[0] <= value <= given[1],
}

# as criteria of views


def as_view(question: Question) -> dict[str, Any]:
    if isinstance(question, Several):
        return {"group_operator": question.operator, "group": [as_view(member) for member in question.members]}
    named = {"field": {"api_name": question.field}}
    if question.comparator == "empty":
        value = "${NOTEMPTY}" if question.is_negated else "${EMPTY}"
        return {**named, "comparator": "equal", "value": value}
    values = list(question.values)
    listed = question.comparator in ("in", "between")
    comparator = ("not_" if question.is_negated else "") + question.comparator
    return {**named, "comparator": comparator, "value": values if listed else values[0]}


# as criteria of searches

_SEARCH = {"equal": "equals", "in": "in", "between": "between"}


def as_search(question: Question) -> str:
    if isinstance(question, Several):
        return "(" + question.operator.join(as_search(member) for member in question.members) + ")"
    comparator = _SEARCH.get(question.comparator, question.comparator)
    if question.is_negated:
        comparator = "not_equal"
    if question.kind == "text" and comparator == "contains":
        comparator = "equals"  # which finds ABC Inc for ABC
    values = ",".join(_for_search(value) for value in question.values)
    return f"({question.field}:{comparator}:{values})"


def _for_search(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "".join(f"\\{sign}" if sign in "(),\\" else sign for sign in text)


# as conditions of COQL

_COQL = {
    "equal": "=",
    "less_than": "<",
    "less_equal": "<=",
    "greater_than": ">",
    "greater_equal": ">=",
}


def as_coql(question: Question) -> str:
    """Each group in brackets of two."""
    if isinstance(question, Several):
        first, *rest = question.members
        text = as_coql(first)
        for member in rest:
            text = f"({text} {question.operator} {as_coql(member)})"
        return text
    negation = "not " if question.is_negated else ""
    values = [_quoted(value) for value in question.values]
    if question.comparator == "empty":
        return f"{question.field} is {negation}null"
    if question.comparator == "in":
        return f"{question.field} {negation}in ({', '.join(values)})"
    if question.comparator == "between":
        return f"{question.field} {negation}between {values[0]} and {values[1]}"
    if question.comparator in ("contains", "starts_with", "ends_with"):
        before = "" if question.comparator == "starts_with" else "%"
        after = "" if question.comparator == "ends_with" else "%"
        return f"{question.field} {negation}like {_quoted(f'{before}{question.values[0]}{after}')}"
    operator = "!=" if question.is_negated else _COQL[question.comparator]
    return f"{question.field} {operator} {values[0]}"


def _quoted(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# records


def accounts(count: int, seed: int) -> list[Record]:
    some = random.Random(seed)
    return [
        {
            "Account_Name": _word(some),
            "Annual_Revenue": _maybe(some, lambda: Decimal(some.randint(-500, 500)) / 100),
            "Employees": _maybe(some, lambda: some.randint(-3, 3)),
            "Account_Site": _maybe(some, lambda: _word(some)),
        }
        for _ in range(count)
    ]


def contacts(count: int, seed: int) -> list[Record]:
    some = random.Random(seed)
    return [
        {
            "Last_Name": _word(some),
            "Title": _maybe(some, lambda: _word(some)),
            "Lead_Source": some.choice([None, "Partner", "partner", "Trade Show"]),
            "Email": some.choice([None, "a@x.example", "A@x.example", "b@x.example"]),
            "Date_of_Birth": _maybe(some, lambda: (date(2026, 1, 1) + timedelta(some.randint(0, 4))).isoformat()),
            "Email_Opt_Out": some.choice([True, False]),
        }
        for _ in range(count)
    ]


def _word(some: random.Random) -> str:
    return "".join(some.choices(LETTERS, k=some.randint(1, 5))).strip() or "a"


def _maybe(some: random.Random, make: Callable[[], Any]) -> Any:
    return make() if some.random() < 0.8 else None


def sorted_by(records: Iterable[Record], columns: Iterable[tuple[str, bool]]) -> list[Record]:
    """Sorted by several columns, each with whether it is descending: what is empty last, equal ones by id."""
    found = sorted(records, key=lambda record: int(record["id"]))
    for column, descending in reversed(list(columns)):
        found.sort(key=lambda record: _sort_key(record.get(column)), reverse=descending)
        found.sort(key=lambda record: record.get(column) is None)
    return found


def _sort_key(value: Any) -> Any:
    """Text by its bytes, whatever the case of A to Z; what is empty counts as nothing."""
    if isinstance(value, str):
        return (1, "".join(sign.lower() if sign.isascii() else sign for sign in value).encode())
    return (0, b"") if value is None else (1, value)
