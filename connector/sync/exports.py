"""What is new in Invoice and goes to the CRM under *Sync both ways* (requirements C2, C3, I2). Pure, as `plan` is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connector.fields import NAME_FIELD
from connector.mapping import Values
from connector.settings import Duplicates, Entity
from connector.sync.compare import compare
from connector.sync.homes import NEW
from connector.sync.namesakes import CHOSEN, UNHEARD, Namesakes, Twins, merged_in_invoice
from connector.sync.records import Listing, Planned, Source, Target, Unchanged


class Exports:
    """Settles the records of Invoice that have no partner.

    Attributes:
        spoken_for: the CRM records that are linked, or settled in this run.
        settled: the records of Invoice that are linked, or were settled as twins of a CRM record in this run.
    """

    def __init__(self, entity: Entity, listing: Listing, twins: Twins, linked: set[str], exported: set[str]) -> None:
        self._entity = entity
        self._listing = listing
        self._twins = twins
        self._linked_targets = exported
        self.spoken_for = linked | {source.id for source in listing.made.values()}
        unheard = {one.target.id: crm_id for crm_id, one in listing.unheard.items()}
        self.settled = exported | set(unheard)
        leading = [link for link in listing.links if link.state == "linked" and link.role == "primary"]
        #: The record of Invoice that leads each CRM record, of this run's too.
        self._partners = {link.crm_id: link.invoice_id for link in leading}
        self._partners |= {crm_id: target_id for target_id, crm_id in unheard.items()}

    def steps(self) -> Iterator[Planned | Unchanged]:
        if self._entity.name == "customer" and self._entity.with_lone:
            return  # customers go to the CRM as accounts
        names: Namesakes[Source] = Namesakes(self._entity)
        for source in sorted([*self._listing.beyond, *self._listing.sources], key=lambda source: int(source.id)):
            names.add(source)
        for target in sorted(self._listing.targets, key=lambda target: int(target.id)):
            if target.id in self._linked_targets:
                continue
            if target.id in self.settled:
                yield Unchanged(self._entity.name, "a duplicate in CRM was settled with it", side="crm")
            elif target.id in self._listing.taken:
                yield Unchanged(self._entity.name, "linked with a CRM record of another kind", side="crm")
            elif not target.is_active:
                yield Unchanged(self._entity.name, "inactive in Invoice", side="crm")
            else:
                yield from self._settle(target, names)

    def _settle(self, target: Target, names: Namesakes[Source]) -> Iterator[Planned]:
        if target.id in self._listing.made:
            yield from self.found_again(target, self._listing.made[target.id])
            return
        choices = self._listing.choices
        said = names.said(target)
        twins = [twin for twin in names.of(target) if choices.get((twin.id, target.id)) != "apart"]
        free = [twin for twin in twins if twin.id not in self.spoken_for and twin.id not in self._partners]
        policy = self._entity.duplicates
        if chosen := self._chosen(target):
            self.spoken_for.add(chosen)
            self._partners[chosen] = target.id
            yield from self.export(target, CHOSEN, kind="link", crm_id=chosen)
        elif not twins or policy is Duplicates.CLONE:
            why = f"clone of a record of CRM{said}" if twins else "new in Invoice"
            yield from self.export(target, why, twin=twins[0] if twins else None)
            self._partners[f"{NEW}{target.id}"] = target.id
            keys = {"email": target.email, "sku": target.sku}
            names.add(Source(f"{NEW}{target.id}", target.name, keys, "", home=target.home))
        elif policy is Duplicates.OVERWRITE and free:
            twin = free[0]
            self.spoken_for.add(twin.id)
            self._partners[twin.id] = target.id
            self._twins.link(target.id, twin.id)
            yield from self.export(target, f"overwrites its duplicate{said}", kind="link", crm_id=twin.id, twin=twin)
        elif policy is Duplicates.OVERWRITE and (survivor := self._survivor(twins)):
            yield merged_in_invoice(self._entity, target, survivor, said)
        else:
            is_taken = policy is Duplicates.OVERWRITE
            which = " that is linked with another of Invoice" if is_taken else ""
            why = f"duplicate of a record of CRM{which}{said}"
            yield from self.export(target, why, kind="skip", twin=twins[0])

    def _survivor(self, twins: list[Source]) -> Target | None:
        """The record of Invoice that leads a duplicate in the CRM; others of its name are merged into it (C4)."""
        if not self._entity.merges:
            return None
        return next((Target(self._partners[twin.id], twin.name) for twin in twins if twin.id in self._partners), None)

    def found_again(self, target: Target, source: Source) -> Iterator[Planned]:
        """A CRM record that an export made and never heard of: both sides may have been edited since."""
        sent = self._listing.sent.get(source.sync_key, {})
        invoice = target.values or {}
        crm = without_own_name(self._entity.name, sent, source.values, invoice)
        found = compare(crm, invoice, sent, sent, self._entity.conflicts, self._listing.one_way)
        agreed = {name: value for name, value in crm.items() if name not in found.to_invoice}
        link, *told = self.export(target, UNHEARD, kind="link", crm_id=source.id)
        seen = {name: crm.get(name) for name in found.to_crm}
        baseline = {**agreed, **found.to_crm}
        yield replace(link, values=found.to_crm, seen=seen, baseline=baseline, conflicts=found.conflicts)
        for step in told:  # what the CRM wins goes to Invoice with the telling
            seen = {name: invoice.get(name) for name in found.to_invoice}
            yield replace(step, values=found.to_invoice, baseline=found.to_invoice, seen=seen)

    def _chosen(self, target: Target) -> str | None:
        """The CRM record that a person chose for a record of Invoice, if it is free."""
        choices = self._listing.choices.items()
        chosen = {crm_id for (crm_id, invoice_id), choice in choices if choice == "link" and invoice_id == target.id}
        if not chosen:
            return None
        there = {source.id for source in (*self._listing.sources, *self._listing.beyond)}
        return next(iter(sorted((chosen & there) - self.spoken_for)), None)

    def export(
        self,
        target: Target,
        reason: str,
        kind: Any = "create",
        crm_id: str = "",
        incarnation: int = 1,
        twin: Source | None = None,
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
            home=target.home,
            incarnation=incarnation,
            modified=target.modified,
            side="crm",
            baseline=values,
            twin=None if twin is None or kind == "link" else twin.id,
            target_name="" if twin is None else twin.name,
        )
        yield step
        if kind != "skip":
            nothing: dict[str, Any] = {"values": {}, "baseline": {}, "twin": None, "target_name": ""}
            yield replace(step, kind="stamp", reason="told of its record in CRM", side="invoice", **nothing)


def without_own_name(entity: str, seen_in_crm: Values, crm: Values, invoice: Values) -> Values:
    """A customer follows the full name of his CRM contact, unless he was given a name of his own in Invoice."""
    name = NAME_FIELD[entity]
    if entity != "customer" or invoice.get(name) in (crm.get(name), seen_in_crm.get(name)):
        return crm
    return {field: value for field, value in crm.items() if field != name}
