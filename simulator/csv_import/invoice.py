"""Imports lines into Invoice: contacts and items, one call each, for Invoice has no bulk door."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simulator.clients.base import Refusal
from simulator.clients.invoice import InvoiceClient
from simulator.csv_import.reading import BadCell, ImportRefused, Line, Plan, Rejected, converted, words
from simulator.csv_import.running import MADE, Done, Intent


@dataclass(frozen=True)
class Field:
    """A field that can be imported.

    Attributes:
        label: what the vendor's exported files call it [M], and so its column here.
        data_type: as the CRM's; `person` for one of the primary contact person.
    """

    label: str
    data_type: str = "text"
    also: tuple[str, ...] = ()


def _addresses() -> dict[str, Field]:
    """Both addresses, a dot before the part."""
    parts = {
        "attention": "Attention", "address": "Address", "street2": "Street2", "city": "City", "state": "State",
        "zip": "Code", "country": "Country", "phone": "Phone", "fax": "Fax",
    }  # fmt: skip
    return {
        f"{kind}_address.{part}": Field(f"{kind.capitalize()} {label}")
        for kind in ("billing", "shipping")
        for part, label in parts.items()
    }


FIELDS: dict[str, dict[str, Field]] = {
    "contacts": {
        "contact_name": Field("Display Name", also=("Customer Name",)),
        "company_name": Field("Company Name"),
        "salutation": Field("Salutation", "person"),
        "first_name": Field("First Name", "person"),
        "last_name": Field("Last Name", "person"),
        "email": Field("EmailID", "person", ("Email ID",)),
        "phone": Field("Phone", "person"),
        "mobile": Field("MobilePhone", "person", ("Mobile Phone",)),
        "website": Field("Website"),
        "notes": Field("Notes"),
        "payment_terms": Field("Payment Terms", "integer"),
        "payment_terms_label": Field("Payment Terms Label"),
        **_addresses(),
    },
    "items": {
        "name": Field("Item Name"),
        "rate": Field("Rate", "currency", ("Selling Price",)),
        "sku": Field("SKU"),
        "unit": Field("Usage unit", also=("Unit Name",)),
        "product_type": Field("Product Type"),
        "description": Field("Description"),
    },
}
REQUIRED = {"contacts": ("contact_name",), "items": ("name", "rate")}
#: A contact person is told by one of these.
PERSON_KNOWN_BY = ("first_name", "last_name", "email")
#: How Invoice names the field it refuses.
ABOUT = re.compile(r'passed for (\w+)|Please ensure that the "(\w+)"')
#: An amount of an exported file: its currency before it [M].
PRICED = re.compile(r"([A-Z]{3})\s+(.+)")


class InvoiceImport:
    """One import into one kind of record."""

    batch = 1

    def __init__(self, client: InvoiceClient, kind: str, plan: Plan) -> None:
        if kind.lower() not in FIELDS:
            raise ImportRefused(f"Invoice takes {' or '.join(FIELDS)}, not {kind!r}.")
        self._client = client
        self.plan = plan
        self.module = kind.lower()
        self.name_field = self.required[0]

    @property
    def name_parts(self) -> tuple[str, ...]:
        return (self.name_field,)

    @property
    def required(self) -> list[str]:
        return list(REQUIRED[self.module])

    @property
    def fields(self) -> dict[str, Field]:
        return FIELDS[self.module]

    @property
    def headers(self) -> dict[str, str]:
        """A field by what an exported file calls it, and before all by its name."""
        said = {words(called): name for name, field in self.fields.items() for called in (field.label, *field.also)}
        return {**said, **{name: name for name in self.fields}}

    def prepare(self, is_dry: bool) -> None:
        if self.plan.stages or self.plan.add_values:
            raise ImportRefused("--add-stage and --add-values are for the CRM.")

    def record_of(self, line: Line) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for name, text in line.cells.items():
            data_type = self.fields[name].data_type
            value = converted(name, self._plain(name, text), data_type, self.plan)
            if data_type == "person":
                body.setdefault("contact_persons", [{}])[0][name] = value
            elif "." in name:
                part, _, last = name.partition(".")
                body.setdefault(part, {})[last] = value
            else:
                body[name] = value
        return body

    def _plain(self, name: str, text: str) -> str:
        """A cell as it is meant; an amount without its currency, which has to be the organization's."""
        text = self._translated(name, text)
        found = PRICED.fullmatch(text) if self.fields[name].data_type == "currency" else None
        if not found:
            return text
        if found[1] != self._currency:
            raise BadCell(name, text, f"is not in {self._currency}, the currency of the organization")
        return found[2]

    def _translated(self, name: str, text: str) -> str:
        return self.plan.translations.get((name, text), text)

    @cached_property
    def _currency(self) -> str:
        organizations = self._client.organizations()
        own = [one for one in organizations if one["organization_id"] == self._client.organization_id]
        return str((own or organizations)[0]["currency_code"])

    def twin_of(self, line: Line) -> str | None:
        name = self.name_of(line)
        key = name.casefold()
        if key in self._ids and self._ids[key] is None:
            raise BadCell(self.name_field, name, f"several {self.module} have this name")
        return self._ids.get(key)

    @cached_property
    def _ids(self) -> dict[str, str | None]:
        """The ids of all records by name; None for a name that several have, apart from its case."""
        rows = self._client.contacts() if self.module == "contacts" else self._client.items()
        id_field = "contact_id" if self.module == "contacts" else "item_id"
        ids: dict[str, str | None] = {}
        for row in rows:
            key = str(row[self.name_field]).casefold()
            ids[key] = None if key in ids else str(row[id_field])
        return ids

    def foresee(self, intent: Intent) -> None:
        for name in self.required if intent.act == MADE else ():
            if name not in intent.line.cells:
                raise BadCell(name, "", "is required")
        person: dict[str, Any] = next(iter(intent.record.get("contact_persons", ())), {})
        if intent.act == MADE and person and not any(name in person for name in PERSON_KNOWN_BY):
            name = next(iter(person))
            raise BadCell(name, intent.line.cells[name], "needs a first name, a last name or an email beside it")

    def write(self, intents: Iterable[Intent]) -> Iterator[Done | Rejected]:
        for intent in intents:
            line = intent.line
            try:
                record_id = self._make(intent) if intent.act == MADE else self._update(intent)
            except Refusal as refusal:
                column = _about(refusal.message, self.fields)
                yield Rejected(line.number, column, line.cells.get(column, ""), f"{refusal.message} ({refusal.code})")
            else:
                yield Done(line.number, intent.act, self.name_of(line), record_id)

    def _make(self, intent: Intent) -> str:
        if self.module == "items":
            return str(self._client.create_item(intent.record)["item_id"])
        return str(self._client.create_contact(intent.record)["contact_id"])

    def _update(self, intent: Intent) -> str:
        update: Callable[[str, dict[str, Any]], Any] = self._client.update_item
        body = intent.record
        if self.module == "contacts":
            update = self._client.update_contact
            if "contact_persons" in body:
                body = {**body, "contact_persons": self._persons(intent.record_id, body["contact_persons"][0])}
        update(intent.record_id, body)
        return intent.record_id

    def _persons(self, contact_id: str, changed: dict[str, Any]) -> list[dict[str, Any]]:
        """The people of a contact, the primary one changed: a list that leaves one out would delete him (§3.4)."""
        contact = self._client.contact(contact_id) or {}
        persons = [
            {"contact_person_id": one["contact_person_id"], **(changed if one.get("is_primary_contact") else {})}
            for one in contact.get("contact_persons", ())
        ]
        return persons or [changed]

    def waits_for(self, line: Line, names: set[str]) -> bool:
        """No line names another one here."""
        return False

    def name_of(self, line: Line) -> str:
        return self._translated(self.name_field, line.cells.get(self.name_field, ""))


def _about(message: str, fields: Container[str]) -> str:
    """The field that a refusal is about, where it names one of ours."""
    found = ABOUT.search(message)
    name = (found[1] or found[2]) if found else ""
    return name if name in fields else ""
