"""Under which customer of Invoice the contacts of each CRM account stand, as a run will have it once it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.sync.records import Listing, Planned

#: Before the CRM id of an account whose customer is still to be made.
NEW = "new:"


@dataclass
class Homes:
    """What a run knows of customers before it looks at their persons.

    Attributes:
        of_account: the customer by the CRM id of each account that is synced, `new:…` while it is to be made.
        customers: the Invoice ids of the customers whose persons are synced, with the modified time of the list.
        persons: the persons of customers that were read for their own sake.
        noted: up to which modified time the persons of a customer were looked at.
        seen: the CRM ids of all accounts in the view, synced or not.
    """

    of_account: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    persons: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    noted: Mapping[str, str] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()


def homes_of(listing: Listing, steps: Iterable[object]) -> Homes:
    """Where persons stand after the steps planned for accounts."""
    there = frozenset(source.id for source in listing.sources)
    linked = [link for link in listing.links if link.state == "linked" and link.crm_id in there]
    found = {link.crm_id: link.invoice_id for link in linked}
    exported: set[str] = set()
    for step in steps:
        if isinstance(step, Planned):
            _take_in(step, found, exported)
    modified = {target.id: target.modified for target in listing.targets}
    customers = {home for home in found.values() if not home.startswith(NEW)} | exported
    return Homes(
        found,
        {customer: modified[customer] for customer in sorted(customers) if customer in modified},
        {target.id: target.persons for target in listing.targets if target.persons is not None},
        {link.invoice_id: link.persons_noted for link in linked if link.role == "primary"},
        there,
    )


def _take_in(step: Planned, found: dict[str, str], exported: set[str]) -> None:
    match step.side, step.kind:
        case "invoice", "create":
            found[step.crm_id] = f"{NEW}{step.crm_id}"
        case "invoice", "link":
            found[step.crm_id] = str(step.invoice_id)
        case "invoice", "alias":
            found[step.crm_id] = found.get(str(step.parent), f"{NEW}{step.parent}")
        case "crm", "merge":
            found[step.crm_id] = found.get(str(step.into), f"{NEW}{step.into}")
        case "crm", "create":
            exported.add(str(step.invoice_id))
        case "crm", "link":
            exported.add(str(step.invoice_id))
            found[step.crm_id] = str(step.invoice_id)
        case _, "unlink" | "delete" | "leave_view" | "drop" | "merged":
            found.pop(step.crm_id, None)
