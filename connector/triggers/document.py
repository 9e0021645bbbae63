"""The invoice a trigger makes of a potential, and what of it still follows the potential (requirement G9)."""

import hashlib
from decimal import Decimal
from typing import Any

from connector.triggers.reading import Facts

#: The unique custom field of invoices and estimates by which a trigger's document is found again (sync.md §5).
KEY_FIELD = "cf_crm_sync_key"
KEY_FIELD_DEFINITION = {
    "label": "CRM sync key",
    "api_name": KEY_FIELD,
    "data_type": "text",
    "is_unique": True,
    "is_hidden": True,
}


LINE_KEPT = ("line_item_id", "item_id", "name", "description", "quantity")


def sync_key(
    crm_org_id: str, organization_id: str, potential_id: str, incarnation: int = 1, kind: str = "invoice"
) -> str:
    """The same for every try of the same document; another one only when a person asks for it to be made again."""
    text = f"{crm_org_id}/{organization_id}/potential/{potential_id}/{kind}/{incarnation}"
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def carried_of(facts: Facts, customer_id: str) -> dict[str, Any]:
    """The values that follow the potential while the invoice is a draft."""
    return {"name": facts.name, "rate": facts.amount or Decimal(0), "customer_id": customer_id}


def new_body(facts: Facts, customer_id: str, item_id: str | None) -> dict[str, Any]:
    """One line of the potential's amount, no tax, linked to the potential; date and terms are Invoice's defaults."""
    line: dict[str, Any] = {"rate": facts.amount or Decimal(0), "quantity": 1}
    line |= {"item_id": item_id} if item_id else {"name": facts.name}
    return {
        "customer_id": customer_id,
        "reference_number": facts.name,
        "line_items": [line],
        "zcrm_potential_id": facts.id,
        "zcrm_potential_name": facts.name,
    }


def standing_values(invoice: dict[str, Any]) -> dict[str, Any]:
    """What the invoice has now in place of the carried values; a line edited beyond recognition has no rate."""
    lines = invoice.get("line_items") or []
    rate = Decimal(str(lines[0]["rate"])) if len(lines) == 1 else None
    return {"name": invoice.get("reference_number"), "rate": rate, "customer_id": invoice.get("customer_id")}


def differing(invoice: dict[str, Any], carried: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """What is to be written of `wanted`: changed in the potential, and not edited by hand in Invoice since."""
    current = standing_values(invoice)
    return {
        name: value
        for name, value in wanted.items()
        if carried.get(name) != value and current[name] == carried.get(name)
    }


def change_body(invoice: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as a body for the invoice; its line keeps its id and everything that is not carried."""
    line = invoice["line_items"][0]
    kept = {name: line[name] for name in LINE_KEPT if line.get(name)}
    if "name" in changes and line.get("name") == invoice.get("reference_number"):
        kept["name"] = changes["name"]
    body: dict[str, Any] = {
        "customer_id": changes.get("customer_id", invoice["customer_id"]),
        "line_items": [{**kept, "rate": changes.get("rate", line["rate"])}],
    }
    if "customer_id" in changes:  # another customer drops the link, unless the same call says what it is (L6)
        body |= {name: invoice[name] for name in ("zcrm_potential_id", "zcrm_potential_name")}
    if "name" in changes:
        body |= {"reference_number": changes["name"], "zcrm_potential_name": changes["name"]}
    return body
