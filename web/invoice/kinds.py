"""The three kinds of documents one writes: estimates, sales orders and invoices."""

from dataclasses import dataclass
from typing import Any

from web.i18n import _


@dataclass(frozen=True)
class Kind:
    """A kind of document: its words, and what the API calls it.

    Attributes:
        key: the part of the address, of the screens and of the API alike.
        entity: the key of one in an answer.
        until_field, until_label: the second date, the day it is good for.
    """

    key: str
    entity: str
    title: str
    one: str
    new: str
    until_field: str
    until_label: str

    @property
    def id_field(self) -> str:
        return f"{self.entity}_id"

    @property
    def number_field(self) -> str:
        return f"{self.entity}_number"

    @property
    def list_endpoint(self) -> str:
        return f"invoice.{self.key}"

    @property
    def record_endpoint(self) -> str:
        return f"invoice.{self.key}_record"

    def id_of(self, document: dict[str, Any]) -> str:
        return str(document[self.id_field])

    def number_of(self, document: dict[str, Any]) -> str:
        return str(document[self.number_field])


KINDS = {
    kind.key: kind
    for kind in (
        Kind("estimates", "estimate", _("Estimates"), _("estimate"), _("New estimate"), "expiry_date", _("Expires")),
        Kind(
            "salesorders", "salesorder", _("Sales orders"), _("sales order"), _("New sales order"), "shipment_date",
            _("Expected shipment"),
        ),
        Kind("invoices", "invoice", _("Invoices"), _("invoice"), _("New invoice"), "due_date", _("Due")),
    )
}  # fmt: skip
