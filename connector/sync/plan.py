"""Decides what a run will do, one record at a time, and says why. Pure: no clock, no database, no network.

Under *Fetch from CRM* only Invoice is written; the cases stand in the order of sync.md, One run, 5 to 7.
"""

from collections.abc import Iterator, Mapping, Sequence

from connector.mapping import changed, name_key, version_of, with_suffix
from connector.settings import Duplicates, Entity
from connector.sync.records import Listing, Pairing, Planned, Side, Source, Target, Unchanged

Step = Planned | Unchanged


def plan(entity: Entity, listing: Listing) -> Iterator[Step]:
    """The steps for one entity: first what is in the view, oldest first, then what is missing from it."""
    links = {link.crm_id: link for link in listing.links if link.state != "tombstone"}
    targets = {target.id: target for target in listing.targets}
    twins = Twins(entity, listing)
    for reason, count in listing.left_out.items():
        yield from (Unchanged(entity.name, reason) for _ in range(count))
    for source in sorted(listing.sources, key=lambda source: (source.created, source.id)):
        link = links.pop(source.id, None)
        if link is None:
            yield from twins.settle(source)
        else:
            yield from _linked(entity, source, link, targets)
    heirs = heirs_of(listing)
    for link in links.values():
        yield from _missing(entity, link, listing.gone, heirs)


def _linked(entity: Entity, source: Source, link: Pairing, targets: dict[str, Target]) -> Iterator[Step]:
    """A record that has a partner already."""
    differing = changed(link.base, source.values)
    if link.state == "detached" or link.invoice_id not in targets:
        if differing:
            again = f"changed in CRM since it was deleted in Invoice: {fields_of(differing)}"
            yield create_again(entity, source, again, link)
        elif link.state == "detached":
            yield Unchanged(entity.name, "deleted in Invoice; not made again unasked")
        else:
            yield about(link, "unlink", entity, "deleted in Invoice")
    elif differing or link.mapping_version != version_of(entity.mapping):
        why = f"changed in CRM: {fields_of(differing)}" if differing else "the mapping was changed"
        yield about(link, "update", entity, why, source)
    elif not link.in_view:
        yield about(link, "return_to_view", entity, "back in the view", source)
    else:
        yield Unchanged(entity.name)


def _missing(entity: Entity, link: Pairing, gone: frozenset[str], heirs: Mapping[str, Pairing]) -> Iterator[Step]:
    """A linked record that the view did not bring."""
    if link.crm_id in gone:
        if link.state == "linked" and (link.role == "alias" or link.invoice_id in heirs):
            yield from deleted_twin(entity, link, heirs)
        elif link.state == "linked":
            yield about(link, "delete", entity, "deleted in CRM")
    elif link.in_view and link.origin == "view" and link.state == "linked":
        yield about(link, "leave_view", entity, "left the view; it stays where it is and is no longer synced")


def heirs_of(listing: Listing) -> dict[str, Pairing]:
    """By Invoice id, the oldest twin that still feeds it beside its primary (sync.md §3)."""
    there = {source.id for source in listing.sources}
    twins = [link for link in listing.links if link.role == "alias" and link.state == "linked" and link.crm_id in there]
    return {link.invoice_id: link for link in sorted(twins, key=lambda link: -int(link.crm_id))}


def deleted_twin(entity: Entity, link: Pairing, heirs: Mapping[str, Pairing]) -> Iterator[Step]:
    """One of several CRM records that feed one record of Invoice was deleted: it is forgotten, another leads."""
    yield about(link, "drop", entity, "deleted in CRM; its twin feeds the record on")
    if link.role == "primary":
        yield about(heirs[link.invoice_id], "promote", entity, f"its twin {link.crm_id} was deleted in CRM")


class Twins:
    """Finds the duplicates of new records and settles them by the policy (requirement C3)."""

    def __init__(self, entity: Entity, listing: Listing) -> None:
        self._entity = entity
        self._linked_to = {link.invoice_id: link.crm_id for link in listing.links if link.state == "linked"}
        self._by_name: dict[tuple[str | None, str], Target] = {}
        self._by_email: dict[tuple[str | None, str], Target] = {}
        for target in listing.targets:
            self._remember(target)

    def settle(self, source: Source) -> Iterator[Planned]:
        twin = self._find(source)
        policy = self._entity.duplicates
        if twin is None:
            self._remember(_expected(source))
            yield create(self._entity, source, "new in CRM")
        elif policy is Duplicates.SKIP:
            yield _new(
                self._entity, source, "skip", f"duplicate of {twin.name!r}, which is kept as it was", twin=twin.id
            )
        elif policy is Duplicates.CLONE:
            suffix = self._free_suffix(source)
            clone = with_suffix(self._entity.name, source.values, suffix)
            self._remember(Target(f"new:{source.id}", f"{source.name}{suffix}", parent=source.parent))
            yield _new(self._entity, source, "create", f"clone of {twin.name!r}", values=clone, suffix=suffix)
        elif twin.id in self._linked_to or twin.id.startswith("new:"):
            primary = self._linked_to.get(twin.id, twin.id.removeprefix("new:"))
            why = f"twin in CRM of {twin.name!r}; both feed one record"
            yield _new(self._entity, source, "alias", why, invoice_id=_real(twin.id), parent=primary)
        else:
            self._linked_to[twin.id] = source.id
            yield _new(self._entity, source, "link", f"overwrites its duplicate {twin.name!r}", invoice_id=twin.id)

    def link(self, invoice_id: str, crm_id: str) -> None:
        """Somebody else has settled that these two belong together."""
        self._linked_to[invoice_id] = crm_id

    def _find(self, source: Source) -> Target | None:
        """Persons match by email, else by full name, under the same customer; all others by name."""
        if self._entity.name == "contact":
            email = name_key(str(source.values.get("email", "")))
            if email and (found := self._by_email.get((source.parent, email))):
                return found
        key = name_key(source.name)
        return self._by_name.get((source.parent, key)) if key else None

    def _remember(self, target: Target) -> None:
        if key := name_key(target.name):
            self._by_name.setdefault((target.parent, key), target)
        if key := name_key(target.email):
            self._by_email.setdefault((target.parent, key), target)

    def _free_suffix(self, source: Source) -> str:
        """The next free number: *Acme (2)*. Persons may share a name, so they need none."""
        if self._entity.name == "contact":
            return ""
        number = 2
        while (source.parent, name_key(f"{source.name} ({number})")) in self._by_name:
            number += 1
        return f" ({number})"


def _expected(source: Source) -> Target:
    """The record that a create of this run will make, so that a second one of the name meets it."""
    email = str(source.values.get("email", ""))
    return Target(f"new:{source.id}", source.name, email=email, parent=source.parent)


def _real(target_id: str) -> str | None:
    return None if target_id.startswith("new:") else target_id


def create(entity: Entity, source: Source, reason: str) -> Planned:
    return _new(entity, source, "create", reason)


def create_again(entity: Entity, source: Source, reason: str, link: Pairing) -> Planned:
    """Makes anew what was deleted in Invoice, a clone under the name it had there."""
    values = with_suffix(entity.name, source.values, link.suffix)
    more = {"values": values, "suffix": link.suffix, "incarnation": link.incarnation + 1}
    return _new(entity, source, "create", reason, **more)


def _new(entity: Entity, source: Source, kind: str, reason: str, **more: object) -> Planned:
    facts = {"values": source.values, "parent": source.parent, "modified": source.modified, **more}
    return Planned(kind, entity.name, source.id, source.name, reason, **facts)  # type: ignore[arg-type]


def about(
    link: Pairing, kind: str, entity: Entity, reason: str, source: Source | None = None, side: Side = "invoice"
) -> Planned:
    """A step for a record that has a partner."""
    values = with_suffix(entity.name, source.values, link.suffix) if source else {}
    return Planned(
        kind,  # type: ignore[arg-type]
        entity.name,
        link.crm_id,
        source.name if source else link.name,
        reason,
        invoice_id=link.invoice_id,
        values=values,
        parent=link.parent,
        suffix=link.suffix,
        incarnation=link.incarnation,
        modified=source.modified if source else "",
        side=side,
    )


def fields_of(values: Mapping[str, object]) -> str:
    return ", ".join(sorted(values))


def too_many_deletes(steps: Sequence[object], linked: int, percent: int = 20, at_least: int = 10) -> str | None:
    """Why the plan must be confirmed by a person before anything is written (requirement C12), if it must."""
    deletes = sum(1 for step in steps if isinstance(step, Planned) and step.kind == "delete")
    if deletes > at_least and deletes * 100 > linked * percent:
        return f"{deletes} of {linked} linked records would be deleted; confirm or discard this plan"
    return None
