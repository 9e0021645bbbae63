"""Finding records: search, count, deleted ones, related ones (crm-api.md §4.7 to §4.9)."""

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, false, func, insert, or_, select

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import LARGEST_PAGE, choice_param, id_of, moment_header, nothing, number_param
from mock_crm.errors import Ambiguity, ExpectedParamMissing, InvalidData, InvalidId, LimitReached
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.related_lists import related_list
from mock_crm.records import criteria, search, store, views
from mock_crm.records.asked import LONGEST_WORD, Asker
from mock_crm.records.deleting import deleted_page
from mock_crm.records.listing import answer_page, fields_param, modified_since, order_param
from mock_crm.records.model import record, record_key, record_lookup, record_read
from mock_crm.records.paging import Page
from mock_crm.records.present import Presenter
from mock_crm.records.values import key_of
from simulator import wire

bp = Blueprint("finding", __name__)

MOST_FOUND = 2_000
SHORTEST_WORD = 2
_WAYS = ("criteria", "email", "phone", "word")
_PHONE_SIGNS = " -().+/"


@bp.get("/<module>/search")
@needs("modules.{module}.READ", "ZohoSearch.securesearch.READ", permission="View")
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
    conditions = [condition, *(view.conditions if view is not None else ()), *modified_since(module)]
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
    return wire.reply({"data": Presenter(module, names).shown(rows), "info": info})


@bp.get("/<module>/actions/count")
@needs("modules.{module}.READ", "ZohoSearch.securesearch.READ", permission="View")
def count_records(module: Module) -> Response:
    condition, view = _searched(module), views.view_param(module)
    if condition is not None and view is not None:
        raise Ambiguity("cvid", next(way for way in _WAYS if request.args.get(way)))
    conditions = [condition] if condition is not None else list(view.conditions) if view is not None else []
    return wire.reply({"count": store.count(module, [*conditions, *modified_since(module)])})


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
            matches.append(func.instr(func.lower(value), digits.lower()) > 0)
    return or_(*matches) if matches else false()


def _by_word(module: Module, word: str) -> ColumnElement[bool]:
    """Any text field that contains the word. The whole JSON is looked into first, which spares most records."""
    if len(word) < SHORTEST_WORD:
        raise InvalidData({"param_name": "word"})
    lowered = word.lower()
    as_json = wire.dumps(lowered).decode()[1:-1]
    may_match = func.instr(criteria.lowercase(record.c["values"], word), as_json) > 0
    matches = [
        func.instr(criteria.lowercase(criteria.kept_value(field), word), lowered) > 0
        for field in module.fields.values()
        if field.is_text and not field.column and not field.is_hidden
    ]
    return may_match & or_(*matches)


_SEARCHES = {"email": _by_email, "phone": _by_phone, "word": _by_word}


@bp.get("/<module>/deleted")
@needs("modules.{module}.READ", permission="View")
def list_deleted(module: Module) -> Response:
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    kind = choice_param("type", ("all", "recycle", "permanent"), "all")
    since = moment_header("If-Modified-Since")
    shown, more = deleted_page(module, kind, since, size, (number - 1) * size)
    if not shown:
        return nothing(304 if since is not None and number == 1 else 204)
    info = {"per_page": size, "count": len(shown), "page": number, "more_records": more}
    return wire.reply({"data": shown, "info": info})


@bp.get("/<module>/<record_id>/<related>")
@needs("modules.{module}.READ", permission="View")
def list_related(module: Module, record_id: str, related: str) -> Response:
    """Records that name this one, by their lookup; the caller must be allowed to see both modules."""
    found = related_list(module.api_name, related)
    if found is None:
        details = {"resource_path_index": 2}
        raise InvalidData(details, "the relation name given seems to be invalid")
    number = id_of(record_id)
    if number is None or not store.exists(module, [record.c.id == number]):
        raise InvalidId({"resource_path_index": 1})
    target = state.catalog().modules[found.target]
    access.require_module(target, "View")
    naming = select(record_lookup.c.record).where(
        record_lookup.c.target == number,
        record_lookup.c.module == target.api_name,
        record_lookup.c.field == found.field,
    )
    names = fields_param(required=True)
    return answer_page(target, [record.c.id.in_(naming)], order_param(target), names, (found.api_name, number))


@bp.post("/<module>/<record_id>/actions/mark_read")
@needs("modules.{module}.READ", permission="View")
def mark_read(module: Module, record_id: str) -> Response:
    """A person opened the record on a screen, so it leaves his *Unread* view. Ours; a GET never marks."""
    number = id_of(record_id)
    if number is None or not store.exists(module, [record.c.id == number]):
        raise InvalidId({"resource_path_index": 1})
    mine = (record_read.c.user_id == access.user().id) & (record_read.c.record == number)
    if db.session.execute(select(record_read.c.record).where(mine)).first() is None:
        db.session.execute(insert(record_read).values(user_id=access.user().id, record=number))
    return nothing()
