"""The kinds of Zoho Invoice documents that the integration shows, makes and links, as Invoice's API names them."""

from dataclasses import dataclass
from typing import Any

from connector.errors import NotFound

Record = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    Attributes:
        path: its path at Invoice, which is the key of its lists too.
        entity: the key of one document, and its name in custom fields.
        label: as people read it.
        box: its name in the Zoho Invoice permissions of a CRM profile.
        until: the date that ends it, as Invoice calls it.
    """

    path: str
    entity: str
    label: str
    box: str
    until: str

    def id_of(self, record: Record) -> str:
        return str(record[f"{self.entity}_id"])

    def number_of(self, record: Record) -> str:
        return str(record[f"{self.entity}_number"])

    def unknown(self, document_id: str) -> NotFound:
        return NotFound(f"There is no {self.label} {document_id} here.")

    def row(self, record: Record) -> Record:
        """One line of a list. Estimates and sales orders owe nothing, so they have no balance."""
        return {
            "document_id": self.id_of(record),
            "number": self.number_of(record),
            "date": record["date"],
            self.until: record.get(self.until, ""),
            "status": record["status"],
            "total": record["total"],
            "balance": record.get("balance"),
            "currency_code": record["currency_code"],
            "reference_number": record.get("reference_number", ""),
            "potential_id": record.get("zcrm_potential_id") or None,
            "potential_name": record.get("zcrm_potential_name") or None,
        }


KINDS = {
    kind.path: kind
    for kind in (
        Kind("estimates", "estimate", "estimate", "Estimates", "expiry_date"),
        Kind("salesorders", "salesorder", "sales order", "Sales_Orders", "shipment_date"),
        Kind("invoices", "invoice", "invoice", "Invoices", "due_date"),
    )
}
#: For addresses: `<any(...):kind>`.
ANY_KIND = f"any({', '.join(KINDS)})"
BY_ENTITY = {kind.entity: kind for kind in KINDS.values()}
