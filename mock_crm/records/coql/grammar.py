"""The grammar of COQL: a query as it was written, before anybody looks at what its names mean (crm-api.md §4.11).

select columns from Module[#view] where conditions [group by columns] [order by columns] [limit [a,] b] [offset c]
"""

from dataclasses import dataclass
from typing import Any

from mock_crm.errors import InvalidData, InvalidQuery
from mock_crm.records.coql.errors import InvalidAlias, NotCoql, missing, too_many, unknown_aggregate
from mock_crm.records.coql.tokens import Tokens, meant
from mock_crm.records.language import Joiner, NotWellFormed

AGGREGATES = ("SUM", "MIN", "MAX", "AVG", "COUNT")
MOST_COLUMNS = 50
MOST_CONDITIONS = 25
MOST_LISTED = 50
MOST_GROUPED = 4
MOST_ORDERED = 10
MOST_AGGREGATES = 5
OPERATORS = ("=", "!=", ">", "<", ">=", "<=")
_CLAUSES = ("from", "where", "group", "order", "limit", "offset")


@dataclass(frozen=True)
class Column:
    """A column of `select`; `aggregate` is one of AGGREGATES."""

    name: str
    aggregate: str | None = None
    alias: str | None = None

    @property
    def written(self) -> str:
        return f"{self.aggregate}({self.name})" if self.aggregate else self.name

    @property
    def key(self) -> str:
        """What it is called in answers."""
        return self.alias or self.written


@dataclass(frozen=True)
class Comparison:
    """A condition as it was written, its operator in lower case with single spaces."""

    column: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Sorting:
    column: Column
    descending: bool


@dataclass(frozen=True)
class Query:
    """Attributes:
    conditions: a tree of groups whose leaves are comparisons; never deeper than it has comparisons.
    """

    columns: tuple[Column, ...]
    module: str
    view: int | None
    conditions: Any
    compared: int
    grouped: tuple[str, ...]
    ordered: tuple[Sorting, ...]
    limit: int | None
    offset: int


def parse(text: str) -> Query:
    """
    Raises:
        CrmError: whatever the text, in the vendor's words.
    """
    tokens = Tokens(text)
    if not tokens.take_if("select"):
        raise NotCoql({}, "given coql query not supported")
    columns = _columns(tokens)
    if not tokens.take_if("from"):
        raise missing("from") if tokens.next is None or tokens.comes(*_CLAUSES) else tokens.wrong()
    module = meant(tokens.take("bare", "string"))
    view = int(tokens.take("view").text[1:]) if tokens.next is not None and tokens.next.kind == "view" else None
    if not tokens.take_if("where"):
        raise missing("where") if tokens.next is None or tokens.comes(*_CLAUSES) else tokens.wrong()
    conditions, compared = _conditions(tokens)
    grouped = _grouped(tokens) if tokens.take_if("group", "by") else ()
    ordered = _ordered(tokens) if tokens.take_if("order", "by") else ()
    limit, offset = _limit(tokens)
    if tokens.next is not None:
        raise tokens.wrong()
    return Query(columns, module, view, conditions, compared, grouped, ordered, limit, offset)


def _columns(tokens: Tokens) -> tuple[Column, ...]:
    columns = [_column(tokens)]
    while tokens.take_sign(","):
        columns.append(_column(tokens))
    if len(columns) > MOST_COLUMNS:
        raise too_many("select", MOST_COLUMNS)
    if sum(column.aggregate is not None for column in columns) > MOST_AGGREGATES:
        raise too_many("aggregate", MOST_AGGREGATES)
    return tuple(columns)


def _column(tokens: Tokens) -> Column:
    """A name, or an aggregate of one; then perhaps what it is to be called, with or without `as`."""
    column = _named(tokens)
    is_called = tokens.take_if("as")
    token = tokens.next
    if not is_called and (token is None or token.kind not in ("bare", "string") or tokens.comes(*_CLAUSES)):
        return column
    alias = meant(tokens.take("bare", "string")).strip()
    if not alias:
        raise InvalidAlias({"column_name": column.name, "alias": ""})
    return Column(column.name, column.aggregate, alias)


def _named(tokens: Tokens) -> Column:
    if tokens.comes(*_CLAUSES):
        raise tokens.wrong()
    name = meant(tokens.take("bare", "string"))
    if not tokens.take_sign("("):
        return Column(name)
    column = meant(tokens.take("bare", "string"))
    tokens.expect_sign(")")
    if name not in AGGREGATES:  # whose case matters
        raise unknown_aggregate(name, column)
    return Column(column, name)


def _conditions(tokens: Tokens) -> tuple[Any, int]:
    """The tree of the `where` clause, and how many conditions it has."""
    joiner: Joiner[Comparison] = Joiner(is_pairwise=True)
    count = 0
    try:
        while tokens.next is not None:
            place = tokens.place
            if tokens.take_sign("("):
                joiner.open(place)
            elif joiner.is_open and tokens.take_sign(")"):
                joiner.close(place)
            elif not joiner.wants_operand and tokens.comes("and", "or"):
                joiner.join(tokens.take("bare").text.lower(), place)
            elif joiner.wants_operand and not tokens.comes(*_CLAUSES):
                count += 1
                joiner.condition(_comparison(tokens), place)
            else:
                break
        tree = joiner.ended(tokens.place)
    except NotWellFormed as error:
        raise tokens.wrong(error.place) from None
    if count > MOST_CONDITIONS:
        raise too_many("where", MOST_CONDITIONS)
    return tree, count


def _comparison(tokens: Tokens) -> Comparison:
    column = meant(tokens.take("bare", "string"))
    token = tokens.next
    if token is not None and token.kind == "operator":
        tokens.take("operator")
        if token.text not in OPERATORS:
            raise NotCoql({"operator": token.text}, "operator not supported")
        return Comparison(column, token.text, (_value(tokens),))
    if tokens.take_if("is"):
        operator = "is not null" if tokens.take_if("not") else "is null"
        if not tokens.take_if("null"):
            raise tokens.wrong()
        return Comparison(column, operator, ())
    negation = "not " if tokens.take_if("not") else ""
    if tokens.take_if("like"):
        return Comparison(column, f"{negation}like", (_value(tokens),))
    if tokens.take_if("between"):
        first = _value(tokens)
        if not tokens.take_if("and"):
            raise tokens.wrong()
        return Comparison(column, f"{negation}between", (first, _value(tokens)))
    if tokens.take_if("in"):
        return Comparison(column, f"{negation}in", _listed(tokens))
    if negation:
        raise NotCoql({"operator": "not"}, "operator not supported")
    raise tokens.wrong()


def _value(tokens: Tokens) -> str:
    return meant(tokens.take("bare", "string"))


def _listed(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect_sign("(")
    if tokens.comes("select"):  # subqueries are not emulated
        raise NotCoql({}, "given coql query not supported")
    values = [_value(tokens)]
    while tokens.take_sign(","):
        values.append(_value(tokens))
    tokens.expect_sign(")")
    if len(values) > MOST_LISTED:
        raise too_many("in", MOST_LISTED)
    return tuple(values)


def _grouped(tokens: Tokens) -> tuple[str, ...]:
    names = [meant(tokens.take("bare", "string"))]
    while tokens.take_sign(","):
        names.append(meant(tokens.take("bare", "string")))
    if len(names) > MOST_GROUPED:
        raise too_many("group by", MOST_GROUPED)
    return tuple(names)


def _ordered(tokens: Tokens) -> tuple[Sorting, ...]:
    found: list[Sorting] = []
    while not found or tokens.take_sign(","):
        column = _named(tokens)
        descending = tokens.take_if("desc")
        if not descending:
            tokens.take_if("asc")
        found.append(Sorting(column, descending))
    if len(found) > MOST_ORDERED:
        raise too_many("order by", MOST_ORDERED)
    return tuple(found)


def _limit(tokens: Tokens) -> tuple[int | None, int]:
    """`limit a`, `limit a offset b` or `limit b, a`: the limit and the offset."""
    limit, offset = None, 0
    if tokens.take_if("limit"):
        limit = _number(tokens, "limit")
        if tokens.take_sign(","):
            return _number(tokens, "limit", least=1), limit
        if limit < 1:
            raise InvalidData({}, "limit should be greater than 0")
    if tokens.take_if("offset"):
        offset = _number(tokens, "offset")
    return limit, offset


def _number(tokens: Tokens, clause: str, least: int = 0) -> int:
    if tokens.next is None:
        raise tokens.wrong()
    text = meant(tokens.take("bare", "string"))
    if clause == "limit" and text.startswith("-") and text[1:].isdecimal():
        raise InvalidData({}, "limit should be greater than 0")
    if not (text.isascii() and text.isdecimal()):
        raise InvalidQuery({clause: text[:100]}, f"{clause} given seems to be invalid")
    number = int(text[:10]) if len(text) <= 10 else 10**10
    if number < least:
        raise InvalidData({}, "limit should be greater than 0")
    return number
