"""What a change of the settings will stop and what it will start, told before Save (requirement S3). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.settings import Document, Extent, MatchBy, entities

WORDS = {
    "account": "accounts of the CRM as customers",
    "contact": "contacts of accounts as contact persons",
    "customer": "contacts of the CRM as customers",
    "product": "products as items",
}
KEYS = {MatchBy.NAME: "name", MatchBy.EMAIL: "email", MatchBy.SKU: "SKU"}
KEPT = "their links and records stay as they are, nothing is deleted"
TRIGGERS = {
    Document.INVOICE: "invoices are made of potentials that are won",
    Document.ESTIMATE: "estimates are made of potentials",
}


@dataclass
class Effect:
    """Sentences for whoever is about to save."""

    stops: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)


def effect_of(before: dict[str, Any], after: dict[str, Any], linked: Mapping[str, int]) -> Effect:
    """What stops and what starts with the next sync.

    Args:
        linked: how many records of each kind are linked now.
    """
    found = Effect()
    old = {entity.name: entity for entity in entities(before)}
    new = {entity.name: entity for entity in entities(after)}
    for name in old.keys() - new.keys():
        found.stops.append(f"Syncing {WORDS[name]} stops: {_linked(linked.get(name, 0))}; {KEPT}.")
    for name in new.keys() - old.keys():
        again = f"; {_linked(linked[name])} from before, which are taken up again" if linked.get(name) else ""
        found.starts.append(f"Syncing {WORDS[name]} starts{again}.")
    for name in sorted(new.keys() & old.keys()):
        if old[name].view != new[name].view:
            found.stops.append(f"Records outside the new view stop being synced ({WORDS[name]}); {KEPT}.")
            found.starts.append(f"Records of the new view are synced ({WORDS[name]}).")
        if old[name].extent is not new[name].extent:
            is_both = new[name].extent is Extent.BOTH
            said = f"writing to the CRM what is new or edited in Invoice ({WORDS[name]})"
            (found.starts if is_both else found.stops).append(f"{said[0].upper()}{said[1:]}.")
        if old[name].mapping != new[name].mapping:
            found.starts.append(f"All linked records are compared anew ({WORDS[name]}): the mapping changes.")
        if old[name].match_by is not new[name].match_by:
            now, then = KEYS[new[name].match_by], KEYS[old[name].match_by]
            found.starts.append(f"New records are matched by {now}, no longer by {then} ({WORDS[name]}); links stay.")
    _triggers(found, before["triggers"]["document"], after["triggers"]["document"])
    found.stops.sort()
    found.starts.sort()
    return found


def _triggers(found: Effect, before: str, after: str) -> None:
    if before == after:
        return
    if before != Document.NONE:
        found.stops.append(f"The trigger stops: no more {TRIGGERS[Document(before)]}; those made stay.")
    if after != Document.NONE:
        found.starts.append(f"The trigger starts: {TRIGGERS[Document(after)]}, by changes made from now on.")


def _linked(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'} linked"
