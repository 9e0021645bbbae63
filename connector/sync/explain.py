"""One linked pair explained: what each side has, what each had when both agreed last, and what the next sync would do.

It plans as a run does, with nothing but this pair in sight, and writes nothing. Whether a view still has the record is
not asked: what the last sync found of that counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from connector.mapping import Values, from_invoice, without_suffix
from connector.peers import Peers
from connector.settings import Entity, Extent
from connector.sync.both_ways import Step, plan_both_ways
from connector.sync.plan import plan
from connector.sync.reading.crm import by_id, one_way
from connector.sync.records import Listing, Pairing, Planned, Source, Target, Unchanged
from connector.sync.sides import records_of

_UNKNOWN = object()


@dataclass(frozen=True)
class Known:
    """What the connector's own tables say of a pair.

    Attributes:
        links: all links of its two records.
        customers: under which customers persons stand, by the CRM ids of their accounts.
    """

    link: Pairing
    links: list[Pairing]
    customers: dict[str, str]


def explain(peers: Peers, entity: Entity, known: Known) -> dict[str, Any]:
    """The pair as both sides have it now; asks both products.

    Returns:
        `fields` with their states, `next` (the steps of the next sync and why), and which sides have the record.
    """
    link = known.link
    source, target = _source(peers, entity, known), _target(peers, entity, known)
    crm = source.values if source else {}
    invoice = (target.values if target else None) or {}
    fixed = one_way(peers, entity)
    return {
        "is_in_crm": source is not None,
        "is_in_invoice": target is not None,
        "extent": entity.extent.value,
        "fields": [
            field_state(pair.crm, pair.invoice, crm, invoice, link, is_one_way=pair.invoice in fixed)
            for pair in entity.mapping
        ],
        "next": [_told(step) for step in _next(entity, known, source, target, fixed)],
    }


def field_state(
    crm_field: str, name: str, crm: Values, invoice: Values, link: Pairing, *, is_one_way: bool
) -> dict[str, Any]:
    """One mapped field: both values, what each side had last, and which of them is newer. Pure."""
    ours, theirs = crm.get(name), invoice.get(name)
    seen_in_crm, seen_in_invoice = link.last_seen("crm", crm), link.last_seen("invoice", invoice)
    crm_changed = seen_in_crm.get(name, _UNKNOWN) != ours
    invoice_changed = seen_in_invoice.get(name, _UNKNOWN) != theirs
    return {
        "crm_field": crm_field,
        "invoice_field": name,
        "crm": ours,
        "invoice": theirs,
        "crm_last": seen_in_crm.get(name),
        "invoice_last": seen_in_invoice.get(name),
        "is_one_way": is_one_way,
        "state": STATES[ours == theirs, crm_changed, invoice_changed],
    }


#: (equal, changed in the CRM, changed in Invoice) -> how the field stands.
STATES = {
    (False, True, False): "crm_newer",
    (False, False, True): "invoice_newer",
    (False, True, True): "conflict",
    (False, False, False): "kept_otherwise",
    (True, True, True): "same",
    (True, True, False): "same",
    (True, False, True): "same",
    (True, False, False): "same",
}


def _source(peers: Peers, entity: Entity, known: Known) -> Source | None:
    source = next(iter(by_id(peers, entity, [known.link.crm_id])), None)
    if source is None or entity.name != "contact":
        return source
    return replace(source, home=known.customers.get(source.parent or "", ""))


def _target(peers: Peers, entity: Entity, known: Known) -> Target | None:
    link = known.link
    record = records_of(entity.name, peers.invoice).read(link.invoice_id, link.home or None)
    if record is None:
        return None
    values = from_invoice(entity.name, entity.mapping, record)
    values = without_suffix(entity.name, values, link.suffix)
    return Target(link.invoice_id, link.name, home=link.home, values=values)


def _next(
    entity: Entity, known: Known, source: Source | None, target: Target | None, fixed: frozenset[str]
) -> list[Step]:
    link = known.link
    is_outside = not link.in_view and link.origin == "view"
    listing = Listing([source] if source and not is_outside else [], [target] if target else [], known.links)
    listing.gone = frozenset([link.crm_id] if source is None else [])
    listing.one_way = fixed
    planned = plan_both_ways(entity, listing) if entity.extent is Extent.BOTH else plan(entity, listing)
    steps = list(_about(link, planned))
    return steps or [Unchanged(entity.name, "outside the view" if is_outside else "nothing changed")]


def _about(link: Pairing, steps: Iterator[Step]) -> Iterator[Step]:
    """The steps about this pair; what is unchanged is told only where nothing else is."""
    found = list(steps)
    mine = [
        step
        for step in found
        if isinstance(step, Planned) and (step.crm_id == link.crm_id or step.invoice_id == link.invoice_id)
    ]
    yield from mine or [step for step in found if isinstance(step, Unchanged)][:1]


def _told(step: Step) -> dict[str, Any]:
    if isinstance(step, Planned):
        told = {name: getattr(step, name) for name in ("kind", "side", "reason", "target_name")}
        return {**told, "conflicts": dict(step.conflicts)}
    reason = step.reason if isinstance(step, Unchanged) else ""
    return {"kind": "none", "side": None, "reason": reason, "target_name": "", "conflicts": {}}
