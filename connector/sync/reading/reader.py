"""Reads the entities of a run one after the other, changes only where that is enough, and notes how it was read."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from connector.peers import Peers
from connector.settings import Entity
from connector.sync.homes import Homes
from connector.sync.reading.changes import Touched, is_quiet, listing_of, touched
from connector.sync.reading.cursors import (
    WITH_OTHERS,
    Basis,
    NeedsFull,
    Reading,
    Since,
    check,
    is_large,
    read_since,
    settings_mark,
)
from connector.sync.reading.full import fetch
from connector.sync.reading.links import linked_count, links_among, links_of, taken_by_others
from connector.sync.reading.view import view_mark
from connector.sync.records import Listing, Pairing, Side
from simulator import clock
from simulator.worlds import Worlds


@dataclass
class _Plan:
    """How an entity is read: the `listing` of what was touched, or everything, and why."""

    basis: Basis
    listing: Listing | None = None
    because: str = ""
    read_at: dict[Side, datetime | None] | None = None


class Reader:
    """Reads for one run.

    Args:
        entities: what the run reads. Those but products hang together, for persons stand under customers, which are
            made of accounts: either changes of all of them are read, or everything.
        generation: that of the settings the run goes by.
        because: why everything is to be read whatever the cursors say; None where they decide.
    """

    def __init__(
        self,
        worlds: Worlds,
        world_id: str,
        connection_id: int,
        peers: Peers,
        entities: Iterable[Entity],
        generation: int,
        because: str | None,
    ) -> None:
        self._worlds, self._world_id = worlds, world_id
        self._connection_id = connection_id
        self._peers = peers
        self._entities = list(entities)
        self._generation = generation
        self._because = because
        self._plans: dict[str, _Plan] = {}

    def read(self, entity: Entity, homes: Homes) -> Listing:
        """Everything a run needs to know of one entity.

        Raises:
            RunStopped: when a view is gone, or nothing came although records are linked.
        """
        if entity.name not in self._plans:
            self._look([one for one in self._entities if (one.name == "product") == (entity.name == "product")])
        plan = self._plans[entity.name]
        if plan.listing is not None:
            return plan.listing
        with self._worlds.transaction(self._world_id, reads_only=True):
            links, moment = links_of(self._connection_id, entity.name), clock.now()
        listing = fetch(self._peers, entity, links, homes, self._connection_id, moment)
        plan.read_at = listing.read_at
        return listing

    def readings(self, waiting: Collection[str]) -> list[dict[str, Any]]:
        """How each entity was read. Where the plan leaves duplicates alone, that decides how it may be read next.

        Args:
            waiting: the entities of which it does.
        """
        return [asdict(_told(name, plan, name in waiting)) for name, plan in self._plans.items()]

    def _look(self, together: list[Entity]) -> None:
        """Finds out how entities that hang together are read."""
        linked = self._linked(together)
        bases = {entity.name: self._basis(entity, linked[entity.name]) for entity in together}
        self._plans |= {name: _Plan(basis) for name, basis in bases.items()}
        try:
            sinces = {entity.name: self._since(entity, bases[entity.name], linked) for entity in together}
            found = {entity.name: touched(self._peers, entity, sinces[entity.name]) for entity in together}
            for entity in together:
                self._take(entity, sinces[entity.name], found[entity.name], is_alone=len(together) == 1)
        except NeedsFull as why:
            for entity in together:
                self._plans[entity.name] = _Plan(bases[entity.name], because=str(why))

    def _linked(self, together: list[Entity]) -> dict[str, int]:
        with self._worlds.transaction(self._world_id, reads_only=True):
            return {entity.name: linked_count(self._connection_id, entity.name) for entity in together}

    def _basis(self, entity: Entity, linked: int) -> Basis:
        """Of a view nobody asks while all of it is read in any case."""
        is_asked = entity.view is None or is_large(linked)
        view = view_mark(self._peers, entity) if is_asked else None
        return Basis(settings_mark(entity, self._generation), view, duplicates_wait=False)

    def _since(self, entity: Entity, basis: Basis, linked: dict[str, int]) -> Since:
        if self._because is not None:
            raise NeedsFull(self._because)
        with self._worlds.transaction(self._world_id, reads_only=True):
            since, moment = read_since(self._connection_id, entity.name), clock.now()
        return check(since, basis, max(linked.values()), moment)

    def _take(self, entity: Entity, since: Since, found: Touched, *, is_alone: bool) -> None:
        """Takes over what was touched; of entities that hang together only where all of it came from the last sync."""
        with self._worlds.transaction(self._world_id, reads_only=True):
            taken, moment = taken_by_others(self._connection_id, entity.name), clock.now()
        listing = Listing([], [], [])
        if is_alone:
            listing = listing_of(self._peers, entity, found, since, self._links_of(entity), taken, moment)
        elif not is_quiet(entity, found, self._links_of(entity)(*_ids(found))):
            raise NeedsFull(WITH_OTHERS)
        plan = self._plans[entity.name]
        plan.listing, plan.read_at = listing, found.read_at
        plan.basis = replace(plan.basis, duplicates_wait=since.basis.duplicates_wait)

    def _links_of(self, entity: Entity) -> Any:
        def known(crm_ids: Iterable[str], invoice_ids: Iterable[str]) -> list[Pairing]:
            with self._worlds.transaction(self._world_id, reads_only=True):
                return links_among(self._connection_id, entity.name, set(crm_ids), set(invoice_ids))

        return known


def _ids(found: Touched) -> tuple[set[str], set[str]]:
    return {*found.rows, *found.deleted}, {target.id for target in found.targets}


def _told(name: str, plan: _Plan, waits: bool) -> Reading:
    read_at = {side: moment.isoformat() for side, moment in (plan.read_at or {}).items() if moment is not None}
    goes_on = plan.basis.view is not None and plan.read_at is not None and len(read_at) == len(plan.read_at)
    basis = replace(plan.basis, duplicates_wait=waits or plan.basis.duplicates_wait)
    way: Any = "changes" if plan.listing is not None else "full"
    return Reading(name, way, plan.because, read_at if goes_on else {}, asdict(basis))
