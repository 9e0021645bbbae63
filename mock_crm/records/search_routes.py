"""Finding records: search, count, deleted ones, related ones (crm-api.md §4.7 to §4.9)."""

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, false, func, insert, or_, select

from mock_crm import access, versions
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import LARGEST_PAGE, body, choice_param, id_of, moment_header, nothing, number_param
from mock_crm.errors import Ambiguity, ApiNotSupported, ExpectedParamMissing, InvalidData, InvalidId, LimitReached
from mock_crm.metadata.catalog import Module
from mock_crm.openapi.parameters import CVID, FIELDS, MODIFIED_SINCE, PAGED, SEARCHED, SORTED, STANDING
from mock_crm.openapi.schemas import listed
from mock_crm.records import criteria, dialect, search, store, view_criteria, views
from mock_crm.records.asked import LONGEST_WORD, Asker
from mock_crm.records.deleting import deleted_page
from mock_crm.records.listing import fields_param, modified_since, order_param, standing_params
from mock_crm.records.model import record, record_key, record_read
from mock_crm.records.paging import Page
from mock_crm.records.present import presenter
from mock_crm.records.values import key_of
from simulator import wire
from simulator.app import reads_only
from simulator.openapi import Parameter, documented
from simulator.shapes import choice

bp = Blueprint("finding", __name__)

KINDS = ("all", "recycle", "permanent")
KIND = Parameter("type", "Those that can be restored, those gone for good, or all.", choice(*KINDS))

MOST_FOUND = 2_000
SHORTEST_WORD = 2
_WAYS = ("criteria", "email", "phone", "word")
_PHONE_SIGNS = " -().+/"


@bp.get("/<module>/search")
@needs("modules.{module}.READ", "ZohoSearch.securesearch.READ", permission="View")
@documented(*SEARCHED, FIELDS, CVID, *PAGED, *SORTED, *STANDING, MODIFIED_SINCE, _200="Records", _204=None)
def search_records(module: Module) -> Response:
    """At once, unlike the vendor's index, which lags some seconds."""
    condition = _searched(module)
    if condition is None:
        raise ExpectedParamMissing({"param_names": list(_WAYS)})
    page = Page(number_param("page", 1), number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), None)
    if page.number * page.size > MOST_FOUND:
        raise LimitReached
    names = fields_param(required=False)
    view = views.view_param(module)
    order = view.order if view is not None else order_param(module)
    chosen = view.conditions if view is not None else ()
    conditions = [condition, *chosen, *standing_params(module, view is not None), *modified_since(module)]
    rows, more = store.page_of(module, conditions, order, page)
    if not rows:
        return nothing()
    info = {
        "per_page": page.size,
        "count": len(rows),
        "sort_by": order.name,
        "page": page.number,
        "sort_order": "desc" if order.descending else "asc",
        "more_records": more,
    }
    return wire.reply({"data": presenter(module, names).shown(rows), "info": info})


@bp.get("/<module>/actions/count")
@needs("modules.{module}.READ", "ZohoSearch.securesearch.READ", permission="View")
@documented(*SEARCHED, CVID, *STANDING, MODIFIED_SINCE, _200="Count")
def count_records(module: Module) -> Response:
    return wire.reply({"count": _count(module, [])})


@bp.post("/<module>/actions/count")
@needs("modules.{module}.READ", "ZohoSearch.securesearch.READ", permission="View")
@reads_only
@documented(*SEARCHED, CVID, body="Filters", is_body_optional=True, since="v8", _200="Count")
def count_filtered(module: Module) -> Response:
    """As GET, with criteria of views in the body. Under which key they stand is from memory."""
    if versions.current() < versions.V8:
        raise ApiNotSupported(versions.V8)
    filters = body().get("filters") if request.get_data() else None
    conditions = []
    if filters is not None:
        conditions.append(criteria.compiled(view_criteria.read(filters, module, Asker.of(access.user()), "$.filters")))
    return wire.reply({"count": _count(module, conditions)})


def _count(module: Module, conditions: list[ColumnElement[bool]]) -> int:
    condition, view = _searched(module), views.view_param(module)
    if condition is not None and view is not None:
        message = "Please use either Cvid or Search Params. Combination of both the params is not allowed"
        raise Ambiguity("cvid", next(way for way in _WAYS if request.args.get(way)), message=message)
    chosen = [condition] if condition is not None else list(view.conditions) if view is not None else []
    standing = standing_params(module, view is not None)
    return store.count(module, [*conditions, *chosen, *standing, *modified_since(module)])


def _searched(module: Module) -> ColumnElement[bool] | None:
    """The condition of the first of `criteria email phone word` that is given."""
    way = next((way for way in _WAYS if request.args.get(way)), None)
    if way is None:
        return None
    given = request.args[way]
    if way == "criteria":
        return criteria.compiled(search.parse(given, module, Asker.of(access.user())))
    if len(given) > LONGEST_WORD or "\0" in given:
        raise InvalidData({"param_name": way})
    return _SEARCHES[way](module, given.strip())


def _by_email(module: Module, email: str) -> ColumnElement[bool]:
    """Any email field, exactly, by the key table."""
    fields = [field.api_name for field in module.fields.values() if field.data_type == "email"]
    found = select(record_key.c.record).where(
        record_key.c.module == module.api_name, record_key.c.field.in_(fields), record_key.c.value == key_of(email)
    )
    return record.c.id.in_(found)


def _by_phone(module: Module, phone: str) -> ColumnElement[bool]:
    """Any phone field that contains the number, whatever it is punctuated with (from memory)."""
    digits = phone
    for sign in _PHONE_SIGNS:
        digits = digits.replace(sign, "")
    if not digits:
        raise InvalidData({"param_name": "phone"})
    matches = []
    for field in module.fields.values():
        if field.data_type == "phone":
            value = criteria.kept_value(field)
            for sign in _PHONE_SIGNS:
                value = func.replace(value, sign, "")
            matches.append(dialect.PlaceIn(dialect.LowerAscii(value), digits.lower()) > 0)
    return or_(*matches) if matches else false()


def _by_word(module: Module, word: str) -> ColumnElement[bool]:
    """Any text field that contains the word. The whole JSON is looked into first, which spares most records."""
    if len(word) < SHORTEST_WORD:
        raise InvalidData({"param_name": "word"})
    lowered = word.lower()
    as_json = wire.dumps(lowered).decode()[1:-1]
    may_match = dialect.PlaceIn(criteria.lowercase(record.c["values"], word), as_json) > 0
    matches = [
        dialect.PlaceIn(criteria.lowercase(criteria.kept_value(field), word), lowered) > 0
        for field in module.fields.values()
        if field.is_text and not field.column and not field.is_hidden
    ]
    return may_match & or_(*matches)


_SEARCHES = {"email": _by_email, "phone": _by_phone, "word": _by_word}


@bp.get("/<module>/deleted")
@needs("modules.{module}.READ", permission="View")
@documented(KIND, *PAGED, MODIFIED_SINCE, _200=listed("data", "DeletedRecord", info=True), _204=None, _304=None)
def list_deleted(module: Module) -> Response:
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    kind = choice_param("type", KINDS, "all")
    since = moment_header("If-Modified-Since")
    shown, more = deleted_page(module, kind, since, size, (number - 1) * size)
    if not shown:
        return nothing(304 if since is not None and number == 1 else 204)
    info = {"per_page": size, "count": len(shown), "page": number, "more_records": more}
    return wire.reply({"data": shown, "info": info})


@bp.post("/<module>/<record_id>/actions/mark_read")
@needs("modules.{module}.READ", permission="View")
@documented(_204=None)
def mark_read(module: Module, record_id: str) -> Response:
    """A person opened the record on a screen, so it leaves his *Unread* view. Ours; a GET never marks."""
    number = id_of(record_id)
    if number is None or not store.exists(module, [record.c.id == number]):
        raise InvalidId({"resource_path_index": 1})
    mine = (record_read.c.user_id == access.user().id) & (record_read.c.record == number)
    if db.session.execute(select(record_read.c.record).where(mine)).first() is None:
        db.session.execute(insert(record_read).values(user_id=access.user().id, record=number))
    return nothing()
