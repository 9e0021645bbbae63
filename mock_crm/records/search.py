"""The language of `criteria=` in searches (crm-api.md §4.7).

    criteria  := condition | "(" criteria ")" | criteria ("and" | "or") criteria
    condition := "(" field ":" operator ":" value ")"        the brackets may be missing around a single one

Between conditions of one bracket *and* binds tighter than *or* (from memory). In values `( ) , \\` are written with
a backslash before them.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mock_crm import versions
from mock_crm.errors import InvalidQuery
from mock_crm.metadata.catalog import ROW_TYPES, Field, Module
from mock_crm.records.asked import Asker, Unasked, value_of
from mock_crm.records.criteria import Comparator, Condition, Criteria, Group
from mock_crm.records.language import Joiner, NotWellFormed, TooComplex, tokens_of

MOST_CONDITIONS = 10
MOST_CONDITIONS_V8 = 15  # from memory, like the step itself
MOST_LISTED = 100
#: Conditions, joining words, and more brackets than anybody needs.
MOST_TOKENS = 500

# Possessive, so that nothing is tried twice; the longest value has 100 items.
_CONDITION = (
    r"\s*+(?P<field>[A-Za-z_$][\w.$]{0,200}+)\s*+:\s*+(?P<operator>[A-Za-z_]{1,40}+)\s*+"
    r":(?P<value>(?:[^()\\]|\\.){0,110000}+)"
)
_TOKENS = re.compile(
    rf"(?P<space>\s++)|(?P<condition>\({_CONDITION}\))|(?P<open>\()|(?P<close>\))"
    r"|(?P<join>(?:and|or)(?=\s*+\())",
    re.S | re.I,
)
_BARE = re.compile(_CONDITION, re.S)
_LISTED = re.compile(r",((?:[^,\\]|\\.)*+)", re.S)
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


def parse(text: str, module: Module, asker: Asker) -> Criteria:
    """The tree of a search's criteria.

    Raises:
        InvalidQuery: and nothing else, whatever the text.
    """
    if bare := _BARE.fullmatch(text):
        return _condition(_said(bare), module, asker)
    try:
        tree = _tree(text)
    except TooComplex:
        raise InvalidQuery({"reason": "the criteria is too complex"}) from None
    except NotWellFormed as error:
        near = text[error.place : error.place + 40]
        raise InvalidQuery({"reason": "the criteria is not well formed", "near": near or "end"}) from None
    return _meant(tree, module, asker)


def _tree(text: str) -> _Said | Group:
    """Brackets, joining words and conditions as they were written, joined."""
    most = MOST_CONDITIONS_V8 if versions.current() >= versions.V8 else MOST_CONDITIONS
    joiner: Joiner[_Said] = Joiner()
    count = 0
    for token in tokens_of(text, _TOKENS, MOST_TOKENS):
        if token.kind == "condition":
            count += 1
            joiner.condition(_said(token.found), token.place)
        elif token.kind == "open":
            joiner.open(token.place)
        elif token.kind == "close":
            joiner.close(token.place)
        else:
            joiner.join(token.text.lower(), token.place)
    if count > most:
        raise InvalidQuery({"reason": f"only {most} criteria are allowed", "limit": most})
    return joiner.ended(len(text))


def _meant(tree: Any, module: Module, asker: Asker) -> Criteria:
    """As deep as there are conditions at most, which are few."""
    if isinstance(tree, Group):
        return Group(tree.operator, tuple(_meant(member, module, asker) for member in tree.members))
    return _condition(tree, module, asker)


def _said(found: re.Match[str]) -> _Said:
    return _Said(found.group("field"), found.group("operator").lower(), found.group("value").strip())


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
    if field is not None and versions.current() < field.since:
        field = None
    is_part_fine = not part or (field is not None and field.data_type == "lookup" and part in ("id", "name"))
    if field is None or field.api_name == "Tag" or field.data_type in ROW_TYPES or not is_part_fine:
        raise _refused(said, "the field is not available in the module")
    return field, part


def _values(said: _Said, comparator: Comparator) -> list[str]:
    if comparator not in ("in", "between"):
        return [_unescaped(said.value)]
    listed = islice(_LISTED.finditer("," + said.value), MOST_LISTED + 1)
    parts = [_unescaped(found.group(1).strip()) for found in listed]
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
