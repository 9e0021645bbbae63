"""Decides what a run of *Sync both ways* will do (sync.md, One run, 5 to 7). Pure, as `plan` is.

Every record read is counted once for the side it would be written to: a CRM record for Invoice, an Invoice record for
the CRM.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connector.fields import NAME_FIELD
from connector.mapping import Values, changed, name_key, version_of, with_suffix
from connector.settings import DeletedInInvoice, Duplicates, Entity
from connector.sync.compare import Comparison, compare
from connector.sync.plan import Twins, about, create_again, deleted_twin, fields_of, heirs_of
from connector.sync.records import Listing, Pairing, Planned, Settled, Side, Source, Target, Unchanged

Step = Planned | Unchanged | Settled

#: The side whose new records are settled first; duplicates arise on the other one (requirements C2, I2).
LEADING: dict[str, Side] = {"account": "crm", "customer": "crm", "product": "invoice"}


def plan_both_ways(entity: Entity, listing: Listing) -> Iterator[Step]:
    """The steps for one entity: linked pairs first, then what is new on either side."""
    return _BothWays(entity, listing).steps()


class _BothWays:
    def __init__(self, entity: Entity, listing: Listing) -> None:
        self._entity = entity
        self._listing = listing
        self._links = [link for link in listing.links if link.state != "tombstone"]
        self._sources = {source.id: source for source in listing.sources}
        self._targets = {target.id: target for target in listing.targets}
        self._twins = Twins(entity, listing)
        #: Records that are spoken for: linked, or the twin of one that was settled in this run.
        linked = {link.crm_id for link in self._links}
        self._heirs = heirs_of(listing)
        self._primaries = {
            link.invoice_id: link for link in self._links if link.state == "linked" and link.role == "primary"
        }
        self._settled_sources = linked | {source.id for source in listing.made.values()}
        self._linked_targets = {link.invoice_id for link in self._links if link.state == "linked"}
        self._settled_targets = set(self._linked_targets)

    def steps(self) -> Iterator[Step]:
        for reason, count in self._listing.left_out.items():
            yield from (Unchanged(self._entity.name, reason) for _ in range(count))
        for link in self._links:
            yield from self._pair(link)
        if LEADING[self._entity.name] == "crm":
            yield from self._imports()
            yield from self._exports()
        else:
            yield from self._exports()
            yield from self._imports()

    # pairs

    def _pair(self, link: Pairing) -> Iterator[Step]:
        source, target = self._sources.get(link.crm_id), self._targets.get(link.invoice_id)
        if link.state == "detached":
            yield from self._detached(link, source)
        elif source is None:
            yield from self._without_source(link, target)
        elif target is None:
            yield from self._without_target(link, source)
        else:
            yield from self._compared(link, source, target)

    def _compared(self, link: Pairing, source: Source, target: Target) -> Iterator[Step]:
        current = version_of(self._entity.mapping)
        seen_in_invoice = link.last_seen("invoice")
        standing = self._primaries.get(link.invoice_id, link).last_seen("invoice")  # a twin feeds what another leads
        invoice = target.values if target.values is not None else standing
        crm = self._without_own_name(link, source.values, invoice)
        one_way = frozenset(source.values) if link.role == "alias" else self._listing.one_way
        found = compare(
            crm,
            invoice,
            link.last_seen("crm"),
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
        if target.values is not None or link.mapping_version != current:
            # What is still to be written may fail: then the next run has to look at the record again.
            is_even = not (found.to_invoice or found.to_crm)
            yield Settled(link.id, found.agreed, target.noted if is_even else "", current)

    def _without_own_name(self, link: Pairing, crm: Values, invoice: Values) -> Values:
        """A customer follows the full name of his CRM contact, unless he was given a name of his own in Invoice."""
        name = NAME_FIELD[self._entity.name]
        if self._entity.name != "customer" or invoice.get(name) in (crm.get(name), link.last_seen("crm").get(name)):
            return crm
        return {field: value for field, value in crm.items() if field != name}

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
            if link.in_view and link.origin == "view":
                why = "left the view; it stays where it is and is no longer synced"
                yield about(link, "leave_view", self._entity, why)
            elif target is not None:
                yield Unchanged(self._entity.name, "outside the view", side="crm")
        elif link.role == "alias" or link.invoice_id in self._heirs:
            yield from deleted_twin(self._entity, link, self._heirs)
        elif target is None:
            yield about(link, "delete", self._entity, "deleted on both sides")
        elif edited := changed(link.last_seen("invoice"), target.values or {}):
            why = f"deleted in CRM, but changed in Invoice since: {fields_of(edited)}"
            yield from self._export(target, why, incarnation=link.incarnation + 1)
        else:
            seen = self._suffixed(link.last_seen("invoice"), link.suffix)
            yield replace(about(link, "delete", self._entity, "deleted in CRM"), seen=seen)

    def _without_target(self, link: Pairing, source: Source) -> Iterator[Step]:
        """A linked record that Invoice no longer has: an edit beats the deletion (requirement C12)."""
        if edited := changed(link.last_seen("crm"), source.values):
            why = f"changed in CRM since it was deleted in Invoice: {fields_of(edited)}"
            yield create_again(self._entity, source, why, link)
        elif self._entity.deleted_in_invoice is DeletedInInvoice.DELETE:
            step = about(link, "delete", self._entity, "deleted in Invoice", side="crm")
            yield replace(step, seen=link.last_seen("crm"))
        else:
            yield about(link, "unlink", self._entity, "deleted in Invoice")

    def _detached(self, link: Pairing, source: Source | None) -> Iterator[Step]:
        if source is None:
            return
        if edited := changed(link.last_seen("crm"), source.values):
            why = f"changed in CRM since it was deleted in Invoice: {fields_of(edited)}"
            yield create_again(self._entity, source, why, link)
        else:
            yield Unchanged(self._entity.name, "deleted in Invoice; not made again unasked")

    # what is new

    def _imports(self) -> Iterator[Step]:
        """New CRM records, oldest first."""
        for source in sorted(self._listing.sources, key=lambda source: (source.created, source.id)):
            if source.id in self._settled_sources:
                continue
            for step in self._twins.settle(source):
                if step.kind == "link":
                    self._settled_targets.add(str(step.invoice_id))
                elif step.kind == "skip" and step.twin:
                    self._settled_targets.add(step.twin)
                yield step

    def _exports(self) -> Iterator[Step]:
        """New customers or items of Invoice."""
        by_name = self._crm_names()
        for target in sorted(self._listing.targets, key=lambda target: int(target.id)):
            if target.id in self._linked_targets:
                continue
            if target.id in self._settled_targets:
                yield Unchanged(self._entity.name, "a duplicate in CRM was settled with it", side="crm")
            elif not target.is_active:
                yield Unchanged(self._entity.name, "inactive in Invoice", side="crm")
            else:
                yield from self._exported(target, by_name)

    def _crm_names(self) -> dict[str, list[tuple[str, str]]]:
        """Id and name of every CRM record by its key, the oldest first."""
        found: dict[str, list[tuple[str, str]]] = {}
        known = {source.id: source.name for source in self._listing.sources}
        for crm_id, name in sorted({**self._listing.beyond, **known}.items(), key=lambda pair: int(pair[0])):
            if key := name_key(name):
                found.setdefault(key, []).append((crm_id, name))
        return found

    def _exported(self, target: Target, by_name: dict[str, list[tuple[str, str]]]) -> Iterator[Planned]:
        if target.id in self._listing.made:
            yield from self._found_again(target, self._listing.made[target.id])
            return
        twins = by_name.get(name_key(target.name), [])
        free = [(crm_id, name) for crm_id, name in twins if crm_id not in self._settled_sources]
        policy = self._entity.duplicates
        if not twins or policy is Duplicates.CLONE:
            why = f"clone of {twins[0][1]!r}" if twins else "new in Invoice"
            yield from self._export(target, why)
        elif policy is Duplicates.OVERWRITE and free:
            crm_id, name = free[0]
            self._settled_sources.add(crm_id)
            self._twins.link(target.id, crm_id)
            yield from self._export(target, f"overwrites its duplicate {name!r}", kind="link", crm_id=crm_id)
        else:
            is_taken = policy is Duplicates.OVERWRITE
            what = "is linked with another record of Invoice" if is_taken else "is kept as it was"
            yield from self._export(target, f"duplicate of {twins[0][1]!r}, which {what}", kind="skip")

    def _found_again(self, target: Target, source: Source) -> Iterator[Planned]:
        """A CRM record that an export made and never heard of: both sides may have been edited since."""
        sent = self._listing.sent.get(source.sync_key, {})
        values = target.values or {}
        found = compare(source.values, values, sent, sent, self._entity.conflicts, self._listing.one_way)
        why = "made by an earlier sync whose answer was lost"
        agreed = {name: value for name, value in source.values.items() if name not in found.to_invoice}
        link, *told = self._export(target, why, kind="link", crm_id=source.id)
        seen = {name: source.values.get(name) for name in found.to_crm}
        baseline = {**agreed, **found.to_crm}
        yield replace(link, values=found.to_crm, seen=seen, baseline=baseline, conflicts=found.conflicts)
        for step in told:  # what the CRM wins goes to Invoice with the telling
            seen = {name: values.get(name) for name in found.to_invoice}
            yield replace(step, values=found.to_invoice, baseline=found.to_invoice, seen=seen)

    def _export(
        self, target: Target, reason: str, kind: Any = "create", crm_id: str = "", incarnation: int = 1
    ) -> Iterator[Planned]:
        """A step to the CRM; what is linked by it is told so in Invoice afterwards."""
        values = {name: value for name, value in (target.values or {}).items() if name not in self._listing.one_way}
        step = Planned(
            kind,
            self._entity.name,
            crm_id,
            target.name,
            reason,
            invoice_id=target.id,
            values=values,
            incarnation=incarnation,
            modified=target.modified,
            side="crm",
            baseline=values,
        )
        yield step
        if kind != "skip":
            why = "told of its record in CRM"
            yield replace(step, kind="stamp", reason=why, side="invoice", values={}, baseline={})
