"""The search in the bar: what both products have for some words, kind by kind, each found record a link."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import session
from web.crm.blueprint import API as CRM
from web.crm.modules import MODULES, Module
from web.errors import NoEntry, Refused, ServiceUnreachable
from web.i18n import _
from web.invoice.api import get as invoice_get
from web.invoice.listings import LISTS, Listing

bp = Blueprint("search", __name__, template_folder="templates")
SHOWN = 6
#: The CRM looks for no single letters.
SHORTEST = 2
#: What tells a found record of the CRM from another of its name.
BESIDE = {
    "accounts": "Billing_City",
    "contacts": "Email",
    "potentials": "Stage",
    "products": "Product_Code",
    "leads": "Company",
    "quotes": "Quote_Stage",
    "invoices": "Status",
}


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    name: str
    beside: str
    href: str


@dataclass(frozen=True)
class Group:
    """What one list has; `more` leads to the rest of it."""

    product: str
    title: str
    hits: list[Hit]
    more: str


@bp.get("/search")
def show() -> ResponseReturnValue:
    q = request.args.get("q", "").strip()
    groups: list[Group] = []
    problems: list[str] = []
    if len(q) >= SHORTEST:
        for product, find in ((_("Zoho CRM"), _in_crm), (_("Zoho Invoice"), _in_invoice)):
            groups += _found(product, find, q, problems)
    return render_template("search/results.html", q=q, groups=groups, problems=problems, shortest=SHORTEST)


def _found(product: str, find: Callable[[str, str], Iterator[Group]], q: str, problems: list[str]) -> Iterator[Group]:
    """What a product has; where it cannot be asked, the other's is shown all the same."""
    try:
        yield from (group for group in find(product, q) if group.hits)
    except (NoEntry, ServiceUnreachable):
        problems.append(_("%(product)s could not be searched.", product=product))


def _in_crm(product: str, q: str) -> Iterator[Group]:
    for module in MODULES.values():
        try:
            fields = f"{module.name_field},{BESIDE[module.key]}"
            answer = session.crm().get(f"{CRM}/{module.api_name}/search", word=q, fields=fields, per_page=SHOWN)
        except Refused:
            continue  # a module that one may not see has nothing to show
        hits = [_crm_hit(module, record) for record in (answer or {}).get("data", ())]
        yield Group(product, module.title, hits, url_for(module.endpoint, q=q))


def _crm_hit(module: Module, record: dict[str, Any]) -> Hit:
    name, beside = record.get(module.name_field), record.get(BESIDE[module.key])
    href = url_for(f"{module.endpoint}_record", record_id=record["id"])
    return Hit(str(name or record["id"]), str(beside or ""), href)


def _in_invoice(product: str, q: str) -> Iterator[Group]:
    for listing in LISTS.values():
        try:
            rows = invoice_get(f"/{listing.api_key}", search_text=q, per_page=SHOWN)[listing.rows_key]
        except Refused:
            continue
        hits = [_invoice_hit(listing, row) for row in rows]
        yield Group(product, listing.title, hits, url_for(listing.endpoint, q=q))


def _invoice_hit(listing: Listing, row: dict[str, Any]) -> Hit:
    name = row[listing.columns[0][1]]
    beside = row.get("customer_name") or row.get("email") or row.get("sku") or ""
    href = url_for(f"{listing.endpoint}_record", record_id=row[listing.id_field])
    return Hit(str(name), "" if beside == name else str(beside), href)
