"""Finds the duplicates of new records and settles them by the policy (requirements C3, C4). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from connector.mapping import name_key, with_suffix
from connector.settings import Duplicates, Entity, Extent
from connector.sync.homes import NEW
from connector.sync.records import Listing, Planned, Source, Target, Unheard

#: What is merged of duplicates that are overwritten. The CRM merges no products, Invoice only customers (C4).
MERGED_IN_CRM = ("account", "contact", "customer")
MERGED_IN_INVOICE = ("account", "customer")

CHOSEN = "linked as somebody chose"
UNHEARD = "made by an earlier sync whose answer was lost"

Record = TypeVar("Record", Source, Target)


@dataclass
class Namesakes(Generic[Record]):
    """Records by what makes them duplicates: persons by email, else by full name, under one customer; others by name.

    An empty key never matches.
    """

    entity: str
    _found: dict[tuple[str, str, str], list[Record]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        for key in self._keys(record):
            self._found.setdefault(key, []).append(record)

    def of(self, record: Source | Target) -> list[Record]:
        """The duplicates of a record of the other side, in the order they were added."""
        return next((self._found[key] for key in self._keys(record) if key in self._found), [])

    def is_taken(self, home: str, name: str) -> bool:
        return ("name", home, name_key(name)) in self._found

    def _keys(self, record: Source | Target) -> Iterator[tuple[str, str, str]]:
        if self.entity == "contact" and (email := name_key(record.email)):
            yield "email", record.home, email
        if name := name_key(record.name):
            yield "name", record.home, name


class Twins:
    """Settles new records of the CRM."""

    def __init__(self, entity: Entity, listing: Listing) -> None:
        self._entity = entity
        self._unheard = listing.unheard
        self._linked_to = {
            **{one.target.id: crm_id for crm_id, one in listing.unheard.items()},
            **{link.invoice_id: link.crm_id for link in listing.links if link.state == "linked"},
        }
        self._targets: Namesakes[Target] = Namesakes(entity.name)
        self._choices = listing.choices
        by_id = {target.id: target for target in listing.targets}
        self._chosen = {
            crm_id: by_id[invoice_id]
            for (crm_id, invoice_id), choice in listing.choices.items()
            if choice == "link" and invoice_id in by_id and invoice_id not in self._linked_to
        }
        for target in sorted(listing.targets, key=_by_age):
            self._targets.add(target)

    def settle(self, source: Source) -> Iterator[Planned]:
        if source.id in self._unheard:
            yield made_unheard(self._entity, source, self._unheard[source.id])
            return
        if source.id in self._chosen:
            chosen = self._chosen[source.id]
            self._linked_to[chosen.id] = source.id
            yield new_step(self._entity, source, "link", CHOSEN, invoice_id=chosen.id)
            return
        known = self._targets.of(source)
        twins = [one for one in known if self._choices.get((source.id, one.id)) != "apart"]
        twin = next(iter(twins or known), None)
        policy = self._entity.duplicates if twins else Duplicates.CLONE  # kept apart, but of one name in Invoice
        if twin is None:
            self._targets.add(Target(f"{NEW}{source.id}", source.name, email=source.email, home=source.home))
            yield create(self._entity, source, "new in CRM")
        elif policy is Duplicates.SKIP:
            why = f"duplicate of {twin.name!r}, which is kept as it was"
            yield new_step(self._entity, source, "skip", why, twin=twin.id)
        elif policy is Duplicates.CLONE:
            suffix = self._free_suffix(source)
            clone = with_suffix(self._entity.name, source.values, suffix)
            self._targets.add(Target(f"{NEW}{source.id}", f"{source.name}{suffix}", home=source.home))
            why = f"clone of {twin.name!r}"
            yield new_step(self._entity, source, "create", why, values=clone, suffix=suffix, twin=twin.id)
        elif twin.id in self._linked_to or twin.id.startswith(NEW):
            primary = self._linked_to.get(twin.id, twin.id.removeprefix(NEW))
            if self._is_merged_in_crm():
                why = f"duplicate in CRM of {twin.name!r}; both become one record there"
                yield new_step(self._entity, source, "merge", why, side="crm", into=primary, values={})
                return
            why = f"twin in CRM of {twin.name!r}; both feed one record"
            real = None if twin.id.startswith(NEW) else twin.id
            yield new_step(self._entity, source, "alias", why, invoice_id=real, parent=primary)
        else:
            self._linked_to[twin.id] = source.id
            why = f"overwrites its duplicate {twin.name!r}"
            yield new_step(self._entity, source, "link", why, invoice_id=twin.id)
            for other in twins[1:]:
                if other.is_active and self._can_merge(other):
                    yield merged_in_invoice(self._entity, other, twin)

    def _is_merged_in_crm(self) -> bool:
        may_write = self._entity.extent is Extent.BOTH
        return may_write and self._entity.merges and self._entity.name in MERGED_IN_CRM

    def _can_merge(self, other: Target) -> bool:
        is_free = other.id not in self._linked_to and not other.id.startswith(NEW)
        return is_free and self._entity.merges and self._entity.name in MERGED_IN_INVOICE

    def link(self, invoice_id: str, crm_id: str) -> None:
        """Somebody else has settled that these two belong together."""
        self._linked_to[invoice_id] = crm_id

    def _free_suffix(self, source: Source) -> str:
        """The next free number: *Acme (2)*. Persons may share a name, so they need none."""
        if self._entity.name == "contact":
            return ""
        number = 2
        while self._targets.is_taken(source.home, f"{source.name} ({number})"):
            number += 1
        return f" ({number})"


def _by_age(target: Target) -> tuple[bool, int, str]:
    """The active ones first, of them the oldest: the one that stays."""
    return not target.is_active, len(target.id), target.id


def merged_in_invoice(entity: Entity, loser: Target, survivor: Target) -> Planned:
    why = f"duplicate in Invoice of {survivor.name!r}; both become one record there"
    return Planned("merge", entity.name, "", loser.name, why, invoice_id=loser.id, into=survivor.id)


def made_unheard(entity: Entity, source: Source, made: Unheard) -> Planned:
    """Links a record with the one that was made of it unheard, as both were then: what was edited since is compared
    by the next run. Under *Fetch from CRM* the CRM's values are written at once."""
    more = {"invoice_id": made.target.id, "suffix": made.suffix}
    if entity.extent is Extent.BOTH:
        return new_step(entity, source, "link", UNHEARD, values={}, baseline=made.sent, **more)
    values = with_suffix(entity.name, source.values, made.suffix)
    return new_step(entity, source, "link", UNHEARD, values=values, **more)


def create(entity: Entity, source: Source, reason: str) -> Planned:
    return new_step(entity, source, "create", reason)


def new_step(entity: Entity, source: Source, kind: str, reason: str, **more: object) -> Planned:
    """A step for a CRM record that has no partner, or none any more."""
    facts = {"values": source.values, "parent": source.parent, "home": source.home, "modified": source.modified, **more}
    return Planned(kind, entity.name, source.id, source.name, reason, **facts)  # type: ignore[arg-type]
