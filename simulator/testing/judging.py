"""What is wrong with a world after a sync: pure rules over pictures, each answering with sentences."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from simulator.testing.picture import Picture, Record
from simulator.testing.synced import Kind, Synced

_SUFFIX = re.compile(r" \(\d+\)$")


class Pair(NamedTuple):
    """A CRM record and its partner in Invoice."""

    crm: Record
    invoice: Record


class Pairing(NamedTuple):
    """The pairs of one kind, CRM records and Invoice records without a partner, and what does not fit."""

    pairs: list[Pair]
    alone_in_crm: list[Record]
    alone_in_invoice: list[Record]
    doubled: list[tuple[Record, list[Record]]]
    dangling: list[Record]


def paired(kind: Kind, picture: Picture) -> Pairing:
    """Partners are told by the link that Invoice holds; records without one by their name."""
    crm, invoice = picture.crm[kind], picture.invoice[kind]
    partners: dict[str, list[Record]] = defaultdict(list)
    for record in invoice.values():
        partners[record.link].append(record)
    unlinked = partners.pop("", [])
    dangling = [one for link, found in partners.items() if link not in crm for one in found if one.is_synced]
    by_name: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in unlinked:
        by_name[name_key(record.name), record.parent].append(record)
    customers = {one.link: one.id for other in picture.invoice.values() for one in other.values() if one.link}
    for record in crm.values():
        if record.id not in partners:
            parent = customers.get(record.parent, "") if kind.listing == "contact_persons" else ""
            partners[record.id] = by_name.pop((name_key(record.name), parent), [])
    return Pairing(
        pairs=[Pair(record, partners[record.id][0]) for record in crm.values() if partners[record.id]],
        alone_in_crm=[record for record in crm.values() if not partners[record.id]],
        alone_in_invoice=[one for found in by_name.values() for one in found],
        doubled=[(record, partners[record.id]) for record in crm.values() if len(partners[record.id]) > 1],
        dangling=dangling,
    )


def name_key(name: str) -> str:
    """What makes two names the same; the number of a clone does not."""
    return " ".join(_SUFFIX.sub("", name).casefold().split())


def differing(synced: Synced, picture: Picture, set_aside: Mapping[str, str]) -> Iterator[str]:
    """Where the two sides are not in step."""
    for kind in synced.kinds:
        found = paired(kind, picture)
        names = {name_key(pair.crm.name) for pair in found.pairs}
        for record in found.dangling:
            yield f"{shown(kind, record, 'Invoice')} belongs to {kind.module} {record.link}, which is no longer there"
        for record, partners in found.doubled:
            ids = ", ".join(one.id for one in partners)
            yield f"{shown(kind, record, 'the CRM')} has {len(partners)} partners in Invoice: {ids}"
        for record in found.alone_in_crm:
            is_twin = synced.shares_twins and name_key(record.name) in names
            if _is_asked_for(record, set_aside) and not is_twin and _has_home(kind, record, picture):
                yield f"{shown(kind, record, 'the CRM')} has no partner in Invoice"
        for record in found.alone_in_invoice if synced.both_ways else ():
            if _is_asked_for(record, set_aside):
                yield f"{shown(kind, record, 'Invoice')} has no partner in the CRM"
        for pair in found.pairs:
            if _is_asked_for(pair.crm, set_aside) and _is_asked_for(pair.invoice, set_aside):
                yield from _differing_fields(kind, pair)


def _is_asked_for(record: Record, set_aside: Mapping[str, str]) -> bool:
    return record.is_synced and record.id not in set_aside


def _has_home(kind: Kind, record: Record, picture: Picture) -> bool:
    """Contact persons are under a customer: without one there is no place for them."""
    if kind.listing != "contact_persons":
        return True
    return any(one.link == record.parent for found in picture.invoice.values() for one in found.values() if one.link)


def _differing_fields(kind: Kind, pair: Pair) -> Iterator[str]:
    for field, value in pair.crm.values.items():
        if not agree(kind, field, value, pair.invoice.values[field]):
            other = pair.invoice.values[field]
            yield f"{shown(kind, pair.crm, 'the CRM')} has {field} {value!r} there and {other!r} in Invoice"


def agree(kind: Kind, field: str, crm: str, invoice: str) -> bool:
    """Whether both sides hold the same; the name of a clone carries a number in Invoice."""
    return crm == invoice or (field == kind.name[1] and crm == _SUFFIX.sub("", invoice))


def shown(kind: Kind, record: Record, side: str) -> str:
    what = kind.module if side == "the CRM" else kind.listing
    return f"{what}: {record.name!r} ({record.id}) of {side}"


def lost(
    synced: Synced, before: Picture, edited: Picture, after: Picture, set_aside: Mapping[str, str]
) -> Iterator[str]:
    """What somebody did between `before` and `edited` and is not on both sides `after` the sync."""
    for kind in synced.kinds:
        pairs = paired(kind, before).pairs
        known = {record.id for pair in pairs for record in pair}
        for pair in pairs:
            if not {pair.crm.id, pair.invoice.id} & {*set_aside}:
                yield from _lost_of_pair(synced, kind, pair, edited, after)
        yield from _vanished(kind, "the CRM", edited.crm[kind], after.crm[kind], known, synced)
        yield from _vanished(kind, "Invoice", edited.invoice[kind], after.invoice[kind], known, synced)


def _lost_of_pair(synced: Synced, kind: Kind, pair: Pair, edited: Picture, after: Picture) -> Iterator[str]:
    """One pair: deletions go over unless the other side was edited, and so does each value changed on one side."""
    crm, invoice = edited.crm[kind].get(pair.crm.id), edited.invoice[kind].get(pair.invoice.id)
    crm_after, invoice_after = after.crm[kind].get(pair.crm.id), after.invoice[kind].get(pair.invoice.id)
    if crm is None:
        is_there = invoice_after is not None and invoice_after.is_synced
        if is_there and invoice is not None and invoice.values == pair.invoice.values:
            yield f"{shown(kind, pair.crm, 'the CRM')} was deleted there, and its partner in Invoice goes on"
        return
    if crm_after is None:
        if invoice is not None and not (synced.shares_twins and _has_namesake(kind, crm, after)):
            yield f"{shown(kind, crm, 'the CRM')} is gone from the CRM, and nobody deleted it"
        return
    if invoice is None or not crm.is_synced:
        return
    if invoice_after is None:
        yield f"{shown(kind, invoice, 'Invoice')} is gone from Invoice, and nobody deleted it"
        return
    for field, value in pair.crm.values.items():
        here, there = crm.values[field], invoice.values[field]
        found = (crm_after.values[field], invoice_after.values[field])
        yield from (
            f"{shown(kind, crm, 'the CRM')}: {told}"
            for told in _lost_of_field(synced, kind, field, (value, here), (pair.invoice.values[field], there), found)
        )


def _lost_of_field(
    synced: Synced, kind: Kind, field: str, crm: tuple[str, str], invoice: tuple[str, str], after: tuple[str, str]
) -> Iterator[str]:
    """One field, before and after it was edited on each side, and on both sides in the end."""
    (crm_before, crm_edited), (invoice_before, invoice_edited) = crm, invoice
    found = f"and is {after[0]!r} in the CRM and {after[1]!r} in Invoice"
    if crm_before != crm_edited and invoice_before == invoice_edited:
        if after[0] != crm_edited or not agree(kind, field, crm_edited, after[1]):
            yield f"{field} was changed to {crm_edited!r} in the CRM, {found}"
    elif crm_before == crm_edited and invoice_before != invoice_edited:
        if synced.both_ways and (after[1] != invoice_edited or not agree(kind, field, *after)):
            yield f"{field} was changed to {invoice_edited!r} in Invoice, {found}"
    elif not {*after} <= {crm_edited, invoice_edited}:
        yield f"{field} was {crm_edited!r} in the CRM and {invoice_edited!r} in Invoice, {found}"


def _has_namesake(kind: Kind, record: Record, picture: Picture) -> bool:
    return any(name_key(one.name) == name_key(record.name) for one in picture.crm[kind].values())


def _vanished(
    kind: Kind,
    side: str,
    edited: Mapping[str, Record],
    after: Mapping[str, Record],
    known: Iterable[str],
    synced: Synced,
) -> Iterator[str]:
    """Records without a partner that are gone, or hold what nobody wrote into them."""
    names = {name_key(record.name) for record in after.values()}
    for record in edited.values():
        if record.id in known or record.id in after:
            continue
        if not (synced.shares_twins and name_key(record.name) in names):
            yield f"{shown(kind, record, side)} is gone, and nobody deleted it"
