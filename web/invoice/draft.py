"""A document as its editor holds it: read from the form or from a saved document, changed by the form's buttons, and
made into what the API takes. Nothing here asks a service or adds anything up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from simulator import amounts
from web.formats import plain
from web.i18n import _
from web.invoice.kinds import Kind

#: A line's fields, each as often in the form as there are lines.
LINE_FIELDS = ("line_item_id", "item_id", "name", "description", "quantity", "rate", "line_discount", "tax_id")
LINES_AT_MOST = 200
#: How the names of custom fields begin in the form.
CUSTOM = "custom."
ENTITY_LEVEL, ITEM_LEVEL = "entity_level", "item_level"


@dataclass(frozen=True)
class Line:
    """A line as it stands in the form, all of it text."""

    line_item_id: str = ""
    item_id: str = ""
    name: str = ""
    description: str = ""
    quantity: str = "1"
    rate: str = ""
    line_discount: str = ""
    tax_id: str = ""
    #: Its item was chosen just now, and the API fills in what the item says.
    is_fresh: bool = False

    @property
    def is_blank(self) -> bool:
        return not (self.name.strip() or self.description.strip() or self.rate.strip())


@dataclass(frozen=True)
class Draft:
    """A document that is being written."""

    customer_id: str = ""
    person_ids: tuple[str, ...] = ()
    date: str = ""
    until: str = ""
    reference: str = ""
    lines: tuple[Line, ...] = (Line(),)
    discount_type: str = ENTITY_LEVEL
    discount: str = ""
    shipping: str = ""
    adjustment: str = ""
    adjustment_description: str = ""
    notes: str = ""
    terms: str = ""
    potential_id: str = ""
    potential_name: str = ""
    #: Values of custom fields, by their names.
    custom: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> list[tuple[int, Line]]:
        """The lines that say something, each with its place in the form."""
        return [(place, line) for place, line in enumerate(self.lines) if not line.is_blank]


def from_form(form: Any) -> Draft:
    """What was sent: a `MultiDict` in which the fields of lines come once for each line."""
    columns = [form.getlist(name) for name in LINE_FIELDS]
    lines = tuple(Line(*(cell.strip() for cell in row)) for row in zip(*columns, strict=False))
    texts = {name: str(form.get(name, "")).strip() for name in _TEXTS}
    return Draft(
        person_ids=tuple(form.getlist("person_ids")),
        lines=lines[:LINES_AT_MOST] or (Line(),),
        custom={name.removeprefix(CUSTOM): _custom(form.getlist(name)) for name in form if name.startswith(CUSTOM)},
        **texts,
    )


def _custom(given: list[str]) -> str:
    """A box that is ticked comes after what stands for one that is not."""
    return "true" if given[-1] == "on" else given[-1].strip()


_TEXTS = (
    "customer_id", "date", "until", "reference", "discount_type", "discount", "shipping", "adjustment",
    "adjustment_description", "notes", "terms", "potential_id", "potential_name",
)  # fmt: skip


def from_document(document: Mapping[str, Any], kind: Kind) -> Draft:
    """What a saved document says."""
    return Draft(
        customer_id=str(document["customer_id"]),
        person_ids=tuple(document.get("contact_persons") or ()),
        date=document.get("date") or "",
        until=document.get(kind.until_field) or "",
        reference=document.get("reference_number") or "",
        lines=tuple(_line(one) for one in document.get("line_items") or ()) or (Line(),),
        discount_type=document.get("discount_type") or ENTITY_LEVEL,
        discount=_discount(document.get("discount")),
        shipping=_amount(document.get("shipping_charge")),
        adjustment=_amount(document.get("adjustment")),
        adjustment_description=document.get("adjustment_description") or "",
        notes=document.get("notes") or "",
        terms=document.get("terms") or "",
        potential_id=document.get("zcrm_potential_id") or "",
        potential_name=document.get("zcrm_potential_name") or "",
        custom={str(one["api_name"]): _plainly(one["value"]) for one in document.get("custom_fields") or ()},
    )


def _plainly(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(one: Mapping[str, Any]) -> Line:
    return Line(
        line_item_id=str(one.get("line_item_id") or ""),
        item_id=str(one.get("item_id") or ""),
        name=one.get("name") or "",
        description=one.get("description") or "",
        quantity=plain(one.get("quantity")),
        rate=plain(one.get("rate")),
        line_discount=_discount(one.get("discount")),
        tax_id=str(one.get("tax_id") or ""),
    )


def _amount(value: Any) -> str:
    """An amount as one types it; none and nothing are an empty field."""
    return plain(value) if value else ""


def _discount(value: Any) -> str:
    text = str(value or "")
    return f"{plain(text[:-1])}%" if text.endswith("%") else _amount(value)


# Changes that the form's buttons make


def with_line_added(draft: Draft) -> Draft:
    return replace(draft, lines=(*draft.lines, Line())[:LINES_AT_MOST])


def with_line_removed(draft: Draft, place: int) -> Draft:
    return replace(draft, lines=tuple(one for at, one in enumerate(draft.lines) if at != place) or (Line(),))


def with_line_moved(draft: Draft, place: int, step: int) -> Draft:
    """A line changes places with its neighbour; at the end it stays where it is."""
    lines, other = list(draft.lines), place + step
    if 0 <= place < len(lines) and 0 <= other < len(lines):
        lines[place], lines[other] = lines[other], lines[place]
    return replace(draft, lines=tuple(lines))


def with_customer(draft: Draft, customer_id: str, person_id: str = "") -> Draft:
    """Another customer: a potential belongs to the one it was linked for (L6)."""
    people = (person_id,) if person_id else ()
    if customer_id == draft.customer_id:
        return replace(draft, person_ids=people or draft.person_ids)
    return replace(draft, customer_id=customer_id, person_ids=people, potential_id="", potential_name="")


def with_items_named(draft: Draft, items: Mapping[str, Mapping[str, Any]]) -> Draft:
    """Lines whose name is an item's are of that item; others are free text.

    Args:
        items: by their names in lower case.
    """
    return replace(draft, lines=tuple(_of_item(line, items.get(line.name.casefold())) for line in draft.lines))


def _of_item(line: Line, item: Mapping[str, Any] | None) -> Line:
    if item is None:
        return replace(line, item_id="")
    if item["item_id"] == line.item_id:
        return line
    # What the item says is taken over; a rate that was typed beside a line's first item stays.
    kept = line.rate if not line.item_id else ""
    return replace(
        line, item_id=item["item_id"], name=item["name"], description="", rate=kept, tax_id="", is_fresh=True
    )


def filled(draft: Draft, counted: list[Mapping[str, Any]]) -> Draft:
    """Lines with what the API made of them: the description, rate and tax of a freshly chosen item."""
    lines = list(draft.lines)
    for (place, line), one in zip(draft.written, counted, strict=True):
        full = _line(one)
        lines[place] = replace(
            line,
            description=line.description or full.description,
            rate=line.rate or full.rate,
            tax_id=full.tax_id,
        )
    return replace(draft, lines=tuple(lines))


# What the API takes


def body_of(draft: Draft, kind: Kind) -> dict[str, Any]:
    """The document for the API. What is left empty in a line comes from its item."""
    is_by_line = draft.discount_type == ITEM_LEVEL
    body = {
        "customer_id": draft.customer_id or None,
        "contact_persons": list(draft.person_ids),
        "date": draft.date or None,
        "reference_number": draft.reference,
        "line_items": [_line_body(line, is_by_line) for _, line in draft.written],
        "discount_type": ITEM_LEVEL if is_by_line else ENTITY_LEVEL,
        "discount": "" if is_by_line else _percent_or_amount(draft.discount),
        "shipping_charge": number(draft.shipping) or Decimal(0),
        "adjustment": number(draft.adjustment) or Decimal(0),
        "adjustment_description": draft.adjustment_description,
        "notes": draft.notes,
        "terms": draft.terms,
    }
    # An empty day is left to the API: an invoice's comes of the customer's terms.
    return body | ({kind.until_field: draft.until} if draft.until else {})


def _line_body(line: Line, is_by_line: bool) -> dict[str, Any]:
    values = {
        "line_item_id": line.line_item_id,
        "item_id": line.item_id,
        "name": line.name,
        "description": line.description,
        "rate": number(line.rate),
    }
    quantity = number(line.quantity)
    return {
        **{key: value for key, value in values.items() if value not in ("", None)},
        "quantity": Decimal(1) if quantity is None else quantity,
        "discount": _percent_or_amount(line.line_discount) if is_by_line else "",
        **({} if line.is_fresh else {"tax_id": line.tax_id or None}),
    }


def _percent_or_amount(text: str) -> str:
    bare = text.replace(" ", "").replace(",", "")
    return bare if bare.strip("%") else ""


def number(text: str) -> Decimal | None:
    """What somebody typed, with commas between thousands; None for nothing.

    Raises:
        ValueError: it is no amount.
    """
    bare = text.replace(",", "").replace(" ", "")
    return amounts.amount(bare) if bare else None


@dataclass(frozen=True)
class Problems:
    """What is wrong in the form, by the id of the field it stands beside; `whole` is about the document."""

    fields: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields or self.whole)


def problems_of(draft: Draft, *, is_saved: bool) -> Problems:
    """What can be told without asking anybody; a customer and a line are missed only when it is to be saved."""
    found: dict[str, str] = {}
    for place, line in draft.written:
        for name in ("quantity", "rate"):
            _note_number(found, f"line-{place}-{name}", getattr(line, name))
        _note_number(found, f"line-{place}-discount", line.line_discount.removesuffix("%"))
    _note_number(found, "discount", draft.discount.removesuffix("%"))
    for name in ("shipping", "adjustment"):
        _note_number(found, name, getattr(draft, name))
    if is_saved and not draft.customer_id:
        found["customer"] = _("Choose a customer first.")
    if is_saved and not draft.written:
        found["lines"] = _("Write at least one line: an item, or what it is and its rate.")
    return Problems(found)


def _note_number(found: dict[str, str], name: str, text: str) -> None:
    try:
        number(text)
    except ValueError:
        found[name] = _("Write a number, such as 1250.00.")
