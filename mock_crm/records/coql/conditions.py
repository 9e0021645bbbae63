"""Conditions of a query as members of the typed tree that views and searches use too (crm-api.md §4.11)."""

from typing import Any

from mock_crm import state
from mock_crm.metadata.catalog import REFERENCE_TYPES, Field
from mock_crm.records.asked import LONGEST_WORD, Asker, Unasked, value_of
from mock_crm.records.coql.columns import USER_COLUMNS, Meaning, Reach
from mock_crm.records.coql.errors import invalid_operator, invalid_value
from mock_crm.records.coql.grammar import Comparison
from mock_crm.records.criteria import Comparator, Condition, Criteria, Group

COMPARATORS: dict[str, Comparator] = {
    "=": "equal",
    "!=": "not_equal",
    ">": "greater_than",
    ">=": "greater_equal",
    "<": "less_than",
    "<=": "less_equal",
    "between": "between",
    "not between": "not_between",
    "in": "in",
    "not in": "not_in",
    "is null": "empty",
    "is not null": "not_empty",
}
_EMPTINESS = ("is null", "is not null")
_LOOKUP = ("=", "!=", "in", "not in", *_EMPTINESS)
_TEXT = (*_LOOKUP, "like", "not like")
_ORDERED = (*_LOOKUP, ">", ">=", "<", "<=", "between", "not between")


def operators_of(field: Field) -> tuple[str, ...]:
    if field.data_type == "boolean":
        return ("=",)
    if field.data_type in REFERENCE_TYPES:
        return _LOOKUP
    return _TEXT if field.is_text or field.data_type == "multiselectpicklist" else _ORDERED


def criteria_of(tree: Any, reach: Reach, asker: Asker) -> Criteria:
    """The tree of comparisons as one of criteria. It is no deeper than it has comparisons, which are few."""
    if isinstance(tree, Group):
        return Group(tree.operator, tuple(criteria_of(member, reach, asker) for member in tree.members))
    meaning = reach.meaning(tree.column, "where")
    return _of_user(tree, meaning) if meaning.of_user else _of_field(tree, meaning, asker)


def _of_field(said: Comparison, meaning: Meaning, asker: Asker) -> Criteria:
    field, through = meaning.field, meaning.through
    if said.operator not in operators_of(field):
        raise invalid_operator(said.column, said.operator)
    comparator, words = _compared(said)
    values = []
    for word in words:
        try:
            values.append(value_of(field, word, asker))
        except Unasked:
            raise invalid_value(said.column, said.operator, word) from None
    is_several = field.data_type == "multiselectpicklist" and comparator in ("equal", "not_equal")
    if is_several and ";" in words[0]:
        return _all_of(field, comparator, words[0], through)
    return Condition(field, comparator, tuple(values), through)


def _all_of(field: Field, comparator: Comparator, word: str, through: tuple[str, ...]) -> Criteria:
    """`'English;German'`: both options are chosen (from memory: perhaps others too)."""
    options = [option.strip() for option in word.split(";") if option.strip()][:100]
    conditions = tuple(Condition(field, comparator, (option,), through) for option in options)
    return Group(
        "and" if comparator == "equal" else "or", conditions or (Condition(field, comparator, ("",), through),)
    )


def _compared(said: Comparison) -> tuple[Comparator, tuple[str, ...]]:
    if said.operator not in ("like", "not like"):
        return COMPARATORS[said.operator], said.values
    (pattern,) = said.values
    if said.operator == "not like":
        if len(pattern) < 2 or not (pattern.startswith("%") and pattern.endswith("%")):
            raise invalid_value(said.column, said.operator, pattern)  # the vendor knows `not like '%word%'` only
        return "not_contains", (_inner(said, pattern[1:-1]),)
    ends = (pattern.startswith("%"), len(pattern) > 1 and pattern.endswith("%"))
    word = _inner(said, pattern[int(ends[0]) : len(pattern) - int(ends[1])])
    kinds: dict[tuple[bool, bool], Comparator] = {
        (False, False): "equal",
        (True, False): "ends_with",
        (False, True): "starts_with",
        (True, True): "contains",
    }
    return kinds[ends], (word,)


def _inner(said: Comparison, word: str) -> str:
    """A percent sign stands for anything at the ends of a pattern, and nowhere else."""
    if "%" in word:
        raise invalid_value(said.column, said.operator, said.values[0])
    return word


def _of_user(said: Comparison, meaning: Meaning) -> Criteria:
    """A condition on a user: on who of them the field names. Users are few and known, so that they are asked first."""
    if said.operator not in _TEXT:
        raise invalid_operator(said.column, said.operator)
    comparator, words = _compared(said)
    if any(len(word) > LONGEST_WORD or "\0" in word for word in words):
        raise invalid_value(said.column, said.operator, words[0])
    if comparator in _EMPTY_OF:
        return Condition(meaning.field, comparator, (), meaning.through)
    is_negative = comparator.startswith("not_")
    tested = comparator.removeprefix("not_")
    found = [
        user.id
        for user in state.people().users.values()
        if any(_fits(_asked(USER_COLUMNS[meaning.of_user or ""](user)), tested, word.lower()) for word in words)
    ]
    return Condition(meaning.field, "not_in" if is_negative else "in", tuple(found), meaning.through)


_EMPTY_OF = ("empty", "not_empty")


def _asked(shown: Any) -> str:
    """Profiles and roles are compared by id, everything else as it is shown."""
    return (shown["id"] if isinstance(shown, dict) else shown or "").lower()


def _fits(text: str, comparator: str, word: str) -> bool:
    if comparator == "contains":
        return word in text
    if comparator == "starts_with":
        return text.startswith(word)
    return text.endswith(word) if comparator == "ends_with" else text == word
