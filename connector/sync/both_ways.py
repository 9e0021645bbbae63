"""Decides what a run of *Sync both ways* will do (sync.md, One run, 5 to 7). Pure, as `plan` is.

Every record read is counted once for the side it would be written to: a CRM record for Invoice, an Invoice record for
the CRM.
"""

from collections.abc import Iterator
from dataclasses import replace

from connector.fields import NAME_FIELD
from connector.mapping import Values, changed, version_of, with_suffix
from connector.settings import DeletedInInvoice, Entity
from connector.sync.compare import Comparison, compare
from connector.sync.exports import Exports, without_own_name
from connector.sync.namesakes import Twins, made_unheard
from connector.sync.plan import about, create_again, deleted_twin, fields_of, heirs_of, left_out, merged_away, moved
from connector.sync.records import Listing, Looked, Pairing, Planned, Settled, Side, Source, Target, Unchanged

Step = Planned | Unchanged | Settled | Looked

#: The side whose new records are settled first; duplicates arise on the other one (requirements C2, I2).
LEADING: dict[str, Side] = {"account": "crm", "contact": "crm", "customer": "crm", "product": "invoice"}


def plan_both_ways(entity: Entity, listing: Listing, leading: Side | None = None) -> Iterator[Step]:
    """The steps for one entity: linked pairs first, then what is new on either side.

    Args:
        leading: the side whose new records are settled first; None for the usual one.
    """
    unsettled: set[str] = set()
    for step in _BothWays(entity, listing, leading or LEADING[entity.name]).steps():
        if isinstance(step, Planned):
            unsettled.add(step.home)
        yield step
    yield from (looked for looked in listing.looked if looked.customer_id not in unsettled)


class _BothWays:
    def __init__(self, entity: Entity, listing: Listing, leading: Side) -> None:
        self._entity = entity
        self._leading = leading
        self._listing = listing
        self._links = [link for link in listing.links if link.state != "tombstone"]
        self._sources = {source.id: source for source in listing.sources}
        self._targets = {target.id: target for target in listing.targets}
        self._twins = Twins(entity, listing)
        self._heirs = heirs_of(listing)
        living = [link for link in self._links if link.state == "linked"]
        self._primaries = {link.invoice_id: link for link in living if link.role == "primary"}
        self._exports = Exports(
            entity,
            listing,
            self._twins,
            linked={link.crm_id for link in self._links},
            exported={link.invoice_id for link in self._links if link.state in ("linked", "merged")},
        )

    def steps(self) -> Iterator[Step]:
        yield from left_out(self._entity, self._listing)
        for link in self._links:
            yield from self._pair(link)
        if self._leading == "crm":
            yield from self._imports()
            yield from self._exports.steps()
        else:
            yield from self._exports.steps()
            yield from self._imports()

    # pairs

    def _pair(self, link: Pairing) -> Iterator[Step]:
        source, target = self._sources.get(link.crm_id), self._targets.get(link.invoice_id)
        if link.state == "merged":
            if source is not None:
                yield about(link, "return_to_view", self._entity, "back in CRM after it was merged", source)
        elif link.crm_id in self._listing.merged:
            yield merged_away(self._entity, link, self._listing)
        elif link.state == "detached":
            yield from self._detached(link, source)
        elif source is not None and source.home != link.home:
            yield from self._moved(link, source, target)
        elif source is None:
            yield from self._without_source(link, target)
        elif target is None:
            yield from self._without_target(link, source)
        else:
            yield from self._compared(link, source, target)

    def _compared(self, link: Pairing, source: Source, target: Target) -> Iterator[Step]:
        current = version_of(self._entity.mapping)
        standing = self._primaries.get(link.invoice_id, link).last_seen("invoice", {})  # a twin feeds another's record
        invoice = target.values if target.values is not None else standing
        arrived = {**link.arrived("crm", source.values), **link.arrived("invoice", invoice)}
        seen_in_crm = {**link.last_seen("crm", source.values), **arrived}
        seen_in_invoice = {**link.last_seen("invoice", invoice), **arrived}
        crm = without_own_name(self._entity.name, seen_in_crm, source.values, invoice)
        one_way = frozenset(source.values) if link.role == "alias" else self._listing.one_way
        found = compare(
            crm,
            invoice,
            seen_in_crm,
            seen_in_invoice,
            self._entity.conflicts,
            one_way,
            is_remapped=link.mapping_version != current,
        )
        if found.to_invoice:
            yield self._write(link, source, "invoice", found, invoice)
        elif not link.in_view:
            yield about(link, "return_to_view", self._entity, "back in the view", source)
        else:
            yield Unchanged(self._entity.name)
        if link.role == "alias":
            return
        if found.to_crm:
            yield self._write(link, source, "crm", found, source.values)
        else:
            yield Unchanged(self._entity.name, side="crm")
        if target.values is not None or link.mapping_version != current or arrived:
            # What is still to be written may fail: then the next run has to look at the record again.
            is_even = not (found.to_invoice or found.to_crm)
            yield Settled(link.id, {**arrived, **found.agreed}, target.noted if is_even else "", current)

    def _moved(self, link: Pairing, source: Source, target: Target | None) -> Iterator[Step]:
        """A contact that changed his account takes along what was edited in Invoice (requirement C13)."""
        now = (target.values if target else None) or {}
        edited = changed(link.last_seen("invoice", now), now) if now else {}
        mine = {name: value for name, value in edited.items() if source.values.get(name) == link.base.get(name)}
        yield from moved(self._entity, source, link, self._twins, {**source.values, **mine})
        if mine:
            step = about(link, "update", self._entity, f"changed in Invoice: {fields_of(mine)}", source, side="crm")
            standing = {name: source.values.get(name) for name in mine}
            yield replace(step, values=mine, baseline=mine, seen=standing)

    def _write(self, link: Pairing, source: Source, side: Side, found: Comparison, standing: Values) -> Planned:
        """An update of one side; what stands in the written fields goes along, so that nothing newer is lost."""
        values = found.to_invoice if side == "invoice" else found.to_crm
        seen = {name: standing.get(name) for name in values}
        other = "CRM" if side == "invoice" else "Invoice"
        conflicts = {name: conflict for name, conflict in found.conflicts.items() if name in values}
        why = f"changed in {other}: {fields_of(values)}"
        if conflicts:
            why += f"; changed on both sides, {other} wins: {fields_of(conflicts)}"
        return Planned(
            "update",
            self._entity.name,
            link.crm_id,
            source.name,
            why,
            invoice_id=link.invoice_id,
            values=self._suffixed(values, link.suffix) if side == "invoice" else values,
            suffix=link.suffix,
            incarnation=link.incarnation,
            home=link.home,
            modified=source.modified,
            side=side,
            seen=self._suffixed(seen, link.suffix) if side == "invoice" else seen,
            baseline=values,
            conflicts=conflicts,
        )

    def _suffixed(self, values: Values, suffix: str) -> Values:
        return with_suffix(self._entity.name, values, suffix) if NAME_FIELD[self._entity.name] in values else values

    def _without_source(self, link: Pairing, target: Target | None) -> Iterator[Step]:
        """A linked record that the CRM no longer has, or that left the view."""
        if link.crm_id not in self._listing.gone:
            if link.crm_id in self._listing.left_out:
                return
            if link.in_view and link.origin == "view":
                why = "left the view; it stays where it is and is no longer synced"
                yield about(link, "leave_view", self._entity, why)
            elif target is not None:
                yield Unchanged(self._entity.name, "outside the view", side="crm")
        elif target is not None and target.id in self._listing.made:
            yield from self._exports.found_again(target, self._listing.made[target.id])
        elif link.role == "alias" or link.invoice_id in self._heirs:
            yield from deleted_twin(self._entity, link, self._heirs)
        elif target is None:
            yield about(link, "delete", self._entity, "deleted on both sides")
        elif edited := changed(link.last_seen("invoice", target.values or {}), target.values or {}):
            why = f"deleted in CRM, but changed in Invoice since: {fields_of(edited)}"
            yield from self._exports.export(target, why, incarnation=link.incarnation + 1)
        else:
            seen = self._suffixed(link.last_seen("invoice", target.values or {}), link.suffix)
            yield replace(about(link, "delete", self._entity, "deleted in CRM"), seen=seen)

    def _without_target(self, link: Pairing, source: Source) -> Iterator[Step]:
        """A linked record that Invoice no longer has: an edit beats the deletion (requirement C12)."""
        if link.crm_id in self._listing.unheard:
            yield made_unheard(self._entity, source, self._listing.unheard[link.crm_id])
        elif edited := changed(link.last_seen("crm", source.values), source.values):
            why = f"changed in CRM since it was deleted in Invoice: {fields_of(edited)}"
            yield create_again(self._entity, source, why, link)
        elif self._entity.deleted_in_invoice is DeletedInInvoice.DELETE:
            step = about(link, "delete", self._entity, "deleted in Invoice", side="crm")
            yield replace(step, seen=link.last_seen("crm", source.values))
        else:
            yield about(link, "unlink", self._entity, "deleted in Invoice")

    def _detached(self, link: Pairing, source: Source | None) -> Iterator[Step]:
        if source is None:
            return
        if link.crm_id in self._listing.unheard:
            yield made_unheard(self._entity, source, self._listing.unheard[link.crm_id])
        elif edited := changed(link.last_seen("crm", source.values), source.values):
            why = f"changed in CRM since it was deleted in Invoice: {fields_of(edited)}"
            yield create_again(self._entity, source, why, link)
        else:
            yield Unchanged(self._entity.name, "deleted in Invoice; not made again unasked")

    # what is new

    def _imports(self) -> Iterator[Step]:
        """New CRM records, oldest first."""
        for source in sorted(self._listing.sources, key=lambda source: (source.created, source.id)):
            if source.id in self._exports.spoken_for:
                continue
            for step in self._twins.settle(source):
                if step.kind == "link" or (step.kind == "merge" and step.side == "invoice"):
                    self._exports.settled.add(str(step.invoice_id))
                elif step.kind == "skip" and step.twin:
                    self._exports.settled.add(step.twin)
                yield step
