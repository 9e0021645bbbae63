"""The language of `criteria=` in searches (crm-api.md §4.7): a tokenizer and a parser that never recurses.

    criteria  := condition | "(" criteria ")" | criteria ("and" | "or") criteria
    condition := "(" field ":" operator ":" value ")"        the brackets may be missing around a single one

Between conditions of one bracket *and* binds tighter than *or* (from memory). In values `( ) , \\` are written with
a backslash before them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mock_crm import versions
from mock_crm.errors import InvalidQuery
from mock_crm.metadata.catalog import Field, Module
from mock_crm.records.asked import Asker, Unasked, value_of
from mock_crm.records.criteria import Comparator, Condition, Criteria, Group

MOST_CONDITIONS = 10
MOST_CONDITIONS_V8 = 15  # from memory, like the step itself
MOST_LISTED = 100

_OPENING = re.compile(r"\(\s*(?=[A-Za-z_$][\w.$]*\s*:)")
_CONDITION = re.compile(r"\s*([A-Za-z_$][\w.$]*)\s*:\s*([A-Za-z_]+)\s*:((?:[^()\\]|\\.)*)", re.S)
_JOIN = re.compile(r"(and|or)(?=\s*\()", re.I)
_LISTED = re.compile(r",((?:[^,\\]|\\.)*)", re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)

COMPARATORS: dict[str, Comparator] = {
    "equals": "equal",
    "equal": "equal",
    "not_equal": "not_equal",
    "starts_with": "starts_with",
    "greater_than": "greater_than",
    "greater_equal": "greater_equal",
    "less_than": "less_than",
    "less_equal": "less_equal",
    "between": "between",
    "in": "in",
}
_TEXT = ("equal", "not_equal", "starts_with", "in")
_NUMBER = ("equal", "not_equal", "greater_than", "greater_equal", "less_than", "less_equal", "between", "in")
#: Operators by data type (crm-api.md §4.7).
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": _TEXT,
    "email": _TEXT,
    "phone": _TEXT,
    "website": _TEXT,
    "textarea": ("equal", "not_equal", "starts_with"),
    "picklist": ("equal", "not_equal", "in"),
    "autonumber": ("equal", "not_equal", "in"),
    "multiselectpicklist": ("equal", "not_equal", "in", "starts_with"),
    "lookup": ("equal", "not_equal", "in"),
    "ownerlookup": ("equal", "not_equal", "in"),
    "userlookup": ("equal", "not_equal", "in"),
    "boolean": ("equal", "not_equal"),
}
_OLD_OPERATORS = ("equal", "starts_with")


@dataclass(frozen=True)
class _Said:
    """A condition as it was written."""

    field: str
    operator: str
    value: str


_Token = str | _Said


def parse(text: str, module: Module, asker: Asker) -> Criteria:
    """The tree of a search's criteria.

    Raises:
        InvalidQuery: and nothing else, whatever the text.
    """
    tokens = list(_tokens(text))
    said = [token for token in tokens if isinstance(token, _Said)]
    most = MOST_CONDITIONS_V8 if versions.current() >= versions.V8 else MOST_CONDITIONS
    if len(said) > most:
        raise InvalidQuery({"reason": f"only {most} criteria are allowed", "limit": most})
    operands: list[Criteria] = []
    waiting: list[str] = []
    is_operand_next = True
    for token in tokens:
        if isinstance(token, _Said):
            _expect(is_operand_next, token.field)
            operands.append(_condition(token, module, asker))
            is_operand_next = False
        elif token == "(":
            _expect(is_operand_next, token)
            waiting.append(token)
        elif token == ")":
            _expect(not is_operand_next and "(" in waiting, token)
            while waiting[-1] != "(":
                _join(operands, waiting.pop())
            waiting.pop()
        else:
            _expect(not is_operand_next, token)
            while waiting and waiting[-1] != "(" and (waiting[-1] == "and" or token == "or"):
                _join(operands, waiting.pop())
            waiting.append(token)
            is_operand_next = True
    _expect(not is_operand_next and "(" not in waiting, "end")
    while waiting:
        _join(operands, waiting.pop())
    return operands[0]


def _expect(is_so: bool, near: str) -> None:
    if not is_so:
        raise InvalidQuery({"reason": "the criteria is not well formed", "near": near})


def _join(operands: list[Criteria], operator: str) -> None:
    """Joins the last two; a group of the same operator is widened, so the tree stays shallow."""
    right, left = operands.pop(), operands.pop()
    members = [
        member
        for side in (left, right)
        for member in (side.members if isinstance(side, Group) and side.operator == operator else (side,))
    ]
    operands.append(Group("and" if operator == "and" else "or", tuple(members)))


def _tokens(text: str) -> Iterator[_Token]:
    """Brackets, joining words and conditions in turn."""
    place = 0
    if found := _CONDITION.fullmatch(text):
        yield _said(found)
        return
    while place < len(text):
        sign = text[place]
        if sign.isspace():
            place += 1
        elif opening := _OPENING.match(text, place):
            found = _CONDITION.match(text, opening.end())
            if found is None or text[found.end() : found.end() + 1] != ")":
                raise InvalidQuery({"reason": "a condition is field:operator:value", "near": text[place : place + 40]})
            yield _said(found)
            place = found.end() + 1
        elif sign in "()":
            yield sign
            place += 1
        elif joining := _JOIN.match(text, place):
            yield joining.group(1).lower()
            place = joining.end()
        else:
            raise InvalidQuery({"reason": "the criteria is not well formed", "near": text[place : place + 40]})


def _said(found: re.Match[str]) -> _Said:
    return _Said(found.group(1), found.group(2).lower(), found.group(3).strip())


def _condition(said: _Said, module: Module, asker: Asker) -> Condition:
    field, part = _field(said, module)
    comparator = COMPARATORS.get(said.operator)
    allowed = OPERATORS.get(field.data_type, _NUMBER)
    if comparator is None or comparator not in allowed:
        raise _refused(said, "the operator is not supported by the field")
    if versions.current() < versions.V3 and comparator not in _OLD_OPERATORS:
        raise _refused(said, "the operator is not supported in this version")
    parts = _values(said, comparator)
    try:
        values = tuple(value_of(field, value, asker) for value in parts)
    except Unasked:
        raise _refused(said, "the value does not fit the field") from None
    if part == "id" and not all(isinstance(value, int) for value in values):
        raise _refused(said, "the value is no id")
    if part == "name":
        values = tuple(parts)
    if comparator == "equal" and field.data_type in ("text", "textarea") and not field.is_unique:
        comparator = "contains"  # *equals* finds ABC Inc for ABC (crm-api.md §4.7)
    return Condition(field, comparator, values)


def _field(said: _Said, module: Module) -> tuple[Field, str]:
    """The field a condition names; `Account_Name.name` and `.id` say which part of a lookup is meant."""
    name, _, part = said.field.partition(".")
    field = module.fields.get(name)
    is_part_fine = not part or (field is not None and field.data_type == "lookup" and part in ("id", "name"))
    if field is None or field.api_name == "Tag" or not is_part_fine:
        raise _refused(said, "the field is not available in the module")
    return field, part


def _values(said: _Said, comparator: Comparator) -> list[str]:
    if comparator not in ("in", "between"):
        return [_unescaped(said.value)]
    parts = [_unescaped(found.group(1).strip()) for found in _LISTED.finditer("," + said.value)]
    if comparator == "between" and len(parts) != 2:
        raise _refused(said, "between takes two values")
    if len(parts) > MOST_LISTED:
        raise _refused(said, f"only {MOST_LISTED} values are allowed")
    return parts


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _refused(said: _Said, reason: str) -> InvalidQuery:
    details: dict[str, Any] = {"api_name": said.field, "operator": said.operator, "reason": reason}
    return InvalidQuery(details)
