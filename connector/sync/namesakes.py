"""Finds the duplicates of new records and settles them by the policy (requirements C3, C4). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from connector.mapping import name_key, with_suffix
from connector.settings import Duplicates, Entity, Extent
from connector.sync.homes import NEW
from connector.sync.records import Listing, Planned, Source, Target, Unheard

#: What is said of duplicates that have something else than their name in common.
SAID = {"email": " (same email)", "sku": " (same SKU)"}
CHOSEN = "linked as somebody chose"
UNHEARD = "made by an earlier sync whose answer was lost"

Record = TypeVar("Record", Source, Target)
#: By what, under which customer, and that in small letters.
Key = tuple[str, str, str]


@dataclass
class Namesakes(Generic[Record]):
    """Records by what makes them duplicates: persons by email, else by full name, under one customer; others by name,
    or by what was chosen instead of it.

    An empty key never matches.
    """

    entity: Entity
    #: Mostly one record each, of which there are many: only several make a list.
    _found: dict[Key, Record | list[Record]] = field(default_factory=dict)
    _names: set[tuple[str, str]] = field(default_factory=set)

    def add(self, record: Record) -> None:
        if "name" not in self._kinds:
            self.take_name(record.home, record.name)
        for key in self._keys(record):
            known = self._found.setdefault(key, record)
            if isinstance(known, list):
                known.append(record)
            elif known is not record:
                self._found[key] = [known, record]

    def of(self, record: Source | Target) -> list[Record]:
        """The duplicates of a record of the other side, in the order they were added."""
        return next((_several(self._found[key]) for key in self._keys(record) if key in self._found), [])

    def said(self, record: Source | Target) -> str:
        """By what its duplicates are duplicates, where that is not their name."""
        return next((SAID.get(key[0], "") for key in self._keys(record) if key in self._found), "")

    def take_name(self, home: str, name: str) -> None:
        self._names.add((home, name_key(name)))

    def is_taken(self, home: str, name: str) -> bool:
        key = name_key(name)
        return (home, key) in self._names or ("name", home, key) in self._found

    @property
    def _kinds(self) -> tuple[str, ...]:
        return ("email", "name") if self.entity.name == "contact" else (self.entity.match_by.value,)

    def _keys(self, record: Source | Target) -> Iterator[tuple[str, str, str]]:
        for kind in self._kinds:
            if key := name_key(getattr(record, kind)):
                yield kind, record.home, key


def _several(known: Record | list[Record]) -> list[Record]:
    return known if isinstance(known, list) else [known]


class Twins:
    """Settles new records of the CRM."""

    def __init__(self, entity: Entity, listing: Listing) -> None:
        self._entity = entity
        self._unheard = listing.unheard
        self._linked_to = {
            **{one.target.id: crm_id for crm_id, one in listing.unheard.items()},
            **{link.invoice_id: link.crm_id for link in listing.links if link.state == "linked"},
        }
        self._known: Namesakes[Target] = Namesakes(entity)
        self._choices = listing.choices
        by_id = {target.id: target for target in listing.targets}
        self._chosen = {
            crm_id: by_id[invoice_id]
            for (crm_id, invoice_id), choice in listing.choices.items()
            if choice == "link" and invoice_id in by_id and invoice_id not in self._linked_to
        }
        self._unknown: list[Target] | None = listing.targets

    @property
    def _targets(self) -> Namesakes[Target]:
        """The records of Invoice by what makes them duplicates; most runs have nothing new to ask of them."""
        if self._unknown is not None:
            for target in sorted(self._unknown, key=_by_age):
                self._known.add(target)
            self._unknown = None
        return self._known

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
        said = self._targets.said(source)
        # What is kept apart still has the name in Invoice, so that it is as if it were to be cloned.
        policy = self._entity.duplicates if twins else Duplicates.CLONE
        if not known:
            yield self._new(source)
        elif policy is Duplicates.SKIP:
            why = f"duplicate of a record of Invoice{said}"
            yield self._beside(twins[0], source, "skip", why, twin=twins[0].id)
        elif policy is Duplicates.CLONE:
            yield self._clone(source, (twins or known)[0], said)
        elif twins[0].id in self._linked_to or twins[0].id.startswith(NEW):
            yield self._joined(source, twins[0], said)
        else:
            yield self._overwritten(source, twins[0], said)
            for other in twins[1:]:
                if other.is_active and self._can_merge(other):
                    yield merged_in_invoice(self._entity, other, twins[0], said)

    def _new(self, source: Source) -> Planned:
        suffix = self._free_suffix(source)
        name = f"{source.name}{suffix}"
        self._targets.add(Target(f"{NEW}{source.id}", name, email=source.email, sku=source.sku, home=source.home))
        values = with_suffix(self._entity.name, source.values, suffix)
        why = f"new in CRM{'; somebody else has its name in Invoice' if suffix else ''}"
        return new_step(self._entity, source, "create", why, values=values, suffix=suffix)

    def _clone(self, source: Source, twin: Target, said: str) -> Planned:
        suffix = self._free_suffix(source)
        values = with_suffix(self._entity.name, source.values, suffix)
        self._targets.add(Target(f"{NEW}{source.id}", f"{source.name}{suffix}", home=source.home))
        why = f"clone of a record of Invoice{said}"
        return self._beside(twin, source, "create", why, values=values, suffix=suffix, twin=twin.id)

    def _joined(self, source: Source, twin: Target, said: str) -> Planned:
        """Its duplicate is another record's of the CRM already."""
        primary = self._linked_to.get(twin.id, twin.id.removeprefix(NEW))
        if self._is_merged_in_crm():
            why = f"becomes one record of CRM with its duplicate{said}"
            return self._beside(twin, source, "merge", why, side="crm", into=primary, values={})
        why = f"feeds one record of Invoice with its twin in CRM{said}"
        real = None if twin.id.startswith(NEW) else twin.id
        return self._beside(twin, source, "alias", why, invoice_id=real, parent=primary)

    def _overwritten(self, source: Source, twin: Target, said: str) -> Planned:
        self._linked_to[twin.id] = source.id
        suffix = "" if name_key(source.name) == name_key(twin.name) else self._free_suffix(source)
        self._targets.take_name(source.home, f"{source.name}{suffix}")
        values = with_suffix(self._entity.name, source.values, suffix)
        why = f"overwrites its duplicate{said}"
        return self._beside(twin, source, "link", why, invoice_id=twin.id, values=values, suffix=suffix)

    def _beside(self, other: Target, source: Source, kind: str, reason: str, **more: object) -> Planned:
        """A step that is settled with a duplicate, whose name stands beside the reason."""
        return new_step(self._entity, source, kind, reason, target_name=other.name, **more)

    def _is_merged_in_crm(self) -> bool:
        may_write = self._entity.extent is Extent.BOTH
        return may_write and self._entity.merges

    def _can_merge(self, other: Target) -> bool:
        is_free = other.id not in self._linked_to and not other.id.startswith(NEW)
        return is_free and self._entity.merges

    def link(self, invoice_id: str, crm_id: str) -> None:
        """Somebody else has settled that these two belong together."""
        self._linked_to[invoice_id] = crm_id

    def _free_suffix(self, source: Source) -> str:
        """The next free number where the name is taken: *Acme (2)*. Persons may share a name, so they need none."""
        if self._entity.name == "contact" or not self._targets.is_taken(source.home, source.name):
            return ""
        number = 2
        while self._targets.is_taken(source.home, f"{source.name} ({number})"):
            number += 1
        return f" ({number})"


def _by_age(target: Target) -> tuple[bool, int, str]:
    """The active ones first, of them the oldest: the one that stays."""
    return not target.is_active, len(target.id), target.id


def merged_in_invoice(entity: Entity, loser: Target, survivor: Target, said: str) -> Planned:
    why = f"becomes one record of Invoice with its duplicate{said}"
    step = Planned("merge", entity.name, "", loser.name, why, invoice_id=loser.id, home=loser.home)
    return replace(step, into=survivor.id, target_name=survivor.name)


def made_unheard(entity: Entity, source: Source, made: Unheard) -> Planned:
    """Links a record with the one that was made of it unheard, as both were then: what was edited since is compared
    by the next run. Under *Fetch from CRM* the CRM's values are written at once."""
    more = {"invoice_id": made.target.id, "suffix": made.suffix}
    if entity.extent is Extent.BOTH:
        return new_step(entity, source, "link", UNHEARD, values={}, baseline=made.sent, **more)
    values = with_suffix(entity.name, source.values, made.suffix)
    return new_step(entity, source, "link", UNHEARD, values=values, **more)


def new_step(entity: Entity, source: Source, kind: str, reason: str, **more: object) -> Planned:
    """A step for a CRM record that has no partner, or none any more."""
    facts = {"values": source.values, "parent": source.parent, "home": source.home, "modified": source.modified, **more}
    return Planned(kind, entity.name, source.id, source.name, reason, **facts)  # type: ignore[arg-type]
