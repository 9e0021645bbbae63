"""Searching users: the language of searches over the people of the CRM (crm-api.md §4.7)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, or_, select

from mock_crm import access
from mock_crm.access import needs
from mock_crm.database import searching_connection
from mock_crm.envelope import LARGEST_PAGE, nothing, number_param
from mock_crm.errors import ExpectedParamMissing, InvalidData, LimitReached
from mock_crm.metadata.catalog import Field, Module
from mock_crm.openapi.parameters import CRITERIA, EMAIL, PAGED, WORD
from mock_crm.openapi.schemas import listed
from mock_crm.organization.model import User as UserRow
from mock_crm.organization.user_shapes import shown_user
from mock_crm.organization.users import TYPE, of_type
from mock_crm.records import search
from mock_crm.records.asked import LONGEST_WORD, Asker
from mock_crm.records.criteria import Comparator, Condition, compiled
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("user_search", __name__)

MOST_FOUND = 2_000
SHORTEST_WORD = 2
_WAYS = ("criteria", "email", "phone", "word")
_COLUMNS = {"id": "bigint", "first_name": "text", "last_name": "text", "email": "text", "zuid": "text"}
_NAMED = ("first_name", "last_name", "email")


@bp.get("/users/search")
@bp.get("/Users/search")
@needs("users.READ", "ZohoSearch.securesearch.READ")
@documented(CRITERIA, EMAIL, WORD, TYPE, *PAGED, _200=listed("users", "User", info=True), _204=None)
def search_users() -> Response:
    """By what stands in columns of their own; telephone numbers of users are none of it."""
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    if number * size > MOST_FOUND:
        raise LimitReached
    statement = select(UserRow.id).where(_searched())
    ids = {row[0] for row in searching_connection().execute(statement)}
    found = [user for user in of_type() if user.id in ids]
    page = found[(number - 1) * size : number * size]
    if not page:
        return nothing()
    info = {"per_page": size, "count": len(page), "page": number, "more_records": len(found) > number * size}
    return wire.reply({"users": [shown_user(user) for user in page], "info": info})


def _searched() -> ColumnElement[bool]:
    """The condition of the first of `criteria email phone word` that is given."""
    way = next((way for way in _WAYS if request.args.get(way)), None)
    if way is None:
        raise ExpectedParamMissing({"param_names": list(_WAYS)})
    given = request.args[way]
    if way == "criteria":
        return _compiled(search.parse(given, _users(), Asker.of(access.user())))
    word = given.strip()
    if way == "phone" or len(word) > LONGEST_WORD or "\0" in word or len(word) < SHORTEST_WORD:
        raise InvalidData({"param_name": way})
    comparator: Comparator = "equal" if way == "email" else "contains"
    names = ("email",) if way == "email" else _NAMED
    fields = _users().fields
    return or_(*(_compiled(Condition(fields[name], comparator, (word,))) for name in names))


def _compiled(criteria: Any) -> ColumnElement[bool]:
    return compiled(criteria, {(): UserRow.__table__})


def _users() -> Module:
    """Users as a module: they have no metadata, but columns of their own."""
    fields = {name: _field(name, kind) for name, kind in _COLUMNS.items()}
    return Module(0, "Users", "Users", "User", "Users", "last_name", "email", 0, fields, ())


def _field(name: str, kind: str) -> Field:
    return Field(
        id=0,
        module="Users",
        api_name=name,
        label=name,
        data_type=kind,
        length=120,
        decimal_place=None,
        column=name,
        lookup_module=None,
        is_custom=False,
        is_mandatory=False,
        is_read_only=True,
        is_unique=False,
        is_hidden=False,
        extra={},
        created_time=None,
    )
