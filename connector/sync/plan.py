"""Decides what a run will do, one record at a time, and says why. Pure: no clock, no database, no network.

Under *Fetch from CRM* only Invoice is written; the cases stand in the order of sync.md, One run, 5 to 7.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from connector.mapping import Values, changed, version_of, with_suffix
from connector.settings import Entity
from connector.sync.namesakes import Twins, made_unheard, new_step
from connector.sync.records import Listing, Pairing, Planned, Side, Source, Target, Unchanged

Step = Planned | Unchanged


def plan(entity: Entity, listing: Listing) -> Iterator[Step]:
    """The steps for one entity: first what is in the view, oldest first, then what is missing from it."""
    links = {link.crm_id: link for link in listing.links if link.state != "tombstone"}
    targets = {target.id: target for target in listing.targets}
    twins = Twins(entity, listing)
    yield from left_out(entity, listing)
    for source in sorted(listing.sources, key=lambda source: (source.created, source.id)):
        link = links.pop(source.id, None)
        if link is None:
            yield from twins.settle(source)
        else:
            yield from _linked(entity, source, link, listing, targets, twins)
    heirs = heirs_of(listing)
    for link in links.values():
        yield from _missing(entity, link, listing, heirs)


def merged_away(entity: Entity, link: Pairing, listing: Listing) -> Planned:
    """The account was merged into another linked one: its customer stays, and is offered for merging (C14)."""
    survivor = listing.merged[link.crm_id]
    why = f"merged in CRM into account {survivor}; its customer stays and is offered for merging"
    return replace(about(link, "merged", entity, why), into=survivor)


def left_out(entity: Entity, listing: Listing) -> Iterator[Step]:
    """Records of the view that are not synced; one that was stops, stays where it is, and is listed (C1, C13)."""
    links = {link.crm_id: link for link in listing.links if link.state == "linked" and link.in_view}
    for crm_id, reason in listing.left_out.items():
        if crm_id in links:
            yield about(links[crm_id], "leave_view", entity, f"{reason}; it stays where it is and is no longer synced")
        else:
            yield Unchanged(entity.name, reason)


def moved(
    entity: Entity, source: Source, link: Pairing, twins: Twins, values: Values | None = None
) -> Iterator[Planned]:
    """A contact that stands under another customer now: his person is made there, the old one goes (C13).

    Args:
        values: what the person is to have where it is not what the CRM has alone.
    """
    for step in twins.settle(replace(source, values=values or source.values)):
        if step.kind != "skip":
            yield about(link, "release", entity, "moved to another account in CRM")
        yield replace(step, reason=f"moved to another account in CRM; {step.reason}")


def _linked(
    entity: Entity, source: Source, link: Pairing, listing: Listing, targets: dict[str, Target], twins: Twins
) -> Iterator[Step]:
    """A record that has a partner already."""
    differing = changed(link.base, source.values)
    if link.state == "merged":
        yield about(link, "return_to_view", entity, "back in CRM after it was merged", source)
    elif link.state == "linked" and link.home != source.home:
        yield from moved(entity, source, link, twins)
    elif link.state == "detached" or link.invoice_id not in targets:
        if source.id in listing.unheard:
            yield made_unheard(entity, source, listing.unheard[source.id])
        elif differing:
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


def _missing(entity: Entity, link: Pairing, listing: Listing, heirs: Mapping[str, Pairing]) -> Iterator[Step]:
    """A linked record that the view did not bring."""
    if link.state == "merged":
        return
    if link.crm_id in listing.merged:
        yield merged_away(entity, link, listing)
    elif link.crm_id in listing.gone:
        if link.state == "linked" and (link.role == "alias" or link.invoice_id in heirs):
            yield from deleted_twin(entity, link, heirs)
        elif link.state == "linked":
            yield about(link, "delete", entity, "deleted in CRM")
    elif link.crm_id in listing.left_out:
        return
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


def create_again(entity: Entity, source: Source, reason: str, link: Pairing) -> Planned:
    """Makes anew what was deleted in Invoice, a clone under the name it had there."""
    values = with_suffix(entity.name, source.values, link.suffix)
    more = {"values": values, "home": source.home, "suffix": link.suffix, "incarnation": link.incarnation + 1}
    return new_step(entity, source, "create", reason, **more)


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
        home=link.home,
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
