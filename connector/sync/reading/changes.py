"""Reads what was changed on both sides since they were read last (sync.md, Incremental cursors).

What the planner gets is complete for each pair of which a record was touched, and silent on all others. Whatever cannot
be settled by looking at touched pairs alone, such as a new record, which may have a twin among all others, needs all.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connector.mapping import name_key
from connector.peers import Peers
from connector.settings import Entity, Extent, MatchBy
from connector.sync.crash import crash_point
from connector.sync.reading.crm import by_id, crm_fields, deleted_at, one_way, source_of, viewing
from connector.sync.reading.cursors import OVERLAP, UNTOLD, NeedsFull, Since
from connector.sync.reading.invoice import changed_targets, with_values
from connector.sync.records import Listing, Pairing, Side, Source, Target

#: The links that lead some records, by their CRM ids and Invoice ids.
Known = Callable[[Collection[str], Collection[str]], list[Pairing]]

NEW = "{} records of {} may be new"
BACK = "a server's time has gone back"
ASTRAY = "linked records were neither found nor deleted"
FREED = "a duplicate may be none any more"


@dataclass(frozen=True)
class Touched:
    """What was touched of one entity.

    Attributes:
        rows: records of the CRM by their ids, whatever the view.
        in_view: those of them that the view shows.
        deleted: when records of the CRM went, by their ids.
    """

    rows: dict[str, dict[str, Any]]
    in_view: frozenset[str]
    deleted: dict[str, str]
    targets: list[Target]
    read_at: dict[Side, datetime | None]


def touched(peers: Peers, entity: Entity, since: Since) -> Touched:
    """Reads both sides, Invoice's only where the entity has records of its own there.

    The module is read before the view, so that a record that is only in the first has certainly left the second.

    Raises:
        NeedsFull: a server's time has gone back.
        RunStopped: the view is gone.
    """
    after = since.watermarks["crm"] - OVERLAP
    crash_point("page-requested")
    rows, crm_at = _changed(peers, entity, after, None)
    in_view = frozenset(rows)
    if entity.view is not None:
        with viewing(entity):
            viewed, _ = _changed(peers, entity, after, entity.view)
        rows |= viewed
        in_view = frozenset(viewed)
    crash_point("page-received")
    deleted = deleted_at(peers, entity, after)
    read_at: dict[Side, datetime | None] = {"crm": crm_at}
    targets: list[Target] = []
    if "invoice" in since.watermarks:
        targets, read_at["invoice"] = changed_targets(peers, entity, since.watermarks["invoice"] - OVERLAP)
    for side, moment in read_at.items():
        if moment is None:
            raise NeedsFull(UNTOLD)
        if moment < since.watermarks[side]:
            raise NeedsFull(BACK)
    crash_point("page-staged")
    return Touched(rows, in_view, deleted, targets, read_at)


def _changed(
    peers: Peers, entity: Entity, after: datetime, view: str | None
) -> tuple[dict[str, dict[str, Any]], datetime | None]:
    since = after.isoformat(timespec="seconds")
    rows = peers.crm.iterate(entity.module, crm_fields(entity), view=view, modified_since=since)
    return {str(row["id"]): row for row in rows}, rows.date


def listing_of(
    peers: Peers, entity: Entity, found: Touched, since: Since, known: Known, taken: Collection[str], moment: datetime
) -> Listing:
    """The touched pairs, each with both its sides.

    Args:
        taken: customers of Invoice that are linked with CRM records of another kind.

    Raises:
        NeedsFull: touched pairs alone do not tell what is to be done.
    """
    links = known({*found.rows, *found.deleted}, {target.id for target in found.targets})
    _expect_nothing_new(entity, found, links, taken)
    if since.basis.duplicates_wait:
        _expect_nothing_freed(entity, found, links)
    listing = Listing(_sources(peers, entity, found, links), [], links, read_at=found.read_at)
    there = {source.id for source in listing.sources}
    leading = {link.crm_id for link in links} - there
    listing.gone_at = {crm_id: gone for crm_id, gone in found.deleted.items() if crm_id in leading}
    listing.gone = frozenset(listing.gone_at)
    listing.targets = _targets(peers, entity, found, links, moment)
    if entity.extent is Extent.BOTH:
        listing.one_way = one_way(peers, entity)
    return listing


def _expect_nothing_new(entity: Entity, found: Touched, links: list[Pairing], taken: Collection[str]) -> None:
    in_crm = found.in_view - {link.crm_id for link in links}
    if in_crm:
        raise NeedsFull(NEW.format(len(in_crm), "Zoho CRM"))
    partners = {link.invoice_id for link in links}
    in_invoice = [
        target for target in found.targets if target.id not in partners and target.is_active and target.id not in taken
    ]
    if in_invoice and entity.extent is Extent.BOTH:
        raise NeedsFull(NEW.format(len(in_invoice), "Zoho Invoice"))


def _expect_nothing_freed(entity: Entity, found: Touched, links: list[Pairing]) -> None:
    """A record that was left alone as a duplicate is one no more when its twin goes or changes its name, or its key."""
    keys = {link.crm_id: _key_at("crm", link, entity) for link in links}
    keys_there = {link.invoice_id: _key_at("invoice", link, entity) for link in links}
    is_freed = (
        bool(keys.keys() & found.deleted.keys())
        or any(keys.get(crm_id) != _key(source_of(entity, row), entity) for crm_id, row in found.rows.items())
        or any(keys_there.get(target.id) != _key(target, entity) for target in found.targets)
    )
    if is_freed:
        raise NeedsFull(FREED)


def _key(record: Source | Target, entity: Entity) -> str:
    return name_key(getattr(record, entity.match_by))


def _key_at(side: Side, link: Pairing, entity: Entity) -> str:
    """What a record had as its key when both sides agreed last."""
    if entity.match_by is MatchBy.NAME:
        return name_key(f"{link.name}{link.suffix}" if side == "invoice" else link.name)
    return name_key(str(link.last_seen(side, {}).get(entity.match_by, "")))


def _sources(peers: Peers, entity: Entity, found: Touched, links: list[Pairing]) -> list[Source]:
    """The records of the CRM that count: those in the view, or linked otherwise than through it (requirement C6)."""
    apart = {link.crm_id for link in links if link.origin != "view"}
    linked = {link.crm_id for link in links}
    sources = [
        source_of(entity, row)
        for crm_id, row in found.rows.items()
        if crm_id in linked and (crm_id in found.in_view or crm_id in apart)
    ]
    untouched = [
        link.crm_id
        for link in links
        if link.state == "linked"
        and link.crm_id not in found.rows
        and link.crm_id not in found.deleted
        and (link.in_view or link.crm_id in apart)
    ]
    partners = by_id(peers, entity, sorted(untouched))
    if len(partners) != len(untouched):
        raise NeedsFull(ASTRAY)
    return sources + partners


def _targets(peers: Peers, entity: Entity, found: Touched, links: list[Pairing], moment: datetime) -> list[Target]:
    """The records of Invoice of touched pairs; those that were not touched themselves are as they were seen last."""
    partners = {link.invoice_id for link in links}
    targets = [target for target in found.targets if target.id in partners]
    there = {target.id for target in targets}
    as_seen = {
        link.invoice_id: Target(link.invoice_id, f"{link.name}{link.suffix}", link.invoice_modified)
        for link in links
        if link.state == "linked" and link.invoice_id not in there
    }
    return with_values(peers, entity, targets, links, moment) + list(as_seen.values())


def is_quiet(entity: Entity, found: Touched, links: list[Pairing]) -> bool:
    """Whether nothing of what was touched differs from what was agreed on: it was this sync that touched it."""
    by_crm = {link.crm_id: link for link in links}
    if found.in_view - by_crm.keys() or by_crm.keys() & found.deleted.keys():
        return False
    for crm_id in found.rows.keys() & by_crm.keys():
        link, source = by_crm[crm_id], source_of(entity, found.rows[crm_id])
        is_same = source.values == link.last_seen("crm", source.values) and source.parent == link.parent
        if not (is_same and link.state == "linked" and link.in_view == (crm_id in found.in_view)):
            return False
    if entity.extent is Extent.FETCH:
        return True
    seen = {link.invoice_id: link.invoice_modified for link in links}
    return all(seen.get(target.id) == target.modified for target in found.targets)
