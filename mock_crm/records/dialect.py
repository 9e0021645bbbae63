"""What the two databases say differently: reading a record's JSON and looking into text, with equal results.

Each construct says it for SQLite and for PostgreSQL. Text is compared and sorted by its bytes (`COLLATE "C"`, in which
`lower` knows ASCII only), as SQLite does; letters beyond ASCII are folded by Unicode's rules where a word has some.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, TableValuedAlias, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class KeptText(FunctionElement[str]):
    """A text, or a list as JSON, in a document of kept forms; its path is `$.Name`."""

    type = Text()
    inherit_cache = True


class KeptNumber(FunctionElement[int]):
    """A whole number in a document of kept forms."""

    type = BigInteger()
    inherit_cache = True


class KeptFlag(FunctionElement[int]):
    """Yes or no in a document of kept forms, as 1 or 0."""

    type = Integer()
    inherit_cache = True


class Each(FunctionElement[str]):
    """The items of a list in a document of kept forms, as a table of one column, `value`."""

    type = Text()
    inherit_cache = True


class LowerAscii(FunctionElement[str]):
    """The text with the letters A to Z in lower case."""

    type = Text()
    inherit_cache = True


class LowerUnicode(FunctionElement[str]):
    """The text with all letters in lower case; SQLite is taught it by `searching_connection`."""

    type = Text()
    inherit_cache = True


class PlaceIn(FunctionElement[int]):
    """Where a text contains another one, from 1 on; 0 where it does not."""

    type = Integer()
    inherit_cache = True


class Ending(FunctionElement[str]):
    """The last so many signs of a text."""

    type = Text()
    inherit_cache = True


def kept(document: ColumnElement[Any], name: str, data_type: type[Any]) -> ColumnElement[Any]:
    """The kept form of a field in a document: `str`, `int` or `bool` says of what kind."""
    kinds: dict[type[Any], type[FunctionElement[Any]]] = {str: KeptText, int: KeptNumber, bool: KeptFlag}
    return kinds[data_type](document, literal(f"$.{name}"))


def each(document: ColumnElement[Any], name: str) -> TableValuedAlias:
    """The items of a field that holds several; none where it is empty."""
    return Each(document, literal(f"$.{name}")).table_valued("value")


def _says(construct: type[FunctionElement[Any]], sqlite: str, postgresql: str) -> None:
    """Teaches a construct its two forms; `{0}` and `{1}` are its arguments."""
    for dialect, form in (("sqlite", sqlite), ("postgresql", postgresql)):

        def said(element: FunctionElement[Any], compiler: SQLCompiler, *, form: str = form, **options: Any) -> str:
            return form.format(*(compiler.process(part, **options) for part in element.clauses))

        compiles(construct, dialect)(said)


# SQLite wants the path, PostgreSQL the bare name: the `$.` is cut off there, once for a statement. PostgreSQL may look
# at a record before its module is compared, and another module's field of the same name may be of another type: so
# nothing here fails on any value, where a plain cast would.
_VALUE = "(CAST({0} AS JSON) ->> substr({1}, 3))"
_ITEM = "(CAST({0} AS JSON) -> substr({1}, 3))"
_WHOLE = r"^-?(?:\d{{1,18}}|[1-8]\d{{18}})$"
_says(KeptText, "json_extract({0}, {1})", f'({_VALUE} COLLATE "C")')
_says(KeptNumber, "json_extract({0}, {1})", f"CAST(substring({_VALUE} FROM '{_WHOLE}') AS BIGINT)")
_says(KeptFlag, "json_extract({0}, {1})", f"(CASE {_VALUE} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)")
_says(
    Each,
    "json_each(json_extract({0}, {1}))",
    f"json_array_elements_text(CASE json_typeof({_ITEM}) WHEN 'array' THEN {_ITEM} END)",
)
_says(LowerAscii, "lower({0})", 'lower({0} COLLATE "C")')
_says(LowerUnicode, "unicode_lower({0})", '(lower({0} COLLATE "und-x-icu") COLLATE "C")')
_says(PlaceIn, "instr({0}, {1})", "strpos({0}, {1})")
_says(Ending, "substr({0}, -{1})", '"right"({0}, {1})')
