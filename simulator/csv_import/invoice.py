"""Imports lines into Invoice: contacts and items, one call each, for Invoice has no bulk door."""

from collections.abc import Iterable, Iterator
from typing import Any

from simulator.clients.base import Refusal
from simulator.clients.invoice import InvoiceClient
from simulator.csv_import.reading import ImportRefused, Line, Plan, Rejected, converted

ADDRESS = ("attention", "address", "street2", "city", "state", "zip", "country", "phone", "fax")
#: The fields that can be imported, with their types; a dot leads into an address.
FIELDS: dict[str, dict[str, str]] = {
    "contacts": {
        **dict.fromkeys(("contact_name", "company_name", "website", "notes", "payment_terms_label"), "text"),
        "payment_terms": "integer",
        **dict.fromkeys(("first_name", "last_name", "email", "phone", "mobile", "salutation"), "person"),
        **{f"{part}_address.{name}": "text" for part in ("billing", "shipping") for name in ADDRESS},
    },
    "items": {
        **dict.fromkeys(("name", "description", "sku", "unit", "product_type"), "text"),
        "rate": "currency",
    },
}


class InvoiceImport:
    """One import into one kind of record."""

    def __init__(self, client: InvoiceClient, kind: str, plan: Plan) -> None:
        if kind.lower() not in FIELDS:
            raise ImportRefused(f"Invoice takes {' or '.join(FIELDS)}, not {kind!r}.")
        self._client = client
        self._plan = plan
        self.module = kind.lower()

    @property
    def fields(self) -> set[str]:
        return set(FIELDS[self.module])

    def prepare(self, is_dry: bool) -> None:
        if self._plan.stages or self._plan.add_values:
            raise ImportRefused("--add-stage and --add-values are for the CRM.")

    def record_of(self, line: Line) -> dict[str, Any]:
        """A line as the body of a create.

        Raises:
            BadCell: when one of its cells cannot be used.
        """
        body: dict[str, Any] = {}
        for name, text in line.cells.items():
            value = converted(name, self._plan.translations.get((name, text), text), self._type(name), self._plan)
            if self._type(name) == "person":
                body.setdefault("contact_persons", [{}])[0][name] = value
            elif "." in name:
                part, _, last = name.partition(".")
                body.setdefault(part, {})[last] = value
            else:
                body[name] = value
        return body

    def _type(self, name: str) -> str:
        return FIELDS[self.module][name]

    def write(self, lines: Iterable[tuple[Line, dict[str, Any]]]) -> Iterator[Rejected | None]:
        """Creates the records; yields None for each that was written, else its row of the report."""
        create = self._client.create_contact if self.module == "contacts" else self._client.create_item
        for line, body in lines:
            try:
                create(body)
            except Refusal as refusal:
                yield Rejected(line.number, "", "", f"{refusal.message} ({refusal.code})")
            else:
                yield None

    def pretend(self, line: Line) -> None:
        """In a dry run: no line names another one here."""

    def waits_for(self, line: Line, names: set[str]) -> bool:
        return False

    def name_of(self, line: Line) -> str:
        return ""
