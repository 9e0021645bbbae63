"""Records of Invoice that an earlier run made without learning of it; they carry the CRM id (sync.md §5)."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import or_, select

from connector import mapping
from connector.database import db
from connector.mapping import Values
from connector.models import Op, Run
from connector.peers import Peers
from connector.settings import Entity
from connector.sync.homes import NEW
from connector.sync.records import Listing, Source, Target, Unheard
from connector.sync.sides import records_of


class Sent(NamedTuple):
    """A create that was sent and not answered."""

    values: Values
    suffix: str


def unanswered(connection_id: int, run_id: int, entity: str) -> dict[str, Sent]:
    """The last unanswered create of each CRM record in earlier runs, whatever has become of it since."""
    rows = (
        select(Op.crm_id, Op.payload, Op.suffix)
        .join(Run, Op.run_id == Run.id)
        .where(Run.connection_id == connection_id, Run.id != run_id, Op.entity == entity)
        .where(Op.state.in_(("sent", "failed")), Op.side == "invoice", Op.kind == "create", Op.undoes_op_id.is_(None))
        .where(or_(Op.state == "sent", Op.code == "unreachable"))
        .order_by(Op.id)
    )
    return {
        crm_id: Sent(mapping.without_suffix(entity, payload, suffix), suffix)
        for crm_id, payload, suffix in db.session.execute(rows)
    }


def find_unheard(peers: Peers, entity: Entity, listing: Listing, asked: dict[str, Sent]) -> dict[str, Unheard]:
    """Looks in Invoice for what unanswered creates may have made, where the CRM record has no partner there."""
    records = records_of(entity.name, peers.invoice)
    leading = {link.invoice_id: link.crm_id for link in listing.links if link.state == "linked"}
    found: dict[str, Unheard] = {}
    for source in _without_partner(listing, asked):
        record = None if source.home.startswith(NEW) else records.find(source.id, source.home or None)
        if record is None or records.id_of(record) in leading:
            continue
        sent = asked[source.id]
        values = mapping.without_suffix(
            entity.name, mapping.from_invoice(entity.name, entity.mapping, record), sent.suffix
        )
        target = Target(records.id_of(record), source.name, home=source.home, values=values)
        found[source.id] = Unheard(target, sent.values, sent.suffix)
    return found


def _without_partner(listing: Listing, asked: Iterable[str]) -> list[Source]:
    sources = {source.id: source for source in listing.sources}
    there = {target.id for target in listing.targets}
    partners = {link.crm_id: link for link in listing.links if link.state == "linked"}
    return [
        source
        for crm_id in asked
        if (source := sources.get(crm_id))
        and ((link := partners.get(crm_id)) is None or link.invoice_id not in there or link.home != source.home)
    ]
