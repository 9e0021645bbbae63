"""What COQL refuses, in the vendor's codes, words and details (crm-api.md §4.11)."""

from typing import Any

from mock_crm.errors import CrmError, DuplicateData, InvalidData, InvalidModule, InvalidQuery, LimitExceeded


class NotCoql(CrmError):
    """The text is no query; where that is known the details name the clause, the place or the operator."""

    code, status, message = "SYNTAX_ERROR", 400, "error occured while parsing the query"


class InvalidAlias(CrmError):
    code, status, message = "INVALID_ALIAS", 400, "alias name cannot be an empty string"


class DuplicateAlias(CrmError):
    code, status, message = "DUPLICATE_ALIAS", 400, "same alias cannot refer more than one column"


def missing(clause: str) -> NotCoql:
    return NotCoql({"clause": clause}, "missing clause")


def unexpected(text: str, place: int) -> NotCoql:
    """A token where it may not stand; lines and columns are counted from one."""
    before = text[:place]
    near = text[place : place + 40].split(None, 1)[:1]
    where = {"line": before.count("\n") + 1, "column": place - before.rfind("\n"), "near": near[0] if near else ""}
    return NotCoql(where, "unexpected token")


def invalid_column(name: str, clause: str) -> InvalidQuery:
    return InvalidQuery({"column_name": name, "reason": "column given seems to be invalid", "clause": clause})


def unsupported_column(name: str, clause: str) -> InvalidQuery:
    return InvalidQuery({"column_name": name, "clause": clause}, "unsupported column")


def invalid_operator(name: str, operator: str) -> InvalidQuery:
    return InvalidQuery({"reason": "invalid operator found", "column_name": name, "operator": operator})


def invalid_value(name: str, operator: str, value: str) -> InvalidQuery:
    """The words are from memory."""
    details = {"column_name": name, "operator": operator, "value": value[:100], "clause": "where"}
    return InvalidQuery({"reason": "value given seems to be invalid for the column", **details})


def too_many(what: str, most: int, message: str | None = None) -> LimitExceeded:
    """From memory: the details of the vendor's answer are not recorded."""
    return LimitExceeded({"clause": what, "limit": most}, message)


def duplicate(name: str, clause: str, aggregate: str | None = None) -> DuplicateData:
    if aggregate is not None:
        return DuplicateData({"column_name": name, "aggregate": aggregate}, "duplicate aggregate function")
    words = {"select": "duplicate select column"}.get(clause, f"duplicate column in {clause}")
    return DuplicateData({"column_name": name}, words)


def unknown_aggregate(name: str, column: str) -> InvalidData:
    return InvalidData({"reason": "unsupported aggregate function", "column": f"{name}({column})"})


def unknown_module() -> InvalidModule:
    return InvalidModule({}, "the given module is not supported in api")


def unknown_view(number: Any) -> InvalidQuery:
    return InvalidQuery({"cvid": str(number)}, "the cvid given seems to be invalid")
