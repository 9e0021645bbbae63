"""Puts what a body says into a document, and adds it up again (invoice-api.md §5.2, §5.6)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from mock_invoice.access import base_currency, current_organization, current_user
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.rules import usable_customer
from mock_invoice.database import db
from mock_invoice.documents.model import ENTITY_LEVEL, ITEM_LEVEL, Document, Line
from mock_invoice.documents.status import SUMS
from mock_invoice.documents.taxes import rate_from, rate_on, take_tax, tax_facts
from mock_invoice.documents.templates import check_template
from mock_invoice.documents.totals import LineFacts, Terms, Totals, total_up
from mock_invoice.errors import AmountRefused, InvalidValue, MissingValue, NotAccessible, NotFound
from mock_invoice.fields import LARGEST_AMOUNT
from mock_invoice.find import find
from mock_invoice.items.model import Item
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.exchange_rates import exchange_rate_on
from mock_invoice.settings.salespersons import salesperson_of
from mock_invoice.settings.tax_model import Tax
from simulator import clock, ids
from simulator.money import round_to

PLAIN_KEYS = (
    "reference_number", "adjustment_description", "notes", "terms", "zcrm_potential_id",
    "zcrm_potential_name", "crm_owner_id", "template_id", "allow_partial_payments", "custom_subject", "custom_body",
)  # fmt: skip
SALESPERSON_KEYS = frozenset(("salesperson_id", "salesperson_name"))
RATE_PLACES = 2
SUM_KEYS = ("discount", "is_discount_before_tax", "is_inclusive_tax", "shipping_charge", "adjustment")
FRESH: dict[str, Any] = {
    **dict.fromkeys(PLAIN_KEYS, ""),
    "allow_partial_payments": False,
    "discount": "",
    "is_discount_before_tax": True,
    "is_inclusive_tax": False,
    "shipping_charge": Decimal(0),
    "adjustment": Decimal(0),
    "contact_persons": [],
}


def begin(document: Document, body: dict[str, Any]) -> None:
    """Fills a new document from a loaded body; the caller adds its number and dates.

    Raises:
        MissingValue: no customer or no lines.
        NotAccessible: the customer or an item is inactive (C15).
    """
    customer = usable_customer(body.get("customer_id"))
    if not body.get("line_items"):
        raise MissingValue("line_items")
    organization, user = current_organization(), current_user()
    document_id, *line_ids = ids.new_ids(1 + len(body["line_items"]))
    document.begin(organization.id, document_id)
    document.created_by_id, document.created_by_name = user.id, user.name
    document.state, document.is_emailed, document.is_viewed_by_client = "draft", False, False
    document.discount_type, document.template_id, document.has_attachment = "", "", False
    document.shipping_tax, document.tax_id = {}, None
    document.salesperson_id, document.salesperson_name = None, ""
    document.date = body.get("date") or clock.today(organization.time_zone)
    _take_customer(document, customer)
    document.currency_id = customer.currency_id
    apply(document, {**FRESH, "currency_id": None, "exchange_rate": None, **body}, line_ids)


def sketch(document: Document, body: dict[str, Any]) -> None:
    """Adds up what a new document would come to, before it has a customer or a number: nothing is kept.

    Without a currency it is in that of the customer, without one in the organization's.
    """
    organization = current_organization()
    customer = usable_customer(body["customer_id"]) if body.get("customer_id") else None
    document.date = body.get("date") or clock.today(organization.time_zone)
    document.currency_id = customer.currency_id if customer else organization.currency_id
    document.discount_type, document.shipping_tax, document.tax_id = "", {}, None
    lines = [{**line, "line_item_id": None} for line in body.get("line_items", ())]
    sums = {key: body[key] for key in SUMS if key in body}
    fresh = {**FRESH, "currency_id": None, "exchange_rate": None}
    _take_sums(document, {**fresh, **sums, "line_items": lines}, range(1, 2 + len(lines)))


def change(document: Document, body: dict[str, Any]) -> None:
    """Changes what the body names, and adds up again where that touches a sum."""
    wanted = body.get("customer_id")
    if wanted and wanted != document.customer_id:
        _take_customer(document, usable_customer(wanted))
        # A potential belongs to the customer it was linked for (L6).
        body = {"zcrm_potential_id": "", "zcrm_potential_name": "", "contact_persons": [], **body}
    if "line_items" in body and not body["line_items"]:
        raise MissingValue("line_items")
    if body.get("date"):
        document.date = body["date"]
    apply(document, body)
    document.touch()


def _take_customer(document: Document, customer: Contact) -> None:
    document.customer, document.customer_id = customer, customer.id
    document.billing_address = _copied(customer.billing_address)
    document.shipping_address = _copied(customer.shipping_address)


def _copied(address: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in address.items() if key != "address_id"}


def apply(document: Document, body: dict[str, Any], line_ids: Sequence[int] = ()) -> None:
    """The part that new and changed documents have in common."""
    check_template(body.get("template_id", ""))
    for key in PLAIN_KEYS:
        if key in body:
            setattr(document, key, body[key])
    if not SALESPERSON_KEYS.isdisjoint(body):
        salesperson = salesperson_of(body)
        document.salesperson_id = salesperson.id if salesperson else None
        document.salesperson_name = salesperson.name if salesperson else ""
    if "contact_persons" in body:
        document.contact_person_ids = _persons(document.customer, body["contact_persons"])
    document.last_modified_by_id = current_user().id
    for key in ("billing_address", "shipping_address"):
        if body.get(f"{key}_id"):
            setattr(document, key, _copied(_address(document.customer, body[f"{key}_id"])))
    if not SUMS.isdisjoint(body):
        _take_sums(document, body, line_ids)


def _address(customer: Contact, address_id: int) -> dict[str, Any]:
    """One of the customer's addresses, by its id."""
    for parts in (customer.billing_address, customer.shipping_address):
        if parts.get("address_id") == str(address_id):
            return parts
    for further in customer.addresses:
        if further.id == address_id:
            return further.parts
    raise NotFound("Address")


def _persons(customer: Contact, wanted: list[int]) -> list[str]:
    if wanted and not {person.id for person in customer.persons}.issuperset(wanted):
        raise NotFound("Contact person")
    return [str(one) for one in wanted]


def _take_sums(document: Document, body: dict[str, Any], line_ids: Sequence[int]) -> None:
    if body.get("currency_id"):
        document.currency_id = body["currency_id"]
    currency = find(Currency, document.currency_id, "Currency")
    if "exchange_rate" in body or body.get("currency_id"):
        document.exchange_rate = _rate(currency, body.get("exchange_rate"), document.date)
    for key in SUM_KEYS:
        if key in body:
            setattr(document, key, body[key])
    if "shipping_charge_tax_id" in body:
        document.shipping_tax = tax_facts(_tax(body["shipping_charge_tax_id"]))
    if "tax_id" in body and "line_items" not in body:
        _tax_all(document, _tax(body["tax_id"]))
    document.tax_id = (body["tax_id"] or None) if "tax_id" in body else document.tax_id
    if "line_items" in body:
        replace_lines(document, body["line_items"], line_ids)
    document.discount_type = body.get("discount_type") or document.discount_type or _likely_type(document)
    write_totals(document, currency.price_precision)


def _tax(wanted: int | None) -> Tax | None:
    return find(Tax, wanted, "Tax") if wanted else None


def _tax_all(document: Document, tax: Tax | None) -> None:
    """The tax of the document goes onto the lines that have none of their own. [DESIGN]"""
    items = _items([{"item_id": line.item_id} for line in document.lines])
    for line in document.lines:
        if line.tax_id in (None, document.tax_id) and _is_taxable(line, items):
            take_tax(line, tax)


def _is_taxable(line: Line, items: dict[int, Item]) -> bool:
    item = items.get(line.item_id or 0)
    return item is None or item.is_taxable


def _rate(currency: Currency, given: Decimal | None, day: date) -> Decimal:
    if currency.id == current_organization().currency_id:
        return Decimal(1)
    if given is not None and given <= 0:
        raise InvalidValue("exchange_rate")
    return given if given is not None else exchange_rate_on(currency, day)


def _likely_type(document: Document) -> str:
    """Where the body does not say at which level it discounts, the place of the discount tells. [DESIGN]"""
    has_line_discount = any(line.discount for line in document.lines)
    return ITEM_LEVEL if has_line_discount and not document.discount else ENTITY_LEVEL


def replace_lines(document: Document, given: list[dict[str, Any]], line_ids: Sequence[int]) -> None:
    """`line_items` replaces all lines; one that is sent with its `line_item_id` stays the same line (§5.2)."""
    present = {line.id: line for line in document.lines}
    items, tax = _items(given), _tax(document.tax_id)
    fresh = iter(line_ids or ids.new_ids(len(given)))
    kept: list[Line] = []
    for place, entry in enumerate(given, start=1):
        line = present.pop(entry.get("line_item_id") or 0, None)
        if line is None:
            if entry.get("line_item_id"):
                raise NotFound("Line item")
            line = _fresh_line(document, next(fresh))
        line.item_order = entry.get("item_order") or place
        _fill_line(line, entry, items, document, tax)
        kept.append(line)
    document.lines[:] = sorted(kept, key=lambda line: line.item_order)


def _fresh_line(document: Document, line_id: int) -> Line:
    line_class = type(document).lines.property.mapper.class_
    line: Line = line_class(
        id=line_id, item_id=None, name="", description="", unit="", sku="", rate=Decimal(0), quantity=Decimal(1),
        discount="", tax_id=None, tax_name="", tax_percentage=Decimal(0), tax_parts=[], tax_amount=Decimal(0),
    )  # fmt: skip
    return line


_ITEMS = select(Item).where(
    Item.id.in_(bindparam("item_ids", expanding=True)), Item.organization_id == bindparam("of_organization")
)


def _items(given: list[dict[str, Any]]) -> dict[int, Item]:
    wanted = {entry["item_id"] for entry in given if entry.get("item_id")}
    if not wanted:
        return {}
    names = {"item_ids": list(wanted), "of_organization": current_organization().id}
    return {item.id: item for item in db.session.scalars(_ITEMS, names).unique()}


def _fill_line(line: Line, entry: dict[str, Any], items: dict[int, Item], document: Document, tax: Tax | None) -> None:
    """What the entry leaves out comes from its item (§5.2), else stays as it was; `tax` is the document's."""
    item_id = entry.get("item_id")
    if item_id and item_id != line.item_id:
        _take_item(line, items.get(item_id), document)
    for key in ("name", "description", "unit"):
        if entry.get(key):
            setattr(line, key, entry[key])
    if entry.get("rate") is not None:
        line.rate = entry["rate"]
    if entry.get("quantity") is not None:
        line.quantity = entry["quantity"]
    if "discount" in entry:
        line.discount = entry["discount"]
    if "tax_id" in entry:
        take_tax(line, _tax(entry["tax_id"]))
    elif line.tax_id is None and tax and _is_taxable(line, items):
        take_tax(line, tax)
    if entry.get("salesorder_item_id") and hasattr(line, "salesorder_item_id"):
        line.salesorder_item_id = entry["salesorder_item_id"]
    if not (line.item_id or line.name or line.description):
        raise MissingValue("line_items")


def _take_item(line: Line, item: Item | None, document: Document) -> None:
    """Items have their rate in the base currency; another currency's document takes it converted. [MEM]"""
    if item is None:
        raise NotFound("Item")
    if not item.is_active:
        raise NotAccessible("Item")
    line.item_id, line.name, line.description = item.id, item.name, item.description
    line.unit, line.sku = item.unit, item.sku
    is_base = document.exchange_rate == 1
    line.rate = item.rate if is_base else round_to(item.rate / document.exchange_rate, RATE_PLACES)
    take_tax(line, item.tax if item.is_taxable else None)


def write_totals(document: Document, precision: int) -> None:
    """Adds up and writes the sums onto the document and its lines.

    Raises:
        AmountRefused: a discount beyond what it is taken from, or a negative total. [DESIGN]
    """
    lines: Sequence[Line] = document.lines
    terms = Terms(
        discount=document.discount,
        is_item_level=document.discount_type == ITEM_LEVEL,
        is_discount_before_tax=document.is_discount_before_tax,
        is_inclusive_tax=document.is_inclusive_tax,
        shipping_charge=round_to(document.shipping_charge, precision),
        shipping_tax=rate_from(document.shipping_tax),
        adjustment=round_to(document.adjustment, precision),
        precision=precision,
    )
    document.shipping_charge, document.adjustment = terms.shipping_charge, terms.adjustment
    totals = total_up([_facts(line) for line in lines], terms)
    _check(totals, document.exchange_rate)
    for line, sums in zip(lines, totals.lines, strict=True):
        line.discount_amount, line.item_total, line.tax_amount = (
            sums.discount_amount,
            sums.item_total,
            sums.tax_amount,
        )
    for key in (
        "sub_total", "sub_total_inclusive_of_tax", "sub_total_exclusive_of_discount", "discount_total",
        "discount_percent", "discount_applied_on_amount", "tax_total", "total",
    ):  # fmt: skip
        setattr(document, key, getattr(totals, key))
    document.taxes = [
        {"tax_id": str(one.tax.tax_id), "tax_name": one.shown_name, "tax_amount": str(one.amount)}
        for one in totals.taxes
    ]
    document.shipping_tax_amount = totals.shipping_tax
    document.bcy_total = round_to(totals.total * document.exchange_rate, base_precision())


def base_precision() -> int:
    return base_currency().price_precision


def _facts(line: Line) -> LineFacts:
    return LineFacts(line.rate, line.quantity, line.discount, rate_on(line))


def _check(totals: Totals, exchange_rate: Decimal) -> None:
    if any(line.item_total < 0 for line in totals.lines) or totals.entity_discount > totals.discount_applied_on_amount:
        raise AmountRefused("The discount cannot be more than the amount it is taken from.")
    if totals.total < 0:
        raise AmountRefused("The total cannot be negative.")
    largest = max((totals.total, *(line.gross for line in totals.lines)))
    if largest > LARGEST_AMOUNT or largest * exchange_rate > LARGEST_AMOUNT:
        raise InvalidValue("total")
