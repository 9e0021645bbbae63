"""Parameters of lists of records: fields, views, sorting, and the answer with its paging (crm-api.md §4.1)."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request
from sqlalchemy import ColumnElement, false, select

from mock_crm import access, versions
from mock_crm.database import db
from mock_crm.envelope import choice_param, ids_param, moment_header, nothing
from mock_crm.errors import FieldsMissing, InvalidData, LimitExceeded
from mock_crm.metadata.catalog import Module
from mock_crm.records import beside, store
from mock_crm.records.criteria import sort_value
from mock_crm.records.model import CONVERTED, record
from mock_crm.records.paging import Order, info, page_wanted
from mock_crm.records.present import presenter
from simulator import wire

MOST_FIELDS = 50
FEW = 500
SORTABLE = ("id", "Created_Time", "Modified_Time")


def fields_param(*, required: bool) -> list[str] | None:
    """The field names asked for; None for all.

    An empty `fields=` counts as all: a common client sends it for modules without metadata (crm-api.md §4.1).

    Raises:
        FieldsMissing: when lists must say their fields (from v3 on) and this one does not.
    """
    given = request.args.get("fields")
    if given is None:
        if required and versions.current() >= versions.V3:
            raise FieldsMissing({"param_name": "fields"})
        return None
    names = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    if len(names) > MOST_FIELDS and versions.current() >= versions.V3:
        raise LimitExceeded({"limit": MOST_FIELDS, "param_name": "fields"})
    return names or None


def order_param(module: Module) -> Order:
    """`sort_by` and `sort_order`; v2 is said to have sorted by any field (from memory)."""
    name = request.args.get("sort_by") or "id"
    known = module.fields.get(name)
    if known is None or (name not in SORTABLE and versions.current() >= versions.V3):
        raise InvalidData({"param_name": "sort_by"})
    descending = choice_param("sort_order", ("asc", "desc"), "desc") == "desc"
    return Order(name, sort_value(known), record.c.id, descending, may_be_empty=not known.column)


def ids_condition() -> tuple[list[int] | None, list[ColumnElement[bool]]]:
    """`ids`: only these; whoever names them need not say which fields he wants."""
    if "ids" not in request.args:
        return None, []
    ids = ids_param()
    return ids, [record.c.id.in_(ids)]


def standing_params(module: Module, has_view: bool) -> list[ColumnElement[bool]]:
    """`converted` and `approved` (crm-api.md §4.1): converted leads are left out unless asked for.

    There are no approvals, so that all records count as approved; and no territories, so that none can be named. A
    view says by itself whether converted leads are in it.
    """
    if request.args.get("territory_id"):
        raise InvalidData({"param_name": "territory_id"})
    conditions: list[ColumnElement[bool]] = []
    if choice_param("approved", ("true", "false", "both"), "true") == "false":
        conditions.append(false())
    is_asked = bool(request.args.get("converted"))
    converted = choice_param("converted", ("true", "false", "both"), "false")
    if CONVERTED in module.fields and converted != "both" and (is_asked or not has_view):
        conditions.append(record.c.is_converted.is_(converted == "true"))
    return conditions


def modified_since(module: Module) -> list[ColumnElement[bool]]:
    """`If-Modified-Since`, inclusive (crm-api.md §4.1).

    Where few records are that new they are named one by one: the list is sorted by id, and SQLite would rather walk
    through all of a module in that order than find ten by their time and sort them.
    """
    since = moment_header("If-Modified-Since")
    if since is None:
        return []
    recent = select(record.c.id).where(*store.alive(module), record.c.modified_time >= since).limit(FEW + 1)
    ids = [row[0] for row in db.session.execute(recent)]
    return [record.c.id.in_(ids)] if len(ids) <= FEW else [record.c.modified_time >= since]


def shown_by(
    module: Module, names: Sequence[str] | None, rows: Sequence[Any], whole: bool = False
) -> list[dict[str, Any]]:
    """Records as they go out, with what notes and attachments have beside their fields."""
    shown = presenter(module, names, whole=whole).shown(rows)
    beside.dress(module, shown)
    return shown


def answer_page(
    module: Module,
    conditions: Sequence[ColumnElement[bool]],
    order: Order,
    names: Sequence[str] | None,
    bound_to: Sequence[Any],
    add: Callable[[list[dict[str, Any]]], None] | None = None,
) -> Response:
    """A page of records; 204 when there is none, 304 when there is none since `If-Modified-Since`.

    Args:
        add: what is shown with each record beside its own values.
    """
    since = modified_since(module)
    header = request.headers.get("If-Modified-Since", "")
    standing = [request.args.get(name, "") for name in ("converted", "approved")]
    asked = (access.user().id, module.api_name, order.name, order.descending, header, *standing, *bound_to)
    binding = "|".join(str(part) for part in asked)
    page = page_wanted(binding)
    rows, more = store.page_of(module, [*conditions, *since], order, page)
    if not rows:
        return nothing(304 if since and page.number == 1 else 204)
    if add is None and not beside.dresses(module):
        data: Any = presenter(module, names).written(rows)
    else:
        data = shown_by(module, names, rows)
        if add is not None:
            add(data)
    return wire.reply({"data": data, "info": info(page, rows, more, order, binding)})
