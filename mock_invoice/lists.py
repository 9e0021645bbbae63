"""Lists: paging, sorting, filters and the page_context that ends them (invoice-api.md §2.2, §2.3).

A resource says once which columns its rows need, which parameters filter them and by what they sort; all of it
becomes one statement, and what depends on the page's rows comes by one more.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

import orjson
from flask import Response, request
from sqlalchemy import ColumnElement, Date, Select, bindparam, false, func, or_, select

from mock_invoice import state
from mock_invoice.access import current_organization
from mock_invoice.created_days import CreatedDays
from mock_invoice.database import PAGE, db
from mock_invoice.envelope import success
from mock_invoice.errors import InvalidValue
from mock_invoice.fields import id_of
from mock_invoice.parsing import day_of, id_list, moment_of
from simulator import clock, money, wire
from simulator.database import connection
from simulator.packed import PackedPage

LARGEST_PAGE = PAGE
#: Pages whose JSON is kept for whoever asks again, of some 400 KB at most: lists are polled more than they change.
PAGES_KEPT = 32
LARGEST_NUMBER = 10**12
#: What a list is mostly asked with; a resource has some fifty other parameters to look for.
NO_CONDITIONS = frozenset(("page", "per_page", "sort_column", "sort_order", "organization_id"))
TEXT_LIMIT = 100

#: Rows of a listing's columns, in their order.
Rows = Sequence[Any]
Column = Any
Condition = ColumnElement[bool]
#: The day of the request, in conditions that are built once; whoever runs a statement of a list sets it.
TODAY = bindparam("today", type_=Date())
NOBODY = false()


@dataclass(frozen=True)
class Texts:
    """Text columns: the bare name is exact, `_startswith` and `_contains` look into it."""

    columns: dict[str, Column]
    #: Sales orders also take lists of values, with commas: `_in` and `_not_in`. [MEM] for the commas.
    has_lists: bool = False

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (*TEXT_COMPARISONS, *(LIST_COMPARISONS if self.has_lists else ()))

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        for name, column in self.columns.items():
            for suffix in self.suffixes:
                text = request.args.get(f"{name}{suffix}")
                if text:
                    found.append(_text_condition(column, suffix, checked_text(text, f"{name}{suffix}")))
                    criteria.append(_criterion(name, text, suffix.lstrip("_") or "is"))
        return found


TEXT_COMPARISONS = ("", "_startswith", "_contains")
LIST_COMPARISONS = ("_in", "_not_in")


def _text_condition(column: Column, suffix: str, text: str) -> Condition:
    if suffix in LIST_COMPARISONS:
        values = [value.strip() for value in text.split(",")]
        return column.in_(values) if suffix == "_in" else column.not_in(values)  # type: ignore[no-any-return]
    if suffix == "_startswith":
        return column.istartswith(text, autoescape=True)  # type: ignore[no-any-return]
    if suffix == "_contains":
        return column.icontains(text, autoescape=True)  # type: ignore[no-any-return]
    return column == text  # type: ignore[no-any-return]


def checked_text(text: str, name: str) -> str:
    if len(text) > TEXT_LIMIT * 2 or "\0" in text:
        raise InvalidValue(name)
    return text


def _criterion(name: str, text: str, comparator: str) -> dict[str, str]:
    """One entry of `search_criteria`. [MEM] for the shape."""
    return {"column_name": name, "search_text": text, "search_text_formatted": text, "comparator": comparator}


@dataclass(frozen=True)
class Numbers:
    """Amounts: the bare name and the four comparisons."""

    columns: dict[str, Column]
    #: Sales orders also take `_start` and `_end`.
    has_range: bool = False

    @property
    def comparisons(self) -> dict[str, Callable[[Column, Any], Condition]]:
        return {**COMPARISONS, **(RANGE if self.has_range else {})}

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        for name, column in self.columns.items():
            for suffix, compare in self.comparisons.items():
                text = request.args.get(f"{name}{suffix}")
                if text:
                    found.append(compare(column, _number(text, f"{name}{suffix}")))
        return found


COMPARISONS: dict[str, Callable[[Column, Any], Condition]] = {
    "": lambda column, value: column == value,
    "_less_than": lambda column, value: column < value,
    "_less_equals": lambda column, value: column <= value,
    "_greater_than": lambda column, value: column > value,
    "_greater_equals": lambda column, value: column >= value,
}
RANGE: dict[str, Callable[[Column, Any], Condition]] = {
    "_start": lambda column, value: column >= value,
    "_end": lambda column, value: column <= value,
}


def _number(text: str, name: str) -> Decimal:
    try:
        return money.amount(text)
    except ValueError:
        raise InvalidValue(name) from None


@dataclass(frozen=True)
class Days:
    """Dates: the bare name and `_start _end _before _after`."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        found = []
        for name, column in self.columns.items():
            for suffix, compare in DAY_COMPARISONS.items():
                text = request.args.get(f"{name}{suffix}")
                if text:
                    found.append(compare(column, day_of(text, f"{name}{suffix}")))
        return found


DAY_COMPARISONS: dict[str, Callable[[Column, Any], Condition]] = {
    "": lambda column, value: column == value,
    "_start": lambda column, value: column >= value,
    "_end": lambda column, value: column <= value,
    "_before": lambda column, value: column < value,
    "_after": lambda column, value: column > value,
}


@dataclass(frozen=True)
class IdFilter:
    """Ids of other records."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        return [
            column == id_of(text, name) for name, column in self.columns.items() if (text := request.args.get(name))
        ]


@dataclass(frozen=True)
class Exact:
    """Words that fit as a whole or not at all, such as the ids of CRM records."""

    columns: dict[str, Column]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        return [
            column == checked_text(text, name)
            for name, column in self.columns.items()
            if (text := request.args.get(name))
        ]


@dataclass(frozen=True)
class Made:
    """Parameters whose conditions reach beyond the row, such as what stands on a document's lines."""

    makers: dict[str, Callable[[str], Condition]]

    def conditions(self, criteria: list[dict[str, str]]) -> list[Condition]:
        return [
            make(checked_text(text, name)) for name, make in self.makers.items() if (text := request.args.get(name))
        ]


Filter = Texts | Numbers | Days | CreatedDays | IdFilter | Exact | Made


@dataclass(frozen=True, eq=False)
class Listing:
    """What a resource's list is like. All that does not depend on the request is built once."""

    key: str
    report_name: str
    model: Any
    columns: Sequence[Column]
    #: Shows rows of the columns by themselves and what stands `beside` them: by nothing else that a request may change
    #: but the organization and the day, for pages are kept.
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
    beside: Callable[[list[int]], Hashable] = lambda record_ids: None

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


def answer_list(listing: Listing, *also: Condition, context: dict[str, Any] | None = None) -> Response:
    """The page a request asks for; `context` is added to its page_context."""
    criteria: list[dict[str, str]] = []
    conditions = [*also, *_conditions(listing, criteria)]
    page, per_page = paging()
    name, order = _order(listing)
    ids, rows, packing = _rows(listing, conditions, (name, order), per_page + 1, (page - 1) * per_page)
    page_context: dict[str, Any] = {
        **(context or {}),
        "page": page,
        "per_page": per_page,
        "has_more_page": len(ids) > per_page,
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
    content: dict[str, Any] = {
        listing.key: _shown(listing, ids[:per_page], rows, packing),
        "page_context": page_context,
    }
    return success(**content)


def _rows(
    listing: Listing, conditions: list[Condition], order: tuple[str, str], most: int, first: int
) -> tuple[list[int], Hashable, PackedPage | None]:
    """The ids of rows, the rows, and what unpacks them, where they are packed."""
    if not conditions:
        pages = listing.pages[order]
        return *pages.read(connection(), **_bound(), most=most, first=first), pages
    statement = listing.rows.where(*conditions).order_by(*listing.orders[order]).limit(most).offset(first)
    rows = db.session.execute(statement, _bound()).all()
    return [row[0] for row in rows], tuple(rows), None


def _shown(listing: Listing, ids: list[int], rows: Hashable, packing: PackedPage | None) -> orjson.Fragment:
    """The rows of these ids, which are the first of `rows`."""
    organization = current_organization()
    beside = listing.beside(ids) if ids else None
    today = clock.today(organization.time_zone)
    return _written(listing, rows, len(ids), packing, beside, state.current(), organization, today)


@lru_cache(maxsize=PAGES_KEPT)
def _written(
    listing: Listing, rows: Any, count: int, packing: PackedPage | None, beside: Any, *_decisive: Hashable
) -> orjson.Fragment:
    """A page as JSON. All that decides it is its key, so that no other page can be met here."""
    if packing:
        rows = packing.unpacked(connection(), rows)
    return orjson.Fragment(wire.dumps(listing.render(rows[:count], beside) if count else []))


def count_matching(listing: Listing, *also: Condition, sums: Sequence[Column] = ()) -> Sequence[Any]:
    """How many records a request's filters match, and sums over them."""
    statement = listing.summed(*sums).where(*also, *_conditions(listing, []))
    return tuple(db.session.execute(statement, _bound()).one())


def _bound() -> dict[str, Any]:
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
        known = {name.partition(".")[2].lower(): condition for name, condition in listing.statuses.items()}
        name = status.replace("_", "").lower()
        if name not in known:
            raise InvalidValue("status")
        found.append(known[name])
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
