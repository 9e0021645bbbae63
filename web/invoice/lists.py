"""Lists of contacts, items, estimates and invoices, by status and by search."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.invoice.api import PER_PAGE, bp, get, organization


@dataclass(frozen=True)
class Listing:
    """One list: where it comes from, its columns, and the statuses it can be narrowed to."""

    key: str
    title: str
    one: str
    id_field: str
    #: (heading, field, how it is written)
    columns: tuple[tuple[str, str, str], ...]
    #: (label, value in the address, Invoice's filter)
    statuses: tuple[tuple[str, str, str], ...]

    @property
    def endpoint(self) -> str:
        return f"invoice.{self.key}"

    @property
    def tabs(self) -> list[tuple[str, str | None]]:
        """The statuses to choose from, all of them first."""
        return [(_("All"), None), *((label, value) for label, value, _filter in self.statuses)]


ACTIVE = ((_("Active"), "active", "Status.Active"), (_("Inactive"), "inactive", "Status.Inactive"))

LISTS = {
    listing.key: listing
    for listing in (
        Listing(
            "contacts",
            _("Contacts"),
            _("contact"),
            "contact_id",
            (
                (_("Name"), "contact_name", ""),
                (_("Company"), "company_name", ""),
                (_("Email"), "email", "address"),
                (_("Phone"), "phone", "number"),
                (_("Receivables"), "outstanding_receivable_amount", "money"),
                (_("Status"), "status", "status"),
            ),
            ACTIVE,
        ),
        Listing(
            "items",
            _("Items"),
            _("item"),
            "item_id",
            (
                (_("Name"), "name", ""),
                (_("SKU"), "sku", ""),
                (_("Unit"), "unit", ""),
                (_("Rate"), "rate", "money"),
                (_("Status"), "status", "status"),
            ),
            ACTIVE,
        ),
        Listing(
            "estimates",
            _("Estimates"),
            _("estimate"),
            "estimate_id",
            (
                (_("Number"), "estimate_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Reference"), "reference_number", ""),
                (_("Status"), "status", "status"),
                (_("Expires"), "expiry_date", "day"),
                (_("Amount"), "total", "money"),
            ),
            (
                (_("Draft"), "draft", "Status.Draft"),
                (_("Sent"), "sent", "Status.Sent"),
                (_("Accepted"), "accepted", "Status.Accepted"),
                (_("Declined"), "declined", "Status.Declined"),
                (_("Invoiced"), "invoiced", "Status.Invoiced"),
                (_("Expired"), "expired", "Status.Expired"),
            ),
        ),
        Listing(
            "invoices",
            _("Invoices"),
            _("invoice"),
            "invoice_id",
            (
                (_("Number"), "invoice_number", "number"),
                (_("Date"), "date", "day"),
                (_("Customer"), "customer_name", "customer"),
                (_("Reference"), "reference_number", ""),
                (_("Status"), "status", "status"),
                (_("Due"), "due_date", "day"),
                (_("Amount"), "total", "money"),
                (_("Balance"), "balance", "money"),
            ),
            (
                (_("Draft"), "draft", "Status.Draft"),
                (_("Sent"), "sent", "Status.Sent"),
                (_("Unpaid"), "unpaid", "Status.Unpaid"),
                (_("Overdue"), "overdue", "Status.OverDue"),
                (_("Paid"), "paid", "Status.Paid"),
                (_("Void"), "void", "Status.Void"),
            ),
        ),
    )
}


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


@bp.get("/invoices")
def invoices() -> ResponseReturnValue:
    return _list(LISTS["invoices"])


def _list(listing: Listing) -> ResponseReturnValue:
    page = max(request.args.get("page", 1, type=int), 1)
    q, status = request.args.get("q", "").strip(), request.args.get("status", "")
    filters = {value: wire for _label, value, wire in listing.statuses}
    answer = get(
        f"/{listing.key}",
        page=page,
        per_page=PER_PAGE,
        filter_by=filters.get(status, "Status.All"),
        search_text=q,
        response_option=1,  # with the count; lists that do not know it ignore it
    )
    context: dict[str, Any] = answer.get("page_context") or {}
    return render_template(
        "invoice/list.html",
        listing=listing,
        rows=answer[listing.key],
        has_more=bool(context.get("has_more_page")),
        total=context.get("total"),
        page=page,
        q=q,
        status=status,
        organization=organization(),
    )
