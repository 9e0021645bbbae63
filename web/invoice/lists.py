"""Lists of contacts, items, estimates and invoices, by status and by search."""

from collections.abc import Iterator
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.exports import file_of
from web.formats import day
from web.i18n import _
from web.invoice.api import PER_PAGE, bp, get, organization
from web.invoice.kinds import KINDS
from web.invoice.listings import LISTS, Listing

EXTENSIONS = ("csv", "json")
#: As many rows as the API gives in one call.
LARGEST_PAGE = 200


@bp.get("")
def start() -> ResponseReturnValue:
    return redirect(url_for("invoice.invoices"), 303)


@bp.get("/contacts")
def contacts() -> ResponseReturnValue:
    return _list(LISTS["contacts"])


@bp.get("/items")
def items() -> ResponseReturnValue:
    return _list(LISTS["items"])


@bp.get("/estimates")
def estimates() -> ResponseReturnValue:
    return _list(LISTS["estimates"])


@bp.get("/salesorders")
def salesorders() -> ResponseReturnValue:
    return _list(LISTS["salesorders"])


@bp.get("/payments")
def payments() -> ResponseReturnValue:
    return _list(LISTS["payments"])


@bp.get("/invoices")
def invoices() -> ResponseReturnValue:
    return _list(LISTS["invoices"])


@bp.get("/creditnotes")
def creditnotes() -> ResponseReturnValue:
    return _list(LISTS["creditnotes"])


@bp.get("/recurringinvoices")
def recurringinvoices() -> ResponseReturnValue:
    return _list(LISTS["recurringinvoices"])


@bp.get(f"/<any({', '.join(LISTS)}):name>.<any(csv, json):ext>")
def list_file(name: str, ext: str) -> Response:
    """A list as its page is narrowed, with the rows of all pages."""
    listing = LISTS[name]
    columns = (listing.id_field, *(field for _label, field, _form in listing.columns))
    return file_of(name, ext, columns, _every_row(listing))


def _every_row(listing: Listing) -> Iterator[dict[str, Any]]:
    page, has_more = 1, True
    while has_more:
        found = get(f"/{listing.api_key}", page=page, per_page=LARGEST_PAGE, **_narrowed(listing))
        yield from found[listing.rows_key]
        page, has_more = page + 1, bool(found["page_context"].get("has_more_page"))


#: What else the address narrows a list to: the API's parameter, and how the page says it.
NARROWED = {
    "customer": ("customer_id", _("Of one customer")),
    "from": ("date_start", _("From %(day)s")),
    "until": ("date_end", _("Until %(day)s")),
    "due_from": ("due_date_start", _("Due from %(day)s")),
    "due_until": ("due_date_end", _("Due until %(day)s")),
}


def _narrowed(listing: Listing) -> dict[str, Any]:
    """What the address narrows a list to, as the API takes it."""
    filters = listing.filters
    wanted = filters.get(request.args.get("status", ""), "Status.All") if filters else None
    more = {wire: request.args.get(name, "").strip() for name, (wire, _words) in NARROWED.items()}
    return {"filter_by": wanted, "search_text": request.args.get("q", "").strip(), **more}


def _asked() -> dict[str, Any]:
    """What the address narrows the list to by: without it the list is whole again."""
    return {name: request.args[name] for name in (*NARROWED, "status", "q") if request.args.get(name, "").strip()}


def _chips(listing: Listing) -> list[str]:
    """What the list is narrowed to and no tab says, in words."""
    told = [label for label, value, _wire in listing.counted if value == request.args.get("status")]
    days = {name: day(request.args.get(name)) for name in NARROWED if request.args.get(name)}
    return [*told, *(NARROWED[name][1] % {"day": written} for name, written in days.items())]


def _list(listing: Listing) -> ResponseReturnValue:
    page = max(request.args.get("page", 1, type=int), 1)
    q, status = request.args.get("q", "").strip(), request.args.get("status", "")
    answer = get(
        f"/{listing.api_key}",
        page=page,
        per_page=PER_PAGE,
        response_option=1,  # with the count; lists that do not know it ignore it
        **_narrowed(listing),
    )
    context: dict[str, Any] = answer.get("page_context") or {}
    rows, has_more = answer[listing.rows_key], bool(context.get("has_more_page"))
    is_whole = page == 1 and not has_more
    return render_template(
        "invoice/list.html",
        listing=listing,
        rows=rows,
        has_more=has_more,
        total=context.get("total", len(rows) if is_whole else None),
        sums=context.get("sum_columns"),
        page=page,
        q=q,
        status=status,
        organization=organization(),
        kind=KINDS.get(listing.key),
        asked=_asked(),
        chips=_chips(listing),
        files={ext: url_for("invoice.list_file", name=listing.key, ext=ext, **_asked()) for ext in EXTENSIONS},
    )
