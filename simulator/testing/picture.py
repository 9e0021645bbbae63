"""What both products hold of the kinds that are kept in step, read through their APIs alone."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from simulator.testing.synced import Kind, Synced

if TYPE_CHECKING:
    from simulator.testing.zoho import Zoho

_IDS = {"contacts": "contact_id", "contact_persons": "contact_person_id", "items": "item_id"}


@dataclass(frozen=True)
class Record:
    """A record of one side.

    Attributes:
        values: what its synced fields hold, by the Invoice field's name on both sides, so that they compare.
        link: the id of the CRM record that an Invoice record says it belongs to.
        parent: the account of a CRM contact, the customer of a contact person.
        is_synced: it is active, and in the view where one is chosen.
    """

    id: str
    name: str
    values: Mapping[str, str]
    link: str = ""
    parent: str = ""
    is_synced: bool = True


@dataclass
class Picture:
    """The records of each kind on both sides, by id."""

    crm: dict[Kind, dict[str, Record]] = field(default_factory=dict)
    invoice: dict[Kind, dict[str, Record]] = field(default_factory=dict)


def taken(zoho: "Zoho", synced: Synced) -> Picture:
    """A picture of a world as it is now."""
    customers = _customers(zoho) if any(kind.listing != "items" for kind in synced.kinds) else []
    picture = Picture()
    for kind in synced.kinds:
        picture.crm[kind] = _by_id(_crm_records(zoho, kind, synced.views.get(kind.module)))
        picture.invoice[kind] = _by_id(_invoice_records(zoho, kind, customers))
    return picture


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    return {record.id: record for record in records}


def _crm_records(zoho: "Zoho", kind: Kind, view: str | None) -> Iterable[Record]:
    names = dict.fromkeys([kind.name[0], *kind.fields, *(["Account_Name"] if kind.module == "Contacts" else [])])
    in_view = {row["id"] for row in zoho.crm.iterate(kind.module, [kind.name[0]], view=view)} if view else None
    for row in zoho.crm.iterate(kind.module, list(names)):
        parent = row.get("Account_Name")
        yield Record(
            id=row["id"],
            name=plain(row.get(kind.name[0])),
            values={invoice: plain(row.get(crm)) for crm, invoice in kind.fields.items()},
            parent=parent["id"] if isinstance(parent, Mapping) else "",
            is_synced=in_view is None or row["id"] in in_view,
        )


def _customers(zoho: "Zoho") -> list[dict[str, Any]]:
    """Each contact of Invoice with all it says: the list leaves out most of it."""
    rows = zoho.invoice.contacts(contact_type="customer")
    return [found for row in rows if (found := zoho.invoice.contact(row["contact_id"]))]


def _invoice_records(zoho: "Zoho", kind: Kind, customers: list[dict[str, Any]]) -> Iterable[Record]:
    if kind.listing == "items":
        for row in zoho.invoice.items():
            yield _invoice_record(kind, row, row.get("status") == "active")
    for customer in customers if kind.listing != "items" else ():
        is_active = customer.get("status") == "active"
        if kind.listing == "contacts":
            yield _invoice_record(kind, _with_primary(customer), is_active)
            continue
        for person in customer.get("contact_persons") or ():
            full_name = f"{person.get('first_name') or ''} {person.get('last_name') or ''}"
            yield _invoice_record(kind, {**person, "full_name": full_name}, is_active, customer["contact_id"])


def _with_primary(customer: Mapping[str, Any]) -> dict[str, Any]:
    """A customer with the facts of his primary person, who is he himself where CRM contacts are customers."""
    persons = customer.get("contact_persons") or ()
    return {**next((one for one in persons if one.get("is_primary_contact")), {}), **customer}


def _invoice_record(kind: Kind, row: Mapping[str, Any], is_active: bool, parent: str = "") -> Record:
    return Record(
        id=row[_IDS[kind.listing]],
        name=plain(row.get(kind.name[1])),
        values={path: plain(value_at(row, path)) for path in kind.fields.values()},
        link=str(row.get(kind.link) or ""),
        parent=parent,
        is_synced=is_active,
    )


def value_at(row: Mapping[str, Any], path: str) -> Any:
    """The value at a path such as `billing_address.city`; custom fields are found by their API name."""
    if path.startswith("cf_"):
        return next((one.get("value") for one in row.get("custom_fields") or () if one.get("api_name") == path), None)
    if path == "is_active":
        return row.get("status") == "active"
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def plain(value: Any) -> str:
    """A value as text in which both products agree: trimmed and composed, empty for none, numbers without zeros."""
    if isinstance(value, Mapping):  # a look-up: its name stands for it
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int | float | Decimal):
        return _number(value)
    return unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").strip()


def _number(value: float | Decimal) -> str:
    try:
        number = Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value)
    return format(number, "f") if number else ""
