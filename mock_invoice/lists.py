"""Lists: paging, sorting, filters and the page_context that ends them (invoice-api.md §2.2, §2.3).

A resource says once which columns its rows need, which parameters filter them and by what they sort; all of it
becomes one statement, and what depends on the page's rows comes by one more.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from flask import Response, request
from sqlalchemy import ColumnElement, Date, Select, bindparam, func, or_, select

from mock_invoice import tables
from mock_invoice.access import current_organization
from mock_invoice.database import PAGE, db
from mock_invoice.errors import InvalidValue
from mock_invoice.filters import Column, Condition, Filter, checked_text
from mock_invoice.parsing import id_list, moment_of, wanted_format
from simulator import clock, revision, wire
from simulator.database import connection
from simulator.packed import PackedPage

LARGEST_PAGE = PAGE
#: Answers that are kept, of some 400 KB at most: lists are polled more than they change.
PAGES_KEPT = 16
LARGEST_NUMBER = 10**12
#: What a list is mostly asked with; a resource has some fifty other parameters to look for.
NO_CONDITIONS = frozenset(("page", "per_page", "sort_column", "sort_order", "organization_id"))

#: Rows of a listing's columns, in their order.
Rows = Sequence[Any]
#: The day of the request, in conditions that are built once; whoever runs a statement of a list sets it.
TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True, eq=False)
class Listing:
    """What a resource's list is like. All that does not depend on the request is built once."""

    key: str
    report_name: str
    model: Any
    columns: Sequence[Column]
    #: Shows rows of the columns by themselves and what stands `beside` them: by nothing else that differs between
    #: requests but the organization and the day, for answers are kept.
    render: Callable[[Rows, Any], list[dict[str, Any]]]
    filters: Sequence[Filter]
    sorts: dict[str, Column]
    sort_column: str
    sort_order: str = "A"
    #: What `filter_by` may say; None filters nothing.
    statuses: dict[str, Condition | None] = field(default_factory=dict)
    default_filter: str = "Status.All"
    search: Sequence[Column] = ()
    #: Ours: many records at once by their ids, e.g. `invoice_ids=1,2` (the vendor has it for sales orders only).
    ids_parameter: str = ""
    joins: Sequence[tuple[Any, Condition]] = ()
    #: What rows show that does not stand in them, read by the ids of a page's records.
    beside: Callable[[list[int]], Any] = lambda record_ids: None

    @cached_property
    def statuses_in_one_word(self) -> dict[str, Condition | None]:
        """What `status` may say: what stands behind the point; where two have one word, the first is meant."""
        return {name.partition(".")[2].lower(): condition for name, condition in reversed(self.statuses.items())}

    @cached_property
    def rows(self) -> Select[Any]:
        """The rows of the caller's organization; the page, its order and its filters come on top."""
        return self._joined(select(*self.columns))

    @cached_property
    def pages(self) -> dict[tuple[str, str], PackedPage]:
        """The same without filters, by sort column and order: what clients page through."""
        return {
            order: PackedPage(self.rows.order_by(*columns).limit(bindparam("most")).offset(bindparam("first")))
            for order, columns in self.orders.items()
        }

    def summed(self, *sums: Column) -> Select[Any]:
        return self._joined(select(func.count(), *(func.sum(column) for column in sums)).select_from(self.model))

    def _joined(self, statement: Select[Any]) -> Select[Any]:
        for table, condition in self.joins:
            statement = statement.outerjoin(table, condition)
        return statement.where(self.model.organization_id == bindparam("of_organization"))

    @cached_property
    def orders(self) -> dict[tuple[str, str], tuple[ColumnElement[Any], ...]]:
        """What each sort column and order means; ids settle ties, so that pages do not overlap.

        Nothing is less than anything, also for databases that think otherwise.
        """
        sorts = {
            "created_time": self.model.created_time,
            "last_modified_time": self.model.last_modified_time,
            **self.sorts,
        }
        tie = self.model.id
        ascending = {(name, "A"): (column.asc().nulls_first(), tie.asc()) for name, column in sorts.items()}
        return ascending | {(name, "D"): (column.desc().nulls_last(), tie.desc()) for name, column in sorts.items()}


def answer_list(listing: Listing, context: dict[str, Any] | None = None) -> Response:
    """The page a request asks for, or a file of its rows; `context` is added to its page_context."""
    mark = revision.current()
    if mark is None or context:
        answer = _written(listing, context or {})
    else:
        answer = _kept(listing, request.query_string, mark, *_bound().values())
    if wanted := wanted_format():
        return tables.file_of(listing.key, wanted, wire.loads(answer)[listing.key])
    return wire.written(answer)


@lru_cache(maxsize=PAGES_KEPT)
def _kept(listing: Listing, *_decisive: Hashable) -> bytes:
    """The answer for whoever asks again: all that decides it is its key, so that no other can be met here."""
    return _written(listing, {})


def _written(listing: Listing, context: dict[str, Any]) -> bytes:
    criteria: list[dict[str, str]] = []
    conditions = _conditions(listing, criteria)
    page, per_page = paging()
    name, order = _order(listing)
    rows = _rows(listing, conditions, (name, order), per_page + 1, (page - 1) * per_page)
    page_context: dict[str, Any] = {
        **context,
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "report_name": listing.report_name,
        "applied_filter": request.args.get("filter_by") or listing.default_filter,
        "custom_fields": [],
        "sort_column": name,
        "sort_order": order,
    }
    if criteria:
        page_context["search_criteria"] = criteria
    if text := request.args.get("search_text"):
        page_context["search_text"] = text
    shown = _shown(listing, rows[:per_page])
    return wire.dumps({"code": 0, "message": "success", listing.key: shown, "page_context": page_context})


def _rows(
    listing: Listing, conditions: list[Condition], order: tuple[str, str], most: int, first: int
) -> Sequence[Any]:
    if not conditions:
        return listing.pages[order].rows(connection(), **_bound(), most=most, first=first)
    statement = listing.rows.where(*conditions).order_by(*listing.orders[order]).limit(most).offset(first)
    return db.session.execute(statement, _bound()).all()


def _shown(listing: Listing, rows: Rows) -> list[dict[str, Any]]:
    return listing.render(rows, listing.beside([row[0] for row in rows])) if rows else []


def count_matching(listing: Listing, sums: Sequence[Column] = ()) -> Sequence[Any]:
    """How many records a request's filters match, and sums over them."""
    statement = listing.summed(*sums).where(*_conditions(listing, []))
    return tuple(db.session.execute(statement, _bound()).one())


def _bound() -> dict[str, Hashable]:
    """What a list's statements take; nothing else about the request decides what it shows, but its query."""
    organization = current_organization()
    return {"of_organization": organization.id, "today": clock.today(organization.time_zone)}


def paging() -> tuple[int, int]:
    """Page and page size; a size beyond the largest is the largest."""
    return _whole("page", 1), min(_whole("per_page", LARGEST_PAGE), LARGEST_PAGE)


def _whole(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:20]) <= LARGEST_NUMBER:
        raise InvalidValue(name)
    return int(text)


def _conditions(listing: Listing, criteria: list[dict[str, str]]) -> list[Condition]:
    if request.args.keys() <= NO_CONDITIONS:
        return []
    model = listing.model
    found: list[Condition] = []
    if listing.ids_parameter and (text := request.args.get(listing.ids_parameter)):
        found.append(model.id.in_(id_list(text, listing.ids_parameter, LARGEST_PAGE)))
    if text := request.args.get("last_modified_time"):
        zone = current_organization().time_zone
        found.append(model.last_modified_time >= moment_of(text, "last_modified_time", zone))
    found += _status_conditions(listing)
    if text := request.args.get("search_text"):
        text = checked_text(text, "search_text")
        found.append(or_(*(column.icontains(text, autoescape=True) for column in listing.search)))
    for one in listing.filters:
        found += one.conditions(criteria)
    return found


def _status_conditions(listing: Listing) -> list[Condition]:
    """`filter_by=Status.Sent` and its kind, and the plain `status=sent`."""
    found: list[Condition | None] = []
    wanted = request.args.get("filter_by")
    if wanted and wanted != listing.default_filter:
        if wanted not in listing.statuses:
            raise InvalidValue("filter_by")
        found.append(listing.statuses[wanted])
    if status := request.args.get("status"):
        name = status.replace("_", "").lower()
        if name not in listing.statuses_in_one_word:
            raise InvalidValue("status")
        found.append(listing.statuses_in_one_word[name])
    return [one for one in found if one is not None]


def _order(listing: Listing) -> tuple[str, str]:
    """The sort column and its order, `A` or `D`."""
    name = request.args.get("sort_column") or listing.sort_column
    if (name, "A") not in listing.orders:
        raise InvalidValue("sort_column")
    default = listing.sort_order if name == listing.sort_column else "A"
    order = (request.args.get("sort_order") or default).upper()[:1]
    if order not in ("A", "D"):
        raise InvalidValue("sort_order")
    return name, order
