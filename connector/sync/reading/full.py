"""Reads all of both sides for one entity, page by page. A listing is complete or it is none (sync.md, One run, 3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from connector import mapping
from connector.errors import RunStopped
from connector.fields import CRM_NAME, Pair
from connector.peers import Peers
from connector.settings import Entity, Extent
from connector.sync.crash import crash_point
from connector.sync.crm_side import KEY_FIELD, sync_key
from connector.sync.homes import Homes
from connector.sync.reading.crm import by_id, crm_fields, deleted_at, one_way, parent_of, source_of, viewing
from connector.sync.reading.invoice import paired, persons, targets
from connector.sync.records import Listing, Pairing, Source

EMPTY = "The list of {} came empty although records are linked; nothing was written."
INVOICE_WORDS = {"account": "customers", "contact": "contact persons", "customer": "customers", "product": "items"}


def fetch(
    peers: Peers, entity: Entity, links: list[Pairing], homes: Homes, connection_id: int, moment: datetime
) -> Listing:
    """Everything a run needs to know of one entity.

    Args:
        homes: for contacts, the accounts that are synced and their customers (requirement C5).
        moment: the world's time (no transaction is open here to ask for it).

    Raises:
        RunStopped: when the view is gone, or nothing came although records are linked.
    """
    listing = Listing([], [], links)
    listing.sources, listing.left_out = _sources(peers, entity, listing, homes)
    is_linked = any(link.state == "linked" for link in links)
    if not listing.sources and not listing.left_out and is_linked:
        raise RunStopped(EMPTY.format(entity.module), "needs_confirmation")
    if entity.name == "contact":
        listing.targets, listing.looked = persons(peers, entity, listing.sources, links, homes, moment)
    else:
        listing.targets, listing.read_at["invoice"] = targets(peers, entity, links, moment)
        if not listing.targets and is_linked:
            raise RunStopped(EMPTY.format(f"Invoice's {INVOICE_WORDS[entity.name]}"), "needs_confirmation")
    found = {source.id for source in listing.sources}
    missing = {link.crm_id for link in links} - found
    deleted = deleted_at(peers, entity) if missing else {}
    listing.gone_at = {crm_id: moment for crm_id, moment in deleted.items() if crm_id in missing}
    listing.gone = frozenset(listing.gone_at)
    crash_point("page-staged")
    if entity.extent is Extent.BOTH:
        known = {*found, *listing.left_out}
        listing.beyond = _beyond(peers, entity, known, homes) if entity.view else []
        listing.one_way = one_way(peers, entity)
        listing.made = _made(peers, entity, listing, connection_id)
    return listing


def _made(peers: Peers, entity: Entity, listing: Listing, connection_id: int) -> dict[str, Source]:
    """CRM records that an earlier run made of records of Invoice without learning of it, by the Invoice id."""
    linked = {link.crm_id for link in listing.links}
    sources = {source.id: source for source in (*listing.sources, *listing.beyond)}
    by_key = {source.sync_key: source.id for source in sources.values() if source.sync_key and source.id not in linked}
    if not by_key:
        return {}
    keys = {
        target.id: sync_key(connection_id, entity.name, target.id, link.incarnation + 1 if link else 1)
        for target, link in paired(listing.targets, listing.links)
    }
    made = {invoice_id: by_key[key] for invoice_id, key in keys.items() if key in by_key}
    beyond = {source.id for source in listing.beyond} & set(made.values())
    whole = {**sources, **{source.id: source for source in by_id(peers, entity, sorted(beyond))}}
    return {invoice_id: replace(whole[crm_id], home=sources[crm_id].home) for invoice_id, crm_id in made.items()}


def _beyond(peers: Peers, entity: Entity, known: set[str], homes: Homes) -> list[Source]:
    """The CRM records that the view leaves out: exports meet their twins, and their own records, there too."""
    keys = ("email",) if entity.name == "contact" else (entity.match_by,)
    pairs = [pair for pair in entity.mapping if pair.invoice in keys]
    own = [*(pair.crm for pair in pairs), *(["Account_Name"] if entity.name == "contact" else [])]
    rows = peers.crm.iterate(entity.module, sorted({CRM_NAME[entity.name], KEY_FIELD, *own}))
    return [_in_outline(entity, row, pairs, homes) for row in rows if str(row["id"]) not in known]


def _in_outline(entity: Entity, row: dict[str, Any], pairs: list[Pair], homes: Homes) -> Source:
    parent = parent_of(entity, row)
    return Source(
        str(row["id"]),
        str(row[CRM_NAME[entity.name]] or ""),
        mapping.from_crm(entity.name, pairs, row),
        "",
        parent=parent,
        sync_key=str(row.get(KEY_FIELD) or ""),
        home=homes.of_account.get(parent or "", ""),
    )


def _sources(peers: Peers, entity: Entity, listing: Listing, homes: Homes) -> tuple[list[Source], dict[str, str]]:
    """What the view has, and what came otherwise than through it (requirement C6); and what of it is left out, why."""
    sources = list(_viewed(peers, entity, listing))
    found = {source.id for source in sources}
    elsewhere = [link.crm_id for link in listing.links if link.origin != "view" and link.crm_id not in found]
    sources += by_id(peers, entity, elsewhere)
    if entity.with_lone and entity.name == "customer":
        out = {source.id: "left out: it has an account" for source in sources if source.parent is not None}
        return [source for source in sources if source.id not in out], out
    if entity.name != "contact":
        return sources, {}
    out = {source.id: reason for source in sources if (reason := _why_left_out(entity, source, homes))}
    return [
        replace(source, home=homes.of_account[str(source.parent)]) for source in sources if source.id not in out
    ], out


def _why_left_out(entity: Entity, source: Source, homes: Homes) -> str | None:
    if source.parent is None:
        return "no account: a customer of its own" if entity.with_lone else "left out: no account"
    if source.parent not in homes.seen:
        return "left out: its account is not in the chosen view"
    return None if source.parent in homes.of_account else "left out: its account is not synced"


def _viewed(peers: Peers, entity: Entity, listing: Listing) -> Iterator[Source]:
    crash_point("page-requested")
    bases = {link.crm_id: link.base for link in listing.links}
    with viewing(entity):
        rows = peers.crm.iterate(entity.module, crm_fields(entity), view=entity.view)
        for record in rows:
            yield source_of(entity, record, bases.get(str(record["id"])))
    listing.read_at["crm"] = rows.date
    crash_point("page-received")
